"""The step: from normalised tables to agreed claims, bindings and contradictions, over all packets of a run."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pyarrow as pa

from release_staging.contradict.asserted import Asserted
from release_staging.contradict.binding import Binding, bind
from release_staging.contradict.candidate import Candidate, declared
from release_staging.contradict.detect import contradictions, of_documents
from release_staging.contradict.digests import DigestGraph
from release_staging.contradict.manifests import unlisted
from release_staging.contradict.reconcile import reconciled
from release_staging.contradict.sides import Contradiction
from release_staging.contradict.tags import pins
from release_staging.model.claims import Claim, claims_of
from release_staging.model.exceptions import Code, Evidence
from release_staging.model.gathered import Gathered, Tables
from release_staging.model.review import EXCLUDED, FINDING_FORMAT
from release_staging.model.tables import EARLIER, TEXT

_MAY_LIST = ("artifact_registry", None)  # sources of documents that list the parts of an image: one that is cut off may be of any

AGREED = pa.schema([("packet", TEXT), ("document", TEXT), ("field", TEXT), ("normal", TEXT), ("agreed", TEXT), ("reconciled_by", TEXT)])
BINDINGS = pa.schema([("packet", TEXT), ("document", TEXT), ("binding", TEXT), ("bound_by", TEXT)])
SIDES = pa.schema(
    [
        ("packet", TEXT),
        ("number", pa.int64()),  # the contradiction's number within its packet
        ("code", TEXT),
        ("field", TEXT),
        ("rule", TEXT),
        ("value", TEXT),
        ("document", TEXT),
        ("path", TEXT),
        ("locator", TEXT),
        ("source_value", TEXT),
    ]
)


def judge(tables: Tables) -> Tables:
    """``agreed`` (claims that a rule reconciled), ``bindings`` (one a document) and ``sides`` (one row a claim of a contradiction)."""
    gathered = Gathered(tables)
    agreed: list[dict[str, Any]] = []
    bindings: list[dict[str, Any]] = []
    sides: list[dict[str, Any]] = []
    for packet in gathered.packets:
        claims, notes = _reconcile(claims_of(gathered, packet))
        agreed += ({"packet": packet, **note} for note in notes)
        graph = _graph(gathered, packet)
        candidate = declared(claims, graph)
        of_document: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            of_document[claim.document].append(claim)
        for row in sorted(gathered.rows("documents", packet), key=lambda row: row["document"]):
            found = bind(row["document"], of_document[row["document"]], candidate, row["run"])
            if row["baseline"]:
                earlier = row["recognised_by"] == EARLIER
                found = Binding(row["document"], "asserted", EARLIER if earlier else "descriptor: baseline")
            if row["format"] == FINDING_FORMAT or row["recognised_by"] == EXCLUDED:
                found = Binding(row["document"], "none", EXCLUDED if row["recognised_by"] == EXCLUDED else "what a reviewer said")
            bindings.append({"packet": packet, "document": found.document, "binding": found.binding, "bound_by": found.by})
        manifests = _unlisted(gathered, packet, claims, candidate, graph)
        contradicting = [*contradictions(claims, candidate, graph, pins(claims), manifests)]
        contradicting += of_documents(_asserted(gathered, packet), claims, candidate, contradicting)
        for number, contradiction in enumerate(contradicting):
            sides += ({"packet": packet, "number": number, **side} for side in _rows(contradiction))
    return {
        "agreed": pa.Table.from_pylist(agreed, schema=AGREED),
        "bindings": pa.Table.from_pylist(bindings, schema=BINDINGS),
        "sides": pa.Table.from_pylist(sides, schema=SIDES),
    }


def _reconcile(claims: list[Claim]) -> tuple[list[Claim], list[dict[str, Any]]]:
    """Claims with ``agreed`` filled, and a note for each that a rule changed."""
    by_field: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        by_field[claim.field].append(claim.normal)
    rules = {field: reconciled(field, values) for field, values in by_field.items()}
    kept, notes = [], []
    for claim in claims:
        agreed, rule = rules[claim.field][claim.normal]
        kept.append(claim if rule is None else replace(claim, agreed=agreed, rule=rule))
        if rule is not None:
            notes.append(
                {"document": claim.document, "field": claim.field, "normal": claim.normal, "agreed": agreed, "reconciled_by": rule}
            )
    return kept, notes


def _graph(gathered: Gathered, packet: str) -> DigestGraph:
    """Which digest lists which, by the registry's own documents; where one of them could not be read, what they leave open stays so."""
    unread = {row["document"] for row in gathered.rows("problems", packet) if row["code"] == Code.EVIDENCE_UNREADABLE.value}
    whole = not any(row["document"] in unread and row["source"] in _MAY_LIST for row in gathered.rows("documents", packet))
    listed = [row for row in gathered.rows("artifacts", packet) if row["parent_digest"] and row["digest"]]
    return DigestGraph([(row["parent_digest"], row["digest"]) for row in listed], {row["digest"]: row["role"] for row in listed if whole})


def _asserted(gathered: Gathered, packet: str) -> list[Asserted]:
    """What the descriptor says of the documents of the candidate; entries of one document that differ say nothing."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in gathered.rows("documents", packet):
        if not row["baseline"] and row["recognised_by"] != EXCLUDED:
            for field, column in (("build.id", "run"), ("environment.observed", "environment_id")):
                if row[column] is not None:
                    said[row["document"]][field].add(row[column])
    return [
        Asserted(document, {field: next(iter(values)) for field, values in fields.items() if len(values) == 1})
        for document, fields in sorted(said.items())
    ]


def _unlisted(gathered: Gathered, packet: str, claims: list[Claim], candidate: Candidate, graph: DigestGraph) -> list[Evidence]:
    """Image manifests of another image, each with its digest: not of the release before, nor of what a rollback returns to."""
    paths = {row["document"]: row["path"] for row in gathered.rows("documents", packet) if not row["baseline"]}
    returned_to = {claim.agreed for claim in claims if claim.field == "rollback.artifact"}
    rows = [row for row in gathered.rows("artifacts", packet) if row["document"] in paths and row["digest"]]
    known = graph.family(returned_to)
    found = [row for row in unlisted(rows, candidate) if row["digest"] not in known]
    return [Evidence(row["document"], paths[row["document"]], row["locator"], row["digest"]) for row in found]


def _rows(contradiction: Contradiction) -> list[dict[str, Any]]:
    return [
        {
            "code": contradiction.code.value,
            "field": contradiction.field,
            "rule": contradiction.rule,
            "value": value,
            "document": place.document,
            "path": place.path,
            "locator": place.locator,
            "source_value": place.source_value,
        }
        for value, places in contradiction.sides.items()
        for place in places
    ]
