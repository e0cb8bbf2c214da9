"""Values computed from several claims or rows. A contract names one by ``x-derive``; a derivation is one function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from release_staging.model.confidence import Confidence
from release_staging.record.provenance import Located
from release_staging.record.view import Document, PacketView

Derivation = Callable[[PacketView], Located | None]
DERIVATIONS: dict[str, Derivation] = {}

OUTCOMES = ("passed", "failed", "error", "skipped", "inconclusive", "flaky", "unknown")
_EXECUTED = ("passed", "failed", "error", "flaky")
_DERIVED = Confidence.DERIVED.value


def derivation(name: str) -> Callable[[Derivation], Derivation]:
    """Registers a derivation under the name that contracts use."""

    def register(function: Derivation) -> Derivation:
        DERIVATIONS[name] = function
        return function

    return register


@derivation("tests.levels")
def test_levels(view: PacketView) -> Located | None:
    """Levels at which at least one case ran, or one threshold was judged. Skipped is not run."""
    documents: dict[str, list[Document]] = {}
    for document in view.of_source("test_reports"):
        ran = any(row["outcome"] in _EXECUTED for name in ("test_cases", "metrics") for row in _of(view, name, document))
        if ran and document.level:
            documents.setdefault(document.level, []).append(document)
    levels = sorted(documents)
    parts = {
        f"/{index}": Located(level, tuple(document.at() for document in documents[level]), _DERIVED, "level with an executed test")
        for index, level in enumerate(levels)
    }
    return Located(levels, (), parts=parts)


@derivation("tests.results")
def test_results(view: PacketView) -> Located | None:
    """One entry a test document, counted from its cases and thresholds, never from its own totals."""
    items: list[dict[str, Any]] = []
    parts = {}
    for document in view.of_source("test_reports"):
        cases = Counter(row["outcome"] for row in _of(view, "test_cases", document))
        thresholds = Counter(row["outcome"] for row in _of(view, "metrics", document) if row["threshold"])
        item: dict[str, Any] = {"level": document.level, "format": document.format or "unrecognised", "total": cases.total()}
        item |= {outcome: cases[outcome] for outcome in OUTCOMES}
        item["thresholds"] = {
            "passed": thresholds["passed"],
            "failed": thresholds["failed"] + thresholds["error"],
            "inconclusive": thresholds.total() - thresholds["passed"] - thresholds["failed"] - thresholds["error"],
        }
        parts[f"/{len(items)}"] = Located(item, (document.at(),), _DERIVED, "counted from cases and thresholds")
        items.append(item)
    return Located(items, (), parts=parts)


def _of(view: PacketView, table: str, document: Document) -> list[dict[str, Any]]:
    found = view.table(table, {"document": document.sha256})
    if found is None:
        return []
    return found.select([name for name in ("outcome", "threshold") if name in found.column_names]).to_pylist()


@derivation("canary.outcome")
def canary_outcome(view: PacketView) -> Located | None:
    """The one judgement that all canary analyses share. Where they differ, the worst is not chosen: it is inconclusive."""
    verdicts = view.claimed("verdict", "canary_analyses")
    outcomes = {claim.normal for claim in verdicts}
    if not outcomes:
        return None
    return Located(
        outcomes.pop() if len(outcomes) == 1 else "inconclusive",
        tuple(claim.evidence for claim in verdicts),
        Confidence.MAPPED.value,
        verdicts[0].rule or "canary judgement",
        verdicts[0].loss,
    )


@derivation("security_review.required")
def review_required(view: PacketView) -> Located | None:
    """Whether any configuration change touches a secret; null where no diff was read."""
    documents = view.of_source("config_diffs")
    if not documents:
        return None
    touching = list(view.rows("config_changes", {"touches_secret": True}))
    evidence = [view.documents[row["document"]].at(row["locator"]) for row in touching] or [document.at() for document in documents]
    return Located(bool(touching), tuple(evidence), _DERIVED, "any change that touches a secret")


@derivation("rollback.artifact_status")
def rollback_artifact_status(view: PacketView) -> Located | None:
    """How the artifact to return to is named; ``not_named`` where only a version, or nothing, is."""
    for field, status in (("rollback.artifact", "named_by_digest"), ("rollback.reference", "named")):
        claims = view.claimed(field)
        if claims:
            return Located(status, tuple(claim.evidence for claim in claims), _DERIVED, f"from {field}")
    documents = [*view.of_source("rollback_runbooks"), *view.of_source("release_manifest")]
    return Located("not_named", tuple(document.at() for document in documents), _DERIVED, "no document names it") if documents else None


@derivation("rollback.environments")
def rollback_environments(view: PacketView) -> Located | None:
    """Environments that the runbooks say they are for."""
    claims = view.claimed("environment.observed", "rollback_runbooks")
    environments = sorted({claim.normal for claim in claims})
    parts = {
        f"/{index}": Located(name, tuple(claim.evidence for claim in claims if claim.normal == name), Confidence.MAPPED.value)
        for index, name in enumerate(environments)
    }
    return Located(environments, (), parts=parts)
