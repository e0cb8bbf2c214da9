"""Walking the corpus of real evidence, where the environment variable RELEASE_STAGING_CORPUS says where it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.model.extraction import Extraction
from release_staging.parsing.limits import Unreadable
from tests.evidence.support import assert_lawful

VARIABLE = "RELEASE_STAGING_CORPUS"


def root() -> Path:
    """Where the corpus is. Skips the test without one."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} is not set")
    return Path(folder)


def documents(*folders: str) -> Iterator[tuple[str, bytes]]:
    """``(path, bytes)`` of each document below these folders of the corpus (``ci/github-actions-run``). Skips the test without a corpus."""
    top = root()
    found = [path for folder in folders for path in sorted((top / folder).rglob("*")) if path.is_file()]
    assert found, f"no documents below {folders} in the corpus"
    for path in found:
        yield path.relative_to(top).as_posix(), path.read_bytes()


def read_all(*folders: str) -> dict[str, list[Extraction]]:
    """What every reader that knows a document makes of it, by path; checks the laws on the way. Unreadable or unknown: an empty list."""
    return {path: _read(data) for path, data in documents(*folders)}


def _read(data: bytes) -> list[Extraction]:
    opened = Opened(data)
    try:
        known = recognise(opened)
    except Unreadable:
        return []
    extractions = [read(opened, match) for match in known]
    for extraction in extractions:
        assert_lawful(data, extraction)
    return extractions
