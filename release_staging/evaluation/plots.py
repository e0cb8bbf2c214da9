"""Plots as SVG text. Nothing in them comes from elsewhere, and every word in them is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from release_staging.evaluation.measures import Share

_ROW, _LABEL, _BAR, _NOTE = 24, 250, 500, 110  # pixels: height of a row, widths of label, bar and note


@dataclass(frozen=True)
class Bars:
    """A row of a chart: a label, and one bar or two of them."""

    label: str
    shares: tuple[Share, ...]


def chart(rows: Sequence[Bars], title: str, names: Sequence[str] = ()) -> str:
    """Horizontal bars: the share in one colour, what is missing of it in another. ``names`` tell the bars of a row apart."""
    count = max((len(row.shares) for row in rows), default=1)
    height = _ROW + (count - 1) * 12
    top = 22 if names else 4
    whole = top + len(rows) * height + 20
    parts = [_axis(top, whole - 20), *([_legend(names)] if names else [])]
    for number, row in enumerate(rows):
        y = top + number * height
        parts.append(f'<text class="label" x="{_LABEL - 8}" y="{y + height / 2 + 4:g}">{escape(_short(row.label))}</text>')
        for place, share in enumerate(row.shares):
            parts.append(_bar(share, _LABEL, y + 4 + place * 14, kind=place))
    return (
        f'<div class="chart"><svg role="img" viewBox="0 0 {_LABEL + _BAR + _NOTE} {whole}" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg></div>"
    )


def small_bar(share: Share) -> str:
    """One bar for a cell of a table."""
    width = 120
    part = width * (share.rate or 0.0)
    return (
        f'<svg class="small" role="img" viewBox="0 0 {width} 10" width="{width}" height="10" aria-label="{escape(str(share))}">'
        f'<rect class="missing" width="{width}" height="10" rx="2"/><rect class="part0" width="{part:.1f}" height="10" rx="2"/></svg>'
    )


def _bar(share: Share, x: int, y: float, kind: int) -> str:
    part = _BAR * (share.rate or 0.0)
    note = f"{share.percent} of {share.whole}"
    return (
        f'<rect class="missing" x="{x}" y="{y:g}" width="{_BAR}" height="11" rx="2"/>'
        f'<rect class="part{kind}" x="{x}" y="{y:g}" width="{part:.1f}" height="11" rx="2"/>'
        f'<text class="note" x="{x + _BAR + 8}" y="{y + 10:g}">{escape(note)}</text>'
    )


def _axis(top: int, bottom: int) -> str:
    """Lines at each quarter, and their percents below."""
    parts = []
    for quarter in range(5):
        x = _LABEL + _BAR * quarter / 4
        parts.append(f'<line class="grid" x1="{x:g}" x2="{x:g}" y1="{top}" y2="{bottom}"/>')
        parts.append(f'<text class="tick" x="{x:g}" y="{bottom + 14}">{quarter * 25} %</text>')
    return "".join(parts)


def _legend(names: Sequence[str]) -> str:
    parts = []
    kinds = [*((f"part{number}", name) for number, name in enumerate(names)), ("missing", "not so")]
    for number, (kind, name) in enumerate(kinds):
        x = _LABEL + number * 140
        parts.append(f'<rect class="{kind}" x="{x}" y="4" width="11" height="11" rx="2"/>')
        parts.append(f'<text class="name" x="{x + 16}" y="14">{escape(name)}</text>')
    return "".join(parts)


def _short(label: str) -> str:
    return label if len(label) <= 36 else label[:35] + "…"
