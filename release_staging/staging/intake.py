"""The intake folder: what has newly arrived whole, and its admission to vault and store.

A packet has arrived when its archive was renamed into the folder, or its folder holds ``.ready``. Entries are never changed
or removed, but for those that cannot be named: they are moved to ``quarantine/``, with the reason beside them.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import orjson

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.conceal import masked
from release_staging.model.exceptions import Code
from release_staging.packet import descriptor
from release_staging.packet.links import LinkStores
from release_staging.packet.names import public_paths
from release_staging.packet.open import Document, OpenedPacket, digest_only, open_packet
from release_staging.packet.problem import Problem, UnusableName
from release_staging.packet.source import READY, files
from release_staging.packet.write import UNFINISHED, appearing, write_folder
from release_staging.parsing import json
from release_staging.parsing.archive import SUFFIXES, Member
from release_staging.parsing.limits import LIMITS, Unreadable
from release_staging.parsing.paths import shown
from release_staging.staging.entries import Packet, PacketDocument
from release_staging.staging.errors import StagingError

QUARANTINE = "quarantine"

_UNFINISHED = (UNFINISHED, ".tmp")
_SETTLE_NS = 50_000_000  # file times advance by a tick of the kernel's clock: entries of the same tick may still arrive
_WATERMARK = re.compile(r"([0-9]{1,20}):([0-9]{1,20})")


class Vault(Protocol):
    """The part of ``vault.Vault`` that an admitted packet needs."""

    def put(self, data: bytes) -> str: ...

    def get(self, digest: str) -> bytes: ...


class AddingVault(Vault, Protocol):
    """And what admission needs beside that."""

    def adding(self) -> AbstractContextManager[None]: ...


class Store(Protocol):
    """The part of ``store.StagingStore`` that admission needs."""

    def receive(self, packet: Packet) -> bool: ...

    def packet(self, packet_id: str) -> Packet | None: ...

    def packet_by_digest(self, digest: str) -> Packet | None: ...


@dataclass(frozen=True, order=True)
class Watermark:
    """How far the intake was read: change time and inode of the last entry taken; its name may be nobody's to know."""

    ctime_ns: int = 0
    inode: int = 0

    def __str__(self) -> str:
        return f"{self.ctime_ns}:{self.inode}"

    @classmethod
    def parse(cls, text: str) -> Watermark:
        """The watermark of a text form. Raises ValueError."""
        match = _WATERMARK.fullmatch(text)
        if match is None:
            raise ValueError(f"{text[:80]!r} is not a watermark of the intake")
        return cls(int(match[1]), int(match[2]))


@dataclass(frozen=True)
class Entry:
    """A packet that has arrived at ``path``."""

    path: Path
    watermark: Watermark


@dataclass(frozen=True)
class Admitted:
    """A packet in vault and store. ``new`` is False where the same content was there already. ``size`` in bytes."""

    packet_id: str
    digest: str
    new: bool
    size: int


@dataclass(frozen=True)
class Quarantined:
    """An entry that was put aside, and why."""

    reason: str


@dataclass(frozen=True)
class Submitted:
    """A packet in the intake folder, at ``path``."""

    packet_id: str
    digest: str
    path: Path


def candidates(folder: Path, after: Watermark, settle_ns: int = _SETTLE_NS) -> list[Entry]:
    """The entries that arrived after ``after``, oldest first. An entry of the last ``settle_ns`` is left for the next look.

    Raises StagingError where the folder cannot be read.
    """
    settled = time.time_ns() - settle_ns
    found = []
    try:
        with os.scandir(folder) as listing:
            for item in listing:
                arrived = None if _is_unfinished(item.name) else _arrived(item)
                if arrived is not None and arrived <= settled and Watermark(arrived, item.inode()) > after:
                    found.append(Entry(Path(item.path), Watermark(arrived, item.inode())))
    except OSError as error:
        raise StagingError(
            f"the intake folder {folder} cannot be read: {error.strerror or error}", remedy="create it, or make it readable"
        ) from error
    return sorted(found, key=lambda entry: entry.watermark)


def admit(
    entry: Path,
    vault: AddingVault,
    store: Store,
    now: datetime,
    boundary: DisclosureRules,
    *,
    stores: LinkStores | None = None,
    aside: bool = True,
) -> Admitted | Quarantined:
    """Takes the packet at ``entry`` in: its documents into the vault, its inventory of paths into the store.

    Outside of the vault, its id, the names of its documents and what is said of it keep within ``boundary``.

    A packet that is bad is admitted, to be held with reasons. Only what cannot be named, or is neither a file nor a folder,
    is moved to ``quarantine/`` (left where it is without ``aside``). Admitting twice changes nothing.
    Raises StagingError where vault or store fail.
    """
    with vault.adding():
        return _admit(entry, vault, store, now, boundary, stores, aside)


