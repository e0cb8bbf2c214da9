"""Judging a successful Argo AnalysisRun again by the counters, limits and measurements it states itself.

The limits are those of ``analysis_types.go``: ``failureLimit`` 0, ``inconclusiveLimit`` 0, ``consecutiveErrorLimit`` 4 where
nothing is said, and no limit at -1. Measurements are kept for the last ten only, so counters may exceed what is seen.
Metrics of a dry run decide nothing and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from release_staging.evidence.reader import Extract
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

PHASES = {"Pending", "Running", "Successful", "Failed", "Error", "Inconclusive"}

# Counter of a result, the phase of a measurement it counts, the limit in the specification, and that limit's default.
_LIMITS = (("failed", "Failed", "failureLimit", 0), ("inconclusive", "Inconclusive", "inconclusiveLimit", 0))
_ERROR_LIMIT = 4
_COUNTERS = (("successful", "Successful"), *((counter, phase) for counter, phase, _, _ in _LIMITS))


def recount(run: Node, specifications: Mapping[str, Node], results: list[Node], out: Extract) -> None:
    """Notes a contradiction for each reason why the run's own numbers do not bear out its phase, which is ``Successful``."""
    phase = run["status"]["phase"]
    deciding = [result for result in results if result["dryRun"].raw is not True]
    measured = {result.text("name") for result in results}
    reasons: list[tuple[Node, str]] = []
    for result in deciding:
        reasons += [*_of_metric(result, specifications.get(result.text("name") or ""))] or _of_counters(result)
    reasons += [(metric["name"], "a metric without any result") for name, metric in specifications.items() if name not in measured]
    reasons += _of_summary(run["status"]["runSummary"], deciding)
    if not results and not specifications:
        reasons.append((_first(run["status"]["metricResults"], run["status"]), "no metric at all"))
    for place, what in reasons:
        message = f"the run is Successful at {phase.locator}, but {place.locator} shows {what}"
        out.problem(Code.CONTRADICTION, message, place, subject="verdict", expected="Successful", found=what)


def _of_metric(result: Node, specification: Node | None) -> Iterator[tuple[Node, str]]:
    """Where and why one metric was not successful."""
    if result["phase"].raw != "Successful":
        yield result["phase"], f"a metric that is {_word(result['phase'])}"
    measurements = list(result.items("measurements"))
    terminated = next((place for place in _messages(result, measurements) if str(place.raw).lower() == "metric terminated"), None)
    if terminated is not None:
        yield terminated, "a metric that was terminated, not measured to its end"
    phases = [measurement["phase"].raw for measurement in measurements]
    if not max(_count(result["successful"]), phases.count("Successful")):
        yield _first(result["measurements"], result), "no successful measurement"
    for counter, phase, key, default in _LIMITS:
        limit = _limit(specification, key, default)
        count = max(_count(result[counter]), phases.count(phase))
        if limit is not None and count > limit:
            yield _first(result[counter], result["measurements"]), f"{count} {counter} over a {key} of {limit}"
    limit = _limit(specification, "consecutiveErrorLimit", _ERROR_LIMIT)
    if limit is not None and _count(result["consecutiveError"]) > limit:
        yield result["consecutiveError"], f"{result['consecutiveError'].raw} errors in a row over a limit of {limit}"
    wanted, unfinished = _limit(specification, "count", None), _limit(specification, "consecutiveSuccessLimit", 0)
    if wanted is not None and result["count"].exists and not unfinished and 0 <= _count(result["count"]) < wanted:
        yield result["count"], f"{result['count'].raw} of {wanted} measurements"


def _of_counters(result: Node) -> Iterator[tuple[Node, str]]:
    """Where counters are not the number of the measurements, of a metric of which all measurements are kept."""
    measurements = list(result.items("measurements"))
    counted = [one["phase"].raw for one in measurements if one["phase"].raw != "Error"]
    if 0 < len(counted) == _count(result["count"]):
        for counter, phase in _COUNTERS:
            if _count(result[counter]) != counted.count(phase):
                place = _first(result[counter], result["measurements"])
                yield place, f"{_count(result[counter])} {counter} measurements where {counted.count(phase)} are listed"


def _of_summary(summary: Node, deciding: list[Node]) -> Iterator[tuple[Node, str]]:
    """Where the summary counts other metrics than the results list."""
    phases = [result["phase"].raw for result in deciding]
    for counter, phase in (("count", None), *_COUNTERS, ("error", "Error")):
        listed = len(phases) if phase is None else phases.count(phase)
        if summary[counter].exists and _count(summary[counter]) != listed:
            yield summary[counter], f"{summary[counter].raw} metrics where {listed} are listed"


def _messages(result: Node, measurements: list[Node]) -> Iterator[Node]:
    yield result["message"]
    for measurement in measurements:
        yield measurement["message"]


def _first(place: Node, otherwise: Node) -> Node:
    return place if place.exists else otherwise


def _count(place: Node) -> int:
    return place.raw if type(place.raw) is int else 0


def _limit(specification: Node | None, key: str, default: int | None) -> int | None:
    """A limit as a number; None where there is none, or where it is a template that the run does not spell out."""
    text = specification.scalar(key) if specification is not None else None
    if text is None:
        return default
    return int(text) if text.isdecimal() else None


def _word(place: Node) -> str:
    return place.raw if isinstance(place.raw, str) and place.raw in PHASES else "of an unknown phase"
