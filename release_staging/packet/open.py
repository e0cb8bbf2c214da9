"""Opening a packet: a folder, an archive or a BagIt bag becomes its documents in the vault, a digest and an id.

A bad packet still opens: what is wrong with it is among its problems. Only a declared id that cannot name it is raised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from release_staging.config.disclosure import DisclosureRules
from release_staging.model.exceptions import Code
from release_staging.packet import bag, descriptor, links
from release_staging.packet.descriptor import Descriptor, Reading
from release_staging.packet.links import LinkStores
from release_staging.packet.names import public_id
from release_staging.packet.problem import Problem, unreadable
from release_staging.packet.source import files
from release_staging.parsing.limits import LIMITS, Limits, Unreadable
from release_staging.parsing.paths import shown

Keep = Callable[[bytes], str]

_HELD_BYTES = 64 * 2**20  # of descriptors and manifests, while the packet is opened
_HELD_DEPTH = 2
_CHUNK = 1 << 20
_SHORT = 12  # hexadecimal digits of the packet digest in its id


@dataclass(frozen=True)
class Document:
    """A file of a packet. ``path`` is relative to the packet's top, ``sha256`` is ``sha256:<hex>``, ``size`` in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class OpenedPacket:
    """``packet_id`` is the partition key, ``digest`` the content's own name (see ``digest_of``).

    ``documents``, by path, are what may be evidence, and the descriptor; ``fixity`` are a bag's own files: kept, because
    problems point into them, but no part of the content. ``reading`` is what was made of the descriptor, if there is one.
    """

    packet_id: str
    digest: str
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    fixity: tuple[Document, ...] = ()
    descriptor_document: Document | None = None
    reading: Reading | None = None

    @property
    def declared_id(self) -> str:
        """The packet id without the digest: as declared, or ``undeclared``, ``unreadable``, ``withheld``."""
        return self.packet_id[: -_SHORT - 1]

    @property
    def descriptor(self) -> Descriptor | None:
        return self.reading.descriptor if self.reading else None

    @property
    def effective_time(self) -> datetime | None:
        """The packet's policy clock, as it declares it."""
        return self.descriptor.submitted_at if self.descriptor else None

    @property
    def size(self) -> int:
        """Bytes of all documents."""
        return sum(document.size for document in self.documents)


