# SPDX-License-Identifier: Apache-2.0
"""A small TDM1 client: protobuf fields by hand, frames, and calls sent many at a time.

It prepares what is measured and takes no part in the measuring. It must not know any product
message; `world.py` does.
"""

import os
import socket
import struct
import time

from processes import Failure

PREAMBLE = b"TDM1\r\n\x1a\n"
HEADER = struct.Struct("<IBBHII")
HELLO, WELCOME, REQUEST, RESPONSE, PING, PONG, GOAWAY = 1, 2, 3, 4, 8, 9, 10
FLAG_META = 0x01


def varint(number):
    if number < 0:
        number += 1 << 64
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def number_field(field, number):
    return varint(field << 3) + varint(number)


def bytes_field(field, content):
    if isinstance(content, str):
        content = content.encode()
    return varint(field << 3 | 2) + varint(len(content)) + content


def fields(message):
    """The fields of an encoded message in order: (number, value), bytes or int."""
    at = 0

    def read():
        nonlocal at
        result = shift = 0
        while True:
            byte = message[at]
            at += 1
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
            shift += 7

    while at < len(message):
        tag = read()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, read()
            continue
        size = {1: 8, 5: 4}.get(kind)
        if size is None:
            if kind != 2:
                raise Failure(f"an answer has wire type {kind}")
            size = read()
        yield tag >> 3, bytes(message[at:at + size])
        at += size


def field(message, *path):
    """The value at a path of field numbers, or None."""
    value = message
    for number in path:
        value = next((found for name, found in fields(value) if name == number), None)
        if value is None:
            return None
    return value


def frame(kind, method, call, arg, body, meta=None):
    if meta is None:
        return HEADER.pack(len(body), kind, 0, method, call, arg) + body
    payload = struct.pack("<I", len(meta)) + meta + body
    return HEADER.pack(len(payload), kind, FLAG_META, method, call, arg) + payload


def fresh_key():
    """A UUIDv7, as an application would make it."""
    key = bytearray(os.urandom(16))
    key[0:6] = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    key[6] = 0x70 | key[6] & 0x0F
    key[8] = 0x80 | key[8] & 0x3F
    return bytes(key)


def key_meta(key):
    """A Meta message that holds an idempotency key."""
    return bytes_field(1, key)


class Session:
    """One connection after its handshake. Answers come in any order; calls are matched by id."""

    def __init__(self, address, hello, patience=20):
        self.socket = socket.create_connection(address, patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.last_call = 0
        self.payload_size = 0  # Of the latest answer, with its Meta.
        try:
            self.socket.sendall(PREAMBLE + frame(HELLO, 0, 0, 0, hello))
            if self._take(len(PREAMBLE)) != PREAMBLE:
                raise Failure("the server does not speak TDM1")
            _, _, self.welcome = self._frame(WELCOME)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def _take(self, size):
        while len(self.buffer) < size:
            got = self.socket.recv(1 << 18)
            if not got:
                raise Failure("the server closed the connection")
            self.buffer += got
        taken = bytes(self.buffer[:size])
        del self.buffer[:size]
        return taken

    def _frame(self, wanted):
        while True:
            length, kind, flags, _, call, arg = HEADER.unpack(self._take(HEADER.size))
            payload = self._take(length)
            if kind == GOAWAY:
                raise Failure(f"the server said GOAWAY, reason {arg}: {payload!r}")
            if kind == PING:
                self.socket.sendall(frame(PONG, 0, 0, arg, payload))
            if kind != wanted:
                continue
            self.payload_size = length
            if flags & FLAG_META:
                payload = payload[4 + struct.unpack_from("<I", payload)[0]:]
            return call, arg, payload

    def calls(self, method, bodies, meta=None, at_once=128):
        """Sends all bodies, `at_once` at a time; the answers in the order of the bodies."""
        answers = []
        bodies = list(bodies)
        for start in range(0, len(bodies), at_once):
            part = bodies[start:start + at_once]
            first = self.last_call + 1
            self.last_call += len(part)
            self.socket.sendall(b"".join(
                frame(REQUEST, method, first + index, 0, body, meta() if meta else None)
                for index, body in enumerate(part)))
            found = {}
            while len(found) < len(part):
                call, status, body = self._frame(RESPONSE)
                if status != 0:
                    raise Failure(f"method {method} answered with status {status}: {body!r}")
                found[call] = body
            answers += [found[first + index] for index in range(len(part))]
        return answers

    def call(self, method, body, meta=None):
        return self.calls(method, [body], meta)[0]
