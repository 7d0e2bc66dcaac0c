r"""Characters and commands that people paste: what each means, or what to write instead.

Text from Word, Jupyter, the web and other TeX holds signs of one meaning in other clothes: − for -, 𝑊 for W, a no-break
space for a space. Those are read (`plain`, one character for one, so that every place stays where it is). Of the
others a message says what they are and gives the nearest thing that can be read.
"""

from __future__ import annotations

import re
import unicodedata

_SAME = {
    "−": "-", "∗": "*", "⋅": "·", "′": "'", "’": "'", "∣": "|", "µ": "μ", "Ω": "Ω", "∆": "Δ", "⋯": "…",
    "ℎ": "h",
}  # fmt: skip
RESERVED = "⟦⟧⟪⟫§¶⋄"
"""Signs by which the engine marks what it has found; on a page they mean nothing."""

COLOURS = "red|blue|green|orange|purple|brown|magenta|cyan|teal|violet|olive|navy|maroon|crimson"
"""Colours that are seen on every page; a formula in another one could be invisible, and is refused."""


def plain(text: str) -> str:
    """Put the one sign that a character means in its place; other characters stay.

    >>> plain("𝑊\N{NO-BREAK SPACE}− 𝛼")
    'W - α'
    """
    return text if text.isascii() else "".join(_plain(sign) for sign in text)


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _SAME:
        return _SAME[sign]
    if unicodedata.category(sign) == "Zs":
        return " "
    if unicodedata.name(sign, "").startswith("MATHEMATICAL ITALIC"):
        letter = unicodedata.normalize("NFKC", sign)
        return letter if len(letter) == 1 else sign
    return sign


def visible(text: str) -> str:
    r"""Show what a terminal would act on, and what nobody would see; one character for one.

    >>> visible("a\x07\N{ZERO WIDTH SPACE}b")
    'a␇�b'
    """
    return "".join(_visible(sign) for sign in text)


def _visible(sign: str) -> str:
    if sign in "\n\t" or sign.isprintable() or unicodedata.category(sign) == "Zs":
        return sign
    return chr(0x2400 + ord(sign)) if sign < " " else "␡" if sign == "\x7f" else "\N{REPLACEMENT CHARACTER}"


_ACCENTS = {"\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0307": r"\dot"}
_WRITE = {
    "∑": r"\sum_{i=1}^{m}", "√": r"\sqrt{…}", "∏": r"\prod", "∇": r"\frac{\partial J}{\partial W}", "–": "-", "—": "-",
    "‐": "-", "‑": "-",
    "÷": r"\frac{…}{…}", "∕": r"\frac{…}{…}", "⁄": r"\frac{…}{…}", "•": r"\cdot or \odot",
    "✕": r"\odot",
    "𝟙": r"\mathbf{1}", "𝟏": r"\mathbf{1}", "∥": r"\lVert … \rVert", "“": "", "”": "", "‘": "'", "⊗": r"\otimes",
    "∫": "", "∞": "", "∀": "", "∃": "", "∴": "", "∛": "",
}  # fmt: skip


def character(sign: str) -> tuple[str, ...]:
    """Say what a character is that cannot be read, and what to write for it.

    >>> character("₁")
    ('₁ cannot be read here: it is no TeX.', 'Write _1.')
    """
    name = unicodedata.name(sign, "").lower()
    code = f"U+{ord(sign):04X}" + (f" ({name})" if name else "")
    if not sign.isprintable():
        return f"{code} cannot be read here, and is not even seen.", "Delete it."
    write = _nearest(sign)
    return (
        (f"{sign} cannot be read here: it is no TeX.", f"Write {write}.")
        if write
        else (f"{sign} cannot be read here.",)
    )


def _nearest(sign: str) -> str:
    if sign in _WRITE:
        return _WRITE[sign]
    base = unicodedata.normalize("NFKC", sign)
    tag = unicodedata.decomposition(sign).partition(" ")[0]
    if tag == "<super>" and base.isascii():
        return f"^{base}"
    if tag == "<sub>" and base.isascii():
        return f"_{base}"
    if tag == "<fraction>" and "⁄" in base:
        top, _, bottom = base.partition("⁄")
        return rf"\frac{{{top}}}{{{bottom}}}"
    if tag == "<font>" and base.isascii():
        bold = "BOLD" in unicodedata.name(sign, "")
        return rf"\mathbf{{{base}}}" if bold else rf"\mathcal{{{base}}}" if "SCRIPT" in unicodedata.name(sign) else base
    letters = unicodedata.normalize("NFD", sign)
    if len(letters) == 2 and letters[1] in _ACCENTS:
        return f"{_ACCENTS[letters[1]]}{{{letters[0]}}}"
    return ""


