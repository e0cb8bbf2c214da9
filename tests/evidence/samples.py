"""The sample documents of this repository: those of the packets in ``data/packets`` and those beside the tests of the readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from release_staging.evidence.open import Opened
from release_staging.evidence.recognise import recognise
from release_staging.parsing.limits import Unreadable

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def documents() -> dict[str, bytes]:
    """Every sample by its path; of documents that are the same bytes the first. Packets' descriptors are no evidence."""
    folders = [ROOT / "data" / "packets", *sorted((ROOT / "tests" / "evidence").glob("*/samples"))]
    first: dict[bytes, str] = {}
    for path in _files(folders):
        if path.name != "packet.yaml" and path.parent != folders[0]:
            first.setdefault(path.read_bytes(), path.relative_to(ROOT).as_posix())
    return {path: data for data, path in first.items()}


@cache
def by_format() -> dict[str, list[bytes]]:
    """The samples that each reader knows, smallest first."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for data in documents().values():
        try:
            known = recognise(Opened(data))
        except Unreadable:
            continue
        for match in known:
            found[match.reader.format].append(data)
    return {name: sorted(samples, key=len) for name, samples in found.items()}


def _files(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
