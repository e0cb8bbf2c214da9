"""Artillery's report (``artillery run --output``). Version 1 names its numbers one by one, version 2 has counters, rates and
summaries.

The aggregate's numbers are rows; the intermediate ones are only its parts. In neither is an error a response: ``errors`` (1) or the
counters ``errors.*`` (2) stand beside the response codes. A report in which no virtual user came to the end of a scenario measured
nothing of it. Whether the run's expectations held (``ensure``) is not in the file, so nothing judges the run.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.epoch import LOSS, MILLISECONDS, rfc3339
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

V1, V2 = "1", "2"
_COUNTS = ("scenariosCreated", "scenariosCompleted", "scenariosAvoided", "requestsCompleted")
_TIMES = {"started_at": "firstMetricAt", "finished_at": "lastMetricAt"}


def recognise(head: Head) -> str | None:
    aggregate = head.get("aggregate")
    if not isinstance(aggregate, dict) or "intermediate" not in head.root:
        return None
    if {"scenariosCreated", "latency", "codes"} <= aggregate.keys():
        return V1
    return V2 if {"counters", "rates", "summaries"} <= aggregate.keys() else None


def read(tree: Tree, out: Extract) -> None:
    aggregate = tree.root.object("aggregate", required=True)
    completed = _version_1(aggregate, out) if "scenariosCreated" in aggregate.raw else _version_2(aggregate, out)
    if not completed:
        out.problem(Code.EVIDENCE_EMPTY, "no virtual user completed its scenario; nothing was measured to its end", aggregate)


def _version_1(aggregate: Node, out: Extract) -> int | None:
    out.claim("produced_at", aggregate["timestamp"], required=True)
    for key in _COUNTS:
        _row(aggregate[key], key, "count", None, out)
    requests = aggregate.integer("requestsCompleted", required=True)
    for name in ("latency", "scenarioDuration"):
        for statistic, place in aggregate.entries(name, required=name == "latency"):
            _row(place, name, statistic, "ms", out, samples=requests if name == "latency" else None)
    _row(aggregate.object("rps")["mean"], "rps", "mean", "1/s", out)
    aggregate["rps"].summarise("count", rule="same-number-again")
    for name in ("codes", "errors", "scenarioCounts", "counters", "customStats"):
        for key, place in aggregate.entries(name, required=name in ("codes", "errors")):
            if type(place.raw) is dict:
                for statistic, below in place.entries():
                    _row(below, f"{name}.{key}", statistic, None, out)
            else:
                _row(place, f"{name}.{key}", "count", None, out)
    return aggregate.integer("scenariosCompleted", required=True)


def _version_2(aggregate: Node, out: Extract) -> int | None:
    for field, key in _TIMES.items():
        text = aggregate.number(key, required=True)
        value = rfc3339(text, MILLISECONDS) if text else None
        if value:
            out.claim(field, aggregate[key], value=value, accept=NUMBERS, confidence=Confidence.DERIVED, loss=LOSS[MILLISECONDS])
        elif text:
            out.drift(aggregate[key], "milliseconds since 1970")
    for name, place in aggregate.entries("counters", required=True):
        _row(place, name, "count", None, out)
    for name, place in aggregate.entries("rates", required=True):
        _row(place, name, "rate", "1/s", out)
    for name, summary in aggregate.entries("summaries", required=True):
        for statistic, place in summary.entries(required=True):
            _row(place, name, statistic, None, out, samples=summary.integer("count"))
    counters = aggregate["counters"].raw
    completed = counters.get("vusers.completed") if type(counters) is dict else None
    return completed if type(completed) is int else None


def _row(place: Node, name: str, statistic: str, unit: str | None, out: Extract, samples: int | None = None) -> None:
    value = out.scalar(place, accept=NUMBERS)
    if value is not None:
        out.row("metrics", place, name=name, statistic=statistic, value=value, unit=unit, samples=samples)


READER = Reader(
    source="test_reports",
    format="artillery-json",
    title="Artillery report",
    reference="artilleryio/artillery packages/core lib/stats2.js and ssms.js; Artillery 1 and 2",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    versions=(V1, V2),
    summarises={
        "intermediate-reports": ("/intermediate/**",),
        "same-number-again": ("/aggregate/histograms/**", "/aggregate/matches", "/aggregate/latencies/**", "/aggregate/period"),
        "load-phases": ("/phases/**", "/aggregate/phases/**"),
        "counter-times": (
            "/aggregate/firstCounterAt",
            "/aggregate/lastCounterAt",
            "/aggregate/firstHistogramAt",
            "/aggregate/lastHistogramAt",
        ),
    },
)
