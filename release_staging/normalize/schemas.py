"""Arrow schemas of normalised tables: the gathered tables of ``model.tables``, with columns added at the end.

No column of a reader is changed, except that a claim's ``confidence`` may fall and a document's ``level`` is filled (its first
value stays in ``level_asserted``). An added column is null where the source says nothing, unless it says otherwise below.
"""

from __future__ import annotations

import pyarrow as pa

from release_staging.model.tables import FLAG, SCHEMAS, TEXT, gathered

TIME = pa.timestamp("us", "UTC")

_OUTCOME = ("outcome", TEXT)  # passed | failed | error | skipped | inconclusive | flaky | unknown
_SEVERITY = ("severity_level", TEXT)  # critical | high | medium | low | none | unknown; never null
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
    "jobs": [_OUTCOME],  # never null
    "test_suites": [("test_level", TEXT)],
    "test_cases": [_OUTCOME],  # never null
    "metrics": [_OUTCOME],  # null for a metric that is not judged
    "policy_results": [_OUTCOME, _SEVERITY],  # neither is ever null
    "vulnerabilities": [
        _SEVERITY,
        ("severity_rule", TEXT),
        ("state", TEXT),
    ],  # state: affected | not_affected | fixed | under_investigation | unknown
    "incidents": [_SEVERITY, ("state", TEXT), _ENVIRONMENT],  # state: open | mitigated | resolved | unknown
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
