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


LONELY = """() => {
  const found = []
  let seen = 0
  for (const formula of document.querySelectorAll("article math:not([display])")) {
    const next = (formula.closest("a") ?? formula).nextSibling
    if (next?.nodeType !== Node.TEXT_NODE || !/^[.,:;!?)\\]]/.test(next.data)) continue
    seen += 1
    const range = document.createRange()
    range.setStart(next, 0)
    range.setEnd(next, 1)
    const mark = range.getBoundingClientRect(), box = formula.getBoundingClientRect()
    if (mark.width && mark.left < box.left) found.push(next.parentElement.textContent)
  }
  return { seen, found }
}"""


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


ASKED = {
    "dZ1": r"hidden-layer\S*#eq-dZ1-",
    "dZ^{[1]}": r"hidden-layer\S*#eq-dZ1-",
    "dZ^{[1]} = W^{[2]\\top} dZ^{[2]}": r"hidden-layer|where-da1-dz1",
    "W2.T": r"why-transpose|hidden-layer",
    "why transpose": r"why-transpose",
    "why is there a transpose": r"why-transpose",
    "1/m": r"why-1-over-m|ledger",
    "why 1/m": r"why-1-over-m",
    "A - Y": r"a-minus-y|neuron/output|output-layer",
    "dZ = A - Y": r"a-minus-y|neuron/output|output-layer",
    "db": r"neuron/parameters\S*#eq-db-",
    "dW2": r"output-parameters\S*#eq-dW2-",
    "softmax derivative": r"activations/softmax",
    "cross-entropy": r"losses/cross-entropy",
    "t": r"",
    "a": r"",
}
"""What is typed, and what is one of the first two results or an equation that is shown with them."""


def test_the_search_understands_what_readers_type(page: Page, site: Path, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address + built(site, "notation"), wait_until="load")
    box = page.get_by_role("textbox", name="Search")
    box.click()
    results = page.locator(".md-search-result__item")
    missed = []
    for words, wanted in ASKED.items():
        box.fill("")
        results.first.wait_for(state="detached")
        box.press_sequentially(words, delay=40)
        for _ in range(40):
            page.wait_for_timeout(100)
            links = results.locator(":scope:nth-child(-n+2) a:visible").evaluate_all("all => all.map(a => a.href)")
            if links and any(re.search(wanted, link) for link in links):
                break
        else:
            missed.append((words, links))
    assert missed == []
    assert said == []


@pytest.mark.parametrize("source", [HIDDEN, "activations/smooth"])
def test_every_name_on_a_page_is_unique_with_the_theme_s_script(
    page: Page, site: Path, address: str, source: str
) -> None:
    """It gives a listing the name of the box around it."""
    page.goto(address + built(site, source))
    page.mouse.move(100, 300)
    page.locator("pre[id^=__code_]").first.wait_for(state="attached")
    names = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert sorted(names) == sorted(set(names))


def test_no_line_begins_with_the_mark_behind_a_formula(page: Page, site: Path, address: str) -> None:
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(address + built(site, HIDDEN))
    lonely = page.evaluate(LONELY)
    assert lonely["seen"] > 20
    assert lonely["found"] == []


def test_a_formula_of_the_cheat_sheet_has_an_address_and_is_copied(page: Page, site: Path, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + built(site, "cheat-sheet"))
    box = page.locator("#sheet-neuron-dw")
    box.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#sheet-neuron-dw")
    box.locator("summary").click()
    box.get_by_role("button", name="Copy LaTeX").click()
    box.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == r"dw = \frac{1}{m} X dZ^\top"
    headings = page.locator(".cheat-sheet h2").evaluate_all("all => all.map(one => `#${one.id}`)")
    contents = page.locator(".md-sidebar--secondary .md-nav__link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    assert len(headings) > 5
    assert contents == headings


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
    assert page.evaluate("getComputedStyle(document.querySelector('.drawing text')).fill") == text
    context.close()
