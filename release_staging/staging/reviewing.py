"""Taking a finding in, the same for the command line, the drop folder and whoever calls it from Python: checked, kept, recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from release_staging.config.disclosure import DisclosureRules
from release_staging.config.registries import Registries
from release_staging.disclosure.conceal import SHORTEST
from release_staging.disclosure.scan import scan
from release_staging.evidence.resolve import Resolver, Unresolved
from release_staging.parsing import json
from release_staging.record import contract
from release_staging.review.answering import check, check_alone
from release_staging.review.effects import identified
from release_staging.review.finding import Finding
from release_staging.review.words import Refused
from release_staging.staging.entries import Revision
from release_staging.staging.reviews import ReviewStore
from release_staging.staging.vault import Vault, digest_of


@dataclass(frozen=True)
class Reviewing:
    """Takes findings in, for a deployment."""

    vault: Vault
    reviews: ReviewStore
    registries: Registries
    boundary: DisclosureRules
    contracts: Path

    def take(self, finding: Finding, supplied: Callable[[], bytes] | None = None) -> bool:
        """Records the finding; False where the same was recorded before. ``supplied`` gives the bytes of a document that it supplies.

        Raises Refused, StagingError.
        """
        with self.vault.adding():
            return self._take(finding, supplied)

    def _take(self, finding: Finding, supplied: Callable[[], bytes] | None) -> bool:
        if finding.supply:
            self._supply(finding, supplied)

        def checked(found: Finding, answered: Revision, in_force: Sequence[Finding]) -> None:
            body = json.parse(answered.body.encode())
            check(found, body, contract.load(answered.contract, self.contracts))
            check_alone(found, in_force)
            self._check_places(found)

        self._check_name(finding)
        self.vault.put(finding.body)
        return self.reviews.record(finding, checked)

    def _supply(self, finding: Finding, supplied: Callable[[], bytes] | None) -> None:
        """The document must be the one that was said, readable, and within the boundary; only then it joins the vault."""
        assert finding.supply is not None
        digest = f"sha256:{finding.supply.sha256}"
        if supplied is None and self.vault.has(digest):
            data = self.vault.get(digest)
        elif supplied is None:
            raise Refused(
                f"the document {finding.supply.path} did not come with the finding", remedy="hand it in together with the finding"
            )
        else:
            data = supplied()
        if digest_of(data) != digest:
            raise Refused(f"the document handed in is {digest_of(data)}, not {digest}", remedy="name the digest of the document")
        known = identified(finding.supply, data)
        if known.problems or known.known is None:
            told = "; ".join(problem.message for problem in known.problems) or "it is no format that is read here"
            raise Refused(f"the document cannot be supplied: {told}", remedy="supply one that can be read")
        found = scan(data, self.boundary, known.known.reader.source)
        if found:
            raise Refused(f"the document holds {found[0].told}, at {found[0].locator}", remedy="supply a clean document")
        self.vault.put(data)

    def _check_name(self, finding: Finding) -> None:
        if finding.map is None:
            return
        entries: Mapping[str, Any] = getattr(self.registries, finding.map.registry)
        if finding.map.id not in {entry.id for entry in entries.values()}:
            raise Refused(
                f"the registry of {finding.map.registry} has no entry {finding.map.id!r}",
                remedy="name one that it has, or add the entry to the registry",
            )

    def _check_places(self, finding: Finding) -> None:
        """Every place must be there, and the value that was read must stand at the first of them."""
        for number, place in enumerate(finding.rests_on):
            if place.locator is not None:
                text = self._text(place.document, place.locator)
                if finding.read and number == 0:
                    self._check_said(finding, text)
        if finding.boundary and len(self._text(finding.boundary.document, finding.boundary.locator).strip()) < SHORTEST:
            raise Refused("the passage is too short to be told from others", remedy="mark it with what stands around it")
        if finding.map and not any(place.locator is not None for place in finding.rests_on):
            raise Refused("the finding does not say where the name stands", remedy="give a locator in rests_on")

    def _text(self, document: str, locator: str) -> str:
        try:
            return Resolver(self.vault.get(document)).text(locator)
        except Unresolved as error:
            raise Refused(f"{document}: {error}", remedy="name a place of that document by a locator that leads to a value") from None

    def _check_said(self, finding: Finding, text: str) -> None:
        assert finding.read is not None
        said, stands = (" ".join(one.split()).lower() for one in (finding.read.value, text))
        if said not in stands:
            raise Refused(
                f"{finding.read.value!r} does not stand at the place that the finding names",
                remedy="give the value as it stands there, or the place where it stands",
            )
