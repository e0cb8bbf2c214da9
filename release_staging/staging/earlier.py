"""The releases before: what earlier staged records of the service bring to a packet, to be compared with.

A packet that brings no bill of materials of the release before gets that of the last staged record of another version; every
earlier record tells which artifact digests are known. Only records of packets that were received before count, so that a rerun
sees what the first run saw, unless one of them was restaged since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import pyarrow as pa

from release_staging.config.registries import Registries, key
from release_staging.model.gathered import Tables
from release_staging.model.tables import EARLIER, RELEASES, gathered
from release_staging.packet.inventory import identify
from release_staging.packet.open import Document
from release_staging.staging.entries import Packet, Release


class Releases(Protocol):
    """The part of the staging store that is asked."""

    def packet(self, packet_id: str) -> Packet | None: ...

    def released_before(self, service: str, instant: Any) -> list[Release]: ...


def releases_before(packet_id: str, evidence: Tables, store: Releases, registries: Registries, fetch: Callable[[str], bytes]) -> Tables:
    """The table ``releases``, and rows of ``documents`` for a bill of materials to compare with. ``evidence`` is the packet's own."""
    admitted, service = store.packet(packet_id), _service(evidence, registries)
    earlier = store.released_before(service, admitted.received_at) if admitted is not None and service is not None else []
    rows = [
        {"packet": packet_id, "release": release.packet_id, "record": release.record_id, "version": release.version, "digest": digest}
        for release in earlier
        for digest in release.digests
    ]
    documents = _to_compare_with(packet_id, evidence, earlier, fetch)
    return {
        "releases": pa.Table.from_pylist(rows, schema=RELEASES),
        "documents": pa.Table.from_pylist(documents, schema=gathered("documents")),
    }


def _service(evidence: Tables, registries: Registries) -> str | None:
    """The service that the descriptor names, by its registry id."""
    said = _of_descriptor(evidence, "service.name")
    entry = registries.services.get(key(said[0])) if said else None
    return entry.id if entry is not None else None


def _of_descriptor(evidence: Tables, field: str) -> list[str]:
    return [row["value"] for row in evidence["claims"].to_pylist() if row["field"] == field] if "claims" in evidence else []


def _to_compare_with(packet_id: str, evidence: Tables, earlier: list[Release], fetch: Callable[[str], bytes]) -> list[Mapping[str, Any]]:
    own = evidence["documents"].to_pylist() if "documents" in evidence else []
    if any(row["source"] == "sboms" and row["baseline"] for row in own):
        return []
    there, versions = {row["document"] for row in own}, set(_of_descriptor(evidence, "candidate.version"))
    before = next((release for release in earlier if release.sboms and release.version not in versions), None)
    found: list[Mapping[str, Any]] = []
    if before is None:
        return found
    for sbom in before.sboms:
        known = identify(Document(sbom.path, sbom.sha256, sbom.size), fetch(sbom.sha256)).known if sbom.sha256 not in there else None
        if known is not None:
            found.append(
                {
                    "packet": packet_id,
                    "document": sbom.sha256,
                    "path": f"{before.packet_id}/{sbom.path}",
                    "size": sbom.size,
                    "source": known.reader.source,
                    "format": known.format,
                    "encoding": known.encoding,
                    "recognised_by": EARLIER,
                    "baseline": True,
                }
            )
    return found
