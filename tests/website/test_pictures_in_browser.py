"""The drawings as a reader sees them: no label on another, no small print, no arrow through a box, no dead link."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin

import pytest
from playwright.sync_api import Browser

from byhand.equations import Sketch
from byhand_site import DOCS
from byhand_site.shape_picture import draw, read_sizes, sizes_of

PICTURES = {
    page.relative_to(DOCS).with_suffix("").as_posix()
    for page in DOCS.rglob("*.md")
    if re.search(r'picture="|draw="|^map$', page.read_text(encoding="utf-8"), re.MULTILINE)
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
  const place = e => {
    const { x, y, width, height } = e.getBBox(), by = svg.getScreenCTM().inverse().multiply(e.getScreenCTM())
    return { left: x + by.e, top: y + by.f, right: x + width + by.e, bottom: y + height + by.f }
  }
  const all = [...svg.querySelectorAll('rect, circle, text')].map(e => [e, place(e)])
  // letters fill the box of their line but for about 2 px above and below
  const within = (one, other, air) => one.left >= other.left + air && one.right <= other.right - air &&
    one.top + 2 >= other.top + 1 && one.bottom - 2 <= other.bottom - 1
  const apart = (one, other) => one.right <= other.left - 1 || one.left >= other.right + 1 ||
    one.bottom - 2 <= other.top - 3 || one.top + 2 >= other.bottom + 3
  const links = [...svg.querySelectorAll('rect.link')].map(rect => rect.getBBox())
  return {
    smallest: Math.min(...[...svg.querySelectorAll('text, tspan')].map(e => scale * parseFloat(getComputedStyle(e).fontSize))),
    overlaps: boxes.flatMap(([a, one], k) => boxes.slice(0, k).filter(([b, other]) =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3.5).map(([b]) => [a, b])),
    outside: boxes.filter(([, box]) => box.left < inside.left - 1 || box.right > inside.right + 1
      || box.top < inside.top - 1 || box.bottom > inside.bottom + 1).map(([text]) => text),
    // a text keeps off the border of every rectangle that it meets, unless a sheet of paper lies between the two
    crossing: all.flatMap(([box, border], k) => !box.matches('.matrix, .link, .unit, .marked') ? [] :
      all.slice(k).filter(([text, at]) => text.matches('text') && !apart(at, border) && !within(at, border, 1.5) &&
        !all.slice(k).some(([sheet, paper]) => sheet.matches('.paper') && within(at, paper, 0)) &&
        !all.slice(k).some(([name, other]) => name.matches('.matrix') && box.matches('.marked') && within(at, other, 1.5))
      ).map(([text]) => [text.textContent, box.getAttribute('class')])),
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


def judge(drawing: dict[str, Any]) -> None:
    assert drawing["smallest"] >= 12, drawing["title"]
    assert drawing["overlaps"] == [], drawing["title"]
    assert drawing["outside"] == [], drawing["title"]
    assert drawing["crossing"] == [], drawing["title"]
    assert drawing["through"] == 0, drawing["title"]


@pytest.mark.parametrize("path", sorted(PICTURES))
def test_labels_are_large_enough_and_apart_and_arrows_go_around_boxes(
    browser: Browser, address: str, path: str
) -> None:
    page = browser.new_page()
    page.goto(f"{address}{path}.html")
    page.evaluate("() => document.querySelectorAll('details').forEach(e => { e.open = true })")
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        drawings = page.evaluate(MEASURE)
        assert drawings
        for drawing in drawings:
            judge(drawing)
    page.close()


def matrix(label: str, rows: str, columns: str) -> Sketch:
    return Sketch("matrix", label, rows, columns)


def turned(label: str, rows: str, columns: str) -> Sketch:
    return Sketch("transpose", rf"{label}^{{[l]\top}}", columns, rows, (matrix(rf"{label}^{{[l]}}", rows, columns),))


def times(left: Sketch, right: Sketch, factor: str = "") -> Sketch:
    return Sketch("product", f"{left.label} {right.label}", left.rows, right.columns, (left, right), factor)


def made_up() -> list[str]:
    """One picture of each kind that a page can ask for, with long names, and with sizes of 1 where one may be 1."""
    P, Q, M = "n_{l-1}", "n_l", "m"
    numbers = {P: "4 units", Q: "2 units", M: "5 examples", "p": "3 units"}
    dZ, W, A = matrix("dZ^{[l]}", Q, M), turned("W", Q, P), matrix(r"g^{[l]\prime}(Z^{[l]})", P, M)
    column = matrix("b^{[l]}", P, "1")
    both = times(matrix("W^{[l]}", P, Q), matrix("X^{[l]}", Q, M))
    sides = [
        times(matrix("W^{[l]}", P, Q), dZ),
        times(W, dZ, r"\frac{1}{m}"),
        times(dZ, turned("A", P, M), "-"),
        times(turned("V", Q, "p"), turned("U", M, Q)),
        times(W, matrix("dz^{[l]}", Q, "1")),
        times(turned("w", Q, "1"), dZ),
        times(matrix("X", P, M), turned("dz", "1", M)),
        Sketch("entrywise", "", P, M, (times(W, dZ), A), sign=r"\odot"),
        Sketch("entrywise", "", P, M, (both, column), sign="+"),
        Sketch("entrywise", "", P, M, (matrix("dA^{[l]}", P, M), A), sign=r"\odot"),
        Sketch("sum", "", P, "1", (matrix("dz^{[l](i)}", P, "1"),), r"\frac{1}{m}", over=M),
    ]
    found = []
    for side in sides:
        whole = matrix("dB^{[l-1]}", side.rows, side.columns)
        needed = sizes_of(side) | sizes_of(whole)
        said = ", ".join(f"{name} = {words}" for name, words in numbers.items() if name in needed)
        found.append(draw((whole, side), read_sizes(said)).svg)
    return found


def test_names_fit_in_a_picture_of_any_kind(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    css = (DOCS / "assets" / "css" / "site.css").read_text(encoding="utf-8")
    drawn = made_up()
    page.set_content(f"<style>{css}</style>{''.join(drawn)}")
    measured = page.evaluate(MEASURE)
    assert len(measured) == len(drawn)
    for drawing in measured:
        judge(drawing)
    page.close()


@pytest.mark.parametrize(
    "path", ["activations/kinked", "verification/step-size", "two-layer/forward-pass", "two-layer/hidden-layer"]
)
def test_no_text_is_small_on_the_smallest_screen(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(f"{address}{path}.html")
    assert min(drawing["smallest"] for drawing in page.evaluate(MEASURE)) >= 12
    page.close()


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


def test_every_box_of_a_graph_is_a_link(site: Path) -> None:
    graphs = [
        svg
        for page in site.rglob("*.html")
        for svg in re.findall(r'<svg class="drawing graph".*?</svg>', page.read_text(encoding="utf-8"), re.DOTALL)
    ]
    assert len(graphs) >= 3
    for svg in graphs:
        assert svg.count("<rect") == svg.count("<a href=")


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
