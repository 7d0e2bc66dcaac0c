import functools
import json
import os
import shutil
import subprocess
import sys
import threading
import time
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


BUILD_SECONDS = 600


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The site, built strictly, and what the build printed. The first process that asks builds it for all of them."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    site, done = shared / "server" / "below" / "a-path", shared / "build.json"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]  # --quiet hides warnings
    try:
        site.parent.mkdir(parents=True)
    except FileExistsError:
        end = time.monotonic() + BUILD_SECONDS
        while not done.exists():
            assert time.monotonic() < end, "another process has begun to build the site and has not come to an end"
            time.sleep(0.2)
    else:
        process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
        written = done.with_suffix(".part")
        written.write_text(json.dumps([process.returncode, process.stdout, process.stderr]), encoding="utf-8")
        written.rename(done)
    return site, subprocess.CompletedProcess(command, *json.loads(done.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def site(build: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    folder, process = build
    assert process.returncode == 0, process.stderr
    return folder


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site on a plain static server, below a path of its own as on GitHub Pages."""
    root = site.parent.parent
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
