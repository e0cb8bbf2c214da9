"""Kubescape results in JSON (``kubescape scan --format json``, format version v2).

A row for each control on each resource. Words of "kubescape-status": passed, failed, skipped, with the sub-status in brackets
where there is one: "passed (w/exceptions)" failed, and an exception covers it. A control's severity stands in the
summary. Objects, failed paths and fixes hold configuration in clear and are not read.

Recognised by the summary, and by its control ids (``C-0057``) or what is told of the scan: the keys alone are too common.
"""

from __future__ import annotations

import re

from release_staging.evidence import times
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree, besides
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_CONTROL = re.compile(r"C-\d{3,6}\Z")
_VOCABULARY = "kubescape-status"


def recognise(head: Head) -> str | None:
    controls = head.get("summaryDetails", "controls")
    if not isinstance(head.get("results"), list) or not isinstance(controls, dict):
        return None
    return "" if any(map(_CONTROL.match, controls)) or isinstance(head.get("metadata", "scanMetadata"), dict) else None


def read(tree: Tree, out: Extract) -> None:
    report = tree.root
    _conceal(report)
    _claim_origin(report, out)
    summary = report.object("summaryDetails", required=True)
    out.claim("verdict", summary["status"], vocabulary=_VOCABULARY)
    severities = {control: details.text("severity") for control, details in summary.entries("controls", required=True)}
    count = 0
    for result in report.items("results", required=True):
        resource = result.text("resourceID", required=True)
        for control in result.items("controls"):
            count += 1
            rule = control.text("controlID", required=True)
            if rule is not None and rule not in severities:
                out.drift(summary["controls"][rule], "the summary of this control")
            out.row(
                "policy_results",
                control,
                policy=control.text("name"),
                rule=rule,
                resource=resource,
                status=_status(control.object("status", required=True)),
                severity=control.text("severity") or severities.get(rule or ""),
                vocabulary=_VOCABULARY,
            )
    if not count:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no result; nothing checked is not everything passed", report["results"])


def _conceal(report: Node) -> None:
    """Keys of objects, and of what rules found in them, are data: in the ledger they are ``*``."""
    result = report["results"][0]
    for place in (report["resources"], result["rawResource"], result["controls"][0]["rules"]):
        place.shape.conceal()


def _claim_origin(report: Node, out: Extract) -> None:
    times.claim("produced_at", report["generationTime"], out)
    metadata = report.object("metadata")
    out.claim("tool.version", metadata.object("scanMetadata")["kubescapeVersion"])
    git = metadata.object("targetMetadata").object("gitRepoContextMetadata")
    out.claim("repository.url", git["remoteURL"])
    out.claim("candidate.branch", git["branch"])
    out.claim("candidate.commit", git.object("lastCommit")["hash"])


def _status(status: Node) -> str | None:
    word, detail = status.text("status", required=True), status.text("subStatus")
    return f"{word} ({detail})" if word and detail else word


_CONTROL_SUMMARY = (
    *("status", "statusInfo/**", "controlID", "name", "ResourceCounters/**", "subStatusCounters/**", "resourceIDs/**"),
    *("score", "scoreFactor", "complianceScore", "category/**", "deleted"),
)

READER = Reader(
    source="policy_checks",
    format="kubescape-json",
    title="Kubescape results (JSON)",
    reference="kubescape/opa-utils, reporthandling/v2 PostureReport",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "configuration-in-clear": ("/resources/**", "/results/*/rawResource/**", "/results/*/controls/*/rules/**"),
        "prioritisation": ("/results/*/prioritizedResource/**",),
        "control-text": ("/results/*/controls/*/category/**", "/results/*/controls/*/status/info"),
        "scan-target": (
            *(*besides("g", "/metadata/targetMetadata"), "/metadata/clusterMetadata/**", "/metadata/contextMetadata/**"),
            *(f"/metadata/targetMetadata/gitRepoContextMetadata/{key}" for key in ("provider", "repo", "owner", "defaultBranch")),
            "/metadata/targetMetadata/gitRepoContextMetadata/localRootPath",
        ),
        "people": besides("h", "/metadata/targetMetadata/gitRepoContextMetadata/lastCommit"),
        "scan-options": (*besides("k", "/metadata/scanMetadata"), "/attributes/**", "/paginationInfo/**"),
        "cluster": ("/clusterAPIServerInfo/**", "/clusterName", "/clusterCloudProvider", "/customerGUID", "/reportGUID", "/jobID"),
    },
    summarises={
        "control-and-framework-summary": (
            *(f"/summaryDetails/controls/*/{key}" for key in _CONTROL_SUMMARY),
            *(
                f"/summaryDetails/frameworks/*/{key}"
                for key in ("name", "controls/**", "status", "score", "complianceScore", "version", "statusInfo/**")
            ),
            *(f"/summaryDetails/{key}" for key in ("score", "complianceScore", "ResourceCounters/**")),
            *("/summaryDetails/resourcesSeverityCounters/**", "/summaryDetails/controlsSeverityCounters/**"),
        ),
    },
)
