"""Checkov results in JSON (``checkov --output json``).

One report, an array with a report for each framework, or, where no framework found anything to check, the bare summary.
Results are words of "checkov-result": PASSED, FAILED, SKIPPED, UNKNOWN as Checkov writes them, and of our own
``parsing-error`` for a file that could not be parsed and so was not checked.

``--quiet`` leaves passed and skipped checks out: then one row at the summary's count stands for them. Severities are null
without a platform key. Code blocks, evaluations and definitions hold configuration in clear and are not read.
"""

from __future__ import annotations

from release_staging.evidence.policy_checks import recount
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_LISTS = {"passed_checks": ("passed", "PASSED"), "failed_checks": ("failed", "FAILED"), "skipped_checks": ("skipped", "SKIPPED")}
_COUNTS = ("passed", "failed", "skipped", "checkov_version")
_VOCABULARY = "checkov-result"


def recognise(head: Head) -> str | None:
    one = head.root[0] if isinstance(head.root, list) and head.root else head.root
    report = Head(head.encoding, one)
    if report.has("check_type", "results", "summary") and isinstance(report.get("results"), dict):
        return "" if report.text("summary", "checkov_version") else None
    return "" if report.has(*_COUNTS) else None


def read(tree: Tree, out: Extract) -> None:
    reports = list(tree.root.items()) if isinstance(tree.root.raw, list) else [tree.root]
    for number, report in enumerate(reports):
        bare = not report["results"].exists and not report["summary"].exists
        summary = report if bare else report.object("summary", required=True)
        if number == 0:
            out.claim("tool.version", summary["checkov_version"])
        summary.text("checkov_version")
        _read_report(report, summary, bare, out)


def _read_report(report: Node, summary: Node, bare: bool, out: Extract) -> None:
    framework = None if bare else report.text("check_type", required=True)
    results = report.object("results", required=not bare)
    quiet = bare or not (results["passed_checks"].exists or results["skipped_checks"].exists)
    found = 0
    for listed, (key, word) in _LISTS.items():
        if results[listed].exists:
            checks = list(results.items(listed))
            for check in checks:
                _read_check(check, framework, word, out)
            recount.check(summary, key, len(checks), f"{key} checks")
            found += len(checks)
        else:
            count = _of_summary(summary, key, word, framework, out)
            if not bare and (listed == "failed_checks" or (count and not quiet)):
                out.drift(results[listed], "an array")
            found += count
    if results["parsing_errors"].exists:
        errors = [place for place in results.items("parsing_errors") if out.scalar(place, required=True)]
        for place in errors:
            _row(place, framework, "parsing-error", out, resource=place.raw)
        recount.check(summary, "parsing_errors", len(errors), "parsing errors")
    elif _of_summary(summary, "parsing_errors", "parsing-error", framework, out) and not quiet:
        out.drift(results["parsing_errors"], "an array")
    if not found:
        out.problem(Code.EVIDENCE_EMPTY, "no check was made; nothing checked is not everything passed", summary)


def _read_check(check: Node, framework: str | None, expected: str, out: Extract) -> None:
    word = check.object("check_result", required=True).text("result", required=True)
    if word is not None and word != expected:
        message = f"a check listed among those {expected} says {word}"
        out.problem(Code.CONTRADICTION, message, check["check_result"]["result"], expected=expected, found=word)
    _row(
        check,
        framework,
        word,
        out,
        rule=check.text("check_id", required=True),
        resource=check.text("resource") or check.text("file_path"),
        severity=check.text("severity"),
    )


def _of_summary(summary: Node, key: str, word: str, framework: str | None, out: Extract) -> int:
    """One row for all results of a kind that only the summary counts; how many they are."""
    count = max(summary.integer(key, required=True) or 0, 0)
    if count:
        _row(summary[key], framework, word, out)
    return count


def _row(place: Node, framework: str | None, word: str | None, out: Extract, **more: str | None) -> None:
    out.row("policy_results", place, more, policy=framework, status=word, vocabulary=_VOCABULARY)


def _each(*patterns: str) -> tuple[str, ...]:
    """Patterns for a report that stands alone, and for one in an array."""
    return tuple(start + pattern for start in ("", "/*") for pattern in patterns)


def _of_checks(*keys: str) -> tuple[str, ...]:
    return _each(*(f"/results/{listed}/*/{key}" for listed in _LISTS for key in keys))


READER = Reader(
    source="policy_checks",
    format="checkov-json",
    title="Checkov results (JSON)",
    reference="Checkov documentation, Reviewing scan results, JSON; checkov/common/output/report.py",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "configuration-in-clear": _of_checks(
            *("code_block/**", "evaluations/**", "fixed_definition/**", "entity_tags/**", "details/**", "connected_node/**"),
            *(f"check_result/{key}/**" for key in ("entity", "evaluated_keys", "results_configuration", "suppress_comment")),
        ),
        "check-text": _of_checks(
            *("check_name", "check_class", "bc_check_id", "bc_category", "guideline", "description", "short_description", "check_len"),
            *("benchmarks/**", "vulnerability_details/**"),
        ),
        "place-in-source": _of_checks(
            *("file_path", "file_abs_path", "repo_file_path", "file_line_range/**", "resource_address", "breadcrumbs/**"),
            *("caller_file_path", "caller_file_line_range/**", "definition_context_file_path"),
        ),
        "platform-link": _each("/url"),
    },
    summarises={"resource-count": _each("/summary/resource_count", "/resource_count")},
)
