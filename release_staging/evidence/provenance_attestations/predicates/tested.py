"""in-toto test result v0.1: https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md.

The tests are names in three lists and become no rows here: attestations are not test reports. A result of PASSED or WARNED
beside failed tests is told.
"""

from __future__ import annotations

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations.predicates.predicate import Predicate
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code


def read(predicate: Node, out: Extract) -> None:
    result = predicate["result"]
    out.claim("verdict", result, vocabulary="in-toto-test-result", required=True)
    predicate.summarise("url", "configuration", rule="test-run")  # the run that tested, not the one that built
    failed = sum(1 for _ in predicate.items("failedTests"))
    if failed and result.raw != "FAILED":
        message = f"the result is not FAILED and {failed} failed tests are listed beside it"
        out.problem(Code.CONTRADICTION, message, predicate["failedTests"], subject="verdict", expected="FAILED", found=str(result.raw))
    for key in ("passedTests", "warnedTests", "failedTests"):
        list(predicate.items(key))  # not an array: drift
        predicate[key].summarise(rule="test-names")


PREDICATES = (Predicate("in-toto.io/attestation/test-result", ("v0.1",), read),)
