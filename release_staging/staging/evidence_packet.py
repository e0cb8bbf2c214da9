"""The root of the DAG for one packet: what was admitted, what each document is, and what lies beyond the disclosure boundary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pyarrow as pa

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.scan import Disclosure, scan, scan_text
from release_staging.model.gathered import Tables, merged
from release_staging.model.tables import TEXT, gathered
from release_staging.packet.inventory import inventory
from release_staging.parsing.limits import Unreadable
from release_staging.staging.errors import StagingError
from release_staging.staging.intake import Store, Vault, reopen

PACKETS = pa.schema([("packet", TEXT), ("digest", TEXT), ("effective_time", TEXT)])


def evidence_of(packet_id: str, vault: Vault, store: Store, boundary: DisclosureRules) -> Tables:
    """The tables ``packets``, ``documents``, ``claims`` and ``losses`` of the descriptor, and ``problems``.

    Raises StagingError where the packet was never admitted, VaultError where its evidence is gone.
    """
    admitted = store.packet(packet_id)
    if admitted is None:
        raise StagingError(f"no packet {packet_id} was admitted", remedy="submit it")
    tables = inventory(reopen(packet_id, vault, store), vault.get)
    facts = {
        "packet": packet_id,
        "digest": admitted.digest,
        "effective_time": admitted.effective_time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    found = list(_beyond_boundary(packet_id, tables["documents"].to_pylist(), vault, boundary))
    return merged(
        [tables, {"packets": pa.Table.from_pylist([facts], PACKETS), "problems": pa.Table.from_pylist(found, gathered("problems"))}]
    )


def _beyond_boundary(packet: str, documents: list[dict[str, Any]], vault: Vault, boundary: DisclosureRules) -> Iterator[dict[str, Any]]:
    """A problem for each thing found in a document, or in its name. What cannot be decoded is held as unreadable already."""
    for row in documents:
        try:
            found = scan(vault.get(row["document"]), boundary, row["source"])
        except Unreadable:
            found = []
        for one in found:
            yield _problem(packet, row, one, one.locator, "")
    names = scan_text("\n".join(row["path"] for row in documents), boundary, None)
    for one in names:
        line = int(one.locator.removeprefix("line=").partition(",")[0])
        yield _problem(packet, documents[line], one, None, " in its name")


def _problem(packet: str, row: dict[str, Any], found: Disclosure, locator: str | None, where: str) -> dict[str, Any]:
    return {
        "packet": packet,
        "document": row["document"],
        "code": found.code.value,
        "subject": f"document {row['document'][7:19]}" if where else row["path"],
        "message": f"{found.kind}{where} ({found.digest[:24]})",
        "locator": locator,
    }
