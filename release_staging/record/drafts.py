"""The step: a draft for every packet of a run, and drafts as they travel between steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from release_staging.config.policy import Policy
from release_staging.model.gathered import Gathered, Tables
from release_staging.model.tables import TEXT
from release_staging.parsing import json
from release_staging.record.canonical import canonical
from release_staging.record.contract import Contract
from release_staging.record.draft import Draft, draft, exception_read
from release_staging.record.rules.rule import rules_version
from release_staging.record.software import software
from release_staging.record.view import LOSS_KINDS, PacketFacts, PacketView

DRAFTS = pa.schema(
    [("packet", TEXT), ("body", TEXT), ("compared_with", pa.list_(TEXT)), ("findings", pa.list_(TEXT)), ("opened_with", TEXT)]
)


def draft_all(tables: Tables, contract: Contract, registries: str, policy: Policy) -> Tables:
    """The ``drafts`` table: each packet's draft as canonical JSON. ``registries`` is the digest of the registries used."""
    gathered = Gathered(tables)
    made = []
    for row in tables["packets"].to_pylist():
        facts = PacketFacts(row["packet"], row["digest"], row["effective_time"])
        view = PacketView(facts, gathered, policy)
        found = draft(contract, view, trace(view, registries))
        body = canonical(found.document).decode()
        made.append(
            {
                "packet": facts.id,
                "body": body,
                "compared_with": list(found.compared_with),
                "findings": list(found.findings),
                "opened_with": row.get("opened_with"),
            }
        )
    return {"drafts": pa.Table.from_pylist(made, schema=DRAFTS)}


def drafts_of(tables: Tables) -> dict[str, Draft]:
    """The drafts by packet, as ``draft_all`` made them."""
    found = {}
    for row in tables["drafts"].to_pylist():
        document = json.parse(row["body"].encode())
        exceptions = tuple(map(exception_read, document["exceptions"]))
        found[row["packet"]] = Draft(document, exceptions, tuple(row["compared_with"]), tuple(row["findings"]), row["opened_with"] or "")
    return found


def trace(view: PacketView, registries: str) -> dict[str, Any]:
    """What was done to get from documents to record: readers, rules, registries, policy, and counts at each step."""
    losses = [view.loss(document) for document in view.documents]
    bindings = [binding for binding, _ in view.bindings.values()]
    return {
        "software": software(),
        "readers": sorted({row["reader"] for row in view.gathered.rows("readers", view.facts.id)}),
        "rules": rules_version(),
        "registries": registries,
        "policy": view.policy.digest,
        "steps": [
            {
                "step": "open",
                "counts": {"documents": len(view.documents), "bytes": sum(document.size for document in view.documents.values())},
            },
            {"step": "extract", "counts": {kind: sum(loss[kind] for loss in losses) for kind in LOSS_KINDS}},
            {"step": "normalise", "counts": {"claims": len(view.claims), "problems": len(view.problems)}},
            {"step": "bind", "counts": {strength: bindings.count(strength) for strength in ("strong", "weak", "asserted", "none")}},
            {"step": "contradict", "counts": {"contradictions": len(view.contradictions)}},
            *_findings(view),
        ],
    }


def _findings(view: PacketView) -> Iterator[dict[str, Any]]:
    """Of each scan its rows, the findings that they are, and the rows that only repeat one: the first is the sum of the others."""
    findings, repeats = (Counter(_documents(view, where)) for where in (None, {"repeats": True}))
    for document in sorted(findings):
        counts = {"rows": findings[document] + repeats[document], "findings": findings[document], "repeats": repeats[document]}
        yield {"step": f"count findings of {document}", "counts": counts}


def _documents(view: PacketView, where: Mapping[str, Any] | None) -> list[str]:
    rows = view.table("vulnerabilities", where)
    return [] if rows is None else rows["document"].to_pylist()


def basis_of(made: Draft) -> dict[str, str]:
    """What a revision is made from."""
    document = made.document
    made_by = document["trace"]
    return {
        "packet": document["packet"]["digest"],
        "effective_time": document["packet"]["effective_time"],
        "contract": document["contract"],
        "software": made_by["software"],
        "readers": " ".join(made_by["readers"]),
        "rules": made_by["rules"],
        "registries": made_by["registries"],
        "policy": made_by["policy"],
        "opened_with": made.opened_with,
        **({"compared_with": " ".join(made.compared_with)} if made.compared_with else {}),
        **({"findings": " ".join(made.findings)} if made.findings else {}),
    }
