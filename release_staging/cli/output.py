"""What commands print: tables for people, one JSON object a line for scripts, errors in one clear line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import click
import orjson
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

_PLAIN_WIDTH = 180

FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="json: one object a line.")


def console() -> Console:
    """A console on standard output; plain where that is no terminal."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH)


def json_line(value: Any) -> None:
    """One JSON object on a line of standard output."""
    click.echo(orjson.dumps(value).decode())


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table; every cell is text from elsewhere and is shown as just that text."""
    out = console()
    made = Table(title=title, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(escape(printable(cell)) for cell in row))
    out.print(made)


def printable(text: str) -> str:
    """Text without control characters: a document must not steer a terminal."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)
