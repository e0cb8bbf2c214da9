"""Opening a document once: what it is encoded in, and its parsed roots, each made when first asked for."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cached_property
from typing import Any

from release_staging.evidence.reader import JSON, JSON_LINES, TEXT, XML, YAML
from release_staging.model import locators
from release_staging.parsing import json_lines, json_stream, xml, yaml
from release_staging.parsing.collector import collector_paused
from release_staging.parsing.limits import LIMITS, Limits, Unreadable
from release_staging.parsing.text import decode, lines_of

_BREAK = re.compile(rb"[\r\n]")
Roots = list[tuple[str, Any]]  # (locator steps that lead to the root, parsed value)


class Opened:
    """The bytes of one document, and what each encoding makes of them."""

    def __init__(self, data: bytes, limits: Limits = LIMITS) -> None:
        self.data, self.limits = data, limits
        self._roots: dict[str, Roots | Unreadable] = {}

    @cached_property
    def encodings(self) -> tuple[str, ...]:
        """The encodings worth trying, most telling first; empty for an empty document. Raises Unreadable where it is not text."""
        start = decode(self.data[:4096], cut=True).lstrip()
        if not start:
            return ()
        if start[0] in "{[":
            return (JSON, JSON_LINES, YAML, TEXT)
        if start[0] == "<":
            return (XML, TEXT)
        return (YAML, TEXT)

    def read_as(self) -> list[str]:
        """The encodings that its bytes can be read in, for messages; what is JSON is nothing else."""
        found = []
        for encoding in self.encodings:
            with suppress(Unreadable):
                self.head(encoding)
                found.append(encoding)
            if found and encoding in (JSON, JSON_LINES):
                break
        return found

    def roots(self, encoding: str) -> Roots:
        """The document's roots, read in ``encoding``. Raises Unreadable."""
        if encoding not in self._roots:
            try:
                with collector_paused():
                    self._roots[encoding] = self._parse(encoding)
            except Unreadable as error:
                self._roots[encoding] = error
        found = self._roots[encoding]
        if isinstance(found, Unreadable):
            raise found
        return found

    def head(self, encoding: str) -> Roots:
        """As ``roots``, but of a long stream of lines only those that its beginning holds: enough to recognise it. Raises Unreadable.

        The outline of JSON, and the root of XML, are enough as they are.
        """
        if encoding in (JSON, XML) or len(self.data) <= self.limits.head_bytes:
            return self.roots(encoding)[: self.limits.head_values if encoding == JSON_LINES else None]
        start = self.data[: self.limits.head_bytes]
        if encoding == TEXT:
            return [("", lines_of(decode(start, cut=True)))]
        whole = start[: start.rfind(b"\n") + 1]
        with suppress(Unreadable), collector_paused():
            return _json_lines(whole)[: self.limits.head_values] if encoding == JSON_LINES else _yaml(yaml.parse_head(whole))
        return self.roots(encoding)  # a document of it is larger

    def _parse(self, encoding: str) -> Roots:
        match encoding:
            case "json":
                return [("", json_stream.parse(self.data, self.limits))]
            case "json-lines":
                return _json_lines(self.data)
            case "yaml":
                return _yaml(yaml.parse_all(self.data))
            case "xml":
                return [("", xml.root_of(self.data))]
            case _:
                return [("", lines_of(decode(self.data)))]


def _json_lines(data: bytes) -> Roots:
    values = json_lines.parse(data) if _BREAK.search(data.strip()) else []
    if len(values) < 2:
        raise Unreadable("not JSON Lines: fewer than two values")
    return [(locators.lines(start, end) + ";", value) for start, end, value in values]


def _yaml(documents: list[Any]) -> Roots:
    if not any(isinstance(document, (dict, list)) for document in documents):
        raise Unreadable("not a YAML mapping or sequence")
    return [(f"yaml={number};", document) for number, document in enumerate(documents) if document is not None]
