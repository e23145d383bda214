"""Iteration with cursors: everything that is there throughout is seen, whatever else changes."""

import random


def test_every_key_is_seen(client):
    expected = {f"key:{i}".encode() for i in range(10_000)}
    client.mset({key: 1 for key in expected})
    assert set(client.scan_iter(count=100)) == expected


def test_options_select(client):
    client.mset({f"s:{i}": 1 for i in range(100)})
    for i in range(100):
        client.hset(f"h:{i}", "f", i)
    assert len(set(client.scan_iter(match="s:*"))) == 100
    assert len(set(client.scan_iter(_type="hash"))) == 100
    assert set(client.scan_iter(match="h:[0-4]", _type="hash")) == {f"h:{i}".encode() for i in range(5)}
    assert list(client.scan_iter(match="nothing*")) == []


def test_keys_that_stay_are_seen_while_the_table_grows_and_shrinks(client):
    seed = random.randrange(1 << 32)
    generator = random.Random(seed)
    staying = {f"stay:{i}".encode() for i in range(2_000)}
    client.mset({key: 1 for key in staying})
    seen, cursor, extra = set(), 0, []
    first = True
    while first or cursor:
        first = False
        cursor, keys = client.scan(cursor, count=50)
        seen.update(key for key in keys if key.startswith(b"stay:"))
        if generator.random() < 0.5:
            added = [f"extra:{len(extra) + i}" for i in range(500)]
            client.mset({key: 1 for key in added})
            extra += added
        elif extra:
            client.delete(*extra)
            extra = []
    assert seen == staying, f"seed {seed}"


def test_every_field_is_seen(client):
    for size in (1, 10, 128, 129, 5_000):
        client.delete("h")
        expected = {f"f{i}".encode(): str(i).encode() for i in range(size)}
        client.hset("h", mapping=expected)
        assert dict(client.hscan_iter("h", count=20)) == expected
        assert dict(client.hscan_iter("h", match="f0")) == {b"f0": b"0"}
        assert set(client.hscan_iter("h", no_values=True)) == set(expected)


def test_fields_that_stay_are_seen_while_others_come_and_go(client):
    staying = {f"stay:{i}".encode() for i in range(1_000)}
    client.hset("h", mapping={key: 1 for key in staying})
    seen, cursor, round_number = set(), 0, 0
    first = True
    while first or cursor:
        first = False
        cursor, fields = client.hscan("h", cursor, count=20)
        seen.update(field for field in fields if field.startswith(b"stay:"))
        names = [f"extra:{i}" for i in range(400)]
        if round_number % 2 == 0:
            client.hset("h", mapping={name: 1 for name in names})
        else:
            client.hdel("h", *names)
        round_number += 1
    assert seen == staying
