"""Load tests: k6, Gatling, Locust, JMeter. Their summaries name no candidate, and most not even a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from release_staging.evaluation.documents import Written, json_document, millis, text_document
from release_staging.evaluation.worlds import World

_SOURCE = "test_reports"
_REQUESTS = ("create", "list", "close")


def began(world: World) -> datetime:
    return world.after(60)


def k6_summary(world: World) -> Written:
    """``handleSummary`` written to JSON."""
    count = world.number("requests", 5000, 90000)
    tree = {
        "root_group": {
            "id": "d41d8cd98f00b204e9800998ecf8427e",
            "name": "",
            "path": "",
            "groups": [],
            "checks": [
                {
                    "id": world.hex("check", 32),
                    "name": "status is 200",
                    "path": "::status is 200",
                    "passes": count - 3,
                    "fails": 3,
                }
            ],
        },
        "options": {"summaryTrendStats": ["avg", "min", "med", "max", "p(90)", "p(95)"], "summaryTimeUnit": "", "noColor": False},
        "state": {"isStdOutTTY": False, "isStdErrTTY": False, "testRunDurationMs": 600041.118},
        "metrics": {
            "http_req_duration": {
                "type": "trend",
                "contains": "time",
                "values": {"avg": 121.408, "min": 18.114, "med": 104.62, "max": 1180.337, "p(90)": 211.905, "p(95)": 262.441},
                "thresholds": {"p(95)<400": {"ok": True}},
            },
            "http_req_failed": {
                "type": "rate",
                "contains": "default",
                "values": {"rate": 3 / count, "passes": 3, "fails": count - 3},
                "thresholds": {"rate<0.01": {"ok": True}},
            },
            "http_reqs": {"type": "counter", "contains": "default", "values": {"count": count, "rate": count / 600}},
            "iterations": {"type": "counter", "contains": "default", "values": {"count": count, "rate": count / 600}},
            "vus": {"type": "gauge", "contains": "default", "values": {"value": 40, "min": 1, "max": 40}},
        },
    }
    return _load(
        json_document(
            world.path("load", "k6-summary.json"),
            _SOURCE,
            "k6-summary",
            tree,
            status="/metrics/http_req_duration/thresholds/p(95)<400/ok",
            rows="/metrics",
        )
    )


def gatling_assertions(world: World) -> Written:
    """``js/assertions.json``: the one file of Gatling's that says when it ran, and what was held."""
    assertions = [
        {
            "path": "Global",
            "target": "95th percentile of response time",
            "condition": "is less than",
            "expectedValues": [800.0],
            "result": True,
            "message": "Global: 95th percentile of response time is less than 800.0",
            "actualValue": [float(world.number("p95", 200, 700))],
        },
        {
            "path": "Global",
            "target": "percentage of failed events",
            "condition": "is less than",
            "expectedValues": [1.0],
            "result": True,
            "message": "Global: percentage of failed events is less than 1.0",
            "actualValue": [0.2],
        },
    ]
    tree = {
        "simulation": "example.ReleaseSimulation",
        "simulationId": "releasesimulation",
        "start": millis(began(world)),
        "scenarios": list(_REQUESTS),
        "assertions": assertions,
        "description": "",
    }
    return _load(
        json_document(
            world.path("load", "assertions.json"),
            _SOURCE,
            "gatling-assertions",
            tree,
            time="/start",
            status="/assertions/0/result",
            rows="/assertions",
        )
    )


