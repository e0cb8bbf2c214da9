"""KICS results in JSON (``kics scan --report-formats json``).

KICS lists only queries that found something: a row for each file they found it in. Words of "kics-finding", all our own: found;
clean, for a scan that found nothing; and not-scanned, not-executed, for files and queries that failed, counted in one row
each. Search keys, expected and actual values hold configuration and are not read.
"""

from __future__ import annotations

from collections import Counter

from release_staging.evidence.policy_checks import recount
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_VOCABULARY = "kics-finding"
_FAILURES = {"files_failed_to_scan": "not-scanned", "queries_failed_to_execute": "not-executed"}


def recognise(head: Head) -> str | None:
    return "" if head.has("kics_version", "queries_total") else None


def read(tree: Tree, out: Extract) -> None:
    scan = tree.root
    out.claim("tool.version", scan["kics_version"])
    out.claim("started_at", scan["start"])
    out.claim("finished_at", scan["end"])
    found: Counter[str] = Counter()
    for query in scan.items("queries", required=True):
        found[query.text("severity") or ""] += _read_query(query, out)
    for key, word in _FAILURES.items():
        if scan.integer(key):
            _row(scan[key], word, out)
    recount.check(scan, "total_counter", found.total(), "findings")
    for severity, total in scan.entries("severity_counters"):
        recount.check(total.parent or scan, severity, found[severity], f"findings of severity {severity}")
    _read_extent(scan, found.total(), out)


def _read_query(query: Node, out: Extract) -> int:
    count = 0
    for count, file in enumerate(query.items("files", required=True), start=1):
        out.row(
            "policy_results",
            file,
            policy=query.text("query_name"),
            rule=query.text("query_id", required=True),
            resource=file.text("file_name", required=True),
            status="found",
            severity=query.text("severity", required=True),
            vocabulary=_VOCABULARY,
        )
    return count


def _read_extent(scan: Node, found: int, out: Extract) -> None:
    """Whether anything was looked at: only then finding nothing says something."""
    files, queries = scan.integer("files_scanned", required=True), scan.integer("queries_total", required=True)
    if not files or not queries:
        key = "queries_total" if files else "files_scanned"
        out.problem(Code.EVIDENCE_EMPTY, "no file was scanned with any query; nothing checked is not everything passed", scan[key])
    elif not found and scan["total_counter"].raw == 0:
        _row(scan["total_counter"], "clean", out)


def _row(place: Node, word: str, out: Extract) -> None:
    out.row("policy_results", place, status=word, vocabulary=_VOCABULARY)


_FILE_CONFIGURATION = ("search_key", "search_line", "search_value", "expected_value", "actual_value", "remediation", "value")

READER = Reader(
    source="policy_checks",
    format="kics-json",
    title="KICS results (JSON)",
    reference="KICS documentation, Results, JSON",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "configuration-in-clear": tuple(f"/queries/*/files/*/{key}" for key in _FILE_CONFIGURATION),
        "query-text": tuple(
            f"/queries/*/{key}"
            for key in (
                *("query_url", "platform", "cwe", "risk_score", "cloud_provider", "category", "description", "description_id"),
                *("experimental", "cis_description_id", "cis_description_title", "cis_description_text"),
            )
        ),
        "finding-detail": tuple(
            f"/queries/*/files/*/{key}"
            for key in ("line", "resource_type", "resource_name", "issue_type", "similarity_id", "remediation_type")
        ),
        "scan-options": ("/paths/**", "/scan_id", "/bill_of_materials/**"),
    },
    summarises={
        "extent": (
            *("/lines_scanned", "/files_parsed", "/lines_parsed", "/lines_ignored", "/total_bom_resources"),
            "/queries_failed_to_compute_similarity_id",
        ),
    },
)
