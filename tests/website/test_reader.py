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
PAPER = ("cheat-sheet", HIDDEN, "reference/moves")
NOT_PARTED = """() => [...document.querySelectorAll(".cheat-sheet li")].filter(item => {
  const [name, formula, shapes] = [item.firstElementChild, ...item.querySelectorAll("math")].map(e => e.getBoundingClientRect())
  const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
  return getComputedStyle(item).borderBlockStartStyle !== "solid" || meet(name, formula) || (shapes && meet(formula, shapes))
}).map(item => item.textContent)"""
# The words of a page, each with the contrast of its colour to what lies behind it, on white paper or on the screen.
CONTRAST = """() => {
  const parse = colour => { const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number); return [r, g, b, a] }
  const over = ([r, g, b, a], below) => [r, g, b].map((one, k) => a * one + (1 - a) * below[k])
  const behind = e => e ? over(parse(getComputedStyle(e).backgroundColor), behind(e.parentElement)) : [255, 255, 255]
  const light = colour => colour.map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, k) => sum + c * [.2126, .7152, .0722][k], 0)
  const seen = [...document.querySelectorAll("article *, article text")].filter(e => e.checkVisibility({ visibilityProperty: true })
    && [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && !e.closest("title, desc"))
  return seen.map(e => {
    const style = getComputedStyle(e), ground = behind(e)
    const [one, other] = [over(parse(e.closest("svg") ? style.fill : style.color), ground), ground].map(light).sort((a, b) => b - a)
    return [e.textContent, (one + .05) / (other + .05)]
  })
}"""
COLOURS = """() => ["body", "h1", "article p", "article a", ".tick summary", "article pre > code", ".drawing .touching", ".md-header",
  "article .highlight span"].map(name => { const style = getComputedStyle(document.querySelector(name))
  return [style.color, style.backgroundColor, style.fill, style.stroke] })"""
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
    assert page.evaluate(NOT_PARTED) == [], "a name could belong to the formula above it"


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


@pytest.mark.parametrize(("width", "source", "place"), [(1280, HIDDEN, "p > .term"), (375, "notation", "td > .term")])
def test_a_card_touches_its_word_is_cut_by_nothing_and_stays_below_the_pointer(
    plain_page: Page, site: Path, address: str, width: int, source: str, place: str
) -> None:
    plain_page.set_viewport_size({"width": width, "height": 800})
    plain_page.goto(address + built(site, source))
    term = plain_page.locator(place).first
    card = term.locator(".term-card")
    term.locator("a").evaluate("e => e.scrollIntoView({ block: 'center' })")
    term.locator("a").hover()
    word, box = term.locator("a").bounding_box(), card.bounding_box()
    assert word
    assert box
    below, above = abs(word["y"] + word["height"] - box["y"]), abs(box["y"] + box["height"] - word["y"])
    assert min(below, above) < 2
    middle = word["x"] + word["width"] / 2
    assert max(0, box["x"]) < middle < min(width, box["x"] + box["width"])
    edge = box["y"] + 3 if below < above else box["y"] + box["height"] - 3
    plain_page.mouse.move(middle, edge, steps=10)
    assert card.is_visible()
    corners = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x in (0.02, 0.98) for y in (0.05, 0.95)]
    for x, y in corners:
        assert card.evaluate("(e, [x, y]) => e.contains(document.elementFromPoint(x, y))", [x, y])
        plain_page.mouse.move(x, y, steps=5)
        assert card.is_visible()
    plain_page.mouse.move(2, 2)
    card.wait_for(state="hidden")


def test_escape_puts_a_card_away(page: Page, site: Path, address: str) -> None:
    page.goto(address + built(site, "questions/why-db-is-a-sum"))
    page.locator(".term > a").first.focus()
    assert page.locator(".term-card").first.is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".term-card").first.is_visible()


