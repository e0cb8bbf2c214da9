"""SCAI attribute report v0.2 and v0.3: https://github.com/in-toto/attestation/blob/main/spec/predicates/scai.md.

Who asserts attributes of the subject. The attributes are free words with evidence of their own and are counted, not carried.
"""

from __future__ import annotations

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations.predicates.predicate import Predicate
from release_staging.evidence.tree import Node

_DETAIL = ("digest", "annotations", "mediaType", "content", "downloadLocation")


def read(predicate: Node, out: Extract) -> None:
    found = False
    for attribute in predicate.items("attributes", required=True):
        found = True
        attribute.text("attribute", required=True)
        attribute.summarise("target", "conditions", "evidence", rule="attribute-detail")
    if not found and predicate["attributes"].raw == []:
        out.drift(predicate["attributes"], "at least one attribute")
    producer = predicate.object("producer")
    out.claim("tool.name", producer["name"] if producer["name"].exists else producer["uri"])
    producer.summarise(*_DETAIL, *(("uri",) if producer["name"].exists else ()), rule="producer-detail")


PREDICATES = (Predicate("in-toto.io/attestation/scai/attribute-report", ("v0.2", "v0.3"), read),)
