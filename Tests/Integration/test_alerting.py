"""A real Prometheus and a real Alertmanager watch a server that fills up: the warning arrives, then the critical alert, which silences it."""

import contextlib
import http.client
import http.server
import json
import re
import shutil
import subprocess
import threading
import time

import pytest
import redis

from harness import ROOT, free_port, run_strata

DEADLINE = 60


class Receiver:
    """A webhook: keeps what Alertmanager sends, in order."""

    def __init__(self):
        self.alerts, self.changed = [], threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with receiver.changed:
                    receiver.alerts += message["alerts"]
                    receiver.changed.notify_all()
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def count(self, name, severity, status="firing", since=0):
        return sum(
            alert["status"] == status and alert["labels"]["alertname"] == name and alert["labels"]["severity"] == severity
            for alert in self.alerts[since:]
        )

    def wait(self, condition, what):
        with self.changed:
            assert self.changed.wait_for(condition, DEADLINE), f"{what} did not arrive; there were {self.alerts}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def until(condition, what):
    """Asks again and again until something holds."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if result := condition():
                return result
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {DEADLINE} s")


@pytest.fixture
def launch(tmp_path):
    """Starts programs, and ends them by their process id."""
    started = []

    def start(name, *arguments):
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is not installed (Debian: prometheus, prometheus-alertmanager)")
        log = open(tmp_path / f"{name}.log", "wb")
        process = subprocess.Popen([path, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        started.append((process, log))
        return process

    yield start
    for process, log in started:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


def watch(launch, tmp_path, server, receiver, *thresholds):
    """Starts an Alertmanager and a Prometheus that scrapes the server; returns the port of the former."""
    # The file that is published, with this test's receiver and without waiting.
    text = (ROOT / "Observability" / "alertmanager" / "alertmanager.yml").read_text()
    text = text.replace("127.0.0.1:9095", f"127.0.0.1:{receiver.port}")
    for published in ("group_wait: 10s", "group_interval: 1m", "repeat_interval: 4h"):
        assert published in text
        text = text.replace(published, published.split(":")[0] + ": 1s")
    (tmp_path / "alertmanager.yml").write_text(text)
    rules = run_strata("rules", "--windows", "short", *(word for pair in thresholds for word in ("--threshold", pair)))
    assert rules.returncode == 0, rules.stderr
    (tmp_path / "strata.rules.yml").write_text(rules.stdout)
    alertmanager, prometheus = free_port(), free_port()
    config = {
        "global": {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "1s"},
        "rule_files": ["strata.rules.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager}"]}]}]},
        "scrape_configs": [
            {"job_name": "strata", "static_configs": [{"targets": [f"127.0.0.1:{server.http_port}"]}]}
        ],
    }
    # What is JSON is also YAML.
    (tmp_path / "prometheus.yml").write_text(json.dumps(config))
    launch(
        "prometheus-alertmanager", f"--config.file={tmp_path / 'alertmanager.yml'}", f"--storage.path={tmp_path / 'am'}",
        f"--web.listen-address=127.0.0.1:{alertmanager}", "--cluster.listen-address=",
    )
    launch(
        "prometheus", f"--config.file={tmp_path / 'prometheus.yml'}", f"--storage.tsdb.path={tmp_path / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{prometheus}",
    )
    until(lambda: get(alertmanager, "/-/ready")[0] == 200, "Alertmanager is ready")
    until(lambda: get(prometheus, "/-/ready")[0] == 200, "Prometheus is ready")
    until(lambda: b'"health":"up"' in get(prometheus, "/api/v1/targets")[1], "the server is scraped")
    return alertmanager


def used_share(client):
    memory = client.info("memory")
    return memory["used_memory"] / memory["maxmemory"]


def fill(client, share, first):
    """Writes keys until that share of the memory is used; returns the number of the next key."""
    number = first
    while used_share(client) < share:
        pipeline = client.pipeline(transaction=False)
        for number in range(number, number + 8):
            pipeline.set(f"key:{number}", b"x" * 8_000)
        pipeline.execute()
        number += 1
    return number


def test_warning_then_critical_which_silences_it(start_server, launch, receiver, tmp_path):
    server = start_server("--max-memory", "32mb")
    name = "MemoryBudgetNearlyUsed"
    alertmanager = watch(launch, tmp_path, server, receiver, "memory-warning=0.6", "memory-critical=0.8")
    with redis.Redis(port=server.port) as client:
        number = fill(client, 0.4, 0)
        assert receiver.count(name, "warning") == 0
        number = fill(client, 0.66, number)
        receiver.wait(lambda: receiver.count(name, "warning"), "the warning")
        assert receiver.count(name, "critical") == 0
        fill(client, 0.86, number)
        receiver.wait(lambda: receiver.count(name, "critical"), "the critical alert")

        def silenced():
            alerts = json.loads(get(alertmanager, "/api/v2/alerts")[1])
            return [
                alert for alert in alerts
                if alert["labels"]["alertname"] == name and alert["labels"]["severity"] == "warning"
                and alert["status"]["state"] == "suppressed" and alert["status"]["inhibitedBy"]
            ]

        until(silenced, "the warning is silenced")
        # The critical alert is repeated, the warning isn't: what was under way when it was silenced may still arrive.
        receiver.wait(lambda: receiver.count(name, "critical") >= 2, "the critical alert again")
        since = len(receiver.alerts)
        receiver.wait(lambda: receiver.count(name, "critical", since=since) >= 3, "the critical alert three times more")
        assert receiver.count(name, "warning", since=since) == 0
        client.flushall()
        receiver.wait(lambda: receiver.count(name, "critical", "resolved"), "the end of the critical alert")


def test_forecast_warns_and_then_presses_before_memory_is_full(start_server, launch, receiver, tmp_path):
    """Growth that would fill the memory in two minutes, to a server whose operators need 15 seconds."""
    server = start_server("--max-memory", "32mb", "--eviction-policy", "noeviction", "--forecast-lead", "15")
    watch(launch, tmp_path, server, receiver)
    name, seconds, arrived = "LimitAhead", 120, {}
    with redis.Redis(port=server.port) as client:
        first, start, number = used_share(client), time.monotonic(), 0
        while "critical" not in arrived:
            share = first + (1 - first) * (time.monotonic() - start) / seconds
            assert share < 0.99, f"the memory is nearly full, and there were only {arrived}"
            number = fill(client, share, number)
            for severity in ("warning", "critical"):
                if severity not in arrived and receiver.count(name, severity):
                    arrived[severity] = share
            time.sleep(0.1)
        assert "warning" in arrived and arrived["warning"] < arrived["critical"], arrived
        status, text = get(server.http_port, "/debug/maps")
        (forecast,) = json.loads(text)["forecasts"]
        assert status == 200 and forecast["name"] == "memory" and forecast["warning"] == "critical"
        # Ahead of the limit by what was asked for, give or take what scraping and telling take.
        assert 0 < forecast["secondsUntilLimit"] < 15
        client.flushall()
        receiver.wait(lambda: receiver.count(name, "critical", "resolved"), "the end of the critical alert")


def test_forecast_is_silent_where_entries_make_room(start_server):
    """A cache that is full is what it is there for."""
    server = start_server("--max-memory", "8mb", "--forecast-lead", "15")
    with redis.Redis(port=server.port) as client:
        fill(client, 0.9, 0)
        for number in range(2000):
            client.set(f"more:{number}", b"x" * 8_000)

    def shown():
        text = get(server.http_port, "/metrics")[1].decode()
        return re.search(r'^strata_forecast_warning\{cache_name="memory"\} (\S+)$', text, re.MULTILINE)

    assert until(shown, "a forecast").group(1) == "0"
    report = json.loads(get(server.http_port, "/debug/maps")[1])
    assert report["forecasts"][0]["makesRoom"] is True and report["forecasts"][0]["warning"] == "none"
