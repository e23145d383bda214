"""A made-up server for the dashboard: the real page, with figures that show everything it can show.

It serves the page's files from the sources and figures from a seeded generator, so that pictures can be looked at and measured without waiting for
a server to have had an eviction storm. Run it by hand with: python synthetic.py [port] [scene]
"""

import http.server
import json
import math
import random
import sys
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs, urlparse

ASSETS = Path(__file__).resolve().parents[3] / "Sources" / "StrataServer" / "Dashboard" / "Assets"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
          "frame-ancestors 'none'")
BOUNDS = [0 if row == 0 else 2 ** (5 + row // 2) * (1 if row % 2 == 0 else 1.5) / 1e9 for row in range(46)]
SCENES = ["busy", "quiet", "empty", "trouble", "hostile"]


class Scene:
    """The figures of one kind of server at any second."""

    def __init__(self, name, now, seed=7):
        self.name, self.start, self.seed = name, now, seed
        self.hostile = name == "hostile"

    def _random(self, second):
        return random.Random(f"{self.seed} {second}")

    def point(self, second):
        """What one second was like."""
        draw = self._random(second)
        age = second - self.start
        if self.name == "empty":
            return {"time": second, "requests": 0, "tiers": [None] * 3, "heat": [], "collision": None, "loadFactor": None, "clients": 0,
                    "memory": 180_000, "load": 0.01, "entries": 0, "p99": None}
        storm = -150 < age < -126
        growth = -215 < age < -190
        rate = 42_000 * (1 + 0.25 * math.sin(age / 40) + 0.06 * draw.gauss(0, 1)) * (0.002 if self.name == "quiet" else 1)
        heat = {}
        parts = [(0.70, 0.6e-6, 0.35), (0.24, 1.5e-6, 0.4), (0.05, 6e-6, 0.5), (0.008, 40e-6, 0.7), (0.0012, 220e-6, 0.8)]
        if storm:
            parts = [(0.5, 0.8e-6, 0.4), (0.3, 3e-6, 0.5), (0.15, 30e-6, 0.7), (0.045, 200e-6, 0.6), (0.004, 2e-3, 0.7)]
        if growth:
            parts = parts[:3] + [(0.03, 25e-6, 0.5), (0.002, 400e-6, 0.5)]
        for share, middle, width in parts:
            for row, low in enumerate(BOUNDS):
                centre = math.log(max(low, 30e-9) * 1.2 / middle)
                amount = rate * share * math.exp(-centre * centre / (2 * width * width)) * 0.4 / width
                amount = int(amount * (1 + 0.2 * draw.random()) + draw.random() * 0.9)
                if amount > 0:
                    heat[row] = heat.get(row, 0) + amount
        near = 0.86 - (0.28 if storm else 0) + 0.015 * draw.gauss(0, 1)
        far = 0.10 + (0.12 if storm else 0) + 0.006 * draw.gauss(0, 1)
        near, far = min(max(near, 0), 0.97), min(max(far, 0), 0.03 + 0.2)
        load_factor = 0.44 + 0.42 * ((age + 215) % 600) / 600 if not growth else 0.86 - 0.4 * (age + 215) / 25
        return {
            "time": second, "requests": rate, "tiers": [near, far, max(1 - near - far, 0)],
            "heat": [figure for row in sorted(heat) for figure in (row, heat[row])],
            "collision": 0.004 + 0.11 * load_factor ** 6 + 0.002 * draw.random(), "loadFactor": load_factor,
            "clients": 64 + int(8 * math.sin(age / 60)) + (30 if storm else 0), "memory": 610e6 + 0.62e6 * age, "entries": 2_400_000 + 2_500 * age,
            "load": 0.38 + 0.1 * math.sin(age / 50) + (0.35 if storm else 0), "p99": 210e-6 if storm else 12e-6 + 2e-6 * draw.random(),
        }

    def past(self, span, now):
        """An hour by ten seconds, or a day by five minutes."""
        step = 10 if span == 3600 else 300
        # The figures of the last five minutes, stretched.
        points = [self.point(self.start - 300 + (second - now + span) * 300 // span) | {"time": second} for second in range(now - span, now, step)]
        events = [event | {"time": now + (event["time"] - self.start) * span / 300, "until": None} for event in self.events()]
        return {"span": span, "step": step, "points": points, "events": events}

    def events(self):
        """What happened in the last minutes."""
        if self.name in ("empty", "quiet"):
            return [self._event(0, -280, "start", "server", "the server started")]
        events = [
            self._event(1, -215, "growth", "sessions", "sessions grew from 2 M to 4 M slots", until=-190),
            self._event(2, -150, "evictionStorm", "db0", "db0 evicted 18 400 entries in a second, usually 120"),
            self._event(3, -144, "breakerChange", "cache-2", "the breaker cache-2 opened"),
            self._event(4, -120, "breakerChange", "cache-2", "the breaker cache-2 closed"),
            self._event(5, -96, "expirySweep", "db0", "db0 removed 52 000 expired entries"),
            self._event(6, -60, "shrink", "tokens", "tokens shrank from 512 k to 256 k slots"),
            self._event(7, -22, "forecastWarning", "db0", "memory is going to be full within the hour"),
        ]
        if self.hostile:
            events.append(self._event(8, -10, "cleaning", "<b>x</b>" * 6, "<script>alert(1)</script> was cleaned " * 3))
        return events

    def _event(self, number, offset, kind, name, text, until=None):
        return {"number": number, "time": self.start + offset, "until": None if until is None else self.start + until, "kind": kind, "name": name, "text": text}

    def _health(self):
        if self.name == "empty":
            return {"level": "good", "headline": "Ready, and waiting for the first request", "reasons": []}
        if self.name == "quiet":
            return {"level": "good", "headline": "Everything is fine", "reasons": [{"level": "good", "text": "96.1 % of lookups are answered from memory, 99 % within 14 µs."}]}
        if self.name == "trouble":
            return {"level": "critical", "headline": "2 things need attention now", "reasons": [
                {"level": "critical", "text": "Memory will be full in 14 min (between 11 and 19 min): it grows by 37 MB a minute."},
                {"level": "critical", "text": "The breaker of cache-2 is open: its keys are answered by the source, which is slower."},
                {"level": "warning", "text": "Only 62 % of lookups find something; below 70 % a cache hardly pays."}]}
        return {"level": "warning", "headline": "One thing to look at", "reasons": [
            {"level": "warning", "text": "Memory will be full in 41 min (between 33 and 52 min): it grows by 37 MB a minute."}]}

    def hot_keys(self):
        """The keys asked for most."""
        if self.name == "empty":
            return {"map": "db0", "total": 0, "overcount": 0, "keys": [], "hidden": None}
        total = 2_400_000
        names = ["user:8121", "cart:77120:items", "session:9f31ac04e1", "product:1182", "flags", "user:17", "price:eur", "product:77", "geo:52.5:13.4", "user:4"]
        if self.hostile:
            names = ["<img src=x onerror=alert(1)>", "\u202eevil\u202c", "k" * 96 + "…", "</script><script>alert(2)</script>", "日本語のキー:1", "🔥" * 40, "a b\\u{7}c", '"quoted"', "'", "&amp;"]
        keys = []
        for index, name in enumerate(names):
            amount = total * 0.062 / (index + 1) ** 0.8
            keys.append({"text": name, "count": amount, "overcount": total / 128 * 0.15 * index / 4, "samplingError": math.sqrt(amount * 64), "share": amount / total})
        return {"map": "db0", "total": total, "overcount": total / 128, "keys": keys, "hidden": None}

    def shards(self, name="db0"):
        if self.name == "empty":
            return {"map": name, "counts": [0] * 32, "requests": [], "imbalance": None, "requestImbalance": None}
        draw = random.Random(self.seed)
        counts = [int(75_000 + 900 * draw.gauss(0, 1)) for _ in range(32)]
        requests = [int(1_300 + 160 * draw.gauss(0, 1)) for _ in range(32)]
        requests[11] *= 2
        ratio = lambda values: max(values) * len(values) / sum(values)
        return {"map": name, "counts": counts, "requests": requests, "imbalance": ratio(counts), "requestImbalance": ratio(requests)}

    def forecasts(self, second):
        if self.name == "empty":
            return []
        limit, level = 1024 ** 3, 610e6 + 0.62e6 * (second - self.start)
        left = (limit - level) / (165e3 if self.name != "trouble" else 500e3)
        history = [[second - 7200 + step * 60, level - (7200 - step * 60) * 55e3 + 3e6 * math.sin(step / 3)] for step in range(121)]
        course = [[second + ahead * left / 10, level + (limit - level) * ahead / 10, level + (limit - level) * ahead / 10 * 0.8,
                   level + (limit - level) * ahead / 10 * 1.25] for ahead in range(31)]
        slots = 4_194_304 * 0.875
        return [
            {"name": "memory", "title": "Memory of the server", "unit": "bytes", "level": level, "limit": limit, "limitText": "limit 1 GB", "secondsLeft": left,
             "earliest": left * 0.8, "latest": left * 1.25, "confidence": 0.86, "warning": "warning", "shape": "linear",
             "text": f"full in {left / 60:.0f} min, grows by 37 MB a minute", "history": history, "course": course},
            {"name": "sessions", "title": "Entries of sessions until it grows", "unit": "count", "level": 2_400_000, "limit": slots, "limitText": "grows at 3.67 M",
             "secondsLeft": None, "earliest": None, "latest": None, "confidence": 0.9, "warning": "none", "shape": "flat", "text": "no limit in sight: it hardly grows",
             "history": [[second - 7200 + step * 60, 2_380_000 + 9_000 * math.sin(step / 9)] for step in range(121)],
             "course": [[second + ahead * 600, 2_400_000, 2_370_000, 2_430_000] for ahead in range(31)]},
        ]

    def state(self, second):
        """Everything that isn't a course over time."""
        point = self.point(second)
        empty = self.name == "empty"
        memory = {"used": point["memory"], "limit": None if empty else 1024 ** 3, "parts": [] if empty else [
            {"name": "strings", "bytes": point["memory"] * 0.31, "count": 1_100_000}, {"name": "compact hashes", "bytes": point["memory"] * 0.42, "count": 900_000},
            {"name": "hash tables", "bytes": point["memory"] * 0.17, "count": 21_000}, {"name": "tables of keys", "bytes": point["memory"] * 0.10, "count": None}]}
        names = ["db0", "sessions", "tokens", "products", "buffers"] if not self.hostile else ["<i>db0</i>", "n" * 64, "a/b?c#d", "%", "日本"]
        kinds = ["store", "map", "cache", "cache", "pool"]
        maps = [] if empty else [
            {"name": name, "kind": kind, "count": 2_400_000 >> (2 * index), "capacity": 0 if kind == "pool" else 4_194_304 >> (2 * index), "loadFactor": 0.57 + 0.06 * index,
             "bytes": 350e6 / 4 ** index, "requestsPerSecond": point["requests"] / (index + 1), "hitRatio": None if kind == "pool" else 0.96 - 0.07 * index,
             "isMoving": index == 1} for index, (name, kind) in enumerate(zip(names, kinds))]
        collision = point["collision"]
        return {
            "time": second, "server": {"version": "0.1.0", "role": "store", "address": "127.0.0.1:6379", "uptime": 280 if empty else 266_400 + second - self.start},
            "health": self._health(), "requestsPerSecond": point["requests"], "requestTotal": 0 if empty else 9_412_000_000, "entries": point["entries"],
            "growthPerMinute": 0 if empty else 150_000, "hitRatio": None if empty else 0.961, "lookups": 0 if empty else 2_520_000,
            "quantiles": {} if empty else {"p50": 0.61e-6, "p90": 1.9e-6, "p99": point["p99"], "p999": 60e-6, "p9999": 310e-6},
            "tiers": [{"name": "local", "label": "near cache", "share": None if empty else 0.861, "isMiss": False}, {"name": "remote", "label": "Redis", "share": None if empty else 0.1, "isMiss": False},
                      {"name": "miss", "label": "nobody", "share": None if empty else 0.039, "isMiss": True}],
            "breakers": [] if empty else [{"name": f"cache-{index}", "state": "open" if self.name == "trouble" and index == 2 else "closed", "openingTotal": index} for index in range(1, 4)],
            "memory": memory, "connections": {"open": point["clients"], "limit": 10_000, "acceptedTotal": 5_210, "rejectedTotal": 0},
            "load": {"value": point["load"], "isAdvised": False, "parts": [{"name": "CPU", "text": "34 %"}, {"name": "P95", "text": "4.1 µs"}]},
            "windows": self.windows(collision, point["loadFactor"]), "forecasts": self.forecasts(second), "hotKeys": self.hot_keys(), "shards": self.shards(), "maps": maps,
        }

    def windows(self, collision, load):
        if collision is None:
            return []
        return [{"name": name, "spans": [{"label": label, "value": value * factor} for label, factor in (("30 s", 1), ("15 min", 0.93), ("24 h", 0.81))]}
                for name, value in (("collision", collision), ("loadFactor", load))]

    def points(self, second):
        length = 20 if self.name == "empty" else 300
        return [self.point(each) for each in range(second - length + 1, second + 1)]

    def detail(self, name, second):
        """One map."""
        return {
            "name": name, "kind": "map", "figures": [
                {"name": "Entries", "unit": "count", "value": 2_400_000}, {"name": "Slots", "unit": "count", "value": 4_194_304}, {"name": "Load factor", "unit": "ratio", "value": 0.572},
                {"name": "Memory", "unit": "bytes", "value": 350e6}, {"name": "Tombstones", "unit": "count", "value": 1_204}, {"name": "Grown", "unit": "text", "text": "11 times"},
                {"name": "Most slots moved at once", "unit": "count", "value": 32}, {"name": "Evicted", "unit": "count", "value": 918_000}],
            "points": self.points(second), "probeLengths": [0] * 16 if self.name == "empty" else [9_210, 640, 95, 31, 8, 1] + [0] * 10, "shards": self.shards(name),
            "hotKeys": {**self.hot_keys(), "map": name}, "forecasts": self.forecasts(second)[1:], "windows": self.windows(0.021, 0.57),
            "operations": [{"name": each, "perSecond": rate, "p50": 0.6e-6, "p99": 11e-6, "p9999": 300e-6} for each, rate in (("get", 36_000), ("insert", 4_100), ("remove", 900))],
        }


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        address = urlparse(self.path)
        scene = self.server.scene
        if address.path == "/events":
            return self._events(scene)
        if address.path == "/dashboard/map":
            name = parse_qs(address.query).get("name", [""])[0]
            if name == "missing":
                return self._answer(404, "text/plain", b"no such map\n")
            return self._answer(200, "application/json", json.dumps(scene.detail(name, int(time.time()))).encode())
        if address.path == "/dashboard/past":
            span = int(parse_qs(address.query).get("span", ["300"])[0])
            return self._answer(200, "application/json", json.dumps(scene.past(span, int(time.time()))).encode())
        path = ASSETS / ("index.html" if address.path == "/" else Path(address.path).name)
        if not path.exists():
            return self._answer(404, "text/plain", b"nothing here\n")
        self._answer(200, TYPES[path.suffix], path.read_bytes())

    def _events(self, scene):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            second = int(time.time())
            self._send("snapshot", {"state": scene.state(second), "points": scene.points(second), "events": scene.events(), "bounds": BOUNDS})
            while not self.server.is_ending:
                time.sleep(1)
                second = int(time.time())
                self._send("tick", {"state": scene.state(second), "point": scene.point(second), "events": []})
        except OSError:
            pass

    def _send(self, name, data):
        self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()


class SyntheticServer:
    """A running server; `scene` can be exchanged while it runs."""

    def __init__(self, scene="busy", port=0):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.server.is_ending = False
        self.port = self.server.server_address[1]
        self.show(scene)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def show(self, scene):
        self.server.scene = Scene(scene, int(time.time()))

    def stop(self):
        self.server.is_ending = True
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    running = SyntheticServer(sys.argv[2] if len(sys.argv) > 2 else "busy", int(sys.argv[1]) if len(sys.argv) > 1 else 8099)
    print(f"http://127.0.0.1:{running.port}/")
    while True:
        time.sleep(60)
