"""Counting the elements of a document without the project's own parsers and ledger, to hold the ledger to it.

An element is what ``release_staging/evidence/ledger.py`` says it is: a scalar or empty container of JSON or YAML, an attribute or the
text of an XML element, a line of text that is not blank. A text in base64 whose JSON a reader looked into counts once itself, and its
elements beside; the lines of front matter count as its YAML.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import yaml
from lxml import etree

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BASE64 = "/base64/"


def elements(data: bytes, encoding: str, ledger_paths: Iterable[str]) -> int:
    """How many elements the document has. ``ledger_paths`` say only where a reader looked into base64 and front matter."""
    paths = [path + "/" for path in ledger_paths]
    match encoding:
        case "json":
            return _json([json.loads(data)], paths)
        case "json-lines":
            return _json([*_json_texts(_text(data))], paths)
        case "yaml":
            return sum(_leaves(_plain(node)) for node in yaml.compose_all(_text(data), Loader=_LOADER) if not _is_null(node))
        case "xml":
            parser = etree.XMLParser(remove_comments=True, remove_pis=True, huge_tree=True, recover=True)  # a namespace need not be a URI
            return sum(_of_element(element) for element in etree.fromstring(data, parser).iter())
    lines = _text(data).split("\n")
    if not any(path.startswith("/front-matter/") for path in paths):
        return _lines(lines)
    end = next(number for number, line in enumerate(lines) if number and line.rstrip() in ("---", "..."))
    front = yaml.compose("\n".join(lines[1:end]), Loader=_LOADER)
    return _lines([lines[0], *lines[end:]]) + _leaves(_plain(front))


def _text(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def _json_texts(text: str) -> Iterator[Any]:
    decoder, at = json.JSONDecoder(), 0
    while (begin := re.compile(r"\S").search(text, at)) is not None:
        value, at = decoder.raw_decode(text, begin.start())
        yield value


def _lines(lines: list[str]) -> int:
    return sum(bool(line.strip()) for line in lines)


def _json(roots: list[Any], paths: list[str]) -> int:
    """The leaves of JSON values, and of the JSON in base64 at the paths below which the ledger has some."""
    found = sum(map(_leaves, roots))
    opened: dict[str, list[str]] = {}
    for path in paths:
        above, base64_here, below = path.partition(_BASE64)
        if base64_here:
            opened.setdefault(above, []).append("/" + below)
    for above, below in opened.items():
        steps = [step.replace("~1", "/").replace("~0", "~") for step in above.split("/")[1:]]
        texts = [value for root in roots for value in _at(root, steps)]
        assert all(isinstance(text, str) for text in texts), f"{above} holds no text"
        found += _json([value for text in texts for value in _decoded(text)], below)
    return found


def _leaves(value: Any) -> int:
    if isinstance(value, dict | list) and value:
        return sum(map(_leaves, value.values() if isinstance(value, dict) else value))
    return 1


def _at(value: Any, steps: list[str]) -> Iterator[Any]:
    """Every value at a path shape, where ``*`` is any position or member."""
    if not steps:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _at(item, steps[1:])
    elif isinstance(value, dict):
        for key, item in value.items():
            if steps[0] in ("*", key):
                yield from _at(item, steps[1:])


def _decoded(text: str) -> Iterator[Any]:
    """The JSON value in base64; nothing where there is none, which a reader tells as drift."""
    text = re.sub(r"\s", "", text).translate(str.maketrans("-_", "+/")).rstrip("=")
    with suppress(ValueError):
        yield json.loads(base64.b64decode(text + "=" * (-len(text) % 4)))


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    return [_plain(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else node.value


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "~", "null")


def _of_element(element: Any) -> int:
    """Attributes by local name, and the text directly in the element, where it is not blank."""
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    return len({name.rpartition("}")[2] for name in element.attrib}) + bool(text.strip())
