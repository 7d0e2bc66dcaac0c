"""Every page of the built site in a real browser, held to budget.json: what does not depend on the machine.

`site_audit.mjs --budget tests/website/budget.json` measures the same numbers, and Lighthouse's scores besides.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from pages import SHIFTS, most
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from byhand_site import DOCS

PAGES = sorted(page.relative_to(DOCS).with_suffix(".html").as_posix() for page in DOCS.rglob("*.md"))
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
COMPRESSED = ("text/", "javascript", "json", "svg")
LIGHT, DARK = 0, 1

FORMULAS = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true
  const all = [...document.querySelectorAll("article math")].map((math) => math.getBoundingClientRect())
  return [all.length, all.filter((box) => box.width > 3 && box.height > 5).length]
}"""
# axe takes most of its time for the leaves of formulas, which it has no rules for, and for the words of listings, whose
# colour depends on their class alone: boxes of the same size stand in for formulas, one word of a class for all of them.
# What remains to be asked of a formula is its colour, and one page is shown to axe whole.
# Of the links to all pages, which every page has, one of each look is left. One page is shown to axe with all of them.
BOXES = """() => {
  const sizes = [...document.querySelectorAll("math")].map((math) => [math, math.getBoundingClientRect()])
  for (const [math, { width, height }] of sizes) {
    const box = Object.assign(document.createElement("span"), { role: "img", ariaLabel: "formula" })
    Object.assign(box.style, { display: "inline-block", width: `${width}px`, height: `${height}px` })
    math.replaceWith(box)
  }
  const seen = new Set()
  for (const word of document.querySelectorAll(".highlight span[class]")) {
    if (seen.has(word.className)) word.replaceWith(...word.childNodes)
    seen.add(word.className)
  }
  for (const link of document.querySelectorAll(".md-nav--primary a.md-nav__link")) {
    const { color, backgroundColor, fontSize, fontWeight } = getComputedStyle(link)
    const seenAs = [link.className, link.checkVisibility({ visibilityProperty: true }),
      link.textContent.trim() === "", color, backgroundColor, fontSize, fontWeight].join()
    if (seen.has(seenAs) && !link.closest(".md-nav--secondary")) link.parentElement.remove()
    seen.add(seenAs)
  }
}"""
RUN_AXE = """() => axe.run(document, { resultTypes: ["violations"] })
  .then((found) => found.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html.slice(0, 150)}`)))"""
# Whether a contrast is enough depends on these alone: where they are the same on a phone as on a desk, so is what axe says.
LOOKS = """() => (window.watched ??= [...document.querySelectorAll("article *")]).map((e) => {
  const style = getComputedStyle(e)
  return [style.color, style.backgroundColor, style.fontSize, style.fontWeight].join()
})"""
COLOURS = """() => [...document.querySelectorAll("math")].every((math) =>
  getComputedStyle(math).color === getComputedStyle(math.parentElement).color)"""
# Half-way no colour is right, and the field of the search is still too wide on its way from a phone to a desk. What is
# far from the screen is looked at as by a reader who has come near.
STILL = """() => {
  const { cssRules } = document.styleSheets[0]
  for (const rule of ["*, ::before, ::after { transition: none !important }", ".far { content-visibility: visible !important }"])
    document.styleSheets[0].insertRule(rule, cssRules.length)
}"""
LISTED = """() => [...document.querySelectorAll(".md-nav--primary a.md-nav__link")]
  .filter((link) => link.checkVisibility({ visibilityProperty: true })).length"""
LEFT = "net::ERR_ABORTED"
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


@dataclass
class Visit:
    """What one load of a page has asked for, and what went wrong."""

    page: Page
    answers: list[Response] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def weight(self, kind: str = "") -> int:
        """The bytes of the answers, as a server that compresses would send them."""
        return sum(_weight(answer) for answer in self.answers if kind in answer.request.resource_type)

    def axe(self) -> list[str]:
        found: list[str] = self.page.evaluate(RUN_AXE)
        return found

    def looks(self) -> list[str]:
        found: list[str] = self.page.evaluate(LOOKS)
        return found


def _weight(answer: Response) -> int:
    body = answer.body()
    packed = any(kind in answer.headers.get("content-type", "") for kind in COMPRESSED)
    return _length_packed(body) if packed else len(body)


@lru_cache(maxsize=32)  # scripts and style sheets are the same on every page
def _length_packed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


