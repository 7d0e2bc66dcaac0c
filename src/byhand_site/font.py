"""Make the mathematics font of the site: STIX Two Math, cut down to the characters that mathematics uses.

The source is the copy in the PyPI package `ziamath` (SIL Open Font License 1.1). No font is kept in Git: the
file is made on the first build and cached under a name that changes with this module and with the package.

Browsers do not apply the font's `ssty` feature to MathML, so a prime in a superscript would be raised twice and
shrink to a speck. The primes are therefore mapped to their script-size shapes here.
"""

from __future__ import annotations

import hashlib
import shutil
from importlib.metadata import version
from importlib.resources import files
from itertools import chain
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from byhand_site import CACHE, DOCS

FAMILY = "Byhand Math"  # an altered version of a font under this licence carries another name
PRIMES = (0x2032, 0x2033, 0x2034, 0x2057)
CHARACTERS = tuple(
    chain(
        range(0x20, 0x7F),  # ASCII
        range(0xA0, 0x100),  # Latin-1: × · ± ¬
        (0x131, 0x237),  # dotless i and j
        range(0x391, 0x3CA),  # Greek
        (0x3D1, 0x3D5, 0x3D6, 0x3F0, 0x3F1, 0x3F5),
        (0x2C6, 0x2C7, 0x2D8, 0x2D9, 0x2DC),  # accents
        range(0x300, 0x30D),
        (0x20D7, 0x332, 0x203E),
        (0x2013, 0x2014, 0x2016, 0x2020, 0x2026, 0x2061, 0x2062, 0x2063),
        PRIMES,
        range(0x2080, 0x208A),  # ₀ to ₉
        (0x2102, 0x210E, 0x210B, 0x2110, 0x2112, 0x2113, 0x2115, 0x2119, 0x211A, 0x211D, 0x2124, 0x212C, 0x2130),
        (0x211B, 0x2131, 0x2133),
        range(0x2190, 0x219A),  # arrows
        (0x21A6, 0x21D0, 0x21D2, 0x21D4, 0x27F5, 0x27F6, 0x27F9),
        range(0x2200, 0x22F2),  # operators and relations
        (0x2308, 0x2309, 0x230A, 0x230B, 0x23B4, 0x23B5, 0x23DE, 0x23DF, 0x27E8, 0x27E9, 0x2713, 0x2A2F),
        range(0x1D400, 0x1D4B6),  # bold, italic, script letters
        range(0x1D538, 0x1D552),  # double-struck
        (0x1D6A4, 0x1D6A5),
        range(0x1D6A8, 0x1D756),  # Greek in bold and italic, with ∂
        range(0x1D7CE, 0x1D7E2),  # digits in bold and double-struck
        (0xFE00, 0xFE01),
    )
)


def make(target: Path = DOCS / "assets" / "fonts") -> Path:
    """Put the font and its licence into `target`, from the cache if it can; return the font's path."""
    recipe = Path(__file__).read_bytes() + version("ziamath").encode() + version("fonttools").encode()
    cached = CACHE / f"font-{hashlib.sha256(recipe).hexdigest()[:16]}.woff2"
    if not cached.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        _cut_down(cached)
    font = target / "byhand-math.woff2"
    if not font.exists() or font.read_bytes() != cached.read_bytes():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(__file__).with_name("OFL-1.1.txt"), target / "OFL-1.1.txt")
        shutil.copyfile(cached, font)
    return font


def _cut_down(target: Path) -> None:
    with (files("ziamath.fonts") / "STIXTwoMath-Regular.ttf").open("rb") as source:
        font = TTFont(source, recalcTimestamp=False)
        glyphs = set(font.getGlyphOrder())
        for table in font["cmap"].tables:
            if table.isUnicode():
                for prime in PRIMES:
                    script = f"{table.cmap.get(prime)}.ssty"
                    if script in glyphs:
                        table.cmap[prime] = script
        for name in font["name"].names:
            if name.nameID in (1, 3, 4, 6):
                name.string = FAMILY.replace(" ", "") if name.nameID == 6 else FAMILY
        options = subset.Options(flavor="woff2", desubroutinize=True, hinting=False, notdef_outline=True)
        options.layout_features = ["dtls"]
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=CHARACTERS)
        subsetter.subset(font)
        subset.save_font(font, str(target), options)
