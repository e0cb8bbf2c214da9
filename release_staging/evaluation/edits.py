"""Editing a document at a locator: JSON, YAML, JSON Lines, XML, lines, and what base64 holds. The rest of it stays as it was.

For making faults in documents of our own; what is edited must be there, and a locator that leads nowhere is an error.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import orjson

from release_staging.evaluation import xml_edits
from release_staging.evidence.resolve import Resolver
from release_staging.model.locators import steps_of, tokens_of
from release_staging.parsing import json, yaml
from release_staging.parsing.limits import Unreadable

ABSENT: Any = object()
_PLACES = 8  # where a scalar stands in a document more often, the document is written anew
Change = Callable[[Any], Any]  # of a value; ABSENT takes it out


def text_at(data: bytes, locator: str) -> str:
    """The text that stands at a locator."""
    return Resolver(data).text(locator)


def value_at(data: bytes, locator: str) -> Any:
    """What stands at a locator: a scalar, a container, an element."""
    return Resolver(data).value(locator)


def put(data: bytes, locator: str, value: Any) -> bytes:
    """``value`` at the locator. A member may be new; ``-`` appends to an array (RFC 6902). A number stays a number."""
    return changed(data, locator, lambda old: _like(old, value))


def remove(data: bytes, locator: str) -> bytes:
    """Without the member, element or attribute at the locator."""
    return changed(data, locator, lambda _: ABSENT)


def rename(data: bytes, locator: str, name: str) -> bytes:
    """The member, element or attribute at the locator under another name, in its place."""
    steps = steps_of(locator)
    if steps[-1].startswith("xpath:"):
        return xml_edits.rename(data, steps[-1].removeprefix("xpath:"), name)
    above, _, last = steps[-1].rpartition("/")
    key = tokens_of("/" + last)[0]
    return changed(
        data,
        ";".join([*steps[:-1], above]),
        lambda old: {name if member == key else member: value for member, value in old.items()},
    )


def changed(data: bytes, locator: str, change: Change) -> bytes:
    """What stands at the locator, changed."""
    return _changed(data, steps_of(locator), change)


def dumped(tree: Any, *, pretty: bool = True) -> bytes:
    """JSON; numbers that were read keep their text."""
    return orjson.dumps(tree, option=orjson.OPT_INDENT_2 if pretty else 0, default=lambda number: orjson.Fragment(bytes(number)))


def _changed(data: bytes, steps: list[str], change: Change) -> bytes:
    step, rest = steps[0], steps[1:]
    if step.startswith("json-pointer:"):
        pretty = b"\n" in data.strip()
        tree = _pointed(json.parse(data), step.removeprefix("json-pointer:"), _deeper(rest, change))
        return dumped(tree, pretty=pretty) + (b"\n" if data.endswith(b"\n") else b"")
    if step.startswith("yaml="):
        trees = yaml.parse_all(data)
        number = int(step.removeprefix("yaml="))
        seen: list[tuple[Any, Any]] = []
        trees[number] = _pointed(trees[number], rest[0].removeprefix("json-pointer:"), _noting(_deeper(rest[1:], change), seen))
        return _in_place(data, seen[0], trees) or b"---\n".join(map(yaml.dump, trees))
    if step.startswith("xpath:"):
        return xml_edits.changed(data, step.removeprefix("xpath:"), change)
    if step.startswith("line="):
        return _lines(data, step, rest, change)
    raise ValueError(f"{step} cannot be edited")


def _noting(change: Change, seen: list[tuple[Any, Any]]) -> Change:
    """The change, which leaves behind what there was and what it became."""

    def noted(old: Any) -> Any:
        seen.append((old, change(old)))
        return seen[-1][1]

    return noted


def _in_place(data: bytes, seen: tuple[Any, Any], trees: list[Any]) -> bytes | None:
    """The text with one scalar exchanged and every other byte as it was; None where no such exchange is the same change."""
    old, new = seen
    if not isinstance(old, str) or not isinstance(new, str) or not 0 < data.count(old.encode()) <= _PLACES:
        return None
    places = [match.start() for match in re.finditer(re.escape(old.encode()), data)]
    tried = (data[:place] + new.encode() + data[place + len(old.encode()) :] for place in places)
    return next((exchanged for exchanged in tried if _says(exchanged, trees)), None)


def _says(data: bytes, trees: list[Any]) -> bool:
    try:
        return yaml.parse_all(data) == trees
    except Unreadable:
        return False


def _deeper(steps: list[str], change: Change) -> Change:
    """The change of a text that is itself a document, such as base64."""
    if not steps:
        return change
    if steps[0] == "base64":
        return lambda text: base64.b64encode(_changed(base64.b64decode(text), steps[1:], change)).decode()
    return lambda text: _changed(text.encode(), steps, change).decode()


def _pointed(tree: Any, pointer: str, change: Change) -> Any:
    if not pointer:
        return change(tree)
    holder, (*way, last) = tree, tokens_of(pointer)
    for token in way:
        holder = holder[int(token)] if isinstance(holder, list) else holder[token]
    if isinstance(holder, list):
        _put_element(holder, last, change)
    elif (value := change(holder.get(last, ABSENT))) is ABSENT:
        del holder[last]
    else:
        holder[last] = value
    return tree


def _put_element(holder: list[Any], last: str, change: Change) -> None:
    if last == "-":
        holder.append(change(ABSENT))
    elif (value := change(holder[int(last)])) is ABSENT:
        del holder[int(last)]
    else:
        holder[int(last)] = value


_SPAN = re.compile(r"(?:line|char)=(\d+),(\d+)\Z")


def _lines(data: bytes, step: str, rest: list[str], change: Change) -> bytes:
    lines = data.decode().split("\n")
    start, end = _span(step)
    text = "\n".join(lines[start:end])
    if rest and rest[0].startswith("char="):
        first, last = _span(rest[0])
        new = text[:first] + _text(_deeper(rest[1:], change)(text[first:last])) + text[last:]
    elif rest:
        new = _changed(text.encode(), rest, change).decode().rstrip("\n")
    else:
        new = change(text)
    return "\n".join([*lines[:start], *([] if new is ABSENT else [new]), *lines[end:]]).encode()


def _span(step: str) -> tuple[int, int]:
    match = _SPAN.match(step)
    if match is None:
        raise ValueError(f"{step} is no span")
    return int(match[1]), int(match[2])


def _text(value: Any) -> str:
    return "" if value is ABSENT else str(value)


def _like(old: Any, value: Any) -> Any:
    """A number where one stood, as formats write the same fact as text or as number."""
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return int(value) if type(old) is int else float(value) if type(old) is json.Number else value
    return value
