"""Arrow schemas of everything that passes between steps.

Claims, losses and problems exist for every document; rows are inventories whose table depends on the
source. Readers fill the columns below; ``packet`` and ``document`` are put in front when the extractions of a
run are gathered, so that one table can hold every packet of the run.
"""

from __future__ import annotations

import pyarrow as pa

TEXT = pa.string()
INT = pa.int64()
FLAG = pa.bool_()

CLAIMS = pa.schema(
    [
        ("field", TEXT),  # one of model.fields.FIELDS
        ("subject", TEXT),  # what it is said of, where a document speaks of several things; else null
        ("value", TEXT),  # the reader's form of the value
        ("source_value", TEXT),  # verbatim at the locator
        ("vocabulary", TEXT),  # the source vocabulary the value is a word of, e.g. "github-conclusion"
        ("confidence", TEXT),  # model.confidence.Confidence
        ("locator", TEXT),
        ("loss", TEXT),  # what the reader lost on the way from source_value to value; else null
    ]
)

LOSSES = pa.schema(
    [
        ("path", TEXT),  # path shape, e.g. /runs/*/results/*/fingerprints
        ("mapped", INT),
        ("summarised", INT),
        ("dropped", INT),
        ("not_understood", INT),
        ("rule", TEXT),  # name of the rule that dropped or summarised; else null
    ]
)

PROBLEMS = pa.schema(
    [
        ("code", TEXT),  # one of model.exceptions.CODES
        ("subject", TEXT),
        ("message", TEXT),
        ("expected", TEXT),
        ("found", TEXT),
        ("locator", TEXT),
    ]
)

# Every row table starts with the locator of the element the row was read from. `status`, `severity` hold the
# source's own word; `vocabulary` names the table of words it belongs to. Times are the source's own text.
ROWS: dict[str, pa.Schema] = {
    "artifacts": pa.schema(
        [
            ("locator", TEXT),
            # declared | registry | platform | attestation | config | layer | subject; normalisation makes "listed" of what is
            # declared without a digest
            ("role", TEXT),
            ("name", TEXT),
            ("kind", TEXT),
            ("reference", TEXT),
            ("digest", TEXT),  # algorithm:hex
            ("parent_digest", TEXT),  # digest of the index or manifest that lists it
            ("media_type", TEXT),
            ("platform", TEXT),
            ("version", TEXT),
            ("size", INT),
        ]
    ),
    "jobs": pa.schema(
        [
            ("locator", TEXT),
            ("kind", TEXT),  # run | job | step
            ("name", TEXT),
            ("parent", TEXT),
            ("status", TEXT),
            ("vocabulary", TEXT),
            ("attempt", INT),
            ("started_at", TEXT),
            ("finished_at", TEXT),
        ]
    ),
    "attestations": pa.schema(
        [
            ("locator", TEXT),
            ("subject_name", TEXT),
            ("subject_digest", TEXT),
            ("predicate_type", TEXT),
            ("builder", TEXT),
            ("signature", TEXT),  # verified | failed | not_attempted | unverifiable
            ("signature_key", TEXT),
            ("signature_reason", TEXT),
        ]
    ),
    "test_suites": pa.schema(
        [
            ("locator", TEXT),
            ("name", TEXT),
            ("level", TEXT),  # what the document itself says; the descriptor may assert another
            ("tests", INT),  # declared totals, as the document states them; null where it does not
            ("passed", INT),
            ("failed", INT),
            ("errors", INT),
            ("skipped", INT),
            ("duration_s", TEXT),
            ("started_at", TEXT),
        ]
    ),
    "test_cases": pa.schema(
        [
            ("locator", TEXT),
            ("suite", TEXT),
            ("name", TEXT),
            ("status", TEXT),
            ("vocabulary", TEXT),
            ("duration_s", TEXT),
            ("flaky", FLAG),
        ]
    ),
    "metrics": pa.schema(
        [
            ("locator", TEXT),
            ("name", TEXT),
            ("statistic", TEXT),  # avg, p(95), rate, count ...
            ("value", TEXT),
            ("unit", TEXT),
            ("threshold", TEXT),
            ("status", TEXT),
            ("vocabulary", TEXT),
            ("samples", INT),
        ]
    ),
    "packages": pa.schema(
        [
            ("locator", TEXT),
            ("ref", TEXT),
            ("name", TEXT),
            ("version", TEXT),
            ("purl", TEXT),
            ("kind", TEXT),
            ("licence", TEXT),
            ("digest", TEXT),
        ]
    ),
    "vulnerabilities": pa.schema(
        [
            ("locator", TEXT),
            ("kind", TEXT),  # vulnerability | misconfiguration | secret | licence | weakness
            ("id", TEXT),
            ("aliases", TEXT),  # other ids that the source gives the same vulnerability, joined by ", "
            ("target", TEXT),
            ("location", TEXT),  # where in the target the package lies
            ("package", TEXT),
            ("version", TEXT),
            ("purl", TEXT),
            ("severity", TEXT),
            ("score", TEXT),
            ("cvss", TEXT),  # the CVSS vector that the score is of; where several are given for it, all, joined by ", "
            ("vocabulary", TEXT),
            ("fixed_version", TEXT),
            ("status", TEXT),
            ("suppressed", FLAG),
        ]
    ),
    "policy_results": pa.schema(
        [
            ("locator", TEXT),
            ("policy", TEXT),
            ("rule", TEXT),
            ("resource", TEXT),
            ("status", TEXT),
            ("severity", TEXT),
            ("vocabulary", TEXT),
        ]
    ),
    "config_changes": pa.schema(
        [
            ("locator", TEXT),
            ("environment", TEXT),
            ("file", TEXT),
            ("key", TEXT),
            ("action", TEXT),  # added | removed | changed | replaced
            ("sensitive", FLAG),  # the source itself marks the value as sensitive
        ]
    ),
    "runbook_steps": pa.schema([("locator", TEXT), ("section", TEXT), ("number", INT), ("text", TEXT)]),
    "incidents": pa.schema(
        [
            ("locator", TEXT),
            ("id", TEXT),
            ("title", TEXT),
            ("status", TEXT),
            ("severity", TEXT),
            ("vocabulary", TEXT),
            ("affected_version", TEXT),
            ("environment", TEXT),
            ("started_at", TEXT),
            ("resolved_at", TEXT),
        ]
    ),
    "catalog_entities": pa.schema(
        [
            ("locator", TEXT),
            ("kind", TEXT),
            ("name", TEXT),
            ("owner", TEXT),
            ("lifecycle", TEXT),
            ("tier", TEXT),
            ("system", TEXT),
            ("repository", TEXT),
        ]
    ),
}

