r"""Words inside mathematics: `\text{…}` is passed over only where and while it is prose.

What a reader sees must be what was checked. So words may stand before a formula, after it, and in the conditions of
`cases`; a sign, a digit, a relation or a single letter in them would be read as mathematics and is refused.
"""

from __future__ import annotations

import re

from byhand.equations.problems import Span

TEXT = re.compile(r"\\(?:text|textrm|textit|textbf|mbox|textnormal)\s*\{(?P<words>[^{}]*)\}")
LABEL = re.compile(r"\\(?P<kind>tag|eqref)\*?\s*\{(?P<words>[^{}]*)\}")

DISPLAY = r"aligned|alignedat|align|alignat|gather|gathered|split|equation|multline"
"""Environments that only lay statements out."""

_TRAILS = re.compile(
    rf"(?:[\s&,.;]|\\\\(?:\[[^\]\n]*\])?|(?<!\\)%[^\n]*|\\end\s*\{{(?:{DISPLAY})\*?\}}"
    r"|\\(?:nonumber|notag)(?![A-Za-z])|\\label\{[^{}]*\})+$"
)
"""What may stand behind a statement and is none of it."""

_RELATION = re.compile(r"=|<|>|≤|≥|≈|\\(?:le|ge|leq|geq|in|approx)(?![A-Za-z])")
_WORD = re.compile(r"[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*|[^\W\d_](?:\.[^\W\d_])+|a")
_GRADIENT = re.compile(r"d[A-Z]")
_ENDS = re.compile(
    r"[\s.,;&]*(?:$|¶|\\\\|\\q?quad(?![A-Za-z])|\\end\s*\{|\\(?:tag|label|eqref|nonumber|notag|text[a-z]*|mbox)(?![A-Za-z])|%)"
)
_STARTS = re.compile(r"(?:^|¶|\\\\(?:\[[^\]]*\])?|\\q?quad|[,;]|\\begin\s*\{[a-z]+\*?\}(?:\{\d+\})?)[\s&]*$")
_BRACKET_FOLLOWS = re.compile(r"'*\s*(?:\\[,!]\s*)*(?:\\(?:left|[bB]igg?l?)(?![A-Za-z])\s*)?[({\[]")
_ARITHMETIC = frozenset({"minus", "plus", "times", "not", "twice", "half", "negative"})


def is_part_of_formula(block: str, match: re.Match[str]) -> bool:
    r"""Whether a text is a name: in a subscript or superscript, or a function before its bracket.

    >>> [is_part_of_formula(t, m) for t in (r"W_{\text{new}} X", r"\text{so } (A)") if (m := TEXT.search(t))]
    [True, False]
    """
    before = block[: match.start()]
    if before.rstrip().endswith(("_", "^")):
        return True
    opened = _innermost(before)
    if opened >= 0 and before[:opened].rstrip().endswith(("_", "^")):
        return True
    return match["words"].isalpha() and _BRACKET_FOLLOWS.match(block[match.end() :]) is not None


def problem(block: str, match: re.Match[str]) -> str:
    """Say why a text cannot be passed over, if so."""
    words = match["words"].replace("~", " ")
    if not words.strip():
        return ""
    if _RELATION.search(words):
        return "The words in \\text{…} hold a relation, which would go unchecked."
    before, after = block[: match.start()], block[match.end() :]
    begins = _STARTS.search(before) is not None or _begins_condition(before)
    if _innermost(before) >= 0 or not (begins or _ENDS.match(after)):
        return "Words inside a formula would be seen and not checked: put them before it, or at the end of the row."
    tokens = [stripped for token in words.split() if (stripped := token.strip(".,;:()'’“”\"?"))]
    bare = not tokens and re.fullmatch(r"[\s.,;:]*", words) is None
    if bare or any(not _WORD.fullmatch(token) or _GRADIENT.fullmatch(token) for token in tokens) or tokens == ["a"]:
        return "The words in \\text{…} hold mathematics, which would be seen and not checked: write it outside \\text."
    if begins and _ARITHMETIC & {token.lower() for token in tokens}:
        return "These words change the formula that follows: write it with signs."
    return ""


def label_problem(block: str, match: re.Match[str]) -> str:
    r"""Say why a `\tag` or `\eqref` cannot be passed over, if so: it is a label at the end of a row."""
    if not _ENDS.match(block[match.end() :]):
        return f"\\{match['kind']} is read at the end of a row only."
    if match["kind"] == "tag" and not re.fullmatch(r"\s*\w+(?:[-.]\w+)*[*'’]*\s*|\*+|\\ast", match["words"]):
        return "What stands in \\tag{…} is a label, such as 3 or 2.1: this would be seen as mathematics."
    return ""


def written_behind(block: str, where: Span, after: int) -> str:
    r"""Give what is written behind the part of a statement that is read: its range, its words, the end of a command."""
    tail = _TRAILS.sub("", block[where[1] : after])
    inner = block[slice(*where)]
    while tail.count("}") > tail.count("{") and inner.count("}") == inner.count("{"):
        tail = _TRAILS.sub("", tail[: tail.rindex("}")])  # that closes a box which opened before the statement
    return tail


def _innermost(before: str) -> int:
    """Where the innermost brace that is still open stands, or -1."""
    stack: list[int] = []
    for found in re.finditer(r"\\.|[{}]", before, re.DOTALL):
        if found[0] == "{":
            stack.append(found.start())
        elif found[0] == "}" and stack:
            stack.pop()
    return stack[-1] if stack else -1


def _begins_condition(before: str) -> bool:
    """Whether a place stands right after the & of a branch of `cases`."""
    opened, closed = before.rfind("\\begin{cases}"), before.rfind("\\end{cases}")
    return opened > closed and before.rstrip().endswith("&")
