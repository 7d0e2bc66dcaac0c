"""The mathematics font, cut down once more: to the characters that the pages of this site use.

Letters, digits and Greek stay whole, so that a page that is edited rarely changes the file.
"""

from __future__ import annotations

import hashlib
import html
import re
import shutil
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from byhand_site import CACHE

MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
ALWAYS = frozenset(
    chain(
        range(0x20, 0x7F),
        range(0x391, 0x3CA),
        range(0x1D434, 0x1D468),  # Latin, italic
        range(0x1D6E2, 0x1D71C),  # Greek, italic, with ∂
        (0x131, 0x237, 0x210E, 0x2032, 0x2033, 0x203E, 0x2061, 0x2062, 0x2063, 0xFE00),
        (0x221A,),  # the root, which stands in no text: a browser draws it for <msqrt>
    )
)


def cut(site: Path, pages: Iterable[str]) -> None:
    """Cut the font of a built folder down to what its pages use."""
    font = site / "assets" / "fonts" / "byhand-math.woff2"
    if not font.exists():
        return
    used = sorted(ALWAYS.union(*(_characters(page) for page in pages)))
    key = hashlib.sha256(Path(__file__).read_bytes() + font.read_bytes() + str(used).encode())
    cached = CACHE / f"font-used-{key.hexdigest()[:16]}.woff2"
    if not cached.exists():
        options = subset.Options(flavor="woff2", desubroutinize=True, hinting=False, notdef_outline=True)
        options.layout_features = ["dtls"]
        options.name_IDs = ["*"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=used)
        with TTFont(font, recalcTimestamp=False) as whole:
            subsetter.subset(whole)
            CACHE.mkdir(parents=True, exist_ok=True)
            subset.save_font(whole, str(cached), options)
    shutil.copyfile(cached, font)


def _characters(page: str) -> set[int]:
    return {ord(letter) for formula in MATH.findall(page) for letter in html.unescape(re.sub(r"<[^>]+>", "", formula))}
