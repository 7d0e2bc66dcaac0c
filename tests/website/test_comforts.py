"""What makes reading easier: order, names and links of equations, descriptions, the glossary, the way out of an error."""

from __future__ import annotations

import html
import json
import posixpath
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from markdown import Markdown
from pages import SOURCES, built, elements, text_of

from byhand.equations.markdown import front_matter, read_blocks
from byhand_site import DOCS, ROOT, glossary, origin, verdicts
from byhand_site.captions import caption, identifier
from byhand_site.mathml import to_mathml
from byhand_site.plain import as_text
from byhand_site.searchable import searchable, weigh


def order() -> list[str]:
    """The pages in the order of the argument, as mkdocs.yml has them."""

    def pages(entry: Any) -> list[str]:
        if isinstance(entry, str):
            return [entry.removesuffix(".md")]
        return [page for part in (entry if isinstance(entry, list) else entry.values()) for page in pages(part)]

    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_multi_constructor("!", lambda *_: None)  # type: ignore[attr-defined]
    loader.add_multi_constructor("tag:yaml.org,2002:python", lambda *_: None)  # type: ignore[attr-defined]
    return pages(yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), loader)["nav"])


def test_previous_and_next_lead_through_all_pages_in_the_order_of_the_argument(site: Path) -> None:
    pages = order()
    assert sorted(pages) == SOURCES
    for before, after in pairwise(pages):
        (link,) = elements(text_of(site, before), "a", class_="md-footer__link--next")
        here = posixpath.dirname(built(site, before))
        target = posixpath.normpath(posixpath.join(here, link["href"]))
        assert target.removesuffix("/index.html") in (
            built(site, after),
            posixpath.dirname(built(site, after)) or ".",
        ), before
        assert len(link["aria-label"]) > len("Next: x")


@pytest.mark.parametrize("source", SOURCES)
def test_every_name_on_a_page_is_unique(site: Path, source: str) -> None:
    names = [attributes["id"] for attributes in elements(text_of(site, source)) if "id" in attributes]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("source", SOURCES)
def test_every_equation_has_a_link_to_itself_and_says_which_it_is(site: Path, source: str) -> None:
    page = text_of(site, source)
    names = [one.get("id", "") for one in elements(page, "div", class_="statement") if "id" in one]
    links = [one["href"] for one in elements(page, "a", class_="equation-link")]
    labels = [one["aria-label"] for one in elements(page, "div", class_="equation")]
    fences = read_blocks((DOCS / f"{source}.md").read_text(encoding="utf-8"))
    assert [f"#{name}" for name in names] == links
    assert len(names) >= len(fences)
    unread = 1 if source in ("checked/write", "checked/language") else 0  # what cannot be read has no better name
    assert labels.count("Equation") == unread


@pytest.mark.parametrize("source", SOURCES)
def test_the_latex_of_every_equation_is_on_its_page_as_it_was_written(site: Path, source: str) -> None:
    texts = re.findall(r'aria-label="LaTeX">(?:<code>)?(.*?)</code>', text_of(site, source), re.DOTALL)
    offered = [unindented(html.unescape(text)) for text in texts]
    for block in read_blocks((DOCS / f"{source}.md").read_text(encoding="utf-8")):
        assert (unindented(block.text) in offered) != ("wrong" in block.attributes), block.text


def unindented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def judged(source: str) -> Any:
    path = DOCS / "two-layer" / "hidden-layer.md"
    return [result for result in verdicts.of_page(path) if result.source == source]


def test_the_name_of_an_equation_changes_with_the_equation_and_with_nothing_else() -> None:
    results = judged(r"dA^{[1]} &= W^{[2]\top} dZ^{[2]}")
    assert results
    name = identifier(r"dA^{[1]} &= W^{[2]\top} dZ^{[2]}", results)
    assert name.startswith("eq-dA1-")
    assert name == identifier("\n dA^{[1]}  =  W^{[2]\\top} dZ^{[2]}", results)
    assert name != identifier(r"dA^{[1]} &= W^{[2]} dZ^{[2]}", results)
    assert caption(results) == "Equation for dA1"


def test_the_second_of_two_equal_equations_has_a_name_of_its_own(site: Path) -> None:
    twice = []
    for source in SOURCES:
        names = [one["id"] for one in elements(text_of(site, source), "div", class_="statement") if "id" in one]
        assert len(set(names)) == len(names)
        twice += [name for name in names if f"{name}-2" in names]
    assert twice


@pytest.mark.parametrize("source", SOURCES)
def test_every_page_has_a_description_of_its_own(site: Path, source: str) -> None:
    (description,) = (one["content"] for one in elements(text_of(site, source), "meta", name="description"))
    assert 50 <= len(description) <= 220, len(description)
    own = front_matter((DOCS / f"{source}.md").read_text(encoding="utf-8"))
    assert description == html.unescape(own.get("description", "").strip('"')), "the description of the whole site"
    others = {(DOCS / f"{other}.md").read_text(encoding="utf-8") for other in SOURCES if other != source}
    assert not any(f"description: {description}\n" in other for other in others)


