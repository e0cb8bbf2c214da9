"""The cyclic garbage collector, kept from searching again and again through a large document while it is made and read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_within = 0
_was_enabled = False


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection within. Nests, and counts across threads: the last one out puts back what the first one found."""
    global _within, _was_enabled
    with _lock:
        if not _within:
            _was_enabled = gc.isenabled()
            gc.disable()
        _within += 1
    try:
        yield
    finally:
        with _lock:
            _within -= 1
            if not _within and _was_enabled:
                gc.enable()
