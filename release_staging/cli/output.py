"""What commands print: tables for people, one JSON object a line for scripts, errors in one clear line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import orjson
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

_PLAIN_WIDTH = 180
_MOST_TEXT = 240

FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="json: one object a line."
)


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


def short(text: str) -> str:
    """Text in one line, cut off visibly where it is long: ``show`` has all of it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _MOST_TEXT else flat[:_MOST_TEXT] + "…"


class Steps:
    """A progress bar on a terminal; a line for each piece of work elsewhere. Written to standard error."""

    def __init__(self, bar: Progress | None) -> None:
        self._bar, self._task = bar, None if bar is None else TaskID(0)

    def begin(self, what: str, total: int) -> None:
        """The next piece of work: ``total`` units of it."""
        if self._bar is None:
            click.echo(f"{what}: {total}", err=True)
            return
        if self._task is not None and self._bar.task_ids:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(what, total=total)

    def advance(self, units: int = 1) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, units)


@contextmanager
def progress(what: str, total: int) -> Iterator[Steps]:
    """Shows how far work has come, for as long as the block runs."""
    err = Console(stderr=True)
    if not err.is_terminal:
        steps = Steps(None)
        steps.begin(what, total)
        yield steps
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    ) as bar:
        steps = Steps(bar)
        steps.begin(what, total)
        yield steps
