"""A record as an in-toto Statement v1, for systems that carry attestations. Unsigned: signing is the deployment's business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://release-staging.example/deployment-review-staging-record/v1"


def statement(document: Mapping[str, Any]) -> dict[str, Any]:
    """The Statement whose subjects are the record's artifacts and whose predicate is the record itself."""
    subjects = []
    for artifact in document["artifacts"]:
        algorithm, _, value = artifact["digest"].partition(":")
        subjects.append({"name": artifact["reference"] or artifact["name"], "digest": {algorithm: value}})
    return {"_type": STATEMENT, "subject": subjects, "predicateType": PREDICATE, "predicate": dict(document)}
