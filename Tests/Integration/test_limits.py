"""What strangers may do to the server, and what it does then."""

import socket
import threading

import pytest
import redis

from harness import RawClient

MALFORMED = {
    "text as a count": b"*x\r\n",
    "text as a length": b"*1\r\n$x\r\n",
    "negative length": b"*1\r\n$-5\r\n",
    "huge count": b"*3000000000\r\n",
    "overflowing count": b"*99999999999999999999\r\n",
    "huge length": b"*1\r\n$536870913\r\n",
    "missing length": b"*1\r\nPING\r\n",
    "endless line": b"*" + b"1" * 70_000,
    "endless inline command": b"A" * 70_000,
    "unbalanced quotes": b'SET a "b\r\n',
}


@pytest.mark.parametrize("frame", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_frame_is_told_and_closed(server, frame):
    with RawClient(server) as raw, RawClient(server) as neighbour:
        raw.send(b"PING\r\n")
        assert raw.line() == b"+PONG"
        raw.send(frame)
        reply = raw.line()
        assert reply.startswith(b"-ERR Protocol error: "), reply
        assert raw.line() is None, "the connection is still open"
        assert neighbour.command("PING") == b"+PONG"


def test_commands_before_the_malformed_frame_are_answered(server):
    with RawClient(server) as raw:
        raw.send(b"PING\r\n*1\r\n$4\r\nPING\r\n*1\r\n$x\r\nPING\r\n")
        assert raw.rest() == b"+PONG\r\n+PONG\r\n-ERR Protocol error: invalid bulk length\r\n"


@pytest.mark.parametrize("noise", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x00" * 100, b"\xff\xfe\r\n" * 50])
def test_other_protocols_do_no_harm(server, noise):
    with RawClient(server) as raw, RawClient(server) as neighbour:
        raw.send(noise + b"\r\n")
        raw.socket.shutdown(socket.SHUT_WR)
        raw.rest()
        assert neighbour.command("PING") == b"+PONG"


def test_web_pages_cannot_send_commands(server):
    with RawClient(server) as raw:
        raw.send(b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\nSET from web\r\n")
        raw.rest()
    with RawClient(server) as raw:
        assert raw.command("GET", "from") == b"$-1"


def test_requests_in_tiny_pieces(server):
    request = b"*3\r\n$3\r\nSET\r\n$5\r\npiece\r\n$2\r\nab\r\nPING\r\n"
    with RawClient(server) as raw:
        raw.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request:
            raw.send(bytes([byte]))
        assert raw.line() == b"+OK"
        assert raw.line() == b"+PONG"


def test_connection_lost_in_the_middle_of_a_request(server):
    for length in range(1, 30):
        with RawClient(server) as raw:
            raw.send(b"*3\r\n$3\r\nSET\r\n$4\r\nlost\r\n$5\r\nvalue\r\n"[:length])
    with RawClient(server) as raw:
        assert raw.command("EXISTS", "lost") == b":0"


def test_many_connections_at_once(server):
    clients = [RawClient(server) for _ in range(400)]
    try:
        for number, raw in enumerate(clients):
            raw.send(b"*4\r\n$4\r\nHSET\r\n$4\r\nmany\r\n$%d\r\n%d\r\n$1\r\nv\r\n" % (len(str(number)), number))
        assert all(raw.line() == b":1" for raw in clients)
        assert clients[0].command("HLEN", "many") == b":400"
        assert clients[0].command("DEL", "many") == b":1"
    finally:
        for raw in clients:
            raw.socket.close()


def test_more_clients_than_allowed(start_server):
    server = start_server("--max-clients", 5)
    clients = [RawClient(server) for _ in range(5)]
    assert all(raw.command("PING") == b"+PONG" for raw in clients)
    with RawClient(server) as refused:
        assert refused.line() == b"-ERR max number of clients reached"
        assert refused.line() is None
    clients[0].socket.close()
    # The place is free as soon as the server has noticed.
    for _ in range(1000):
        with RawClient(server) as next_client:
            try:
                if next_client.command("PING") == b"+PONG":
                    break
            except ConnectionError:
                pass
    else:
        pytest.fail("the place did not become free")
    for raw in clients:
        raw.socket.close()
    assert server.stop() == 0


def test_client_that_does_not_read_is_cut_off(start_server):
    server = start_server()
    with redis.Redis(port=server.port) as normal, RawClient(server, timeout=30) as greedy:
        normal.set("big", b"x" * (1 << 20))
        normal.config_set("client-output-buffer-limit", "normal 8388608 0 0")
        try:
            for _ in range(2_000):
                greedy.send(b"GET big\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        # Whether it was closed or merely not served further, the server holds little for it and others are served.
        assert normal.ping()
        assert normal.info("memory")["used_memory"] < 200 << 20


def test_a_reply_longer_than_the_limit_is_not_sent(start_server):
    server = start_server()
    with redis.Redis(port=server.port) as normal, RawClient(server) as raw:
        normal.set("big", b"x" * 100_000)
        normal.config_set("client-output-buffer-limit", "normal 20000 0 0")
        raw.send(b"PING\r\n")
        assert raw.line() == b"+PONG"
        raw.send(b"GET big\r\n")
        assert raw.line() is None
        assert normal.info("stats")["client_output_buffer_limit_disconnections"] == 1


def test_idle_clients_are_closed(start_server):
    server = start_server("--timeout", 1)
    with RawClient(server, timeout=15) as raw:
        assert raw.command("PING") == b"+PONG"
        assert raw.line() is None


def test_memory_limit_refuses_writes(start_server):
    server = start_server("--max-memory", "20mb", "--eviction-policy", "noeviction")
    with redis.Redis(port=server.port) as client:
        with pytest.raises(redis.OutOfMemoryError, match="command not allowed when used memory > 'maxmemory'"):
            for i in range(100_000):
                client.set(f"key:{i}", b"x" * 10_000)
        assert client.get("key:0") == b"x" * 10_000
        assert client.delete("key:0") == 1


@pytest.mark.parametrize("policy", [[], ["--eviction-policy", "allkeys-lru"]], ids=["default", "allkeys-lru"])
def test_memory_limit_evicts(start_server, policy):
    server = start_server("--max-memory", "20mb", *policy)
    with redis.Redis(port=server.port) as client:
        pipeline = client.pipeline(transaction=False)
        for i in range(10_000):
            pipeline.set(f"key:{i}", b"x" * 10_000)
        assert all(pipeline.execute())
        assert client.info("memory")["used_memory"] <= 21 << 20
        assert 500 < client.dbsize() < 2_500
        assert client.info("stats")["evicted_keys"] > 5_000
        assert client.get("key:9999") is not None


def test_slow_and_fast_clients_share_the_server(server):
    """One client asks for big replies over and over; another's small requests all get through."""
    with RawClient(server) as setup:
        setup.send(b"*3\r\n$3\r\nSET\r\n$4\r\nlong\r\n$4194304\r\n" + b"x" * 4_194_304 + b"\r\n")
        assert setup.line() == b"+OK"
    stop = threading.Event()

    def read_big():
        with redis.Redis(host=server.host, port=server.port) as client:
            while not stop.is_set():
                assert len(client.get("long")) == 4_194_304

    thread = threading.Thread(target=read_big)
    thread.start()
    try:
        with RawClient(server) as quick:
            assert all(quick.command("PING") == b"+PONG" for _ in range(500))
    finally:
        stop.set()
        thread.join()
