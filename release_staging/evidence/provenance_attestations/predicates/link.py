"""in-toto link v0.3: one step of a supply chain. https://github.com/in-toto/attestation/blob/main/spec/predicates/link.md.

The subjects are the products. Command, materials and environment are the step's own business; output of the command is log text.
The exit status is read as a verdict: ``zero`` or ``not-zero`` in the vocabulary ``in-toto-return-value``.
"""

from __future__ import annotations

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations.predicates.predicate import Predicate
from release_staging.evidence.tree import NUMBERS, Node


def read(predicate: Node, out: Extract) -> None:
    """Reads a link: this predicate, or the ``signed`` part of link metadata without a Statement."""
    name = predicate.text("name", required=True)
    predicate.summarise("command", "materials", rule="step-detail")
    predicate.drop("environment", rule="step-environment")
    byproducts = predicate.object("byproducts")
    returned = byproducts["return-value"]
    word = "zero" if str(returned.raw) == "0" else "not-zero"
    out.claim("verdict", returned, value=word, subject=name, vocabulary="in-toto-return-value", accept=NUMBERS)
    byproducts.drop("stdout", "stderr", rule="step-output")


PREDICATES = (Predicate("in-toto.io/attestation/link", ("v0.3",), read),)