def test_on_paper_the_dark_scheme_is_black_on_white(browser: Browser, site: Path, address: str) -> None:
    context = browser.new_context(color_scheme="dark", reduced_motion="reduce")  # no colour on its way to another
    page = context.new_page()
    for source in PAPER:
        page.emulate_media(media="screen")
        page.goto(address + built(site, source))
        assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
        page.emulate_media(media="print")
        words = page.evaluate(CONTRAST)
        assert len(words) > 100
        assert [word for word in words if word[1] < 4.5] == [], source
    context.close()


def test_a_dark_system_without_scripts_has_the_dark_scheme_and_with_them_the_reader_chooses(
    browser: Browser, site: Path, address: str
) -> None:
    colours = []
    for scripts in (False, True):
        context = browser.new_context(color_scheme="dark", java_script_enabled=scripts, reduced_motion="reduce")
        page = context.new_page()
        page.goto(address + built(site, HIDDEN))
        colours.append(page.evaluate(COLOURS))
        if scripts:
            page.evaluate("document.getElementById('__palette_0').click()")
            page.reload()
            colours.append(page.evaluate(COLOURS))
            page.emulate_media(color_scheme="light")
            colours.append(page.evaluate(COLOURS))
        context.close()
    unscripted, dark, chosen, light = colours
    assert unscripted == dark
    assert chosen == light
    assert all(one != other for one, other in zip(dark, light, strict=True))
    html = (site / built(site, HIDDEN)).read_text(encoding="utf-8")
    assert html.index('replace("no-js", "js")') < html.index('rel="stylesheet"'), "else both schemes would be seen"


def test_equations_stand_below_each_other_at_their_signs_and_a_linked_formula_has_a_line(
    page: Page, site: Path, address: str
) -> None:
    page.goto(address + built(site, HIDDEN))
    page.evaluate("document.fonts.ready")
    gaps = page.evaluate("""() => [...document.querySelectorAll(".equation mtd > :first-child")].map(first => {
      const cell = first.parentElement, box = cell.getBoundingClientRect()
      const left = first.getBoundingClientRect().left - box.left
      const right = box.right - cell.lastElementChild.getBoundingClientRect().right
      return cell.className === "right" ? ["right", right, left] : ["left", left, right]
    })""")
    for side in ("left", "right"):
        near, far = zip(*(gap[1:] for gap in gaps if gap[0] == side), strict=True)
        assert max(near) < 10, "no more than the padding of a cell"
        assert max(far) > 20, "cells as wide as what is in them show nothing: choose another page"
    lines = page.locator("article a > math").evaluate_all(
        "all => all.map(e => getComputedStyle(e).borderBlockEndStyle)"
    )
    assert set(lines) == {"solid"}


def test_on_a_phone_what_is_cut_says_so_and_sentences_are_not_cut(browser: Browser, site: Path, address: str) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 700}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address + built(site, HIDDEN))
    wide = page.evaluate(
        "[...document.querySelectorAll('article *')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth"
        " && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)).map(e => [e.className || e.tagName,"
        " getComputedStyle(e).backgroundImage.split('linear-gradient').length - 1, Boolean(e.closest('.refuted'))])"
    )
    assert {kind for kind, *_ in wide} >= {"equation", "CODE"}
    assert {shadows for _, shadows, _ in wide} == {4}
    frames = page.locator(".refuted pre > code")
    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.querySelector('.pointed')?.scrollWidth)"
    assert None not in frames.evaluate_all(cut)
    assert frames.count() > len(frames.evaluate_all(cut))
    page.goto(address + built(site, "checked/coverage"))
    assert page.locator("td:nth-child(4)").first.bounding_box()["width"] >= 280  # type: ignore[index]
    names = page.locator("td code", has=page.locator("wbr"))
    assert names.first.evaluate("e => getComputedStyle(e).wordBreak") == "normal"
    context.close()


def test_mathematics_is_in_the_accessibility_tree(spoken: Browser, site: Path, address: str) -> None:
    page = spoken.new_page()
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
