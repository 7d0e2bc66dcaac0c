import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, Error, sync_playwright

from byhand_site import ROOT

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The site, built strictly, and what the build printed."""
    site = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]  # --quiet hides warnings
    return site, subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="session")
def site(build: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    folder, process = build
    assert process.returncode == 0, process.stderr
    return folder


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site on a plain static server, below a path of its own as on GitHub Pages."""
    root = site.parent / "server"
    shutil.copytree(site, root / "below" / "a-path", dirs_exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/below/a-path/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, or the Chrome of the system. Without either: skip, but never under CI."""
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright.chromium)
        except Error as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no browser on this machine (install chromium to run these tests): {error.message[:80]}")
        yield browser
        browser.close()


def launch(kind: BrowserType, *more: str) -> Browser:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return kind.launch(executable_path=found, args=[*CHROMIUM, *more])
    return kind.launch(channel="chrome", args=[*CHROMIUM, *more])


@pytest.fixture
def spoken(browser: Browser) -> Iterator[Browser]:
    """A browser that believes a screen reader is at work. Else its accessibility tree leaves out what is not laid out."""
    browser = launch(browser.browser_type, "--force-renderer-accessibility")
    yield browser
    browser.close()
