"""Fuzzing every reader: whatever a document holds, it costs no exception, no defect of a reader and no more than a moment.

Each reader gets mutants of its own samples, the same ones at every run. ``make fuzz`` sets FUZZ_SECONDS: then every reader gets its
share of them, and other mutants at every run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.reader import Reader
from release_staging.evidence.recognise import Recognised, as_declared, recognise
from release_staging.evidence.registry import readers
from release_staging.parsing.limits import Unreadable
from tests.evidence import samples
from tests.evidence.mutants import mutants
from tests.evidence.support import assert_lawful

_SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
_FORMATS = sorted(samples.by_format())
_SHARE = _SECONDS / (len(_FORMATS) + 1)
_MOST_SECONDS = 5.0  # of processor time, for one small document

_fuzzing = settings(
    max_examples=200 if _SECONDS else 60,
    derandomize=not _SECONDS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.mark.parametrize("format_id", _FORMATS)
def test_no_mutant_breaks_a_reader(format_id):
    reader = next(one for one in readers() if one.format == format_id)

    @_fuzzing
    @given(mutants(samples.by_format()[format_id][:8]))
    def survives(data: bytes) -> None:
        begun = time.process_time()
        opened = Opened(data)
        found = [read(opened, match) for match in _known(opened, reader)]
        assert time.process_time() - begun < _MOST_SECONDS
        for extraction in found:
            assert_lawful(data, extraction)

    _repeat(survives)


def test_any_bytes_are_of_some_format_or_none():
    marks = ['{"', '":', "[", "]", "}", ",", "<a b='c'>", "</a>", "\n", ": ", "- ", "---\n", "# ", "%", "1", "true", "\0", "\ufeff", "ä"]
    pieces = st.lists(st.sampled_from([mark.encode() for mark in marks]) | st.binary(max_size=8), max_size=60).map(b"".join)

    @_fuzzing
    @given(st.binary(max_size=400) | pieces)
    def survives(data: bytes) -> None:
        opened = Opened(data)
        for match in _known(opened):
            assert_lawful(data, read(opened, match))

    _repeat(survives)


def _known(opened: Opened, declared: Reader | None = None) -> list[Recognised]:
    """Who knows the document; or, as a packet's descriptor may say it against its looks, the reader that is declared."""
    with suppress(Unreadable):
        if found := recognise(opened):
            return found
    with suppress(Unreadable):
        if declared is not None and (match := as_declared(opened, declared)):
            return [match]
    return []


def _repeat(survives: Callable[[], None]) -> None:
    """Once, or for a reader's share of the seconds."""
    until = time.monotonic() + _SHARE
    survives()
    while time.monotonic() < until:
        survives()
