"""Writes docs/FORMATS.md and docs/RULES.md from what readers and rules say of themselves; with ``--check``, only says what differs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from release_staging.evidence.reader import Reader  # noqa: E402
from release_staging.evidence.registry import readers  # noqa: E402
from release_staging.model.sources import SOURCE_BY_NAME  # noqa: E402
from release_staging.record.rules.rule import Rule, rules  # noqa: E402

DOCS = ROOT / "docs"
_MADE = "<!-- Made by tools/make_docs.py (make docs). Change the {what} instead. -->"


def formats() -> str:
    """The page of the formats that are read, by source."""
    known = [reader for reader in readers() if reader.read.__module__.startswith("release_staging.")]
    sources = groupby(known, key=lambda reader: reader.source)
    parts = [
        "# Formats",
        _MADE.format(what="readers under release_staging/evidence"),
        f"{len(known)} formats are read. A document is recognised by its bytes, never by its name; `release-staging inspect FILE` says "
        "what it is, what is read from it and what is not. Where versions are listed, another one is read too, and said to be drift; a "
        "dialect stands behind a slash (`junit-xml/surefire`), and a document in none of those listed is plain. "
        "[ADDING_A_FORMAT.md](ADDING_A_FORMAT.md) says how to add one.",
    ]
    for name, of_source in sources:
        parts += [f"## {SOURCE_BY_NAME[name].title}\n\nSource `{name}`", _formats_table(list(of_source))]
    return "\n\n".join(parts) + "\n"


def _formats_table(of_source: list[Reader]) -> str:
    heads = ("format", "what it is", "versions, dialects", "media type", "encodings", "reference")
    rows = (
        (
            f"`{reader.format}`",
            reader.title,
            ", ".join(version or "(none)" for version in (*reader.versions, *reader.dialects)),
            f"`{reader.media_type}`",
            ", ".join(reader.encodings),
            reader.reference,
        )
        for reader in of_source
    )
    return _table(heads, rows)


def checks() -> str:
    """The page of the rules that are checked, by code."""
    known = rules()
    heads = ("code", "rule", "what it finds", "what it looks at", "what to do", "who is asked", "holds by default")
    return (
        "\n\n".join(
            [
                "# Rules",
                _MADE.format(what="rules under release_staging/record/rules"),
                f"{len(known)} rules look at every packet. What a rule finds stands in the record or hold as an exception with its code; a "
                "packet with a blocking one is held. Policy may change what blocks, by code and source; here stands what does without it.",
                _table(heads, map(_rule_row, known)),
            ]
        )
        + "\n"
    )


def _rule_row(one: Rule) -> tuple[str, ...]:
    blocking = "yes" if one.blocking else "no"
    return (f"`{one.code.value}`", f"`{one.name}`", one.title, one.looks_at, one.remedy, one.owner.value.replace("_", " "), blocking)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


PAGES: dict[str, Callable[[], str]] = {"FORMATS.md": formats, "RULES.md": checks}


def stale() -> list[str]:
    """Pages that are missing, or not as readers and rules say."""
    return [name for name, page in PAGES.items() if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != page()]


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        names = stale()
        print("\n".join(f"docs/{name}: run make docs" for name in names) or "docs are as readers and rules say")
        return 1 if names else 0
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
