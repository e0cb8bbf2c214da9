"""``release-staging submit``: packets into the intake."""

from __future__ import annotations

import os
from pathlib import Path

import click

from release_staging.cli.output import json_line
from release_staging.config.settings import Settings


@click.command("submit")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
def command(paths: tuple[Path, ...]) -> None:
    """Put packets into the intake folder, whole or not at all; the sensor of a running deployment takes them from there.

    Prints {"packet_id", "digest"} for each, one a line: the acknowledgement.
    """
    from release_staging.cli.boundary import boundary, told
    from release_staging.packet.problem import UnusableName
    from release_staging.staging.intake import submit

    intake = Settings.of(os.environ).intake
    intake.mkdir(parents=True, exist_ok=True)
    for path in paths:
        try:
            packet = submit(path, intake, boundary())
        except UnusableName as error:
            raise click.UsageError(told(f"{path}: {error}")) from None
        json_line({"packet_id": packet.packet_id, "digest": packet.digest})
