"""Conftest results in JSON (``conftest test --output json``).

An array with an entry for each file and namespace. ``failures``, ``warnings``, ``skipped`` and ``exceptions`` list
single results; a list that is missing, null or empty says the same. ``successes`` is only a number: one row with the
word "success" stands for all of them. Words of "conftest-result", made by this reader after the lists' names: success,
failure, warning, skipped, exception. Messages and metadata are written by the policy's author and not copied, except
the query that names the rule.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree, besides
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_LISTS = {"failures": "failure", "warnings": "warning", "skipped": "skipped", "exceptions": "exception"}


def recognise(head: Head) -> str | None:
    first = head.get(0)
    return "" if isinstance(first, dict) and {"filename", "namespace", "successes"} <= first.keys() else None


def read(tree: Tree, out: Extract) -> None:
    for entry in tree.root.items(required=True):
        _entry(entry, out)


def _entry(entry: Node, out: Extract) -> None:
    successes = entry.integer("successes", required=True) or 0
    evaluated = max(successes, 0)
    if successes > 0:
        _row(entry["successes"], entry, "success", None, out)
    for key, word in _LISTS.items():
        for result in entry.items(key):
            evaluated += 1
            if type(result.raw) is not dict:
                out.drift(result, "an object")
            _row(result, entry, word, result.object("metadata").text("query"), out)
    if not evaluated:
        message = f"no rule of namespace {entry.text('namespace')} was evaluated on this file; nothing checked is not everything passed"
        out.problem(Code.EVIDENCE_EMPTY, message, entry["successes"])


def _row(place: Node, entry: Node, word: str, rule: str | None, out: Extract) -> None:
    out.row(
        "policy_results",
        place,
        policy=entry.text("namespace", required=True),
        rule=rule,
        resource=entry.text("filename"),
        status=word,
        vocabulary="conftest-result",
    )


def _of_results(*keys: str) -> tuple[str, ...]:
    return tuple(f"/*/{listed}/*/{key}" for listed in _LISTS for key in keys)


READER = Reader(
    source="policy_checks",
    format="conftest-json",
    title="Conftest results (JSON)",
    reference="conftest documentation, Output, JSON",
    encodings=(JSON, JSON_LINES),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "result-text": _of_results("msg", *besides("q", "metadata"), "loc/**", "outputs/**"),
        "query-trace": ("/*/queries/**",),
    },
)
