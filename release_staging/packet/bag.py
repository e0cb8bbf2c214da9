"""BagIt bags (RFC 8493): the payload below ``data/`` is the packet, the sha256 and sha512 manifests are its fixity.

What a bag declares is checked here against digests of what was really there; ``fetch.txt`` is never followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from release_staging.model import locators
from release_staging.model.exceptions import Code
from release_staging.packet.problem import Problem, unreadable
from release_staging.parsing.limits import Unreadable
from release_staging.parsing.paths import checked, shown
from release_staging.parsing.text import decode, lines_of

DECLARATION = "bagit.txt"
PAYLOAD = "data/"
FETCH = "fetch.txt"

_MANIFEST = re.compile(r"(?P<tag>tag)?manifest-(?P<algorithm>[a-z0-9]+)\.txt")
_VERSIONS = ("0.97", "1.0")
_STRONG = {"sha256": 64, "sha512": 128}
_ESCAPED = {"%0d": "\r", "%0a": "\n", "%25": "%"}  # section 2.1.3
_AGAIN = "make the bag again and submit it whole"


def is_tag_file(path: str) -> bool:
    """Whether ``path``, from the bag's top, is one of the bag's own files: neither payload nor evidence."""
    return path in (DECLARATION, FETCH, "bag-info.txt") or _MANIFEST.fullmatch(path) is not None


@dataclass(frozen=True)
class Fixity:
    """A line of a manifest: ``path`` from the bag's top should have this digest."""

    path: str
    algorithm: str
    hexadecimal: str
    manifest: str
    line: int

    @property
    def where(self) -> str:
        return f"{self.manifest} line {self.line + 1}"


@dataclass(frozen=True)
class Bag:
    """A bag by its top: ``texts`` are its own files by name; ``documents`` maps each of these to its digest in the vault."""

    texts: Mapping[str, bytes]
    documents: Mapping[str, str]

    def problems(self, present: frozenset[str], digests: Callable[[str], Mapping[str, str]]) -> Iterator[Problem]:
        """What breaks RFC 8493. ``present`` are all paths from the top; ``digests`` gives hexadecimal digests by algorithm."""
        yield from self._declaration()
        fetched = frozenset(self._fetched())
        for name, line in self._fetched().items():
            yield self._problem(
                Code.LINK_UNRESOLVED,
                name.removeprefix(PAYLOAD),
                f"{FETCH} line {line + 1} leaves {shown(name)} to be fetched; nothing is fetched in this deployment",
                FETCH,
                line,
            )
        payload = {path for path in present if path.startswith(PAYLOAD)}
        strong = 0
        for manifest in sorted(self.texts):
            match = _MANIFEST.fullmatch(manifest)
            if match is None or match["algorithm"] not in _STRONG:
                continue
            try:
                listed = list(self._lines(manifest, match["algorithm"]))
            except Unreadable as error:
                yield unreadable(manifest, error, self.documents[manifest])
                continue
            yield from self._mismatches(listed, present, fetched, digests(match["algorithm"]) if listed else {})
            if not match["tag"]:
                strong += 1
                for path in sorted(payload - {entry.path for entry in listed}):
                    message = f"{shown(path)} is in the bag, but {manifest} does not list it"
                    yield Problem(Code.DIGEST_MISMATCH, path.removeprefix(PAYLOAD), message, _AGAIN, None, self.documents[manifest])
        if not strong:
            message = "the bag has no manifest-sha256.txt or manifest-sha512.txt: nothing vouches for its payload"
            yield Problem(Code.EVIDENCE_UNREADABLE, DECLARATION, message, "add such a manifest", None, self.documents[DECLARATION])

    def _declaration(self) -> Iterator[Problem]:
        try:
            lines = [line.strip() for line in lines_of(decode(self.texts[DECLARATION]))]
        except Unreadable as error:
            yield unreadable(DECLARATION, error, self.documents[DECLARATION])
            return
        if not any(f"BagIt-Version: {version}" in lines for version in _VERSIONS) or "Tag-File-Character-Encoding: UTF-8" not in lines:
            message = f"{DECLARATION} must declare BagIt-Version {' or '.join(_VERSIONS)} and Tag-File-Character-Encoding UTF-8"
            yield Problem(Code.EVIDENCE_UNREADABLE, DECLARATION, message, _AGAIN, None, self.documents[DECLARATION])

    def _fetched(self) -> dict[str, int]:
        """Paths that ``fetch.txt`` leaves to be fetched (``<url> <length> <path>``), with their lines."""
        if FETCH not in self.texts:
            return {}
        lines = self.texts[FETCH].decode("utf-8", "replace").splitlines()
        return {(line.split(None, 2)[2:] or [FETCH])[0]: number for number, line in enumerate(lines) if line.strip()}

    def _lines(self, manifest: str, algorithm: str) -> Iterator[Fixity]:
        for number, line in enumerate(lines_of(decode(self.texts[manifest]))):
            if not line.strip():
                continue
            digest, _, name = line.strip().partition(" ")
            name = re.sub("%0[dD]|%0[aA]|%25", lambda m: _ESCAPED[m[0].lower()], name.strip().removeprefix("*"))
            if not re.fullmatch(rf"[0-9a-fA-F]{{{_STRONG[algorithm]}}}", digest):
                raise Unreadable(f"{manifest}: expected a {algorithm} digest and a path", where=f"line {number + 1}", remedy=_AGAIN)
            yield Fixity(checked(name), algorithm, digest.lower(), manifest, number)

    def _mismatches(
        self, listed: list[Fixity], present: frozenset[str], fetched: frozenset[str], digests: Mapping[str, str]
    ) -> Iterator[Problem]:
        for entry in listed:
            subject = entry.path.removeprefix(PAYLOAD)
            if entry.path not in present:
                if entry.path not in fetched:
                    message = f"{shown(entry.path)} is named in {entry.where}, but is not in the bag"
                    yield self._problem(Code.EVIDENCE_MISSING, subject, message, entry.manifest, entry.line)
            elif digests[entry.path] != entry.hexadecimal:
                message = (
                    f"{shown(entry.path)}: {entry.where} declares {entry.algorithm} {entry.hexadecimal}, the file has {digests[entry.path]}"
                )
                yield self._problem(Code.DIGEST_MISMATCH, subject, message, entry.manifest, entry.line)

    def _problem(self, code: Code, subject: str, message: str, manifest: str, line: int) -> Problem:
        return Problem(code, subject, message, _AGAIN, locators.lines(line, line + 1), self.documents[manifest])
