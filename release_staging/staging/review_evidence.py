"""What findings bring to a packet, read and kept within the boundary like the packet's own evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from release_staging.config.disclosure import DisclosureRules
from release_staging.config.policy import Policy
from release_staging.disclosure.scan import scan
from release_staging.disclosure.tables import concealed
from release_staging.evidence.gather import Fetch, extract_source, options
from release_staging.model.gathered import Tables, merged
from release_staging.model.review import SUPPLIED
from release_staging.model.sources import SOURCES
from release_staging.model.tables import gathered
from release_staging.review.effects import Recorded, effects
from release_staging.staging.concealing import Concealing


def review_of(recorded: Mapping[str, Sequence[Recorded]], evidence: Tables, fetch: Fetch, policy: Policy, concealing: Concealing) -> Tables:
    """By packet of a run its findings, as the tables of ``effects``, and what was read of the documents that they supply: these are read
    here, so that nothing else is read again. ``evidence`` is the root of the run's packets.
    """
    tables = merged([effects("", (), fetch), *(effects(packet, said, fetch) for packet, said in recorded.items() if said)])
    if not tables["review_findings"].num_rows:
        return tables
    supplied = [row for row in tables["documents"].to_pylist() if row["recognised_by"] == SUPPLIED]
    found = pa.Table.from_pylist(list(_beyond_boundary(supplied, fetch, policy.disclosure)), schema=gathered("problems"))
    documents = pa.Table.from_pylist(supplied, schema=gathered("documents"))
    sources = {row["source"] for row in supplied}
    read = [extract_source(source, documents, fetch, options(policy)) for source in SOURCES if source.name in sources]
    tables = merged([tables, {"problems": found}, *read])
    return concealed(tables, concealing.of(merged([evidence, tables]), policy.disclosure))


def _beyond_boundary(supplied: list[dict[str, Any]], fetch: Fetch, rules: DisclosureRules) -> Iterator[dict[str, Any]]:
    """It was clean when it was supplied; what is looked for may have changed since."""
    for row in supplied:
        for one in scan(fetch(row["document"]), rules, row["source"]):
            yield {
                "packet": row["packet"],
                "document": row["document"],
                "code": one.code.value,
                "subject": row["path"],
                "message": one.told,
                "locator": one.locator,
            }
