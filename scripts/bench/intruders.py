# SPDX-License-Identifier: Apache-2.0
"""The bad neighbours of a comparison: readers that stop, clients that drip, one beyond its quota.

It must not measure the well-behaved.
"""

import json
import socket
import subprocess
import threading
import time

import world
from processes import PARTS, Failure, on_cores
from session import HELLO, PREAMBLE, REQUEST, frame

CLIENTS = 8
STOPPED_REQUESTS = 20_000


class Stuck:
    """Clients that stop reading, and clients that drip a byte now and then; use it in a `with`."""

    def __init__(self, server, greeting, deal):
        self.stopped = [self._stopped(server, greeting, deal) for _ in range(CLIENTS)]
        self.dripping = [self._connected(server, greeting) for _ in range(CLIENTS)]
        self.request = frame(REQUEST, world.METHODS["get"], 1, 0, world.get_body(deal))
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._drip)

    @staticmethod
    def _connected(server, greeting, room=None):
        made = socket.socket()
        if room is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        made.settimeout(10)
        made.connect(server.address)
        made.sendall(PREAMBLE + frame(HELLO, 0, 0, 0, greeting))
        if not made.recv(1024).startswith(PREAMBLE):
            raise Failure("the server does not greet a slow client")
        return made

    def _stopped(self, server, greeting, deal):
        """Asks for more than it may be owed, and never reads."""
        made = self._connected(server, greeting, 4096)
        body = world.get_body(deal)
        made.setblocking(False)
        sent = 0
        try:
            for call in range(1, STOPPED_REQUESTS):
                sent += made.send(frame(REQUEST, world.METHODS["get"], call, 0, body))
        except BlockingIOError:
            pass
        if sent < 4096:
            raise Failure("a stopped reader could ask for nothing")
        return made

    def _drip(self):
        at = 0
        while not self.over.wait(0.1):
            for client in self.dripping:
                client.sendall(self.request[at:at + 1])
            at = (at + 1) % len(self.request)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        for client in self.stopped + self.dripping:
            client.close()


class Noise:
    """One organisation at many times its quota; use it in a `with` around a measurement."""

    def __init__(self, server, request_file, cores, seconds, rate):
        command = [
            PARTS / "load", "--address", f"{server.address[0]}:{server.address[1]}",
            "--request-file", request_file, "--connections", CLIENTS, "--depth", 512,
            "--threads", 1, "--seconds", seconds, "--warm-up", 0, "--give-up", 0.05,
            "--rate", rate]
        self.seconds = seconds
        # Generators that share a core must not take it from the one that is measured.
        self.process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, preexec_fn=on_cores(cores, 15))
        self.result = None

    def __enter__(self):
        # Its first second's worth is granted at once; what is measured begins behind that.
        time.sleep(0.3)
        return self

    def __exit__(self, *_):
        try:
            printed, _ = self.process.communicate(timeout=self.seconds + 30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        if self.process.returncode not in (0, 1):
            raise Failure(f"the noisy generator ended with code {self.process.returncode}")
        self.result = json.loads(printed)
