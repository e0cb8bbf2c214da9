"""The evaluation as a whole: the labelled set, run and measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from release_staging.evaluation import reference
from release_staging.evaluation.cases import plans
from release_staging.evaluation.faults.fault import faults
from release_staging.evaluation.measures import Measures, measured
from release_staging.evaluation.run import Result, results

PACKETS, SEED = 1200, 1


@dataclass(frozen=True)
class Evaluation:
    """``seed`` and size make the set; the same code gives the same measures."""

    seed: int
    results: tuple[Result, ...]
    measures: Measures


def evaluate(seed: int, size: int, workers: int, tell: Callable[[int], None] = lambda _: None) -> Evaluation:
    """Makes the set of a seed, runs it and measures it."""
    with TemporaryDirectory(prefix="release-staging-evaluation-") as folder:
        settings = reference.write(Path(folder))
        found = results(plans(seed, size), settings, workers, tell)
    return Evaluation(seed, tuple(found), measured(found, faults()))
