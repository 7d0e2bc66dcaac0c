"""The Content-Security-Policy of the pages: what it lets through, and what it stops."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from byhand_site.delivery import Delivered, deliver, policy, searching, sheet, structure, theme
from byhand_site.mathml import to_mathml

PAGE = '<html><head><meta charset="utf-8"></head><body>{}</body></html>'
POLICY = re.compile(r'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="([^"]+)">')
ATTACKS = {
    "an inline script": "(() => { const s = document.createElement('script'); s.text = 'window.planted = 1'; "
    "document.body.append(s); return window.planted })()",
    "an inline handler": "(() => { const b = document.createElement('button'); "
    "b.setAttribute('onclick', 'window.planted = 1'); document.body.append(b); b.click(); return window.planted })()",
    "a script in a data: address": "new Promise((done) => { const s = document.createElement('script'); "
    "s.src = 'data:text/javascript,window.planted=1'; s.onload = s.onerror = () => done(window.planted); "
    "document.body.append(s) })",
    "an inline style": "(() => { document.body.setAttribute('style', 'color: rgb(1, 2, 3)'); "
    "return getComputedStyle(document.body).color === 'rgb(1, 2, 3)' || undefined })()",
    "a request to another host": "fetch('http://127.0.0.2:9/').then(() => 1, () => undefined)",
    "an address for all links": "(() => { const b = document.createElement('base'); b.href = 'http://127.0.0.2:9/'; "
    "document.head.append(b); return document.baseURI.includes('127.0.0.2') || undefined })()",
}


def test_every_page_has_the_policy_before_anything_it_governs(site: Path) -> None:
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        found = POLICY.search(html)
        assert found, page
        assert not re.search(r"<(script|style|link)\b", html[: found.start()]), page
        assert "default-src 'none'" in found[1]
        assert not re.search(r"unsafe|\*|https?:", found[1]), found[1]
        assert found[1] == policy.of(html) or page.name == "frame.html"


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", ["server", "folder"])
def test_the_policy_stops(browser: Browser, site: Path, address: str, attack: str, place: str) -> None:
    context = browser.new_context()
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address if place == 'server' else site.as_uri() + '/'}index.html")
    assert page.evaluate(ATTACKS[attack]) is None
    assert any("Content Security Policy" in text for text in said), said
    context.close()


def test_the_attacks_would_succeed_without_a_policy(browser: Browser, site: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    for name in ("an inline script", "an inline handler", "an inline style", "an address for all links"):
        page.set_content(PAGE.format(""))
        assert page.evaluate(ATTACKS[name]) in (1, True)
    context.close()


def test_a_script_planted_in_a_built_page_does_not_run(browser: Browser, site: Path, tmp_path: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    assert "<h1" in html
    planted = html.replace("<h1", "<script>window.planted = 1</script><h1", 1)
    (tmp_path / "index.html").write_text(planted, encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    assert page.evaluate("window.planted") is None
    assert page.evaluate("document.documentElement.className") == "js", "the page's own script must run"
    context.close()


def test_eval_is_refused_to_the_pages_own_scripts(browser: Browser, site: Path, address: str) -> None:
    context = browser.new_context()
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/bundle.*.js", lambda route: route.fulfill(content_type="text/javascript", body="eval('1 + 1')"))
    page.goto(f"{address}index.html")
    page.keyboard.press("Tab")
    page.wait_for_event("pageerror") if not errors else None
    assert "unsafe-eval" in errors[0] or "EvalError" in errors[0]
    context.close()


@pytest.mark.parametrize(
    "html", ['<p onclick="x()">a</p>', '<p style="color: red">a</p>', '<a href="javascript:x()">a</a>']
)
def test_a_page_that_the_policy_would_break_stops_the_delivery(html: str) -> None:
    with pytest.raises(policy.Unsafe):
        policy.sealed(PAGE.format(html))


def test_a_script_and_a_style_get_their_hashes_and_data_gets_none() -> None:
    data = '<script type="application/json">{"a": 1}</script>'
    assert "sha256" not in policy.of(data)
    both = policy.of(f"<script>a()</script><style>b{{}}</style>{data}")
    assert re.search(r"script-src 'self' 'sha256-[\w+/=]+'; style-src 'self' 'sha256-[\w+/=]+';", both)


def test_a_folder_is_not_delivered_twice(site: Path, tmp_path: Path) -> None:
    for folder in (site, tmp_path):
        with pytest.raises(Delivered):
            deliver(folder)


def test_a_changed_theme_is_noticed() -> None:
    assert theme.once("a", "b", "cac") == "cbc"
    for html in ("cc", "aa"):
        with pytest.raises(theme.ThemeChanged, match="the theme has changed"):
            theme.once("a", "b", html)


def test_an_inline_style_becomes_a_class(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/a.css").write_text("p{margin:0}/*# sourceMappingURL=a.map */", encoding="utf-8")
    page = (
        '<link rel="stylesheet" href="../assets/a.css"><p class="x" style="color: red">a</p><b style="color: red">b</b>'
    )
    styles = sheet.Sheet(tmp_path, [page])
    html = styles.one_for(page)
    styles.write()
    css = (tmp_path / "assets/site.css").read_text(encoding="utf-8")
    name = next(iter(styles.inline.values()))
    assert f'<p class="{name} x">a</p><b class="{name}">b</b>' in html
    assert f".{name}.{name}.{name}{{color: red}}" in css
    assert "sourceMapping" not in css
    assert not (tmp_path / "assets/a.css").exists()


def test_the_dark_scheme_is_for_screens_and_for_systems_that_want_it_where_no_script_runs(site: Path) -> None:
    css = (site / sheet.NAME).read_text(encoding="utf-8")
    dark = re.findall(r'(.{13})\[data-md-color-scheme="?slate"?\]\s*\{', css)
    assert len(dark) >= 3, "the theme's, its extension's and ours"
    assert set(dark) == {"@media screen{"[-13:]}
    assert css.count("@media (prefers-color-scheme:dark){.no-js body{") == len(dark)


@pytest.mark.parametrize(
    ("latex", "name"), [(("A - Y",), "A−Y"), (("dW^{[1]}", "db^{[1]}"), "dW[1] and db[1]"), ((r"g'(Z)",), "g′(Z)")]
)
def test_a_link_of_mathematics_alone_has_the_name_that_is_seen(latex: tuple[str, ...], name: str) -> None:
    """WCAG 2.5.3: who speaks to a machine says what stands there, so the name is the text, sign by sign."""
    link = f'<a href="x">{" and ".join(to_mathml(one, display=False) for one in latex)}</a>'
    assert f'<a href="x" aria-label="{name}">' in structure.named(f"{structure.DIALOG}></div>{link}")


def test_a_search_worker_that_the_edits_do_not_fit_stops_the_build(tmp_path: Path) -> None:
    worker = tmp_path / "assets/javascripts/workers/search.0.min.js"
    worker.parent.mkdir(parents=True)
    worker.write_text("e=e+s+o.id}return e} search(e){return e}", encoding="utf-8")
    with pytest.raises(theme.ThemeChanged):
        searching.understanding(tmp_path)
