"""From judged statements to results: what is said about each statement of a fence, and about the fence itself."""

from __future__ import annotations

from dataclasses import replace

from byhand.equations.check import Judged
from byhand.equations.markdown import Block
from byhand.equations.problems import FAILURES, HEADLINES
from byhand.equations.render import claim_shapes, details, side_shape
from byhand.equations.report import CONVENTION, message
from byhand.equations.results import Result
from byhand.equations.sketch import sketches

NO_SLIP = "No single small edit mends this claim, so the fence does not show what is wrong with it."
TWO_SLIPS = "That takes two small edits: a wrong fence shows one mistake, so put the other one right."


def bad_attributes(block: Block, known: frozenset[str]) -> str:
    """Say what is wrong with the words behind `math`; empty if nothing is."""
    odd = [name for name in block.attributes if name not in known] + list(block.unknown)
    if "wrong" in block.unknown:
        return f'wrong states the verdict of its claims, as in {{wrong="differs"}}; it is one of {", ".join(FAILURES)}.'
    if odd:
        return f"Unknown after math: {', '.join(odd)}. Known are {', '.join(sorted(known))}."
    stated = block.attributes.get("wrong")
    if stated is not None and stated.replace(" ", "-") not in FAILURES:
        return f"wrong states the verdict of its claims, one of {', '.join(FAILURES)}; this says {stated!r}."
    return ""


def plain_entry(
    block: Block, file: str, number: int, verdict: str, words: str, *, ok: bool, reason: str = ""
) -> Result:
    """Give the result of a fence as a whole."""
    place = f"{file}:{block.line}:1" if file else f"line {block.line}"
    text = f"{place}: {'cannot be read' if not ok else verdict}\n    {words}" if words else ""
    return Result(
        file, block.line, 1, block.text.strip(), verdict, "", ok, "", "", text, (), number, block.line, reason=reason
    )


def fence_entries(judged: list[Judged], block: Block, file: str, number: int) -> list[Result]:
    """Give the results of the statements of a fence."""
    found = []
    expected = block.attributes.get("wrong", "").replace(" ", "-")
    claims = [one for one in judged if one.verdict not in ("declares", "defines")]
    for one in judged:
        ok = one.verdict in ("holds", "declares", "defines")
        claim = one.verdict not in ("declares", "defines")
        if expected and claim:
            ok = one.verdict == expected
        unmended = ok and expected in ("differs", "does-not-fit") and claim and not one.mended
        words = message(one, file, one.mending) if one.verdict not in ("holds", "declares", "defines") else ""
        if expected and claim and not ok:
            words = words or message(one, file, one.mending)
            words += f"\n    This fence says that its claims are {expected.replace('-', ' ')}."
        if unmended:
            ok = False
            words += f"\n    {TWO_SLIPS if one.mending else NO_SLIP}"
        found.append(
            Result(
                file, one.line, one.column, one.source, one.verdict, expected if claim else "", ok,
                side_shape(one.findings[0] if one.findings else None), "; ".join(one.read_as), words,
                (*one.hints, *one.mending),
                number, block.line, claim_shapes(one.findings), details(one.findings) if one.verdict == "holds" else (),
                sketches=sketches(one.findings) if "picture" in block.attributes else (),
            )
        )  # fmt: skip
    if expected and not claims:
        found.append(plain_entry(block, file, number, "cannot-be-read", "A wrong fence needs a claim.", ok=False))
    return found


def say_first(result: Result, sentence: str) -> Result:
    """Put that sentence first, where a claim would else be called wrong."""
    if result.ok or result.verdict not in ("differs", "does-not-fit"):
        return result
    head, _, rest = result.message.partition("\n")
    place = head.removesuffix(HEADLINES["differs"]).removesuffix(HEADLINES["does-not-fit"])
    quoted = rest.split("\n")[0]
    note = "    Here dZ is ∂𝓛/∂Z with 𝓛 = mJ, and examples are columns (see --convention)."
    here = [f"    {hint.replace('It would', 'Here it would')}" for hint in result.hints]
    message = "\n".join([f"{place}{CONVENTION}", quoted, f"    {sentence}", note, *here])
    return replace(result, message=message, hints=(sentence, *result.hints))
