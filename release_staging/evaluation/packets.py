"""A clean packet: what the tools of a toolchain write about one world, with the descriptor that ``pack`` would write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from release_staging.evaluation import edits, signing
from release_staging.evaluation.builder import PacketBuilder
from release_staging.evaluation.documents import Written, z
from release_staging.evaluation.worlds import Home, World, world


@dataclass(frozen=True)
class Toolchain:
    """Tools that work together. ``write`` gives their documents, ``run`` and ``run_url`` name the CI run that made them.

    ``builder`` is a pattern of what its provenance names as builder, where the default policy does not accept that already.
    """

    name: str
    title: str
    home: Home
    write: Callable[[World], Iterable[Written]]
    run: Callable[[World], str]
    run_url: Callable[[World], str | None] = lambda _: None
    builder: str | None = None

    def packet(self, seed: str) -> Packet:
        """The clean packet of a seed."""
        return self.packet_of(world(f"{self.name}/{seed}", self.home))

    def packet_of(self, made: World) -> Packet:
        """The clean packet of a world."""
        written = sorted(self.write(made), key=lambda one: one.path)
        described = _descriptor(made, written, self)
        builder = PacketBuilder({one.path: one.data for one in written}, described)
        return Packet(self, made, builder, {one.path: one for one in written})


@dataclass(frozen=True)
class Packet:
    """A packet in the making and what is known of it. ``written`` are its clean documents by path; faults change ``builder``."""

    toolchain: Toolchain
    world: World
    builder: PacketBuilder
    written: Mapping[str, Written]
    meddle: Callable[[Path], None] | None = None  # what happens to the packet once it is written

    def of(self, *sources: str) -> list[Written]:
        """The documents of these sources that are of the candidate, by path; of all sources without one."""
        return [one for one in self.written.values() if (not sources or one.source in sources) and not one.baseline]

    def having(self, fact: str, *sources: str) -> list[Written]:
        """Those of them in which a fact stands."""
        return [one for one in self.of(*sources) if fact in one.facts]

    def data(self, path: str) -> bytes:
        return self.builder.documents[path]

    def text(self, path: str, locator: str) -> str:
        return edits.text_at(self.data(path), locator)

    def put(self, path: str, locator: str, value: Any) -> Packet:
        return self.with_builder(self.builder.put(path, locator, value))

    def remove(self, path: str, locator: str) -> Packet:
        return self.with_builder(self.builder.remove(path, locator))

    def replaced(self, path: str, data: bytes) -> Packet:
        return self.with_builder(self.builder.replace(path, data))

    def signed_again(self, path: str, signer: str | None = None, key_id: str | None = None) -> Packet:
        """With the envelope in a document signed anew, by the one who signed it; other documents stay as they are."""
        envelope = self.written[path].facts.get("envelope")
        if envelope is None:
            return self
        pointer = envelope[0].removeprefix("json-pointer:")
        named = edits.text_at(self.written[path].data, f"{envelope[0]}/signatures/0/keyid")
        signer = signer or (named if named in signing.TRUSTED else signing.BUILDER)
        return self.with_builder(self.builder.resign(path, signing.private_key(signer), key_id or signer, pointer=pointer))

    def with_builder(self, builder: PacketBuilder) -> Packet:
        return replace(self, builder=builder)

    def write(self, folder: Path, name: str) -> Path:
        """The packet as its world packs it: a folder, an archive or a bag."""
        write = {
            "folder": self.builder.write_folder,
            "zip": self.builder.write_zip,
            "tar.gz": self.builder.write_tar_gz,
            "bag": self.builder.write_bag,
        }[self.world.packing]
        path = write(folder, name)
        if self.meddle is not None:
            self.meddle(path)
        return path


def _descriptor(made: World, written: list[Written], toolchain: Toolchain) -> dict[str, Any]:
    run, url = toolchain.run(made), toolchain.run_url(made)
    brief = made.random("descriptor").random() < 0.3  # some leave it to the bytes what a document is
    entries = []
    for one in written:
        entry: dict[str, Any] = {"path": one.path, "sha256": hashlib.sha256(one.data).hexdigest(), "source": one.source}
        entry |= {} if brief else {"format": one.format}
        entry |= {name: value for name in ("level", "environment") if (value := getattr(one, name))}
        entry |= {"run": run} if one.by_run else {}
        entry |= {"baseline": True} if one.baseline else {}
        entries.append(entry)
    return {
        "packet": "1",
        "id": f"{made.service.name}-{hashlib.sha256(made.seed.encode()).hexdigest()[:10]}",
        "submitted_at": z(made.submitted),
        "candidate": {
            "service": made.service.name,
            "version": made.version.text,
            "commit": made.commit,
            "tag": made.version.tag,
            "branch": made.branch,
            "repository": made.service.repository,
            "build": {"id": run, **({"url": url} if url else {})},
        },
        "environments": list(made.targets),
        "documents": entries,
    }
