"""Package URLs (ECMA-427), in canonical form."""

from __future__ import annotations

import re
from urllib.parse import unquote

from packageurl import PackageURL

from release_staging.normalize.identifiers.identifier import Identifier

# Nearly every purl in an inventory: of a type whose rules touch nothing of it, and nothing in it encoded. Where its qualifiers stand in
# order too, it is its own canonical form, and need not be parsed to know it.
_PLAIN = re.compile(
    r"pkg:(?:(?:cargo|deb|gem|golang|maven|nuget|rpm)(?:/[A-Za-z0-9][\w.-]*)+|(?:apk|composer|npm|pypi)(?:/[a-z0-9][a-z0-9.-]*)+)"
    r"(?:@[A-Za-z0-9][\w.~-]*)?(?:\?(?P<qualifiers>[a-z]+=[\w.-]+(?:&[a-z]+=[\w.-]+)*))?",
    re.ASCII,
)
LOSSY = "reading it as a package URL would change more of it than its case"


def purl(text: str) -> Identifier:
    """The canonical form of a package URL: the type's own rules of case and punctuation, qualifiers in order, one encoding.

    The library changes more than that without a word: it keeps the last of two qualifiers with one key, takes an encoded slash for
    a separator, leaves out ``..`` and white space. Such a text stays what was written.
    """
    bare = text.strip()
    plain = _PLAIN.fullmatch(bare)
    if plain and _in_order(plain["qualifiers"] or ""):
        return Identifier(bare)
    try:
        canonical = PackageURL.from_string(bare).to_string()
    except ValueError:
        return Identifier(bare, False, "not a package URL")
    return Identifier(canonical) if _content(canonical) == _content(bare) else Identifier(bare, False, LOSSY)


def _in_order(qualifiers: str) -> bool:
    keys = [pair.partition("=")[0] for pair in qualifiers.split("&")]
    return keys == sorted(set(keys))


def _content(text: str) -> tuple[list[str], list[str], list[str]]:
    """Path segments, qualifiers and subpath segments of a package URL, decoded, without regard to case and to ``_`` for ``-``."""
    rest, _, subpath = text.lower().replace("_", "-").removeprefix("pkg:").partition("#")
    path, _, qualifiers = rest.partition("?")
    stated = sorted(pair for pair in qualifiers.split("&") if pair.partition("=")[2])
    return [_decoded(part) for part in path.split("/") if part], [unquote(pair) for pair in stated], [*filter(None, subpath.split("/"))]


def _decoded(segment: str) -> str:
    """A segment; an encoded slash in it stays encoded, as it separates nothing."""
    return "%2f".join(unquote(part) for part in segment.split("%2f"))
