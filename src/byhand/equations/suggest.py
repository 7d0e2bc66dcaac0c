"""A page whose letters nothing introduces: which built-in setting would introduce them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from byhand.equations.check import Judged
from byhand.equations.declarations import Declaration
from byhand.equations.markdown import read_blocks
from byhand.equations.page import build
from byhand.equations.sentences import Definition
from byhand.equations.settings import SETTINGS


def suggest_settings(judged: Sequence[Judged], start: Collection[str]) -> None:
    """Add to the messages about undefined letters which setting has them, on a page that introduces none itself."""
    if any(isinstance(one.item.sentence, Declaration | Definition) for one in judged):
        return
    lost = {one.missing for one in judged if one.missing}
    given = {name.lower(): name for setting in start if setting in SETTINGS for name in _names(setting)}
    for one in judged:
        name = _base(one.missing)
        if not name or (given and given.get(name.lower(), name) == name):
            continue
        having = [setting for setting in SETTINGS if setting not in start and _has(setting, one.missing)]
        having = [setting for setting in having if all(_has(setting, other) for other in lost)] or having
        if having:
            which = having[0] if len(having) == 1 else f"{', '.join(having[:-1])} or {having[-1]}"
            one.sentences = (
                *one.sentences,
                f"It is in the setting {which}: put given: {having[0]} at the head of the page, or use --given.",
            )


def _base(name: str) -> str:
    return re.split(r"\^\{\[|_", name)[0]


def _has(setting: str, name: str) -> bool:
    """Whether a setting introduces a letter, with layers or without as it was used."""
    base = _base(name)
    return base in _names(setting) and (f"{base}^{{[" in SETTINGS[setting].text) == ("^{[" in name)


@cache
def _names(setting: str) -> frozenset[str]:
    names = build((), read_blocks(SETTINGS[setting].page())).names
    return frozenset(names.symbols | names.functions | names.sizes)
