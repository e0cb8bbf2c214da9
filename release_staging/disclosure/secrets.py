"""Credentials: what Kingfisher's rules know, and the kinds that they leave out (``assignments``, ``credentials``).

Kingfisher runs in this process and offline; its validation and revocation, which use the network, are not imported.
Compiling its rules takes seconds, so it keeps them in a cache folder: the environment variable ``KF_RULE_CACHE_DIR``,
or the user's cache folder. Comments in a document that ask scanners to look away are not obeyed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from kingfisher_sdk import Rules, Scanner

from release_staging.disclosure.assignments import assigned_secrets
from release_staging.disclosure.credentials import credentials
from release_staging.disclosure.hits import Hit
from release_staging.disclosure.text import Text

_CDATA = b"<![CDATA["
_LEFT_TO_US = {"betterleaks.generic-credential-uri"}  # the same as ``credentials`` looks for, but with every password that says nothing
_MARKS = frozenset(b",)]}<&|")


def secrets(text: Text) -> Iterator[Hit]:
    """Credentials; the kind is the rule's name."""
    for finding in _scanner().scan(_with_ended_words(text).replace(_CDATA, b" " * len(_CDATA))):
        if finding.visible and finding.rule_id not in _LEFT_TO_US:
            place = finding.location
            yield Hit(place["start_offset"], place["end_offset"], finding.rule_id.rpartition(".")[2].rpartition("/")[2])
    yield from assigned_secrets(text)
    yield from credentials(text.data)


def _with_ended_words(text: Text) -> bytes:
    """The text with a blank for the mark after a long word: rules ask for one, or a quote; prose and markup have others there."""
    data, size = text.data, len(text.data)
    ends = [end for _, end in text.long_words if end < size and (data[end] in _MARKS or (data[end] == 46 and _ends_a_sentence(data, end)))]
    if not ends:
        return data
    marked = bytearray(data)
    for end in ends:
        marked[end] = 32
    return bytes(marked)


def _ends_a_sentence(data: bytes, end: int) -> bool:
    return end + 1 == len(data) or data[end + 1] in b" \n\t\r<\"'`*)"


@cache
def _scanner() -> Scanner:
    return Scanner(Rules(), base64=False)  # what is encoded is decoded by ``layers``, for every kind of find
