"""What stands in the built files."""

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from byhand.equations.markdown import read_blocks
from byhand_site import DOCS, verdicts

MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
INVISIBLE = {0x2061, 0x2062, 0x2063, 0xFE00}  # function application and such; a variant selector
LOADED = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("use", "href")}
NOT_LOADED = {"canonical", "prev", "next", "alternate"}


class Loaded(HTMLParser):
    """Collects the addresses that a browser fetches by itself, as distinct from links a reader follows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("rel") not in NOT_LOADED:
            self.addresses += [value or "" for name, value in attrs if (tag, name) in LOADED]


def html_pages(site: Path) -> dict[str, str]:
    return {page.relative_to(site).as_posix(): page.read_text(encoding="utf-8") for page in site.rglob("*.html")}


def test_the_strict_build_says_nothing(build: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, process = build
    said = [line for line in process.stderr.splitlines() if not line.startswith("INFO ")]
    assert (process.returncode, process.stdout, said) == (0, "", [])


def test_every_page_is_built(site: Path) -> None:
    wanted = {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")}
    built = {name.removesuffix(".html") for name in html_pages(site)} - {"404", "search/frame"}
    assert wanted == built


def test_a_page_loads_nothing_from_elsewhere(site: Path) -> None:
    foreign = {
        name: [address for address in Loaded(html).addresses if re.match(r"(https?:)?//", address)]
        for name, html in html_pages(site).items()
    }
    assert not any(foreign.values()), foreign
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def test_the_check_for_foreign_addresses_can_fail() -> None:
    page = '<link rel="stylesheet" href="https://fonts.example/a.css"><a href="https://example.org">x</a>'
    assert Loaded(page).addresses == ["https://fonts.example/a.css"]


def test_no_mathematics_is_left_as_text(site: Path) -> None:
    for name, html in html_pages(site).items():
        body = re.sub(
            r"<(code|math|pre|script|style|svg)\b.*?</\1>", "", html, flags=re.DOTALL
        )  # [W b][X 1] is a product
        text = re.sub(r"<[^>]+>", "", body)
        assert "][" not in text, f"{name}: a reference that was not resolved is left"
        assert "klzzwxh" not in html, f"{name}: a placeholder of the Markdown converter is left"
        assert "$" not in text, f"{name}: {re.findall(r'.{20}[$].{20}', text)[:1]}"
        assert not re.search(r"\\(frac|top|odot|mathcal|partial)", text), name


def test_pages_with_equations_have_them_as_mathml(site: Path) -> None:
    for page in DOCS.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        if "```generated" in text:
            continue  # shows equations of other pages too
        fences = len(re.findall(r"^ *```math", text, re.MULTILINE))
        name = page.relative_to(DOCS).with_suffix("").as_posix()
        html = (site / f"{name}.html").read_text(encoding="utf-8")
        assert html.count('class="equation"') == fences, page
        assert html.count('<math display="block">') == fences, page


def test_the_font_has_every_character_of_the_formulas(site: Path) -> None:
    characters = TTFont(site / "assets/fonts/byhand-math.woff2").getBestCmap().keys()
    missing: dict[str, str] = {}
    for name, html in html_pages(site).items():
        for formula in MATH.findall(html):
            drawn = re.sub(r"<mtext>.*?</mtext>", "", formula)
            italic = {as_italic(letter) for letter in re.findall(r"<mi>(.)</mi>", drawn)}
            upright = {ord(letter) for letter in re.sub(r"<[^>]+>|&\w+;|\s", "", drawn)}
            root = {0x221A} if re.search("<m(sqrt|root)", drawn) else set()  # no text: the browser draws it
            missing |= {f"U+{code:04X}": name for code in (italic | upright | root) - characters - INVISIBLE}
    assert not missing


def as_italic(letter: str) -> int:
    """The character a browser draws for a lone letter in <mi>: mathematical italic."""
    greek = "αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"
    if letter in greek:
        return 0x1D6FC + greek.index(letter)
    if letter.isascii() and letter.isalpha() and letter != "h":  # italic h is U+210E
        return ord(letter) + (0x1D44E - ord("a") if letter.islower() else 0x1D434 - ord("A"))
    return ord(letter)


def test_the_licence_of_the_font_is_published_beside_it(site: Path) -> None:
    font = TTFont(site / "assets/fonts/byhand-math.woff2")
    assert "SIL OPEN FONT LICENSE" in (site / "assets/fonts/OFL-1.1.txt").read_text(encoding="utf-8")
    assert "STIX" not in str(font["name"].getDebugName(1))  # a changed version carries another name


@pytest.mark.parametrize(
    ("page", "anchor", "function"),
    [
        ("two-layer/hidden-layer", "hidden-layer", "byhand.layers.linear_backward"),
        ("depth/layers", "depth-induction", "byhand.network.Network.backward"),
        ("two-layer/forward-pass", "forward-pass", "byhand.layers.linear_forward"),
    ],
)
def test_a_derivation_and_its_function_link_to_each_other(site: Path, page: str, anchor: str, function: str) -> None:
    module = function.split(".")[1]
    derivation = (site / f"{page}.html").read_text(encoding="utf-8")
    reference = (site / "reference" / f"{module}.html").read_text(encoding="utf-8")
    entry = reference[reference.index(f'id="{function}"') :]
    assert re.search(rf'href="[./]*reference/{module}[.]html#{re.escape(function)}"', derivation)
    assert re.search(rf'href="[./]*{page}[.]html#{anchor}"', entry)


def test_every_claim_has_its_mark_and_nothing_else_has(site: Path) -> None:
    for page in DOCS.rglob("*.md"):
        results = verdicts.of_page(page)
        ticked = {result.fence for result in results if result.verdict == "holds" and not result.expected}
        refuted = {result.fence for result in results if result.expected}
        name = page.relative_to(DOCS).with_suffix("").as_posix()
        html = (site / f"{name}.html").read_text(encoding="utf-8")
        assert html.count('✓ checked<span class="to-copy"> · copy</span></summary>') == len(ticked), page
        assert html.count('<div class="refuted">') == len(refuted), page


def test_no_page_has_a_display_that_the_build_does_not_show() -> None:
    for page in DOCS.rglob("*.md"):
        assert {block.kind for block in read_blocks(page.read_text(encoding="utf-8"))} <= {"fence"}, page
