"""Retention: what rests long enough goes from vault and extractions into one archive a packet, and comes back from it.

Record, hold, trace, findings and receipts stay in the store. A packet is archived in the store once its archive is on disk and was read
back; only then is anything removed, and only what no other packet refers to. What is to be removed follows from the store alone, so
that whatever a crash left is removed by the next call.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Protocol

from release_staging.packet.write import UNFINISHED, appearing
from release_staging.parsing import json
from release_staging.parsing.archive import Member, members, write_zip
from release_staging.parsing.limits import LIMITS, Unreadable
from release_staging.record.canonical import canonical
from release_staging.review.words import Refused
from release_staging.staging.archived import ArchiveStore, Due
from release_staging.staging.errors import StagingError
from release_staging.staging.vault import Vault, digest_of, sync_folder

_CONTENTS = "contents.json"
_ABANDONED_SECONDS = 86_400  # no run writes one table for so long
# The archives are our own and their digests are in the store: what holds for packets, which are anybody's, does not bound them.
_OURS = replace(LIMITS, archive_members=1_000_000, archive_bytes=1 << 50, archive_ratio=1 << 30, archive_header_bytes=1 << 30)


class Partitions(Protocol):
    """The partitions that a person sees in the UI."""

    def known(self) -> Collection[str]: ...

    def add(self, packet: str) -> None: ...

    def remove(self, packet: str) -> None: ...


@dataclass(frozen=True)
class Swept:
    """What was removed because an archive holds it."""

    documents: int
    bytes: int
    extractions: int
    partitions: int


@dataclass(frozen=True)
class Retention:
    """Archives and restores packets of a deployment. Every method may raise StagingError."""

    vault: Vault
    store: ArchiveStore
    folder: Path  # of the archives
    extractions: Path
    partitions: Partitions

    def path(self, packet: str) -> Path:
        return self.folder / f"{packet}.zip"

    def archive(self, before: datetime, open_before: datetime | None = None) -> Iterator[tuple[str, StagingError | None]]:
        """Archives the packets that rest since before these instants, and tells of each; then removes what the archives hold."""
        with self.store.alone():
            for due in self.store.due(before, open_before):
                try:
                    self._archive(due)
                except StagingError as error:  # the others can be archived; this one stays as it was
                    yield due.packet, error
                else:
                    yield due.packet, None
            self.sweep()

    def _archive(self, due: Due) -> None:
        documents = self._documents(due)
        extracted = {path.parent.name: path for path in sorted(self.extractions.glob(f"*/{due.packet}.parquet"))}
        tables = {asset: digest_of(path.read_bytes()) for asset, path in extracted.items()}
        contents = {"packet": due.packet, "revision": due.revision, "documents": documents, "extractions": tables}

        def content() -> Iterator[Member]:
            yield Member(_CONTENTS, canonical(contents))
            for document in documents:
                yield Member(_member(document), self.vault.get(document))
            for asset, path in extracted.items():
                yield Member(f"extractions/{asset}.parquet", path.read_bytes())

        try:
            with appearing(self.path(due.packet)) as file:
                write_zip(file, content())
            sync_folder(self.folder)
            digest = _digest_of_file(self.path(due.packet))
        except OSError as error:
            raise StagingError(
                f"packet {due.packet} cannot be archived: {error.strerror or error}", remedy=f"make room, or make {self.folder} writable"
            ) from error
        for _ in self._content(due.packet, digest):
            pass
        self.store.mark(due.packet, due.revision, digest, documents)

    def _documents(self, due: Due) -> list[str]:
        """Everything of the vault that the packet needs: its manifest and what that lists, its findings and what these supplied."""
        listed = _listed(self.vault.get(due.origin))
        return sorted({due.origin, *listed, *self.store.reviewed_with(due.packet)})

    def sweep(self) -> Swept:
        """Removes what archived packets have outside of their archives, but for documents that other packets refer to."""
        archived = self.store.archived()
        partitions = [packet for packet in self.partitions.known() if packet in archived]
        for packet in partitions:
            self.partitions.remove(packet)
        extracted = [path for path in self.extractions.glob("*/*.parquet") if path.stem in archived]
        for path in extracted:
            path.unlink(missing_ok=True)
        self._clear()
        there = {document for documents in archived.values() for document in documents if self.vault.has(document)}
        documents, size = self._remove(there) if there else (0, 0)
        return Swept(documents, size, len(extracted), len(partitions))

    def _clear(self) -> None:
        """Removes what processes that died left unfinished. Extractions may be being written: only what is old is abandoned."""
        with self.vault.removing():
            self.vault.clear()
        for path in self.folder.glob(f".*{UNFINISHED}"):
            path.unlink(missing_ok=True)
        for path in self.extractions.glob(f"*/.*{UNFINISHED}"):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink(missing_ok=True)

    def _remove(self, there: set[str]) -> tuple[int, int]:
        before = self.store.referred()
        kept = self._needed(before.packets.values()) | before.documents
        removed = size = 0
        if not there - kept:
            return removed, size
        with self.vault.removing():  # nothing is added meanwhile that the store does not know of yet
            now = self.store.referred()
            kept |= now.documents | self._needed(now.packets[packet] for packet in now.packets.keys() - before.packets.keys())
            for document in sorted(there - kept):
                size += self.vault.remove(document)
                removed += 1
        return removed, size

    def _needed(self, manifests: Collection[str] | Iterator[str]) -> set[str]:
        return {document for manifest in manifests if self.vault.has(manifest) for document in _listed(self.vault.get(manifest))}

    def restore(self, packet: str) -> int:
        """Brings an archived packet back: evidence, extractions, partition. Returns how many documents it has. Raises Refused where it is
        not archived.
        """
        with self.store.alone():
            digest, documents = self.store.digest_of(packet), 0
            if digest is not None:
                with self.vault.adding():
                    for member in self._content(packet, digest):
                        documents += self._put(packet, member)
                    self.store.unmark(packet)
            elif not self.store.was_restored(packet):
                raise Refused(f"packet {packet} is not archived", remedy="nothing to do")
            self.partitions.add(packet)
            self.path(packet).unlink(missing_ok=True)
        return documents

    def _put(self, packet: str, member: Member) -> bool:
        """Puts a member where it was; whether it is a document."""
        if member.path.startswith("extractions/"):
            target = self.extractions / Path(member.path).stem / f"{packet}.parquet"
            with appearing(target) as file:
                file.write(member.data)
        elif member.path != _CONTENTS:
            self.vault.put(member.data)
            return True
        return False

    def _content(self, packet: str, digest: str) -> Iterator[Member]:
        """The members of the packet's archive, each compared with its digest. Raises StagingError where one is missing or damaged."""
        path = self.path(packet)
        mend = f"restore {path} from its backup"
        try:
            if _digest_of_file(path) != digest:
                raise StagingError(f"the archive of packet {packet} is damaged: it has not the digest {digest}", remedy=mend)
            found = members(path, _OURS)
            contents = json.parse(next(found).data)
            expected = {_member(document): document for document in contents["documents"]}
            expected |= {f"extractions/{asset}.parquet": said for asset, said in contents["extractions"].items()}
            for member in found:
                if digest_of(member.data) != expected.pop(member.path, None):
                    raise StagingError(f"the archive of packet {packet} is damaged at {member.path}", remedy=mend)
                yield member
            if expected:
                raise StagingError(f"the archive of packet {packet} lacks {min(expected)}", remedy=mend)
        except FileNotFoundError:
            raise StagingError(f"the archive of packet {packet} is not there: there is no file {path}", remedy=mend) from None
        except (Unreadable, OSError) as error:
            raise StagingError(f"the archive of packet {packet} cannot be read: {error}", remedy=mend) from error


def _member(document: str) -> str:
    return f"vault/{document.removeprefix('sha256:')}"


def _listed(manifest: bytes) -> set[str]:
    """The documents that a packet's manifest lists."""
    said = json.parse(manifest)
    return {one["sha256"] for one in (*said["documents"], *said["fixity"], *([said["descriptor"]] if said["descriptor"] else ()))}


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return "sha256:" + file_digest(file, "sha256").hexdigest()
