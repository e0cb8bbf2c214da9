"""What the readers of Kayenta's documents share: a judge's result (``judgeResult``), and the scopes it compared.

The classification of the score is the judgement, a word of ``kayenta-classification``; ``status`` only says whether the analysis
could be carried out, and is the verdict (``kayenta-status``) only where there is no judgement. Each metric is a row with its own
classification, in ``kayenta-metric``. What is compared are server groups by name; such a name is neither a version nor a digest.
"""

from __future__ import annotations

from decimal import Decimal

from release_staging.evidence.reader import Extract
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.exceptions import Code
from release_staging.parsing.json import text_of

_STATISTICS = ("count", "mean", "min", "max", "median", "standardDeviation")
_FAILING = ("High", "Low", "NodataFailMetric", "Error")


def judged(result: Node, thresholds: Node | None, out: Extract, *, verdict: bool, subject: str | None = None) -> None:
    """Rows of a judge's result and, where ``verdict``, its claim. ``thresholds`` holds ``pass`` and ``marginal``, where they are known."""
    result.text("judgeName")
    score = result.object("score", required=True)
    if verdict:
        out.claim("verdict", score["classification"], required=True, vocabulary="kayenta-classification", subject=subject)
    wanted = {key: number for key in ("pass", "marginal") if thresholds and (number := thresholds.number(key)) is not None}
    if type(score.raw) is dict:
        out.row(
            "metrics",
            score,
            name=subject or "score",
            statistic="score",
            value=out.scalar(score["score"], accept=NUMBERS, required=True),
            threshold=", ".join(f"{key} {number}" for key, number in wanted.items()) or None,
            status=score.text("classification", required=True),
            vocabulary="kayenta-classification",
        )
    metrics = [*result.items("results", required=True)]
    for metric in metrics:
        _metric(metric, out)
    if score["classification"].raw == "Pass":
        _recount(score, metrics, wanted.get("pass"), out)


def _metric(metric: Node, out: Extract) -> None:
    statistics = metric.object("experimentMetadata").object("stats")
    out.row(
        "metrics",
        metric,
        name=metric.text("name", required=True),
        statistic="mean",
        value=out.scalar(statistics["mean"], accept=NUMBERS) if statistics["mean"].raw not in ("NaN", "Infinity") else None,
        status=metric.text("classification", required=True),
        vocabulary="kayenta-metric",
        samples=statistics.integer("count"),
    )


def _recount(score: Node, metrics: list[Node], threshold: str | None, out: Extract) -> None:
    """Notes why a judgement that is ``Pass`` is not borne out by what it was made of."""
    found = score["score"]
    reasons = []
    if type(found.raw) in NUMBERS and threshold is not None and Decimal(text_of(found.raw)) < Decimal(threshold):
        reasons.append((found, f"a score below the {threshold} that it takes to pass"))
    if not any(metric["classification"].raw == "Pass" for metric in metrics):
        reasons.append((score, "no metric that passed"))
    for metric in metrics:
        critical = metric.flag("critical") or metric.text("criticality") == "critical"
        if critical and metric["classification"].raw in _FAILING:
            reasons.append((metric["classification"], "a critical metric that did not pass"))
    for place, what in reasons:
        message = f"the judgement is Pass at {score['classification'].locator}, but {place.locator} shows {what}"
        out.problem(Code.CONTRADICTION, message, place, subject="verdict", expected="Pass", found=what)


def compared(name: str, control: Node, experiment: Node, out: Extract) -> None:
    """Notes a canary that was compared with itself. The nodes are all that tells control and experiment of this scope apart."""
    if control.raw == experiment.raw and control.exists:
        what = f"control and experiment of scope {name[:100]} are the same: the canary was compared with itself"
        out.problem(Code.CONTRADICTION, what, experiment, subject="verdict", expected="two scopes", found="one scope")


def below(prefix: str, *keys: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{key}" for key in keys)


def judgement_losses(prefix: str) -> tuple[str, ...]:
    """Patterns of what is condensed in the ``judgeResult`` at ``prefix``."""
    return (
        *below(f"{prefix}/results/*", "id", "tags/**", "groups/**", "classificationReason", "muted", "resultMetadata/**"),
        *below(f"{prefix}/results/*", "critical", "criticality"),
        *(f"{prefix}/results/*/{side}Metadata/stats/{key}" for side in ("experiment", "control") for key in _STATISTICS),
        *below(prefix, "groupScores/**", "score/classificationReason"),
    )
