"""The dashboard in a real browser: its page over figures that were made up to show everything, and over a live server under load."""

import http.client
import itertools
import shutil
import socket
import sys
import threading
import time
from pathlib import Path

import pytest
import redis

from harness import Server, free_port, run_strata

sys.path.insert(0, str(Path(__file__).parent / "dashboard"))

websocket = pytest.importorskip("websocket", reason="the Python package websocket-client is missing: scripts/prepare installs it")

from browser import CHROMIUM, Browser  # noqa: E402
from synthetic import SCENES, SyntheticServer  # noqa: E402

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (Debian: chromium)")


@pytest.fixture(scope="module")
def browser():
    started = Browser()
    yield started
    started.close()


@pytest.fixture(scope="module")
def synthetic():
    server = SyntheticServer()
    yield server
    server.stop()


@pytest.fixture
def open_page(browser):
    """A function that opens pages; they are closed after the test."""
    pages = []

    def open_one(port, **options):
        path = options.pop("path", "")
        pages.append(browser.open(f"http://127.0.0.1:{port}/{path}", **options))
        return pages[-1]

    yield open_one
    for page in pages:
        page.close()


class Load:
    """A client that reads and writes until it is told to stop."""

    def __init__(self, port, pause=0.0):
        self.port, self.pause, self.isOver, self.count, self.worst = port, pause, False, 0, 0.0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        client = redis.Redis(port=self.port, socket_timeout=20)
        for number in itertools.count():
            if self.isOver:
                break
            try:
                pipeline = client.pipeline(transaction=False)
                for offset in range(20):
                    pipeline.set(f"user:{(number * 20 + offset) % 5000}", b"x" * (50 + offset))
                    pipeline.get(f"user:{(number * 7 + offset * offset) % 8000}")
                    pipeline.get("user:1")
                pipeline.hset(f"cart:{number % 500}", mapping={"a": number, "b": "c"})
                started = time.monotonic()
                pipeline.execute()
                self.worst = max(self.worst, time.monotonic() - started)
                self.count += 61
            except redis.ConnectionError:
                time.sleep(0.05)
            time.sleep(self.pause)
        client.close()

    def stop(self):
        self.isOver = True
        self.thread.join(20)


def wait_live(page, seconds=30):
    page.wait("document.body.dataset.drawn && document.querySelector('#connection').dataset.state === 'live'", seconds)


# MARK: How it looks


@needs_browser
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 768, 375])
def test_nothing_overlaps(synthetic, open_page, scene, dark, width):
    synthetic.show(scene)
    page = open_page(synthetic.port, width=width, dark=dark)
    wait_live(page)
    page.wait("document.querySelector('[data-panel=latency] svg').getAttribute('width') > 100")
    assert page.layout_problems() == []
    assert page.problems == []


@needs_browser
@pytest.mark.parametrize("scene", ["busy", "empty", "hostile"])
@pytest.mark.parametrize("width", [1440, 375])
def test_nothing_overlaps_on_a_map(synthetic, open_page, scene, width):
    synthetic.show(scene)
    page = open_page(synthetic.port, width=width, path="#/map/sessions")
    wait_live(page)
    page.wait("document.querySelector('[data-panel=figures] dd')")
    assert page.layout_problems() == []
    assert page.problems == []


@needs_browser
def test_nothing_overlaps_with_all_tables_open(synthetic, open_page):
    synthetic.show("busy")
    page = open_page(synthetic.port, width=375)
    wait_live(page)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.wait("[...document.querySelectorAll('details')].filter((each) => each.checkVisibility()).every((each) => each.querySelector('tbody').children.length > 0)")
    assert page.layout_problems() == []


@needs_browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_texts_have_contrast(synthetic, open_page, dark):
    synthetic.show("trouble")
    page = open_page(synthetic.port, dark=dark)
    wait_live(page)
    weak = page.evaluate((Path(__file__).parent / "dashboard" / "contrast.js").read_text())
    assert weak == []


