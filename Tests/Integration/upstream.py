"""Real Redis servers behind a sidecar, started for tests and ended by their process id."""

import shutil
import signal
import subprocess
import time

import redis

from harness import free_port

REDIS = shutil.which("redis-server")


class Redis:
    """One server without persistence."""

    def __init__(self, folder, *options, port=None):
        self.port = port or free_port()
        self.folder = folder
        self.options = options
        self.process = None
        self.start()

    def start(self):
        command = [REDIS, "--port", self.port, "--save", "", "--appendonly", "no", "--dir", self.folder, *self.options]
        with open(self.folder / f"redis-{self.port}.log", "ab") as log:
            self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while True:
            try:
                with redis.Redis(port=self.port, socket_timeout=2) as client:
                    client.ping()
                return
            except redis.exceptions.AuthenticationError:
                return
            except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
                assert self.process.poll() is None and time.monotonic() < deadline, "redis-server did not start"
                time.sleep(0.02)

    def client(self, **options):
        return redis.Redis(port=self.port, socket_timeout=10, **options)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()


class Cluster:
    """Primaries of a cluster, without replicas."""

    def __init__(self, folder, count=3):
        self.nodes = []
        for index in range(count):
            port = free_port()
            home = folder / f"node-{index}"
            home.mkdir()
            self.nodes.append(
                Redis(home, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf",
                      "--cluster-port", free_port(), port=port))
        addresses = [f"127.0.0.1:{node.port}" for node in self.nodes]
        subprocess.run(
            ["redis-cli", "--cluster", "create", *addresses, "--cluster-yes"], check=True, capture_output=True, timeout=60)
        deadline = time.monotonic() + 30
        while not all(b"cluster_state:ok" in node.client().execute_command("CLUSTER", "INFO") for node in self.nodes):
            assert time.monotonic() < deadline, "the cluster did not get ready"
            time.sleep(0.1)

    @property
    def url(self):
        return "redis-cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def kill(self):
        for node in self.nodes:
            node.kill()