@contextmanager
def visit(browser: Browser, width: int, **options: Any) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="light", **options)
    context.set_default_timeout(15_000)
    visited = Visit(context.new_page())

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visited.trouble.append(message.text)

    visited.page.on("console", heard)
    visited.page.on("pageerror", lambda error: visited.trouble.append(str(error)))
    visited.page.on("requestfailed", lambda request: visited.trouble.append(f"{request.failure}: {request.url}"))
    visited.page.on("response", lambda answer: visited.answers.append(answer))
    yield visited
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_its_budget_and_axe_finds_nothing(browser: Browser, address: str, path: str) -> None:
    with visit(browser, 1280) as seen:
        page = seen.page
        page.goto(address + path, wait_until="load")
        shifted = page.evaluate(SHIFTS)
        assert [answer.url for answer in seen.answers if not answer.url.startswith(address)] == []
        assert [answer.url for answer in seen.answers if answer.status != 200] == []
        assert len(seen.answers) <= most("requests")
        assert seen.weight() <= most("bytes")
        assert seen.weight("script") <= most("js")
        assert shifted <= most("cls")
        assert page.evaluate(COLOURS)
        page.evaluate(STILL)
        for width in (320, 375, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(TOO_WIDE) <= most("reflow"), f"too wide at {width} px"

        page.evaluate(BOXES)
        page.evaluate(AXE)
        assert seen.axe() == [], "desktop, light, first view"
        light = seen.looks()
        choose(page, DARK)
        dark = seen.looks()
        assert light != dark
        page.set_viewport_size({"width": 375, "height": 800})
        wake(page)
        assert seen.axe() == [], "phone, dark, with the theme's script"
        assert seen.looks() == dark, "dark, as on a desk"
        choose(page, LIGHT)
        assert seen.looks() == light, "light, as on a desk"
        assert page.evaluate(TOO_WIDE) <= most("reflow"), "too wide with the theme's script"
        assert seen.trouble == []


@pytest.fixture(scope="module")
def unscripted(browser: Browser) -> Iterator[Visit]:
    """A narrow window without scripts. They are what a page could leave something behind with for the next."""
    with visit(browser, 320, java_script_enabled=False) as seen:
        yield seen


@pytest.mark.parametrize("path", PAGES)
def test_a_page_without_scripts_has_all_its_formulas(unscripted: Visit, address: str, path: str) -> None:
    unscripted.trouble.clear()
    page = unscripted.page
    page.goto(address + path)
    formulas, drawn = page.evaluate(FORMULAS)
    assert drawn == formulas
    assert page.evaluate(TOO_WIDE) <= most("reflow")
    left = [one for one in unscripted.trouble if not one.startswith(LEFT)]  # the page before was left for this one
    assert left == []


def choose(page: Page, scheme: int) -> None:
    page.evaluate("n => document.getElementById(`__palette_${n}`).click()", scheme)


def wake(page: Page) -> None:
    """Do what a reader does first; wait until the theme's script has built its parts."""
    with page.expect_response("**/search_index.json"):
        page.mouse.move(100, 300)
        page.mouse.move(110, 300)
    page.locator("meta[name=theme-color]").wait_for(state="attached")
    page.mouse.move(0, 0)  # off whatever it is on, which may look different for it


def test_axe_finds_nothing_in_the_formulas_themselves(browser: Browser, address: str) -> None:
    with visit(browser, 375) as seen:
        seen.page.goto(f"{address}two-layer/output-layer.html")
        seen.page.evaluate(STILL)
        seen.page.evaluate(AXE)
        assert seen.axe() == []


def test_axe_finds_nothing_in_the_list_of_all_pages(browser: Browser, address: str) -> None:
    with visit(browser, 1280) as seen:
        seen.page.goto(f"{address}index.html")
        assert seen.page.evaluate(LISTED) > len(PAGES) / 2
        seen.page.evaluate(STILL)
        seen.page.evaluate(AXE)
        assert seen.axe() == []
        choose(seen.page, DARK)
        assert seen.axe() == []


def test_links_and_anchors_lead_somewhere(site: Path, browser: Browser) -> None:
    links, anchors = dict[str, list[str]](), dict[str, set[str]]()
    with visit(browser, 1280, java_script_enabled=False) as seen:
        for path in PAGES:
            seen.page.goto((site / path).as_uri(), wait_until="domcontentloaded")
            hrefs = "() => [...document.querySelectorAll('a[href], area[href]')].map((a) => a.getAttribute('href'))"
            links[path] = seen.page.evaluate(hrefs)
            anchors[path] = set(seen.page.evaluate("() => [...document.querySelectorAll('[id]')].map((e) => e.id)"))
    broken = []
    for path in PAGES:
        for link in links[path]:
            target, anchor = urldefrag(urljoin(path, link))
            if "//" in link or link.startswith("mailto:"):
                continue
            wanted = unquote(target) or path
            if not (site / wanted).is_file() or (anchor and unquote(anchor) not in anchors.get(wanted, ())):
                broken.append(f"{path}: {link}")
    assert broken == []
    assert sum(map(len, links.values())) > 1000


def test_axe_finds_what_it_must(browser: Browser, address: str) -> None:
    with visit(browser, 1280) as seen:
        seen.page.goto(f"{address}index.html")
        seen.page.evaluate(AXE)
        seen.page.evaluate(
            "document.querySelector('article').insertAdjacentHTML('beforeend', '<p><img src=x.png></p>')"
        )
        assert any("image-alt" in found for found in seen.axe())
