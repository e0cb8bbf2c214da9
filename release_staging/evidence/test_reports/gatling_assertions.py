"""Gatling ``js/assertions.json``: the assertions of a simulation and whether each of them held.

Every assertion is a row whose status is the file's own ``true`` or ``false``, in the vocabulary ``gatling-assertion``. Its path is
the name, its target the statistic, its condition with the expected values the threshold. Two generations differ in names:
``conditionValues`` and ``values`` (an array), or ``expectedValues`` and ``actualValue`` (an array, too). The start is milliseconds
since 1970.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.epoch import LOSS, MILLISECONDS, rfc3339
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

VOCABULARY = "gatling-assertion"


def recognise(head: Head) -> str | None:
    return "" if head.has("simulation", "simulationId", "start") and isinstance(head.get("assertions"), list) else None


def read(tree: Tree, out: Extract) -> None:
    report = tree.root
    report.text("simulation")
    start = report.number("start", required=True)
    value = rfc3339(start, MILLISECONDS) if start else None
    if value:
        out.claim(
            "started_at",
            report["start"],
            value=value,
            accept=NUMBERS,
            confidence=Confidence.DERIVED,
            loss=LOSS[MILLISECONDS],
            required=True,
        )
    elif start:
        out.drift(report["start"], "milliseconds since 1970")
    assertion = None
    for assertion in report.items("assertions", required=True):
        _assertion(assertion, out)
    if assertion is None:
        out.problem(Code.EVIDENCE_EMPTY, "the simulation asserts nothing; nothing was judged", report["assertions"])


def _assertion(assertion: Node, out: Extract) -> None:
    held = assertion.flag("result", required=True)
    older = assertion["conditionValues"].exists
    wanted = _numbers(assertion["conditionValues" if older else "expectedValues"], out)
    found = _numbers(assertion["values" if older else "actualValue"], out)
    condition = assertion.text("condition", required=True)
    if held is None:
        return
    out.row(
        "metrics",
        assertion["result"],
        name=assertion.text("path", required=True),
        statistic=assertion.text("target", required=True),
        value=", ".join(found) or None,
        threshold=f"{condition} {', '.join(wanted)}" if condition else None,
        status="true" if held else "false",
        vocabulary=VOCABULARY,
    )


def _numbers(place: Node, out: Extract) -> list[str]:
    """The numbers of an array, or the one that stands there instead."""
    places = [place] if type(place.raw) in NUMBERS else [*place.items()]
    return [text for one in places if (text := out.scalar(one, accept=NUMBERS)) is not None]


READER = Reader(
    source="test_reports",
    format="gatling-assertions",
    title="Gatling assertions",
    reference="gatling/gatling io.gatling.charts.template.AssertionsJsonTemplate; Gatling 2 and 3",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={"assertion-message": ("/assertions/*/message",)},
    summarises={"simulation-detail": ("/simulationId", "/description", "/scenarios/**")},
)
