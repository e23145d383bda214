"""A headless Chromium, driven over its debugging port."""

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# What is wrong with the page as it is laid out: written in the page's own language, because only the browser knows.
LAYOUT = Path(__file__).with_name("layout.js").read_text()


class Browser:
    """A browser of one's own; ended by its process id."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="strata-chromium-")
        self.process = subprocess.Popen(
            [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
             "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0", f"--user-data-dir={self.folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.port = self._port()

    def _port(self):
        path = Path(self.folder) / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if path.exists() and (lines := path.read_text().splitlines()):
                return int(lines[0])
            assert self.process.poll() is None, "the browser ended"
            time.sleep(0.05)
        self.close()
        raise AssertionError("the browser did not open its debugging port")

    def open(self, url, width=1440, height=900, dark=False, scale=1, reduced_motion=False):
        """A new page."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(request, timeout=20) as answer:
            page = Page(json.load(answer)["webSocketDebuggerUrl"])
        page.resize(width, height, scale)
        page.media(dark, reduced_motion)
        page.go(url)
        return page

    def close(self):
        """Ends the browser and all that it started: the processes of its own session."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Page:
    """One tab: commands, and what went wrong in it."""

    def __init__(self, address):
        self.socket = websocket.create_connection(address, timeout=30, suppress_origin=True)
        self.number = 0
        self.problems = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """A command of the protocol, and its answer."""
        self.number += 1
        number = self.number
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                assert "error" not in message, f"{method}: {message['error']}"
                return message["result"]
            self._note(message)

    def _note(self, message):
        parameters = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description") or details["text"])
        elif message.get("method") == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.problems.append(" ".join(str(each.get("value", each.get("description"))) for each in parameters["args"]))
        elif message.get("method") == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.problems.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")

    def go(self, url):
        self.call("Page.navigate", url=url)

    def resize(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=width < 500)

    def media(self, dark, reduced_motion=False):
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced_motion else "no-preference"}])

    def evaluate(self, expression):
        """The value of an expression in the page; promises are waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, expression, seconds=20):
        """Waits until an expression holds."""
        deadline = time.monotonic() + seconds
        while True:
            if self.evaluate(f"(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()"):
                return
            assert time.monotonic() < deadline, f"not in {seconds} s: {expression}; problems: {self.problems}; page: {self.text()[:600]!r}"
            time.sleep(0.1)

    def text(self):
        return self.evaluate("document.body?.innerText ?? ''") or ""

    def press(self, key, shift=False):
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35, " ": 32}
        for kind in ("rawKeyDown", "char", "keyUp") if key in ("Enter", " ") else ("rawKeyDown", "keyUp"):
            text = {"Enter": "\r", " ": " "}.get(key)
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=codes[key], modifiers=8 if shift else 0,
                      **({"text": text} if text and kind == "char" else {}))

    def layout_problems(self):
        """What overlaps, overflows or is cut off."""
        return self.evaluate(LAYOUT)

    def screenshot(self, path, whole=True):
        options = {"format": "png"}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            options["clip"] = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 9000), "scale": 1}
            options["captureBeyondViewport"] = True
        Path(path).write_bytes(base64.b64decode(self.call("Page.captureScreenshot", **options)["data"]))

    def close(self):
        try:
            self.call("Page.close")
        except Exception:
            pass
        self.socket.close()