@needs_browser
def test_hostile_names_stay_texts(synthetic, open_page):
    synthetic.show("hostile")
    page = open_page(synthetic.port)
    wait_live(page)
    page.wait("document.querySelector('[data-panel=hotkeys] .bar .name').textContent === '<img src=x onerror=alert(1)>'")
    assert page.evaluate("document.querySelectorAll('#view img, #view script, #view b > b').length") == 0
    names = page.evaluate("[...document.querySelectorAll('.map')].map((each) => each.getAttribute('href'))")
    assert "#/map/a%2Fb%3Fc%23d" in names and "#/map/%25" in names
    assert page.problems == []


@needs_browser
def test_empty_states_explain_themselves(synthetic, open_page):
    synthetic.show("empty")
    page = open_page(synthetic.port)
    wait_live(page)
    text = page.text()
    for expected in ("waiting for the first request", "No requests yet", "Nobody has looked anything up", "There is no limit to run into",
                     "No key has been asked for", "Nothing is stored yet", "Nothing is registered yet"):
        assert expected in text, expected


# MARK: How it is used


@needs_browser
def test_keyboard_reaches_every_control(synthetic, open_page):
    synthetic.show("busy")
    page = open_page(synthetic.port)
    wait_live(page)
    wanted = page.evaluate("""[...document.querySelectorAll('a[href], button, select, summary, [tabindex="0"]')]
        .filter((each) => each.checkVisibility() && !each.closest('details:not([open])') || each.matches('summary') && each.checkVisibility()).length""")
    page.evaluate("window.reached = new Set(); document.addEventListener('focusin', (event) => reached.add(event.target)); document.body.focus()")
    for _ in range(wanted + 5):
        page.press("Tab")
    assert page.evaluate("reached.size") >= wanted
    # The place of the focus is seen.
    page.evaluate("document.querySelector('#theme').focus()")
    page.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


@needs_browser
def test_theme_and_pause(synthetic, open_page):
    synthetic.show("busy")
    page = open_page(synthetic.port)
    wait_live(page)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.evaluate("document.querySelector('#theme').focus()")
    page.press("Enter")
    page.press("Enter")
    page.wait("document.documentElement.dataset.theme === 'dark'")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.evaluate("localStorage.clear(); document.querySelector('#pause').click()")
    held = page.evaluate("document.body.dataset.drawn")
    time.sleep(2.5)
    assert page.evaluate("document.body.dataset.drawn") == held
    page.evaluate("document.querySelector('#pause').click()")
    page.wait(f"document.body.dataset.drawn !== '{held}'")


@needs_browser
def test_arrow_keys_move_through_time(synthetic, open_page):
    synthetic.show("busy")
    page = open_page(synthetic.port)
    wait_live(page)
    page.evaluate("document.querySelector('[data-panel=latency] .chart').focus()")
    for _ in range(10):
        page.press("ArrowLeft")
    page.wait("/^\\d\\d:\\d\\d:\\d\\d · .* P50/.test(document.querySelector('[data-panel=latency] .says').textContent)")
    # All pictures with the same axis show the same moment.
    assert page.evaluate("[...document.querySelectorAll('svg .cursor[visibility=visible]')].length") >= 4
    page.press("Escape")
    page.wait("document.querySelector('[data-panel=latency] .says').textContent.startsWith('Now')")


@needs_browser
@pytest.mark.parametrize("width", [1440, 375])
def test_longer_stretches_can_be_chosen(synthetic, open_page, width):
    synthetic.show("busy")
    page = open_page(synthetic.port, width=width)
    wait_live(page)
    title = "document.querySelector('#latency-title').textContent"
    for span, words, axis in [(3600, "ten seconds", "min"), (86400, "five minutes", "h"), (300, "second by second", "min")]:
        page.evaluate(f"document.querySelector('#ranges [data-span=\"{span}\"]').focus()")
        page.press("Enter")
        page.wait(f"document.body.dataset.span === '{span}' && {title}.includes('{words}')")
        assert page.evaluate("[...document.querySelectorAll('#ranges button')].map((each) => each.getAttribute('aria-pressed')).filter((each) => each === 'true').length") == 1
        assert page.evaluate(f"[...document.querySelectorAll('[data-panel=latency] svg text')].some((each) => each.textContent.startsWith('−') && each.textContent.endsWith(' {axis}'))")
        # A moment is found in points that stand for several seconds, too, and lines aren't torn apart between them.
        page.evaluate("document.querySelector('[data-panel=latency] .chart').focus()")
        for _ in range(7):
            page.press("ArrowLeft")
        page.wait("/^\\d\\d:\\d\\d:\\d\\d · .* P50/.test(document.querySelector('[data-panel=latency] .says').textContent)")
        assert page.evaluate("document.querySelector('[data-panel=load] path.s').getAttribute('d').split('M').length") == 2
        page.press("Escape")
        assert page.layout_problems() == []
    assert page.problems == []


