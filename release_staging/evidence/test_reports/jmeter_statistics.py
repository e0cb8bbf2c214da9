"""JMeter dashboard ``statistics.json``: one object a label, and ``Total``.

Every number is a row. ``Total`` leaves out the samples of transaction controllers whose own rows are listed, so the rows do not sum
to it and nobody adds them up. Which percentiles ``pct1ResTime`` to ``pct3ResTime`` are is a setting of the report (90, 95, 99
unless changed) that the file does not name: they keep their names. The file says neither when it ran nor against what, and judges
nothing: no row has a status.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.exceptions import Code

_EACH = ("transaction", "sampleCount", "errorCount")
_STATISTICS = {
    "sampleCount": ("samples", None),
    "errorCount": ("errors", None),
    "errorPct": ("error rate", "%"),
    "meanResTime": ("avg", "ms"),
    "medianResTime": ("med", "ms"),
    "minResTime": ("min", "ms"),
    "maxResTime": ("max", "ms"),
    "pct1ResTime": ("pct1", "ms"),
    "pct2ResTime": ("pct2", "ms"),
    "pct3ResTime": ("pct3", "ms"),
    "throughput": ("throughput", "1/s"),
    "receivedKBytesPerSec": ("received", "KiB/s"),
    "sentKBytesPerSec": ("sent", "KiB/s"),
}
_NO_NUMBER = ("NaN", "Infinity", "-Infinity")  # how the report writes a mean over nothing


def recognise(head: Head) -> str | None:
    root = head.root
    if not isinstance(root, dict) or not root:
        return None
    return "" if all(isinstance(item, dict) and all(key in item for key in _EACH) for item in root.values()) else None


def read(tree: Tree, out: Extract) -> None:
    measured = False
    for label, item in tree.root.entries(required=True):
        name, samples = item.text("transaction", required=True), item.integer("sampleCount", required=True)
        if name is not None and name != label:
            out.drift(item["transaction"], "the label that its object stands under")
        measured = measured or bool(samples)
        for key, (statistic, unit) in _STATISTICS.items():
            if (value := _number(item[key], out)) is not None:
                out.row("metrics", item[key], name=name, statistic=statistic, value=value, unit=unit, samples=samples)
    if not measured:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no sample; no load is not a load that was borne", tree.root)


def _number(place: Node, out: Extract) -> str | None:
    if place.raw in _NO_NUMBER:
        place.mark()
        return None
    return out.scalar(place, accept=NUMBERS, required=place.key in _EACH)


READER = Reader(
    source="test_reports",
    format="jmeter-statistics",
    title="JMeter dashboard statistics",
    reference="apache/jmeter org.apache.jmeter.report.processor.StatisticsSummaryConsumer and SamplingStatisticCalculator; JMeter 5",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
)
