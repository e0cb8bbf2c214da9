"""Findings and receipts that arrive as files: ``<name>.json`` or ``.yaml``, renamed into their drop folder when they are whole.

A document that a finding supplies stands beside it, as ``<name>.document``. What was taken moves to ``taken/``; what was refused to
``refused/``, with the reason beside it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.conceal import masked
from release_staging.packet.source import read_regular
from release_staging.parsing.limits import LIMITS, Unreadable
from release_staging.parsing.paths import shown
from release_staging.review import finding, receipt
from release_staging.review.words import Refused
from release_staging.staging.receipts import ReceiptStore
from release_staging.staging.reviewing import Reviewing

_MOST = 200  # of one look
_SUFFIXES = (".json", ".yaml", ".yml")

# Takes the bytes of a file, and where one stands beside it, what gives those of its document. Tells whether it was new, and what it is.
Take = Callable[[bytes, Callable[[], bytes] | None], tuple[bool, str]]


def take_findings(folder: Path, reviewing: Reviewing) -> Iterator[str]:
    """Takes the findings of the folder, oldest name first, and tells of each. Raises StagingError where the store fails."""

    def take(data: bytes, document: Callable[[], bytes] | None) -> tuple[bool, str]:
        found = finding.parse(data, reviewing.boundary)
        return reviewing.take(found, document if found.supply else None), f"{found.kind} on {found.packet}"

    return _dropped(folder, "finding", take, reviewing.boundary)


def take_receipts(folder: Path, store: ReceiptStore, boundary: DisclosureRules) -> Iterator[str]:
    """Takes the receipts of the folder, oldest name first, and tells of each. Raises StagingError where the store fails."""

    def take(data: bytes, _: Callable[[], bytes] | None) -> tuple[bool, str]:
        found = receipt.parse(data, boundary)
        return store.record(found), f"{found.usable} for {found.record}"

    return _dropped(folder, "receipt", take, boundary)


def _dropped(folder: Path, kind: str, take: Take, boundary: DisclosureRules) -> Iterator[str]:
    if not folder.is_dir():
        return
    names = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(_SUFFIXES) and not entry.name.startswith("."))
    for name in names[:_MOST]:
        yield masked(_take(folder / name, kind, take), boundary)


def _take(path: Path, kind: str, take: Take) -> str:
    document = path.with_suffix(".document")
    try:
        supplied = (lambda: read_regular(document, LIMITS)) if os.path.lexists(document) else None
        new, what = take(read_regular(path, LIMITS), supplied)
    except (Refused, Unreadable) as error:
        _move(path, document, "refused", str(error))
        return f"{kind} {shown(path.name)} is refused: {error}"
    _move(path, document, "taken")
    return f"{kind} {shown(path.name)} is {'recorded' if new else 'there already'}: {what}"


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
