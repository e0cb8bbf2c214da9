"""Which rows of a document are one finding: some scanners list one again for each path, data source or name that leads to it.

The key is stated (``rules.FINDING``) and goes by what the rows say; nothing is compared across documents. A row of another kind
than of a package's vulnerability or licence, or one that names no package, is a finding of its own: of two weaknesses in one
file none repeats the other.
"""

from __future__ import annotations

import re
from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.model.tables import FLAG, TEXT
from release_staging.normalize.columns import SEPARATOR, both, column, each, joined
from release_staging.normalize.identifiers.purls import purl

# Of several ids for one vulnerability, the one to go by: the first kind of which there is exactly one. An advisory that covers two
# CVEs is neither of them.
_KINDS = (re.compile(r"CVE-[0-9]{4}-[0-9]+"), re.compile(r"GHSA(?:-[0-9A-Z]{4}){3}"))
_OF_A_PACKAGE = ("vulnerability", "licence")
_WORST_FIRST = ("critical", "high", "medium", "low", "unknown", "none")


def findings(vulnerabilities: pa.Table) -> pa.Table:
    """Vulnerabilities with the columns that make a finding: of the rows of one the first of the worst stands for all."""
    aliases = pc.fill_null(column(vulnerabilities, "aliases"), "")
    [vulnerability] = each(joined(column(vulnerabilities, "id"), aliases), _vulnerability, TEXT)
    [package_url] = each(column(vulnerabilities, "purl"), lambda text: (purl(text).text,), TEXT)
    finding = _keys(vulnerabilities, vulnerability, pc.coalesce(package_url, column(vulnerabilities, "package")))
    document = joined(column(vulnerabilities, "packet"), column(vulnerabilities, "document"))
    repeats, told = _repeated(joined(document, finding), column(vulnerabilities, "severity_level").to_pylist())
    place = vulnerabilities.column_names.index("severity_loss")
    vulnerabilities = vulnerabilities.set_column(place, "severity_loss", both(column(vulnerabilities, "severity_loss"), told))
    for name, values in (("id_normal", vulnerability), ("purl_normal", package_url), ("finding", finding), ("repeats", repeats)):
        vulnerabilities = vulnerabilities.append_column(name, values)
    return vulnerabilities


def _keys(vulnerabilities: pa.Table, vulnerability: pa.Array, package: pa.Array) -> pa.Array:
    """What makes a row's finding, in one text; null for a row that is a finding of its own."""
    kind = column(vulnerabilities, "kind")
    stated = [pc.fill_null(column(vulnerabilities, name), "") for name in ("version", "target", "location", "state")]
    suppressed = pc.cast(pc.fill_null(column(vulnerabilities, "suppressed"), False), TEXT)
    key = joined(kind, vulnerability, package, *stated, suppressed)
    return pc.if_else(pc.is_in(kind, value_set=pa.array(_OF_A_PACKAGE, TEXT)), key, pa.scalar(None, TEXT))


def _vulnerability(stated: str) -> tuple[str]:
    """The id to go by, of a row's own and its aliases."""
    own, _, aliases = stated.partition(SEPARATOR)
    every = {text.strip().upper() for text in aliases.split(",")}
    for kind in _KINDS:
        if kind.fullmatch(own.strip().upper()):
            return (own.strip().upper(),)
        found = set(filter(kind.fullmatch, every))
        if found:
            return (found.pop() if len(found) == 1 else own,)
    return (own,)


def _repeated(keys: pa.Array, severities: list[str]) -> tuple[pa.Array, pa.Array]:
    """Whether another row stands for each row, and, of a row that stands for others with another severity, which they have."""
    repeats: list[bool] = [False] * len(keys)
    told: list[str | None] = [None] * len(keys)
    if pc.count_distinct(keys).as_py() < len(keys) - keys.null_count:
        rows: dict[str, list[int]] = defaultdict(list)
        for place, key in enumerate(keys.to_pylist()):
            if key is not None:
                rows[key].append(place)
        for places in rows.values():
            first = min(places, key=lambda place: _WORST_FIRST.index(severities[place]))
            for place in places:
                repeats[place] = place != first
            others = {severities[place] for place in places} - {severities[first]}
            if others:
                told[first] = f"another row of this finding says {' or '.join(sorted(others))}"
    return pa.array(repeats, FLAG), pa.array(told, TEXT)
