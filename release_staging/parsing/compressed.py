"""The one entry point for compressed texts outside of archives: gzip (RFC 1952) and zlib (RFC 1950), bounded on what comes out."""

from __future__ import annotations

import zlib

_BEGINNINGS = (b"\x1f\x8b\x08", b"\x78\x01", b"\x78\x9c", b"\x78\xda")


def unpacked(data: bytes, most: int) -> tuple[bytes, bool] | None:
    """The first ``most`` bytes (at least one) that come out of ``data``, and whether that is all; None where it is not compressed."""
    if not data.startswith(_BEGINNINGS):
        return None
    unpacking, most = zlib.decompressobj(zlib.MAX_WBITS | 32), max(1, most)
    try:
        found = unpacking.decompress(data, most)
    except zlib.error:
        return None
    return found, unpacking.eof or len(found) < most
