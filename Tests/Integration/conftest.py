import os
import sys
from pathlib import Path

import pytest
import redis

sys.path.insert(0, str(Path(__file__).parent))

from harness import BINARY, ExternalServer, Server  # noqa: E402


def pytest_sessionstart(session):
    if not os.path.exists(BINARY):
        pytest.exit(f"{BINARY} is missing; build it with 'swift build'", returncode=1)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with default settings, shared by the tests of a file."""
    if port := os.environ.get("STRATA_TEST_PORT"):
        yield ExternalServer(int(port))
        return
    started = Server("--enable-debug-command", log_path=tmp_path_factory.mktemp("server") / "log")
    yield started
    assert started.is_running, "the server died during the tests"
    assert started.stop() == 0


@pytest.fixture
def start_server(tmp_path):
    """A function that starts servers of one's own; what is left of them is ended after the test."""
    servers = []

    def start(*arguments, **options):
        options.setdefault("log_path", tmp_path / f"server-{len(servers)}.log")
        servers.append(Server(*arguments, **options))
        return servers[-1]

    yield start
    for started in servers:
        started.kill()


@pytest.fixture(params=[2, 3], ids=["RESP2", "RESP3"])
def client(request, server):
    """A client of the shared server in both protocols, on an empty database."""
    with redis.Redis(host=server.host, port=server.port, protocol=request.param, socket_timeout=20) as connected:
        connected.flushall()
        yield connected


@pytest.fixture
def connect(server):
    """A function that opens further clients of the shared server."""
    clients = []

    def open_client(**options):
        options = {"protocol": 3, "socket_timeout": 20, **options}
        clients.append(redis.Redis(host=server.host, port=server.port, **options))
        return clients[-1]

    yield open_client
    for opened in clients:
        opened.close()
