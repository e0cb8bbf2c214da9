"""Documents that disagree with themselves: totals, verdicts and counts beside what they list."""

from __future__ import annotations

import html
from collections.abc import Iterator
from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, documents, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_CONTRADICTION = Code.CONTRADICTION
_FAILED = {
    # The word for a failed case, job or metric, by format.
    "trx": "Failed",
    "ctrf-json": "failed",
    "jest-json": "failed",
    "go-test-json": "fail",
    "buildkite-build": "failed",
    "google-cloud-build": "FAILURE",
    "aws-codebuild": "FAILED",
    "argo-analysisrun": "Failed",
}


@fault(_CONTRADICTION, "A report's total is not the number of its cases", having("total", "test_reports"))
def wrong_total(packet: Packet, site: Site, chance: Random) -> Faulty:
    place = site.places[0]
    return held(
        packet.put(site.path, place, str(int(packet.text(site.path, place)) + chance.randint(1, 9))), Expected(_CONTRADICTION, site.path)
    )


@fault(_CONTRADICTION, "A report declares failures and lists none", having("failed", "test_reports"))
def failures_not_listed(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(packet.put(site.path, site.places[0], str(chance.randint(1, 5))), Expected(_CONTRADICTION, site.path))


def _cases(packet: Packet) -> Iterator[Site]:
    """Reports that say how many failed, or that all passed, beside the cases."""
    for one in packet.of("test_reports"):
        if one.format == "junit-xml":
            yield Site(one.format, one, one.facts["case"])
        elif one.format in _FAILED:
            yield Site(one.format, one, one.facts["status"])


@fault(_CONTRADICTION, "A summary says passed above a failed case", _cases)
def failure_hidden(packet: Packet, site: Site, _: Random) -> Faulty:
    data = packet.data(site.path)
    if site.form == "junit-xml":
        data = edits.changed(data, site.places[0], _with_failure)
    else:
        data = edits.put(data, site.places[0], _FAILED[site.form])
    return held(packet.replaced(site.path, data), Expected(_CONTRADICTION, site.path))


def _with_failure(case: str) -> str:
    failure = f'<failure message="{html.escape("expected 3 & found 4")}" type="AssertionError"/>'
    return case[:-2] + f">{failure}</testcase>" if case.endswith("/>") else case.replace("</testcase>", f"{failure}</testcase>")


def _jobs(packet: Packet) -> Iterator[Site]:
    """Not those of GitHub and Jenkins: ``continue-on-error`` and ``catchError`` pass over what failed, and the document does not say so."""
    for site in having("status", "pipeline_runs")(packet):
        if site.form in _FAILED and site.document is not None and "verdict" in site.document.facts:
            yield site


@fault(_CONTRADICTION, "A run says success above a job that failed", _jobs)
def failed_job_hidden(packet: Packet, site: Site, _: Random) -> Faulty:
    return held(packet.put(site.path, site.places[0], _FAILED[site.form]), Expected(_CONTRADICTION, site.path))


@fault(_CONTRADICTION, "A canary says success above a metric that failed", documents("canary_analyses", forms=("argo-analysisrun",)))
def failed_metric_hidden(packet: Packet, site: Site, _: Random) -> Faulty:
    """Every measurement of a metric failed, and it is not a dry run."""
    assert site.document is not None
    metric = site.document.facts["measured"][0]
    data = packet.data(site.path)
    result = edits.value_at(data, metric)
    for number in range(len(result["measurements"])):
        data = edits.put(data, f"{metric}/measurements/{number}/phase", "Failed")
    data = edits.put(data, f"{metric}/phase", "Failed")
    data = edits.put(data, f"{metric}/failed", result["count"])
    data = edits.remove(data, f"{metric}/successful")
    return held(packet.replaced(site.path, data), Expected(_CONTRADICTION, site.path))


@fault(_CONTRADICTION, "A count is not the number of what is listed", having("count"))
def wrong_count(packet: Packet, site: Site, chance: Random) -> Faulty:
    """Findings by severity, results by outcome."""
    place = site.places[0]
    return held(
        packet.put(site.path, place, str(int(packet.text(site.path, place)) + chance.randint(1, 5))), Expected(_CONTRADICTION, site.path)
    )


@fault(_CONTRADICTION, "A policy report counts a failed rule as passed", documents("policy_checks", forms=("policyreport", "checkov-json")))
def failed_rule_hidden(packet: Packet, site: Site, _: Random) -> Faulty:
    assert site.document is not None
    word = {"policyreport": "fail", "checkov-json": "FAILED"}[site.form]
    return held(packet.put(site.path, site.document.facts["status"][0], word), Expected(_CONTRADICTION, site.path))


_CANARIES = {"argo-analysisrun", "kayenta-execution", "flagger-canary"}


@fault(_CONTRADICTION, "Two canary analyses came out opposed", documents("canary_analyses", forms=tuple(sorted(_CANARIES))))
def opposed_canaries(packet: Packet, site: Site, _: Random) -> Faulty:
    assert site.document is not None
    data = packet.data(site.path)
    verdict = site.document.facts["verdict"][0]
    failed = edits.put(data, verdict, {"kayenta-execution": "Fail"}.get(site.form, "Failed"))
    entry = {name: value for entry in packet.builder.entries if entry["path"] == site.path for name, value in entry.items()}
    path = site.path.replace(".", "-second.", 1)
    builder = packet.builder.add(path, failed, **{name: value for name, value in entry.items() if name not in ("path", "sha256")})
    return held(packet.with_builder(builder), Expected(_CONTRADICTION, path))
