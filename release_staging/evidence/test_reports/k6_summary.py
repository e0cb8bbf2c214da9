"""k6 end-of-test summary: three incompatible shapes, told apart as dialects.

``summary-export``   ``--summary-export``: flat numbers, ``thresholds`` of booleans that are **true where crossed**
``handle-summary``   ``handleSummary(data)``: numbers under ``values``, ``thresholds`` of ``{"ok": true where met}``
``machine-readable`` ``--new-machine-readable-summary``: lists of metrics and checks, and no threshold at all

A threshold's status, in the vocabulary ``k6-threshold``, is ``met``, ``crossed``, or ``no-samples`` where it is met over
nothing: k6 lets a threshold over no samples pass. Where the summary holds the number too, it must bear the status out. Each
statistic of a metric is a row, as is each check (which does not decide a run and has no status). In ``http_req_failed`` k6 counts
failed requests as ``passes``; the rows name them rightly.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.properties import PROPERTIES
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code
from release_staging.parsing.json import text_of

EXPORT, HANDLE, MACHINE = "summary-export", "handle-summary", "machine-readable"

_KNOWN = {"iterations", "iteration_duration", "http_reqs", "http_req_duration", "vus", "checks", "data_received", "data_sent"}
_MILLISECONDS = re.compile(r"(http_req_(?!failed)\w+|iteration_duration|group_duration|\w+_connecting|\w+_session_duration)(\{.*)?")
_BYTES = re.compile(r"data_(received|sent)(\{.*)?")
_EXPRESSION = re.compile(r"\s*(?P<aggregate>[a-z]+(?:\([\d.]+\))?)\s*(?P<compares>[<>]=?|={2,3}|!=)\s*(?P<limit>-?\d+(?:\.\d+)?)?")
_COMPARES: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "===": operator.eq,
    "!=": operator.ne,
}
_INVERTED = {"passes": "failed requests", "fails": "good requests", "matches": "failed requests"}


def recognise(head: Head) -> str | None:
    if head.text("metadata", "k6Version") and isinstance(head.get("results"), dict):
        return MACHINE
    metrics = head.get("metrics")
    if not isinstance(metrics, dict) or not any(isinstance(metrics.get(name), dict) for name in _KNOWN):
        return None
    return HANDLE if any(isinstance(metric, dict) and "values" in metric for metric in metrics.values()) else EXPORT


def read(tree: Tree, out: Extract) -> None:
    summary = tree.root
    if "metrics" not in summary.raw and "metadata" in summary.raw:
        _machine_readable(summary, out)
        return
    for name, metric in summary.entries("metrics", required=True):
        nested = metric["values"].exists or metric["type"].exists
        numbers = metric.object("values", required=True) if nested else metric
        if type(numbers.raw) is not dict:
            if not nested:
                out.drift(metric, "an object")
            continue
        if nested:
            metric.text("type")
            metric.text("contains")
        _statistics(name, numbers, out)
        for expression, threshold in metric.entries("thresholds"):
            _threshold(name, numbers, expression, threshold, nested, out)
    checks = [check for group in _groups(summary["root_group"]) for check in _members(group["checks"])]
    for check in checks:
        _check(check, out)
    _recount(summary, checks, out)
    _claim_tags(summary["options"]["tags"], out)


def _recount(summary: Node, checks: list[Node], out: Extract) -> None:
    """The metric ``checks`` beside the checks, and whether anything was run."""
    metric = summary["metrics"]["checks"]
    numbers = metric["values"] if metric["values"].exists else metric
    for key in ("passes", "fails") if checks else ():
        listed = sum(check[key].raw for check in checks if type(check[key].raw) is int)
        if type(numbers[key].raw) is int and numbers[key].raw != listed:
            message = f"{numbers[key].raw} {key} declared at {numbers[key].locator}, but the checks listed have {listed}"
            out.problem(Code.CONTRADICTION, message, numbers[key], expected=str(listed), found=str(numbers[key].raw))
    iterations = summary["metrics"]["iterations"]
    count = iterations["values"]["count"] if iterations["values"].exists else iterations["count"]
    if type(count.raw) is int and count.raw == 0:
        out.problem(Code.EVIDENCE_EMPTY, "not one iteration was run: nothing was tested", count)


def _claim_tags(tags: Node, out: Extract) -> None:
    """Tags of the whole run that name the candidate, where a script puts its options into the summary."""
    for name, tag in tags.entries() if type(tags.raw) is dict else ():
        if field := PROPERTIES.get(name.lower()):
            out.claim(field, tag)


def _machine_readable(summary: Node, out: Extract) -> None:
    if (schema := summary.text("version", required=True)) and not schema.startswith("1."):
        out.drift(summary["version"], "version 1 of the summary's schema")
    metadata, results = summary.object("metadata", required=True), summary.object("results", required=True)
    out.claim("tool.name", metadata["k6Version"], value="k6", confidence=Confidence.DERIVED, loss="told by the member's name")
    out.claim("tool.version", metadata["k6Version"], required=True)
    out.claim("produced_at", metadata["generatedAt"], required=True)
    checks = results.object("checks")
    for metric in (*results.items("metrics", required=True), *checks.items("metrics")):
        metric.text("type")
        metric.text("contains")
        _statistics(metric.text("name", required=True) or "", metric.object("values", required=True), out)
    for check in checks.items("results"):
        _check(check, out)


def _statistics(name: str, numbers: Node, out: Extract) -> None:
    """A row for each number of a metric."""
    rate, samples = _is_rate(numbers), _samples(numbers)
    if not rate and (numbers["passes"].exists or numbers["fails"].exists):
        out.drift(numbers["fails" if numbers["passes"].exists else "passes"], "a whole number")
    for key, raw in numbers.raw.items() if type(numbers.raw) is dict else ():
        if key in ("thresholds", "type", "contains") and type(raw) not in NUMBERS:
            continue
        place = numbers[key]
        value = out.scalar(place, accept=NUMBERS)
        statistic = "rate" if rate and key == "value" else key
        if name.startswith("http_req_failed"):
            statistic = _INVERTED.get(key, statistic)
        if value is not None:
            out.row("metrics", place, name=name, statistic=statistic, value=value, unit=_unit(name, key), samples=samples)


def _threshold(name: str, numbers: Node, expression: str, threshold: Node, nested: bool, out: Extract) -> None:
    if type(threshold.raw) is bool and not nested:
        met, place = not threshold.raw, threshold
        place.mark()
    else:  # a bare boolean in the shape whose booleans are objects could mean either: drift, and no status
        place = threshold["ok"]
        ok = threshold.flag("ok", required=True)
        if ok is None:
            return
        met = ok
    parts = _EXPRESSION.match(expression)
    key = parts["aggregate"] if parts else ""
    if key == "rate" and "rate" not in numbers.raw:
        key = "value"
    value = text_of(numbers.raw[key]) if type(numbers.raw.get(key)) in NUMBERS else None
    nothing = _nothing_measured(numbers)
    if parts and parts["limit"] and value is not None and not nothing:
        holds = _COMPARES[parts["compares"]](float(value), float(parts["limit"]))
        if holds != met:
            what = f"the threshold {expression} is {'met' if met else 'crossed'}, but {numbers[key].locator} is {value}"
            out.problem(Code.CONTRADICTION, what, place, expected="met" if holds else "crossed", found="met" if met else "crossed")
    out.row(
        "metrics",
        place,
        name=name,
        statistic=parts["aggregate"] if parts else None,
        value=value,
        unit=_unit(name, key),
        threshold=expression,
        status=("no-samples" if nothing else "met") if met else "crossed",
        vocabulary="k6-threshold",
        samples=_samples(numbers),
    )


def _check(check: Node, out: Extract) -> None:
    check.drop("id", "path", rule="check-identity")
    passes, fails = check.integer("passes", required=True), check.integer("fails", required=True)
    if passes is not None and fails is not None:
        name = check.text("name", required=True)
        out.row("metrics", check, name=name, statistic="check passes", value=str(passes), samples=passes + fails)


def _groups(group: Node) -> Iterator[Node]:
    """A group and all groups within it."""
    waiting = [group]
    while waiting:
        group = waiting.pop()
        if group.exists:
            group.text("name")
            group.drop("id", "path", rule="check-identity")
            yield group
            waiting += _members(group["groups"])


def _members(node: Node) -> list[Node]:
    """Groups and checks stand in an object by name in one shape, in an array in another."""
    return [*node.items()] if isinstance(node.raw, list) else [member for _, member in node.entries()]


def _is_rate(numbers: Node) -> bool:
    return type(numbers.raw) is dict and {"passes", "fails"} <= numbers.raw.keys()


def _samples(numbers: Node) -> int | None:
    """How many samples a rate has, or a trend that says so; a counter's ``count`` is a sum of values."""
    if type(numbers.raw) is not dict:
        return None
    if _is_rate(numbers):
        passes, fails = numbers.raw["passes"], numbers.raw["fails"]
        return passes + fails if type(passes) is int and type(fails) is int else None
    raw = numbers.raw.get("count") if "avg" in numbers.raw else numbers.raw.get("total") if "matches" in numbers.raw else None
    return raw if type(raw) is int else None


def _nothing_measured(numbers: Node) -> bool:
    """Whether a rate or trend has no samples. k6 writes a trend without samples as zeros; no counter is judged so."""
    if (samples := _samples(numbers)) is not None:
        return samples == 0
    extremes = [text_of(numbers.raw[key]) for key in ("min", "max", "avg") if type(numbers.raw.get(key)) in NUMBERS]
    return "avg" in numbers.raw and bool(extremes) and all(float(text) == 0 for text in extremes)


def _unit(name: str, statistic: str) -> str | None:
    if _MILLISECONDS.fullmatch(name):
        return None if statistic == "count" else "ms"
    return "B" if _BYTES.fullmatch(name) and statistic == "count" else None


READER = Reader(
    source="test_reports",
    format="k6-summary",
    title="k6 end-of-test summary",
    reference="grafana/k6 internal/js/summary-wrapper.js and internal/lib/summary/machinereadable; k6 1.x",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=3,
    dialects=(EXPORT, HANDLE, MACHINE),
    drops={
        # What a script's setup returned: tokens, as a rule.
        "setup-data": ("/setup_data/**",),
    },
    summarises={
        "run-options": ("/options/**", "/config/**"),
        "run-state": ("/state/**",),
    },
)
