"""Names of symbols and sizes as LaTeX, with their layer and marks."""

from __future__ import annotations

from byhand.equations.leaves import Index


def name(base: str, layer: Index | None, *marks: str, sub: str = "") -> str:
    r"""Give a name with its layer, marks such as \top in the same superscript, and indices in its subscript."""
    head, own = _split_sub(base)
    power = ""
    if head.endswith("^2"):
        head, power = head[:-2], "2"
    text = head
    subscript = own + ((("," if own else "") + sub) if sub else "")
    if subscript:
        text += f"_{{{subscript}}}" if len(subscript) > 1 else f"_{subscript}"
    inner = (f"[{layer}]" if layer is not None else "") + "".join(marks)
    if power and inner:
        return f"({text}^2)^{{{inner}}}"
    if power:
        return f"{text}^2"
    if inner == r"\top":
        return text + r"^\top"
    return text + (f"^{{{inner}}}" if inner else "")


def _split_sub(base: str) -> tuple[str, str]:
    head, underscore, sub = base.partition("_")
    return (head, sub[1:-1] if sub.startswith("{") else sub) if underscore else (base, "")


def size_name(base: str, layer: Index | None) -> str:
    """Give a named size as LaTeX: n_1, n_{l-1}, m."""
    if layer is None:
        head, sub = _split_sub(base)
        return head + (f"_{{{sub}}}" if len(sub) > 1 else f"_{sub}" if sub else "")
    if base.endswith("^"):
        return f"{base[:-1]}^{{[{layer}]}}"
    return f"{base}_{{{layer}}}" if len(str(layer)) > 1 else f"{base}_{layer}"
