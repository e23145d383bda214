"""Takes pictures of the dashboard with made-up figures: each scene, in light and dark, wide, medium and narrow. Usage: shots.py FOLDER [URL]

With a URL, pictures of that server's dashboard instead.
"""

import sys
import time
from pathlib import Path

from browser import Browser
from synthetic import SyntheticServer

SHOTS = [
    ("busy", 1440, False, ""), ("busy", 1440, True, ""), ("busy", 768, False, ""), ("busy", 768, True, ""), ("busy", 375, False, ""), ("busy", 375, True, ""),
    ("quiet", 1440, False, ""), ("empty", 1440, False, ""), ("empty", 375, True, ""), ("trouble", 1440, True, ""), ("trouble", 375, False, ""),
    ("hostile", 1440, False, ""), ("busy", 1440, False, "#/map/sessions"), ("busy", 1440, True, "#/map/sessions"), ("busy", 375, False, "#/map/sessions"),
]


def main(folder, url=None):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    server = None if url else SyntheticServer()
    browser = Browser()
    try:
        for scene, width, dark, path in SHOTS:
            if url and scene != "busy":
                continue
            if server:
                server.show(scene)
            page = browser.open((url or f"http://127.0.0.1:{server.port}/") + path, width=width, dark=dark, scale=2 if width < 500 else 1)
            page.wait("document.body.dataset.drawn && document.querySelector('#connection').dataset.state === 'live'")
            time.sleep(1.5)
            name = "-".join(["live" if url else scene, *(["map"] if path else []), str(width), "dark" if dark else "light"])
            page.screenshot(folder / f"{name}.png")
            page.close()
            print(folder / f"{name}.png")
    finally:
        browser.close()
        if server:
            server.stop()


main(*sys.argv[1:])
