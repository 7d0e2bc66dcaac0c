"""Every command of this project, on any machine that has Python and pip.

    python tasks.py serve     install, then serve the site at http://127.0.0.1:8000 with live reload
    python tasks.py check     install, then run every check (pytest)
    python tasks.py build     build the site into site/, strictly
    python tasks.py lint      ruff, mypy, and zizmor on the workflows
    python tasks.py package   build the distribution for PyPI into dist/
    python tasks.py mutate    mutate the library and list the mutants that no test kills
    python tasks.py pin       move the pinned versions in requirements.txt to the newest allowed

Words after `check` go to pytest (`python tasks.py check -k layers`), words after `serve` and `build`
to MkDocs. Everything is installed into .venv/ next to this file, from requirements.txt, by hash.
The script needs nothing but the standard library; delete .venv/ to start afresh.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
INSTALLED = ENVIRONMENT / "installed"  # holds the fingerprint of what was installed last
OLDEST = (3, 11, 5)


def main(arguments: list[str]) -> int:
    """Run the task named by the first argument; return its exit status."""
    tasks = {
        "serve": serve,
        "check": check,
        "build": build,
        "lint": lint,
        "package": package,
        "mutate": mutate,
        "pin": pin,
    }
    if not arguments or arguments[0] not in tasks:
        print(__doc__)
        return 0 if arguments in (["help"], ["--help"], ["-h"]) else 2
    if sys.version_info < OLDEST:
        print(f"This project needs Python 3.11.5 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    install()
    return tasks[arguments[0]](arguments[1:])


def serve(words: list[str]) -> int:
    return run("-m", "mkdocs", "serve", *words)


def check(words: list[str]) -> int:
    everything = ["--numprocesses", "auto"]  # conftest.py says which tests stay together
    return run("-m", "pytest", *(words or everything))


def build(words: list[str]) -> int:
    return run("-m", "mkdocs", "build", "--strict", *words)


def lint(_words: list[str]) -> int:
    return max(
        run("-m", "ruff", "check", "."),
        run("-m", "ruff", "format", "--check", "."),
        run("-m", "mypy"),
        run("--offline", "--quiet", ".github/workflows", program="zizmor"),
    )


def package(words: list[str]) -> int:
    return run("-m", "hatchling", "build", *words)


def mutate(words: list[str]) -> int:
    return run("tests/mutation.py", *words)


def pin(words: list[str]) -> int:
    if status := run("-m", "pip", "install", "--quiet", "uv"):
        return status
    groups = [word for name in ("docs", "test", "lint", "build") for word in ("--group", name)]
    silent = ["--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    where = ["--universal", "--python-version", "3.11.5", "--generate-hashes"]
    target = ["-o", "requirements.txt"]
    return run(
        "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--upgrade",
        *groups, *silent, *where, *target, *words,
    )  # fmt: skip


def install() -> None:
    """Make .venv/ hold exactly what requirements.txt names, and this checkout itself."""
    fingerprint = hashlib.sha256(f"{sys.version} {os.environ.get('BYHAND_ALSO', '')}".encode())
    for name in ("requirements.txt", "pyproject.toml"):
        fingerprint.update((ROOT / name).read_bytes())
    if INSTALLED.exists() and INSTALLED.read_text() == fingerprint.hexdigest():
        return
    print("Installing into .venv/ (a minute, once) …", file=sys.stderr, flush=True)
    try:
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv")
    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    for wanted in (
        ("--require-hashes", "--no-deps", "--requirement", "requirements.txt"),
        ("--no-deps", "--no-build-isolation", "--editable", "."),
    ):
        if status := run(*pip, *wanted):
            sys.exit(status)
    if (also := os.environ.get("BYHAND_ALSO", "").split()) and run(*pip, *also):
        print(f"{' '.join(also)}: cannot be installed here; the tests that need it are skipped", file=sys.stderr)
    INSTALLED.write_text(fingerprint.hexdigest())


def run(*command: str, program: str = "python") -> int:
    """Run a program of the environment from the project's root; return its exit status."""
    quiet = {"NO_MKDOCS_2_WARNING": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    try:
        return subprocess.run([SCRIPTS / program, *command], cwd=ROOT, env=os.environ | quiet).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
