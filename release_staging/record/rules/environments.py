"""Rules on environments: runbooks and configuration changes belong to the targets."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.exceptions import Code, Evidence, Role
from release_staging.record.rules.rule import Context, Raised, rule


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


def _runbooks(context: Context, targets: set[str]) -> Iterator[Raised]:
    view = context.view
    for document in view.of_source("rollback_runbooks"):
        claims = [claim for claim in view.claimed("environment.observed", "rollback_runbooks") if claim.document == document.sha256]
        absent = sorted(targets - {claim.normal for claim in claims})
        if claims and absent:
            named = ", ".join(sorted({claim.normal for claim in claims}))
            message = f"the runbook is for {named}; it does not cover {', '.join(absent)}"
            yield Raised(document.path, message, tuple(claim.evidence for claim in claims), source=document.source)


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
