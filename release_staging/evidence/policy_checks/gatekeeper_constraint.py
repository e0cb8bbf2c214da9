"""Gatekeeper constraint with the status of its last audit (``constraints.gatekeeper.sh``), one, a stream, or a list of them.

A constraint without a status is configuration, not evidence, and is not recognised. Each violation is a row: the policy is the
constraint's kind, the rule its name. Words of "gatekeeper-violation": what the constraint does with it (deny, warn, dryrun,
scoped), and of our own ``clean``, where an audit counted no violation. Gatekeeper lists 20 violations at most and counts them all
in ``totalViolations``: the rest is told as missing.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree, besides
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_GROUP = "constraints.gatekeeper.sh/"
_VOCABULARY = "gatekeeper-violation"


def recognise(head: Head) -> str | None:
    versions = [one.text("apiVersion") for root in head.objects() if _is_audited(one := Head(head.encoding, root))]
    return versions[0].removeprefix(_GROUP) if versions else None


def _is_audited(one: Head) -> bool:
    return one.text("apiVersion").startswith(_GROUP) and isinstance(one.get("status"), dict)


def read(tree: Tree, out: Extract) -> None:
    audits = [_read_constraint(constraint, out) for constraint in _constraints(tree)]
    times = [audit for audit in audits if audit is not None]
    if times:
        out.claim("produced_at", max(times, key=lambda time: str(time.raw)))


def _constraints(tree: Tree) -> list[Node]:
    """Every audited constraint; what else stands in the stream or list is left, and not understood."""
    found = []
    for root in tree.roots:
        listed = isinstance(root["items"].raw, list)
        if listed:
            root.text("kind")
            root.text("apiVersion")
        found += [node for node in (root.items("items") if listed else [root]) if _is_audited(Head("", node.raw))]
    return found


def _read_constraint(constraint: Node, out: Extract) -> Node | None:
    """Writes the rows of a constraint; returns the place of the audit's time."""
    constraint.text("apiVersion")
    policy = constraint.text("kind", required=True)
    rule = constraint.object("metadata").text("name", required=True)
    common = {"policy": policy, "rule": rule, "vocabulary": _VOCABULARY}
    status = constraint.object("status")
    audited = status["auditTimestamp"] if status.text("auditTimestamp", required=True) else None
    listed = 0
    for listed, violation in enumerate(status.items("violations"), start=1):
        out.row(
            "policy_results", violation, common, resource=_resource(violation), status=violation.text("enforcementAction", required=True)
        )
    total = status.integer("totalViolations")
    if total == 0 and listed == 0 and audited:
        out.row("policy_results", status["totalViolations"], common, status="clean")
    elif total is not None and total > listed:
        message = f"the constraint lists {listed} of {total} violations; raise --constraint-violations-limit and export it again"
        out.problem(Code.EVIDENCE_MISSING, message, status["totalViolations"], expected=str(total), found=str(listed))
    elif total is not None and total < listed:
        message = f"the constraint counts {total} violations and lists {listed}"
        out.problem(Code.CONTRADICTION, message, status["totalViolations"], expected=str(listed), found=str(total))
    elif not listed:
        out.problem(Code.EVIDENCE_EMPTY, "the status counts no violations; not audited is not everything passed", status)
    return audited


def _resource(violation: Node) -> str | None:
    parts = (violation.text("kind", required=True), violation.text("namespace"), violation.text("name", required=True))
    return "/".join(part for part in parts if part) or None


def _each(*patterns: str) -> tuple[str, ...]:
    return tuple(start + pattern for start in ("", "/items/*") for pattern in patterns)


READER = Reader(
    source="policy_checks",
    format="gatekeeper-constraint",
    title="Gatekeeper constraint with audit status",
    reference="Gatekeeper documentation, Audit, Constraint Status",
    encodings=(JSON, YAML),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    revision=2,
    together=True,
    versions=("v1beta1", "v1alpha1"),
    drops={
        "object-metadata": _each(
            *besides("n", "/metadata"), "/metadata/namespace", "/status/violations/*/group", "/status/violations/*/version"
        ),
        "constraint-specification": _each("/spec/**"),
        "violation-text": _each("/status/violations/*/message"),
        "controller-state": _each(*besides("e", "/status/byPod/*"), "/status/byPod/*/enforced", "/status/enforced", "/status/created"),
    },
)
