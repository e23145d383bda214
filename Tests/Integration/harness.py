"""Starts the built `strata serve` for tests and stops it again, by its process id."""

import os
import re
import select
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The binary under test: what `swift build --build-tests` leaves, or another one named in the environment.
BINARY = os.environ.get("STRATA_BINARY", str(ROOT / ".build" / "debug" / "strata"))


def free_port():
    """A port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def environment(extra=None):
    """The environment without variables that would configure the server."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("STRATA_")}
    return {**kept, **(extra or {})}


def run_strata(*arguments, timeout=30, env=None):
    """Runs the command to its end."""
    return subprocess.run(
        [BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, env=environment(env),
        stdin=subprocess.DEVNULL,
    )


class Server:
    """A running `strata serve`."""

    def __init__(self, *arguments, env=None, log_path=None, ports=("--port", "0", "--http-port", "0"), timeout=20):
        command = [BINARY, "serve", *ports, *map(str, arguments)]
        self.log = open(log_path, "wb") if log_path else subprocess.DEVNULL
        started = time.monotonic()
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, env=environment(env)
        )
        self.banner = self._read_banner(started + timeout)
        self.start_seconds = time.monotonic() - started
        clients = re.search(r"Redis clients\s+(\S+):(\d+)", self.banner)
        http = re.search(r"HTTP\s+http://(\S+):(\d+)/", self.banner)
        assert clients, f"no address in the banner: {self.banner!r}"
        self.host, self.port = clients.group(1).strip("[]"), int(clients.group(2))
        self.http_port = int(http.group(2)) if http else None

    def _read_banner(self, deadline):
        """What the server prints until it is ready."""
        text = b""
        stdout = self.process.stdout
        while time.monotonic() < deadline:
            ready, _, _ = select.select([stdout], [], [], 0.1)
            if ready:
                chunk = os.read(stdout.fileno(), 4096)
                text += chunk
                if not chunk:
                    break
                if b"Redis clients" in text and text.endswith(b"\n"):
                    return text.decode()
        self.kill()
        raise AssertionError(f"the server did not get ready: {text!r}, exit status {self.process.returncode}")

    def stop(self, timeout=10):
        """Ends the server with SIGTERM and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._close()

    def kill(self):
        """Ends the server at once."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._close()

    def _close(self):
        self.process.stdout.close()
        if self.log is not subprocess.DEVNULL:
            self.log.close()

    @property
    def is_running(self):
        return self.process.poll() is None


class ExternalServer:
    """A server that somebody else started, to compare with: see STRATA_TEST_PORT in the README of this folder."""

    def __init__(self, port):
        self.host, self.port, self.http_port = "127.0.0.1", port, None
        self.is_running = True


class RawClient:
    """A socket with just enough of the protocol to send anything and see what comes back."""

    def __init__(self, server, timeout=10):
        self.socket = socket.create_connection((server.host, server.port), timeout=timeout)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def command(self, *words):
        """Sends a command and returns the first line of the reply."""
        encoded = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.send(b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded))
        return self.line()

    def line(self):
        """The next line of what the server sent, without its end; None if the server closed the connection."""
        while b"\r\n" not in self.buffer:
            chunk = self._receive()
            if not chunk:
                return None
            self.buffer += chunk
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def exactly(self, count):
        """The next so many bytes."""
        while len(self.buffer) < count:
            chunk = self._receive()
            assert chunk, "the server closed the connection"
            self.buffer += chunk
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def rest(self):
        """Everything up to the end of the connection."""
        while chunk := self._receive():
            self.buffer += chunk
        data, self.buffer = self.buffer, b""
        return data

    def _receive(self):
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:
            return b""
