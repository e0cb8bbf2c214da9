"""What the staging tests share: packets, records and holds made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from release_staging.model.exceptions import Role
from release_staging.staging.entries import Handoff, Outcome, Packet, PacketDocument
from release_staging.staging.vault import digest_of

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def packet(packet_id: str = "billing-api-4.12.0-rc.3-9f2c41", content: str = "", declared_id: str = "billing-api-4.12.0-rc.3") -> Packet:
    documents = (
        PacketDocument("packet.yaml", digest_of(b"descriptor"), 10),
        PacketDocument("sbom/app.cdx.json", digest_of(b"sbom"), 4, "sboms", "cyclonedx-json@1.6"),
    )
    return Packet(packet_id, declared_id, digest_of((content or packet_id).encode()), f"/intake/{packet_id}.zip", NOON, NOON, 14, documents)


def exception(blocking: bool, owner: Role = Role.RELEASE_MANAGER, code: str = "EVIDENCE_MISSING", **parts: Any) -> dict[str, Any]:
    evidence = [{"document": digest_of(b"sbom"), "path": "sbom/app.cdx.json", "locator": "json-pointer:/metadata", "source_value": None}]
    whole = {"code": code, "subject": "sboms", "message": "There is no SBOM.", "remedy": "Add one.", "owner": owner, "blocking": blocking}
    return {**whole, "evidence": evidence, **parts}


def handoff(
    packet_id: str,
    *exceptions: dict[str, Any],
    outcome: Outcome | None = None,
    revision: int = 1,
    basis: str = "a",
    run: str = "run-1",
    **body: Any,
) -> Handoff:
    """A hold where an exception blocks, else a record; unless ``outcome`` insists."""
    decided: Outcome = "held" if any(e["blocking"] for e in exceptions) else "staged"
    content = {"contract": "1.0.0", "revision": revision, "packet": {"id": packet_id}, "exceptions": exceptions, **body}
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()
    return Handoff(packet_id, revision, basis, outcome or decided, "1.0.0", text, run)
