"""Rules on environments: runbooks and configuration changes belong to the targets."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.exceptions import Code, Evidence, Role
from release_staging.record.rules.rule import Context, Raised, rule
from release_staging.record.view import Document, PacketView


@rule(
    Code.ENVIRONMENT_MISMATCH,
    title="Evidence is for another environment",
    looks_at="environments of runbooks and configuration changes beside the target environments",
    remedy="Submit the runbook or diff of the target environments, or correct the targets.",
    owner=Role.SERVICE_OWNER,
)
def environment_mismatch(context: Context) -> Iterator[Raised]:
    targets = set((context.assembly.tree.get("environments") or {}).get("targets") or ())
    if targets:
        yield from _runbooks(context, targets)
        yield from _changes(context, targets)


@rule(
    Code.LOW_CONFIDENCE,
    title="A runbook does not say which environments it is for",
    looks_at="environments that runbooks name, or that the packet's descriptor says they are for",
    remedy="Name the environments in the runbook.",
    owner=Role.SERVICE_OWNER,
    blocking=False,
)
def runbook_without_environment(context: Context) -> Iterator[Raised]:
    for document in context.view.of_source("rollback_runbooks"):
        if not _covered(context.view, document):
            yield Raised(document.path, f"{document.path} names no environment", (document.at(),), source=document.source)


def _runbooks(context: Context, targets: set[str]) -> Iterator[Raised]:
    """A runbook for none of the targets, and targets that none of the runbooks covers: one an environment is as good as one for all."""
    view = context.view
    covered = {document: _covered(view, document) for document in view.of_source("rollback_runbooks")}
    absent = targets.difference(*covered.values()) if all(covered.values()) else set[str]()
    for document, named in covered.items():
        missing = sorted(absent or targets) if named and (absent or not named & targets) else []
        if missing:
            claims = [claim for claim in view.claimed("environment.observed", "rollback_runbooks") if claim.document == document.sha256]
            message = f"the runbook is for {', '.join(sorted(named))}; it does not cover {', '.join(missing)}"
            yield Raised(document.path, message, tuple(claim.evidence for claim in claims) or (document.at(),), source=document.source)


def _covered(view: PacketView, document: Document) -> set[str]:
    """The environments a runbook is for; the descriptor may say so for one that does not."""
    named = {claim.normal for claim in view.claimed("environment.observed", "rollback_runbooks") if claim.document == document.sha256}
    return named or ({document.environment} if document.environment else set())


def _changes(context: Context, targets: set[str]) -> Iterator[Raised]:
    view = context.view
    foreign: dict[tuple[str, str], list[Evidence]] = {}
    for row in view.rows("config_changes"):
        if row["environment_id"] and row["environment_id"] not in targets:
            document = view.documents[row["document"]]
            foreign.setdefault((document.path, row["environment_id"]), []).append(document.at(row["locator"]))
    for (path, environment), evidence in sorted(foreign.items()):
        message = f"{len(evidence)} changes are for {environment}, which is not a target"
        yield Raised(path, message, tuple(evidence[:20]), source="config_diffs")
