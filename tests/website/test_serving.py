"""A saved page is built alone, and comes out as it would in a build of everything."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands import build as mkdocs
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, BuildError

from byhand_site import serving as module
from byhand_site.serving import Serving

HOOK = """
from byhand_site import serving as module
def on_pre_build(config): module.serving.begin(config)
def on_nav(nav, config, files): module.serving.note(nav=nav, files=files)
def on_env(env, config, files): module.serving.note(env=env)
def on_post_build(config): module.serving.done()
"""
PAGES = {
    "index.md": "# Home\n\n[the end](other.md#end) and [the rule][rule]\n",
    "other.md": "# Other\n\n[](){ #rule }\n\n## End\n\n[home](index.md)\n",
    "glossary.md": "# Glossary\n",
    "symbols.md": "# Symbols\n\n::: byhand.data\n",
    "given.md": "# Given\n",
    "taker.md": "---\ngiven: given.md\n---\n# Taker\n",
}
SETTINGS = """
site_name: small
strict: true
hooks: [hook.py]
nav: [index.md, other.md, glossary.md, symbols.md, given.md, taker.md]
plugins: [autorefs]
markdown_extensions: [attr_list]
use_directory_urls: false
validation: {anchors: warn}
"""


class Site:
    """A small site that has been built once, and what its server would call after a save."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "docs").mkdir()
        for name, text in PAGES.items():
            (root / "docs" / name).write_text(text, encoding="utf-8")
        (root / "hook.py").write_text(HOOK, encoding="utf-8")
        (root / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
        self.whole = 0
        self.build_all()
        self.after_a_save = module.serving.builder(self.build_all)

    def build_all(self) -> None:
        self.whole += 1
        config = load_config(str(self.root / "mkdocs.yml"), site_dir=str(self.root / "site"))
        mkdocs.build(config, serve_url="http://127.0.0.1:8000/")

    def save(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        later = path.stat().st_mtime_ns + 1_000_000_000 if path.exists() else 1
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(later, later))

    def shown(self) -> dict[str, str]:
        pages = {path.name: path.read_text(encoding="utf-8") for path in (self.root / "site").glob("*.html")}
        return {name: re.sub("Build Date UTC : .*", "", text) for name, text in pages.items()}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(module, "serving", Serving())
    return Site(tmp_path)


def test_a_saved_page_comes_out_as_in_a_build_of_everything(small: Site) -> None:
    small.save("docs/index.md", PAGES["index.md"] + "\n## More\n\n[again][rule], [there](#more)\n")
    small.after_a_save()
    assert small.whole == 1
    alone = small.shown()
    assert re.search(r'href="other.html#end"[^>]*>again<', alone["index.html"])
    small.build_all()
    assert small.shown() == alone


def test_a_page_that_is_saved_again_is_built_again_and_others_are_left(small: Site) -> None:
    for name, words in (("index", "first words"), ("index", "second words"), ("other", "third words")):
        for page in (small.root / "site").glob("*.html"):
            page.write_text("not built since", encoding="utf-8")
        small.save(f"docs/{name}.md", f"{PAGES[f'{name}.md']}\n{words}\n")
        small.after_a_save()
        shown = small.shown()
        assert words in shown.pop(f"{name}.html")
        assert set(shown.values()) == {"not built since"}
    assert small.whole == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/glossary.md", "# Glossary\n\n## a word\n"),
        ("docs/symbols.md", "# Symbols\n\n::: byhand.layers\n"),
        ("docs/given.md", "# Given\n\nmore\n"),
        ("docs/assets/site.css", "a {}"),
        ("docs/new.md", "# New\n"),
        ("mkdocs.yml", SETTINGS + "site_description: other\n"),
    ],
)
def test_what_other_pages_may_show_is_built_with_them(small: Site, name: str, text: str) -> None:
    small.save("docs/index.md", "# Home\n\nsaved as well\n")
    small.save(name, text)
    calls: list[int] = []
    module.serving.builder(lambda: calls.append(1))()
    assert calls == [1]


def test_a_broken_link_stops_a_page_as_it_stops_a_build_until_it_is_mended(small: Site) -> None:
    for broken in ("[nowhere](other.md#gone)", "[nowhere][no-rule]", "[nowhere](missing.md)"):
        small.save("docs/index.md", f"# Home\n\n{broken}\n")
        for _ in range(2):  # nor is it forgotten when something else is saved
            with pytest.raises(Abort, match="1 warning"):
                small.after_a_save()
            small.save("docs/other.md", PAGES["other.md"] + "\nmore\n")
    small.save("docs/index.md", PAGES["index.md"])
    small.after_a_save()
    assert small.whole == 1


def test_a_page_that_stops_the_build_says_why(small: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any) -> None:
        raise BuildError("docs/index.md:3: this is wrong")

    small.save("docs/index.md", "# Home\n")
    monkeypatch.setattr(module, "_populate_page", stop)
    with pytest.raises(Abort, match="this is wrong"):
        small.after_a_save()
