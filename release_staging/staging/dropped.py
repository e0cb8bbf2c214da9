"""Findings that arrive as files: ``<name>.json`` or ``.yaml``, renamed into the drop folder when it is whole.

A document that a finding supplies stands beside it, as ``<name>.document``. What was taken moves to ``taken/``; what was refused to
``refused/``, with the reason beside it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from release_staging.disclosure.conceal import masked
from release_staging.packet.source import read_regular
from release_staging.parsing.limits import LIMITS, Unreadable
from release_staging.parsing.paths import shown
from release_staging.review.finding import parse
from release_staging.review.words import Refused
from release_staging.staging.reviewing import Reviewing

_MOST = 200  # of one look
_SUFFIXES = (".json", ".yaml", ".yml")


def take_dropped(folder: Path, reviewing: Reviewing) -> Iterator[str]:
    """Takes the findings of the folder, oldest name first, and tells of each. Raises StagingError where the store fails."""
    if not folder.is_dir():
        return
    names = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(_SUFFIXES) and not entry.name.startswith("."))
    for name in names[:_MOST]:
        yield masked(_take(folder / name, reviewing), reviewing.boundary)


def _take(path: Path, reviewing: Reviewing) -> str:
    document = path.with_suffix(".document")
    try:
        finding = parse(read_regular(path, LIMITS), reviewing.boundary)
        supplied = (lambda: read_regular(document, LIMITS)) if finding.supply and os.path.lexists(document) else None
        new = reviewing.take(finding, supplied)
    except (Refused, Unreadable) as error:
        _move(path, document, "refused", str(error))
        return f"finding {shown(path.name)} is refused: {error}"
    _move(path, document, "taken")
    return f"finding {shown(path.name)} is {'recorded' if new else 'there already'}: {finding.kind} on {finding.packet}"


def _move(path: Path, document: Path, where: str, reason: str = "") -> None:
    """Both files go aside, under a name that is free."""
    aside = path.parent / where
    aside.mkdir(exist_ok=True)
    number, target = 1, aside / path.name
    while os.path.lexists(target):
        number += 1
        target = aside / f"{path.stem}.{number}{path.suffix}"
    if os.path.lexists(document):
        document.rename(target.with_suffix(".document"))
    path.rename(target)
    if reason:
        target.with_suffix(".reason.txt").write_text(reason + "\n", encoding="utf-8")
