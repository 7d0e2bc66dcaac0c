r"""What the mathematics calls its names, in Python: W^{[2]} is `W2`, \hat{Y} is `Y_hat`, \mathcal{L} is `loss`."""

from __future__ import annotations

import keyword
import re

from byhand.equations.tree import Index, Symbol

ACCENTS = re.compile(r"\\(?P<accent>hat|dot|bar|tilde|ddot|widehat|widetilde|overline)\s*\{?(?P<of>\\?\w+)\}?")
STYLES = re.compile(r"\\(?:mathcal|mathbf|mathrm|mathit|boldsymbol|operatorname|text)\s*\{?(?P<of>\\?\w+)\}?")
WORDS = {r"\mathcal{L}": "loss", r"\mathcal L": "loss", r"\lambda": "lam", r"\varepsilon": "eps", r"\epsilon": "eps"}
ENDINGS = {"widehat": "hat", "widetilde": "tilde", "overline": "bar"}


class Untranslatable(ValueError):
    """A formula that has no direct form in NumPy."""


class Names:
    """The Python names of one page; two names of the mathematics never get the same one."""

    def __init__(self, *, layered: bool) -> None:
        self.layered = layered
        self.taken: dict[str, str] = {"np": "", "sigmoid": ""}

    def symbol(self, symbol: Symbol) -> str:
        """Give the Python name of a symbol."""
        return self._layer(symbol.base, symbol.layer)

    def function(self, name: str, layer: Index | None) -> str:
        """Give the Python name of an abstract function."""
        return self._layer(name, layer)

    def size(self, base: str, layer: Index | None) -> str:
        """Give the Python name of a size: `m`, `n_1`, and `n[l]` where layers are counted."""
        if layer is None:
            return self._own(base, base)
        if self.layered:
            return f"{self._own(base, base)}[{index(layer)}]"
        return self._own(f"{base}_{layer}", f"{base}_{layer}")

    def _layer(self, base: str, layer: Index | None) -> str:
        word = python_word(base)
        if layer is None:
            return self._own(word, base)
        if self.layered:
            return f"{self._own(word, base + '[')}[{index(layer)}]"
        if layer.var is not None or layer.offset < 0:
            raise Untranslatable(str(layer))
        return self._own(f"{word}{layer.offset}", f"{base}^{{[{layer}]}}")

    def _own(self, word: str, of: str) -> str:
        if not word.isidentifier() or keyword.iskeyword(word) or self.taken.setdefault(word, of) != of:
            raise Untranslatable(of)
        return word


def index(layer: Index) -> str:
    """Give a layer as an index: `l`, `l + 1`, `0`."""
    if layer.var is None:
        return str(layer.offset)
    sign = "+" if layer.offset > 0 else "-"
    return f"{layer.var} {sign} {abs(layer.offset)}" if layer.offset else layer.var


def python_word(base: str) -> str:
    r"""Give the name of a symbol without its layer as a word.

    >>> [python_word(base) for base in (r"d\hat{Y}", r"W_{aa}", r"\sigma^2", r"\mathcal{L}", r"\dot X")]
    ['dY_hat', 'W_aa', 'sigma_squared', 'loss', 'X_dot']
    """
    word = base
    for latex, plain in WORDS.items():
        word = word.replace(latex, plain)
    word = ACCENTS.sub(lambda found: f"{found['of']}_{ENDINGS.get(found['accent'], found['accent'])}", word)
    word = STYLES.sub(lambda found: found["of"], word)
    word = word.replace("^2", "_squared").replace("'", "_prime").replace(r"\prime", "_prime")
    return re.sub(r"[{}\\\s]", "", word)
