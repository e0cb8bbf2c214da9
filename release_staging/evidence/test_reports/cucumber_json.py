"""Cucumber JSON (``--format json``): an array of features.

A scenario has no result of its own: its status is the worst of its steps and hooks, in the order in which Cucumber itself
weighs them (vocabulary ``cucumber-status``: ``passed failed skipped pending undefined ambiguous unknown``). Steps of a background
count for the scenario behind it. A scenario without steps has ``no-steps``, a step without a result ``absent``, both this
reader's words. Durations are nanoseconds; a scenario's is the sum of its steps'.
"""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.units import scaled
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_BEST_TO_WORST = ("passed", "skipped", "pending", "undefined", "ambiguous", "unknown", "absent", "failed")
_HOOKS = ("before", "after")


def recognise(head: Head) -> str | None:
    feature = head.get(0)
    if not isinstance(feature, dict) or not {"uri", "keyword", "elements"} <= feature.keys():
        return None
    return "" if isinstance(feature["elements"], list) else None


def read(tree: Tree, out: Extract) -> None:
    cases, first = 0, None
    for feature in tree.root.items():
        name = feature.text("name")
        words: list[str] = []
        duration = 0
        for element in feature.items("elements", required=True):
            if element.text("start_timestamp") and first is None:
                first = element["start_timestamp"]
            kind = element.text("type")
            for word, nanoseconds in _results(element):
                words.append(word)
                duration += nanoseconds
            if kind == "background":
                continue
            cases += 1
            out.row(
                "test_cases",
                element,
                suite=name,
                name=element.text("name") or element.text("id"),
                status=max(words, key=_weight, default="no-steps"),
                vocabulary="cucumber-status",
                duration_s=scaled(str(duration), 9),
            )
            words, duration = [], 0
        if words:
            out.drift(feature["elements"], "a scenario behind the last background")
    if first is not None:
        out.claim("started_at", first, confidence=Confidence.DERIVED, loss="time of the first scenario")
    if not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no scenario; no test run is not a passed test run", tree.root)


def _results(element: Node) -> Iterator[tuple[str, int]]:
    """Status and nanoseconds of each hook and step, also of the hooks of steps."""
    for name in _HOOKS:
        yield from (_result(hook) for hook in element.items(name))
    for step in element.items("steps"):
        for name in _HOOKS:
            yield from (_result(hook) for hook in step.items(name))
        yield _result(step)


def _result(step: Node) -> tuple[str, int]:
    result = step.object("result", required=True)
    return result.text("status", required=True) or "absent", result.integer("duration") or 0


def _weight(word: str) -> int:
    """A word that nobody knows weighs most: it must be seen."""
    return _BEST_TO_WORST.index(word) if word in _BEST_TO_WORST else len(_BEST_TO_WORST)


_ELEMENT = "/*/elements/*"
_STEPS = tuple(f"{_ELEMENT}/{name}" for name in ("steps/*", "before/*", "after/*", "steps/*/before/*", "steps/*/after/*"))


def _each(*names: str) -> tuple[str, ...]:
    return tuple(f"{step}/{name}" for step in _STEPS for name in names)


READER = Reader(
    source="test_reports",
    format="cucumber-json",
    title="Cucumber JSON report",
    reference="cucumber/cucumber-json-schema; cucumber-js, cucumber-jvm and cucumber-ruby formatters",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "failure-detail": _each("result/error_message"),  # may hold secrets
        "test-output": _each("embeddings/**", "output/**"),
        "step-data": _each("rows/**", "doc_string/**", "arguments/**", "match/arguments/**"),
    },
    summarises={
        "step-detail": _each("keyword", "name", "line", "hidden", "match/location"),
        "scenario-detail": tuple(
            f"{_ELEMENT}/{name}" for name in ("id", "keyword", "line", "description", "type", "tags/**", "comments/**", "start_timestamp")
        ),
        "feature-detail": tuple(
            f"/*/{name}" for name in ("id", "uri", "keyword", "line", "description", "tags/**", "comments/**", "metadata/**")
        ),
    },
)
