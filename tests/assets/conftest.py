"""One deployment for all tests of the DAG: embedded PostgreSQL, Dagster instance, vault. Its start is paid once a worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from release_staging.cli.running import Result, Runner, runner
from release_staging.config.policy import Policy
from release_staging.config.settings import Settings
from release_staging.staging.keys import digest_key
from tests.assets.support import run
from tests.packets import SAMPLES


@contextmanager
def standing() -> Iterator[Runner]:
    """A runner on a state folder of its own. Outside pytest's folder, which is closed to the user that PostgreSQL runs as."""
    with (
        TemporaryDirectory(prefix="release-staging-") as folder,
        runner(replace(Settings.of({}), home=Path(folder), intake=Path(folder) / "intake")) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def deployed() -> Iterator[Runner]:
    with standing() as running:
        yield running


@pytest.fixture(scope="session")
def samples(deployed: Runner) -> dict[str, Result]:
    """Every sample packet, by name, after one ranged run over all of them."""
    folders = sorted(folder for folder in SAMPLES.iterdir() if folder.is_dir())
    return dict(zip([folder.name for folder in folders], run(deployed, *folders), strict=True))


@pytest.fixture(scope="session")
def judged_by(deployed: Runner) -> Policy:
    """The deployment's policy, with its own key for digests."""
    settings = deployed.found.settings
    return Policy.load(settings.policy, digest_key(settings.digest_key))
