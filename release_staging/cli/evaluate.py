"""``release-staging evaluate``: labelled packets through the real path, and how often what came out was right."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from release_staging.cli.output import FORMAT, console, json_line, progress, table
from release_staging.config.settings import Settings

if TYPE_CHECKING:
    from release_staging.evaluation.evaluation import Evaluation
    from release_staging.evaluation.measures import Share

CORPUS = "RELEASE_STAGING_CORPUS"
_SHOWN = 25  # families with misses that are listed for people


@click.command("evaluate")
@FORMAT
@click.option("--packets", type=click.IntRange(min=20), metavar="N", help="How many packets.  [default: 1200]")
@click.option("--seed", type=int, metavar="N", help="Makes the set: the same seed gives the same packets.  [default: 1]")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where the page with plots is written.")
@click.option("--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default=True, metavar="N", help="Processes.")
@click.option(
    "--dagster",
    type=click.IntRange(min=0),
    default=25,
    show_default=True,
    metavar="N",
    help="Packets that also go through the Dagster job, to show that both agree.",
)
def command(form: str, packets: int | None, seed: int | None, page: Path | None, workers: int, dagster: int) -> None:
    """Make labelled packets of many toolchains, each clean or with one known fault, stage them, and measure what came out.

    The packets go through the same steps as in a run, many at a time, without touching this deployment. Where
    RELEASE_STAGING_CORPUS names a folder of real documents, packets are made around these too, and reported apart.
    """
    from release_staging.evaluation.evaluation import PACKETS, SEED, evaluate
    from release_staging.evaluation.page import page as written
    from release_staging.evaluation.report import as_data

    corpus = os.environ.get(CORPUS)
    size = packets or PACKETS
    with progress("staging labelled packets", size) as step:
        last = "packets"

        def tell(what: str, done: int, whole: int) -> None:
            nonlocal last
            if what != last:
                step.begin(f"staging {what}", whole)
                last = what
            step.advance(done)

        found = evaluate(SEED if seed is None else seed, size, workers, Path(corpus) if corpus else None, tell)
        agreement = _agreement(found, dagster) if dagster else None
    place = page or Settings.of(os.environ).home / "evaluation" / "evaluation.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(written(found, agreement), encoding="utf-8")
    if form == "json":
        json_line(as_data(found, agreement) | {"page": str(place)})
    else:
        _show(found, agreement, place)


def _agreement(found: Evaluation, count: int) -> Share:
    from release_staging.cli.agreement import agreement

    return agreement(found.results, count)


def _show(found: Evaluation, agreement: Share | None, place: Path) -> None:
    from release_staging.evaluation.report import MEASURES, contract_share, worst_first

    measures = found.measures
    rows = [(name.replace("_", " "), getattr(measures, name), says) for name, says in MEASURES.items()]
    rows.append(("contracts", contract_share(found), "clean packets that came out right under every contract, and one with a new field"))
    if agreement is not None:
        rows.append(("dagster", agreement, "packets with the same outcome from the Dagster job"))
    table(
        f"{measures.packets} packets, seed {found.seed}",
        ("measure", "share", "", "of"),
        [(n, s.percent, str(s), says) for n, s, says in rows],
    )
    missed = [one for one in worst_first(measures) if one.right.part < one.right.whole]
    if missed:
        listed = [(one.family, one.code or "told", str(one.right), one.title) for one in missed[:_SHOWN]]
        table(
            f"families with misses ({len(missed)} of {sum(1 for _ in worst_first(measures))})", ("family", "code", "right", "what"), listed
        )
    if found.corpus is not None:
        real = found.corpus.measures
        table(
            f"packets around real documents ({found.corpus.labelled} of {found.corpus.looked_at} could be labelled)",
            ("measure", "share", ""),
            [
                ("held as they are", real.false_holds.percent, str(real.false_holds)),
                ("diverted", real.diverted.percent, str(real.diverted)),
            ],
        )
    console().print(f"page: {place}", markup=False, soft_wrap=True)
