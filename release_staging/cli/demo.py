"""``release-staging demo``: the sample packets through the Dagster job."""

from __future__ import annotations

import os
import sys

import click

from release_staging.cli.output import console, printable
from release_staging.cli.run import process, show
from release_staging.config.settings import ROOT, Settings

SAMPLES = ROOT / "data" / "packets"


@click.command("demo")
def command() -> None:
    """Stage the sample packets of a billing service on embedded storage, and show what was staged, what was held, and why."""
    settings = Settings.of(os.environ)
    packets = tuple(sorted(folder for folder in SAMPLES.iterdir() if (folder / "packet.yaml").is_file()))
    results = process(settings, packets)
    show(results, settings)
    staged = next((one for one in results if one.revision is not None and one.revision.outcome == "staged"), None)
    out = console()
    program = os.path.relpath(sys.argv[0]) if os.sep in sys.argv[0] else "release-staging"
    out.print("Look further:")
    if staged is not None:
        out.print(f"  {program} show {staged.packet_id}", markup=False, soft_wrap=True)
    out.print(f"  {program} up", markup=False)
    troubles = [one for one in results if one.trouble]
    for one in troubles:
        click.echo(printable(f"release-staging: {one.told}: {one.trouble}"), err=True)
    sys.exit(1 if troubles else 0)
