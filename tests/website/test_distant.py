"""What is not laid out before a reader comes near is in nobody's way: not of a link, a scroll, the keyboard or paper."""

from collections import Counter
from collections.abc import Iterator
from unicodedata import normalize

import pytest
from pages import SHIFTS, most
from playwright.sync_api import Browser, Page

from byhand_site.delivery.distant import FIRST, height, placed

LONG = ["activations/smooth", "checked/gallery", "depth/layers"]
WHOLE = """() => document.styleSheets[0].insertRule(".far { content-visibility: visible !important }",
  document.styleSheets[0].cssRules.length)"""
HEIGHTS = """() => [...document.querySelectorAll(".far:not(details *)")].map((box) =>
  [parseFloat(getComputedStyle(box).containIntrinsicBlockSize.split(" ")[1]), box.getBoundingClientRect().height])"""
MIDDLE = """() => {
  const here = [...document.querySelectorAll("article p")].find((p) => p.getBoundingClientRect().top > innerHeight / 2)
  window.watched = here
  return here.getBoundingClientRect().top
}"""
BACK = """(way) => new Promise((done) => {
  scrollBy({ top: -way, behavior: "instant" })
  requestAnimationFrame(() => requestAnimationFrame(() => done(watched.getBoundingClientRect().top)))
})"""
DRAWER = ".md-sidebar--primary .md-nav__link"
SEEN = "e => e.checkVisibility({ contentVisibilityAuto: true })"


@pytest.fixture(params=[412, 1280])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", LONG)
def test_a_guessed_height_is_close_to_the_real_one(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}{path}.html")
    page.evaluate("document.fonts.ready")
    page.evaluate(WHOLE)
    guessed, real = zip(*page.evaluate(HEIGHTS), strict=True)
    assert len(guessed) >= 8
    off = sorted(abs(a - b) for a, b in zip(guessed, real, strict=True))
    assert off[len(off) // 2] <= 20
    assert sum(guessed) == pytest.approx(sum(real), rel=0.15)


@pytest.mark.parametrize("path", [*LONG, "losses/links"])
def test_nothing_is_guessed_on_the_first_screen(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 1440})  # type: ignore[index]
    page.goto(f"{address}{path}.html")
    page.wait_for_timeout(300)
    assert page.evaluate(SHIFTS) <= most("cls")
    assert page.locator(".far").evaluate_all("all => Math.min(...all.map((e) => e.getBoundingClientRect().top))") > 1440


@pytest.mark.parametrize("path", LONG)
def test_a_link_leads_to_its_equation_and_nothing_jumps_on_the_way_back(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}{path}.html")
    boxes = page.locator(".far[id]:not(details *)")
    assert not boxes.last.locator("math").first.evaluate(SEEN), "nothing is far: this test shows nothing"
    name = boxes.nth(boxes.count() // 2).get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{address}{path}.html#{name}")
    page.wait_for_timeout(300)
    target = page.locator(f"[id='{name}']")
    assert target.locator("math").first.evaluate(SEEN)
    margin = target.evaluate("e => parseFloat(getComputedStyle(e).scrollMarginTop)")
    assert target.evaluate("e => e.getBoundingClientRect().top") == pytest.approx(margin, abs=2)
    for _ in range(12):
        before = page.evaluate(MIDDLE)
        assert page.evaluate(BACK, 150) == pytest.approx(before + 150, abs=2)


def told(page: Page) -> Counter[tuple[str, str]]:
    """What a screen reader is told: role and name of every node, without boxes that say nothing.

    A letter that is not laid out is told as b, and else as 𝑏, its shape: that is one letter here.
    """
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    nodes = [node for node in nodes if not node["ignored"]]
    found = Counter((node["role"]["value"], normalize("NFKC", node.get("name", {}).get("value", ""))) for node in nodes)
    return Counter({key: n for key, n in found.items() if key[0] not in ("InlineTextBox", "generic", "paragraph")})


def test_a_screen_reader_is_told_all_of_it(spoken: Browser, address: str) -> None:
    page = spoken.new_page()
    page.goto(f"{address}checked/gallery.html")
    assert not page.locator(".far math").last.evaluate(SEEN)
    far = told(page)
    page.evaluate(WHOLE)
    page.wait_for_timeout(300)
    assert far == told(page)
    assert far["MathMLMath", ""] > 100


def test_words_of_what_is_far_are_found_on_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}checked/gallery.html")
    last = page.locator(".far .refuted p").last
    assert not last.evaluate(SEEN)
    assert page.evaluate("text => find(text)", last.text_content())


def test_on_paper_everything_is_laid_out(page: Page, address: str) -> None:
    page.goto(f"{address}depth/layers.html")
    how = "all => [...new Set(all.map((e) => getComputedStyle(e).contentVisibility))]"
    assert page.locator(".far").evaluate_all(how) == ["auto"]
    page.emulate_media(media="print")
    assert page.locator(".far").evaluate_all(how) == ["visible"]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_drawer_is_out_of_the_way_until_it_is_opened(browser: Browser, address: str, scripts: bool) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 700}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{address}depth/layers.html")
    links = page.locator(DRAWER)
    assert links.count() > 100
    assert not any(link.evaluate("e => e.checkVisibility()") for link in links.all()[::20])
    for _ in range(12):
        page.keyboard.press("Tab")
        assert not page.locator(".md-sidebar--primary :focus").count()
    sliding = page.locator(".md-sidebar--primary").evaluate("e => getComputedStyle(e).transition")
    assert "content-visibility 0.25s allow-discrete" in sliding, "it would be empty while it slides away"
    page.evaluate("scrollTo(0, 0)")
    page.locator("label.md-header__button[for=__drawer]").click()
    page.locator(f"{DRAWER}--active >> visible=true").last.wait_for()
    page.wait_for_timeout(400)
    page.locator(".md-overlay").click(position={"x": 360, "y": 400})
    page.locator("#__drawer:not(:checked)").wait_for(state="attached")
    page.wait_for_timeout(600)
    assert not links.last.evaluate("e => e.checkVisibility()")
    context.close()


def test_the_side_bar_of_a_desk_stays(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{address}depth/layers.html")
    assert page.locator(DRAWER).first.is_visible()
    context.close()


def test_a_statement_gets_a_place_and_the_first_and_those_with_a_picture_none() -> None:
    rows = "<mtr></mtr>" * 3
    plain = f'<div class="statement wrong" id="a"><math>{rows}</math><!-- end of statement --></div>'
    drawn = '<div class="statement" id="b"><math></math><svg></svg><!-- end of statement --></div>'
    first = '<div class="statements"></div>' + plain * FIRST
    assert placed(first + drawn) == first + drawn
    later = placed(first + drawn + plain + drawn)
    assert later.startswith(first + drawn)
    assert later.count('class="far statement wrong"') == 1
    assert f"auto {height(plain)}rem" in later
    assert height(plain) == 6 < height(plain.replace("<mtr>", "<mtr><mfrac>"))
    assert placed("") == ""
