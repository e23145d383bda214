"""The Python client in both protocols: types of replies, errors, big values."""

import os

import pytest
import redis


def test_hash_round_trip(client):
    assert client.hset("h", mapping={"a": "1", "b": b"\x00\xff\r\n", "": "empty name"}) == 3
    assert client.hgetall("h") == {b"a": b"1", b"b": b"\x00\xff\r\n", b"": b"empty name"}
    assert client.hmget("h", ["a", "none", "b"]) == [b"1", None, b"\x00\xff\r\n"]
    assert client.hlen("h") == 3
    assert client.hstrlen("h", "b") == 4
    assert sorted(client.hkeys("h")) == [b"", b"a", b"b"]
    assert client.hexists("h", "a") is True
    assert client.hdel("h", "a", "none") == 1
    assert client.hsetnx("h", "b", "x") == 0
    assert client.hget("h", "a") is None
    assert client.hdel("h", "b", "") == 2
    assert client.exists("h") == 0


def test_hash_arithmetic(client):
    assert client.hincrby("h", "n", 5) == 5
    assert client.hincrby("h", "n", -7) == -2
    assert client.hincrbyfloat("h", "n", 0.5) == -1.5
    assert client.hget("h", "n") == b"-1.5"
    client.hset("h", "n", 2**63 - 1)
    with pytest.raises(redis.ResponseError, match="overflow"):
        client.hincrby("h", "n", 1)
    client.hset("h", "n", "text")
    with pytest.raises(redis.ResponseError, match="hash value is not an integer"):
        client.hincrby("h", "n", 1)


def test_random_fields(client):
    client.hset("h", mapping={f"f{i}": i for i in range(20)})
    assert len(set(client.hrandfield("h", 5))) == 5
    assert len(client.hrandfield("h", 50)) == 20
    assert len(client.hrandfield("h", -50)) == 50
    pairs = client.hrandfield("h", 3, withvalues=True)
    assert len(pairs) == (3 if client.get_connection_kwargs()["protocol"] == 3 else 6)


def test_strings_and_options_of_set(client):
    assert client.set("s", "1") is True
    assert client.set("s", "2", nx=True) is None
    assert client.set("s", "3", xx=True, get=True) == b"1"
    assert client.set("s", "4", px=50_000) is True
    assert 49_000 < client.pttl("s") <= 50_000
    assert client.set("s", "5", keepttl=True) is True
    assert client.pttl("s") > 0
    assert client.getex("s", persist=True) == b"5"
    assert client.ttl("s") == -1
    assert client.append("s", "67") == 3
    assert client.getrange("s", -2, -1) == b"67"
    assert client.setrange("s", 5, "x") == 6
    assert client.get("s") == b"567\x00\x00x"
    assert client.getdel("s") == b"567\x00\x00x"
    assert client.incrbyfloat("f", "1.25") == 1.25
    assert client.mset({"a": 1, "b": 2}) is True
    assert client.mget("a", "none", "b") == [b"1", None, b"2"]


def test_keys(client):
    client.mset({"a": 1, "b": 2})
    client.hset("h", "f", "v")
    assert client.type("h") == b"hash"
    assert client.rename("a", "c") is True
    assert client.renamenx("c", "b") is False
    assert client.copy("h", "h2") is True
    assert client.hgetall("h2") == {b"f": b"v"}
    assert sorted(client.keys("*")) == [b"b", b"c", b"h", b"h2"]
    assert client.dbsize() == 4
    assert client.unlink("b", "c", "none") == 2
    assert client.move("h2", 1) is True
    assert client.exists("h2") == 0
    with pytest.raises(redis.ResponseError, match="no such key"):
        client.rename("none", "x")


def test_key_expiry(client, connect):
    client.set("s", 1)
    assert client.expire("s", 100) is True
    assert client.expire("s", 50, gt=True) is False
    assert client.expire("s", 50, lt=True) is True
    assert 48 < client.ttl("s") <= 50
    assert client.persist("s") is True
    client.set("gone", 1, px=30)
    # The deadline is watched for, not slept for: it may pass at any moment from now on.
    while client.exists("gone"):
        pass
    assert client.get("gone") is None
    assert client.ttl("gone") == -2


def test_dump_and_restore(client):
    client.hset("h", mapping={"a": 1, "b": "x" * 1000})
    payload = client.dump("h")
    assert client.restore("copy", 0, payload) is not None
    assert client.hgetall("copy") == client.hgetall("h")
    with pytest.raises(redis.ResponseError, match="BUSYKEY"):
        client.restore("copy", 0, payload)
    damaged = payload[:-1] + bytes([payload[-1] ^ 1])
    with pytest.raises(redis.ResponseError, match="payload version or checksum"):
        client.restore("other", 0, damaged)


def test_errors_are_redis_errors(client):
    client.set("s", "text")
    with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
        client.hget("s", "f")
    with pytest.raises(redis.ResponseError, match="value is not an integer or out of range"):
        client.incr("s")
    with pytest.raises(redis.ResponseError, match="wrong number of arguments for 'hget' command"):
        client.execute_command("HGET", "s")
    with pytest.raises(redis.ResponseError, match="unknown command"):
        client.execute_command("NOSUCHCOMMAND")


def test_databases_are_separate(server):
    with redis.Redis(host=server.host, port=server.port, db=3) as third, redis.Redis(host=server.host, port=server.port) as first:
        first.flushall()
        third.set("a", 3)
        assert first.get("a") is None
        first.swapdb(0, 3)
        assert first.get("a") == b"3"
        with pytest.raises(redis.ResponseError, match="DB index is out of range"):
            first.select(16)


def test_clients_can_be_told_apart(client, connect):
    other = connect(client_name="other")
    assert other.ping() is True
    names = {entry["name"] for entry in client.client_list()}
    assert "other" in names
    assert client.client_setname("me") is True
    assert client.client_getname() in ("me", b"me")
    assert client.client_id() != other.client_id()


def test_configuration_takes_effect(client):
    client.config_set("hash-max-listpack-entries", 4)
    client.hset("h", mapping={f"f{i}": i for i in range(4)})
    assert client.object("encoding", "h") == b"listpack"
    client.hset("h", "f5", 5)
    assert client.object("encoding", "h") == b"hashtable"
    client.config_set("hash-max-listpack-entries", 128)
    assert client.config_get("hash-max-listpack-entries") == {"hash-max-listpack-entries": "128"}


@pytest.mark.parametrize("size", [0, 1, 16_383, 65_536, 1 << 20, 20 << 20])
def test_values_of_all_sizes(client, size):
    value = os.urandom(size)
    client.hset("h", "f", value)
    assert client.hstrlen("h", "f") == size
    assert client.hget("h", "f") == value
    client.set("s", value)
    assert client.get("s") == value
    client.delete("h", "s")


def test_hash_of_many_fields(client):
    fields = {f"field:{i}".encode(): str(i).encode() for i in range(20_000)}
    client.hset("h", mapping=fields)
    assert client.hgetall("h") == fields
    assert client.hdel("h", *list(fields)[:19_990]) == 19_990
    assert client.hlen("h") == 10


def test_flush_frees_memory_before_it_answers(client):
    before = client.info("memory")["used_memory"]
    for transaction in (False, True):
        pipe = client.pipeline(transaction=False)
        for number in range(2000):
            pipe.set(f"flush:{number}", "x" * 1000)
        pipe.execute()
        assert client.info("memory")["used_memory"] > before + 1_500_000
        if transaction:
            client.pipeline(transaction=True).flushall().execute()
        else:
            client.flushall()
        assert client.info("memory")["used_memory"] < before + 500_000
