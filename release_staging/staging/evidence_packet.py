"""The root of the DAG for one packet: what was admitted, what each document is, and what lies beyond the disclosure boundary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pyarrow as pa

from release_staging.config.disclosure import RECORD, DisclosureRules
from release_staging.disclosure.conceal import Concealment
from release_staging.disclosure.scan import Disclosure, scan_text, search
from release_staging.disclosure.tables import concealed
from release_staging.model.gathered import Tables, merged
from release_staging.model.tables import TEXT, gathered
from release_staging.packet.inventory import inventory
from release_staging.packet.names import public_paths
from release_staging.packet.open import OpenedPacket
from release_staging.staging.errors import StagingError
from release_staging.staging.intake import Store, Vault, reopen

PACKETS = pa.schema([("packet", TEXT), ("digest", TEXT), ("effective_time", TEXT), ("opened_with", TEXT)])


def evidence_of(packet_id: str, vault: Vault, store: Store, boundary: DisclosureRules, opened_with: str) -> Tables:
    """The tables ``packets``, ``documents``, ``claims`` and ``losses`` of the descriptor, and ``problems``, without what may not be told.

    ``opened_with`` names the policy and software that it is opened with (``record.software.opened_with``): what is made of it later may be
    made with others. Raises StagingError where the packet was never admitted, VaultError where its evidence is gone.
    """
    admitted = store.packet(packet_id)
    if admitted is None:
        raise StagingError(f"no packet {packet_id} was admitted", remedy="submit it")
    opened = reopen(packet_id, vault, store)
    tables = inventory(opened, vault.get)
    concealment = Concealment(boundary)
    found = list(_beyond_boundary(opened, tables, vault, concealment))
    facts = {
        "packet": packet_id,
        "digest": admitted.digest,
        "effective_time": admitted.effective_time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "opened_with": opened_with,
    }
    if found:
        tables = concealed(_with_public_paths(tables, boundary), {packet_id: concealment})
    problems = pa.Table.from_pylist([{"packet": packet_id, **problem} for problem in found], gathered("problems"))
    return merged([tables, {"packets": pa.Table.from_pylist([facts], PACKETS), "problems": problems}])


def _beyond_boundary(opened: OpenedPacket, tables: Tables, vault: Vault, concealment: Concealment) -> Iterator[dict[str, Any]]:
    """A problem for each thing found in a document, in a name, or in what is said about them. What is found joins ``concealment``."""
    rules = concealment.rules
    paths = public_paths((row["path"] for row in tables["documents"].to_pylist()), rules)
    for row in (*tables["documents"].to_pylist(), *({"document": one.sha256, "path": one.path, "source": RECORD} for one in opened.fixity)):
        # What describes a packet is written by tools.
        source = RECORD if row["document"] == _described_by(opened) else row["source"]
        disclosures, finds = search(vault.get(row["document"]), rules, source)
        concealment.add(finds)
        for one in disclosures:
            yield _problem(row["document"], one, paths.get(row["path"], row["path"]), one.locator, one.told)
    for row in tables["documents"].to_pylist():
        for one in scan_text(row["path"], rules, None) if paths[row["path"]] != row["path"] else ():
            yield _problem(row["document"], one, f"document {row['document'][7:19]}", None, f"{one.told} in its name")
    for row in tables["problems"].to_pylist() if "problems" in tables else ():
        said = concealment.changed([row["subject"], row["message"]])
        for one in scan_text("\n".join(said), rules, None):
            if said and row["document"] is None:
                yield _problem(None, one, "packet", None, f"{one.told} in the name of a member")


def _described_by(opened: OpenedPacket) -> str | None:
    return opened.descriptor_document.sha256 if opened.descriptor_document and opened.reading else None


def _with_public_paths(tables: Tables, boundary: DisclosureRules) -> Tables:
    documents = tables["documents"]
    names = public_paths(documents["path"].to_pylist(), boundary)
    column = documents.schema.get_field_index("path")
    told = pa.array([names[path] for path in documents["path"].to_pylist()], TEXT)
    return {**tables, "documents": documents.set_column(column, documents.schema.field(column), told)}


def _problem(document: str | None, found: Disclosure, subject: str, locator: str | None, message: str) -> dict[str, Any]:
    return {"document": document, "code": found.code.value, "subject": subject, "message": message, "locator": locator}
