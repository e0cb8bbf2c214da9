"""Digests as the OCI writes them, from the ways in which formats spell them."""

from __future__ import annotations

import base64
import binascii
import re

from release_staging.normalize.identifiers.identifier import Identifier

BITS = {"md5": 128, "sha1": 160, "sha256": 256, "sha384": 384, "sha512": 512}
_BY_DIGITS = {bits // 4: algorithm for algorithm, bits in BITS.items()}
_ALGORITHMS = {
    **{f"sha{bits}": f"sha{bits}" for bits in (1, 256, 384, 512)},
    **{f"sha-{bits}": f"sha{bits}" for bits in (1, 256, 384, 512)},
    **{f"sha2_{bits}": f"sha{bits}" for bits in (256, 384, 512)},
    **{f"sha2-{bits}": f"sha{bits}" for bits in (256, 384, 512)},
    "md5": "md5",
}
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")
_SPELLED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*?)[:\-=]([0-9A-Za-z+/_-]+={0,2})")


def digest(text: str) -> Identifier:
    """``algorithm:hex`` as the OCI writes it, from that, in-toto, Sigstore, SPDX, CycloneDX, SRI or bare hexadecimal spellings.

    Of a reference ``name@digest``, the digest.
    """
    bare = text.strip().rpartition("@")[2]
    if len(bare) in _BY_DIGITS and _HEXADECIMAL.fullmatch(bare):
        return Identifier(f"{_BY_DIGITS[len(bare)]}:{bare.lower()}", note="algorithm told by the length")
    split = _SPELLED.fullmatch(bare)
    algorithm = _ALGORITHMS.get(split[1].lower()) if split else None
    value = _value(split[2], BITS[algorithm]) if split and algorithm else None
    return Identifier(f"{algorithm}:{value}") if value else Identifier(text.strip(), False, "not a digest in a known form")


def _value(text: str, bits: int) -> str | None:
    """``text`` as ``bits`` in hexadecimal, from that or from base64 of either alphabet."""
    if len(text) == bits // 4 and _HEXADECIMAL.fullmatch(text):
        return text.lower()
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        value = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return None
    return value.hex() if len(value) * 8 == bits else None
