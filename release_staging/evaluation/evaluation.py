"""The evaluation as a whole: the labelled set, real documents where there are any, and contracts that change; run and measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from release_staging.evaluation import reference
from release_staging.evaluation.cases import plans
from release_staging.evaluation.contracts import UnderContract, under_contracts
from release_staging.evaluation.corpus import corpus_plans, real_documents
from release_staging.evaluation.faults.fault import faults
from release_staging.evaluation.measures import Measures, measured
from release_staging.evaluation.run import Result, results

PACKETS, SEED = 1200, 1
_REAL = 6  # one packet around a real document for so many of the set

Tell = Callable[[str, int, int], None]  # what is done, how many packets more are done, of how many


@dataclass(frozen=True)
class Corpus:
    """Packets around real documents, reported apart: of ``looked_at`` documents ``labelled`` could be used."""

    looked_at: int
    labelled: int
    measures: Measures


@dataclass(frozen=True)
class Evaluation:
    """``seed`` and size make the set; the same code gives the same measures."""

    seed: int
    results: tuple[Result, ...]
    measures: Measures
    contracts: tuple[UnderContract, ...]
    corpus: Corpus | None


def evaluate(seed: int, size: int, workers: int, corpus: Path | None = None, tell: Tell = lambda _what, _done, _all: None) -> Evaluation:
    """Makes the set of a seed, runs it and measures it; with documents of ``corpus``, where that is given."""
    with TemporaryDirectory(prefix="release-staging-evaluation-") as folder:
        settings = reference.write(Path(folder))
        made = plans(seed, size)
        found = results(made, settings, workers, lambda done: tell("packets", done, len(made)))
        apart = None
        if corpus is not None:
            real, looked_at = real_documents(corpus, seed)
            around = corpus_plans(real, seed, max(2, size // _REAL))
            outcomes = results(around, settings, workers, lambda done: tell("packets around real documents", done, len(around)))
            apart = Corpus(looked_at, len(real), measured(outcomes, faults()))
        changed = under_contracts(reference.load(settings), seed)
    return Evaluation(seed, tuple(found), measured(found, faults()), tuple(changed), apart)
