"""The `byhand` command: check the mathematics in Markdown files, and list what a check can start from."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

EPILOG = """\
exit status: 0 when every claim holds (in a `wrong` fence: has the verdict it states),
1 when one does not or nothing was judged, 2 for misuse or a file that cannot be read.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    >>> main(["check", "no-such-file.md"])
    2
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and (getattr(stream, "encoding", "") or "").lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8", errors="replace")
    parser = _parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    command: Callable[[argparse.Namespace], int] | None = getattr(options, "command", None)
    if command is None:
        parser.print_help()
        return 2
    try:
        status = command(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="byhand", description="Derived on paper, checked by machine.", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    check = commands.add_parser(
        "check", help="check every math statement of Markdown files", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help="a Markdown file, or a directory: all Markdown below it"
    )
    check.add_argument("--format", choices=("text", "json"), default="text", help="what to print (default: text)")
    check.add_argument("--given", metavar="NAME", help="start from a setting, such as two-layer (see: byhand givens)")
    check.add_argument(
        "--convention", choices=("sum", "mean"), default="sum",
        help="what dZ means in a setting: sum for the summed loss (default), mean for ∂J/∂Z",
    )  # fmt: skip
    check.add_argument("--verbose", "-v", action="store_true", help="also list what holds")
    check.set_defaults(command=_check)
    givens = commands.add_parser("givens", help="list the settings for --given")
    givens.add_argument("name", nargs="?", metavar="NAME", help="show one setting in full")
    givens.set_defaults(command=_givens)
    return parser


def _files(paths: Sequence[str]) -> list[tuple[Path, Path]]:
    """Give the files to read, each with the tree that it may take other pages from."""
    found: list[tuple[Path, Path]] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            pages = (p for p in path.rglob("*") if p.suffix.lower() in (".md", ".markdown") and p.is_file())
            found.extend((page, path) for page in sorted(pages) if not _hidden(page.relative_to(path)))
        else:
            found.append((path, path.parent))
    return found


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in ("node_modules", "__pycache__") for part in path.parts)


def _read(path: Path) -> str:
    from byhand.equations.limits import PAGE_BYTES

    if path.stat().st_size > PAGE_BYTES:
        raise OSError(f"larger than {PAGE_BYTES} bytes")
    return path.read_text(encoding="utf-8-sig")


def _finder(page: Path, root: Path) -> Callable[[str], str]:
    """Make a function that finds other pages by their relative path, only inside `root`."""

    def find(name: str) -> str:
        target = (page.parent / name).resolve()
        if target.suffix.lower() not in (".md", ".markdown") or not target.is_relative_to(root.resolve()):
            raise LookupError(name)
        try:
            return _read(target)
        except (OSError, UnicodeError) as error:
            raise LookupError(name) from error

    return find


def _check(options: argparse.Namespace) -> int:
    from byhand.equations import SETTINGS, Result, check_text, to_json, to_text

    if options.given is not None and options.given not in SETTINGS and not options.given.endswith(".md"):
        known = ", ".join(SETTINGS)
        print(f"byhand: no setting is called {options.given}; settings are {known}.", file=sys.stderr)
        return 2
    results: list[Result] = []
    unread = False
    for path, root in _files(options.paths):
        try:
            text = _read(path)
        except (OSError, UnicodeError) as error:
            print(f"byhand: {path} cannot be read: {error}", file=sys.stderr)
            unread = True
            continue
        found = check_text(
            text, path.as_posix(), given=options.given, convention=options.convention, find=_finder(path, root)
        )
        results.extend(found)
    if unread and not results and options.format != "json":
        return 2
    if options.format == "json":
        print(to_json(results))
    else:
        print(to_text(results, colour=sys.stdout.isatty(), verbose=options.verbose))
    judged = [result for result in results if result.verdict not in ("declares", "defines", "unchecked")]
    if unread:
        return 2
    return 0 if judged and all(result.ok for result in results) else 1


def _givens(options: argparse.Namespace) -> int:
    from byhand.equations.settings import SETTINGS

    if options.name is None:
        width = max(map(len, SETTINGS))
        for setting in SETTINGS.values():
            print(f"{setting.name:<{width}}  {setting.title}")
        return 0
    if options.name not in SETTINGS:
        print(f"byhand: no setting is called {options.name}; settings are {', '.join(SETTINGS)}.", file=sys.stderr)
        return 2
    print(SETTINGS[options.name].page())
    return 0