REFUSED = {
    r"\approx": "≈", r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥", r"\propto": "∝", r"\sim": "∼", r"\ll": "≪",
    r"\gg": "≫", r"\equiv": "≡", r"\ne": "≠", r"\neq": "≠", r"\simeq": "≃", r"\cong": "≅", r"\leftarrow": "←",
    r"\gets": "←", r"\lt": "<", r"\gt": ">", r"\implies": "⇒", r"\Rightarrow": "⇒", r"\iff": "⇔", r"\mapsto": "↦",
    r"\subset": "⊂", r"\subseteq": "⊆", r"\rightarrow": "→", r"\Leftrightarrow": "⇔", "<": "<", ">": ">",
    "≈": "≈", "≤": "≤", "≥": "≥", "∝": "∝", "←": "←", "≡": "≡", "≠": "≠", "≃": "≃", "≅": "≅", "∼": "∼", "⇒": "⇒",
    "⇔": "⇔", "⟹": "⇒", "⟺": "⇔", "↦": "↦", "≪": "≪", "≫": "≫", "⊂": "⊂", "⊆": "⊆",
    r"\longrightarrow": "→", r"\Longrightarrow": "⇒", r"\impliedby": "⇐",
    r"\Leftarrow": "⇐", r"\doteq": "≐", r"\mapsfrom": "↤", r"\succ": "≻", r"\prec": "≺",
}  # fmt: skip
"""Relations that are refused by name: the language compares with `=` only."""

_OVER = "Signs over or under another are not read: write = and say why in \\text{…} at the end of the row."
_MACRO = "Macros are not read: write the formula out."
_LOGIC = "A claim with free indices is checked for all their values; layers get their range at the end of the row."
_MOD = "Remainders are not in the language."
_STRUCK = "What is struck out cannot be checked: leave it out."
_SETS = "Of the sets only those of declarations are read."
_GAP = "It leaves a gap where a reader sees nothing: take it away."
_END = "Put it outside the formula."
COMMANDS: dict[str, str] = {
    "bmod": _MOD, "pmod": _MOD, "mod": _MOD,
    "phantom": _GAP, "hphantom": _GAP, "vphantom": _GAP, "smash": "Take it away; the formula reads the same.",
    "stackrel": _OVER, "overset": _OVER, "underset": _OVER,
    "overbrace": "Shapes are read under \\underbrace{…}_{n \\times m}.",
    "underline": "Lines under a formula are not read.", "cancel": _STRUCK,
    "bcancel": _STRUCK, "xcancel": _STRUCK,
    "colorbox": "Boxes of colour are not read: use \\boxed.",
    "color": "Of the colours only bright ones are read, such as red, blue and green.",
    "textcolor": "Of the colours only bright ones are read, such as red, blue and green.",
    "pm": "It stands for two formulas: write both.", "mp": "It stands for two formulas: write both.",
    "binom": "Binomials are not in the language.", "over": "Write \\frac{…}{…}.", "sfrac": "Write \\frac{…}{…}.",
    "nicefrac": "Write \\frac{…}{…}.", "cfrac": "Write \\frac{…}{…}.", "genfrac": "Write \\frac{…}{…}.",
    "mathbin": "Write the sign alone.", "mathrel": "Write the sign alone.", "mathop": "Write \\operatorname{…}.",
    "int": "Integrals are not in the language.", "iint": "Integrals are not in the language.",
    "oint": "Integrals are not in the language.", "lim": "Limits are not in the language.",
    "arg": "The place of a maximum is not in the language.", "sup": "Suprema are not in the language; see \\max.",
    "inf": "Infima are not in the language; see \\min.", "infty": "Only numbers can be compared.",
    "forall": _LOGIC, "exists": _LOGIC,
    "therefore": _END, "because": _END, "qed": _END, "blacksquare": _END, "square": _END,
    "Box": _END, "checkmark": "Only the checker gives ticks.", "hline": _END, "qedhere": _END, "footnote": _END,
    "ref": _END, "cite": _END, "href": _END, "url": _END, "includegraphics": _END, "item": _END,
    "class": _END, "style": _END,
    "def": _MACRO, "newcommand": _MACRO, "renewcommand": _MACRO, "let": _MACRO, "gdef": _MACRO,
    "DeclareMathOperator": _MACRO, "mid": "For the absolute value write \\lvert … \\rvert.", "verb": _END,
    "cup": _SETS, "cap": _SETS, "setminus": _SETS, "emptyset": _SETS,
}  # fmt: skip
"""Commands that are no name on any page, and what to do about them."""

NAMES: dict[str, str] = {
    "sum": "The sum over the columns of A is A \\mathbf{1}, over its rows \\mathbf{1}^\\top A.",
    "mean": "The mean over the columns of A is \\frac{1}{m} A \\mathbf{1}.",
    "transpose": "The transpose is A^\\top.", "T": "The transpose is A^\\top.", "dot": "The matrix product is A B.",
    "matmul": "The matrix product is A B.", "inv": "The inverse is A^{-1}.", "Tr": "Write \\operatorname{tr}.",
    "argmax": "The place of a maximum is not in the language.",
    "argmin": "The place of a minimum is not in the language.",
    "log_softmax": "Write \\log \\operatorname{softmax}(Z).", "logsoftmax": "Write \\log \\operatorname{softmax}(Z).",
    "norm": "Write \\lVert A \\rVert_F.", "ones": "Ones are \\mathbf{1}.", "eye": "The identity is I.",
}  # fmt: skip
"""Words under `\\operatorname` that are not in the language, and what to write for them."""

COMMAND = re.compile(r"\\([A-Za-z]+)")
