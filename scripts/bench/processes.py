# SPDX-License-Identifier: Apache-2.0
"""Starts, measures and ends the programs of one run: servers, the load generator, the disk probe.

Every process is ended by its own id, also when the run fails. It must not know any message.
"""

import ctypes
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ROOT / ".build" / "bench"
LISTENING = re.compile(r"listening on (127\.0\.0\.1):(\d+)")


class Failure(Exception):
    """A run that gives no result, with the reason in words for a person."""


def build_parts():
    """Builds the C parts; cheap when nothing changed."""
    made = subprocess.run(
        ["make", "--silent", "-C", str(Path(__file__).parent), f"OUT={PARTS}"],
        capture_output=True, text=True, timeout=300)
    if made.returncode != 0:
        raise Failure(f"building the C parts failed:\n{made.stderr[-4000:]}")


def find_server():
    """The release build of tandemd, made first if it is missing."""
    program = ROOT / ".build" / "release" / "tandemd"
    if not program.exists():
        made = subprocess.run(
            ["swift", "build", "-c", "release", "--product", "tandemd"],
            cwd=ROOT, capture_output=True, text=True, timeout=3600)
        if made.returncode != 0 or not program.exists():
            raise Failure(f"swift build failed:\n{(made.stdout + made.stderr)[-4000:]}")
    return program


def split_cores(wanted):
    """Cores for the servers and cores for the generator; the same two sets for every server."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) == 1:
        return set(cores), set(cores)
    count = wanted or max(1, len(cores) // 2)
    if count >= len(cores):
        raise Failure(f"{count} cores for servers leave none of {len(cores)} for the generator")
    return set(cores[:count]), set(cores[count:])


def on_cores(cores, politeness=0):
    """What a child does before it runs: take its cores, and end when this program ends."""
    library = ctypes.CDLL(None)

    def prepare():
        os.sched_setaffinity(0, cores)
        os.nice(politeness)
        library.prctl(1, signal.SIGTERM)

    return prepare


class Server:
    """One running server; use it in a `with`."""

    def __init__(self, name, command, cores, directory, environment=None, data=None):
        self.name = name
        self.data = data
        self.cores = cores
        self.log = Path(directory) / f"{name}.log"
        # Settings of the person who measures must not change what is measured.
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, cwd=directory, preexec_fn=on_cores(cores),
                env={**inherited, **(environment or {})})
        try:
            self.address = self._wait_for_address()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def printed(self):
        """Everything the server has printed so far."""
        return self.log.read_text(errors="replace")

    def _wait_for_address(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            found = LISTENING.search(self.printed())
            if found:
                return found.group(1), int(found.group(2))
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        code = self.process.poll()
        ended = "" if code is None else f" and ended with code {code}"
        raise Failure(f"{self.name} did not say where it listens{ended}; it printed:\n"
                      f"{self.printed()[-4000:]}")

    def resident_bytes(self):
        """Memory of the process that is in RAM now."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise Failure(f"{self.name} is gone")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def run_load(server, request_file, cores, seconds, warm_up, connections, depth, rate=None,
             allocation_file=None):
    """One run of the load generator; returns its line of JSON as a dictionary."""
    command = [
        PARTS / "load", "--address", f"{server.address[0]}:{server.address[1]}",
        "--request-file", request_file, "--connections", connections, "--depth", depth,
        "--threads", min(len(cores), connections), "--seconds", seconds, "--warm-up", warm_up,
        "--server-pid", server.process.pid]
    if rate is not None:
        command += ["--rate", max(1, round(rate))]
    if allocation_file is not None:
        command += ["--allocation-file", allocation_file]
    try:
        done = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True,
            timeout=seconds + warm_up + 60, preexec_fn=on_cores(cores))
    except subprocess.TimeoutExpired as error:
        raise Failure(f"the load on {server.name} did not end") from error
    if done.returncode != 0:
        raise Failure(
            f"the load on {server.name} ended with code {done.returncode}:\n"
            f"{done.stderr}{done.stdout}\nlast lines of {server.name}:\n{server.printed()[-1500:]}")
    result = json.loads(done.stdout)
    result["server_cores"] = len(server.cores)
    return result


def probe_disk(directory, seconds, cores):
    """Times 4 KiB writes with fdatasync in `directory`."""
    done = subprocess.run(
        [str(PARTS / "sync"), str(directory), str(seconds)], capture_output=True, text=True,
        timeout=seconds + 60, preexec_fn=on_cores(cores))
    if done.returncode != 0:
        raise Failure(f"the disk probe failed: {done.stderr}")
    return json.loads(done.stdout)


def file_system(directory):
    """The kind of file system that holds `directory`, such as ext4."""
    best = ("", "unknown")
    path = str(Path(directory).resolve()) + "/"
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, mount, kind = line.split()[:3]
        if path.startswith(mount.rstrip("/") + "/") and len(mount) >= len(best[0]):
            best = (mount, kind)
    return best[1]
