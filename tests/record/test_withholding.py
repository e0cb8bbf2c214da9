"""What a record or hold carries of its evidence: little, bounded, and nothing that lies beyond the disclosure boundary."""

from __future__ import annotations

import json
from typing import Any

import pytest

from release_staging.disclosure.conceal import WITHHELD
from release_staging.disclosure.scan import scan_text
from tests.disclosure.planted import RULES, SECRETS, made_up
from tests.packets import PacketBuilder
from tests.staging_domain import Staged, stage

CLEAN = PacketBuilder.clean()
TOKEN = SECRETS["GitHub token"]
PASSWORD = made_up(11) + "7"


def blocking(staged: Staged) -> set[str]:
    return set(staged.blocking)


def document(staged: Staged) -> dict[str, Any]:
    return json.loads(staged.outcome.body)


def test_the_sample_packet_discloses_nothing() -> None:
    assert not stage(CLEAN).held


PLACES = {
    "branch of a run": ("ci/run.json", "/head_branch"),
    "name of a job": ("ci/jobs.json", "/jobs/0/name"),
    "name of a package": ("sbom/sbom.cdx.json", "/components/0/name"),
    "target of a scan": ("scans/trivy.json", "/Results/0/Target"),
    "label of an image": ("registry/config-amd64.json", "/config/Labels/note"),
    "output of a test": ("tests/integration.ctrf.json", "/results/tests/0/message"),
    "message of a policy": ("policy/conftest.json", "/0/filename"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_token_in_a_document_holds_for_that_alone_and_is_nowhere_told(place: str) -> None:
    path, pointer = PLACES[place]
    staged = stage(CLEAN.edit_json(path, pointer, f"x {TOKEN}"))
    assert "DISCLOSURE_SECRET" in blocking(staged)
    assert not {"TRACE_INCOMPLETE", "SCHEMA_INVALID"} & blocking(staged)
    assert TOKEN not in staged.outcome.body.decode()
    assert TOKEN not in str([table.to_pylist() for table in staged.tables.values()])
    assert document(staged)["candidate"]["version"] == "4.12.0-rc.3"


def test_a_password_that_its_name_gave_away_is_withheld_in_other_documents_too() -> None:
    packet = CLEAN.edit_json("ci/run.json", "/password", PASSWORD).edit_json("scans/trivy.json", "/Results/0/Target", f"x-{PASSWORD}")
    staged = stage(packet)
    assert PASSWORD not in staged.outcome.body.decode()
    assert PASSWORD not in str([table.to_pylist() for table in staged.tables.values()])


def test_the_found_part_alone_is_withheld() -> None:
    staged = stage(CLEAN.edit_json("ci/run.json", "/head_branch", f"feature/{TOKEN}"))
    values = {row["value"] for row in staged.tables["claims"].to_pylist() if row["field"] == "candidate.branch"}
    assert f"feature/{WITHHELD}" in values


@pytest.mark.parametrize(
    "path", ["sbom/sbom.cdx.json", "tests/unit.xml", "scans/trivy.json", "config/production.diff", "rollback/runbook.md"]
)
def test_customer_data_and_internal_detail_are_looked_for_in_every_document(path: str) -> None:
    said = "mail jane.doe@customer-mail.de on db-3.prod.acme.internal about 4012 8888 8888 1881"
    data = CLEAN.documents[path]
    if path.endswith(".json"):
        packet = CLEAN.edit_json(path, "/note", said)
    elif path.endswith(".xml"):
        packet = CLEAN.replace(path, data.replace(b"</testsuite>", f"<system-out>{said}</system-out></testsuite>".encode(), 1))
    else:
        packet = CLEAN.replace(path, data + f"\n{said}\n".encode())
    staged = stage(packet)
    assert {"DISCLOSURE_CUSTOMER_DATA", "DISCLOSURE_INCIDENT_INTERNAL"} <= blocking(staged)
    assert scan_text(staged.outcome.body.decode(), RULES) == []


def test_a_value_that_is_too_long_is_bounded_in_the_hold() -> None:
    long = "v" * 500_000
    staged = stage(CLEAN.edit_json("release-manifest.json", "/version", long).edit_json("ci/run.json", "/head_branch", long))
    assert staged.held
    assert len(staged.outcome.body) < len(stage(CLEAN).outcome.body) + 200_000
    assert all(len(one["subject"]) <= 500 and len(one["message"]) <= 1_000 for one in document(staged)["exceptions"])


def test_a_place_that_takes_a_page_to_name_is_not_read() -> None:
    deep: Any = {"name": "x"}
    for _ in range(40):
        deep = {"k" * 400: deep}
    staged = stage(CLEAN.edit_json("ci/run.json", "/repository", deep))
    assert max(len(one["locator"] or "") for entry in document(staged)["field_provenance"].values() for one in entry["evidence"]) <= 10_000
