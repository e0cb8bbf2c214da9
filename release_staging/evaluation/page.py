"""The evaluation as a page for people: one file, without scripts, that loads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from release_staging.evaluation.evaluation import Evaluation
from release_staging.evaluation.measures import FamilyMeasure, Measures, Share
from release_staging.evaluation.plots import Bars, chart, small_bar
from release_staging.evaluation.report import contract_share, worst_first

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #59636e; --line: #d9dee4; --card: #f5f7f9;
  --part0: #1f6feb; --part1: #6e9bd8; --missing: #e8a33d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --paper: #14171b; --soft: #9aa4af; --line: #333a42; --card: #1d2228;
  --part0: #58a6ff; --part1: #2f5f9e; --missing: #c98a2b; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  margin: 0 auto; padding: 24px; max-width: 1080px; }
h1 { font-size: 24px; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 40px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
p { max-width: 76ch; } .soft, .tick, .note { color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(225px, 1fr)); gap: 12px; margin: 20px 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
.card b { display: block; font-size: 26px; line-height: 1.2; } .card i { font-style: normal; display: block; }
svg { max-width: 100%; height: auto; display: block; } .chart { overflow-x: auto; } .chart svg { min-width: 620px; }
svg.small { display: inline-block; vertical-align: middle; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } .label { text-anchor: end; } .tick { text-anchor: middle; }
svg text.note, svg text.tick { fill: var(--soft); } .grid { stroke: var(--line); stroke-width: 1; }
.part0 { fill: var(--part0); } .part1 { fill: var(--part1); } .missing { fill: var(--missing); }
table { border-collapse: collapse; width: 100%; font-size: 14px; } th { text-align: left; font-weight: 600; }
th, td { padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { white-space: nowrap; text-align: right; }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; } ul.misses { padding-left: 18px; } ul.misses li { margin: 2px 0; }
details { margin: 8px 0; } summary { cursor: pointer; }
"""


def page(evaluation: Evaluation, agreement: Share | None = None) -> str:
    """The page as HTML."""
    measures = evaluation.measures
    body = [
        "<h1>Evaluation</h1>",
        f'<p class="soft">{measures.packets} packets of {len(measures.toolchains)} toolchains, seed {evaluation.seed}. Each went through '
        "the real path: opened, read, normalised, judged, drafted, handed off.</p>",
        _cards(evaluation, agreement),
        _section("Faults, by exception code", _codes(measures)),
        _section("Toolchains", _toolchains(measures)),
        _section("Fault families", _families(worst_first(measures))),
        _section("What did not come out right", _misses(measures.misses)),
        _section("Contracts that change", _contracts(evaluation)),
        _corpus(evaluation),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Evaluation</title><style>{_STYLE}</style></head><body>{''.join(body)}</body></html>\n"
    )


def _cards(evaluation: Evaluation, agreement: Share | None) -> str:
    measures = evaluation.measures
    cards = [
        (
            "1",
            "Accepted without reconstruction",
            measures.accepted,
            "of the clean packets are staged with every consequential field resolved",
        ),
        ("2", "Diverted", measures.diverted, "of the packets with a fault have the expected codes at their places, and no other"),
        ("2", "Precise", measures.precise, "of the codes told should have been told"),
        ("2", "False holds", measures.false_holds, "of the clean packets are held"),
        ("3", "Traced", measures.traced, "of the consequential values of staged records lead back to their source"),
        ("3", "Sure", measures.confident, "of them say how sure they are"),
        ("4", "Under change", measures.changed, "of the packets with something missing, renamed, newer or mixed come out right"),
        ("4", "New contracts", contract_share(evaluation), "of clean packets come out right under other contracts"),
    ]
    if agreement is not None:
        cards.append(("", "The same in Dagster", agreement, "of a sample came out byte for byte the same from the Dagster job"))
    return '<div class="cards">' + "".join(_card(*card) for card in cards) + "</div>"


