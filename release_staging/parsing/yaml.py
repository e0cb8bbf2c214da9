"""The one entry point for YAML: events in, plain values out.

Scalars follow the JSON schema of YAML 1.2 (section 10.2): only ``true``, ``false``, ``null`` and plain integers are
not text, so ``no``, ``1.10``, ``010`` and ``2024-01-01`` stay what was written. Refused: anchors and aliases, tags,
complex or duplicate keys, too much depth or count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from release_staging.model.locators import token_text
from release_staging.parsing.limits import LIMITS, Limits, Unreadable
from release_staging.parsing.text import decode

_BRACKETS = re.compile(r"[\[\]{}]")
_INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,17})\Z")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def parse_all(data: bytes, limits: Limits = LIMITS) -> list[Any]:
    """Every document of a YAML stream, as dict, list, str, int, bool and None. Raises Unreadable."""
    if len(data) > limits.yaml_bytes:
        raise Unreadable(f"YAML has {len(data)} bytes, more than the {limits.yaml_bytes} allowed")
    return _parse(decode(data, limits), limits, limits.yaml_nodes + 1)


def parse_head(data: bytes, limits: Limits = LIMITS) -> list[Any]:
    """The documents of the beginning of a stream, the last perhaps not whole. Raises Unreadable."""
    return _parse(decode(data, limits, cut=True), limits, limits.yaml_head_nodes)


def _parse(text: str, limits: Limits, most: int) -> list[Any]:
    _refuse_depth_ahead(text, limits)
    try:
        return list(_documents(yaml.parse(text, Loader=_LOADER), limits, most))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(f"not valid YAML: {error.problem or error.context}", where=_place(mark), remedy="correct the document") from None
    except yaml.YAMLError as error:
        raise Unreadable(f"not valid YAML: {error}", remedy="correct the document") from None


def parse(data: bytes, limits: Limits = LIMITS) -> Any:
    """The only document of a YAML stream. Raises Unreadable where there are none or several."""
    documents = parse_all(data, limits)
    if len(documents) != 1:
        raise Unreadable(f"expected one YAML document, found {len(documents)}")
    return documents[0]


def _refuse_depth_ahead(text: str, limits: Limits) -> None:
    """The C scanner recurses over flow collections; a run of openers is refused before it sees them."""
    depth = deepest = 0
    for character in _BRACKETS.findall(text):
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth = max(0, depth - 1)
    if deepest > limits.yaml_depth * 8:
        raise Unreadable(f"YAML flow collections are nested deeper than {limits.yaml_depth} levels")


def _documents(events: Iterator[Any], limits: Limits, most: int) -> Iterator[Any]:
    """Every document; after ``most`` events, what there is of the last."""
    nodes = 0
    stack: list[tuple[Any, list[str]]] = []  # (container, [pending key])
    result: Any = None

    def place(value: Any, event: Any) -> None:
        nonlocal result
        if not stack:
            result = value
            return
        container, pending = stack[-1]
        if isinstance(container, list):
            container.append(value)
        elif pending:
            container[pending.pop()] = value
        else:
            raise Unreadable("YAML mapping key is not a scalar", where=_place(event.start_mark))

    for event in events:
        nodes += 1
        if nodes > most:
            yield stack[0][0] if stack else result
            return
        if nodes > limits.yaml_nodes:
            raise Unreadable(f"YAML holds more than {limits.yaml_nodes} elements")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Unreadable("YAML anchors and aliases are not accepted", where=_place(event.start_mark), remedy="write the value out")
        if isinstance(event, yaml.DocumentStartEvent):
            result = None
        elif isinstance(event, yaml.DocumentEndEvent):
            yield result
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            _refuse_tag(event)
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            place(value, event)
            stack.append((value, []))
            if len(stack) > limits.yaml_depth:
                raise Unreadable(f"YAML is nested deeper than {limits.yaml_depth} levels", where=_place(event.start_mark))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
        elif isinstance(event, yaml.ScalarEvent):
            if stack and isinstance(stack[-1][0], dict) and not stack[-1][1]:
                _take_key(event, stack[-1])
            else:
                place(_scalar(event), event)


def _take_key(event: Any, frame: tuple[dict[str, Any], list[str]]) -> None:
    mapping, pending = frame
    _refuse_tag(event)
    if event.value in mapping:
        raise Unreadable(f"duplicate YAML key {event.value[:80]!r}", where=_place(event.start_mark), remedy="write each key once")
    mapping[event.value] = None  # holds the key's place; overwritten by its value
    pending.append(event.value)


def _scalar(event: Any) -> Any:
    _refuse_tag(event)
    if not event.style and event.tag is None:  # plain: "" from the C scanner, None from the other
        if event.value in _WORDS:
            return _WORDS[event.value]
        if _INTEGER.match(event.value):
            return int(event.value)
    return event.value


def _refuse_tag(event: Any) -> None:
    """``!!str`` says what is done anyway; any other tag would give the value another meaning than its text."""
    if event.tag is not None and not (event.tag == "tag:yaml.org,2002:str" and isinstance(event, yaml.ScalarEvent)):
        where = _place(event.start_mark)
        raise Unreadable(f"YAML tag {event.tag[:80]!r} is not accepted", where=where, remedy="write the value without a tag")


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def parse_located(data: bytes, limits: Limits = LIMITS) -> tuple[Any, dict[str, int]]:
    """The only document of a YAML stream, and the line (from 1) where each RFC 6901 pointer into it stands. Raises Unreadable.

    A mapping's member stands where its key is written. For configuration files, whose errors name a line.
    """
    value = parse(data, limits)  # refuses whatever the walk below does not expect
    lines: dict[str, int] = {}
    stack: list[tuple[str, bool]] = []  # (pointer of the container, whether it is a mapping)
    counts: list[int] = []  # items so far, by depth
    key: str | None = None
    for event in yaml.parse(decode(data, limits), Loader=_LOADER):
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
            counts.pop()
        elif isinstance(event, yaml.ScalarEvent) and stack and stack[-1][1] and key is None:
            key = f"{stack[-1][0]}/{token_text(event.value)}"
            lines[key] = _line(event)
        elif isinstance(event, yaml.NodeEvent):
            if not stack:
                here = ""
            elif key is not None:
                here, key = key, None
            else:
                here = f"{stack[-1][0]}/{counts[-1]}"
                counts[-1] += 1
            lines.setdefault(here, _line(event))
            if not isinstance(event, yaml.ScalarEvent):
                stack.append((here, isinstance(event, yaml.MappingStartEvent)))
                counts.append(0)
    return value, lines


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Plain(_DUMPER):  # type: ignore[misc]
    """Writes every value out: no anchors, which ``parse`` would refuse."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def dump(value: Any) -> bytes:
    """``value`` (dict, list, str, int, bool, None) as one YAML document in ASCII, keys in their order; ``parse`` gives it back."""
    text = yaml.dump(value, Dumper=_Plain, sort_keys=False, default_flow_style=False, width=2**20)
    return str(text).encode()
