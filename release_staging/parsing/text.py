"""Bytes to text: byte order marks, UTF-8 and UTF-16, declared or sniffed; never a replacement character."""

from __future__ import annotations

import codecs

from release_staging.parsing.limits import LIMITS, Limits, Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, limits: Limits = LIMITS, *, cut: bool = False) -> str:
    """The text of ``data``, without its byte order mark. ``cut`` says that it is a head, whose last character may be incomplete.

    Raises Unreadable where the bytes are not text in UTF-8, or in the encoding that their byte order mark declares.
    """
    if len(data) > limits.document_bytes:
        raise Unreadable(
            f"document has {len(data)} bytes, more than the {limits.document_bytes} allowed",
            remedy="split the document or raise the limit in the deployment",
        )
    bom, encoding = next((known for known in _BOMS if data.startswith(known[0])), (b"", "utf-8"))
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data[len(bom) :], final=not cut)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"not valid {encoding.upper()} text", where=f"byte {len(bom) + error.start}", remedy="re-export the document as UTF-8"
        ) from None


def lines_of(text: str, limits: Limits = LIMITS) -> list[str]:
    """Lines without their ends; CRLF, LF and CR end a line (RFC 5147 section 2.1). Raises Unreadable where there are too many."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    count = text.count("\n") + (not text.endswith("\n"))
    if count > limits.text_lines:
        raise Unreadable(f"text has {count} lines, more than the {limits.text_lines} allowed", remedy="split the document")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines
