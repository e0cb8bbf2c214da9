"""Resolving a locator: the text that stands at it. The check that every value can be traced uses this alone."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from release_staging.evidence.tree import unbase64
from release_staging.model.locators import steps_of, tokens_of
from release_staging.parsing import json, xml, yaml
from release_staging.parsing.limits import Unreadable
from release_staging.parsing.text import decode, lines_of
from release_staging.parsing.xml_elements import Element

_XPATH_STEP = re.compile(r"(?:\*\[local-name\(\)='(?P<local>[^']+)'\]|(?P<name>[^\[/@]+))\[(?P<position>\d+)\]\Z")
_YAML_STEP = re.compile(r"(?:\A|;)yaml=\d+;\Z")  # after it a text is a value, not the JSON that a pointer leads into


class Unresolved(ValueError):
    """A locator that leads nowhere in the document."""


class Resolver:
    """Resolves locators against one document; parses it once an encoding."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._parsed: dict[str, Any] = {}

    def text(self, locator: str) -> str:
        """The scalar at ``locator``, as text. Raises Unresolved where it leads nowhere or to a container."""
        value = self.value(locator)
        if isinstance(value, Element | dict | list):
            raise Unresolved(f"{locator} leads to a container, not to a value")
        return value if isinstance(value, str) else json.text_of(value)

    def value(self, locator: str) -> Any:
        """What stands at ``locator``: a scalar, a container or an element. Raises Unresolved."""
        value: Any = self.data
        done = ""
        try:
            for step in steps_of(locator):
                kind, _, rest = step.partition(":") if step.startswith(("json-pointer:", "xpath:")) else step.partition("=")
                value = self._step(value, kind, rest, done)
                done += step + ";"
        except (LookupError, ValueError, TypeError) as error:
            raise Unresolved(f"{locator} does not resolve: {error}") from None
        return value

    def _step(self, value: Any, kind: str, rest: str, done: str) -> Any:
        match kind:
            case "json-pointer":
                is_json = isinstance(value, bytes | str) and not _YAML_STEP.search(done)
                return _point(self._tree(value, done) if is_json else value, rest)
            case "yaml":
                return self._once(done + "yaml", lambda: yaml.parse_all(_bytes(value)))[int(rest)]
            case "xpath":
                return _select(self._once(done + "xml", lambda: _Elements(_bytes(value))), rest)
            case "line":
                start, end = map(int, rest.split(","))
                lines = self._once(done + "lines", lambda: lines_of(decode(_bytes(value))))
                end = min(end, len(lines))  # RFC 5147 section 3: a position past the end is the end
                if not 0 <= start < end:
                    raise LookupError(f"there are {len(lines)} lines")
                return "\n".join(lines[start:end])
            case "char":
                start, end = map(int, rest.split(","))
                if not 0 <= start < end <= len(value):
                    raise LookupError(f"there are {len(value)} characters")
                return value[start:end]
            case "base64":
                return unbase64(value)
            case "key":
                return tokens_of(steps_of(done[:-1])[-1].removeprefix("json-pointer:"))[-1]
        raise LookupError(f"unknown step {kind!r}")

    def _tree(self, value: Any, done: str) -> Any:
        return self._once(done + "json", lambda: json.parse(_bytes(value)))

    def _once(self, name: str, make: Any) -> Any:
        if name not in self._parsed:
            self._parsed[name] = make()
        return self._parsed[name]


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _point(value: Any, pointer: str) -> Any:
    for token in tokens_of(pointer):
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


class _Elements:
    """The elements of an XML document by their paths. One too large to hold is read again for each path."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._below: dict[int, dict[str, Element]] = {}
        self.root: Element | None = None
        with suppress(Unreadable):
            *_, self.root = xml.stream(data, frozenset())

    def at(self, path: str) -> Element:
        """The element at a path of steps with positions. Raises LookupError."""
        first, *below = path.split("/")[1:]
        if self.root is None:
            return self._read_again(path)
        if first != self.root.step:
            raise LookupError("no such element")
        element = self.root
        for step in below:
            if id(element) not in self._below:
                self._below[id(element)] = {child.step: child for child in element.children}
            element = self._below[id(element)][step]
        return element

    def _read_again(self, path: str) -> Element:
        for element in xml.stream(self.data, frozenset({_name(path.rpartition("/")[2])})):
            if element.xpath == path:
                return element
        raise LookupError("no such element")


def _select(elements: _Elements, path: str) -> Any:
    """An element, attribute or text by positions."""
    if "/@" in path:
        above, _, name = path.partition("/@")
        return elements.at(above).attributes[name]
    element = elements.at(path.removesuffix("/text()"))
    return element.text if path.endswith("/text()") else element


def _name(step: str) -> str:
    match = _XPATH_STEP.match(step)
    if match is None:
        raise LookupError(f"{step!r} is not a step with a position")
    return match["local"] or match["name"]
