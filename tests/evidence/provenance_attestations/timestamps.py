"""Timestamps as RFC 3161 has them, made for the test: a signed CMS message, written out in DER."""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_SEQUENCE, _SET, _INTEGER, _OCTETS, _OID, _TIME, _NULL = 0x30, 0x31, 0x02, 0x04, 0x06, 0x18, 0x05
_CONTEXT = 0xA0


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    encoded = bytearray([first * 40 + second])
    for number in rest:
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(0x80 | number & 0x7F)
        encoded += bytes(reversed(septets))
    return _der(_OID, bytes(encoded))


_SHA256 = _der(_SEQUENCE, _oid("2.16.840.1.101.3.4.2.1"))
_TST_INFO = _oid("1.2.840.113549.1.9.16.1.4")


def timestamp_response(digest: bytes, at: datetime, signer: x509.Certificate, key: ec.EllipticCurvePrivateKey, status: int = 0) -> bytes:
    """A TimeStampResp over a SHA-256, granted by default, in DER; the signer's certificate is not in it."""
    imprint = _der(_SEQUENCE, _SHA256, _der(_OCTETS, digest))
    time = _der(_TIME, at.strftime("%Y%m%d%H%M%SZ").encode())
    info = _der(_SEQUENCE, _integer(1), _oid("1.3.6.1.4.1.57264.2"), imprint, _integer(7), time)
    attributes = (
        _der(_SEQUENCE, _oid("1.2.840.113549.1.9.3"), _der(_SET, _TST_INFO)),
        _der(_SEQUENCE, _oid("1.2.840.113549.1.9.4"), _der(_SET, _der(_OCTETS, hashlib.sha256(info).digest()))),
    )
    signature = key.sign(_der(_SET, *attributes), ec.ECDSA(hashes.SHA256()))
    signed_by = _der(
        _SEQUENCE,
        _integer(1),
        _der(_SEQUENCE, signer.issuer.public_bytes(), _integer(signer.serial_number)),
        _SHA256,
        _der(_CONTEXT, *attributes),
        _der(_SEQUENCE, _oid("1.2.840.10045.4.3.2")),
        _der(_OCTETS, signature),
    )
    content = _der(_SEQUENCE, _TST_INFO, _der(_CONTEXT, _der(_OCTETS, info)))
    signed = _der(_SEQUENCE, _integer(3), _der(_SET, _SHA256), content, _der(_SET, signed_by))
    token = _der(_SEQUENCE, _oid("1.2.840.113549.1.7.2"), _der(_CONTEXT, signed))
    return _der(_SEQUENCE, _der(_SEQUENCE, _integer(status)), token)
