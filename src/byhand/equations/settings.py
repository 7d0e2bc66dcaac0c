"""Settings with a name: declarations, forward program and gradient definitions to start a page from.

Each is a Markdown page in `settings_pages/`, written in the language itself. `convention="mean"` has dZ := ∂J/∂Z
where the project's own convention is dZ := ∂𝓛/∂Z with 𝓛 = mJ.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from byhand.equations.markdown import front_matter

Convention = Literal["sum", "mean"]
_PAGES = Path(__file__).with_name("settings_pages")


@dataclass(frozen=True)
class Setting:
    """A named start: what it is, and its page."""

    name: str
    title: str
    text: str

    def page(self, convention: Convention = "sum") -> str:
        r"""Give the setting as a Markdown page.

        >>> r"dZ := \frac{\partial J}{\partial Z}" in SETTINGS["logistic"].page("mean")
        True
        """
        if convention == "mean":
            return self.text.replace(r"\frac{\partial \mathcal{L}}", r"\frac{\partial J}")
        return self.text


def _load(name: str) -> Setting:
    text = (_PAGES / f"{name}.md").read_text(encoding="utf-8")
    return Setting(name, front_matter(text)["title"], text.partition("---\n")[2].partition("---\n")[2].lstrip())


SETTINGS: dict[str, Setting] = {
    name: _load(name) for name in ("one-example", "logistic", "softmax", "two-layer", "L-layer")
}
"""The built-in settings, for `given="…"` and `byhand check --given …`."""