@needs_browser
def test_it_is_made_for_screen_readers(synthetic, open_page):
    synthetic.show("busy")
    page = open_page(synthetic.port)
    wait_live(page)
    found = page.evaluate("""({
        landmarks: ['header', 'main', 'footer', 'nav[aria-label]'].filter((each) => !document.querySelector(each)),
        headings: document.querySelectorAll('h1').length,
        unnamed: [...document.querySelectorAll('section')].filter((each) => !document.getElementById(each.getAttribute('aria-labelledby'))).length,
        pictures: [...document.querySelectorAll('svg')].filter((each) => !each.getAttribute('aria-label') && !each.closest('[aria-hidden=true]') && each.getAttribute('aria-hidden') !== 'true').length,
        live: [...document.querySelectorAll('[aria-live]')].map((each) => each.closest('section')?.id),
        tables: document.querySelectorAll('details table caption').length,
    })""")
    assert found["landmarks"] == [] and found["headings"] == 1 and found["unnamed"] == 0 and found["pictures"] == 0
    assert found["live"] == ["health"]
    assert found["tables"] >= 7


# MARK: Over a live server


@needs_browser
def test_shows_what_a_server_does_and_survives_its_restart(start_server, open_page):
    ports = ("--port", str(free_port()), "--http-port", str(free_port()))
    server = start_server("--max-memory", "64mb", ports=ports)
    page = open_page(server.http_port)
    wait_live(page)
    assert "waiting for the first request" in page.text()
    load = Load(server.port, pause=0.01)
    try:
        page.wait("document.querySelector('[data-panel=latency] .p-line')", 30)
        page.wait("document.querySelectorAll('[data-panel=hotkeys] .bar').length > 3", 30)
        page.wait("document.querySelector('[data-panel=hotkeys] .name').textContent === 'user:1'", 30)
        page.wait("document.querySelector('[data-panel=memory] .legend')?.textContent.includes('compact hashes')", 30)
        first = page.evaluate("document.body.dataset.drawn")
        page.wait(f"Number(document.body.dataset.drawn) >= {first} + 3")
        assert page.evaluate("document.querySelector('.figure .value').textContent.trim()") not in ("0/s", "–")
        assert page.layout_problems() == []

        page.evaluate("location.hash = '#/map/db0'")
        page.wait("document.querySelector('[data-panel=probe] rect')", 30)
        page.wait("[...document.querySelectorAll('[data-panel=operations] text')].some((each) => each.textContent === 'get')", 30)
        assert page.layout_problems() == []
        page.evaluate("location.hash = '#/'")

        assert server.stop() == 0
        page.wait("document.querySelector('#connection').dataset.state === 'reconnecting'", 20)
        # The last picture stays, greyed.
        assert page.evaluate("document.querySelectorAll('[data-panel=hotkeys] .bar').length") > 3
        assert page.evaluate("document.body.classList.contains('stale')")
        again = start_server("--max-memory", "64mb", ports=ports)
        wait_live(page)
        last = page.evaluate("document.body.dataset.drawn")
        page.wait(f"Number(document.body.dataset.drawn) >= {last} + 2")
        assert again.is_running
    finally:
        load.stop()
    # That nobody answered for a while is the browser's own message, and the only one.
    assert [each for each in page.problems if "ERR_CONNECTION_REFUSED" not in each and "ERR_INCOMPLETE_CHUNKED" not in each
            and "ERR_CONNECTION_RESET" not in each and "ERR_EMPTY_RESPONSE" not in each] == []


