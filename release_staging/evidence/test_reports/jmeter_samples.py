"""What the readers of JMeter's sample logs (JTL) share: samples condensed to one set of metrics a label.

A log holds a line or an element for every request. Each label becomes rows ``samples``, ``errors`` (samples that JMeter did not
count as successful), ``min``, ``avg`` and ``max`` in ms, located at its first sample. Labels are not added up: a transaction
controller's sample and those of the requests in it stand beside each other. Nothing in a log judges the run, so no row has a
status.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from release_staging.evidence.extract import Extract, Place
from release_staging.evidence.test_reports.epoch import LOSS, MILLISECONDS, rfc3339
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

SUCCESS = {"true": True, "false": False}
_MILLISECONDS = re.compile(r"[0-9]{12,13}")
_NUMBER = re.compile(r"-?[0-9]{1,15}")


def milliseconds(text: str) -> int | None:
    """An elapsed time; None where it is not a whole number."""
    return int(text) if _NUMBER.fullmatch(text) else None


@dataclass(slots=True)
class _Label:
    place: Place
    samples: int = 0
    errors: int = 0
    judged: int = 0
    timed: int = 0
    total: int = 0
    least: int = 0
    most: int = 0


@dataclass
class Samples:
    """The samples so far. ``place`` arguments are only called for the few samples whose place is needed."""

    labels: dict[str, _Label] = field(default_factory=dict)
    first: tuple[int, str, Callable[[], Place]] | None = None  # instant, text, where it stands
    last: tuple[int, str, Callable[[], Place]] | None = None
    order: int = 0

    def add(self, label: str, success: bool | None, elapsed: int | None, place: Callable[[], Place]) -> None:
        known = self.labels.get(label)
        if known is None:
            known = self.labels[label] = _Label(place())
        known.samples += 1
        if success is not None:
            known.judged += 1
            known.errors += not success
        if elapsed is not None:
            known.least = elapsed if not known.timed else min(known.least, elapsed)
            known.most = elapsed if not known.timed else max(known.most, elapsed)
            known.timed += 1
            known.total += elapsed

    def at(self, stamp: str, elapsed: int | None, place: Callable[[], Place]) -> None:
        """Notes the time stamp of a sample: a number of milliseconds since 1970, or in the format that its user chose."""
        self.order += 1
        begun = int(stamp) if _MILLISECONDS.fullmatch(stamp) else self.order
        ended = begun + (elapsed or 0) if begun != self.order else self.order
        if self.first is None or begun < self.first[0]:
            self.first = (begun, stamp, place)
        if self.last is None or ended >= self.last[0]:
            self.last = (ended, stamp, place)

    def write(self, out: Extract, whole: Place) -> None:
        """Rows and claims. ``whole`` is the place of a log without samples."""
        if not self.labels:
            out.problem(Code.EVIDENCE_EMPTY, "the log holds no sample; no load is not a load that was borne", whole)
        for name, label in self.labels.items():
            values: dict[str, tuple[str, str | None]] = {"samples": (str(label.samples), None)}
            if label.judged == label.samples:
                values["errors"] = (str(label.errors), None)
            if 0 < label.timed < label.samples:
                lacking = f"{label.samples - label.timed} of the {label.samples} samples of this label have no duration"
                out.problem(Code.SCHEMA_DRIFT, lacking, label.place)
            elif label.timed:
                mean = f"{round(Decimal(label.total) / label.timed, 3).normalize():f}"
                values |= {"min": (str(label.least), "ms"), "avg": (mean, "ms"), "max": (str(label.most), "ms")}
            for statistic, (value, unit) in values.items():
                out.row("metrics", label.place, name=name or None, statistic=statistic, value=value, unit=unit, samples=label.samples)
        self._times(out)

    def _times(self, out: Extract) -> None:
        for name, what, known in (("started_at", "first", self.first), ("finished_at", "last", self.last)):
            if known is None:
                continue
            instant, stamp, place = known
            if _MILLISECONDS.fullmatch(stamp):
                value = rfc3339(str(instant), MILLISECONDS)
                loss = f"{'time stamp' if name == 'started_at' else 'time stamp and duration'} of the {what} sample; {LOSS[MILLISECONDS]}"
            else:
                value, loss = stamp, f"time stamp of the {what} sample in the log"
            out.claim(name, place(), value=value, confidence=Confidence.DERIVED, loss=loss)
