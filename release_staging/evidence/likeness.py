"""A document that is not recognised as what it is declared to be, and is read as that all the same: a format's own marks drift, too."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.reader import Reader
from release_staging.evidence.recognise import Recognised
from release_staging.model.exceptions import Code
from release_staging.parsing.limits import Unreadable

_BARE = {"problems", "losses"}
_KNOWN = ("mapped", "summarised", "dropped")


def alike(opened: Opened, reader: Reader) -> Recognised | None:
    """The document as ``reader`` reads it, without a version, where it says something so and most of it is understood; else None.

    Whoever takes it so tells that it lacks what its format is known by.
    """
    encoding = next((one for one in opened.encodings if one in reader.encodings and _is(opened, one)), None)
    if encoding is None:
        return None
    known = Recognised(reader, encoding, "")
    tables = read(opened, known).tables
    codes = tables["problems"]["code"].to_pylist() if "problems" in tables else []
    fits = tables.keys() - _BARE and "losses" in tables and Code.EVIDENCE_UNREADABLE not in codes and _understood(tables["losses"])
    return known if fits else None


def _understood(losses: pa.Table) -> bool:
    """Whether more of the elements are understood than not."""
    known, unknown = (sum(pc.sum(losses[name]).as_py() or 0 for name in names) for names in (_KNOWN, ("not_understood",)))
    return known > unknown


def _is(opened: Opened, encoding: str) -> bool:
    try:
        opened.roots(encoding)
    except Unreadable:
        return False
    return True
