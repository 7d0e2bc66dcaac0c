"""What an equation is called: in words for a reader who hears it, and in its address."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from math_core import LatexError

from byhand.equations import Result
from byhand_site.mathml import to_mathml
from byhand_site.plain import as_text, spoken

RELATION = re.compile(r":=|\\coloneqq|\\in(?![A-Za-z])|\\to(?![A-Za-z])|(?<![:<>])=|(?<=[A-Za-z}])\s*:(?!=)")
SHOWN = 3
"""So many names are read out; the rest is counted."""
LONGEST = 60


def left_side(source: str) -> str:
    r"""Return the left side of a statement as a line of text, empty if it has none that stands alone.

    >>> left_side(r"dZ^{[1]} &= W^{[2]\top} dZ^{[2]}")
    'dZ1'
    """
    depth = 0
    for place, sign in enumerate(source):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and (found := RELATION.match(source, place)):
            try:
                return as_text(to_mathml(source[: found.start()].replace("&", ""), display=False))
            except LatexError:
                return ""
    return ""


def caption(results: Sequence[Result]) -> str:
    """Say which equation this is: "Equation for dZ1", "Definition of Z1, A1 and Z2", "Given: X, Y"."""
    claims = [result for result in results if result.verdict not in ("declares", "defines")]
    names = list(dict.fromkeys(name for result in claims or results if (name := spoken(left_side(result.source)))))
    if not names or len(names[0]) > LONGEST:
        return "Equation"
    listed = names if len(names) <= SHOWN + 1 else [*names[:SHOWN], f"{len(names) - SHOWN} more"]
    words = " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))
    if claims:
        wrong = "Wrong equation" if claims[0].expected else "Equation"
        return f"{wrong}{'s' * (len(names) > 1)} for {words}"
    if any(result.verdict == "defines" for result in results):
        return f"Definition of {words}"
    return f"Given: {words}"


def identifier(source: str, results: Sequence[Result]) -> str:
    """Return the name of an equation in addresses: its left side and a fingerprint of its LaTeX without spaces."""
    claims = [result for result in results if result.verdict not in ("declares", "defines")] or list(results)
    left = left_side(claims[0].source) if claims else ""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", left).strip("-")[:24].strip("-")
    fingerprint = hashlib.sha256(re.sub(r"[\s&]", "", source).encode()).hexdigest()[:6]
    return "-".join(filter(None, ("eq", slug, fingerprint)))
