"""What each packet's documents disclose, so that nothing made of any of them carries it on."""

from __future__ import annotations

from collections.abc import Callable

from release_staging.config.disclosure import RECORD, DisclosureRules
from release_staging.disclosure.conceal import Concealment
from release_staging.disclosure.scan import Find, search
from release_staging.evidence.resolve import Resolver
from release_staging.model.exceptions import DISCLOSURES
from release_staging.model.gathered import Tables
from release_staging.packet.inventory import DESCRIPTOR_FORMAT

_MOST_REMEMBERED = 200


class Concealing:
    """Searches the documents that the boundary found something in again, each once for as long as the object lives.

    The found values are in no table: between steps of a run they are in memory only.
    """

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._found: dict[tuple[str, str | None, str], list[Find]] = {}

    def of(self, evidence: Tables, rules: DisclosureRules) -> dict[str, Concealment]:
        """By packet, for the packets of ``evidence`` (the root's tables, and findings) in which something was found or marked."""
        sources = {
            (row["packet"], row["document"]): RECORD if row["format"] == DESCRIPTOR_FORMAT else row["source"]
            for row in (evidence["documents"].to_pylist() if "documents" in evidence else ())  # an archive that cannot be opened has none
        }
        by_packet: dict[str, Concealment] = {}
        for row in evidence["problems"].select(["packet", "document", "code"]).to_pylist() if "problems" in evidence else ():
            if row["code"] not in DISCLOSURES:
                continue
            concealment = by_packet.setdefault(row["packet"], Concealment(rules, RECORD))
            if (row["packet"], row["document"]) in sources:
                concealment.add(self._finds(row["document"], sources[row["packet"], row["document"]], rules))
        for row in evidence["review_findings"].to_pylist() if "review_findings" in evidence else ():
            if row["kind"] == "boundary":
                document, _, locator = row["target"].partition(" ")
                by_packet.setdefault(row["packet"], Concealment(rules, RECORD)).hide(Resolver(self._fetch(document)).text(locator))
        return by_packet

    def _finds(self, document: str, source: str | None, rules: DisclosureRules) -> list[Find]:
        key = (document, source, rules.model_dump_json())
        if key not in self._found:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            self._found[key] = search(self._fetch(document), rules, source)[1]
        return self._found[key]
