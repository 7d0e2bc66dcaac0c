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
SCRIPTED = ("msup", "msub", "msubsup")
FACTORS = ("mi", "mn", "mover", "mfrac", "munder", "mrow", *SCRIPTED)
DIFFERENTIALS = ("d", "∂", "Δ")
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
    """Join parts with a gap where two factors, or a function and its argument, would run into one word."""
    text = ""
    before: list[ET.Element] = []
    for part in parts:
        piece = " " if part.tag == "mspace" and part.get("width") else _text(part)
        if piece == " − " and text.rstrip()[-1:] in ("", *"(⟨[=,"):
            piece = "−"  # a sign, not a difference
        elif text.strip() and not text.endswith(" ") and _apart(before, text, part, piece):
            text += " "
        text += piece
        before += [part] if piece or part.tag == "mo" else []
    return text.replace(" : = ", " := ").replace(" :  = ", " := ").replace(" : =−", " := −").replace(" :  =−", " := −")


def _apart(before: list[ET.Element], text: str, part: ET.Element, piece: str) -> bool:
    """Whether a gap belongs in front of a part; d Z stays dZ, and g(Z) stays g(Z)."""
    last = before[-1]
    if piece[:1] in ("", *")]⟩‖| "):
        return False
    if _is_mark(last, "") and len(before) > 1:  # a function is applied to what follows
        return piece[0] != "("
    if "Σ" in (text[-1], piece[0]):
        return text[-1] not in "(⟨["
    if part.tag == "mo":
        return len(piece) > 1 if piece.isalpha() else piece[0] == "(" and (text[-1] in ")ᵀ" or last.tag == "mfrac")
    if last.tag not in ("mi", "mn", "mo") or _is_mark(last, ")"):
        return part.tag in FACTORS
    if last.tag != "mi" or (last.text or "") in DIFFERENTIALS:
        return False
    after_differential = len(before) > 1 and before[-2].tag == "mi" and (before[-2].text or "") in DIFFERENTIALS
    return part.tag in SCRIPTED or (part.tag == "mi" and (after_differential or piece == "d"))


def _is_mark(element: ET.Element, mark: str) -> bool:
    return element.tag == "mo" and (element.text or "").translate(IGNORED) == mark


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
