"""Locust's statistics as JSON (``locust --json``): an array with one object for every request name, and none for all together.

Times are seconds since 1970; the run began with the earliest first request and ended with the latest last one. Percentiles are not in
it: ``response_times`` is a histogram of rounded milliseconds. Nothing judges the run.
"""

from __future__ import annotations

from decimal import Decimal

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.epoch import LOSS, SECONDS, rfc3339
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code
from release_staging.parsing.json import text_of

_TELLING = {"num_requests", "num_failures", "num_none_requests", "total_response_time", "response_times", "num_reqs_per_sec"}
_ENOUGH = 4  # of them: one that is missing or has another name is drift
_STATISTICS = {
    "num_requests": ("samples", None),
    "num_failures": ("errors", None),
    "num_none_requests": ("requests without a response time", None),
    "min_response_time": ("min", "ms"),
    "max_response_time": ("max", "ms"),
    "total_response_time": ("sum", "ms"),
}
_COUNTS = ("num_requests", "num_failures")
_TIMES = {"started_at": ("start_time", min), "finished_at": ("last_request_timestamp", max)}


def recognise(head: Head) -> str | None:
    root = head.root
    if not isinstance(root, list) or not root:
        return None
    return "" if all(isinstance(item, dict) and len(_TELLING & item.keys()) >= _ENOUGH for item in root) else None


def read(tree: Tree, out: Extract) -> None:
    entries = [*tree.root.items(required=True)]
    samples = [_entry(entry, out) for entry in entries]
    if not any(samples):
        out.problem(Code.EVIDENCE_EMPTY, "no request was made; no load is not a load that was borne", tree.root)
    for field, (key, choose) in _TIMES.items():
        places = [place for entry in entries if (place := entry[key]) and out.scalar(place, accept=NUMBERS, required=place.raw is not None)]
        if places:
            place = choose(places, key=lambda place: Decimal(text_of(place.raw)))
            value = rfc3339(text_of(place.raw), SECONDS)
            if value is None:
                out.drift(place, "seconds since 1970")
            else:
                out.claim(field, place, value=value, accept=NUMBERS, confidence=Confidence.DERIVED, loss=LOSS[SECONDS])


def _entry(entry: Node, out: Extract) -> int | None:
    """Rows of one request name. Returns how many requests it counts."""
    method, name = entry.text("method"), entry.text("name", required=True)
    samples = entry.integer("num_requests", required=True)
    for key, (statistic, unit) in _STATISTICS.items():
        value = out.scalar(entry[key], accept=NUMBERS, required=key in _COUNTS)
        if value is not None:
            said = f"{method} {name}" if method else name
            out.row("metrics", entry[key], name=said, statistic=statistic, value=value, unit=unit, samples=samples)
    for key in ("response_times", "num_reqs_per_sec", "num_fail_per_sec"):
        for _, place in entry.entries(key):
            place.summarise(rule="histograms")
    return samples


READER = Reader(
    source="test_reports",
    format="locust-json",
    title="Locust statistics (JSON)",
    reference="locustio/locust locust/stats.py, StatsEntry.serialize; Locust 2",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    summarises={"response-size": ("/*/total_content_length",)},
)
