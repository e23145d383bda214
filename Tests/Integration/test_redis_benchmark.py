"""The load generator of Redis: what it sends by itself, and commands of our own."""

import csv
import subprocess

import pytest


def benchmark(server, *options):
    result = subprocess.run(
        ["redis-benchmark", "-h", server.host, "-p", str(server.port), "--csv", *map(str, options)],
        capture_output=True, text=True, timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "error" not in (result.stdout + result.stderr).lower(), result.stdout + result.stderr
    return {row["test"]: float(row["rps"]) for row in csv.DictReader(result.stdout.splitlines())}


@pytest.mark.parametrize("depth", [1, 16])
def test_standard_tests_run(server, depth):
    rates = benchmark(server, "-n", 5000, "-c", 50, "-P", depth, "-t", "ping,set,get,incr,hset,mset")
    assert {name.split()[0] for name in rates} >= {"PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "HSET", "MSET"}
    assert all(rate > 0 for rate in rates.values())


@pytest.mark.parametrize("depth", [1, 16])
def test_own_commands_over_many_keys(server, connect, depth):
    client = connect()
    client.flushall()
    benchmark(server, "-n", 20_000, "-c", 50, "-P", depth, "-r", 10_000, "HSET", "key:__rand_int__", "f", "v")
    benchmark(server, "-n", 20_000, "-c", 50, "-P", depth, "-r", 10_000, "HGET", "key:__rand_int__", "f")
    # 20 000 draws of 10 000 keys leave about 13.5 % of them out.
    assert 8_000 < client.dbsize() < 9_500


def test_values_of_64_kilobytes(server):
    assert benchmark(server, "-n", 2000, "-c", 10, "-d", 65536, "-t", "set,get")
