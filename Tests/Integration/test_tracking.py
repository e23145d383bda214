"""Server-assisted invalidation for near caches."""

import pytest

from harness import RawClient


@pytest.fixture
def tracker(server):
    with RawClient(server) as raw:
        raw.send(b"FLUSHALL\r\n")
        assert raw.line() == b"+OK"
        assert raw.command("HELLO", 3).startswith(b"%")
        # The rest of the greeting ends with the reply to a ping.
        raw.send(b"PING end-of-greeting\r\n")
        while raw.line() != b"end-of-greeting":
            pass
        yield raw


def invalidated(raw):
    """The keys of the next push, or None for "all keys"."""
    assert raw.line() == b">2"
    assert raw.line() == b"$10" and raw.line() == b"invalidate"
    header = raw.line()
    if header == b"_":
        return None
    keys = []
    for _ in range(int(header[1:])):
        length = int(raw.line()[1:])
        keys.append(raw.exactly(length))
        assert raw.exactly(2) == b"\r\n"
    return keys


def test_a_key_that_was_read_is_invalidated_once(tracker, connect):
    other = connect()
    assert tracker.command("CLIENT", "TRACKING", "ON") == b"+OK"
    other.hset("h", "f", 1)
    assert tracker.command("HGET", "h", "f") == b"$1" and tracker.line() == b"1"
    other.hset("h", "f", 2)
    assert invalidated(tracker) == [b"h"]
    # It is not read again, so nothing is sent before this reply.
    other.hset("h", "f", 3)
    assert tracker.command("PING") == b"+PONG"


def test_keys_never_read_are_not_sent(tracker, connect):
    other = connect()
    assert tracker.command("CLIENT", "TRACKING", "ON") == b"+OK"
    other.set("unknown", 1)
    assert tracker.command("PING") == b"+PONG"


def test_expiry_and_removal_invalidate(tracker, connect):
    other = connect()
    assert tracker.command("CLIENT", "TRACKING", "ON") == b"+OK"
    other.set("a", 1)
    assert tracker.command("GET", "a") == b"$1" and tracker.line() == b"1"
    other.delete("a")
    assert invalidated(tracker) == [b"a"]
    other.set("b", 1, px=30)
    assert tracker.command("GET", "b") == b"$1" and tracker.line() == b"1"
    assert invalidated(tracker) == [b"b"]


def test_flush_invalidates_everything(tracker, connect):
    other = connect()
    assert tracker.command("CLIENT", "TRACKING", "ON") == b"+OK"
    other.set("a", 1)
    tracker.command("GET", "a")
    tracker.line()
    other.flushall()
    assert invalidated(tracker) is None


def test_own_writes_can_be_left_out(tracker, connect):
    other = connect()
    assert tracker.command("CLIENT", "TRACKING", "ON", "NOLOOP") == b"+OK"
    assert tracker.command("GET", "a") == b"_"
    assert tracker.command("SET", "a", "1") == b"+OK"
    assert tracker.command("GET", "a") == b"$1" and tracker.line() == b"1"
    other.set("a", 2)
    assert invalidated(tracker) == [b"a"]


def test_an_invalidation_comes_before_the_answer_to_a_later_request(server, tracker, connect):
    # Several clients, so that some are served by another thread than the one that makes the change.
    other = connect()
    assert tracker.command("CLIENT", "TRACKING", "ON") == b"+OK"
    with RawClient(server) as second:
        second.send(b"HELLO 3\r\nPING end-of-greeting\r\n")
        while second.line() != b"end-of-greeting":
            pass
        assert second.command("CLIENT", "TRACKING", "ON") == b"+OK"
        for _ in range(500):
            for client in (tracker, second):
                client.send(b"EXISTS a\r\n")
                assert client.line() in (b":0", b":1")
            other.incr("a")
            for client in (second, tracker):
                client.send(b"PING\r\n")
                assert invalidated(client) == [b"a"]
                assert client.line() == b"+PONG"


def test_broadcast_by_prefix(tracker, connect):
    other = connect()
    assert tracker.command("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "user:", "PREFIX", "item:") == b"+OK"
    other.set("other", 1)
    other.set("user:1", 1)
    assert invalidated(tracker) == [b"user:1"]
    other.hset("item:1", "f", 1)
    assert invalidated(tracker) == [b"item:1"]
    other.delete("user:1")
    assert invalidated(tracker) == [b"user:1"]


def test_tracking_can_be_switched_off(tracker, connect):
    other = connect()
    assert tracker.command("CLIENT", "TRACKING", "ON", "BCAST") == b"+OK"
    assert tracker.command("CLIENT", "TRACKING", "OFF") == b"+OK"
    other.set("a", 1)
    assert tracker.command("PING") == b"+PONG"


def test_the_python_client_caches_with_it(server, connect):
    import redis
    from redis.cache import CacheConfig

    other = connect()
    other.flushall()
    other.hset("h", "f", "1")
    with redis.Redis(host=server.host, port=server.port, protocol=3, cache_config=CacheConfig()) as caching:
        assert caching.hget("h", "f") == b"1"
        assert caching.hget("h", "f") == b"1"
        assert caching.get_cache().size == 1
        other.hset("h", "f", "2")
        deadline_reads = 0
        while caching.hget("h", "f") != b"2":
            deadline_reads += 1
            assert deadline_reads < 10_000
