"""The readers there are: every module below ``evidence/<source>/`` with a ``READER``, and installed packages' own.

Other packages add readers through the entry point group ``release_staging.readers``; each entry point names a Reader.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

import release_staging.evidence
from release_staging.evidence.reader import Reader, split_id
from release_staging.model.sources import SOURCES

GROUP = "release_staging.readers"


@cache
def readers() -> tuple[Reader, ...]:
    """All readers, by source and format. Raises ValueError where two claim one format id."""
    found = [*_own(), *(point.load() for point in entry_points(group=GROUP))]
    by_format: dict[str, Reader] = {}
    for reader in found:
        if by_format.setdefault(reader.format, reader) is not reader:
            raise ValueError(f"two readers for format {reader.format!r}: remove one of the packages that bring them")
    order = {source.name: rank for rank, source in enumerate(SOURCES)}
    return tuple(sorted(found, key=lambda reader: (order[reader.source], reader.format)))


def reader_for(format_id: str) -> Reader | None:
    """The reader of a format id, with or without its version or dialect."""
    name, _ = split_id(format_id)
    return next((reader for reader in readers() if reader.format == name), None)


def _own() -> list[Reader]:
    found = []
    for package in pkgutil.iter_modules(release_staging.evidence.__path__):
        if package.ispkg:
            folder = import_module(f"{release_staging.evidence.__name__}.{package.name}")
            for module in pkgutil.iter_modules(folder.__path__):
                reader = getattr(import_module(f"{folder.__name__}.{module.name}"), "READER", None)
                if isinstance(reader, Reader):
                    found.append(reader)
    return found
