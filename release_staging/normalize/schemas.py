"""Arrow schemas of normalised tables: the gathered tables of ``model.tables``, with columns added at the end.

No column of a reader is changed, except that a claim's ``confidence`` may fall and a document's ``level`` is filled (its first
value stays in ``level_asserted``). An added column is null where the source says nothing, unless it says otherwise below.
"""

from __future__ import annotations

import pyarrow as pa

from release_staging.model.tables import FLAG, SCHEMAS, TEXT, gathered

TIME = pa.timestamp("us", "UTC")

# A column <name>_loss says what <name> does not say any more; null where it says it all.
_OUTCOME = [("outcome", TEXT), ("outcome_loss", TEXT)]  # passed | failed | error | skipped | inconclusive | flaky | unknown
_SEVERITY = [("severity_level", TEXT), ("severity_loss", TEXT)]  # critical | high | medium | low | none | unknown; never null
_STATE = [("state", TEXT), ("state_loss", TEXT)]
_ENVIRONMENT = ("environment_id", TEXT)  # an id of the environment registry

ADDED: dict[str, list[tuple[str, pa.DataType]]] = {
    "claims": [
        ("normal", TEXT),  # the value in the form to compare; the value itself where no rule applies; never null
        ("rule", TEXT),  # what made it (see rules.RULES); null where it is the value itself
        ("normal_loss", TEXT),  # what `normal` does not say any more, or what the value leaves open
        ("earliest", TIME),  # of a time: the first and the last instant it can mean; equal where it is exact
        ("latest", TIME),
    ],
    "documents": [
        _ENVIRONMENT,  # of the environment that the descriptor asserts
        ("level_asserted", TEXT),  # the descriptor's own word; `level` becomes an id of the test level registry
        ("level_rule", TEXT),  # how the level is known (see rules.RULES)
        ("level_confidence", TEXT),
    ],
    "artifacts": [("artifact_type", TEXT)],  # an id of the artifact type registry
    "jobs": _OUTCOME,  # never null
    "test_suites": [("test_level", TEXT)],
    "test_cases": _OUTCOME,  # never null
    "metrics": _OUTCOME,  # null for a metric that is not judged
    "policy_results": [*_OUTCOME, *_SEVERITY],  # neither outcome nor severity is ever null
    "packages": [
        ("purl_normal", TEXT),  # in the form to compare, as the next
        ("purl_loss", TEXT),
        ("licence_normal", TEXT),
        ("licence_loss", TEXT),
    ],
    "vulnerabilities": [
        *_SEVERITY,
        *_STATE,  # affected | not_affected | fixed | under_investigation | unknown
        ("severity_rule", TEXT),  # how the severity is known (see rules.RULES); null where it is not
        ("cvss_score", TEXT),  # base score of the row's CVSS vector
        ("cvss_level", TEXT),  # the severity it stands for, by the scale of its version
        ("score_loss", TEXT),  # that the row's score is not the vector's, or that this is no vector
        ("id_normal", TEXT),  # the one CVE, else the one GHSA, that id and aliases name; else the id
        ("purl_normal", TEXT),
        ("finding", TEXT),  # rows of a document with the same text here are one finding; null where a row is one of its own
        ("repeats", FLAG),  # a row whose finding another row of the document stands for; never null
    ],
    "incidents": [*_SEVERITY, *_STATE, _ENVIRONMENT],  # state: open | mitigated | resolved | unknown
    "config_changes": [
        _ENVIRONMENT,
        ("environment_rule", TEXT),  # how the environment is known (see rules.RULES)
        ("touches_secret", FLAG),  # never null
        ("secret_rule", TEXT),
    ],
}

NORMALISED: dict[str, pa.Schema] = {
    name: pa.schema([*gathered(name), *(pa.field(column, kind) for column, kind in ADDED.get(name, []))]) for name in SCHEMAS
}