# What a packet holds: one row a document, filled when the packet is opened.
DOCUMENTS = pa.schema(
    [
        ("path", TEXT),
        ("size", INT),
        ("source", TEXT),  # null where it is not evidence (the descriptor) or not recognised
        ("format", TEXT),  # format id with version
        ("encoding", TEXT),
        ("recognised_by", TEXT),  # content | declared | earlier record | null
        ("asserted_source", TEXT),  # what the descriptor says it is of, whether or not it could be read as that
        ("level", TEXT),  # asserted by the descriptor: unit, integration, load, smoke
        ("environment", TEXT),  # asserted by the descriptor
        ("run", TEXT),  # asserted by the descriptor: the CI run that made it
        ("baseline", FLAG),  # it is of the release before (by the descriptor, or from an earlier record), and only compared with
    ]
)

EARLIER = "earlier record"  # ``recognised_by`` of a document that an earlier staged record brings: it is none of the packet's own

# Artifacts of earlier staged records of the packet's service; made when the packet is opened.
RELEASES = pa.schema([("packet", TEXT), ("release", TEXT), ("record", TEXT), ("version", TEXT), ("digest", TEXT)])

COMMON: dict[str, pa.Schema] = {"documents": DOCUMENTS, "claims": CLAIMS, "losses": LOSSES, "problems": PROBLEMS}
SCHEMAS: dict[str, pa.Schema] = {**COMMON, **ROWS}

# The columns in front of every gathered table.
OWNER = [pa.field("packet", TEXT), pa.field("document", TEXT)]


def gathered(table: str) -> pa.Schema:
    """Schema of ``table`` once the documents of a run are gathered: owner columns first."""
    return pa.schema([*OWNER, *SCHEMAS[table]])
