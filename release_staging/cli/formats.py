"""``release-staging formats``: what is read."""

from __future__ import annotations

import click

from release_staging.cli.output import FORMAT, json_line, table
from release_staging.evidence.registry import readers


@click.command("formats")
@FORMAT
def command(form: str) -> None:
    """The formats that are read, by source, with versions or dialects, and media types."""
    if form == "json":
        for reader in readers():
            json_line(
                {
                    "source": reader.source,
                    "format": reader.format,
                    "versions": list(reader.versions),
                    "dialects": list(reader.dialects),
                    "title": reader.title,
                    "media_type": reader.media_type,
                    "encodings": list(reader.encodings),
                    "reference": reader.reference,
                    "reader": reader.id,
                }
            )
        return
    rows = [
        (one.source, one.format, ", ".join(filter(None, (*one.versions, *one.dialects))), one.title, one.media_type) for one in readers()
    ]
    table(f"{len(rows)} formats", ("source", "format", "versions, dialects", "what it is", "media type"), rows)
