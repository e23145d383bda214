"""Deadlines of hash fields."""

import time

import pytest
import redis


def wait_until(condition, seconds=10):
    """Waits for something that the passing of time brings about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


def test_deadlines_of_fields(client):
    client.hset("h", mapping={"a": 1, "b": 2, "c": 3})
    assert client.hexpire("h", 100, "a", "none") == [1, -2]
    assert client.hpexpire("h", 50_000, "b") == [1]
    seconds = client.httl("h", "a", "b", "c", "none")
    assert 99 <= seconds[0] <= 100 and 49 <= seconds[1] <= 50 and seconds[2:] == [-1, -2]
    milliseconds = client.hpttl("h", "a")
    assert 99_000 < milliseconds[0] <= 100_000
    at = client.hexpiretime("h", "a", "c")
    assert abs(at[0] - (time.time() + 100)) < 3 and at[1] == -1
    assert client.hpersist("h", "a", "c", "none") == [1, -1, -2]
    assert client.httl("h", "a") == [-1]


def test_missing_key_and_wrong_type(client):
    assert client.httl("none", "a", "b") in ([-2, -2], None)
    client.set("s", 1)
    with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
        client.hexpire("s", 10, "a")


def test_conditions(client):
    client.hset("h", mapping={"a": 1, "b": 2})
    assert client.hexpire("h", 100, "a", xx=True) == [0]
    assert client.hexpire("h", 100, "a", nx=True) == [1]
    assert client.hexpire("h", 100, "a", nx=True) == [0]
    assert client.hexpire("h", 50, "a", gt=True) == [0]
    assert client.hexpire("h", 50, "a", lt=True) == [1]
    assert client.hexpire("h", 50, "b", gt=True) == [0]
    assert client.hexpire("h", 50, "b", lt=True) == [1]


def test_fields_disappear_and_the_last_takes_the_key_along(client):
    client.hset("h", mapping={"a": 1, "b": 2})
    client.hpexpire("h", 30, "a")
    wait_until(lambda: client.hget("h", "a") is None)
    assert client.hgetall("h") == {b"b": b"2"}
    assert client.hexists("h", "a") is False
    client.hpexpire("h", 20, "b")
    wait_until(lambda: client.exists("h") == 0)
    assert client.type("h") == b"none"


def test_fields_are_collected_without_being_asked_for(client):
    for i in range(200):
        client.hset(f"h{i}", "f", i)
        client.hpexpire(f"h{i}", 20, "f")
    wait_until(lambda: client.dbsize() == 0)


def test_deadline_in_the_past_removes_at_once(client):
    client.hset("h", mapping={"a": 1, "b": 2})
    assert client.hexpireat("h", 1, "a") == [2]
    assert client.hexpire("h", 0, "b") == [2]
    assert client.exists("h") == 0


def test_setting_a_field_again_drops_its_deadline(client):
    client.hset("h", "a", 1)
    client.hexpire("h", 100, "a")
    client.hincrby("h", "a", 1)
    assert client.httl("h", "a")[0] > 0
    client.hset("h", "a", 3)
    assert client.httl("h", "a") == [-1]


def test_deadlines_travel_with_the_hash(client):
    client.hset("h", mapping={"a": 1, "b": 2})
    client.hexpire("h", 100, "a")
    client.copy("h", "copy")
    client.rename("h", "renamed")
    for name in ("copy", "renamed"):
        assert client.httl(name, "a")[0] > 98
        assert client.httl(name, "b") == [-1]


def test_set_get_and_expire_in_one(client):
    assert client.hsetex("h", mapping={"a": "1", "b": "2"}, ex=100) == 1
    assert client.httl("h", "a")[0] > 98
    assert client.hgetex("h", "a", "none", persist=True) == [b"1", None]
    assert client.httl("h", "a") == [-1]
    assert client.hgetex("h", "b", px=50_000) == [b"2"]
    assert client.hgetdel("h", "a", "none") == [b"1", None]
    assert client.hkeys("h") == [b"b"]
    assert client.hgetdel("h", "b") == [b"2"]
    assert client.exists("h") == 0


def test_many_fields_with_deadlines(client):
    fields = {f"f{i}": i for i in range(2000)}
    client.hset("h", mapping=fields)
    assert client.hpexpire("h", 100_000, *fields) == [1] * 2000
    assert client.hlen("h") == 2000
    assert client.hpexpire("h", 20, *list(fields)[:1990]) == [1] * 1990
    wait_until(lambda: client.hlen("h") == 10)
    assert len(client.hgetall("h")) == 10