def test_the_page_for_a_wrong_address_leads_to_every_page(site: Path) -> None:
    page = (site / "404.html").read_text(encoding="utf-8")
    article = page[page.index("<article") : page.index("</article>")]
    links = {one["href"] for one in elements(article, "a")}
    assert all(link.startswith("/") for link in links), "a relative link would depend on the depth of the wrong address"
    assert len(links) >= len(SOURCES)
    assert all(
        (site / link.removeprefix("/") / "index.html").is_file() or (site / link[1:]).is_file() for link in links
    )
    assert "noindex" in page


def rendered(template: str, **extra: str) -> str:
    frame = jinja2.DictLoader({"base.html": "{% block content %}{% endblock %}"})
    loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(ROOT / "overrides"), frame])
    config = {"extra": extra, "copyright": "Text", "site_name": "Site"}
    page = {"title": "dZ = A − Y & more", "file": {"src_uri": "neuron/output.md"}}
    return jinja2.Environment(loader=loader, autoescape=True).get_template(template).render(config=config, page=page)


def test_a_page_asks_whether_it_is_wrong_where_there_is_somewhere_to_say_so() -> None:
    (link,) = elements(rendered("main.html", repository="https://example.org/a/b", commit="c0ffee1234567"), "a")
    address = link["href"]
    assert address.startswith("https://example.org/a/b/issues/new?title=Wrong%3A%20dZ")
    assert "neuron/output.md" in address
    assert "c0ffee1234567" in address
    assert elements(rendered("main.html", repository="", commit="c0ffee1234567"), "a") == []


def test_the_foot_of_a_page_names_the_commit_if_it_is_known() -> None:
    assert "c0ffee1234" in rendered("partials/copyright.html", repository="", commit="c0ffee1234567")
    assert elements(rendered("partials/copyright.html", repository="", commit="c0ffee1234567"), "a") == []
    (link,) = elements(rendered("partials/copyright.html", repository="https://example.org/a/b", commit="c0ffee1"), "a")
    assert link["href"] == "https://example.org/a/b/commit/c0ffee1"
    assert "commit" not in rendered("partials/copyright.html", repository="", commit="")


def test_the_commit_comes_from_the_environment_or_from_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BYHAND_COMMIT", raising=False)
    assert origin.commit(tmp_path) == ""
    monkeypatch.setenv("BYHAND_COMMIT", "c0ffee1")
    assert origin.commit(tmp_path) == "c0ffee1"
    monkeypatch.setenv("BYHAND_COMMIT", "<script>")
    assert origin.commit(ROOT) == ""


