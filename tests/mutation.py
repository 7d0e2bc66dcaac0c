"""Mutate the library and say which mutants no test kills: `python tasks.py mutate`, about four minutes on two cores.

Two kinds of mutants, both run against the tests of the library alone and without jaxtyping, whose enforcement
would kill many of them before a test had to:

1. Those of mutmut, in every function and method that it mutates. The survivors must be exactly those of
   `mutants.toml`, each with the reason why it is equivalent: a survivor without a reason fails, and so does
   a reason without a survivor. A mutant is known by its function and by the lines that it changes.
2. Those of `BY_HAND` below, for what mutmut leaves out: module-level code (the rows `sigmoid = Activation(...)` and
   `binary_cross_entropy = Loss(...)`, `TOLERANCES`), fields of dataclasses with their defaults, base classes, and
   every decorated function, which here are the properties and the dataclasses' own decorators. All must be killed.

mutmut forks after the tests are imported, so that what a test module builds while it is imported was built by the
unmutated code; what is to kill a mutant has to happen inside a test.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MUTANTS = ROOT / "mutants"
FAILED = {1, 2}  # pytest: a test failed, or the test module could not even be set up on such a library
KILLED = {1, 3}  # mutmut: a test failed, or pytest did
TIMED_OUT = {36, -24, 24, 152, 255}

Mutant = tuple[str, str, str]  # the function, the lines as they are, the lines as they become

# the module, the text as it is (once in the file), the text as it becomes
BY_HAND: list[Mutant] = [
    ("activations", 'Activation("identity", smooth.identity, smooth.one, smooth.one,', 'Activation("identity", smooth.identity, smooth.identity, smooth.one,'),
    ("activations", 'Activation("identity", smooth.identity, smooth.one, smooth.one,', 'Activation("identity", smooth.identity, smooth.one, smooth.identity,'),
    ("activations", 'Activation("identity", smooth.identity, smooth.one, smooth.one,', 'Activation("linear", smooth.identity, smooth.one, smooth.one,'),
    ("activations", "smooth.one, smooth.one, (-np.inf, np.inf))", "smooth.one, smooth.one, (0.0, np.inf))"),
    ("activations", "smooth.one, smooth.one, (-np.inf, np.inf))", "smooth.one, smooth.one, (-np.inf, 1.0))"),
    ("activations", '"sigmoid", smooth.sigmoid, smooth.sigmoid_prime,', '"sigmoid", smooth.sigmoid, smooth.sigmoid_prime_from_output,'),
    ("activations", "smooth.sigmoid_prime, smooth.sigmoid_prime_from_output,", "smooth.sigmoid_prime, smooth.sigmoid_prime,"),
    ("activations", "smooth.sigmoid_prime, smooth.sigmoid_prime_from_output,", "smooth.sigmoid_prime, smooth.tanh_prime_from_output,"),
    ("activations", "smooth.sigmoid_prime_from_output, (0.0, 1.0))", "smooth.sigmoid_prime_from_output, (-1.0, 1.0))"),
    ("activations", "smooth.sigmoid_prime_from_output, (0.0, 1.0))", "smooth.sigmoid_prime_from_output, (0.0, 2.0))"),
    ("activations", "smooth.sigmoid_prime_from_output, (0.0, 1.0))", "None, (0.0, 1.0))"),
    ("activations", '"tanh", np.tanh, smooth.tanh_prime,', '"tanh", np.tanh, smooth.tanh_prime_from_output,'),
    ("activations", "smooth.tanh_prime, smooth.tanh_prime_from_output,", "smooth.tanh_prime, smooth.sigmoid_prime_from_output,"),
    ("activations", "smooth.tanh_prime_from_output, (-1.0, 1.0))", "smooth.tanh_prime_from_output, (0.0, 1.0))"),
    ("activations", "smooth.tanh_prime_from_output, (-1.0, 1.0))", "smooth.tanh_prime_from_output, (-1.0, np.inf))"),
    ("activations", '"relu", pieces.relu, pieces.relu_prime, pieces.relu_prime,', '"relu", pieces.relu, smooth.one, pieces.relu_prime,'),
    ("activations", '"relu", pieces.relu, pieces.relu_prime, pieces.relu_prime,', '"relu", pieces.relu, pieces.relu_prime, smooth.one,'),
    ("activations", "pieces.relu_prime, pieces.relu_prime, (0.0, np.inf), kinks", "pieces.relu_prime, pieces.relu_prime, (-np.inf, np.inf), kinks"),
    ("activations", "leaky_relu = leaky_relu_with(0.01)", "leaky_relu = leaky_relu_with(0.1)"),
    ("activations", "elu = elu_with(1.0)", "elu = elu_with(1.5)"),
    ("activations", "pieces.SELU_SCALE, kinks=(0.0,))", "pieces.SELU_SCALE, kinks=())"),
    ("activations", "(0.0, np.inf), kinks=(0.0,))", "(0.0, np.inf))"),
    ("activations", "kinks=(-3.0, 3.0)", "kinks=(3.0,)"),
    ("activations", '"silu", smooth.silu, smooth.silu_prime, None', '"silu", smooth.silu, smooth.silu_prime, smooth.one'),
    ("activations", '"gelu", smooth.gelu, smooth.gelu_prime,', '"gelu", smooth.gelu, smooth.gelu_tanh_prime,'),
    ("activations", "smooth.mish_prime, None, (-0.3089, np.inf)", "smooth.mish_prime, None, (-0.4, np.inf)"),
    ("activations", '"sin", np.sin, np.cos, None', '"sin", np.sin, np.sin, None'),
    ("activations", "smooth.exp, smooth.exp, smooth.identity", "smooth.exp, smooth.exp, smooth.one"),
    ("pieces", "SELU_ALPHA = 1.6732632423543772", "SELU_ALPHA = 1.6732632423543872"),
    ("pieces", "SELU_SCALE = 1.0507009873554804", "SELU_SCALE = 1.0507009873554904"),
    ("smooth", "_CUBIC = 0.044715", "_CUBIC = 0.0447"),
    ("smooth", "_HALF_STEP = 0.25", "_HALF_STEP = 0.3"),
    ("elementwise", "@dataclass(frozen=True)\nclass Activation", "@dataclass\nclass Activation"),
    ("losses", "    link=sigmoid,", "    link=identity,"),
    ("losses", "    link=sigmoid,\n    predictions=(0.0, 1.0),", "    link=sigmoid,\n    predictions=(-1.0, 1.0),"),
    ("losses", "    link=sigmoid,\n    predictions=(0.0, 1.0),", "    link=sigmoid,\n    predictions=(0.0, np.inf),"),
    ("losses", "    labels=(0.0, 1.0),\n    infinite_at=(0.0, 1.0),", "    labels=(-1.0, 1.0),\n    infinite_at=(0.0, 1.0),"),
    ("losses", "    labels=(0.0, 1.0),\n    infinite_at=(0.0, 1.0),", "    labels=(0.0, 2.0),\n    infinite_at=(0.0, 1.0),"),
    ("losses", "    infinite_at=(0.0, 1.0),", "    infinite_at=(0.0,),"),
    ("losses", "    infinite_at=(0.0,),", "    infinite_at=(0.0, 1.0),"),
    ("losses", "    infinite_at=(0.0,),", "    infinite_at=(),"),
    ("losses", "    link=softmax_output,\n    predictions=(0.0, 1.0),\n    labels=(0.0, 1.0),", "    link=softmax_output,\n    predictions=(0.0, 2.0),\n    labels=(0.0, 1.0),"),
    ("losses", "    link=softmax_output,\n    predictions=(0.0, 1.0),\n    labels=(0.0, 1.0),", "    link=softmax_output,\n    predictions=(0.0, 1.0),\n    labels=(-1.0, 1.0),"),
    ("losses", "    entries=_softmax_cross_entropy,", "    entries=_cross_entropy,"),
    ("losses", "    entries_from_logits=_softmax_cross_entropy_from_logits,", "    entries_from_logits=_softmax_cross_entropy,"),
    ("losses", "    slope=_softmax_cross_entropy_slope,", "    slope=_share_minus_labels,"),
    ("losses", "    slope_through_link=_share_minus_labels,", "    slope_through_link=_difference,"),
    ("losses", "    answer=_likeliest,", "    answer=_more_likely_than_not,"),
    ("losses", "    answer=_more_likely_than_not,", "    answer=_output_itself,"),
    ("losses", "    answer=_output_itself,", "    answer=_more_likely_than_not,"),
    ("softmax", 'softmax_backward, (0.0, 1.0))', 'softmax_backward, (-1.0, 1.0))'),
    ("softmax", "@dataclass(frozen=True)\nclass Columnwise", "@dataclass\nclass Columnwise"),
    ("losses", "    entries=_cross_entropy,", "    entries=_cross_entropy_from_logits,"),
    ("losses", "    entries_from_logits=_cross_entropy_from_logits,", "    entries_from_logits=_cross_entropy,"),
    ("losses", "    slope=_cross_entropy_slope,", "    slope=_difference,"),
    ("losses", "    slope=_cross_entropy_slope,\n    slope_through_link=_difference,", "    slope=_cross_entropy_slope,\n    slope_through_link=_cross_entropy_slope,"),
    ("losses", "    link=identity,", "    link=sigmoid,"),
    ("losses", "    predictions=(-np.inf, np.inf),", "    predictions=(0.0, np.inf),"),
    ("losses", "    labels=(-np.inf, np.inf),", "    labels=(-np.inf, 1.0),"),
    ("losses", "    entries=_half_square,", "    entries=_difference,"),
    ("losses", "    entries_from_logits=_half_square,", "    entries_from_logits=_difference,"),
    ("losses", "    slope=_difference,\n", "    slope=_half_square,\n"),
    ("losses", "    slope=_difference,\n    slope_through_link=_difference,", "    slope=_difference,\n    slope_through_link=_half_square,"),
    ("loss", "@dataclass(frozen=True)\nclass Loss", "@dataclass\nclass Loss"),
    ("network", "    loss: Loss = binary_cross_entropy\n", "    loss: Loss = squared_error\n"),
    ("network", "        return len(self.sizes) - 1\n", "        return len(self.sizes)\n"),
    ("network", "        return len(self.sizes) - 1\n", "        return len(self.sizes) + 1\n"),
    ("network", "@dataclass(frozen=True)\nclass Network", "@dataclass\nclass Network"),
    ("gradcheck", '"complex step": 1e-9,', '"complex step": 1e-6,'),
    ("gradcheck", '"central differences": 1e-6}', '"central differences": 1e-9}'),
    ("gradcheck", "        return all(entry", "        return any(entry"),
    ("gradcheck", 'entry.verdict == "agrees" for', 'entry.verdict != "differs" for'),
    ("gradcheck", "        return max(self.arrays", "        return min(self.arrays"),
    ("gradcheck", '"agrees": 0, "untested": 1', '"agrees": 1, "untested": 0'),
    ("gradcheck", '"untested": 1, "differs": 2', '"untested": 2, "differs": 1'),
    ("gradcheck", "key=lambda entry: (rank[entry.verdict], entry.error)", "key=lambda entry: entry.error"),
    ("gradcheck", "key=lambda entry: (rank[entry.verdict], entry.error)", "key=lambda entry: rank[entry.verdict]"),
    ("gradcheck", "@dataclass(frozen=True)\nclass Entry", "@dataclass\nclass Entry"),
    ("gradcheck", "@dataclass(frozen=True)\nclass GradientCheck", "@dataclass\nclass GradientCheck"),
    ("checks", "class InputError(ValueError)", "class InputError(Exception)"),
    ("checks", "class ShapeError(InputError)", "class ShapeError(ValueError)"),
    ("checks", "class DtypeError(InputError)", "class DtypeError(ValueError)"),
    ("checks", "class DomainError(InputError)", "class DomainError(ValueError)"),
    ("checks", "₀₁₂₃₄₅₆₇₈₉", "₉₈₇₆₅₄₃₂₁₀"),
]  # fmt: skip


def main() -> int:
    """Run both kinds of mutants; return 0 if each is killed or listed, and else 1."""
    if os.name == "nt":
        print("mutmut does not run on Windows itself; use WSL.", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    bad = by_hand() + by_mutmut()
    print("Every mutant is killed or listed with its reason." if not bad else f"{bad} to look at, marked with *.")
    return 1 if bad else 0


def by_hand() -> int:
    """Run the mutants of `BY_HAND`, and the unmutated library as a control; return how many were not killed."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        places = [Path(folder) / str(number) for number in range(len(BY_HAND))]
        codes = list(pool.map(outcome, BY_HAND, places))
        modules = sorted({module for module, _, _ in BY_HAND})
        controls = list(
            pool.map(outcome, [(module, "", "") for module in modules], [Path(folder) / m for m in modules])
        )
    bad = 0
    for module, code in zip(modules, controls, strict=True):
        if code != 0:
            bad += 1
            print(f"* {module}: pytest gave {code} on the library as it is")
    for (module, before, after), code in zip(BY_HAND, codes, strict=True):
        if code not in FAILED:
            bad += 1
            print(f"* {module}: {'survived' if code == 0 else f'pytest gave {code}'}\n  - {before}\n  + {after}")
    print(f"by hand: {len(BY_HAND)} mutants, {sum(code in FAILED for code in codes)} killed", flush=True)
    return bad