def gatling_stats(world: World) -> Written:
    """``js/global_stats.json`` inside ``js/stats.json``."""
    count = world.number("requests", 5000, 90000)
    tree = {
        "type": "GROUP",
        "name": "All Requests",
        "path": "",
        "pathFormatted": "group_missing-name",
        "stats": _gatling("All Requests", count),
        "contents": {
            f"req_{name}": {
                "type": "REQUEST",
                "name": name,
                "path": name,
                "pathFormatted": f"req_{name}",
                "stats": _gatling(name, count // 3),
            }
            for name in _REQUESTS
        },
    }
    return _load(json_document(world.path("load", "stats.json"), _SOURCE, "gatling-stats", tree, total="/stats/numberOfRequests/total"))


def locust_json(world: World) -> Written:
    """``locust --json``."""
    start = began(world).timestamp()
    tree = [
        {
            "name": f"/{name}",
            "method": "POST",
            "last_request_timestamp": start + 600.5,
            "start_time": start + 0.25,
            "num_requests": world.number(name, 900, 9000),
            "num_none_requests": 0,
            "num_failures": 0,
            "total_response_time": 125050.5,
            "max_response_time": 410.25,
            "min_response_time": 8.5,
            "total_content_length": 51000,
            "response_times": {"9": 3, "410.0": 1},
            "num_reqs_per_sec": {str(int(start)): 90},
            "num_fail_per_sec": {},
        }
        for name in _REQUESTS
    ]
    times = tuple(f"/{number}/{key}" for number in range(len(tree)) for key in ("start_time", "last_request_timestamp"))
    return _load(json_document(world.path("load", "locust.json"), _SOURCE, "locust-json", tree, time=times, rows=""))


def locust_csv(world: World) -> Written:
    """``locust --csv``: the statistics."""
    header = (
        "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,"
        "Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%"
    )
    counts = {name: world.number(name, 900, 9000) for name in _REQUESTS}
    numbers = "64,78.25,8.5,410.75,804.0,37.5,0.0,64,70,78,85,100,120,180,240,380,405,410"
    lines = [f"POST,/{name},{count},0,{numbers}" for name, count in counts.items()]
    text = "\n".join([header, *lines, f",Aggregated,{sum(counts.values())},0,{numbers}"]) + "\n"
    return _load(text_document(world.path("load", "stats_stats.csv"), _SOURCE, "locust-csv", text))


def jmeter_statistics(world: World) -> Written:
    """``statistics.json`` of JMeter's dashboard."""
    counts = {name: world.number(name, 900, 9000) for name in _REQUESTS}
    tree = {name: _jmeter(name, count) for name, count in {**counts, "Total": sum(counts.values())}.items()}
    return _load(json_document(world.path("load", "statistics.json"), _SOURCE, "jmeter-statistics", tree))


def jmeter_jtl(world: World) -> Written:
    """The sample log as CSV."""
    header = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,failureMessage,bytes,grpThreads,allThreads,Latency"
    start = millis(began(world))
    lines = [
        f"{start + 500 * number},{120 + 7 * number},{_REQUESTS[number % 3]},200,OK,load 1-{number % 4 + 1},true,,546,4,4,32"
        for number in range(world.number("samples", 12, 60))
    ]
    return _load(text_document(world.path("load", "results.jtl"), _SOURCE, "jmeter-jtl-csv", "\n".join([header, *lines]) + "\n"))


def _load(document: Written) -> Written:
    return document.said(level="load", environment="staging-eu")


def _gatling(name: str, count: int) -> dict[str, Any]:
    numbers = {
        "minResponseTime": 19,
        "maxResponseTime": 910,
        "meanResponseTime": 120,
        "standardDeviation": 33,
        "percentiles1": 100,
        "percentiles2": 200,
        "percentiles3": 300,
        "percentiles4": 400,
    }
    group = {"name": "t < 800 ms", "htmlName": "t < 800 ms", "count": count, "percentage": 100.0}
    return {
        "name": name,
        "numberOfRequests": {"total": count, "ok": count, "ko": 0},
        **{key: {"total": value, "ok": value, "ko": 0} for key, value in numbers.items()},
        **{f"group{number}": group for number in (1, 2, 3, 4)},
        "meanNumberOfRequestsPerSecond": {"total": count / 600, "ok": count / 600, "ko": 0.0},
    }


def _jmeter(name: str, count: int) -> dict[str, Any]:
    return {
        "transaction": name,
        "sampleCount": count,
        "errorCount": 0,
        "errorPct": 0.0,
        "meanResTime": 212.5,
        "medianResTime": 208.0,
        "minResTime": 203.0,
        "maxResTime": 726.0,
        "pct1ResTime": 624.0,
        "pct2ResTime": 658.0,
        "pct3ResTime": 675.75,
        "throughput": 3.5,
        "receivedKBytesPerSec": 19.5,
        "sentKBytesPerSec": 0.25,
    }
