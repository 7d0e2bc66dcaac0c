"""Where mathematics is found in Markdown, and at which line and column."""

import time

import pytest

from byhand.equations import check_text, count_inline
from byhand.equations.markdown import front_matter, parse_info, read_blocks

FOUND = [
    ("```math\na = b\n```", ["a = b"]),
    ("~~~math\na = b\n~~~", ["a = b"]),
    ("````math\na = b\n```\n````", ["a = b\n```"]),
    ("```math {#id}\na = b\n```", ["a = b"]),
    ('``` math {#id wrong="differs"}\na = b\n```', ["a = b"]),
    ("```math wrong=differs\na = b\n```", ["a = b"]),
    ("!!! note\n\n    ```math\n    a = b\n    ```\n", ["a = b"]),
    ("- item\n\n  ```math\n  a = b\n  ```\n", ["a = b"]),
    ("1. ```math\n   a = b\n   ```\n", ["a = b"]),
    ("> ```math\n> a = b\n> ```\n", ["a = b"]),
    ("> - ```math\n>   a = b\n>   ```\n", ["a = b"]),
    ("$$a = b$$", ["a = b"]),
    ("$$\na = b\n$$", ["\na = b\n"]),
    ("text $$a = b$$ text $$c = d$$", ["a = b", "c = d"]),
    ("> $$\n> a = b\n> $$", ["", " a", ""]),
]
NOT_FOUND = [
    "```python\n$$ a = b $$\n```",
    "```\n$$ a = b $$\n```",
    "```mathematica\na = b\n```",
    "<!--\n```math\na = b\n```\n-->",
    "<!-- $$a = b$$ -->",
    "<pre>\n$$a = b$$\n```math\na = b\n```\n</pre>",
    "<pre><code>$$a = b$$</code></pre>",
    "<script>\n$$a = b$$\n</script>",
    '<SCRIPT type="math/tex; mode=display">$$a = b$$</script>',
    "> <style>\n> $$a = b$$\n> </style>",
    "`$$a = b$$`",
    r"costs \$$5 and \$$6",
    "---\ntitle: $$a = b$$\n---\n",
    "$a = b$",
]


@pytest.mark.parametrize(("page", "texts"), FOUND)
def test_a_block_of_mathematics_is_found(page: str, texts: list[str]) -> None:
    found = [block.text for block in read_blocks(page)]
    if page.startswith("> $$"):
        assert [text.strip() for text in found] == ["a = b"]
    else:
        assert found == texts


@pytest.mark.parametrize("page", NOT_FOUND)
def test_what_is_no_block_of_mathematics_is_passed_over(page: str) -> None:
    assert read_blocks(page) == ()


AFTER = [  # what is passed over ends where it ends
    "<pre>\n$$x = y$$\n</pre>\n$$a = b$$",
    "<pre>\n$$a = b$$",  # nothing closes it: only its own line is passed over
    "<prefix>\n$$a = b$$",
    "<script src='x.js'></script>\n$$a = b$$",
    "`<pre>` is a tag\n$$a = b$$",
]


@pytest.mark.parametrize("page", AFTER)
def test_what_is_raw_ends_at_its_tag(page: str) -> None:
    assert [block.text for block in read_blocks(page)] == ["a = b"]


UNCLOSED = [
    "```math\na = b\n\n# A heading\n\n```math\nx = 3 x\n```\n",
    "```math\na = b\n```math\nx = 3 x\n```\n",
    "> ```math\n> a = b\n> - ```math\n>   x = 3 x\n>   ```\n",
    "```math\na = b\n\nText to the end of the page, and a display.\n\n$$x = 3 x$$",
]


@pytest.mark.parametrize("page", UNCLOSED)
def test_a_fence_that_nothing_closes_is_named_and_swallows_nothing(page: str) -> None:
    before = "```math\nx \\in \\mathbb{R}\n```\n"
    _, differs, unclosed = check_text(before + page)
    assert (differs.verdict, differs.source) == ("differs", "x = 3 x")
    assert (unclosed.verdict, unclosed.ok, unclosed.line, unclosed.source) == ("cannot-be-read", False, 4, "a = b")
    assert "Nothing closes this fence" in unclosed.message


