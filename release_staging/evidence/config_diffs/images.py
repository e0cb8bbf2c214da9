"""Which images the lines of a hunk name after the change: ``image: R:T``, or repository and tag in members beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_IMAGE = re.compile(
    r"""\s*(?:-\s+)?["']?(?:image|[A-Z0-9_]*IMAGE)["']?\s*[:=]\s*["']?"""
    r"""(?P<image>[\w.-]{1,200}(?::\d{1,5})?(?:/[\w.-]{1,100}){1,10}:[\w.-]{1,128}(?:@sha256:[0-9a-f]{64})?)["']?,?\s*$"""
)
_MEMBER = re.compile(
    r"""(?P<indent>\s*)(?P<item>-\s+)?["']?(?P<key>repository|newName|name|tag|newTag|digest)["']?\s*:\s*["']?(?P<value>[\w./:@-]{1,500})["']?,?\s*$"""
)
_NAMES, _TAGS = ("newName", "repository", "name"), ("newTag", "tag")


@dataclass(frozen=True)
class Image:
    """A reference, and the text in line ``line`` that is new in it."""

    line: int
    text: str
    reference: str


def images(hunk: Sequence[tuple[int, str, str]]) -> Iterator[Image]:
    """Those that the change brings in; lines are given as ``(line number, "+", "-" or " ", text)``."""
    block: dict[str, tuple[int, str, str]] = {}
    depth = -1
    for number, sign, text in hunk:
        if sign == "-":
            continue
        if sign == "+" and (image := _IMAGE.match(text)):
            yield Image(number, image["image"], image["image"])
        member = _MEMBER.match(text)
        indent = len(text) - len(text.lstrip()) + len((member["item"] or "") if member else "")
        if not member or indent != depth or member["item"]:
            yield from _of(block)
            block, depth = {}, indent
        if member:
            block[member["key"]] = (number, sign, member["value"])
    yield from _of(block)


def _of(block: dict[str, tuple[int, str, str]]) -> Iterator[Image]:
    """The image of one mapping, where a change is in its name or its tag."""
    name = next((block[key] for key in _NAMES if key in block), None)
    tag = next((block[key] for key in _TAGS if key in block), None)
    if name is not None and tag is not None and "/" in name[2] and "+" in (name[1], tag[1]):
        line, _, text = tag if tag[1] == "+" else name
        yield Image(line, text, f"{name[2]}:{tag[2]}")