def _card(number: str, name: str, share: Share, says: str) -> str:
    head = f"{number} · {name}" if number else name
    return (
        f'<div class="card"><i>{escape(head)}</i><b>{escape(share.percent)}</b>'
        f'<i class="soft">{escape(says)} ({escape(str(share))})</i></div>'
    )


def _codes(measures: Measures) -> str:
    rows = [Bars(one.code, (one.recall, one.precision)) for one in measures.codes]
    return (
        "<p>Recall: of the packets that should have the code, those that have it at its place. Precision: of the packets that have it, "
        f"those that should.</p>{chart(rows, 'Recall and precision by exception code', ('recall', 'precision'))}"
    )


def _toolchains(measures: Measures) -> str:
    rows = [Bars(one.name, (one.staged, one.right)) for one in measures.toolchains]
    listed = "".join(f"<li><code>{escape(one.name)}</code> {escape(one.title)}</li>" for one in measures.toolchains)
    return chart(rows, "Clean packets staged, and faulty ones that came out right", ("clean, staged", "faulty, right")) + (
        f"<details><summary>What they are</summary><ul>{listed}</ul></details>"
    )


def _families(families: Iterable[FamilyMeasure]) -> str:
    rows = "".join(_family(one) for one in families)
    return (
        "<p>Most misses first. A form is the format, part or way in which the fault was put in.</p>"
        f"<table><tr><th>family</th><th>code</th><th>right</th><th></th><th>forms with misses</th></tr>{rows}</table>"
    )


def _family(one: FamilyMeasure) -> str:
    missed = [f"{form} {share.part}/{share.whole}" for form, share in one.forms.items() if share.part < share.whole]
    forms = f"{len(missed)} of {len(one.forms)}: {', '.join(missed)}" if missed else f"none of {len(one.forms)}"
    return (
        f"<tr><td>{escape(one.title)}<br><code class='soft'>{escape(one.family)}</code></td>"
        f"<td><code>{escape(one.code or 'told, not held')}</code></td>"
        f'<td class="number">{one.right.part} of {one.right.whole}</td><td>{small_bar(one.right)}</td><td>{escape(forms)}</td></tr>'
    )


def _misses(misses: Sequence[str]) -> str:
    if not misses:
        return "<p>Nothing.</p>"
    listed = "".join(f"<li><code>{escape(miss[:600])}</code></li>" for miss in misses)
    return f"<details><summary>{len(misses)} packets</summary><ul class='misses'>{listed}</ul></details>"


def _contracts(evaluation: Evaluation) -> str:
    versions = list(dict.fromkeys(one.contract for one in evaluation.contracts))
    rows = []
    for version in versions:
        under = [one for one in evaluation.contracts if one.contract == version]
        name = "one more required field" if version == versions[-1] else f"contract {version}"
        rows.append(Bars(name, (Share(sum(not one.wrong for one in under), len(under)),)))
    wrong = [f"{one.contract} {one.toolchain}: {one.wrong}" for one in evaluation.contracts if one.wrong]
    return (
        "<p>A clean packet of each toolchain under every published contract, and under one that requires the reference of a review: "
        "packets that have one are staged with it, the others are held for that field alone.</p>"
        + chart(rows, "Clean packets that came out right, by contract")
        + (_misses(wrong) if wrong else "")
    )


def _corpus(evaluation: Evaluation) -> str:
    real = evaluation.corpus
    if real is None:
        return ""
    measures = real.measures
    rows = [
        Bars("as they are: staged", (Share(measures.false_holds.whole - measures.false_holds.part, measures.false_holds.whole),)),
        Bars("with a fault: came out right", (measures.diverted,)),
    ]
    return _section(
        "Real documents",
        f"<p>{real.labelled} of {real.looked_at} documents of public projects that were looked at could be labelled. Each was put into a "
        "clean packet as evidence of the release before. What is held as it is may be held rightly: real documents name people.</p>"
        + chart(rows, "Packets around real documents")
        + _misses(measures.misses),
    )


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>{content}"
