"""Gatling ``js/stats.json`` (dialect ``stats``: a tree of groups and requests) and ``js/global_stats.json`` (``global-stats``).

Each number is a row: of all requests, of the good ones (``... (ok)``) and of the failed ones (``... (ko)``). Where there was no
request of a kind its numbers are placeholders, not measurements, and are no rows. Which percentiles ``percentiles1`` to
``percentiles4`` are is a setting (50, 75, 95, 99 unless changed) that the file does not name: they are ``pct1`` to ``pct4``. The
file names neither time nor version, and judges nothing; what does is ``assertions.json``. ``stats.js`` is a program, not a
document, and is not read.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.exceptions import Code

STATS, GLOBAL = "stats", "global-stats"

_COUNT = "numberOfRequests"
_STATISTICS = {
    "minResponseTime": ("min", "ms"),
    "maxResponseTime": ("max", "ms"),
    "meanResponseTime": ("avg", "ms"),
    "standardDeviation": ("stddev", "ms"),
    **{f"percentiles{number}": (f"pct{number}", "ms") for number in range(1, 5)},
    "meanNumberOfRequestsPerSecond": ("throughput", "1/s"),
}
_COUNTED = {"total": "samples", "ok": "samples (ok)", "ko": "errors"}


def recognise(head: Head) -> str | None:
    if head.text("type") in ("GROUP", "REQUEST") and head.has("name", "stats") and isinstance(head.get("stats", _COUNT), dict):
        return STATS
    return GLOBAL if head.has("percentiles1", "meanResponseTime", "group1") and isinstance(head.get(_COUNT), dict) else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    if type(root["stats"].raw) is dict:
        samples = None
        waiting = [root]
        while waiting:
            node = waiting.pop()
            counted = _member(node, out)
            samples = counted if node is root else samples
            waiting += [below for _, below in node.entries("contents")]
    else:
        samples = _statistics(root, root.text("name", required=True), out)
    if samples == 0:
        out.problem(Code.EVIDENCE_EMPTY, "no request was made; no load is not a load that was borne", root)


def _member(node: Node, out: Extract) -> int | None:
    """A group or a request. Returns how many requests it counts."""
    node.text("type", required=True)
    node.drop("path", "pathFormatted", rule="page-address")
    stats = node.object("stats", required=True)
    stats.text("name")
    return _statistics(stats, node.text("name", required=True), out)


def _statistics(stats: Node, name: str | None, out: Extract) -> int | None:
    counts = stats.object(_COUNT, required=True)
    samples = {bucket: counts.integer(bucket, required=True) for bucket in _COUNTED}
    for bucket, statistic in _COUNTED.items():
        if (count := samples[bucket]) is not None:
            out.row("metrics", counts[bucket], name=name, statistic=statistic, value=str(count), samples=samples["total"])
    total, good, bad = samples.values()
    if total is not None and good is not None and bad is not None and total != good + bad:
        what = f"{total} requests in total, but {good} good and {bad} failed ones"
        out.problem(Code.CONTRADICTION, what, counts, expected=str(total), found=str(good + bad))
    for key, (statistic, unit) in _STATISTICS.items():
        values = stats.object(key)
        for bucket, count in samples.items():
            value = _measured(values[bucket], count, out)
            if value is not None:
                said = statistic if bucket == "total" else f"{statistic} ({bucket})"
                out.row("metrics", values[bucket], name=name, statistic=said, value=value, unit=unit, samples=count)
    for group in ("group1", "group2", "group3", "group4"):
        for key in ("name", "htmlName", "textLabel", "count", "percentage"):
            stats[group].summarise(key, rule="requests-by-response-time")
    return total


def _measured(place: Node, count: int | None, out: Extract) -> str | None:
    """The number, where anything was measured; without a request it is 0 or, in older versions, "-"."""
    if count == 0 and place.exists:
        place.mark()
        return None
    return out.scalar(place, accept=NUMBERS)


READER = Reader(
    source="test_reports",
    format="gatling-stats",
    title="Gatling statistics",
    reference="gatling/gatling io.gatling.charts.template GlobalStatsJsonTemplate and StatsJsTemplate; Gatling 3",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    dialects=(STATS, GLOBAL),
)
