# SPDX-License-Identifier: Apache-2.0
"""Reads .proto files through protoc's descriptors, with the standard library alone."""
import subprocess
import sys
import tempfile


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at, value, shift = at + 1, value | (byte & 0x7F) << shift, shift + 7
        if byte < 0x80:
            return value, at


def fields_of(data):
    """Decodes one protobuf message into {field number: [values]}; enough for descriptors."""
    found, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        elif tag & 7 == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            raise ValueError(f"wire type {tag & 7} in a descriptor")
        found.setdefault(tag >> 3, []).append(value)
    return found


def text(message, number):
    return message.get(number, [b""])[0].decode()


def number(message, field):
    return message.get(field, [0])[0]


def children(message, field):
    return [fields_of(child) for child in message.get(field, [])]


def read_schemas(root):
    """Every file as its descriptor; protoc itself refuses clashes and reserved numbers."""
    names = sorted(str(path.relative_to(root)) for path in (root / "tandem").rglob("*.proto"))
    if not names:
        sys.exit(f"lint-proto: no .proto file under {root}/tandem")
    with tempfile.NamedTemporaryFile() as output:
        command = ["protoc", f"--proto_path={root}", f"--descriptor_set_out={output.name}", *names]
        run = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        if run.returncode != 0:
            sys.exit(run.stderr.strip())
        return children(fields_of(output.read()), 1)
