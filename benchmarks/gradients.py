"""One gradient, and one step of training, of this library and of others, as multiples of the matrix products alone.

    python benchmarks/gradients.py             a table on the terminal
    python benchmarks/gradients.py --save      and into src/byhand_site/speed.json, from which the site's table is made
    python benchmarks/gradients.py --large     with 3072-2048-10 besides

Each measurement is a process of its own, on one core; the contenders take turns, in a new order every round. What is
measured is the time that the core spends on that process. A number is the median, over the rounds, of a contender's
time divided by that of the floor in the same round. A contender that is not installed is left out, and said. All
gradients are compared before anything is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from contenders import CONTENDERS, STEPS, Plan
from threadpoolctl import threadpool_info

RESULTS = Path(__file__).parents[1] / "src" / "byhand_site" / "speed.json"
PLANS = [
    Plan((2, 4, 1), ("tanh", "sigmoid"), 400, "float64"),
    Plan((784, 128, 10), ("relu", "softmax"), 256, "float64"),
    Plan((784, 128, 10), ("relu", "softmax"), 256, "float32"),
    Plan((784, 512, 512, 10), ("relu", "relu", "softmax"), 1024, "float64"),
    Plan((784, 512, 512, 10), ("relu", "relu", "softmax"), 1024, "float32"),
]
LARGE = Plan((3072, 2048, 10), ("relu", "softmax"), 4096, "float64")
PACKAGES = {"torch": "torch", "jax": "jax", "jax, numpy": "jax", "sklearn": "scikit-learn"}
SHORTEST = 3e-4  # seconds, about: less than that is not timed at once
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def typical(function, seconds: float, per_call: int = 1) -> float:
    """Return the lower quartile of the time of one call, in seconds: other programs only ever make it longer.

    It is time of the processor, of all threads of this process: what passes while another program has the core is not
    counted. Short calls are timed several at once, because to read that clock takes a while itself.
    """
    function()
    times = [timed(function, 1)]
    calls = max(1, round(SHORTEST / times[0]))
    if calls > 1:
        times = []
    until = time.process_time() + seconds
    while len(times) < 3 or time.process_time() < until:
        times.append(timed(function, calls))
    return float(np.quantile(times, 0.25)) / per_call


def timed(function, calls: int) -> float:
    """Return the processor's time for one of so many calls."""
    began = time.process_time()
    for _ in range(calls):
        function()
    return (time.process_time() - began) / calls


def burst(name: str, plan: Plan, seconds: float) -> None:
    """Print the times of one contender: the whole life of one process."""
    if hasattr(os, "sched_setaffinity"):  # else a library's own threads would take a second core
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    gradient, steps, read = CONTENDERS[name](plan)
    found = read(gradient())
    size = [float(np.abs(array).sum()) for array in found] if found else None
    print(json.dumps([typical(gradient, seconds), typical(steps, seconds, STEPS), size]))


def measure(plan: Plan, names: list[str], rounds: int, seconds: float) -> dict[str, list[float]]:
    """Return, for each contender, its gradient and its step as multiples of the floor's gradient."""
    ratios: dict[str, list[list[float]]] = {name: [] for name in names}
    microseconds = []
    for _ in range(rounds):
        times, sizes = {}, {}
        for name in random.sample(names, len(names)):
            words = [sys.executable, __file__, "--burst", name, "--plan", str(([*PLANS, LARGE]).index(plan))]
            done = subprocess.run(
                [*words, "--seconds", str(seconds)],
                env=os.environ | ONE_THREAD,
                capture_output=True,
                text=True,
                check=True,
            )
            *times[name], sizes[name] = json.loads(done.stdout.splitlines()[-1])
        for name, size in sizes.items():
            if size:
                np.testing.assert_allclose(
                    size, sizes["byhand"], rtol=1e-9 if plan.dtype == "float64" else 1e-3, err_msg=name
                )
        microseconds.append(1e6 * times["floor"][0])
        for name in names:
            ratios[name].append([took / times["floor"][0] for took in times[name]])
    return {
        "floor in µs": [float(np.median(microseconds))],
        **{
            name: [float(number) for number in np.median(rows, axis=0)]
            for name, rows in ratios.items()
            if name != "floor"
        },
    }


def main() -> None:
    """Measure, print, and save where asked."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--save", action="store_true")
    words.add_argument("--large", action="store_true")
    words.add_argument("--rounds", type=int, default=9)
    words.add_argument("--seconds", type=float, default=0.3)
    words.add_argument("--burst")
    words.add_argument("--plan", type=int, default=0)
    told = words.parse_args()
    if told.burst:
        return burst(told.burst, [*PLANS, LARGE][told.plan], told.seconds)
    versions = {"Python": platform.python_version(), "NumPy": np.__version__}
    missing = []
    for name, package in PACKAGES.items():
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            missing.append(name)
    names = [name for name in CONTENDERS if name not in missing]
    for name in missing:
        print(f"{PACKAGES[name]} is not installed: left out.")
    blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
    kernel = ", ".join(
        f"{library['internal_api']} {library['version']} {library.get('architecture', '')}" for library in blas
    )
    print(", ".join(f"{name} {number}" for name, number in versions.items()), kernel, sep="; ")
    table = {}
    for plan in [*PLANS, *([LARGE] if told.large else [])]:
        table[plan.name] = measure(plan, names, told.rounds, told.seconds)
        print(
            plan.name,
            *(f"{name} {' '.join(f'{x:.2f}' for x in row)}" for name, row in table[plan.name].items()),
            sep="; ",
            flush=True,
        )
        if told.save:
            date = datetime.now(UTC).date().isoformat()
            found = {"date": date, "kernel": kernel, "versions": versions, "rounds": told.rounds, "table": table}
            RESULTS.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return None


if __name__ == "__main__":
    main()
