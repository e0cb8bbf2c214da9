"""Normalisation of the gathered tables of a run: every packet at once, every source value kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.policy import Policy
from release_staging.config.registries import Registries, key
from release_staging.model.gathered import merged
from release_staging.model.tables import SCHEMAS, TEXT, gathered
from release_staging.normalize import environments, owners, rules, vocabulary
from release_staging.normalize.claims import normalise_claims
from release_staging.normalize.columns import column, each, folded, looked_up, matches_any
from release_staging.normalize.findings import findings
from release_staging.normalize.identifiers.identifier import Identifier
from release_staging.normalize.identifiers.licences import licence
from release_staging.normalize.identifiers.purls import purl
from release_staging.normalize.levels import normalise_levels
from release_staging.normalize.schemas import NORMALISED
from release_staging.normalize.severities import scored

# Row tables with words: (table, column, taxonomy, column added, column added for what it does not say any more).
_WORDS = (
    ("jobs", "status", "outcome", "outcome", "outcome_loss"),
    ("test_cases", "status", "outcome", "outcome", "outcome_loss"),
    ("metrics", "status", "outcome", "outcome", "outcome_loss"),
    ("policy_results", "status", "outcome", "outcome", "outcome_loss"),
    ("policy_results", "severity", "severity", "severity_level", "severity_loss"),
    ("vulnerabilities", "severity", "severity", "severity_level", "severity_loss"),
    ("vulnerabilities", "status", "vulnerability_state", "state", "state_loss"),
    ("incidents", "severity", "severity", "severity_level", "severity_loss"),
    ("incidents", "status", "incident_state", "state", "state_loss"),
)
# Where the source's silence is itself an answer that nobody may take for a good one.
_NEVER_NULL = {("jobs", "outcome"), ("test_cases", "outcome"), ("policy_results", "outcome")} | {
    (table, "severity_level") for table in ("policy_results", "vulnerabilities", "incidents")
}


def normalise(tables: Mapping[str, pa.Table], registries: Registries, policy: Policy) -> dict[str, pa.Table]:
    """Every table of ``schemas.NORMALISED``, made of the gathered ``tables`` (a missing one is an empty one).

    Rows keep their order and their columns. ``problems`` also has what no registry knows. A name that a finding maps means that for
    its packet only.
    """
    mapped = _mapped(tables.get("review_findings"))
    if not mapped:
        return _normalised(tables, registries, policy)
    own = pa.array(list(mapped), TEXT)
    parts = [
        _normalised({name: table.filter(pc.invert(pc.is_in(table["packet"], own))) for name, table in tables.items()}, registries, policy)
    ]
    for packet, names in mapped.items():
        theirs = {name: table.filter(pc.equal(table["packet"], packet)) for name, table in tables.items()}
        parts.append(_normalised(theirs, registries.with_names(names), policy))
    return merged(parts)


def _mapped(findings: pa.Table | None) -> dict[str, list[tuple[str, str, str]]]:
    """By packet, the names that findings map: registry, name, id."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in findings.to_pylist() if findings is not None else ():
        if row["kind"] == "map":
            found.setdefault(row["packet"], []).append((row["target"], row["name"], row["value"]))
    return found


def _normalised(tables: Mapping[str, pa.Table], registries: Registries, policy: Policy) -> dict[str, pa.Table]:
    made = {name: tables[name].cast(gathered(name)) if name in tables else gathered(name).empty_table() for name in SCHEMAS}
    problems = [made["problems"]]

    made["claims"], found = normalise_claims(made["claims"], registries)
    problems += (found, owners.contradicted(made["claims"], registries))
    for name in ("documents", "incidents"):
        ids, found = environments.stated(made[name], registries, name)
        made[name] = made[name].append_column("environment_id", ids)
        problems.append(found)
    made["documents"], made["test_suites"], found = normalise_levels(made["documents"], made["test_suites"], made["claims"], registries)
    problems.append(found)
    for name, source, taxonomy, target, loss in _WORDS:
        words, losses, found = vocabulary.mapped(made[name], registries, taxonomy, source, name)
        words = pc.fill_null(words, vocabulary.UNKNOWN) if (name, target) in _NEVER_NULL else words
        made[name] = made[name].append_column(target, words).append_column(loss, losses)
        problems.append(found)
    made["test_cases"] = _flaky(made["test_cases"])
    made["packages"] = _packages(made["packages"])
    made["vulnerabilities"] = findings(scored(made["vulnerabilities"], registries))
    made["artifacts"] = _listed(made["artifacts"].append_column("artifact_type", _artifact_types(made["artifacts"], registries)))
    made["config_changes"], found = _changes(made["config_changes"], made["documents"], registries, policy)
    problems.append(found)
    made["problems"] = pa.concat_tables(problems)
    return {name: table.select(NORMALISED[name].names).cast(NORMALISED[name]) for name, table in made.items()}


def _flaky(cases: pa.Table) -> pa.Table:
    """A case that passed, but of which the source says that it did not always."""
    outcome = column(cases, "outcome")
    unsteady = pc.and_(pc.fill_null(column(cases, "flaky"), False), pc.equal(outcome, "passed"))
    return cases.set_column(cases.column_names.index("outcome"), "outcome", pc.if_else(unsteady, "flaky", outcome))


def _packages(packages: pa.Table) -> pa.Table:
    for name, form in (("purl", purl), ("licence", licence)):
        for added, values in zip((f"{name}_normal", f"{name}_loss"), each(column(packages, name), _noted(form), TEXT, TEXT), strict=True):
            packages = packages.append_column(added, values)
    return packages


def _noted(form: Callable[[str], Identifier]) -> Callable[[str], tuple[str, str | None]]:
    def noted(text: str) -> tuple[str, str | None]:
        known = form(text)
        return known.text, known.note

    return noted


def _listed(artifacts: pa.Table) -> pa.Table:
    """A manifest lists more than it can vouch for (a chart, a page of checksums): without a digest nothing of it is declared."""
    role = column(artifacts, "role")
    named_only = pc.and_(pc.fill_null(pc.equal(role, "declared"), False), pc.is_null(column(artifacts, "digest")))
    return artifacts.set_column(artifacts.column_names.index("role"), "role", pc.if_else(named_only, "listed", role))


def _artifact_types(artifacts: pa.Table, registries: Registries) -> pa.Array:
    by_word = {name: entry.id for name, entry in registries.artifact_types.items()}
    by_media_type = {key(media): entry.id for entry in registries.artifact_types.values() for media in entry.media_types}
    return pc.coalesce(
        looked_up(folded(column(artifacts, "media_type")), by_media_type), looked_up(folded(column(artifacts, "kind")), by_word)
    )


def _changes(changes: pa.Table, documents: pa.Table, registries: Registries, policy: Policy) -> tuple[pa.Table, pa.Table]:
    ids, rule, problems = environments.of_changes(changes, documents, registries)
    marked = pc.fill_null(column(changes, "sensitive"), False)
    named = pc.or_(
        matches_any(column(changes, "file"), policy.secret_change_patterns.files),
        matches_any(column(changes, "key"), policy.secret_change_patterns.keys),
    )
    secret_rule = pc.if_else(marked, rules.SECRET_MARKED, pc.if_else(named, rules.SECRET_PATTERN, pa.scalar(None, TEXT)))
    for name, values in (
        ("environment_id", ids),
        ("environment_rule", rule),
        ("touches_secret", pc.or_(marked, named)),
        ("secret_rule", secret_rule),
    ):
        changes = changes.append_column(name, values)
    return changes, problems
