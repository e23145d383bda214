"""Starting, stopping, and what is said when starting fails."""

import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from harness import RawClient, free_port, run_strata


def test_starts_in_under_a_second_and_names_both_addresses(start_server):
    # The first start of a binary reads it from disk; a user's second one does not.
    start_server().stop()
    server = start_server()
    assert server.start_seconds < 1
    assert f"127.0.0.1:{server.port}" in server.banner
    assert f"http://127.0.0.1:{server.http_port}/" in server.banner
    assert server.banner.count("\n") <= 5


def test_without_http(start_server):
    server = start_server(ports=("--port", "0", "--http-port", "off"))
    assert server.http_port is None
    with RawClient(server) as raw:
        assert raw.command("PING") == b"+PONG"


def test_ipv6(start_server):
    server = start_server("--bind", "::1")
    with redis.Redis(host="::1", port=server.port) as client:
        assert client.ping()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_on_signals(start_server, number):
    server = start_server()
    with RawClient(server) as raw:
        assert raw.command("PING") == b"+PONG"
        started = time.monotonic()
        server.process.send_signal(number)
        assert server.process.wait(10) == 0
        assert time.monotonic() - started < 5
        assert raw.line() is None


def test_stops_right_after_the_banner(start_server):
    """No signal is lost, however early it comes and however busy the machine is."""
    servers = [start_server() for _ in range(4)]
    with ThreadPoolExecutor(8) as executor:
        servers += executor.map(lambda _: start_server(), range(16))
        assert list(executor.map(lambda server: server.stop(), servers)) == [0] * 20


def test_stops_under_load(start_server):
    """Every request that was answered was carried out whole, and the process ends well while clients keep sending."""
    server = start_server()
    answered = []

    def hammer(number):
        count = 0
        try:
            with redis.Redis(port=server.port, retry=None, socket_timeout=10) as client:
                while True:
                    pipeline = client.pipeline(transaction=False)
                    for i in range(50):
                        pipeline.hset(f"h{number}", i, count)
                    assert pipeline.execute() is not None
                    count += 1
        except (redis.ConnectionError, ConnectionError, OSError):
            answered.append(count)

    threads = [threading.Thread(target=hammer, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    with redis.Redis(port=server.port) as client:
        while client.dbsize() < 10:
            time.sleep(0.01)
    started = time.monotonic()
    status = server.stop()
    assert status == 0
    assert time.monotonic() - started < 5
    for thread in threads:
        thread.join(10)
    assert len(answered) == 10


def test_stops_with_clients_that_neither_read_nor_leave(start_server):
    server = start_server()
    with RawClient(server) as setup:
        setup.send(b"*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$1000000\r\n" + b"x" * 1_000_000 + b"\r\n")
        assert setup.line() == b"+OK"
        stuck = RawClient(server)
        stuck.send(b"GET big\r\n" * 50)
        half = RawClient(server)
        half.send(b"*2\r\n$3\r\nGET\r\n$100\r\nhalf a key")
        assert setup.command("PING") == b"+PONG"
        started = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - started < 5
        stuck.socket.close()
        half.socket.close()


def test_port_is_free_again_after_the_end(start_server):
    port = free_port()
    for _ in range(3):
        server = start_server(ports=("--port", str(port), "--http-port", "0"))
        with RawClient(server) as raw:
            assert raw.command("PING") == b"+PONG"
            assert server.stop() == 0


@pytest.mark.parametrize("option", ["--port", "--http-port"])
def test_port_in_use(option):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = "--http-port" if option == "--port" else "--port"
        result = run_strata("serve", option, port, other, 0)
    assert result.returncode != 0
    assert f"{option}: port {port} of 127.0.0.1 is in use" in result.stderr
    assert "ready" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "many"], "--port: 'many' is not a port"),
        (["--max-memory", "12 apples"], "--max-memory: '12 apples' is not a size"),
        (["--eviction-policy", "oldest"], "--eviction-policy: 'oldest' is not an eviction policy"),
        (["--password-file", "/does/not/exist"], "--password-file: can't open /does/not/exist: No such file"),
        (["--config", "/does/not/exist"], "--config: can't open /does/not/exist: No such file"),
        (["--config", "/"], "--config: can't read /: Is a directory"),
        (["--tls-cert", "/dev/null"], "--tls-key"),
        (["--bind", "203.0.113.77", "--password-file", "PASSWORD"], "this machine has no address 203.0.113.77"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_mistakes_are_named(tmp_path, arguments, message):
    password = tmp_path / "password"
    password.write_text("secret\n")
    arguments = [str(password) if word == "PASSWORD" else word for word in arguments]
    ports = [word for option in ("--port", "--http-port") if option not in arguments for word in (option, "0")]
    result = run_strata("serve", *ports, *arguments)
    assert result.returncode not in (0, None)
    assert message in result.stderr
    assert result.stdout == ""


def test_mistakes_in_a_file_name_the_line(tmp_path):
    path = tmp_path / "strata.yaml"
    path.write_text("port: 0\nhttp-port: 0\nmax-memry: 1gb\n")
    result = run_strata("serve", "--config", path)
    assert result.returncode != 0
    assert f"{path}:3: max-memry: is not an option; is 'max-memory' meant?" in result.stderr


def test_command_line_beats_environment_beats_file(start_server, tmp_path):
    path = tmp_path / "strata.json"
    path.write_text('{"max-memory": "1mb", "eviction-policy": "allkeys-lru", "max-clients": 77}')
    server = start_server(
        "--config", path, "--max-memory", "3mb", env={"STRATA_MAX_MEMORY": "2mb", "STRATA_EVICTION_POLICY": "volatile-ttl"}
    )
    with redis.Redis(port=server.port) as client:
        assert client.config_get("maxmemory") == {"maxmemory": str(3 << 20)}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "volatile-ttl"}
        assert client.config_get("maxclients") == {"maxclients": "77"}


def test_debug_only_where_it_was_asked_for(start_server):
    with RawClient(start_server()) as raw:
        assert raw.command("DEBUG", "SLEEP", "0").startswith(b"-ERR DEBUG command not allowed")
    with RawClient(start_server("--enable-debug-command")) as raw:
        assert raw.command("DEBUG", "SLEEP", "0") == b"+OK"


def test_log_is_structured_and_on_standard_error(start_server, tmp_path):
    path = tmp_path / "log"
    server = start_server("--log-level", "debug", log_path=path)
    assert server.stop() == 0
    text = path.read_text()
    assert f"address=127.0.0.1:{server.port}" in text
    assert "stopped" in text


def test_help_is_for_people():
    for arguments in (["--help"], ["help", "serve"], ["serve", "--help"], ["load", "--help"]):
        result = run_strata(*arguments)
        assert result.returncode == 0
        assert "USAGE: strata" in result.stdout
    for option in ("--port", "--max-memory", "--password-file", "--config", "STRATA_"):
        assert option in run_strata("help", "serve").stdout
    assert run_strata("--version").stdout.startswith("strata ")
