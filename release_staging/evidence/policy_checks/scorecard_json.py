"""OpenSSF Scorecard results in JSON (``scorecard --format json``, schema 2; Scorecard 4 and 5).

Each check has a score from 0 to 10, or -1 where it is inconclusive: the score is the word, in the vocabulary
"scorecard-score". Scorecard draws no line between passed and failed: only 10 and 0 say which. The aggregate leaves
inconclusive checks out and is only summarised. The commit is the revision that was looked at; "unknown" is Scorecard's word
for not knowing one.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_UNKNOWN = "unknown"


def recognise(head: Head) -> str | None:
    parts = head.has("checks", "repo", "scorecard") and isinstance(head.get("scorecard"), dict) and isinstance(head.get("repo"), dict)
    return "" if parts else None


def read(tree: Tree, out: Extract) -> None:
    result = tree.root
    repository, tool = result.object("repo"), result.object("scorecard")
    _claim_known("repository.url", repository, "name", out)
    _claim_known("candidate.commit", repository, "commit", out)
    out.claim("produced_at", result["date"])
    _claim_known("tool.version", tool, "version", out)
    tool.text("commit")
    checks = list(result.items("checks", required=True))
    for check in checks:
        out.row(
            "policy_results",
            check,
            policy="scorecard",
            rule=check.text("name", required=True),
            resource=repository.text("name"),
            status=check.number("score", required=True),
            vocabulary="scorecard-score",
        )
    if not checks:
        out.problem(Code.EVIDENCE_EMPTY, "the result holds no check; nothing checked is not everything passed", result["checks"])


def _claim_known(field: str, holder: Node, key: str, out: Extract) -> None:
    """Claims what stands at ``key``; a value that is missing is drift, Scorecard's "unknown" says nothing."""
    if holder[key].raw == _UNKNOWN:
        holder.text(key)
    else:
        out.claim(field, holder[key], required=True)


READER = Reader(
    source="policy_checks",
    format="scorecard-json",
    title="OpenSSF Scorecard results (JSON)",
    reference="ossf/scorecard, pkg/scorecard/json.v2.schema",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "check-text": ("/checks/*/reason", "/checks/*/details/**", "/checks/*/documentation/**", "/checks/*/annotations/**"),
        "user-metadata": ("/metadata/**",),
    },
    summarises={"aggregate-score": ("/score",)},
)