def digest_only(data: bytes) -> str:
    """A ``keep`` that keeps nothing."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest_of(documents: Iterable[Document], refused: Iterable[Problem] = ()) -> str:
    """``sha256:`` over the sorted unique lines ``<sha256> <size>``: names, order and packing do not matter.

    What could not be taken, or breaks a bag's fixity, adds a line ``<code> <subject>``: once its sender has mended that, it is
    another packet, though its documents are the same.
    """
    lines = {f"{document.sha256} {document.size}\n" for document in documents}
    lines |= {f"{problem.code} {problem.subject}\n" for problem in refused}
    return digest_only("".join(sorted(lines)).encode() or b"nothing\n")  # an empty archive has the digest of no bytes


def open_packet(
    path: Path, keep: Keep, *, boundary: DisclosureRules | None = None, stores: LinkStores | None = None, limits: Limits = LIMITS
) -> OpenedPacket:
    """Opens the packet at ``path``. ``keep`` stores the bytes of one document and returns ``sha256:<hex>``.

    A declared id that lies beyond the disclosure ``boundary`` does not name the packet: ids stand in folders and logs.
    Raises UnusableName where the declared id breaks its pattern, OSError where there is nothing to open.
    """
    problems: list[Problem] = []
    found: dict[str, Document] = {}
    held: dict[str, bytes] = {}
    try:
        for member in files(path, limits, lambda name, error: problems.append(unreadable(shown(name), error))):
            found[member.path] = Document(member.path, keep(member.data), len(member.data))
            if _is_held(member.path):
                held[member.path] = member.data
                if sum(map(len, held.values())) > _HELD_BYTES:
                    raise Unreadable("its descriptors and manifests are larger than any packet needs", remedy="send fewer of them")
    except Unreadable as error:
        return _unreadable(path, error, found)
    top = _top(found)
    found = {name.removeprefix(top): document for name, document in found.items()}
    held = {name.removeprefix(top): data for name, data in held.items()}
    fixity: dict[str, Document] = {}
    if bag.DECLARATION in held:
        fixity = {name: document for name, document in found.items() if bag.is_tag_file(name)}
        opened = bag.Bag({name: held[name] for name in fixity}, {name: document.sha256 for name, document in fixity.items()})
        problems += opened.problems(frozenset(found), lambda algorithm: _digests(path, top, algorithm, found, limits))
        found, held = _payload(found, held, problems)
    refused = list(problems)
    documents = {name: Document(name, document.sha256, document.size) for name, document in found.items()}
    reading, described_by = _described(documents, held, problems)
    if reading and reading.descriptor and described_by:
        _check_entries(reading, described_by, documents, problems)
        _add_links(reading, described_by, documents, problems, keep, stores or LinkStores(), limits)
    _check_contents(documents, problems)
    digest = digest_of(documents.values(), refused)
    return OpenedPacket(
        packet_id=named((reading.declared_id if reading else None) or "undeclared", digest, boundary),
        digest=digest,
        documents=_by_path(documents.values()),
        problems=_sorted(problems),
        fixity=_by_path(Document(name, document.sha256, document.size) for name, document in fixity.items()),
        descriptor_document=described_by,
        reading=reading,
    )


def named(declared: str, digest: str, boundary: DisclosureRules | None = None) -> str:
    """The packet id: what was declared, where it may be told, and the beginning of the digest."""
    short = digest.removeprefix("sha256:")[:_SHORT]
    return public_id(declared, short, boundary) if boundary else f"{declared}-{short}"


def _by_path(documents: Iterable[Document]) -> tuple[Document, ...]:
    return tuple(sorted(documents, key=lambda document: document.path))


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda p: (p.code, p.subject, p.message, p.locator or "", p.document or "")))


def _is_held(path: str) -> bool:
    name = path.rpartition("/")[2]
    return path.count("/") <= _HELD_DEPTH and (name in descriptor.NAMES or bag.is_tag_file(name))


def _unreadable(path: Path, error: Unreadable, found: Mapping[str, Document]) -> OpenedPacket:
    """A packet of which nothing counts; its name comes from the archive's bytes, or from what a folder gave so far."""
    problem = unreadable(shown(path.name), error)
    if path.is_dir():
        digest = digest_of(found.values(), [problem])
    else:
        with path.open("rb") as file:
            sha256 = hashlib.sha256()
            while piece := file.read(_CHUNK):
                sha256.update(piece)
        digest = "sha256:" + sha256.hexdigest()
    return OpenedPacket(named("unreadable", digest), digest, (), (problem,))


def _top(paths: Iterable[str]) -> str:
    """The folder that holds everything, where the packet was packed with one around it; else empty."""
    names = list(paths)
    marks = (*descriptor.NAMES, bag.DECLARATION)
    folders = {name.partition("/")[0] if "/" in name else "" for name in names}
    if len(folders) == 1 and "" not in folders:
        top = folders.pop() + "/"
        if any(top + mark in names for mark in marks):
            return top
    return ""


def _digests(path: Path, top: str, algorithm: str, found: Mapping[str, Document], limits: Limits) -> Mapping[str, str]:
    if algorithm == "sha256":
        return {name: document.sha256.removeprefix("sha256:") for name, document in found.items()}
    again = files(path, limits, lambda _name, _error: None)  # what it refuses was told the first time
    return {member.path.removeprefix(top): hashlib.new(algorithm, member.data).hexdigest() for member in again}


def _payload(
    found: Mapping[str, Document], held: Mapping[str, bytes], problems: list[Problem]
) -> tuple[dict[str, Document], dict[str, bytes]]:
    """What a bag brings: its payload, named from ``data/``, and files beside it that are not the bag's own."""
    documents = {name.removeprefix(bag.PAYLOAD): document for name, document in found.items() if name.startswith(bag.PAYLOAD)}
    texts = {name.removeprefix(bag.PAYLOAD): data for name, data in held.items() if name.startswith(bag.PAYLOAD)}
    for name, document in found.items():
        if name.startswith(bag.PAYLOAD) or bag.is_tag_file(name):
            continue
        if name in documents:
            error = Unreadable(f"{shown(name)} is in the bag twice, beside and within {bag.PAYLOAD}", remedy="keep one of them")
            problems.append(unreadable(name, error, document.sha256))
        else:
            documents[name] = document
            texts |= {name: held[name]} if name in held else {}
    return documents, texts


