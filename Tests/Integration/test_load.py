"""`strata load` against a running server."""

import gzip
import random
import re
import struct

import pytest

from harness import free_port, run_strata


def write_trace(path, keys):
    data = struct.pack(f"<{len(keys)}Q", *keys)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["trace.u64", "trace.u64.gz"])
def test_counts_hits_and_misses(server, connect, tmp_path, name):
    client = connect()
    client.flushall()
    seed = random.randrange(1 << 32)
    generator = random.Random(seed)
    keys = [int(generator.paretovariate(0.8)) % (1 << 62) for _ in range(20_000)]
    result = run_strata("load", "--trace", write_trace(tmp_path / name, keys), "--port", server.port, "--value-bytes", 32)
    assert result.returncode == 0, result.stderr
    report = dict(re.findall(r"^(\S[^\n]*?)  +(.*)$", result.stdout, re.MULTILINE))
    distinct = len(set(keys))
    assert report["requests"] == "20000", f"seed {seed}"
    assert report["misses"] == str(distinct), f"seed {seed}"
    assert report["hits"] == str(20_000 - distinct), f"seed {seed}"
    assert abs(float(report["hit ratio"]) - (20_000 - distinct) / 20_000) < 0.0001
    assert "commands/s" in report["rate"]
    assert re.match(r"P50 .*P99 .*P99\.9 .*max ", report["HGET latency"])
    assert client.dbsize() == distinct
    assert client.hstrlen(client.randomkey(), "v") == 32


def test_mistakes_are_named(server, tmp_path):
    odd = tmp_path / "odd.u64"
    odd.write_bytes(b"123")
    false_name = tmp_path / "plain.gz"
    false_name.write_bytes(b"12345678")
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b"12345678" * 100)[:-10])
    for arguments, message in [
        (["--trace", odd], "odd.u64 is no trace: it holds 3 bytes"),
        (["--trace", false_name], "isn't compressed with gzip"),
        (["--trace", cut], "cut.gz is damaged"),
        (["--trace", tmp_path / "none"], "there is no file"),
        (["--trace", write_trace(tmp_path / "ok", [1]), "--connections", 0], "--connections must be from 1"),
    ]:
        result = run_strata("load", "--port", server.port, *arguments)
        assert result.returncode != 0
        assert message in result.stderr
    nobody = free_port()
    result = run_strata("load", "--trace", tmp_path / "ok", "--port", nobody)
    assert result.returncode != 0
    assert f"can't connect to 127.0.0.1:{nobody}: Connection refused" in result.stderr


def test_a_password_is_asked_for(start_server, tmp_path):
    (tmp_path / "password").write_text("open sesame\n")
    server = start_server("--password-file", tmp_path / "password")
    trace = write_trace(tmp_path / "trace.u64", range(1000))
    result = run_strata("load", "--trace", trace, "--port", server.port)
    assert result.returncode != 0
    assert "the server wants a password: give one with --password-file" in result.stderr
    assert "rate" not in result.stdout
    result = run_strata("load", "--trace", trace, "--port", server.port, "--password-file", tmp_path / "password")
    assert result.returncode == 0, result.stderr
