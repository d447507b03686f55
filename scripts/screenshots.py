"""Takes pictures of pages from a running demo city: of the README, or of any addresses.

    python scripts/screenshots.py                          the README's pictures, into docs/images/
    python scripts/screenshots.py --out DIR / /complaints  these pages in every width, light, dark, mirrored

Without --url it starts the demo city by itself, in a folder that is removed afterwards.
"""

import argparse
import contextlib
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "try-the-demo-city"
WIDTHS = {360: 740, 768: 1024, 1280: 800}
QUALITY = 82


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, in which window, as whom."""

    name: str
    path: str
    width: int = 360
    scheme: str = "light"
    language: str = "en"
    who: str = ""
    follow: str = ""
    whole: bool = False


README = [
    Shot("home-360", "/"),
    Shot("case-360", "/complaints?state=done", follow=".case-row:has(img) [lang=en]"),
    Shot("desk-1280", "/desk", 1280, who="officer", follow="main a[href^='/desk/2']"),
    Shot("poll-360", "/polls/old-fire-station"),
    Shot("result-768", "/polls/bench-colour/results", 768),
    Shot("proposal-360", "/proposals?stage=in-delivery", follow="main a[href^='/proposals/2'][lang=en]"),
    Shot("promises-768", "/promises", 768),
    Shot("complaints-768", "/complaints", 768),
    Shot("home-dark-360", "/", scheme="dark"),
    Shot("home-rtl-360", "/", language="pseudo-rtl"),
]
"""Those that README and documents show; `follow` presses the first link of this kind."""


def main() -> int:
    """Take the pictures that were asked for."""
    options = read_options()
    shots = README if not options.paths else list(all_views(options))
    options.out.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        url = options.url or stack.enter_context(demo_city())
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for shot in shots:
            path = options.out / f"{shot.name}.webp"
            take(browser, url, shot, path)
            print(f"{path} {path.stat().st_size // 1024} KB")
        browser.close()
    return 0


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", help="addresses; without any, the README's pictures")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images", help="folder of the pictures")
    parser.add_argument("--url", default="", help="a demo city that runs already, http://127.0.0.1:8000")
    parser.add_argument("--who", default="", help="resident, officer, admin … of the demo city")
    parser.add_argument("--width", type=int, action="append", choices=list(WIDTHS), help="only this width")
    parser.add_argument("--only-light", action="store_true", help="neither dark nor right to left")
    return parser.parse_args()


def all_views(options: argparse.Namespace) -> Iterator[Shot]:
    """Return every view of every page that was asked for, each as long as it is."""
    for path in options.paths:
        name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
        for width in options.width or WIDTHS:
            yield Shot(f"{name}-{width}", path, width, who=options.who, whole=True)
            if not options.only_light:
                yield Shot(f"{name}-{width}-dark", path, width, "dark", who=options.who, whole=True)
                yield Shot(f"{name}-{width}-rtl", path, width, "light", "pseudo-rtl", options.who, whole=True)


def take(browser: Any, url: str, shot: Shot, into: Path) -> None:
    """Open the page and write its picture as WebP."""
    size = {"width": shot.width, "height": WIDTHS[shot.width]}
    context = browser.new_context(
        viewport=size, color_scheme=shot.scheme, locale="en", device_scale_factor=2 if shot.width < 768 else 1
    )
    page = context.new_page()
    if shot.who:
        sign_in(page, url, shot.who)
    context.add_cookies([{"name": "lang", "value": shot.language, "url": url}])
    page.goto(url + shot.path, wait_until="networkidle")
    if shot.follow:
        page.locator(shot.follow).first.click()
        page.wait_for_load_state("networkidle")
    png = page.screenshot(full_page=shot.whole)
    Image.open(io.BytesIO(png)).convert("RGB").save(into, "WEBP", quality=QUALITY, method=6)
    context.close()


def sign_in(page: Any, url: str, who: str) -> None:
    """Sign in as an account of the demo city."""
    page.goto(f"{url}/accounts/sign-in")
    page.locator("main input[name=email]").fill(f"{who}@demo.test")
    page.locator("main input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


def find_chromium() -> str:
    """Return where the browser is."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    sys.exit("No Chromium was found: apt install chromium")


@contextlib.contextmanager
def demo_city() -> Iterator[str]:
    """Load and serve a demo city of its own until the block ends."""
    folder = tempfile.mkdtemp(prefix="cps-screenshots-")
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "CPS_ENV": "demo", "CPS_INSTANCE": folder, "PORT": str(port)}
    cps = [sys.executable, "-m", "cps"]
    subprocess.run([*cps, "demo"], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([*cps, "run"], env=environment, cwd=ROOT, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/readyz")
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(url: str) -> None:
    """Wait until the address answers."""
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    sys.exit(f"{url} does not answer")


if __name__ == "__main__":
    sys.exit(main())