def _admit(
    entry: Path, vault: AddingVault, store: Store, now: datetime, boundary: DisclosureRules, stores: LinkStores | None, aside: bool
) -> Admitted | Quarantined:
    def refuse(reason: str) -> Quarantined:
        reason = masked(f"{shown(masked(entry.name, boundary))}: {reason}", boundary)
        return _quarantine(entry, reason) if aside else Quarantined(reason)

    try:
        kind = entry.lstat().st_mode
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
            return refuse("neither a file nor a folder; put the packet itself here, not a link to it")
        opened = open_packet(entry, vault.put, boundary=boundary, stores=stores)
    except UnusableName as error:
        return refuse(f"{error}; name the packet anew and submit it again")
    except PermissionError:
        return refuse("the intake may not read it; make it readable and submit it again")
    except FileNotFoundError:
        return Quarantined(masked(f"{shown(entry.name)}: taken away before it could be read", boundary))
    paths = public_paths((document.path for document in opened.documents), boundary)
    manifest = vault.put(_manifest(opened, entry.name))
    packet = Packet(
        packet_id=opened.packet_id,
        declared_id=opened.declared_id,
        digest=opened.digest,
        origin=manifest,
        received_at=now,
        effective_time=opened.effective_time or now,
        size_bytes=opened.size,
        documents=tuple(PacketDocument(paths[document.path], document.sha256, document.size) for document in opened.documents),
    )
    new = store.receive(packet)
    # The same documents may have been named so that another of them was the descriptor: they keep the id that they came with first.
    known = packet if new else store.packet_by_digest(opened.digest) or packet
    return Admitted(known.packet_id, opened.digest, new, opened.size)


def reopen(packet_id: str, vault: Vault, store: Store) -> OpenedPacket:
    """The admitted packet as it was opened, from vault and store alone. Raises StagingError where there is none."""
    packet = store.packet(packet_id)
    if packet is None:
        raise StagingError(f"no packet {shown(packet_id)} was admitted", remedy="submit it")
    manifest = json.parse(vault.get(packet.origin))
    described_by = _document(manifest["descriptor"]) if manifest["descriptor"] else None
    reading = descriptor.read(described_by.path, vault.get(described_by.sha256)) if described_by and manifest["described"] else None
    return OpenedPacket(
        packet_id=manifest["packet_id"],
        digest=manifest["digest"],
        documents=tuple(map(_document, manifest["documents"])),
        problems=tuple(Problem(**{**problem, "code": Code(problem["code"])}) for problem in manifest["problems"]),
        fixity=tuple(map(_document, manifest["fixity"])),
        descriptor_document=described_by,
        reading=reading,
    )


def submit(path: Path, folder: Path, boundary: DisclosureRules, *, stores: LinkStores | None = None) -> Submitted:
    """Copies the packet at ``path`` into the intake ``folder``, under its id, whole or not at all; not where it is there already.

    ``stores`` are those of the deployment, for the id counts resolved links. Raises UnusableName where it cannot be named,
    StagingError where it cannot be copied.
    """
    try:
        opened = open_packet(path, digest_only, boundary=boundary, stores=stores)
        suffix = "" if path.is_dir() else next((known for known in SUFFIXES if path.name.lower().endswith(known)), path.suffix)
        target = folder / (opened.packet_id + suffix)
        if not target.exists():
            write_folder(target, _folder_content(path)) if path.is_dir() else _copy(path, target)
    except (OSError, Unreadable) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        why = masked(f"{path} cannot be submitted to {folder}: {reason}", boundary)
        raise StagingError(why, remedy="mend that and submit again") from None
    return Submitted(opened.packet_id, opened.digest, target)


def _is_unfinished(name: str) -> bool:
    return name.startswith(".") or name.endswith(_UNFINISHED) or name == QUARANTINE


def _arrived(item: os.DirEntry[str]) -> int | None:
    """When the entry became whole, in ns; None where it is not, or has gone."""
    try:
        if item.is_dir(follow_symlinks=False):
            return (Path(item.path) / READY).lstat().st_ctime_ns
        return item.stat(follow_symlinks=False).st_ctime_ns
    except (FileNotFoundError, PermissionError):
        return None


def _quarantine(entry: Path, reason: str) -> Quarantined:
    """Moves the entry aside under a name that is free."""
    aside = entry.parent / QUARANTINE
    try:
        aside.mkdir(exist_ok=True)
        target = aside / entry.name
        number = 1
        while os.path.lexists(target):
            number += 1
            target = aside / f"{entry.name}.{number}"
        entry.rename(target)
        target.with_name(target.name + ".reason.txt").write_text(reason + "\n", encoding="utf-8")
    except OSError as error:
        raise StagingError(f"{reason}; and it cannot be moved to {aside}: {error.strerror}", remedy="move it out of the intake") from error
    return Quarantined(reason)


def _manifest(opened: OpenedPacket, name: str) -> bytes:
    """What ``reopen`` needs, as JSON for the vault."""
    described_by = opened.descriptor_document
    return orjson.dumps(
        {
            "packet_id": opened.packet_id,
            "digest": opened.digest,
            "entry": shown(name),
            "descriptor": asdict(described_by) if described_by else None,
            "described": opened.reading is not None,
            "documents": [asdict(document) for document in opened.documents],
            "fixity": [asdict(document) for document in opened.fixity],
            "problems": [asdict(problem) for problem in opened.problems],
        },
        option=orjson.OPT_INDENT_2,
    )


def _document(member: dict[str, Any]) -> Document:
    return Document(member["path"], member["sha256"], member["size"])


def _folder_content(path: Path) -> Iterator[Member]:
    """The files of a folder. Raises Unreadable at what the intake would refuse: who submits can still mend it."""

    def refuse(name: str, error: Unreadable) -> None:
        raise Unreadable(f"{shown(name)}: {error}", remedy=error.remedy)

    return files(path, LIMITS, refuse)


def _copy(path: Path, target: Path) -> None:
    with path.open("rb") as source, appearing(target) as file:
        shutil.copyfileobj(source, file)