def _described(
    documents: Mapping[str, Document], held: Mapping[str, bytes], problems: list[Problem]
) -> tuple[Reading | None, Document | None]:
    names = [name for name in descriptor.NAMES if name in documents]
    if not names:
        deeper = next((name for name in sorted(documents) if name.endswith(tuple("/" + known for known in descriptor.NAMES))), None)
        message = f"the packet has no descriptor, {' or '.join(descriptor.NAMES)}, at its top"
        message += f" (there is one at {shown(deeper)})" if deeper else ""
        problems.append(Problem(Code.EVIDENCE_MISSING, descriptor.NAMES[0], message, "add one; `release-staging pack` writes it"))
        return None, None
    if len(names) > 1:
        message = f"the packet has two descriptors, {' and '.join(names)}; neither is used"
        problems.append(Problem(Code.EVIDENCE_UNREADABLE, names[0], message, "keep one of them", None, documents[names[0]].sha256))
        return None, None
    document = documents[names[0]]
    try:
        reading = descriptor.read(names[0], held[names[0]])
    except Unreadable as error:
        problems.append(unreadable(names[0], Unreadable(f"{names[0]}: {error}", remedy=error.remedy), document.sha256))
        return None, document
    remedy = "correct the descriptor and submit again"
    problems += (Problem(Code.SCHEMA_INVALID, names[0], f.message, remedy, f.locator, document.sha256) for f in reading.faults)
    return reading, document


def _check_entries(reading: Reading, described_by: Document, documents: Mapping[str, Document], problems: list[Problem]) -> None:
    """What the descriptor says of documents against the documents: are they there, once, and do they have the declared digests?"""
    seen: set[str] = set()
    for number, entry in enumerate(reading.descriptor.documents if reading.descriptor else ()):
        document = documents.get(entry.path)
        at = reading.locate("documents", number, "path")
        if entry.path in seen:
            message = f"{described_by.path} describes {shown(entry.path)} twice"
            problems.append(Problem(Code.SCHEMA_INVALID, entry.path, message, "keep one entry", at, described_by.sha256))
        elif document is None:
            message = f"{described_by.path} names {shown(entry.path)}, which is not in the packet"
            remedy = "add the document, or take it out of the descriptor"
            problems.append(Problem(Code.EVIDENCE_MISSING, entry.path, message, remedy, at, described_by.sha256))
        elif entry.sha256 and document.sha256 != f"sha256:{entry.sha256}":
            at = reading.locate("documents", number, "sha256")
            found = document.sha256.removeprefix("sha256:")
            message = f"{shown(entry.path)}: {described_by.path} declares sha256 {entry.sha256}, the document has {found}"
            remedy = "send the document that was meant, or declare its digest"
            problems.append(Problem(Code.DIGEST_MISMATCH, entry.path, message, remedy, at, described_by.sha256))
        seen.add(entry.path)


def _add_links(
    reading: Reading,
    described_by: Document,
    documents: dict[str, Document],
    problems: list[Problem],
    keep: Keep,
    stores: LinkStores,
    limits: Limits,
) -> None:
    for number, link in enumerate(reading.descriptor.links if reading.descriptor else ()):
        if link.name in documents:
            message = f"link {shown(link.name)}: the packet has a document of that name already"
            outcome: links.Resolved | Problem = Problem(Code.LINK_UNRESOLVED, link.name, message, "give the link another name")
        elif len(documents) >= limits.archive_members or sum(document.size for document in documents.values()) > limits.archive_bytes:
            message = f"link {shown(link.name)}: the packet is as large as a packet may be"
            outcome = Problem(Code.LINK_UNRESOLVED, link.name, message, "send fewer or smaller documents")
        else:
            outcome = links.resolve(link, stores, limits)
        if isinstance(outcome, Problem):
            at = reading.locate("links", number, "sha256" if outcome.code is Code.DIGEST_MISMATCH else "url")
            problems.append(Problem(outcome.code, outcome.subject, outcome.message, outcome.remedy, at, described_by.sha256))
        else:
            documents[link.name] = Document(link.name, keep(outcome.data), len(outcome.data))


def _check_contents(documents: Mapping[str, Document], problems: list[Problem]) -> None:
    evidence = [document for document in documents.values() if document.path not in descriptor.NAMES]
    if not evidence:
        problems.append(Problem(Code.EVIDENCE_MISSING, "documents", "the packet holds no documents", "put the evidence into the packet"))
    for document in evidence:
        if not document.size:
            message = f"{shown(document.path)} is empty (0 bytes)"
            remedy = "export the document again, or take it out of the packet"
            problems.append(Problem(Code.EVIDENCE_EMPTY, document.path, message, remedy, None, document.sha256))
