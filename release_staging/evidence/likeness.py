"""A document that is not recognised as what it is declared to be, and is read as that all the same: a format's own marks drift, too."""

from __future__ import annotations

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.reader import Reader
from release_staging.evidence.recognise import Recognised
from release_staging.model.exceptions import Code
from release_staging.parsing.limits import Unreadable

_BARE = {"problems", "losses"}


def alike(opened: Opened, reader: Reader) -> Recognised | None:
    """The document as ``reader`` reads it, without a version, where it still says something so; None where it says nothing.

    Whoever takes it so tells that it lacks what its format is known by.
    """
    encoding = next((one for one in opened.encodings if one in reader.encodings and _is(opened, one)), None)
    if encoding is None:
        return None
    known = Recognised(reader, encoding, "")
    tables = read(opened, known).tables
    codes = tables["problems"]["code"].to_pylist() if "problems" in tables else []
    return known if tables.keys() - _BARE and Code.EVIDENCE_UNREADABLE not in codes else None


def _is(opened: Opened, encoding: str) -> bool:
    try:
        opened.roots(encoding)
    except Unreadable:
        return False
    return True
