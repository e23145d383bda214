"""The command line client of Redis."""

import re
import subprocess

import pytest

pytestmark = pytest.mark.usefixtures("emptied")


@pytest.fixture
def emptied(cli):
    assert cli("FLUSHALL").strip() == "OK"


@pytest.fixture(scope="module")
def cli(server):
    def run(*words, options=(), stdin=None):
        result = subprocess.run(
            ["redis-cli", "-h", server.host, "-p", str(server.port), *options, *map(str, words)],
            input=stdin, capture_output=True, timeout=60, **({} if isinstance(stdin, bytes) else {"text": True}),
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


def test_a_session_with_hashes(cli):
    assert cli("HSET", "user:1", "name", "Ada", "born", 1815) == "2\n"
    assert cli("HGET", "user:1", "name") == "Ada\n"
    assert cli("HGETALL", "user:1") == "name\nAda\nborn\n1815\n"
    assert cli("HINCRBY", "user:1", "born", 1) == "1816\n"
    assert cli("HGET", "user:1", "none") == "\n"
    assert cli("DEL", "user:1") == "1\n"


def test_replies_as_people_see_them(cli):
    assert cli("SET", "s", "1", options=["--no-raw"]) == "OK\n"
    assert cli("GET", "s", options=["--no-raw"]) == '"1"\n'
    assert cli("GET", "none", options=["--no-raw"]) == "(nil)\n"
    assert cli("INCR", "s", options=["--no-raw"]) == "(integer) 2\n"
    assert cli("HSET", "s", "f", "v", options=["--no-raw"]) == (
        "(error) WRONGTYPE Operation against a key holding the wrong kind of value\n"
    )
    assert cli("NOSUCH", "a", "b").startswith("ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b'")


def test_maps_and_nulls_in_the_newer_protocol(cli):
    cli("HSET", "h", "f", "v")
    assert cli("HGETALL", "h", options=["-3", "--no-raw"]) == '1# "f" => "v"\n'
    assert cli("HGETALL", "h", options=["-2", "--no-raw"]) == '1) "f"\n2) "v"\n'
    assert cli("GET", "none", options=["-3", "--no-raw"]) == "(nil)\n"


def test_commands_from_standard_input(cli):
    lines = "SET a 1\nINCRBY a 41\nGET a\n\nMULTI\nINCR a\nEXEC\n"
    assert cli(stdin=lines).split() == ["OK", "42", "42", "OK", "QUEUED", "43"]


def test_pipe_mode_loads_many_commands(cli):
    count = 20_000
    commands = b"".join(
        b"*4\r\n$4\r\nHSET\r\n$%d\r\nk:%d\r\n$1\r\nf\r\n$%d\r\n%d\r\n" % (len(b"k:%d" % i), i, len(b"%d" % i), i)
        for i in range(count)
    )
    output = cli(options=["--pipe"], stdin=commands).decode()
    assert f"errors: 0, replies: {count}" in output
    assert cli("DBSIZE") == f"{count}\n"
    assert cli("HGET", "k:19999", "f") == "19999\n"


def test_scan_mode_lists_every_key(cli):
    cli("MSET", *[word for i in range(500) for word in (f"key:{i}", i)])
    assert set(cli(options=["--scan", "--pattern", "key:1*"]).split()) == {
        f"key:{i}" for i in range(500) if str(i).startswith("1")
    }


def test_info_and_configuration_are_readable(cli):
    assert "redis_version:" in cli("INFO", "server")
    assert "db0:keys=1" in (cli("SET", "a", 1) and cli("INFO", "keyspace"))
    assert cli("CONFIG", "GET", "maxmemory").split() == ["maxmemory", "0"]


def test_big_keys_mode_finds_the_hash(cli):
    cli("HSET", "big", *[word for i in range(300) for word in (i, i)])
    # Versions of the client say "with" or "has".
    assert re.search(r"""Biggest   hash found '"big"' (has|with) 300 fields""", cli(options=["--bigkeys"]))
