"""`strata advise decide` reads a running service and measures a real Redis."""

import contextlib
import http.client
import json
import re
import socket
import threading
import time

import pytest
import redis

from harness import free_port, run_strata
from upstream import REDIS, Redis


def decide(*arguments, measuring=False, timeout=60):
    quiet = [] if measuring else ["--no-measuring"]
    return run_strata("advise", "decide", *quiet, *arguments, timeout=timeout)


@contextlib.contextmanager
def load(server, clients=3):
    """Clients that read keys of which half exist, and write now and then."""
    stopped = threading.Event()

    def work(seed):
        with redis.Redis(port=server.port) as client:
            while not stopped.is_set():
                pipeline = client.pipeline(transaction=False)
                for number in range(90):
                    pipeline.get(f"key:{(number * 337 + seed * 91) % 1000}")
                for number in range(10):
                    pipeline.set(f"key:{number * 49 % 500}", b"x" * 100)
                pipeline.execute()
                seed += 1

    with redis.Redis(port=server.port) as client:
        client.mset({f"key:{number}": b"x" * 100 for number in range(500)})
    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("path", ["/metrics", ""], ids=["path", "no path"])
def test_reads_the_signals_of_a_running_service(server, path):
    with load(server):
        time.sleep(2)
        run = decide("--metrics", f"http://127.0.0.1:{server.http_port}{path}", "--metrics-interval", 3)
    assert run.returncode == 0, run.stderr
    ratio = float(re.search(r"hit ratio ([\d.]+) % in [34] s, below 70 %", run.stdout).group(1))
    assert 40 < ratio < 60
    assert re.search(r"maps take [\d.]+ % of the processor time it uses, [\d.]+ % of what it may use", run.stdout)
    assert "its state is shared: 3 clients are connected" in run.stdout
    assert re.search(r"[\d.]+[kM]? reads and [\d.]+[kM]? writes a second", run.stdout)
    assert "500 entries of" in run.stdout


def test_takes_one_reading_from_a_file_or_from_standard_input(server, tmp_path):
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=10)
    connection.request("GET", "/metrics")
    (tmp_path / "metrics").write_bytes(connection.getresponse().read())
    connection.close()
    run = decide("--metrics", tmp_path / "metrics")
    assert run.returncode == 0, run.stderr
    assert "the running service" in run.stdout


def test_says_which_cache_is_not_there(server):
    run = decide("--metrics", f"127.0.0.1:{server.http_port}", "--cache", "orders")
    # Without http:// it is a file.
    assert run.returncode == 64 and "can't read" in run.stderr
    run = decide("--metrics", f"http://127.0.0.1:{server.http_port}", "--cache", "orders")
    assert run.returncode == 64 and "'orders'" in run.stderr and "db0" in run.stderr


def test_says_why_a_service_cannot_be_read(server):
    gone = free_port()
    run = decide("--metrics", f"http://127.0.0.1:{gone}/metrics")
    assert run.returncode == 64 and f"nobody answers at 127.0.0.1:{gone}" in run.stderr
    run = decide("--metrics", f"http://127.0.0.1:{server.http_port}/none")
    assert run.returncode == 64 and "status 404" in run.stderr
    run = decide("--metrics", f"http://127.0.0.1:{server.http_port}/healthz")
    assert run.returncode == 64 and "cache_hits_total" in run.stderr
    run = decide("--metrics", "https://127.0.0.1/metrics")
    assert run.returncode == 64 and "only http://" in run.stderr
    with socket.create_server(("127.0.0.1", 0)) as silent:
        run = decide("--metrics", f"http://127.0.0.1:{silent.getsockname()[1]}/metrics")
    assert run.returncode == 64 and "more than 5000 ms" in run.stderr


def test_gives_up_on_an_answer_without_end():
    with socket.create_server(("127.0.0.1", 0)) as endless:

        def serve():
            connection, _ = endless.accept()
            with connection, contextlib.suppress(OSError):
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while True:
                    connection.sendall(b"cache_hits_total 1\n" * 10_000)

        thread = threading.Thread(target=serve)
        thread.start()
        run = decide("--metrics", f"http://127.0.0.1:{endless.getsockname()[1]}/metrics")
        thread.join()
    assert run.returncode == 64 and "more than 16777216 bytes" in run.stderr


@pytest.mark.skipif(REDIS is None, reason="redis-server is not installed (Debian: redis-server)")
def test_measures_a_redis(tmp_path):
    node = Redis(tmp_path, "--requirepass", "a:b@c")
    try:
        out = tmp_path / "out.json"
        run = decide(
            "--redis", f"redis://:a%3Ab%40c@127.0.0.1:{node.port}", "--entries", "10k", "--json", out, measuring=True)
        assert run.returncode == 0, run.stderr
        for name in ("remoteP50Nanoseconds", "remoteP99Nanoseconds", "remoteCallNanoseconds", "serverOperationsPerSecond"):
            assert re.search(rf"{name} +\S+ +known", run.stdout), run.stdout
        assert json.loads(out.read_text())
        with node.client(password="a:b@c") as client:
            assert client.dbsize() == 0
        run = decide("--redis", f"redis://:wrong@127.0.0.1:{node.port}", "--entries", "10k", measuring=True)
        assert run.returncode != 0 and "refuses the password" in run.stderr
        assert "wrong" not in run.stderr.replace("WRONGPASS", "")
        run = decide("--redis", f"redis://127.0.0.1:{node.port}", "--entries", "10k", measuring=True)
        assert run.returncode != 0 and "NOAUTH" in run.stderr
    finally:
        node.kill()
    run = decide("--redis", f"redis://127.0.0.1:{node.port}", "--entries", "10k", measuring=True)
    assert run.returncode != 0 and f"nothing answers at 127.0.0.1:{node.port}" in run.stderr


@pytest.mark.parametrize(
    ("figures", "part"),
    [
        ('{"remoteP5": 1}', "'remoteP5'"),
        ('{"copies": "two"}', "'copies'"),
        ('{"copies": null}', "'copies'"),
        ('{"copies": 0}', "'copies'"),
        ('{"copies": -1}', "'copies'"),
        ("[1]", "a JSON object"),
        ("{", "JSON"),
    ],
)
def test_names_the_figure_that_is_wrong(tmp_path, figures, part):
    (tmp_path / "figures.json").write_text(figures)
    run = decide("--figures", tmp_path / "figures.json")
    assert run.returncode == 64 and part in run.stderr, run.stderr
    assert "Context" not in run.stderr and "debugDescription" not in run.stderr


@pytest.mark.parametrize("weights", ["latency=-1", "latency=nan", "latency", "speed=1", "latency=1,latency=2",
                                     "throughput=0,latency=0,consistency=0,cost=0"])
def test_refuses_weights_that_are_none(weights):
    run = decide("--weights", weights)
    assert run.returncode == 64 and "--weights" in run.stderr, run.stderr


def test_decides_without_any_argument():
    run = run_strata("advise", "decide", timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("Where to keep the data: local map\n")
