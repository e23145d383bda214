"""Alert rules, Alertmanager's configuration and the Grafana dashboard: what Prometheus' own tools say of them."""

import json
import re
import shutil
import subprocess

import pytest

from harness import ROOT, run_strata

OBSERVABILITY = ROOT / "Observability"
RULES = OBSERVABILITY / "prometheus" / "strata.rules.yml"
DASHBOARD = OBSERVABILITY / "grafana" / "strata.json"


def tool(name):
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed (Debian: prometheus, prometheus-alertmanager)")
    return path


def check(*command):
    result = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_file_is_what_the_command_prints():
    result = run_strata("rules")
    assert result.returncode == 0, result.stderr
    assert result.stdout == RULES.read_text(), "run: strata rules > Observability/prometheus/strata.rules.yml"


@pytest.mark.parametrize("options", [[], ["--windows", "short"], ["--threshold", "memory-warning=0.5"]])
def test_prometheus_takes_the_rules(tmp_path, options):
    path = tmp_path / "rules.yml"
    path.write_text(run_strata("rules", *options).stdout)
    assert "28 rules found" in check(tool("promtool"), "check", "rules", path)


def test_rules_do_what_they_are_for():
    check(tool("promtool"), "test", "rules", RULES.with_name("strata.rules.test.yml"))


def test_every_pair_is_tested():
    rules = set(re.findall(r"- alert: (\w+)", RULES.read_text()))
    tests = RULES.with_name("strata.rules.test.yml").read_text()
    for name in rules:
        parts = tests.split(f"# {name}: ")[1:]
        assert any(part.startswith("nothing") for part in parts), name
        assert any(part.startswith("a warning") for part in parts), name
        assert any(part.startswith("both") for part in parts), name


def test_configurations_are_valid():
    check(tool("promtool"), "check", "config", OBSERVABILITY / "prometheus" / "prometheus.yml")
    check(tool("amtool"), "check-config", OBSERVABILITY / "alertmanager" / "alertmanager.yml")


@pytest.mark.parametrize("options,complaint", [
    (["--threshold", "memory=0.5"], "there is no 'memory'"),
    (["--threshold", "memory-warning=7"], "memory-warning must be a number from 0 to 1"),
    (["--threshold", "memory-warning"], "not of the form name=value"),
    (["--threshold", "memory-critical=0.1"], "would be reached before"),
    (["--windows", "long"], "--windows: there is no 'long'"),
])
def test_bad_thresholds_are_refused(options, complaint):
    result = run_strata("rules", *options)
    assert result.returncode != 0
    assert complaint in result.stderr


def expressions():
    """All queries of the dashboard, with Grafana's variables replaced."""
    found = []
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", []):
            found.append(target["expr"].replace("$__rate_interval", "5m").replace("$cache", ".*").replace("$instance", ".*"))
    return found


def test_dashboard_is_complete():
    dashboard = json.loads(DASHBOARD.read_text())
    assert dashboard["schemaVersion"] >= 36 and dashboard["uid"] and dashboard["title"]
    identifiers = [panel["id"] for panel in dashboard["panels"]]
    assert len(identifiers) == len(set(identifiers))
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for index, one in enumerate(places):
        for other in places[index + 1:]:
            apart = (
                one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
                or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
            )
            assert apart, (one, other)
    assert len(expressions()) >= 12


def test_prometheus_parses_the_dashboards_queries(tmp_path):
    lines = ["groups:", "  - name: dashboard", "    rules:"]
    for index, expression in enumerate(expressions()):
        lines += [f"      - record: dashboard:query:{index}", "        expr: " + json.dumps(expression)]
    path = tmp_path / "queries.yml"
    path.write_text("\n".join(lines) + "\n")
    check(tool("promtool"), "check", "rules", path)


def test_queries_use_names_that_the_program_exports():
    sources = "\n".join(path.read_text() for path in (ROOT / "Sources").rglob("*.swift"))
    exported = set(re.findall(r'"((?:cache|strata|process)_[a-z0-9_]+)"', sources))
    recorded = set(re.findall(r"record: (\S+)", RULES.read_text()))
    texts = [*expressions(), *re.findall(r"expr: (.*)", RULES.read_text())]
    for text in texts:
        # Neither labels, which follow 'by (' or stand before '=', nor what is in braces.
        bare = re.sub(r"\{[^}]*\}|by \([^)]*\)", "", text)
        for name in re.findall(r"\b(?:cache|strata|process)[_:][a-z0-9_:]+", bare):
            base = re.sub(r"_(bucket|count|sum)$", "", name)
            assert name in recorded or name in exported or base in exported, f"{name} in {text}"
