"""Laws of all readers over the whole corpus of real evidence (see ``corpus.py``); skipped without it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.evidence import corpus
from tests.evidence.laws import assert_laws

_ROOT = os.environ.get(corpus.VARIABLE)
_FOLDERS = sorted(path.name for path in Path(_ROOT).iterdir() if path.is_dir()) if _ROOT else [""]


@pytest.mark.parametrize("folder", _FOLDERS)
def test_laws_hold_on_real_evidence(folder):
    read = [extraction for path, data in corpus.documents(folder) for extraction in assert_laws(path, data)]
    assert read or folder == "malformed"
