"""A real Chromium against the real server with the demo city: for what only a browser can see."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, ClassVar

import pytest

from cps.accounts.models import Account
from cps.core.db import db, transaction
from tests.support.application import Application, config_for
from tests.support.pages import Look
from tests.support.postgresql import lock
from tests.support.run import unavailable
from tests.support.site import Site

ROOT = Path(__file__).parents[2]
CPS = [sys.executable, "-m", "cps"]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ICONS = ("/favicon", "/crest/")
"""Where the icon of a tab comes from: a file of the program, or the crest of the city."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
OVERHANG = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll('body *')].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && (box.right > room + 1 || box.left < -1);
  }).map(element => element.outerHTML.slice(0, 90));
}"""
HAS_AXE = "typeof axe === 'object'"
RUN_AXE = """onlyColours => axe.run(document, onlyColours ? {
  resultTypes: ['violations'],
  runOnly: {type: 'tag', values: ['cat.color']},
  rules: {'color-contrast-enhanced': {enabled: false}},
} : {resultTypes: ['violations']})"""
"""Every rule that axe-core has on by itself, or those of them that look at colours."""

COOKIES = ("cps", "lang")
FIRST = "first-page"
"""A cookie that the first page of somebody new finds in a tab; see `BEGIN_EMPTY`."""

BEGIN_EMPTY = f"""if (document.cookie.includes('{FIRST}=')) {{
  document.cookie = '{FIRST}=; path=/; max-age=0';
  sessionStorage.clear();
  localStorage.clear();
}}"""
"""Runs before the scripts of a page, when the one before is gone: pages keep things while being left."""

SECONDS_TO_START = 60


@dataclass
class Live:
    """The running demo city, and the application on the same database for visitors of `Site`."""

    url: str
    application: Application

    def visitor(self, who: str = "", language: str = "en") -> Site:
        """Return a visitor, signed in as the demo account with this address, who now reads this language."""
        site = Site(self.application)
        if who:
            with site.app.app_context():
                with transaction():
                    account = db.session.scalars(db.select(Account).filter_by(email=who)).one()
                    account.language = language  # which wins over the cookie
                site.sign_in(account)
        return site


@dataclass
class Window:
    """A page in the browser, with everything that went wrong on it."""

    page: Any
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Collect errors, broken requests and what the content policy refused."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)

    def _failed(self, request: Any) -> None:
        if any(part in request.url for part in ICONS) and request.failure == "net::ERR_ABORTED":
            return  # the next page came before the icon of this one
        self.troubles.append(f"failed: {request.url} {request.failure}")

    def _console(self, message: Any) -> None:
        address = str(message.location.get("url"))
        is_refused = "Failed to load resource" in message.text
        if "Service Worker registration blocked" in message.text:
            return  # by these tests themselves
        if is_refused and (address == self.page.url or address.endswith("/favicon.ico")):
            return  # the page itself, or the icon that the browser wants for its own frame
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console: {message.text} {address}")

    def _response(self, response: Any) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.troubles.append(f"{response.status}: {response.url}")

    def resize(self, width: int, height: int) -> None:
        """Make the window another size."""
        wanted = {"width": width, "height": height}
        if self.page.viewport_size != wanted:
            self.page.set_viewport_size(wanted)

    def overhang(self) -> list[str]:
        """Return what makes the page scroll sideways; nothing where it does not."""
        return list(self.page.evaluate(OVERHANG))

    def axe(self, *, only_colours: bool = False) -> list[str]:
        """Return what axe-core finds, in words; with `only_colours` what depends on them.

        What comes next in this window has it from the beginning: to send it anew costs as much as a page.
        """
        if not self.page.evaluate(HAS_AXE):
            self.page.evaluate(AXE.read_text())
            self.page.add_init_script(path=AXE)
        found = self.page.evaluate(RUN_AXE, only_colours)
        return [
            f"{rule['id']}: {rule['help']}: {node['target']} {node['failureSummary'].splitlines()[1:]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]


@pytest.fixture(scope="session")
def live(run_folder: Path) -> Iterator[Live]:
    """A demo city of this process alone behind the production server."""
    folder = run_folder / f"live-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    shutil.copytree(loaded_city(run_folder), folder)
    port = free_port()
    environment = environment_of(folder, port)
    server = subprocess.Popen(
        [*CPS, "run", "--workers", "1"], env=environment, cwd=ROOT, start_new_session=True
    )
    try:
        wait_for(port, server)
        database = environment["CPS_DATABASE_URL"]
        yield Live(environment["CPS_BASE_URL"], Application(config_for(database, folder)))
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def loaded_city(run: Path) -> Path:
    """Return the folder of a demo city, loaded once for a run as a person would; it is there to be copied."""
    city = run / "demo-city"
    with lock(run / "demo-city.lock"):
        if not city.exists():
            making = run / "making-the-demo-city"
            making.mkdir()
            loaded = subprocess.run(
                [*CPS, "demo", "--photos", "16"],
                env=environment_of(making, 0),
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert loaded.returncode == 0, loaded.stderr[-2000:]
            making.rename(city)
    return city


def environment_of(folder: Path, port: int) -> dict[str, str]:
    """Return the environment of a demo city in this folder, served at this port."""
    return {
        **os.environ,
        "CPS_ENV": "test",
        "CPS_INSTANCE": str(folder),
        "CPS_DATABASE_URL": f"sqlite:///{folder / 'cps.sqlite'}",
        "CPS_BASE_URL": f"http://127.0.0.1:{port}",
        "CPS_RATE_LIMITS": "off",
        "PORT": str(port),
    }


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser, started once."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        unavailable("Chromium", "apt install chromium fonts-noto-core fonts-noto-cjk")
    if not AXE.exists():
        unavailable("axe-core", "the asset build installs it: make assets")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Opener:
    """Opens pages as somebody, in a window of a size, a language and light or dark."""

    live: Live
    browser: Any
    contexts: list[Any] = field(default_factory=list)
    more_cookies: ClassVar[dict[str, str]] = {}

    def __call__(
        self, look: Look, *, width: int = 360, height: int = 740, language: str = "en", **more: Any
    ) -> Window:
        """Open a page and wait until it is still."""
        window = self.window(look, width=width, height=height, language=language, **more)
        self.go(window, look)
        return window

    def window(self, look: Look, *, width: int, height: int, language: str, **more: Any) -> Window:
        """Return an empty window with the cookies of whoever looks; `look` is reached in passing."""
        site = self.live.visitor(look.who, language)
        self.address = look.reach(site)
        window = self._empty(viewport={"width": width, "height": height}, **more)
        kept = {name: site.cookie(name) for name in COOKIES} | {"lang": language, **self.more_cookies}
        cookies = [{"name": n, "value": v, "url": self.live.url} for n, v in kept.items() if v]
        window.page.context.clear_cookies()
        window.page.context.add_cookies(cookies)
        return window

    def _empty(self, **more: Any) -> Window:
        """Return a window in which nothing was ever opened."""
        more.setdefault("service_workers", "block")  # `test_offline` looks at them
        context = self.browser.new_context(locale="en", **more)
        self.contexts.append(context)
        window = Window(context.new_page())
        window.watch()
        return window

    def go(self, window: Window, look: Look) -> None:
        """Go to the page, and press the button that the look names."""
        window.page.goto(self.live.url + self.address, wait_until="load")
        if look.presses:
            with window.page.expect_navigation(wait_until="load"):
                window.page.locator(look.presses).last.click()

    def close(self) -> None:
        """Close every window."""
        for context in self.contexts:
            context.close()


@dataclass
class OneTab(Opener):
    """Opens page after page in one tab, which knows nothing of those before but the files they fetched.

    A tab of its own for each page would cost six times the page. Who wants more than a size gets one.
    """

    tab: Window | None = None
    is_leaving: bool = False
    more_cookies: ClassVar[dict[str, str]] = {FIRST: "1"}

    def _empty(self, **more: Any) -> Window:
        size = more.pop("viewport")
        if more:
            return super()._empty(viewport=size, **more)
        if self.tab is None:
            self.tab = super()._empty(viewport=size)
            self.tab.page.add_init_script(BEGIN_EMPTY)
            self.tab.page.on("framenavigated", self._begin)
        self.tab.resize(**size)
        return self.tab

    def go(self, window: Window, look: Look) -> None:
        """Go to the page; what went wrong on the one before is forgotten once this one has come."""
        self.is_leaving = window is self.tab
        super().go(window, look)

    def _begin(self, frame: Any) -> None:
        if self.is_leaving and self.tab and frame == self.tab.page.main_frame:
            self.is_leaving = False
            self.tab.troubles.clear()


@pytest.fixture(scope="module")
def tab(live: Live, chromium: Any) -> Iterator[OneTab]:
    """Open one page of the demo city after the other: `tab(look)`; no test may leave a listener behind."""
    tab = OneTab(live, chromium)
    yield tab
    tab.close()


@pytest.fixture
def visit(live: Live, chromium: Any) -> Iterator[Opener]:
    """Open a page of the demo city: `visit(look)`."""
    opener = Opener(live, chromium)
    yield opener
    opener.close()


def free_port() -> int:
    """Return a port below those that the system hands out by itself."""
    while True:
        port = random.randint(20_000, 32_000)
        with contextlib.closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until site and database answer."""
    for _ in range(SECONDS_TO_START * 10):
        assert server.poll() is None, "the server ended by itself"
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError, HTTPException):
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")
