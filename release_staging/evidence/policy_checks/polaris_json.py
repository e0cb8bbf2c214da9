"""Polaris audit in JSON or YAML (``polaris audit --format json``).

A row for each check on each workload, its pod and its containers. Words of "polaris-result", made after the flag ``Success``:
success, failure; severities danger, warning, ignore are those of the check, also where it succeeded. Messages are not read.
"""

from __future__ import annotations

from release_staging.evidence import times
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code


def recognise(head: Head) -> str | None:
    return head.text("PolarisOutputVersion") if head.has("PolarisOutputVersion", "Results") else None


def read(tree: Tree, out: Extract) -> None:
    audit = tree.root
    audit.text("PolarisOutputVersion")
    times.claim("produced_at", audit["AuditTime"], out)
    count = sum(_read_workload(workload, out) for workload in audit.items("Results", required=True))
    if not count:
        out.problem(Code.EVIDENCE_EMPTY, "the audit holds no check; nothing checked is not everything passed", audit["Results"])


def _read_workload(workload: Node, out: Extract) -> int:
    parts = (workload.text("Kind", required=True), workload.text("Namespace"), workload.text("Name", required=True))
    name = "/".join(part for part in parts if part) or None
    pod = workload.object("PodResult")
    pod.text("Name")
    count = _read_checks(workload, name, out) + _read_checks(pod, name, out)
    for container in pod.items("ContainerResults"):
        inner = container.text("Name", required=True)
        count += _read_checks(container, f"{name}/{inner}" if name and inner else name, out)
    return count


def _read_checks(holder: Node, resource: str | None, out: Extract) -> int:
    count = 0
    for count, (name, check) in enumerate(holder.entries("Results"), start=1):
        success = check.flag("Success", required=True)
        check.text("ID")
        out.row(
            "policy_results",
            check,
            policy=check.text("Category"),
            rule=name,
            resource=resource,
            status=None if success is None else "success" if success else "failure",
            severity=check.text("Severity", required=True),
            vocabulary="polaris-result",
        )
    return count


_CHECKS = ("/Results/*/Results/*", "/Results/*/PodResult/Results/*", "/Results/*/PodResult/ContainerResults/*/Results/*")

READER = Reader(
    source="policy_checks",
    format="polaris-json",
    title="Polaris audit (JSON, YAML)",
    reference="FairwindsOps/polaris, pkg/validator/output.go",
    encodings=(JSON, YAML),
    media_type="application/json",
    recognise=recognise,
    read=read,
    versions=("1.0",),
    drops={
        "check-text": tuple(f"{check}/{key}" for check in _CHECKS for key in ("Message", "Details/**", "Mutations/**")),
        "what-was-audited": ("/SourceType", "/SourceName", "/DisplayName", "/ClusterInfo/**"),
        "object-metadata": ("/Results/*/CreatedTime",),
    },
    summarises={"aggregate-score": ("/Score",)},
)
