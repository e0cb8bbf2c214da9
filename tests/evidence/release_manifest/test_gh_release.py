"""Releases as ``gh release view --json`` writes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "gh-release"
REPOSITORY = "https://github.com/acme-pay/billing-api"
COMMIT = "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"
DIGEST = "sha256:" + "4a" * 32
FILE = f"{REPOSITORY}/releases/download/v4.12.0/billing-api.tgz"
ASSET = {"name": "billing-api.tgz", "size": 7, "digest": DIGEST, "contentType": "application/gzip", "url": FILE, "state": "uploaded"}


def release(**changes: Any) -> dict[str, Any]:
    told = {"tagName": "v4.12.0", "name": "4.12.0", "isDraft": False, "isPrerelease": False, "targetCommitish": COMMIT}
    where = {"url": f"{REPOSITORY}/releases/tag/v4.12.0", "publishedAt": "2026-11-20T08:44:58Z", "author": {"login": "x"}}
    return {**told, **where, "assets": [ASSET], **changes}


def read(value: Any) -> Any:
    return extract(drift.as_json(value), FORMAT)


def test_a_release_names_its_tag_version_commit_and_files() -> None:
    extraction = read(release())
    assert recognised(drift.as_json(release())) == [FORMAT]
    fields = ("candidate.tag", "candidate.version", "candidate.commit", "repository.url", "produced_at", "artifact.digest")
    found = ["v4.12.0", "4.12.0", COMMIT, REPOSITORY, "2026-11-20T08:44:58Z", DIGEST]
    assert [claims(extraction, field) for field in fields] == [[value] for value in found]
    [row] = rows(extraction, "artifacts")
    assert (row["name"], row["reference"], row["digest"], row["media_type"], row["size"]) == (
        *("billing-api.tgz", FILE, DIGEST, "application/gzip", 7),
    )
    assert problems(extraction) == not_understood(extraction) == []


def test_the_tag_of_a_draft_need_not_exist_and_a_branch_to_tag_is_no_commit() -> None:
    extraction = read(release(isDraft=True, targetCommitish="main"))
    assert {row["confidence"] for row in rows(extraction, "claims") if row["field"].startswith("candidate.")} == {"low"}
    assert claims(extraction, "candidate.commit") == []
    assert problems(extraction) == not_understood(extraction) == []


def test_fields_that_nobody_asked_for_are_not_missed() -> None:
    some = {key: release()[key] for key in ("tagName", "url", "assets")}
    assert problems(read(some)) == []


@pytest.mark.parametrize("missing", ["tagName", "url", "assets"])
def test_other_documents_are_left(missing: str) -> None:
    assert recognised(drift.as_json({key: value for key, value in release().items() if key != missing})) == []


def test_an_unknown_member_is_not_understood() -> None:
    assert not_understood(read(release(ring="eu"))) == ["/ring"]


def test_drift_is_told() -> None:
    told = {"/tagName", "/url", "/assets", "/assets/*/name"}
    drift.assert_drift_is_told(drift.as_json(release()), told)
