"""Fortio's result (``fortio load -json``). Durations of requests are in seconds, the run's own in nanoseconds.

``RetCodes`` counts responses by HTTP status, or by the words of gRPC health checks; which of them are failures the file does not
say, so each is a row. Errors of a connection are code -1. Nothing judges the run. What was called, and with what, is not copied: it
may hold secrets.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_NAME = "requests"
_HISTOGRAM = {"Min": "min", "Max": "max", "Avg": "avg", "StdDev": "stddev"}
_HISTOGRAMS = ("Sizes", "HeaderSizes", "ConnectionStats", "ErrorsDurationHistogram")


def recognise(head: Head) -> str | None:
    return "" if head.has("RunType", "StartTime", "ActualQPS", "NumThreads") and isinstance(head.get("DurationHistogram"), dict) else None


def read(tree: Tree, out: Extract) -> None:
    run = tree.root
    run.text("RunType", required=True)
    out.claim("started_at", run["StartTime"], required=True)
    out.claim("tool.name", run["Version"], value="fortio", confidence=Confidence.DERIVED, loss="told by the members of the document")
    out.claim("tool.version", run["Version"])
    histogram = run.object("DurationHistogram", required=True)
    samples = histogram.integer("Count", required=True)
    _row(histogram["Count"], "samples", None, samples, out)
    for key, statistic in _HISTOGRAM.items():
        _row(histogram[key], statistic, "s", samples, out)
    for percentile in histogram.items("Percentiles"):
        number = percentile.number("Percentile", required=True)
        if number is not None:
            _row(percentile["Value"], f"p({number})", "s", samples, out)
    _row(run["ActualQPS"], "throughput", "1/s", samples, out)
    for code, count in run.entries("RetCodes", required=run["RunType"].raw == "HTTP"):
        _row(count, f"responses {code}", None, samples, out)
    if samples == 0:
        out.problem(Code.EVIDENCE_EMPTY, "no request was made; no load is not a load that was borne", histogram["Count"])


def _row(place: Node, statistic: str, unit: str | None, samples: int | None, out: Extract) -> None:
    value = out.scalar(place, accept=NUMBERS, required=True)
    if value is not None:
        out.row("metrics", place, name=_NAME, statistic=statistic, value=value, unit=unit, samples=samples)


_SETTINGS = (
    *("RequestedQPS", "RequestedDuration", "ActualDuration", "NumThreads", "Exactly", "Jitter", "Uniform", "NoCatchUp", "RunID", "ID"),
    *(
        "NumConnections",
        "Compression",
        "DisableFastClient",
        "HTTP10",
        "H2",
        "DisableKeepAlive",
        "AllowHalfClose",
        "Insecure",
        "FollowRedirects",
    ),
    *("Resolve", "HTTPReqTimeOut", "ContentType", "LogErrors", "SequentialWarmup", "SocketCount", "AbortOn", "ConnectionReuseRange/**"),
    *("Labels", "NoReResolveEveryConnection", "Offset", "MethodOverride", "IPCountMap/**"),
)

READER = Reader(
    source="test_reports",
    format="fortio-json",
    title="Fortio result",
    reference="fortio/fortio periodic/periodic.go RunnerResults and fhttp/httprunner.go HTTPRunnerResults; Fortio 1",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "request": tuple(
            f"/{key}" for key in ("URL", "Payload", "UserCredentials", "CACert", "Cert", "Key", "UnixDomainSocket", "AccessLoggerInfo")
        )
    },
    summarises={
        "run-settings": tuple(f"/{key}" for key in _SETTINGS),
        "histograms": ("/DurationHistogram/Data/**", "/DurationHistogram/Sum", *(f"/{key}/**" for key in _HISTOGRAMS)),
    },
)
