"""The one entry point for XML: a streaming pull over expat, in flat memory.

Refused, with the line: a DOCTYPE that declares anything (so no entities, no injected default attributes), too much depth, too many
attributes, too much text in one element. One that only names a DTD (Cobertura, JaCoCo) is blanked before expat sees it: the DTD is
never read, and an entity that would be declared there is undefined, as it is without it, and no silent gap in an attribute. Names
are local names; ``namespace`` is kept beside them. White space that stands between two tags by itself is no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn
from xml.parsers import expat

from release_staging.parsing.limits import LIMITS, Limits, Unreadable
from release_staging.parsing.xml_builder import Builder, Tally
from release_staging.parsing.xml_elements import IN, Element, Group, Steps

_PIECE = 1 << 16  # bytes; a token that is larger is fed in pieces that double, since expat before 2.6 scans it again from its start
_HEAD = 1 << 20  # bytes that must be well-formed for a document to be known

_LITERAL = rb"""(?:"[^"<>]{0,1000}"|'[^'<>]{0,1000}')"""
_DOCTYPE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.{0,1000}?\?>|<!--.{0,20000}?-->)*+"
    rb"(?P<doctype><!DOCTYPE\s+[^\s\[\]<>\"']{1,200}(?:\s+(?:SYSTEM|PUBLIC\s+" + _LITERAL + rb")\s+" + _LITERAL + rb")?\s*>)",
    re.DOTALL,
)
_NO_LINE_END = re.compile(rb"[^\r\n]")


class _Nowhere:
    def child(self, segment: str) -> _Nowhere:  # noqa: ARG002
        return self


def root_of(data: bytes, limits: Limits = LIMITS) -> Element:
    """The root element, read from a bounded head; its children, and theirs, are the elements that begin there. Raises Unreadable."""
    parser = _parser()
    builder = Builder(frozenset(), {}, limits, _Nowhere(), Tally(), lambda: _line(parser))
    for _ in _feed(parser, builder, data, limits):
        if parser.CurrentByteIndex >= _HEAD:
            break
    root = builder.begun()
    if root is None:
        raise Unreadable("XML has no root element", remedy="export the document again; it may have been cut off")
    return root


def stream(data: bytes, names: frozenset[str], limits: Limits = LIMITS, top: Steps | None = None) -> Iterator[Element]:
    """Each element whose local name is in ``names``, complete, in the order in which they end; the root comes last.

    ``top`` is the place above the root. An element keeps its children until the next is asked for, and is itself not among
    its parent's: memory holds one of them, not the document.
    Raises Unreadable.
    """
    for group in grouped(data, names, limits, top):
        yield from group


def grouped(
    data: bytes,
    names: frozenset[str],
    limits: Limits = LIMITS,
    top: Steps | None = None,
    *,
    wanted: Mapping[str, frozenset[str]] | None = None,
    tally: Tally | None = None,
) -> Iterator[Group]:
    """As ``stream``, with neighbours of one name together. Raises Unreadable.

    ``wanted`` says of elements of a name which children they keep, by name: where it says nothing, all.
    """
    parser = _parser()
    builder = Builder(names, wanted or {}, limits, top or _Nowhere(), tally or Tally(), lambda: _line(parser))
    for _ in _feed(parser, builder, data, limits):
        for group in builder.groups():
            yield group
            if group.parent is not None:
                group.release()


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=IN)
    parser.buffer_text = True
    parser.ordered_attributes = True

    def doctype(*_: Any) -> NoReturn:
        raise Unreadable("XML with a DOCTYPE that may declare something is not accepted", where=_line(parser), remedy="remove the DOCTYPE")

    parser.StartDoctypeDeclHandler = doctype
    return parser


def _feed(parser: expat.XMLParserType, builder: Builder, data: bytes, limits: Limits) -> Iterator[None]:
    """Has the document parsed piece by piece. Raises Unreadable."""
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.pieces.append
    if len(data) > limits.document_bytes:
        raise Unreadable(f"document has {len(data)} bytes, more than the {limits.document_bytes} allowed")
    view, end, waiting = memoryview(data), 0, 0
    while True:
        start, end = end, min(len(data), end + max(_PIECE, waiting))
        builder.large = end - start + waiting > limits.xml_text_bytes  # characters are never more than the bytes that stand for them
        try:
            parser.Parse(view[start:end] if start else _without_doctype(bytes(view[:end])), end == len(data))
        except expat.ExpatError as error:
            raise Unreadable(
                "not valid XML: " + expat.errors.messages.get(error.code, str(error.code)),
                where=f"line {error.lineno}, column {error.offset + 1}",
                remedy="export the document again; it may have been cut off",
            ) from None
        except Unreadable:
            raise
        except (ValueError, LookupError) as error:  # an encoding declaration that names what Python cannot map to single bytes
            raise Unreadable(f"not valid XML: {error}", where="line 1", remedy="export the document as UTF-8") from None
        yield
        if end == len(data):
            return
        waiting = end - parser.CurrentByteIndex  # of a token that is not complete


def _without_doctype(beginning: bytes) -> bytes:
    """The same number of bytes and lines, with spaces for a DOCTYPE that declares nothing. In UTF-16 none is found, and it is refused."""
    found = _DOCTYPE.match(beginning)
    if found is None:
        return beginning
    start, end = found.span("doctype")
    return beginning[:start] + _NO_LINE_END.sub(b" ", beginning[start:end]) + beginning[end:]


def _line(parser: expat.XMLParserType) -> str:
    return f"line {parser.CurrentLineNumber}"