def test_every_equation_is_a_result_of_the_search(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    entries = {entry["location"]: entry for entry in index["docs"]}
    for source in SOURCES:
        page = built(site, source)
        for one in elements(text_of(site, source), "div", class_="statement"):
            if "id" in one:
                assert f"{page}#{one['id']}" in entries, one["id"]
    assert not any("<math" in entry["text"] or "ⓘ" in entry["text"] for entry in entries.values())
    own = {entry["title"]: entry for place, entry in entries.items() if re.search(r"hidden-layer\S*#", place)}
    assert "dZ1 = W2ᵀ dZ2 ⊙ g1′(Z1)" in own["dZ1"]["text"]
    assert "W2.T" in own["dZ1"]["text"]
    assert own["dZ1"]["boost"] > own["dZ1_ji"]["boost"] > own["Wrong: dA1"]["boost"]


BOX = (
    '<div class="statement{}" id="e"><div class="equation" aria-label="{}">{}</div><div>{}</div>'
    "<!-- end of statement --></div>"
)


def test_the_section_around_an_equation_goes_on_behind_it() -> None:
    numpy = '<pre aria-label="NumPy"><code>Z = A\ndb = 1</code></pre>'
    box = BOX.format("", "Equation for Z", r"<math><mi>Z</mi><mo>=</mo><mi>A</mi></math>", numpy)
    read = searchable(f"<h1>T</h1><p>before</p>{box}<p>A − Y</p>")
    entry = '<h6 id="e">Z</h6><p>Z = A</p><p><code>Z = A</code></p><p><code>db = 1</code></p>'
    assert read == f"<h1>T</h1><p>before</p><div>{entry}</div><p>A−Y</p>"


@pytest.mark.parametrize(
    ("latex", "title"),
    [
        (r"dZ = A - Y", "dZ"),
        (r"\begin{aligned} dA &= W^{[2]\top} dZ^{[2]} \\ &= G \end{aligned}", "dA"),
        (r"\begin{aligned} Z &:= W X \\ b &\in \mathbb{R} \end{aligned}", "Z, b"),
        (r"-x \cdot y", "−x ⋅ y"),
    ],
)
def test_an_equation_is_found_by_its_left_sides(latex: str, title: str) -> None:
    read = searchable(BOX.format("", "Equation", to_mathml(latex, display=True), ""))
    assert re.findall(r'<h6 id="e">(.*?)</h6>', read) == [title]


@pytest.mark.parametrize(
    ("wrong", "label", "latex", "weight"),
    [
        ("", "Equation for dZ", r"dZ = G", 3.0),
        ("", "Equation for dZ, number 2", r"\begin{aligned} dZ &= B \\ &= A - Y \end{aligned}", 4.5),
        ("", "Equation for m dW", r"m \, dW = G", 1.8),
        ("", "Definition of dZ", r"dZ := G", 0.9),
        (" wrong", "Wrong equation for dZ", r"dZ = A - Y", 0.5),
    ],
)
def test_the_weight_of_an_equation_in_the_search(wrong: str, label: str, latex: str, weight: float) -> None:
    """A definition and a slip stay folded under their page; a derived equation stands above the others."""
    found: list[dict[str, Any]] = [{"location": "losses/x.html"}, {"location": "losses/x.html#e"}]
    weigh(found, BOX.format(wrong, label, to_mathml(latex, display=True), ""), {"dZ = A − Y"})
    assert [entry["boost"] for entry in found] == [1, weight]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"d\alpha_k = \frac1m \sum_{i=1}^m (dA_P)_{ki} \min(0, Z_{ki})", "dα_k = 1/m Σ (dA_P)_ki min(0, Z_ki)"),
        (r"\log \frac{A}{Q}", "log A/Q"),
        (r"\begin{aligned} a &= W^{[2]} \operatorname{diag}(b) \end{aligned}", "a = W2 diag(b)"),
        (r"-\langle Y, \log \sigma(Z^{[2]}) \rangle", "−⟨Y, log σ(Z2)⟩"),
        (r"\frac{1}{m}(z - y)", "1/m (z − y)"),
        (r"\sigma(z)(1 - \sigma(z))", "σ(z) (1 − σ(z))"),
        (r"dZ X^\top - a a^\top", "dZ Xᵀ − a aᵀ"),
        (r"\lVert W \rVert_F^2", "‖W‖²_F"),
        (r"dW^{[1]}", "dW1"),
        (r"g'(Z)", "g′(Z)"),
        (r"L := -a", "L := −a"),
    ],
)
def test_a_formula_as_text_keeps_its_words_apart(latex: str, text: str) -> None:
    assert as_text(to_mathml(latex, display=True)) == text


@pytest.mark.parametrize("source", SOURCES)
def test_no_two_equations_of_a_page_have_the_same_label(site: Path, source: str) -> None:
    labels = [one["aria-label"] for one in elements(text_of(site, source), "div", class_="equation")]
    assert sorted(labels) == sorted(set(labels))


TERMS = glossary.terms(glossary.GLOSSARY.read_text(encoding="utf-8"))


def test_the_glossary_is_read_whole(site: Path) -> None:
    headings = [one["id"] for one in elements(text_of(site, "glossary"), "h2", id="[a-z-]+")]
    assert [term.anchor for term in TERMS] == headings
    assert len(TERMS) >= 18
    assert all(20 < len(term.card) < 260 and "$" not in term.card for term in TERMS)


@pytest.mark.parametrize("source", SOURCES)
def test_a_word_of_the_glossary_is_marked_once_and_leads_there(site: Path, source: str) -> None:
    page = text_of(site, source)
    cards = [one["id"] for one in elements(page, "span", class_="term-card")]
    links = [one for one in elements(page, "a") if one.get("aria-describedby", "").startswith("term-")]
    assert [one["aria-describedby"] for one in links] == cards
    assert len(set(cards)) == len(cards)
    here = posixpath.dirname(built(site, source))
    for one in links:
        target, _, anchor = one["href"].partition("#")
        where = posixpath.normpath(posixpath.join(here, target))
        assert where in (built(site, "glossary"), posixpath.dirname(built(site, "glossary"))), one
        assert anchor in {term.anchor for term in TERMS}
    assert not (source == "glossary" and cards)


def test_most_words_of_the_glossary_are_used_on_some_page(site: Path) -> None:
    pages = "".join(text_of(site, source) for source in SOURCES)
    unused = [term.anchor for term in TERMS if f'id="term-{term.anchor}"' not in pages]
    assert len(unused) <= 3, unused


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("$a$, $b$ and $c$.", ["a,", "c."]),
        ("the loss ($L$) of [$A$](x.md): it", ["(L)", "A:"]),
        ("$a$ b", []),
        ("`x`, $a$-th", []),
    ],
)
def test_a_formula_and_the_marks_that_touch_it_stay_together(text: str, kept: list[str]) -> None:
    shown = Markdown(extensions=["byhand_site.mathml"]).convert(text)
    spans = re.findall(r'<span class="together">(.*?)</span>', shown)
    assert [re.sub(r"<[^>]+>", "", span) for span in spans] == kept