def request(port, path, headers=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def test_files_are_guarded_and_not_sent_twice(start_server):
    server = start_server()
    status, page, headers = request(server.http_port, "/")
    assert status == 200 and b"<!doctype html>" in page
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for path in ("/", "/assets/app.js", "/assets/dashboard.css", "/assets/icon.svg"):
        status, body, headers = request(server.http_port, path)
        assert status == 200 and body and b"://" not in body.replace(b"http://www.w3.org/", b""), path
        assert request(server.http_port, path, {"If-None-Match": headers["ETag"]})[:2] == (304, b"")
    assert request(server.http_port, "/assets/..%2fapp.js")[0] == 404
    assert request(server.http_port, "/assets/nothing")[0] == 404
    assert request(server.http_port, "/dashboard/map?name=nothing")[0] == 404
    for _ in range(250):
        assert request(server.http_port, "/events", method="HEAD")[0] == 200


class Viewer:
    """Somebody who looks: a connection to the stream of events."""

    def __init__(self, port, window=None):
        self.socket = socket.socket()
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

    def read(self, until):
        data = b""
        while until not in data:
            chunk = self.socket.recv(1 << 20)
            if not chunk:
                break
            data += chunk
        return data

    def close(self):
        self.socket.close()


def resident(process):
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * 4096


def test_two_hundred_viewers_and_one_who_hangs(start_server):
    server = start_server()
    load = Load(server.port, pause=0.002)
    viewers = []
    try:
        time.sleep(3)
        alone, load.worst = load.worst, 0.0
        before = load.count
        time.sleep(5)
        rate_alone = (load.count - before) / 5
        # One who never reads, behind a window as small as the system allows.
        hanging = Viewer(server.http_port, window=4096)
        viewers = [Viewer(server.http_port) for _ in range(199)]
        for viewer in viewers:
            assert b"event: snapshot" in viewer.read(b"event: snapshot")
        refused = Viewer(server.http_port).read(b"by itself.\n")
        assert b" 503 " in refused.split(b"\r\n", 1)[0] and b"200 people are looking already" in refused
        held = resident(server.process)
        load.worst = 0.0
        before, started = load.count, time.monotonic()
        # Everybody gets what happens, again and again.
        for _ in range(4):
            for viewer in viewers:
                assert b"event: tick" in viewer.read(b"event: tick")
        elapsed = max(time.monotonic() - started, 0.001)
        assert (load.count - before) / elapsed > rate_alone * 0.3
        assert load.worst < max(alone * 20, 1.0)
        # He who hangs is dropped, which makes room.
        deadline = time.monotonic() + 60
        while True:
            for viewer in viewers:
                viewer.read(b"event: tick")
            late = Viewer(server.http_port)
            answer = late.read(b"\r\n\r\n")
            late.close()
            if b" 200 " in answer.split(b"\r\n", 1)[0]:
                break
            assert time.monotonic() < deadline, "the viewer who hangs was kept"
        assert resident(server.process) < held + (64 << 20)
        hanging.close()
        assert request(server.http_port, "/healthz")[0] == 200
    finally:
        load.stop()
        for viewer in viewers:
            viewer.close()
    # Places are free again.
    deadline = time.monotonic() + 20
    while b" 200 " not in (fresh := Viewer(server.http_port)).read(b"\r\n").split(b"\r\n", 1)[0]:
        fresh.close()
        assert time.monotonic() < deadline
    fresh.close()
    assert server.stop() == 0


# MARK: In a terminal


def test_top_prints_one_picture(start_server):
    server = start_server("--max-memory", "64mb")
    load = Load(server.port, pause=0.01)
    try:
        time.sleep(4)
        result = run_strata("top", f"http://127.0.0.1:{server.http_port}", "--once", env={"COLUMNS": "100"})
    finally:
        load.stop()
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    for expected in ("Strata", "Requests", "Hit ratio", "Latency", "db0", "Hot keys in db0", "user:1", "compact hashes"):
        assert expected in result.stdout, expected
    assert max(map(len, result.stdout.splitlines())) <= 100


@pytest.mark.parametrize("arguments, expected", [
    (["http://127.0.0.1:1", "--once"], "nobody answers at 127.0.0.1:1"),
    (["https://127.0.0.1", "--once"], "only http:// is spoken here"),
    (["http://127.0.0.1:x", "--once"], "'x' is no port"),
    (["--interval", "0"], "--interval"),
    ([], "no terminal"),
])
def test_top_says_what_is_wrong(arguments, expected):
    result = run_strata("top", *arguments)
    assert result.returncode != 0
    assert expected in result.stderr
