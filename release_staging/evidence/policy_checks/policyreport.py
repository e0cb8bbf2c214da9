"""PolicyReport and ClusterPolicyReport of the Kubernetes policy working group (wgpolicyk8s.io v1alpha2 and v1beta1, since then
reports.x-k8s.io), and what became of them: Report and ClusterReport of openreports.io. Their results have one shape.

One report, a YAML stream of them, or a list as ``kubectl get`` writes it. Results are words of "policyreport-result":
pass, fail, warn, error, skip. A failing result that is not scored (``scored: false``) is still a failing result. The
summary is only what the report says of itself: where it differs from a recount of the results, that is a
contradiction. Messages and properties of results may hold anything and are not read.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_GROUP = "wgpolicyk8s.io/"
_KINDS = {
    _GROUP: ("PolicyReport", "ClusterPolicyReport"),
    "reports.x-k8s.io/": ("PolicyReport", "ClusterPolicyReport"),
    "openreports.io/": ("Report", "ClusterReport"),
}
_WORDS = ("pass", "fail", "warn", "error", "skip")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253402300799  # 9999-12-31T23:59:59Z, the last instant that RFC 3339 can write


def recognise(head: Head) -> str | None:
    versions = [api for one in head.objects() if (api := _api_version(one)) is not None]
    return versions[0].removeprefix(_GROUP) if versions else None


def _api_version(report: Any) -> str | None:
    """The API version of a report; None where it is something else."""
    api, kind = (report.get("apiVersion"), report.get("kind")) if isinstance(report, dict) else (None, None)
    known = isinstance(api, str) and any(api.startswith(group) and kind in kinds for group, kinds in _KINDS.items())
    return api if known else None


def read(tree: Tree, out: Extract) -> None:
    sources: dict[str, Node] = {}
    latest: tuple[int, Node] | None = None
    for report in _reports(tree):
        report.text("kind")
        report.text("apiVersion")
        _note_source(report, sources)
        scope = _resource(report.object("scope"))
        counted: Counter[str] = Counter()
        for result in report.items("results"):
            counted[_result(result, scope, out) or ""] += 1
            _note_source(result, sources)
            seconds = result.object("timestamp").integer("seconds")
            if seconds is not None and (latest is None or seconds > latest[0]):
                latest = seconds, result["timestamp"]
        _check(report, counted, out)
    for name, place in sources.items():
        out.claim("tool.name", place, value=name)
    if latest is not None:
        _claim_time(latest[1], out)


def _reports(tree: Tree) -> list[Node]:
    """Every report of the document; what else stands in a list or a stream is left, and not understood."""
    found = []
    for root in tree.roots:
        listed = root["items"].exists
        if listed:
            root.text("kind")
            root.text("apiVersion")
        found += [one for one in (root.items("items") if listed else (root,)) if _api_version(one.raw) is not None]
    return found


def _note_source(holder: Node, sources: dict[str, Node]) -> None:
    source = holder.text("source")
    if source is not None:
        sources.setdefault(source, holder["source"])


def _result(result: Node, scope: str | None, out: Extract) -> str | None:
    """Writes the row of a result; returns its word."""
    word = result.text("result", required=True)
    resources = [named for resource in result.items("resources") if (named := _resource(resource)) is not None]
    out.row(
        "policy_results",
        result,
        policy=result.text("policy", required=True),
        rule=result.text("rule"),
        resource=", ".join(resources) or scope,
        status=word,
        severity=result.text("severity"),
        vocabulary="policyreport-result",
    )
    return word


def _resource(reference: Node) -> str | None:
    """A Kubernetes object as ``Kind/namespace/name``, or ``Kind/name`` where it is of no namespace."""
    if not reference.exists:
        return None
    parts = (reference.text("kind", required=True), reference.text("namespace"), reference.text("name", required=True))
    return "/".join(part for part in parts if part) or None


def _check(report: Node, counted: Counter[str], out: Extract) -> None:
    if not counted:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no result; nothing checked is not everything passed", report["results"])
    summary = report.object("summary")
    for word in _WORDS:
        declared = summary.integer(word)
        if declared is not None and declared != counted[word]:
            message = f'the summary declares {declared} results "{word}", the report lists {counted[word]}'
            out.problem(Code.CONTRADICTION, message, summary[word], expected=str(counted[word]), found=str(declared))


def _claim_time(timestamp: Node, out: Extract) -> None:
    """When the latest result was reached: seconds (and nanoseconds) since 1970."""
    seconds, nanos = timestamp.integer("seconds"), timestamp.integer("nanos")
    if seconds is None or not 0 <= seconds <= _LATEST:
        out.drift(timestamp["seconds"], "seconds since 1970")
        return
    value = (_EPOCH + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
    loss = "seconds since 1970 written as UTC" + (", nanoseconds left out" if nanos else "")
    out.claim("produced_at", timestamp["seconds"], value=value, accept=(int,), loss=loss)


def _of_reports(*patterns: str) -> tuple[str, ...]:
    """Patterns for a report that stands alone, and for one in a list."""
    return tuple(start + pattern for start in ("", "/items/*") for pattern in patterns)


READER = Reader(
    source="policy_checks",
    format="policyreport",
    title="Kubernetes PolicyReport, ClusterPolicyReport or OpenReports report",
    reference="kubernetes-sigs/wg-policy-prototypes, policy-report API; openreports.io, reports-api",
    encodings=(JSON, YAML),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    together=True,
    versions=("v1alpha2", "v1beta1", "reports.x-k8s.io/v1beta1", "reports.x-k8s.io/v1beta2", "openreports.io/v1alpha1"),
    revision=2,
    drops={
        "object-metadata": _of_reports("/metadata/**"),
        "result-text": _of_reports("/results/*/message", "/results/*/properties/**", "/results/*/category"),
        "result-detail": _of_reports("/results/*/scored", "/results/*/resourceSelector/**"),
        "resource-detail": _of_reports(
            *(f"{place}/{key}" for place in ("/scope", "/results/*/resources/*") for key in ("apiVersion", "uid", "resourceVersion"))
        ),
        "selector": _of_reports("/scopeSelector/**", "/configuration/**"),
    },
)