def outcome(mutant: Mutant, place: Path) -> int:
    """Return pytest's exit status on a copy of the library in `place`, changed as `mutant` says."""
    module, before, after = mutant
    shutil.copytree(ROOT / "src", place, ignore=shutil.ignore_patterns("__pycache__"))
    path = place / "byhand" / f"{module}.py"
    source = path.read_text("utf-8")
    if before:
        if source.count(before) != 1:
            sys.exit(f"{module}: this text should stand there once: {before}")
        path.write_text(source.replace(before, after), "utf-8")
    options = ["-x", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "--noconftest"]
    environment = os.environ | {"PYTHONPATH": str(place), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pytest", *options, f"tests/test_{module}.py"]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


def by_mutmut() -> int:
    """Run mutmut afresh and compare its survivors with the list; return how many differ from it."""
    shutil.rmtree(MUTANTS, ignore_errors=True)
    with tempfile.TemporaryFile("w+") as log:
        done = subprocess.run(
            [sys.executable, "-m", "mutmut", "run"], stdout=log, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode:
            log.seek(0)
            print(log.read()[-5000:])
            print(f"* mutmut itself failed with {done.returncode}")
            return 1
    survivors = []
    metas = sorted(MUTANTS.glob("src/byhand/*.py.meta"))
    for meta in metas:
        codes: dict[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        alive = {name: code for name, code in codes.items() if code not in KILLED | TIMED_OUT}
        late = sum(code in TIMED_OUT for code in codes.values())
        print(f"{meta.name.removesuffix('.py.meta')}: {len(codes)} mutants, {len(codes) - len(alive)} killed", end="")
        print(f" ({late} by running too long), {len(alive)} survived" if late else f", {len(alive)} survived")
        survivors += [(identify(name), code) for name, code in alive.items()]
    complaints = judge(survivors, reasons()) if metas else ["* mutmut made no mutants"]
    print("".join(f"{complaint}\n" for complaint in complaints), end="")
    return len(complaints)


def judge(survivors: list[tuple[Mutant, int | None]], listed: dict[Mutant, str]) -> list[str]:
    """Say what is wrong: survivors (with pytest's exit status) without a reason, and reasons without a survivor."""

    def complaint(mutant: Mutant, what: str) -> str:
        return f"* {mutant[0]}: {what}\n  - {mutant[1]}\n  + {mutant[2]}"

    unexplained = [
        complaint(mutant, "survived" if code == 0 else f"no verdict, {code}")
        for mutant, code in survivors
        if code != 0 or not listed.get(mutant)
    ]
    gone = listed.keys() - {mutant for mutant, _ in survivors}
    return unexplained + [complaint(mutant, "listed in mutants.toml, but killed or gone") for mutant in sorted(gone)]


def identify(name: str) -> Mutant:
    """Turn mutmut's numbered name into one that outlives other changes: the function and the changed lines."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    module, _, mangled = name.rpartition(".")
    function = re.sub(r"^x_|__mutmut_\d+$", "", mangled).removeprefix("xǁ").replace("ǁ", ".")
    diff = get_diff_for_mutant(name).splitlines()
    before = " ".join(line[1:].strip() for line in diff if line.startswith("-") and not line.startswith("---"))
    after = " ".join(line[1:].strip() for line in diff if line.startswith("+") and not line.startswith("+++"))
    return f"{module}.{function}", before, after


def reasons() -> dict[Mutant, str]:
    """Read `mutants.toml`: every mutant that may survive, with its reason."""
    table = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text("utf-8"))
    return {
        (row["function"], row["before"], after): row["reason"]
        for row in table.get("mutant", [])
        for after in row["after"]
    }


if __name__ == "__main__":
    sys.exit(main())
