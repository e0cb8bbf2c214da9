"""Documents as tools write them, and where in each the facts stand that a fault may touch.

The places are stated by who wrote the document, from the format's own description: nothing here asks a reader.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from release_staging.evaluation.edits import dumped
from release_staging.parsing import yaml

Places = str | tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A document of a packet. ``facts`` maps a fact (``time``, ``commit`` …) to the locators where it stands.

    ``level``, ``environment``, ``by_run`` and ``baseline`` are what the descriptor says of it; ``by_run``: the CI run made it.
    """

    path: str
    data: bytes = field(repr=False)
    source: str
    format: str
    facts: Mapping[str, tuple[str, ...]]
    level: str | None = None
    environment: str | None = None
    by_run: bool = True
    baseline: bool = False

    def said(self, **about: Any) -> Written:
        """With what the descriptor says of it."""
        return replace(self, **about)


def json_document(path: str, source: str, form: str, tree: Any, /, **facts: Places) -> Written:
    """A JSON document; facts by RFC 6901 pointers."""
    return Written(path, dumped(tree), source, form, _places("json-pointer:", facts))


def compact_json_document(path: str, source: str, form: str, tree: Any, /, **facts: Places) -> Written:
    """The same in one line."""
    return json_document(path, source, form, tree, **facts).said(data=dumped(tree, pretty=False))


def yaml_document(path: str, source: str, form: str, *trees: Any, **facts: Places) -> Written:
    """A YAML stream; facts by pointers into its first document."""
    return Written(path, b"---\n".join(map(yaml.dump, trees)), source, form, _places("yaml=0;json-pointer:", facts))


def lines_document(path: str, source: str, form: str, trees: list[Any], /, **facts: Places) -> Written:
    """JSON Lines; facts by ``<number of the line>:<pointer>``."""
    data = b"".join(dumped(tree, pretty=False) + b"\n" for tree in trees)
    return Written(path, data, source, form, {name: tuple(map(_in_line, _all(places))) for name, places in facts.items()})


def _in_line(place: str) -> str:
    number, _, pointer = place.partition(":")
    return f"line={number},{int(number) + 1};json-pointer:{pointer}"


def xml_document(path: str, source: str, form: str, root: str, /, **facts: Places) -> Written:
    """An XML document; facts by XPaths with positions."""
    return Written(path, b'<?xml version="1.0" encoding="UTF-8"?>\n' + root.encode(), source, form, _places("xpath:", facts))


def text_document(path: str, source: str, form: str, text: str, /, **facts: Places) -> Written:
    """A text; facts by the words that stand there, each once."""
    places = {name: tuple(at(text, words) for words in _all(said)) for name, said in facts.items()}
    return Written(path, text.encode(), source, form, places)


def at(text: str, words: str) -> str:
    """The locator of words that stand in one line of a text, once. Raises ValueError where that is not so."""
    found = [(number, line.index(words)) for number, line in enumerate(text.split("\n")) if words in line]
    if len(found) != 1:
        raise ValueError(f"{words!r} stands in {len(found)} lines, not in one")
    ((number, start),) = found
    return f"line={number},{number + 1};char={start},{start + len(words)}"


def element(name: str, attributes: Mapping[str, object] | None = None, *children: str) -> str:
    """An XML element as text; ``children`` are elements, or text that was escaped."""
    written = "".join(f' {key}="{html.escape(str(value))}"' for key, value in (attributes or {}).items() if value is not None)
    return f"<{name}{written}>" + "".join(children) + f"</{name}>" if children else f"<{name}{written}/>"


def z(time: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def fine(time: datetime, digits: int = 3) -> str:
    """RFC 3339 in UTC with a fraction of so many digits."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond:06d}718"[:digits].ljust(digits, "0") + "Z"


def millis(time: datetime) -> int:
    """Milliseconds since 1970."""
    return round(time.timestamp() * 1000)


def _places(prefix: str, facts: Mapping[str, Places]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(prefix + place for place in _all(places)) for name, places in facts.items()}


def _all(places: Places) -> tuple[str, ...]:
    return (places,) if isinstance(places, str) else places
