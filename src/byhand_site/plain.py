"""A formula as one line of text: for search, for names that are read aloud, for addresses."""

from __future__ import annotations

import html
import re
import unicodedata
import xml.etree.ElementTree as ET
from functools import lru_cache

SPACED = set("=+−-⊙⊗×∈≈≤≥<>→·⋅:") | {":="}
ACCENTS = {"ˆ": "\u0302", "^": "\u0302", "˙": "\u0307", "˜": "\u0303", "~": "\u0303", "‾": "\u0304", "¯": "\u0304"}
IGNORED = dict.fromkeys((0x2061, 0x2062, 0x2063, 0xFE00, 0xFE01))
ENTITY = re.compile(r"&(?!lt;|gt;|amp;|quot;|#)\w+;")
SCRIPT = re.compile(r"\[(?P<layer>\d+)\]|(?P<top>⊤)|(?P<prime>′+)|(?P<rest>.+?)(?=\[\d+\]|⊤|′|$)")
WORDS = {
    "∂": "partial ",
    "/": " over ",
    "ᵀ": " transpose",
    "′": " prime",
    "Σ": "sum of ",
    "⊙": " entrywise times ",
    "⟨": "the inner product of ",
    "⟩": "",
    "‖": "norm ",
    "√": "root of ",
    "_": " ",
    "[": " ",
    "]": " ",
}


@lru_cache(maxsize=4096)
def as_text(mathml: str) -> str:
    """Return MathML as one line of text, a layer's number behind its letter.

    >>> as_text("<math><mi>d</mi><msup><mi>Z</mi><mrow><mo>[</mo><mn>1</mn><mo>]</mo></mrow></msup></math>")
    'dZ1'
    """
    readable = ENTITY.sub(lambda found: html.unescape(found[0]), mathml)  # XML knows five of HTML's entities
    return re.sub(r"\s+", " ", _text(ET.fromstring(readable))).strip()  # noqa: S314  # written by our own converter


def spoken(text: str) -> str:
    """Return such a line in words, as far as signs would be left out or mistaken when it is read aloud.

    >>> spoken("∂L/∂Z1")
    'partial L over partial Z1'
    """
    for sign, word in WORDS.items():
        text = text.replace(sign, word)
    return re.sub(r"\s+", " ", text).strip()


def _text(element: ET.Element) -> str:
    parts = list(element)
    match element.tag:
        case "mi" | "mn" | "mo" | "mtext":
            text = unicodedata.normalize("NFKC", (element.text or "").translate(IGNORED))
            text = "Σ" if text == "∑" else text
            if element.tag == "mo" and text in (",", ";"):
                return f"{text} "
            return f" {text} " if element.tag == "mo" and text in SPACED else text
        case "mfrac":
            return "/".join(_grouped(_text(part).strip()) for part in parts)
        case "msup":
            return _text(parts[0]) + _raised(_text(parts[1]))
        case "msub":
            return _text(parts[0]) + _lowered(_text(parts[1]))
        case "msubsup":
            raised, lowered = _raised(_text(parts[2])), _lowered(_text(parts[1]))
            return _text(parts[0]) + (lowered + raised if raised[:1] in "ᵀ′" else raised + lowered)
        case "mover" | "munder":
            return unicodedata.normalize("NFC", _text(parts[0]) + ACCENTS.get(parts[1].text or "", ""))
        case "munderover":
            return _text(parts[0])
        case "msqrt":
            return f"√({_row(parts).strip()})"
        case "mtable":
            return "; ".join(_text(row).strip() for row in parts)
        case "mtr":
            return " ".join(_text(cell).strip() for cell in parts)
    return _row(parts)


def _row(parts: list[ET.Element]) -> str:
    """Join parts; factors are set apart where the first has a script or is a fraction, so that d Z stays dZ."""
    text = ""
    before: ET.Element | None = None
    for part in parts:
        factor = part.tag in ("mi", "mn", "msup", "msub", "msubsup", "mover", "mfrac", "munder", "mrow")
        long = before is not None and (before.tag not in ("mi", "mn", "mo") or (before.text or "") in (")", "Σ", "∑"))
        text += (" " if factor and long and text and not text.endswith(" ") else "") + _text(part)
        before = part
    return text.replace(" : = ", " := ").replace(" :  = ", " := ")


def _grouped(text: str) -> str:
    return f"({text})" if re.search(r"\s", text) and not text.startswith("∂") else text


def _raised(text: str) -> str:
    found = ""
    for script in SCRIPT.finditer(text.strip()):
        if script["layer"]:
            found += script["layer"]
        elif script["top"]:
            found += "ᵀ"
        elif script["prime"]:
            found += script["prime"]
        else:
            rest = re.sub(r"\s", "", script["rest"])
            found += rest if rest[:1] in "[(" else {"2": "²", "−1": "⁻¹", "-1": "⁻¹"}.get(rest, f"^{rest}")
    return found


def _lowered(text: str) -> str:
    return "_" + re.sub(r"\s", "", text)
