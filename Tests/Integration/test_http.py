"""The HTTP side: health, figures, index."""

import http.client
import json
import re
import shutil
import subprocess

import pytest
import redis


@pytest.fixture
def get(server):
    if server.http_port is None:
        pytest.skip("the server under test has no HTTP port")

    def request(path, method="GET", headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=10)
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode(), dict(response.getheaders())
        finally:
            connection.close()

    return request


def figures(text):
    """The samples of an exposition by name and labels."""
    samples = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            samples[name] = float(value)
    return samples


def test_health(get):
    status, text, _ = get("/healthz")
    assert (status, text) == (200, "ok\n")


def test_index_names_the_rest(get):
    status, text, headers = get("/")
    assert status == 200
    assert "/metrics" in text and "/healthz" in text
    assert headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/nothing", "/metrics/more", "/..%2f..%2fetc/passwd"])
def test_unknown_paths(get, path):
    assert get(path)[0] == 404


def test_other_methods(get):
    assert get("/healthz", method="HEAD")[0] == 200
    for method in ["POST", "PUT", "DELETE", "OPTIONS"]:
        status, text, headers = get("/metrics", method=method)
        assert status == 405 and headers["Allow"] == "GET, HEAD" and "GET" in text


@pytest.mark.parametrize("path", ["/debug/maps/none", "/nothing", "/dashboard/map?name=none"])
def test_what_is_missing_is_said(get, path):
    status, text, _ = get(path)
    assert status == 404 and text.startswith("There is no")


@pytest.mark.parametrize("path", ["/", "/metrics", "/debug/maps/db0", "/dashboard/state", "/events"])
def test_names_of_other_machines_are_refused(get, path):
    """A page from elsewhere whose name leads to 127.0.0.1 must not read keys."""
    status, text, _ = get(path, headers={"Host": "evil.example:8080"})
    assert status == 421 and "localhost" in text
    assert get("/healthz", headers={"Host": "localhost:8080"})[0] == 200


def test_bytes_are_counted(start_server):
    server = start_server()
    with redis.Redis(port=server.port) as client:
        client.set("key", b"x" * 100_000)
        client.get("key")
        assert client.info("stats")["total_net_input_bytes"] >= 100_000
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=10)
    connection.request("GET", "/metrics")
    samples = figures(connection.getresponse().read().decode())
    connection.close()
    assert samples["strata_received_bytes_total"] >= 100_000
    assert samples["strata_sent_bytes_total"] >= 100_000


def test_metrics_follow_what_clients_do(get, connect):
    client = connect()
    client.flushall()
    before = figures(get("/metrics")[1])
    client.hset("h", "f", 1)
    for _ in range(10):
        client.hget("h", "f")
    for _ in range(3):
        client.get("none")
    after = figures(get("/metrics")[1])

    def change(name):
        return after[name] - before.get(name, 0)

    assert change('cache_hits_total{cache_name="db0"}') >= 10
    assert change('cache_misses_total{cache_name="db0"}') >= 3
    assert change("strata_commands_total") >= 14
    assert after['cache_entries{cache_name="db0"}'] == 1
    assert after["strata_connected_clients"] >= 1
    assert after["strata_uptime_seconds"] > 0
    assert 'cache_evictions_total{cache_name="db0"}' in after
    assert 'cache_expired_fields_total{cache_name="db0"}' in after
    assert change('cache_request_duration_seconds_count{cache_name="db0",operation="get"}') >= 1
    assert 0 < after['cache_load_factor{cache_name="db0"}'] <= 1
    assert after['cache_bytes{cache_name="db0"}'] > 0


def test_removals_are_counted(start_server):
    server = start_server("--max-memory", "5mb", "--eviction-policy", "allkeys-random")
    with redis.Redis(port=server.port) as client:
        client.set("short", 1, px=1)
        client.hset("h", mapping={"a": 1, "b": 2})
        client.hpexpire("h", 1, "a")
        while client.exists("short") or client.hlen("h") > 1:
            pass
        pipeline = client.pipeline(transaction=False)
        for i in range(2000):
            pipeline.set(f"key:{i}", b"x" * 5_000)
        pipeline.execute()
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=10)
    connection.request("GET", "/metrics")
    samples = figures(connection.getresponse().read().decode())
    connection.close()
    assert samples['cache_expired_keys_total{cache_name="db0"}'] >= 1
    assert samples['cache_expired_fields_total{cache_name="db0"}'] >= 1
    assert samples['cache_evictions_total{cache_name="db0"}'] > 500


def test_metrics_are_well_formed(get):
    status, text, headers = get("/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    name = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
    for line in text.splitlines():
        assert re.fullmatch(rf'# (HELP|TYPE) {name} .+|{name}(\{{[^}}]*\}})? (\S+)', line), line
    labels = 'cache_name="db0",operation="get"'
    buckets = [value for key, value in figures(text).items() if f"cache_request_duration_seconds_bucket{{{labels}," in key]
    assert buckets == sorted(buckets)
    assert buckets[-1] == figures(text)[f"cache_request_duration_seconds_count{{{labels}}}"]


def test_openmetrics_is_answered_where_it_is_accepted(get):
    text, headers = get("/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"})[1:]
    assert headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert text.endswith("# EOF\n")


def test_maps_are_described(get, connect):
    client = connect()
    for _ in range(400):
        client.hset("hot", "f", 1)
        client.hget("hot", "f")
    status, text, headers = get("/debug/maps")
    assert status == 200
    assert headers["Content-Type"].startswith("application/json")
    assert "db0" in [entry["name"] for entry in json.loads(text)["maps"]]
    report = json.loads(get("/debug/maps/db0")[1])
    assert report["figures"]["count"] >= 1
    assert "hot" in [key["text"] for key in report["hotKeys"]["keys"]]
    assert get("/debug/maps/none")[0] == 404


def test_metrics_pass_prometheus_own_check(get):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    result = subprocess.run([promtool, "check", "metrics"], input=get("/metrics")[1], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
