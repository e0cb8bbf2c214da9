"""What belongs together and what does not: digest families, abbreviated commits, sides of contradictions."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from release_staging.contradict.candidate import declared
from release_staging.contradict.detect import contradictions
from release_staging.contradict.digests import DigestFamilies
from release_staging.contradict.reconcile import reconciled
from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code

_NODES = st.integers(0, 12).map(lambda number: f"sha256:{number:064x}")
_LINKS = st.lists(st.tuples(_NODES, _NODES), max_size=15)


@given(_LINKS, st.randoms())
def test_digest_families_do_not_depend_on_the_order_of_documents(links: list[tuple[str, str]], random: Any) -> None:
    shuffled = [*links]
    random.shuffle(shuffled)
    one, other = DigestFamilies(links), DigestFamilies(shuffled)
    nodes = {node for link in links for node in link}
    assert {node: one.family(node) for node in nodes} == {node: other.family(node) for node in nodes}
    assert all(one.family(parent) == one.family(child) for parent, child in links)


COMMIT = "3f9c1b7e5a42d8069e1f4c7ab83d2e5f60917c4d"


def test_an_abbreviated_commit_stands_for_the_one_it_begins() -> None:
    assert reconciled("candidate.commit", [COMMIT, COMMIT[:8]])[COMMIT[:8]] == (COMMIT, "abbreviated-commit")


def test_an_abbreviation_of_two_commits_stands_for_neither() -> None:
    other = COMMIT[:8] + "0" * 32
    assert reconciled("candidate.commit", [COMMIT, other, COMMIT[:8]])[COMMIT[:8]] == (COMMIT[:8], None)


def test_fewer_than_seven_characters_are_no_abbreviation() -> None:
    assert reconciled("candidate.commit", [COMMIT, COMMIT[:6]])[COMMIT[:6]] == (COMMIT[:6], None)


def test_the_address_of_an_attempt_stands_for_its_run_only_where_the_run_is_named() -> None:
    run = "https://ci.example/acme/billing/actions/runs/77"
    assert reconciled("build.url", [run, f"{run}/attempts/2"])[f"{run}/attempts/2"] == (run, "run-of-attempt")
    assert reconciled("build.url", [f"{run}/attempts/2"]) == {f"{run}/attempts/2": (f"{run}/attempts/2", None)}


def claim(field: str, value: str, source: str | None, document: str) -> Claim:
    return Claim(
        document, f"{document}.json", source, field, None, value, value, value, value, "exact", "json-pointer:/x", None, None, None, None
    )


def found(*claims: Claim) -> list[tuple[Code, str, list[str]]]:
    return [(one.code, one.field, list(one.sides)) for one in contradictions(list(claims), declared(list(claims), []))]


def test_two_commits_mix_candidates() -> None:
    assert found(
        claim("candidate.commit", "a" * 40, "release_manifest", "m"), claim("candidate.commit", "b" * 40, "pipeline_runs", "p")
    ) == [(Code.MIXED_CANDIDATE, "candidate.commit", ["a" * 40, "b" * 40])]


def test_a_commit_that_only_the_attestation_names_is_the_attestations_mismatch() -> None:
    assert found(
        claim("candidate.commit", "a" * 40, "release_manifest", "m"),
        claim("candidate.commit", "a" * 40, "pipeline_runs", "p"),
        claim("candidate.commit", "b" * 40, "provenance_attestations", "a"),
    ) == [(Code.ATTESTATION_MISMATCH, "candidate.commit", ["a" * 40, "b" * 40])]


def test_every_side_of_a_contradiction_is_kept() -> None:
    claims = [claim("candidate.version", f"1.0.{number}", "test_reports", str(number)) for number in range(5)]
    [(code, _, sides)] = found(*claims)
    assert code is Code.CONTRADICTION
    assert sides == [f"1.0.{number}" for number in range(5)]


def test_documents_that_name_different_sets_of_targets_contradict() -> None:
    assert found(
        claim("environment.target", "eu", None, "d"),
        claim("environment.target", "us", None, "d"),
        claim("environment.target", "eu", "release_manifest", "m"),
    ) == [(Code.CONTRADICTION, "environment.target", ["eu", "eu, us"])]


def test_a_scan_of_another_image_mixes_candidates_and_an_attestation_of_another_does_not_match() -> None:
    mine, other = "sha256:" + "1" * 64, "sha256:" + "2" * 64
    manifest = claim("artifact.digest", mine, "release_manifest", "m")
    assert found(manifest, claim("artifact.digest", other, "vulnerability_scans", "s"))[0][0] is Code.MIXED_CANDIDATE
    assert found(manifest, claim("artifact.digest", other, "provenance_attestations", "a"))[0][0] is Code.ATTESTATION_MISMATCH


def test_a_digest_of_another_algorithm_is_not_compared() -> None:
    manifest = claim("artifact.digest", "sha256:" + "1" * 64, "release_manifest", "m")
    assert found(manifest, claim("artifact.digest", "sha512:" + "2" * 128, "sboms", "s")) == []
