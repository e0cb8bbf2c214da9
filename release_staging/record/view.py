"""One packet as assembly and rules see it: claims, rows, bindings, contradictions, problems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.policy import Policy
from release_staging.model.claims import Claim, claims_of
from release_staging.model.exceptions import Code, Evidence
from release_staging.model.gathered import Gathered
from release_staging.model.review import EXCLUDED
from release_staging.model.tables import EARLIER

LOSS_KINDS = ("mapped", "summarised", "dropped", "not_understood")


@dataclass(frozen=True)
class PacketFacts:
    """What intake fixed: identity and policy clock (RFC 3339, UTC)."""

    id: str
    digest: str
    effective_time: str


@dataclass(frozen=True)
class Sides:
    """A contradiction: each value with the evidence for it."""

    code: str
    field: str
    rule: str
    sides: tuple[tuple[str, tuple[Evidence, ...]], ...]


@dataclass(frozen=True)
class Document:
    """A document of the packet, as the inventory knows it."""

    sha256: str
    path: str
    size: int
    source: str | None
    asserted_source: str | None
    format: str | None
    level: str | None
    environment: str | None  # an id of the environment registry
    run: str | None
    baseline: bool
    earlier: bool  # it is none of the packet's own: an earlier staged record brought it
    excluded: bool  # a finding took it out: nothing it says counts

    def at(self, locator: str | None = None, source_value: str | None = None) -> Evidence:
        """A place in this document."""
        return Evidence(self.sha256, self.path, locator, source_value)


class PacketView:
    """Read access to everything known of one packet."""

    def __init__(self, facts: PacketFacts, gathered: Gathered, policy: Policy) -> None:
        self.facts, self.gathered, self.policy = facts, gathered, policy

    @cached_property
    def documents(self) -> dict[str, Document]:
        """By sha256; a document that stands at several paths is named by the first of them."""
        rows = sorted(self.gathered.rows("documents", self.facts.id), key=lambda row: row["path"], reverse=True)
        return {
            row["document"]: Document(
                sha256=row["document"],
                path=row["path"],
                size=row["size"],
                source=row["source"],
                asserted_source=row["asserted_source"],
                format=row["format"],
                level=row["level"],
                environment=row["environment_id"],
                run=row["run"],
                baseline=bool(row["baseline"]),
                earlier=row["recognised_by"] == EARLIER,
                excluded=row["recognised_by"] == EXCLUDED,
            )
            for row in sorted(rows, key=lambda row: row["document"])
        }

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every path at which a document stands."""
        return frozenset(row["path"] for row in self.gathered.rows("documents", self.facts.id))

    def of_source(self, source: str, *, baseline: bool = False) -> list[Document]:
        """The documents of a source that are of the candidate, or of its baseline."""
        return [document for document in self.documents.values() if document.source == source and document.baseline is baseline]

    def meant_for(self, source: str) -> list[Document]:
        """The documents of a source, and those that the descriptor says are of it and that could not be read as such."""
        return [one for one in self.documents.values() if not one.baseline and (one.source or one.asserted_source) == source]

    def held_for(self, *codes: Code) -> set[str]:
        """Documents with a problem of these codes that holds the packet: what else is odd in them may come of that.

        One that a reviewer excluded holds nothing any more.
        """
        found = set()
        for problem in self.problems:
            document = self.documents.get(problem["document"])
            if (
                document is not None
                and not document.excluded
                and problem["code"] in codes
                and self.policy.blocks(problem["code"], document.source)
            ):
                found.add(document.sha256)
        return found

    @cached_property
    def lacks_a_document(self) -> bool:
        """Whether the packet is held for a document that the descriptor or a bag names: what it would say nobody knows.

        One that a reviewer declared absent holds nothing any more.
        """
        if not self.policy.blocks(Code.EVIDENCE_MISSING):
            return False
        known = self.paths | {row["target"] for row in self.findings if row["kind"] == "absent"}
        return any(one["code"] == Code.EVIDENCE_MISSING and one["subject"] and one["subject"] not in known for one in self.problems)

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        """What reviewers said of earlier revisions, and is in force."""
        return sorted(self.gathered.rows("review_findings", self.facts.id), key=lambda row: row["finding"])

    @cached_property
    def adjudicated(self) -> dict[str, dict[str, Any]]:
        """By field, the finding that says which side of its contradiction holds, where the side is still there."""
        sides = {(sides.field, value) for sides in self.contradictions if sides.code == Code.CONTRADICTION for value, _ in sides.sides}
        found = (row for row in self.findings if row["kind"] == "adjudicate")
        return {row["target"]: row for row in found if (row["target"], row["value"]) in sides}

    @cached_property
    def excluded(self) -> frozenset[str]:
        """Documents that a finding took out."""
        return frozenset(document.sha256 for document in self.documents.values() if document.excluded)

    @cached_property
    def claims(self) -> list[Claim]:
        return claims_of(self.gathered, self.facts.id)

    @cached_property
    def _claims_by_field(self) -> Mapping[str, list[Claim]]:
        found: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims:
            found[claim.field].append(claim)
        return found

    def claimed(self, field: str, *sources: str | None) -> list[Claim]:
        """The claims on a field (of these sources, where given)."""
        return [claim for claim in self._claims_by_field.get(field, ()) if not sources or claim.source in sources]

    @cached_property
    def bindings(self) -> dict[str, tuple[str, str | None]]:
        return {row["document"]: (row["binding"], row["bound_by"]) for row in self.gathered.rows("bindings", self.facts.id)}

    @cached_property
    def known_digests(self) -> frozenset[str]:
        """Digests of artifacts that something beside the rollback's own words shows: a registry, or a release before."""
        registry = [document.sha256 for document in self.of_source("artifact_registry")]
        shown = [*registry, *(document.sha256 for document in self.documents.values() if document.baseline)]
        rows = self.rows("artifacts", {"document": shown}) if shown else ()
        claimed = (claim.agreed for claim in self.claimed("artifact.digest", "artifact_registry"))
        earlier = (row["digest"] for row in self.gathered.rows("releases", self.facts.id))
        return frozenset({*claimed, *earlier, *(row["digest"] for row in rows if row["digest"])})

    @cached_property
    def contradictions(self) -> list[Sides]:
        rows = sorted(
            self.gathered.rows("sides", self.facts.id), key=lambda row: (row["number"], row["value"], row["document"], row["locator"])
        )
        found = []
        for _, group in groupby(rows, key=lambda row: row["number"]):
            members = list(group)
            sides = tuple(
                (value, tuple(Evidence(row["document"], row["path"], row["locator"], row["source_value"]) for row in said))
                for value, said in ((value, list(said)) for value, said in groupby(members, key=lambda row: row["value"]))
            )
            found.append(Sides(members[0]["code"], members[0]["field"], members[0]["rule"], sides))
        return found

    @cached_property
    def problems(self) -> list[dict[str, Any]]:
        """What opening, reading and normalising noted; in an order that file names do not change."""
        rows = self.gathered.rows("problems", self.facts.id)
        return sorted(rows, key=lambda row: (row["code"], row["document"] or "", row["locator"] or "", row["message"]))

    def loss(self, document: str) -> dict[str, int]:
        """Totals of a document's loss ledger."""
        return self._losses.get(document, dict.fromkeys(LOSS_KINDS, 0))

    @cached_property
    def _losses(self) -> dict[str, dict[str, int]]:
        table = self.gathered.table("losses", self.facts.id)
        if table is None:
            return {}
        totals = table.group_by("document").aggregate([(kind, "sum") for kind in LOSS_KINDS]).to_pylist()
        return {row["document"]: {kind: row[f"{kind}_sum"] for kind in LOSS_KINDS} for row in totals}

    def table(self, name: str, where: Mapping[str, Any] | None = None, source: str | None = None) -> pa.Table | None:
        """The packet's rows of a table that match: a column equals a value, or is one of a list; false matches null too.

        Rows of baseline documents are left out, unless ``where`` asks for documents by name, and rows that repeat a finding of their
        document, unless it asks for ``repeats``.
        """
        table = self.gathered.table(name, self.facts.id)
        if table is None:
            return None
        aside = [document.sha256 for document in self.documents.values() if document.baseline]
        if aside and not (where or {}).get("document"):
            table = table.filter(pc.invert(pc.is_in(table["document"], pa.array(aside, pa.string()))))
        if "repeats" in table.column_names and "repeats" not in (where or {}):
            table = table.filter(pc.invert(pc.fill_null(table["repeats"], False)))
        if source is not None:
            documents = [document.sha256 for document in self.of_source(source)]
            table = table.filter(pc.is_in(table["document"], pa.array(documents, pa.string())))
        for column, wanted in (where or {}).items():
            if column not in table.column_names:
                return table.slice(0, 0)
            table = table.filter(_matches(table[column], wanted))
        return table

    def rows(self, name: str, where: Mapping[str, Any] | None = None, source: str | None = None) -> Iterator[dict[str, Any]]:
        """Matching rows as dicts, ordered by document and place in it."""
        table = self.table(name, where, source)
        if table is not None:
            place = pa.array(range(table.num_rows))
            order = pc.sort_indices(
                pa.table({"document": table["document"], "place": place}), [("document", "ascending"), ("place", "ascending")]
            )
            yield from table.take(order).to_pylist()


def _matches(column: pa.ChunkedArray, wanted: Any) -> Any:
    if wanted is False:
        return pc.invert(pc.fill_null(column, False))
    if isinstance(wanted, list):
        return pc.is_in(column, pa.array(wanted, pa.string()))
    return pc.fill_null(pc.equal(column, pa.scalar(wanted)), False)
