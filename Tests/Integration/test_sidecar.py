"""`strata serve --upstream`: a near cache in front of real servers."""

import threading
import time
import urllib.request

import pytest
import redis

from harness import RawClient, run_strata
from upstream import REDIS, Cluster, Redis

pytestmark = pytest.mark.skipif(REDIS is None, reason="redis-server is not installed")


def info(client):
    return {key: value for key, value in client.info("strata").items()}


def eventually(condition, seconds=10):
    """Waits until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


def recovered(call):
    """Whether a call is answered again: the connection is made anew after a pause."""
    try:
        return call()
    except redis.ResponseError as error:
        assert "UPSTREAMDOWN" in str(error) or "TIMEOUT" in str(error)
        return False


@pytest.fixture
def upstream(tmp_path):
    server = Redis(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def sidecar(start_server, upstream):
    server = start_server("--upstream", f"redis://127.0.0.1:{upstream.port}")
    with redis.Redis(port=server.port) as client:
        eventually(lambda: info(client)["coherence"] == "tracking")
    return server


@pytest.fixture(params=[2, 3], ids=["RESP2", "RESP3"])
def client(request, sidecar):
    with redis.Redis(port=sidecar.port, protocol=request.param, socket_timeout=20) as connected:
        yield connected


def hits(client):
    return info(client)["near_cache_hits"]


def test_answers_reads_from_itself(client, upstream):
    upstream.client().hset("user", mapping={"name": "Ada", "born": "1815"})
    upstream.client().set("greeting", "hello")
    reads = [
        (lambda: client.get("greeting"), b"hello"),
        (lambda: client.hget("user", "name"), b"Ada"),
        (lambda: client.hget("user", "nothing"), None),
        (lambda: client.hmget("user", "name", "nothing", "born"), [b"Ada", None, b"1815"]),
        (lambda: client.hgetall("user"), {b"name": b"Ada", b"born": b"1815"}),
        (lambda: client.hlen("user"), 2),
        (lambda: client.mget("greeting", "missing"), [b"hello", None]),
        (lambda: client.strlen("greeting"), 5),
    ]
    for read, expected in reads:
        assert read() == expected
    before = hits(client)
    for read, expected in reads:
        assert read() == expected
    assert hits(client) == before + len(reads)
    # None of the second round has reached the server behind: stopped, it answers nobody.
    upstream.pause()
    try:
        for read, expected in reads:
            assert read() == expected
    finally:
        upstream.resume()


def test_knows_fields_of_a_hash_that_was_read_whole(client, upstream):
    upstream.client().hset("h", mapping={"a": "1", "b": "2"})
    assert client.hgetall("h") == {b"a": b"1", b"b": b"2"}
    before = hits(client)
    assert client.hget("h", "a") == b"1"
    assert client.hget("h", "zz") is None
    assert client.hmget("h", "b", "yy") == [b"2", None]
    assert hits(client) == before + 3


def test_sees_what_others_write(client, upstream):
    other = upstream.client()
    for number in range(50):
        other.set("k", number)
        eventually(lambda: client.get("k") == str(number).encode(), 5)
        other.hset("h", "f", number)
        eventually(lambda: client.hget("h", "f") == str(number).encode(), 5)
    other.delete("k", "h")
    eventually(lambda: client.get("k") is None and client.hgetall("h") == {}, 5)


def test_sees_its_own_writes_at_once(client):
    for number in range(300):
        client.set("k", number)
        assert client.get("k") == str(number).encode()
        client.hset("h", "f", number)
        assert client.hget("h", "f") == str(number).encode()
        assert client.hgetall("h") == {b"f": str(number).encode()}


def test_sees_own_writes_inside_one_pipeline(client):
    for number in range(50):
        pipeline = client.pipeline(transaction=False)
        pipeline.get("k").set("k", number).get("k").hset("h", "f", number).hget("h", "f").get("k")
        result = pipeline.execute()
        assert result[2] == result[4] == result[5] == str(number).encode()


def test_writes_of_another_client_of_the_sidecar_are_seen_at_once(client, sidecar):
    with redis.Redis(port=sidecar.port) as other:
        for number in range(200):
            other.set("k", number)
            assert client.get("k") == str(number).encode()


def test_keeps_the_time_to_live(client, upstream):
    upstream.client().set("short", "1", px=200)
    assert client.get("short") == b"1"
    time.sleep(0.25)
    assert client.get("short") is None


def test_is_empty_after_a_flush(client, upstream):
    client.set("k", "1")
    client.hset("h", "f", "1")
    assert client.get("k") == b"1" and client.hget("h", "f") == b"1"
    upstream.client().flushall()
    eventually(lambda: client.get("k") is None and client.hget("h", "f") is None, 5)
    client.set("k", "1")
    assert client.get("k") == b"1"
    client.flushall()
    assert client.get("k") is None


def test_passes_on_errors_and_other_types(client):
    client.rpush("list", 1, 2, 3)
    for _ in range(2):
        assert client.lrange("list", 0, -1) == [b"1", b"2", b"3"]
        with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
            client.hget("list", "f")
    client.rpush("list", 4)
    assert client.lrange("list", 0, -1) == [b"1", b"2", b"3", b"4"]
    client.zadd("z", {"a": 1.5})
    assert client.zscore("z", "a") == client.zscore("z", "a") == 1.5
    with pytest.raises(redis.ResponseError, match="unknown command"):
        client.execute_command("NOSUCH", "x")


def test_carries_out_transactions(client):
    client.set("x", 1)
    assert client.get("x") == b"1"
    assert client.pipeline().incr("x").get("x").execute() == [2, b"2"]
    assert client.get("x") == b"2"
    with pytest.raises(redis.ResponseError):
        client.pipeline().set("x", "text").incr("x").execute()
    assert client.get("x") == b"text"


def test_optimistic_locking_goes_through(client, upstream):
    client.set("x", 1)
    with client.pipeline() as pipeline:
        pipeline.watch("x")
        upstream.client().set("x", 5)
        pipeline.multi()
        pipeline.set("x", 9)
        with pytest.raises(redis.WatchError):
            pipeline.execute()
    assert client.get("x") == b"5"


def test_subscriptions_and_blocking_reads_go_through(client, sidecar):
    with redis.Redis(port=sidecar.port) as subscriber:
        channel = subscriber.pubsub(ignore_subscribe_messages=True)
        channel.subscribe("news")
        eventually(lambda: client.publish("news", "hello") == 1)
        eventually(lambda: (channel.get_message(timeout=1) or {}).get("data") == b"hello")
    with redis.Redis(port=sidecar.port, socket_timeout=10) as waiting:
        result = []
        thread = threading.Thread(target=lambda: result.append(waiting.blpop("queue", 5)))
        thread.start()
        time.sleep(0.1)
        client.rpush("queue", "work")
        thread.join(10)
        assert result == [(b"queue", b"work")]


def test_other_databases_go_through(sidecar):
    with redis.Redis(port=sidecar.port, db=3) as third, redis.Redis(port=sidecar.port) as zeroth:
        third.set("k", "three")
        assert third.get("k") == b"three"
        assert zeroth.get("k") is None


def test_serves_what_it_has_while_upstream_is_away_and_recovers(client, upstream):
    client.set("k", "1")
    client.hset("h", "f", "2")
    # The report of one's own write comes a little later, and makes what was read meanwhile be forgotten.
    time.sleep(0.2)
    assert client.get("k") == b"1" and client.hget("h", "f") == b"2"
    upstream.kill()
    for _ in range(3):
        assert client.get("k") == b"1"
        assert client.hget("h", "f") == b"2"
    with pytest.raises(redis.ResponseError, match="UPSTREAMDOWN"):
        client.get("unknown")
    with pytest.raises(redis.ResponseError, match="UPSTREAMDOWN"):
        client.set("k", "3")
    upstream.start()
    # The new server has nothing, and nobody is told otherwise.
    eventually(lambda: recovered(lambda: client.get("k") is None), 10)
    eventually(lambda: recovered(lambda: client.set("k", "4")), 10)
    eventually(lambda: info(client)["coherence"] == "tracking")
    eventually(lambda: recovered(lambda: client.get("k") == b"4"))


def test_finds_a_stopped_server(client, upstream):
    client.set("k", "1")
    time.sleep(0.2)
    assert client.get("k") == b"1"
    upstream.pause()
    try:
        started = time.monotonic()
        assert client.get("k") == b"1"
        with pytest.raises(redis.ResponseError, match="UPSTREAMDOWN|TIMEOUT"):
            client.get("unknown")
        assert time.monotonic() - started < 10
    finally:
        upstream.resume()
    eventually(lambda: recovered(lambda: client.set("k", "2")), 10)
    eventually(lambda: recovered(lambda: client.get("k") == b"2"))


def test_survives_storms_of_killed_connections(client, upstream):
    stop = threading.Event()
    admin = upstream.client()

    def storm():
        while not stop.is_set():
            admin.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            time.sleep(0.02)

    thread = threading.Thread(target=storm)
    thread.start()
    acknowledged = -1
    try:
        for number in range(300):
            try:
                client.set("k", number)
                acknowledged = number
            except redis.ResponseError:
                pass
    finally:
        stop.set()
        thread.join()
    # A write without an answer may have been carried out; one with an answer was.
    eventually(lambda: recovered(lambda: int(client.get("k")) >= acknowledged))
    eventually(lambda: recovered(lambda: client.get("k") == upstream.client().get("k")))
    eventually(lambda: info(client)["coherence"] == "tracking")


def test_two_sidecars_agree(start_server, upstream, sidecar):
    second = start_server("--upstream", f"redis://127.0.0.1:{upstream.port}")
    clients = [redis.Redis(port=server.port) for server in (sidecar, second)]
    for number in range(100):
        clients[number % 2].hset("h", "f", number)
        for client in clients:
            eventually(lambda: client.hget("h", "f") == str(number).encode(), 5)
    for client in clients:
        client.close()


def test_needs_its_own_password(start_server, upstream, tmp_path):
    (tmp_path / "password").write_text("sesame\n")
    server = start_server(
        "--upstream", f"redis://127.0.0.1:{upstream.port}", "--password-file", tmp_path / "password")
    with RawClient(server) as raw:
        assert raw.command("GET", "k") == b"-NOAUTH Authentication required."
        assert raw.command("AUTH", "wrong").startswith(b"-WRONGPASS")
        assert raw.command("AUTH", "sesame") == b"+OK"
        assert raw.command("SET", "k", "1") == b"+OK"


def test_logs_in_upstream(start_server, tmp_path):
    upstream = Redis(tmp_path, "--requirepass", "secret")
    try:
        server = start_server("--upstream", f"redis://:secret@127.0.0.1:{upstream.port}")
        assert "secret" not in server.banner
        with redis.Redis(port=server.port) as client:
            assert client.set("k", "1")
            assert client.get("k") == b"1"
        wrong = start_server("--upstream", f"redis://:nonsense@127.0.0.1:{upstream.port}")
        with redis.Redis(port=wrong.port) as client:
            with pytest.raises(redis.ResponseError):
                client.get("k")
    finally:
        upstream.kill()


def test_limits_of_memory_hold(start_server, upstream):
    server = start_server("--upstream", f"redis://127.0.0.1:{upstream.port}", "--max-memory", "2mb")
    with redis.Redis(port=server.port) as client:
        eventually(lambda: info(client)["coherence"] == "tracking")
        filling = upstream.client().pipeline(transaction=False)
        for number in range(5000):
            filling.set(f"key:{number}", "x" * 1000)
        filling.execute()
        for number in range(5000):
            assert client.get(f"key:{number}") is not None
        # What was removed a moment ago may still be read by somebody, and is given back soon.
        eventually(lambda: info(client)["near_cache_bytes"] <= 2.1 * (1 << 20))
        assert info(client)["near_cache_keys"] > 100


def test_shows_figures(sidecar, client):
    client.set("k", "1")
    # The report of one's own write comes a little later, and makes what was read meanwhile be forgotten.
    time.sleep(0.3)
    client.get("k")
    client.get("k")
    with urllib.request.urlopen(f"http://127.0.0.1:{sidecar.http_port}/metrics") as response:
        text = response.read().decode()
    assert 'cache_hits_total{cache_name="near"} 1' in text
    assert "strata_tracked_shards 1" in text
    for name in ["strata_received_bytes_total", "strata_sent_bytes_total"]:
        amount = next(int(line.split()[1]) for line in text.splitlines() if line.startswith(name + " "))
        assert amount > 0, name
    assert "redis_version" in client.info() and "near_cache_hits" in client.info()


@pytest.mark.parametrize("url, part", [
    ("http://127.0.0.1", "scheme"), ("redis://", "host"), ("redis://127.0.0.1:99999", "port"),
    ("redis://127.0.0.1/x", "database"), ("redis://127.0.0.1?nonsense=1", "nonsense"),
])
def test_refuses_addresses_that_are_none(url, part):
    result = run_strata("serve", "--port", 0, "--http-port", 0, "--upstream", url)
    assert result.returncode != 0
    assert part in result.stderr and "--upstream" in result.stderr


def test_malformed_requests_close_the_connection(sidecar):
    with RawClient(sidecar) as raw:
        raw.send(b"*1\r\n$nonsense\r\n")
        assert raw.line().startswith(b"-ERR Protocol error")
        assert raw.line() is None


def test_answers_many_requests_in_order(sidecar):
    with RawClient(sidecar) as raw:
        requests = b""
        for number in range(2000):
            for words in ((b"SET", b"k%d" % (number % 7), b"%d" % number), (b"GET", b"k%d" % (number % 7)), (b"ECHO", b"%d" % number)):
                requests += b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)
        thread = threading.Thread(target=raw.send, args=(requests,))
        thread.start()
        for number in range(2000):
            assert raw.line() == b"+OK"
            for _ in range(2):
                assert raw.line() == b"$%d" % len(b"%d" % number)
                assert raw.line() == b"%d" % number
        thread.join()


def test_is_a_near_cache_for_a_cluster(start_server, tmp_path):
    cluster = Cluster(tmp_path)
    try:
        server = start_server("--upstream", cluster.url)
        with redis.Redis(port=server.port, protocol=3) as client:
            eventually(lambda: info(client)["shards_tracked"] == 3, 20)
            for number in range(100):
                client.hset(f"h{number}", "f", number)
                assert client.hget(f"h{number}", "f") == str(number).encode()
            # The reports of one's own writes come a little later.
            time.sleep(0.5)
            for number in range(100):
                client.hget(f"h{number}", "f")
            before = hits(client)
            for number in range(100):
                assert client.hget(f"h{number}", "f") == str(number).encode()
            assert hits(client) == before + 100
            direct = redis.RedisCluster(host="127.0.0.1", port=cluster.nodes[0].port)
            for number in range(100):
                direct.hset(f"h{number}", "f", -number)
            for number in range(100):
                eventually(lambda: client.hget(f"h{number}", "f") == str(-number).encode(), 5)
            direct.close()
            # Keys on all servers in one command.
            assert client.mset({f"k{number}": number for number in range(20)})
            expected = [str(number).encode() for number in range(20)]
            before = hits(client)
            assert client.mget([f"k{number}" for number in range(20)]) == expected
            time.sleep(0.2)
            assert client.mget([f"k{number}" for number in range(20)]) == expected
            assert client.mget([f"k{number}" for number in range(20)]) == expected
            assert hits(client) > before
            assert client.exists(*[f"k{number}" for number in range(25)]) == 20
            assert client.delete(*[f"k{number}" for number in range(25)]) == 20
            assert client.mget([f"k{number}" for number in range(20)]) == [None] * 20
            with pytest.raises(redis.ResponseError, match="connection of its own"):
                client.execute_command("BLPOP", "queue", 1)
    finally:
        cluster.kill()


def test_does_not_gather_replies_that_nobody_reads(sidecar, upstream):
    def resident():
        status = open(f"/proc/{sidecar.process.pid}/status").read()
        return int(status.split("VmRSS:")[1].split()[0])

    upstream.client().set("big", b"x" * 500_000)
    with redis.Redis(port=sidecar.port) as client:
        client.get("big")
    with RawClient(sidecar) as raw:
        before = resident()
        raw.send(b"*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n" * 2000)
        time.sleep(0.5)
        more = resident() - before
        assert more < 100_000, "a gigabyte of replies was asked for; little of it is to be in memory"
        for _ in range(2000):
            assert raw.line() == b"$500000"
            assert len(raw.line()) == 500_000


def test_closes_idle_clients(start_server, upstream):
    server = start_server("--upstream", f"redis://127.0.0.1:{upstream.port}", "--timeout", 1)
    with RawClient(server) as raw:
        assert raw.command("PING") == b"+PONG"
        assert raw.line() is None
