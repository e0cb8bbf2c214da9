"""Keptn's evaluation of service-level objectives: the CloudEvent ``sh.keptn.event.evaluation.finished``, alone or in ``{"events":
[...]}``.

``data.status`` says whether the evaluation could be made, ``data.result`` how it ended: ``succeeded`` and ``fail`` go together. The
verdict is the evaluation's own ``result``, a word of ``keptn-result``, as is the status of each indicator. Without objectives Keptn
writes ``pass`` over nothing: an evaluation without indicators is told as empty. The commits in an event are those of Keptn's
configuration, never the candidate's.
"""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import NUMBERS, SCALARS, Node
from release_staging.model.exceptions import Code

VOCABULARY = "keptn-result"
_TYPE = "sh.keptn.event.evaluation.finished"

# Labels whose name says that they name the candidate.
_LABELS = {
    **dict.fromkeys(("version", "releaseVersion", "appVersion"), "candidate.version"),
    **dict.fromkeys(("commit", "gitCommit", "commitId"), "candidate.commit"),
    **dict.fromkeys(("branch", "gitBranch"), "candidate.branch"),
    **dict.fromkeys(("buildId", "buildid", "build"), "build.id"),
}


def recognise(head: Head) -> str | None:
    events = head.get("events") if head.has("events") else [head.root]
    found = [event for event in events if _is_evaluation(event)] if isinstance(events, list) else []
    return "" if found else None


def _is_evaluation(event: object) -> bool:
    return isinstance(event, dict) and event.get("type") == _TYPE and isinstance(event.get("data"), dict)


def read(tree: Tree, out: Extract) -> None:
    events = [event for event in _events(tree.root) if _is_evaluation(event.raw)]
    for event in events:
        _evaluation(event, event.text("id") if len(events) > 1 else None, out)


def _events(root: Node) -> Iterator[Node]:
    if root["events"].exists:
        yield from root.items("events")
    else:
        yield root


def _evaluation(event: Node, subject: str | None, out: Extract) -> None:
    event.text("type")
    out.claim("produced_at", event["time"], subject=subject)
    data = event.object("data", required=True)
    out.claim("service.name", data["service"], required=True)
    out.claim("environment.observed", data["stage"], required=True)
    for name, label in data.entries("labels"):
        if field := _LABELS.get(name):
            out.claim(field, label, accept=SCALARS)
        else:
            label.summarise(rule="other-labels")
    evaluation = data.object("evaluation", required=True)
    out.claim("verdict", evaluation["result"], required=True, vocabulary=VOCABULARY, subject=subject)
    out.claim("started_at", evaluation["timeStart"], subject=subject)
    out.claim("finished_at", evaluation["timeEnd"], subject=subject)
    _agree(data, evaluation, out)
    if (score := out.scalar(evaluation["score"], accept=NUMBERS)) is not None:
        out.row("metrics", evaluation["score"], name="score", statistic="score", value=score)
    indicator = None
    for indicator in evaluation.items("indicatorResults", required=True):
        _indicator(indicator, out)
    if indicator is None:
        what = "the evaluation has no indicators; Keptn writes pass where there are no objectives"
        out.problem(Code.EVIDENCE_EMPTY, what, evaluation["indicatorResults"])


def _agree(data: Node, evaluation: Node, out: Extract) -> None:
    """Notes where the event says two things of one evaluation."""
    inner, outer, status = evaluation.text("result"), data.text("result", required=True), data.text("status", required=True)
    if inner and outer and inner != outer:
        what = f"the evaluation's result at {evaluation['result'].locator} is another than the event's"
        out.problem(Code.CONTRADICTION, what, data["result"], subject="verdict", expected=inner, found=outer)
    if "pass" in (inner, outer) and status not in (None, "succeeded"):
        what = "the result is pass, but the evaluation could not be made"
        out.problem(Code.CONTRADICTION, what, data["status"], subject="verdict", expected="succeeded", found=status)


def _indicator(indicator: Node, out: Extract) -> None:
    value = indicator.object("value", required=True)
    status, measured = indicator.text("status", required=True), value.flag("success", required=True)
    name = value.text("metric", required=True)
    criteria = [text for target in indicator.items("passTargets") if (text := target.text("criteria"))]
    number = value.number("value")
    out.row(
        "metrics",
        indicator,
        name=name,
        statistic="key indicator" if indicator.flag("keySli") else "indicator",
        value=number if measured else None,  # a value that could not be fetched is written as 0
        threshold=", ".join(criteria) or None,
        status=status,
        vocabulary=VOCABULARY,
    )
    if status == "pass" and measured is False:
        what = "the indicator passed, but its value could not be fetched"
        out.problem(Code.CONTRADICTION, what, value["success"], subject="verdict", expected="true", found="false")


def _anywhere(*patterns: str) -> tuple[str, ...]:
    return tuple(prefix + pattern for prefix in ("", "/events/*") for pattern in patterns)


_INDICATOR = "/data/evaluation/indicatorResults/*"

READER = Reader(
    source="canary_analyses",
    format="keptn-evaluation",
    title="Keptn evaluation",
    reference="keptn/spec cloudevents.md 0.2, Evaluation Finished",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "configuration-commit": _anywhere("/gitcommitid", "/data/evaluation/gitCommit"),
        "messages": _anywhere("/data/message", f"{_INDICATOR}/value/message"),
        "objectives-file": _anywhere("/data/evaluation/sloFileContent"),
    },
    summarises={
        "event-envelope": (
            *_anywhere("/id", "/source", "/specversion", "/datacontenttype", "/contenttype", "/shkeptncontext", "/triggeredid"),
            *_anywhere("/shkeptnspecversion", "/time", "/data/project", "/data/temporaryData/**"),
            *("/nextPageKey", "/pageSize", "/totalCount", "/events/*/type"),
        ),
        "targets": _anywhere(
            *(
                f"{_INDICATOR}/{targets}/*/{key}"
                for targets in ("passTargets", "warningTargets")
                for key in ("criteria", "targetValue", "violated")
            ),
            *(f"{_INDICATOR}/{key}" for key in ("score", "displayName", "value/comparedValue")),
            "/data/evaluation/comparedEvents/**",
        ),
    },
)
