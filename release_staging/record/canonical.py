"""RFC 8785 canonical JSON, for documents that hold no floats and no integer beyond 2^53 - 1.

Records keep numbers that are not counts as text, so a fast sorted writer gives the canonical form; a property test
holds it to a reference implementation.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

_LARGEST = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The canonical bytes. Raises ValueError for what has no unambiguous canonical form here."""
    _check(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(data: bytes) -> str:
    """``sha256:<hex>`` of bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or (not key.isascii() and max(key) > "\ud7ff"):
                raise ValueError(f"key {key!r} does not sort alike by code point and by UTF-16 unit")
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST:
        raise ValueError(f"integer {value} is beyond what JSON carries exactly")
    elif not isinstance(value, str | int | None):
        raise ValueError(f"{type(value).__name__} has no canonical form here; write it as text")
