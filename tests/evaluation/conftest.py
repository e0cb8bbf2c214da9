"""One small evaluation for all tests of it: every family once, and clean packets of every toolchain."""

from __future__ import annotations

from pathlib import Path

import pytest

from release_staging.evaluation import reference
from release_staging.evaluation.cases import plans
from release_staging.evaluation.faults.fault import faults
from release_staging.evaluation.measures import Measures, measured
from release_staging.evaluation.plan import Plan
from release_staging.evaluation.run import Result, run
from release_staging.staging.in_memory import Reference

SEED = 11


@pytest.fixture(scope="session")
def by(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """What the evaluation's packets are judged by."""
    return reference.load(reference.write(tmp_path_factory.mktemp("reference")))


@pytest.fixture(scope="session")
def planned() -> list[Plan]:
    """As many packets as families and a sixth more, which are clean."""
    return plans(SEED, len(faults()) * 6 // 5 + 1)


@pytest.fixture(scope="session")
def found(planned: list[Plan], by: Reference) -> list[Result]:
    return run(planned, by)


@pytest.fixture(scope="session")
def measures(found: list[Result]) -> Measures:
    return measured(found, faults())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
