"""Editing XML of our own at an XPath with positions, in its text: what is not meant stays byte by byte."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>"
    r"|<(?P<close>/?)(?P<name>[\w:.-]+)(?P<attributes>(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"\s+(?P<name>[\w:.-]+)\s*=\s*(?P<quote>[\"'])(?P<value>.*?)(?P=quote)", re.DOTALL)
_STEP = re.compile(r"(?:\*\[local-name\(\)='(?P<local>[^']+)'\]|(?P<name>[\w:.-]+))\[(?P<position>\d+)\]")


@dataclass
class _Element:
    """Where an element stands: its start tag, and all of it."""

    path: tuple[tuple[str, int], ...]
    start: int
    opened: int  # end of the start tag
    empty: bool
    closing: int = 0  # start of the end tag
    end: int = 0
    seen: Counter[str] = field(default_factory=Counter)


def changed(data: bytes, path: str, change: Callable[[Any], Any]) -> bytes:
    """The text, attribute or element at ``path``, changed. None takes an attribute or element out, as any value that is no text does."""
    text = data.decode()
    above, at, name = path.partition("/@")
    element = _find(text, above.removesuffix("/text()"))
    if at:
        return _attribute(text, element, name, change).encode()
    if path.endswith("/text()"):
        new = change(html.unescape(text[element.opened : element.closing]))
        return (text[: element.opened] + html.escape(str(new), quote=False) + text[element.closing :]).encode()
    new = change(text[element.start : element.end])
    return (text[: element.start] + (new if isinstance(new, str) else "") + text[element.end :]).encode()


def rename(data: bytes, path: str, name: str) -> bytes:
    """The attribute or element at ``path`` under another name."""
    text = data.decode()
    above, at, attribute = path.partition("/@")
    element = _find(text, above)
    if not at:
        start = re.sub(r"\A<[\w:.-]+", f"<{name}", text[element.start : element.opened])
        end = "" if element.empty else f"</{name}>"
        return (text[: element.start] + start + text[element.opened : element.closing] + end + text[element.end :]).encode()
    tag = text[element.start : element.opened]
    renamed = re.sub(rf"(\s){re.escape(attribute)}(\s*=)", rf"\g<1>{name}\g<2>", tag, count=1)
    return (text[: element.start] + renamed + text[element.opened :]).encode()


def _attribute(text: str, element: _Element, name: str, change: Callable[[Any], Any]) -> str:
    tag = text[element.start : element.opened]
    found = next((match for match in _ATTRIBUTE.finditer(tag) if match["name"] == name), None)
    if found is None:
        raise LookupError(f"no attribute {name}")
    new = change(html.unescape(found["value"]))
    written = f'{found[0][: len(found[0]) - len(found[0].lstrip())]}{name}="{html.escape(str(new))}"' if isinstance(new, str | int) else ""
    return text[: element.start] + tag[: found.start()] + written + tag[found.end() :] + text[element.opened :]


def _find(text: str, path: str) -> _Element:
    wanted = tuple((match["local"] or match["name"], int(match["position"])) for match in _STEP.finditer(path))
    found = next((element for element in _elements(text) if element.path == wanted), None)
    if found is None:
        raise LookupError(f"{path} leads nowhere")
    return found


def _elements(text: str) -> Iterator[_Element]:
    """Every element when it ends."""
    top = _Element((), 0, 0, empty=False)
    stack = [top]
    for token in _TOKEN.finditer(text):
        if token["name"] is None:
            continue
        if token["close"]:
            element = stack.pop()
            element.closing, element.end = token.start(), token.end()
            yield element
            continue
        local = token["name"].rpartition(":")[2]
        stack[-1].seen[local] += 1
        element = _Element((*stack[-1].path, (local, stack[-1].seen[local])), token.start(), token.end(), bool(token["empty"]))
        if element.empty:
            element.closing = element.end = token.end()
            yield element
        else:
            stack.append(element)