def test_many_beginnings_without_an_end_take_no_time() -> None:
    began = time.monotonic()
    for line in ("<!--\n", "<pre>\n", "```math\n", "~~~math\n\n```math\n\n"):
        read_blocks(line * 30_000)
    assert time.monotonic() - began < 5


PLACES = [
    ("```math\na = b\n```", 2, 1),
    ("!!! note\n\n    ```math\n    a = b\n    ```\n", 4, 5),
    ("> ```math\n> a = b\n> ```\n", 2, 3),
    ("1. ```math\n   a = b\n   ```\n", 2, 4),
    ("text $$a = b$$", 1, 8),
    ("```math\nc \\in \\mathbb{R} \\\\\n% a comment\n  a = b\n```", 4, 3),
    ("$$\n\\begin{aligned}\n  a &= b\n\\end{aligned}\n$$", 3, 3),
    ("---\ntitle: x\n---\n\n```math\na = b\n```", 6, 1),
    ("```math\r\na = b\r\n```\r\n", 2, 1),
]


@pytest.mark.parametrize(("page", "line", "column"), PLACES)
def test_a_statement_has_its_own_line_and_column(page: str, line: int, column: int) -> None:
    result = check_text(page)[-1]
    assert (result.line, result.column) == (line, column)
    assert result.source.replace("&", "").split() == ["a", "=", "b"]


def test_attributes_are_read_with_and_without_braces() -> None:
    expected = ("math", {"id": "dZ", "wrong": "does not fit"}, ())
    assert parse_info('math {#dZ wrong="does not fit"}') == expected
    assert parse_info("math #dZ wrong='does not fit'") == expected
    assert parse_info("math {#dZ stray}")[2] == ("stray",)


def test_front_matter_is_plain_lines_only() -> None:
    assert front_matter("---\ngiven: two-layer\ntags:\n  - a\n---\n") == {"given": "two-layer", "tags": ""}
    assert front_matter("# no front matter") == {}


def test_inline_formulas_and_their_relations_are_counted() -> None:
    assert count_inline("We have $n_1$ units, $`dZ = A - Y`$ and `$code$`; it costs $5 or $6.") == (2, 1)


SPLIT = [
    (r"a = b \\ c = d", 2),
    ("a = b \\\\\n= c", 1),
    ("a = b \\\\\n&+ c", 1),
    (r"a = b, \quad c = d", 2),
    (r"a = \begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases} \\ c = d", 2),
    (r"x, y \in \mathbb{R}, z \in \mathbb{R}", 2),
    (r"a = \max(0, b)", 1),
    (r"a^{[l]} = b^{[l]}, \quad l = 1, \dots, L", 1),
    (r"a = b % c = d", 1),
    (r"a = 100\% b", 1),
]


@pytest.mark.parametrize(("text", "count"), SPLIT)
def test_a_fence_is_cut_into_statements(text: str, count: int) -> None:
    assert len(check_text(f"```math\n{text}\n```")) == count


def test_a_byte_order_mark_hides_no_front_matter() -> None:
    page = "\ufeff---\r\ngiven: two-layer\r\n---\r\n\r\n$$dZ^{[2]} = A^{[2]} - Y$$\r\n"
    assert [(result.line, result.verdict) for result in check_text(page)] == [(5, "holds")]


def test_a_display_that_a_blank_line_breaks_is_named_and_the_rest_is_judged() -> None:
    page = "$$\ndZ^{[2]} = Y\n\ndZ^{[2]} = A^{[2]} - Y\n$$\n\n$$dZ^{[2]} = A^{[2]} - Y$$\n"
    results = check_text(page, given="two-layer")
    assert {(result.line, result.verdict) for result in results} == {(1, "cannot-be-read"), (7, "holds")}


def test_two_backslashes_before_dollars_do_not_escape_them() -> None:
    page = r"a line break \\$$dZ^{[2]} = A^{[2]} - Y$$ and \$$x = 1\$$"
    assert [result.verdict for result in check_text(page, given="two-layer")] == ["holds"]


def test_wrong_without_a_verdict_says_what_is_missing() -> None:
    result = check_text("```math wrong\nx = 1\n```\n")[0]
    assert not result.ok
    assert 'as in {wrong="differs"}' in result.message
