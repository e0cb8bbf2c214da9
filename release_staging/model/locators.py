"""Locators: where in a document a value stands, resolvable by anyone with the bytes.

A locator is one or more steps joined by ``;``, each applied to the result of the one before:

==================  ====================================================================================
``json-pointer:P``  RFC 6901 pointer into a JSON text, or into a YAML document
``yaml=N``          the N-th document (from 0) of a YAML stream
``xpath:P``         XPath 1.0 with positions: an element, one of its attributes, or its ``text()``
``line=A,B``        RFC 5147 line range: positions *between* lines, so ``line=0,1`` is the first line
``char=A,B``        RFC 5147 character range of the text so far
``base64``          the bytes that the text so far encodes (RFC 4648, either alphabet, padding optional)
``key``             the member name at the end of the pointer before, instead of its value
==================  ====================================================================================

In a step, ``%`` and ``;`` are written ``%25`` and ``%3B``.
"""

from __future__ import annotations


def pointer(*tokens: str | int) -> str:
    """The step for an RFC 6901 pointer with these reference tokens."""
    return "json-pointer:" + escape("".join("/" + token_text(token) for token in tokens))


def token_text(token: str | int) -> str:
    """One reference token, escaped as RFC 6901 section 3 says."""
    return str(token).replace("~", "~0").replace("/", "~1")


def tokens_of(pointer_text: str) -> list[str]:
    """The reference tokens of an RFC 6901 pointer."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer_text.split("/")[1:]]


def lines(start: int, end: int) -> str:
    """The step for lines ``start`` (from 0) to before ``end``."""
    return f"line={start},{end}"


def chars(start: int, end: int) -> str:
    """The step for characters ``start`` (from 0) to before ``end``."""
    return f"char={start},{end}"


def escape(step: str) -> str:
    """``step`` as it stands in a chain."""
    return step.replace("%", "%25").replace(";", "%3B") if "%" in step or ";" in step else step


def steps_of(locator: str) -> list[str]:
    """The steps of a locator, unescaped, in order."""
    return [step.replace("%3B", ";").replace("%25", "%") for step in locator.split(";")]
