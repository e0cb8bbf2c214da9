"""Versions by SemVer 2.0.0, and by PEP 440 where they are none."""

from __future__ import annotations

import re

from packaging.version import InvalidVersion
from packaging.version import Version as Pep440
from semver import Version as SemVer

from release_staging.normalize.identifiers.identifier import Identifier

_PREFIXED = re.compile(r"[vV][0-9]")
_PRE = re.compile(r"(?P<word>alpha|beta|a|b|c|rc|pre|preview)[.-]?(?P<number>[0-9]+)", re.IGNORECASE)
_LONGEST = 256  # what registries take; numbers in it stay convertible


def version(text: str) -> Identifier:
    """A version without the ``v`` of its tag; a pre-release as word and number: ``v4.12.0-RC3`` is ``4.12.0-rc.3``.

    What is no SemVer is written as PEP 440 normalises it (``4.12.0.RC3`` is ``4.12.0rc3``). The two are not mixed here: SemVer's
    ``preview.1`` and ``rc.1`` are two versions, and one to PEP 440. Build metadata is kept: two builds are two candidates.
    """
    bare = text.strip()
    if len(bare) > _LONGEST:
        return Identifier(bare, False, "too long for a version")
    if _PREFIXED.match(bare):
        bare = bare[1:]
    try:
        return Identifier(_common(SemVer.parse(bare)))
    except ValueError:
        pass  # then it may be one of PEP 440
    try:
        return Identifier(str(Pep440(bare)))
    except InvalidVersion:
        return Identifier(text.strip(), False, "neither SemVer nor PEP 440")


def _common(parsed: SemVer) -> str:
    known = _PRE.fullmatch(parsed.prerelease) if parsed.prerelease else None
    return str(parsed.replace(prerelease=f"{known['word'].lower()}.{int(known['number'])}") if known else parsed)
