"""behave's JSON report (``-f json``): an array of features, much like Cucumber's.

Other than there a scenario has a status of its own (vocabulary ``behave-status``), a background has no results, since its steps are
listed with each scenario, a step behind one that failed has no result, and durations are seconds; a scenario's is the sum of its steps'.
"""

from __future__ import annotations

from decimal import Decimal

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.units import scaled
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

VOCABULARY = "behave-status"
_NOT_RUN = {"skipped", "untested"}  # a feature may then have no scenarios at all
_NOT_FAILED = {"passed", *_NOT_RUN}
_STEP = "/*/elements/*/steps/*"


def recognise(head: Head) -> str | None:
    feature = head.get(0)
    fits = isinstance(feature, dict) and {"keyword", "location", "status"} <= feature.keys() and not {"uri", "id"} & feature.keys()
    return "" if fits else None


def read(tree: Tree, out: Extract) -> None:
    cases = 0
    for feature in tree.root.items():
        name, word = feature.text("name"), feature.text("status", required=True)
        failed = False
        for element in feature.items("elements", required=word not in _NOT_RUN):
            if element.text("type", required=True) != "background":
                cases += 1
                failed |= _scenario(element, name, out) not in _NOT_FAILED
        if word is not None and word not in _NOT_FAILED and not failed:  # one of its hooks did
            cases += 1
            out.row("test_cases", feature, suite=name, name=name, status=word, vocabulary=VOCABULARY)
    if not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no scenario; no test run is not a passed test run", tree.root)


def _scenario(scenario: Node, feature: str | None, out: Extract) -> str:
    word = scenario.text("status", required=True) or "absent"
    durations = [step.object("result").number("duration") for step in scenario.items("steps")]
    took = sum((Decimal(scaled(number, 0) or 0) for number in durations if number), Decimal(0))
    name = scenario.text("name", required=True)
    out.row("test_cases", scenario, suite=feature, name=name, status=word, vocabulary=VOCABULARY, duration_s=f"{took:f}")
    return word


READER = Reader(
    source="test_reports",
    format="behave-json",
    title="behave JSON report",
    reference="behave/behave behave/formatter/json.py; behave 1.2 and 1.3",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "failure-detail": (f"{_STEP}/result/error_message", f"{_STEP}/result/error_message/**"),  # may hold secrets
        "step-data": (f"{_STEP}/text/**", f"{_STEP}/table/**", f"{_STEP}/match/**"),
    },
    summarises={
        "step-detail": tuple(f"{_STEP}/{name}" for name in ("keyword", "step_type", "name", "location", "result/status")),
        "scenario-detail": tuple(
            f"/*/elements/*/{name}" for name in ("keyword", "location", "description/**", "tags/**", "name", "effective_tags/**")
        ),
        "feature-detail": tuple(f"/*/{name}" for name in ("keyword", "location", "description/**", "tags/**")),
    },
)
