"""The built site in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Browser, Page

ColorScheme = Literal["light", "dark"]


@contextmanager
def reading(
    browser: Browser, width: int, scheme: ColorScheme, *, scripts: bool = True
) -> Iterator[tuple[Page, list[str]]]:
    """A page, and a list of everything that goes wrong on it."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
    )
    page, trouble = context.new_page(), list[str]()
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("requestfailed", lambda request: trouble.append(f"failed: {request.url}"))
    page.on(
        "response", lambda answer: trouble.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None
    )
    page.on("request", lambda request: trouble.append(request.url) if "//127.0.0.1:" not in request.url else None)
    yield page, trouble
    context.close()


def test_a_wide_equation_scrolls_in_a_box_that_the_keyboard_reaches(browser: Browser, address: str) -> None:
    with reading(browser, 320, "light") as (page, _):
        page.goto(f"{address}two-layer/forward-pass.html")
        wide = [box for box in page.locator(".equation").all() if box.evaluate("e => e.scrollWidth > e.clientWidth")]
        assert wide, "no equation of this page is wide at 320 px: choose another page for this test"
        wide[0].focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(300)
        assert wide[0].evaluate("e => e.scrollLeft") > 0


def test_mathematics_is_drawn_with_our_font(browser: Browser, address: str) -> None:
    with reading(browser, 1280, "light") as (page, _):
        page.goto(f"{address}two-layer/hidden-layer.html")
        assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Byhand Math\"'))")
        assert "Byhand Math" in page.locator("math").first.evaluate("e => getComputedStyle(e).fontFamily")


def test_the_drawings_follow_the_colour_scheme(browser: Browser, address: str) -> None:
    schemes: list[ColorScheme] = ["light", "dark"]
    colours = []
    for scheme in schemes:
        with reading(browser, 1280, scheme) as (page, _):
            page.goto(f"{address}two-layer/digits.html")
            colours.append(page.locator(".drawing text").first.evaluate("e => getComputedStyle(e).fill"))
    assert colours[0] != colours[1]


def test_search_finds_a_page_by_a_word_of_its_text(browser: Browser, address: str) -> None:
    with reading(browser, 1280, "light") as (page, trouble):
        page.goto(address, wait_until="networkidle")
        box = page.get_by_role("textbox", name="Search")
        box.click()  # Material loads its index on the first focus, and listens for keys
        box.press_sequentially("transpose", delay=50)
        page.locator(".md-search-result__link").first.wait_for()
        assert "hidden-layer" in " ".join(
            link.get_attribute("href") or "" for link in page.locator(".md-search-result__link").all()
        )
        assert trouble == []
