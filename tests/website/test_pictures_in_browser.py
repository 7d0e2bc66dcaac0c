"""The drawings as a reader sees them: no label on another, no small print, no arrow through a box, no dead link."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin

import pytest
from playwright.sync_api import Browser

from byhand_site import DOCS

PICTURES = {
    page.relative_to(DOCS).with_suffix("").as_posix()
    for page in DOCS.rglob("*.md")
    if re.search(r'picture="shapes"|draw="(graph|paths)"|^map$', page.read_text(encoding="utf-8"), re.MULTILINE)
}
# How the words on a mark stand out from it: the text, the mark, the matrix below the mark, the page below that.
ON_A_MARK = """() => {
  const parse = (colour, share = 1) => { const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number); return [r, g, b, a * share] }
  const over = ([r, g, b, a], below) => [r, g, b].map((one, k) => a * one + (1 - a) * below[k])
  const light = colour => colour.map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, k) => sum + c * [.2126, .7152, .0722][k], 0)
  const page = parse(getComputedStyle(document.body).backgroundColor)
  return [...document.querySelectorAll("svg.drawing")].flatMap(svg => [...svg.querySelectorAll("text")].flatMap(text => {
    const box = text.getBoundingClientRect(), x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2
    const below = [...svg.querySelectorAll("rect")].filter(rect => { const r = rect.getBoundingClientRect()
      return r.left < x && x < r.right && r.top < y && y < r.bottom && getComputedStyle(rect).fill !== "none" })
    if (!below.some(rect => rect.classList.contains("marked"))) return []
    const ground = below.reduce((ground, rect) => { const style = getComputedStyle(rect)
      return over(parse(style.fill, +style.fillOpacity), ground) }, page)
    const [one, other] = [over(parse(getComputedStyle(text).fill), ground), ground].map(light).sort((a, b) => b - a)
    return [[text.textContent, (one + .05) / (other + .05)]]
  }))
}"""
MEASURE = """() => [...document.querySelectorAll('svg.drawing')].map(svg => {
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
  const texts = [...svg.querySelectorAll('text')]
  const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()])
  const inside = svg.getBoundingClientRect()
  const links = [...svg.querySelectorAll('rect.link')].map(rect => rect.getBBox())
  return {
    smallest: Math.min(...[...svg.querySelectorAll('text, tspan')].map(e => scale * parseFloat(getComputedStyle(e).fontSize))),
    overlaps: boxes.flatMap(([a, one], k) => boxes.slice(0, k).filter(([b, other]) =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3.5).map(([b]) => [a, b])),
    outside: boxes.filter(([, box]) => box.left < inside.left - 1 || box.right > inside.right + 1
      || box.top < inside.top - 1 || box.bottom > inside.bottom + 1).map(([text]) => text),
    through: [...svg.querySelectorAll('.arrow, .back')].filter(path => {
      const length = path.getTotalLength()
      const points = Array.from({ length: length / 2 }, (_, k) => path.getPointAtLength(2 * k))
      return links.some(box => points.some(p =>
        p.x > box.x + 1 && p.x < box.x + box.width - 1 && p.y > box.y + 1 && p.y < box.y + box.height - 1))
    }).length,
    title: svg.querySelector(':scope > title')?.textContent ?? '',
    description: svg.querySelector(':scope > desc')?.textContent ?? '',
  }
})"""


def measured(browser: Browser, address: str, width: int, scheme: Any = "light") -> list[dict[str, Any]]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    for details in page.locator("details").all():
        details.evaluate("e => { e.open = true }")
    found: list[dict[str, Any]] = page.evaluate(MEASURE)
    context.close()
    return found


@pytest.mark.parametrize("path", sorted(PICTURES))
@pytest.mark.parametrize("width", [375, 1280])
def test_labels_are_large_enough_and_apart_and_arrows_go_around_boxes(
    browser: Browser, address: str, path: str, width: int
) -> None:
    drawings = measured(browser, f"{address}{path}.html", width)
    assert drawings
    for drawing in drawings:
        assert drawing["smallest"] >= 12, drawing["title"]
        assert drawing["overlaps"] == [], drawing["title"]
        assert drawing["outside"] == [], drawing["title"]
        assert drawing["through"] == 0, drawing["title"]


@pytest.mark.parametrize(
    "path", ["activations/kinked", "verification/step-size", "two-layer/forward-pass", "two-layer/hidden-layer"]
)
def test_no_text_is_small_on_the_smallest_screen(browser: Browser, address: str, path: str) -> None:
    assert min(drawing["smallest"] for drawing in measured(browser, f"{address}{path}.html", 320)) >= 12


def test_every_drawing_of_the_site_has_a_title_and_a_description(site: Path) -> None:
    found = 0
    for page in site.rglob("*.html"):
        for svg in re.findall(r'<svg class="drawing.*?</svg>', page.read_text(encoding="utf-8"), re.DOTALL):
            found += 1
            assert re.search(r"<title[^>]*>[^<]{10,}</title><desc[^>]*>[^<]{30,}</desc>", svg), page
            assert not re.search(r"<image|<script|<foreignObject|href=\"data:", svg), page
    assert found >= 12


def test_every_box_that_is_a_link_leads_somewhere(site: Path) -> None:
    found = 0
    for page in site.rglob("*.html"):
        for svg in re.findall(r'<svg class="drawing.*?</svg>', page.read_text(encoding="utf-8"), re.DOTALL):
            for address in re.findall(r'<a href="([^"]+)"', svg):
                target, anchor = urldefrag(urljoin(page.as_uri(), address))
                file = Path(target.removeprefix("file://"))
                file = file / "index.html" if file.is_dir() else file
                assert f'id="{anchor}"' in file.read_text(encoding="utf-8"), (page, address)
                found += 1
    assert found > 40


def test_the_drawings_change_with_the_colour_scheme_and_stay_readable(browser: Browser, address: str) -> None:
    colours = []
    schemes: list[Literal["light", "dark"]] = ["light", "dark"]
    for scheme in schemes:
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{address}two-layer/hidden-layer.html")
        colours.append(page.evaluate(
            "() => ['.formula', '.touching', '.matrix', '.paper'].map(name => { const s = getComputedStyle("
            "document.querySelector('svg.drawing ' + name)); return s.fill + s.stroke })"
        ))  # fmt: skip
        marked = page.evaluate(ON_A_MARK)
        assert marked
        assert [word for word in marked if word[1] < 4.5] == [], scheme
        context.close()
    assert all(light != dark for light, dark in zip(*colours, strict=True))
