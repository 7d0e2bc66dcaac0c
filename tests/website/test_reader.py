"""What a reader does with the comforts, in a real browser: copies, searches, prints, hears, and points at words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from pages import built
from playwright.sync_api import Browser, Page

HIDDEN = "two-layer/hidden-layer"
WISHES: tuple[Literal["reduce"], Literal["no-preference"]] = ("reduce", "no-preference")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_an_equation_is_copied_as_latex_and_as_numpy(page: Page, site: Path, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + built(site, HIDDEN))
    box = page.locator(".statement", has=page.locator('[aria-label="Equations for dA1 and dZ1"]'))
    box.locator("summary").click()
    box.get_by_role("button", name="Copy NumPy").click()
    box.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "dA1 = W2.T @ dZ2\ndZ1 = dA1 * g1.prime(Z1)"
    box.get_by_role("button", name="Copy LaTeX").click()
    page.wait_for_timeout(200)
    assert page.evaluate("navigator.clipboard.readText()").startswith(r"\begin{aligned}")


def test_without_scripts_the_texts_are_there_and_no_button(plain_page: Page, site: Path, address: str) -> None:
    plain_page.goto(address + built(site, HIDDEN))
    box = plain_page.locator(".statement", has=plain_page.locator('[aria-label="Equations for dA1 and dZ1"]'))
    assert not box.get_by_text("dA1 = W2.T @ dZ2").is_visible()
    box.locator("summary").click()
    assert box.get_by_text("dA1 = W2.T @ dZ2").is_visible()
    assert plain_page.locator(".source button").count() == 0


def test_the_link_of_an_equation_is_seen_with_the_keyboard_and_leads_to_it(
    page: Page, site: Path, address: str
) -> None:
    page.goto(address + built(site, HIDDEN))
    link = page.locator(".equation-link").nth(3)
    opacity = "e => getComputedStyle(e).opacity"
    assert link.evaluate(opacity) == "0"
    link.focus()
    assert link.evaluate(opacity) == "1"
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector(':target')?.classList.contains('statement')")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("dZ1", r"hidden-layer\S*#eq-dZ1-"),
        ("why transpose", r"why-transpose"),
        ("1/m", r"why-1-over-m"),
    ],
)
def test_search_finds(page: Page, site: Path, address: str, words: str, wanted: str) -> None:
    page.goto(address + built(site, "notation"), wait_until="networkidle")
    box = page.get_by_role("textbox", name="Search")
    box.click()
    box.press_sequentially(words, delay=60)
    page.locator(".md-search-result__link").first.wait_for()
    page.wait_for_timeout(1500)
    links = [link.get_attribute("href") or "" for link in page.locator(".md-search-result__link").all()]
    assert any(re.search(wanted, link) for link in links), links[:20]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_cheat_sheet_is_one_page_on_paper(page: Page, site: Path, address: str, paper: str) -> None:
    page.goto(address + built(site, "cheat-sheet"), wait_until="load")
    page.evaluate("document.fonts.ready")
    printed = page.pdf(format=paper)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 900})
    page.evaluate("document.fonts.ready")
    cut = page.evaluate(
        "[...document.querySelectorAll('.cheat-sheet li *')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth)"
        ".map(e => e.textContent)"
    )
    assert cut == []


def test_on_paper_there_is_text_and_nothing_to_click(plain_page: Page, site: Path, address: str) -> None:
    plain_page.set_viewport_size({"width": 680, "height": 900})
    plain_page.goto(address + built(site, HIDDEN))
    plain_page.emulate_media(media="print")
    for hidden in (".md-header", ".md-sidebar", ".md-footer", ".headerlink", ".equation-link", ".tick li", ".source"):
        assert not any(one.is_visible() for one in plain_page.locator(hidden).all()), hidden
    assert plain_page.locator(".tick summary").first.is_visible()
    solution = plain_page.locator("details.success p").last
    assert solution.evaluate("e => e.getBoundingClientRect().height") > 5
    boxes = ".equation, .shape-line, pre > code"
    wide = plain_page.locator(boxes).evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length")
    assert wide == 0


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_a_card_explains_a_word_without_a_script(plain_page: Page, site: Path, address: str, way: str) -> None:
    plain_page.goto(address + built(site, "questions/why-db-is-a-sum"))
    word = plain_page.locator(".term > a").first
    card = plain_page.locator(".term-card").first
    assert not card.is_visible()
    word.hover() if way == "hover" else word.focus()
    assert card.is_visible()
    box = card.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


def test_escape_puts_a_card_away(page: Page, site: Path, address: str) -> None:
    page.goto(address + built(site, "questions/why-db-is-a-sum"))
    page.locator(".term > a").first.focus()
    assert page.locator(".term-card").first.is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".term-card").first.is_visible()


def test_mathematics_is_in_the_accessibility_tree(page: Page, site: Path, address: str) -> None:
    page.goto(address + built(site, HIDDEN))
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes]
    assert {"MathMLMath", "MathMLFraction", "MathMLSup", "MathMLSubSup", "MathMLOperator"} <= set(roles)
    text = {node.get("name", {}).get("value", "") for node in nodes if node["role"]["value"] == "StaticText"}
    assert {"⊤", "⊙", "∑", "′"} <= text
    groups = {node.get("name", {}).get("value", "") for node in nodes if node["role"]["value"] == "group"}
    assert {"Equation for dZ1", "Wrong equation for dA1"} <= groups
    assert "Equation" not in groups


def test_nothing_moves_for_a_reader_who_wants_no_motion(browser: Browser, site: Path, address: str) -> None:
    moving = (
        "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    )
    counts = []
    for wish in WISHES:
        context = browser.new_context(reduced_motion=wish)
        page = context.new_page()
        page.goto(address + built(site, HIDDEN))
        counts.append(page.evaluate(moving))
        context.close()
    assert counts[0] == 0 < counts[1]


def test_forced_colours_reach_the_drawings(browser: Browser, site: Path, address: str) -> None:
    context = browser.new_context(forced_colors="active", color_scheme="dark")
    page = context.new_page()
    page.goto(address + built(site, HIDDEN))
    text = page.evaluate("getComputedStyle(document.querySelector('article p')).color")
    link = page.evaluate("getComputedStyle(document.querySelector('article p a')).color")
    assert page.evaluate("getComputedStyle(document.querySelector('.drawing text:not(a text)')).fill") == text
    assert page.evaluate("getComputedStyle(document.querySelector('.drawing a text')).fill") == link != text
    context.close()
