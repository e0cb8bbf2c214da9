"""``release-staging run``: packets processed now."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from release_staging.cli.output import FORMAT, json_line, printable, progress, short, table
from release_staging.config.settings import Settings
from release_staging.model.exceptions import sentence

if TYPE_CHECKING:
    from release_staging.cli.running import Result
    from release_staging.model.exceptions import ReviewException

STAGED, MACHINERY, USAGE, HELD = 0, 1, 2, 3


@click.command("run")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@FORMAT
@click.option("--contract", metavar="V", help="Contract version to make records to.")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="F", help="Policy file.")
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Where records and holds are written as files."
)
def command(paths: tuple[Path, ...], form: str, contract: str | None, policy: Path | None, output: Path | None) -> None:
    """Process packets (folders, .zip, .tar.gz, BagIt bags) now, through the same Dagster job that the sensor starts.

    Exit status: 0 every packet staged; 3 some held; 2 bad usage or configuration; 1 the machinery failed.
    """
    settings = Settings.of(os.environ)
    settings = replace(
        settings,
        contract=contract or settings.contract,
        policy=policy.resolve() if policy else settings.policy,
        output=output.resolve() if output else settings.output,
    )
    results = process(settings, paths)
    if form == "json":
        for result in results:
            if result.revision is not None:
                json_line(as_json(result, settings))
    else:
        show(results, settings)
    for result in results:
        if result.trouble:
            click.echo(printable(f"release-staging: {result.told}: {result.trouble}"), err=True)
    sys.exit(status(results))


def process(settings: Settings, paths: tuple[Path, ...]) -> list[Result]:
    """Admits and runs the packets, with a progress bar where there is a terminal."""
    from release_staging.cli.running import runner
    from release_staging.config.policy import Policy
    from release_staging.config.registries import Registries
    from release_staging.record import contract

    contract.load(settings.contract, settings.contracts)  # what is wrong with the configuration is told before anything starts
    Policy.load(settings.policy)
    Registries.load(settings.registries)
    with progress("opening packets", len(paths)) as step, runner(settings) as found:
        results = []
        for path in paths:
            results.append(found.admit(path))
            step.advance()
        step.begin("staging", len({result.packet_id for result in results if result.packet_id}))
        for done in found.run(results):
            step.advance(len({result.packet_id for result in done}))
    return results


def as_json(result: Result, settings: Settings) -> dict[str, Any]:
    """The object a packet that ``run --format json`` prints."""
    revision = result.revision
    assert revision is not None
    return {
        "packet_id": revision.packet_id,
        "path": result.told,
        "outcome": revision.outcome,
        "revision": revision.revision,
        "contract": revision.contract,
        "document": str(document_path(result, settings)),
        "exceptions": [
            {
                "code": one.code.value,
                "subject": one.subject,
                "message": one.message,
                "owner": one.owner.value,
                "locators": [{"path": evidence.path, "locator": evidence.locator} for evidence in one.evidence],
                "blocking": one.blocking,
            }
            for one in revision.exceptions
        ],
    }


def document_path(result: Result, settings: Settings) -> Path:
    """The file of a record or hold."""
    revision = result.revision
    assert revision is not None
    return settings.records / revision.packet_id / f"revision-{revision.revision}-{revision.outcome}.json"


def show(results: list[Result], settings: Settings) -> None:
    """What was staged and what was held, and why."""
    rows = []
    for result in results:
        if result.revision is None:
            continue
        reasons = [_reason(one) for one in result.revision.exceptions if one.blocking]
        document = str(_relative(document_path(result, settings)))
        rows.append(
            (Path(result.told).name, result.revision.outcome, "\n".join([*(short(reason) for reason in reasons[:4]), f"-> {document}"]))
        )
    table("packets", ("packet", "outcome", "why it is held, and where the document is"), rows)


def _reason(one: ReviewException) -> str:
    """One reason of a hold, in a line."""
    return f"{one.code.value} {sentence(one.subject, one.message)}"


def _relative(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def status(results: list[Result]) -> int:
    """The exit status: what could not be named is bad usage; anything held is 3."""
    if any(result.trouble for result in results):
        return USAGE
    return HELD if any(result.revision is None or result.revision.outcome == "held" for result in results) else STAGED
