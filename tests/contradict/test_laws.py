"""What belongs together and what does not: digest families, abbreviated commits, sides of contradictions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.contradict.asserted import Asserted
from release_staging.contradict.candidate import declared
from release_staging.contradict.detect import contradictions, of_documents
from release_staging.contradict.digests import DigestGraph
from release_staging.contradict.reconcile import reconciled
from release_staging.contradict.tags import pins
from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code

_NODES = st.integers(0, 12).map(lambda number: f"sha256:{number:064x}")
_LINKS = st.lists(st.tuples(_NODES, _NODES), max_size=15)


@given(_LINKS, st.lists(_NODES, max_size=3), st.randoms())
def test_a_family_of_digests_does_not_depend_on_the_order_of_documents(links: list[tuple[str, str]], of: list[str], random: Any) -> None:
    shuffled = [*links]
    random.shuffle(shuffled)
    family = DigestGraph(links).family(of)
    assert family == DigestGraph(shuffled).family(of)
    assert family >= set(of)
    assert all(below in family for above, below in links if above in family)


def test_an_index_belongs_with_its_manifests_and_their_parts_but_not_with_another_that_shares_a_part() -> None:
    graph = DigestGraph([("index", "amd64"), ("index", "arm64"), ("amd64", "config"), ("amd64", "base"), ("other", "base")])
    assert graph.family(["index"]) == {"index", "amd64", "arm64", "config", "base"}
    assert graph.family(["amd64"]) == graph.family(["index"])
    assert graph.family(["other"]) == {"other", "base"}


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


def agreed(field: str, *values: str) -> list[str]:
    found = reconciled(field, values)
    return [found[value][0] for value in values]


def test_a_wheels_version_stands_for_the_one_semver_version_that_it_spells() -> None:
    assert reconciled("candidate.version", ["4.12.0-rc.3", "4.12.0rc3"])["4.12.0rc3"] == ("4.12.0-rc.3", "semver-of-pep440")
    assert agreed("rollback.version", "8.0.0-preview.1", "8.0.0rc1") == ["8.0.0-preview.1"] * 2


def test_two_semver_versions_stay_two_and_what_may_be_either_is_neither() -> None:
    different = ["8.0.0-preview.1", "8.0.0-rc.1", "8.0.0rc1"]
    assert agreed("candidate.version", *different) == different
    assert agreed("candidate.version", "4.12.0", "4.12", "4.12.0.post1", "main") == ["4.12.0", "4.12", "4.12.0.post1", "main"]


PIN, OTHER_PIN = (f"@sha256:{digit * 64}" for digit in "12")
IMAGE = "registry.example.com:5000/acme/app"


def test_of_a_reference_the_digest_says_what_it_is() -> None:
    assert agreed("rollback.reference", f"{IMAGE}:1{PIN}", f"{IMAGE}{PIN}", f"{IMAGE}:1") == [f"{IMAGE}:1{PIN}"] * 3
    assert agreed("rollback.reference", f"{IMAGE}:1{PIN}", f"{IMAGE}:2{PIN}", f"{IMAGE}:2") == [IMAGE + PIN] * 3
    assert reconciled("rollback.reference", [f"{IMAGE}{PIN}", f"{IMAGE}:1{PIN}"])[f"{IMAGE}{PIN}"][1] == "digest-of-reference"


def test_other_digests_other_images_and_a_tag_of_two_digests_stay_what_they_are() -> None:
    for different in (
        [f"{IMAGE}:1{PIN}", f"{IMAGE}:1{OTHER_PIN}", f"{IMAGE}:1"],
        [f"{IMAGE}:1{PIN}", f"{IMAGE}2:1{PIN}"],
        [f"{IMAGE}:1", f"{IMAGE}:2"],
        ["pkg:npm/a@1", "pkg:npm/a@2", "app.tar.gz"],
    ):
        assert agreed("rollback.reference", *different) == different


_VERSIONS = st.from_regex(r"[0-2]\.[0-2]\.[0-2](?:-(?:rc|preview|beta)\.[12])?|[0-2]\.[0-2]\.[0-2](?:rc|b)[12]", fullmatch=True)
_REFERENCES = st.builds(
    lambda name, tag, digest: name + tag + digest, *map(st.sampled_from, ([IMAGE, "a.io/b"], [":1", ":2"], ["", PIN, OTHER_PIN]))
)


_SAID = st.sampled_from([("candidate.version", _VERSIONS), ("rollback.reference", _REFERENCES), ("candidate.commit", _NODES)])


@given(_SAID.flatmap(lambda one: st.tuples(st.just(one[0]), st.lists(one[1]))), st.randoms())
def test_what_values_agree_to_does_not_depend_on_their_order(said: tuple[str, list[str]], random: Any) -> None:
    field, values = said
    shuffled = [*values]
    random.shuffle(shuffled)
    assert reconciled(field, shuffled) == reconciled(field, values)


@given(st.lists(_VERSIONS))
def test_what_versions_agree_to_is_agreed_already(values: list[str]) -> None:
    agreed = [found for found, _ in reconciled("candidate.version", values).values()]
    assert all(found == (value, None) for value, found in reconciled("candidate.version", agreed).items())


def claim(field: str, value: str, source: str | None, document: str, subject: str | None = None) -> Claim:
    return Claim(
        document, f"{document}.json", source, field, subject, value, value, value, value, "exact", "json-pointer:/x", None, None, None, None
    )


def found(*claims: Claim, links: tuple[tuple[str, str], ...] = ()) -> list[tuple[Code, str, list[str]]]:
    said, graph = list(claims), DigestGraph(links)
    return [(one.code, one.field, list(one.sides)) for one in contradictions(said, declared(said, graph), graph, pins(said))]


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


ONE, OTHER = "sha256:" + "1" * 64, "sha256:" + "2" * 64
TAG = "registry.example.com/billing/api:1.4.0"


def test_a_tag_that_stands_for_another_image_in_the_registry_has_moved() -> None:
    said = (
        claim("artifact.reference", TAG, "release_manifest", "m", "api"),
        claim("artifact.digest", ONE, "release_manifest", "m", "api"),
        claim("artifact.reference", f"{TAG}@{OTHER}", "artifact_registry", "r"),
    )
    assert (Code.MIXED_CANDIDATE, "artifact.reference", [f"{TAG}@{ONE}", f"{TAG}@{OTHER}"]) in found(*said)
    assert found(*said, links=((ONE, OTHER),)) == []


def test_a_document_that_gives_several_digests_for_a_name_says_nothing_of_what_its_tag_stands_for() -> None:
    assert not list(
        pins(
            [
                claim("artifact.reference", TAG, "sboms", "s", "api"),
                *(claim("artifact.digest", x, "sboms", "s", "api") for x in (ONE, OTHER)),
            ]
        )
    )


@pytest.mark.parametrize(
    ("attested", "told"),
    [
        ("https://ci.example/acme/billing/actions/runs/77/attempts/2", False),
        ("https://ci.example/acme/billing/actions/runs/78/attempts/1", True),
        ("https://ci.example/acme/billing/-/jobs/78", False),  # a job, where the record is of a run: nothing to compare
    ],
)
def test_an_attestation_of_another_run_than_those_recorded_does_not_match(attested: str, told: bool) -> None:
    recorded = claim("build.url", "https://ci.example/acme/billing/actions/runs/77", "pipeline_runs", "p")
    codes = [code for code, _, _ in found(recorded, claim("build.url", attested, "provenance_attestations", "a"))]
    assert codes == ([Code.ATTESTATION_MISMATCH] if told else [])


RELEASE, NIGHTLY, CALLED = (f"forge.example/acme/{path}.yml" for path in ("pay/release", "pay/nightly", "ci/build"))


@pytest.mark.parametrize(("attested", "told"), [(RELEASE, False), (CALLED, False), (NIGHTLY, True)])
def test_an_attestation_by_a_workflow_that_the_recorded_run_neither_is_of_nor_called_does_not_match(attested: str, told: bool) -> None:
    run = [claim("build.workflow", workflow, "pipeline_runs", "p") for workflow in (RELEASE, CALLED)]
    codes = [code for code, _, _ in found(*run, claim("build.workflow", attested, "provenance_attestations", "a"))]
    assert codes == ([Code.ATTESTATION_MISMATCH] if told else [])


def test_a_workflow_of_the_declared_repository_is_told_by_the_repository_that_the_run_names() -> None:
    elsewhere = claim("build.workflow", "forge.example/acme/pay-fork/release.yml", "pipeline_runs", "p")
    attested = claim("build.workflow", RELEASE, "provenance_attestations", "a")
    assert [code for code, _, _ in found(elsewhere, attested)] == [Code.ATTESTATION_MISMATCH]
    declared = claim("repository.url", "https://forge.example/acme/pay", "release_manifest", "m")
    named = claim("repository.url", "https://forge.example/acme/pay-fork", "pipeline_runs", "p")
    assert [(code, field) for code, field, _ in found(elsewhere, attested, declared, named)] == [(Code.CONTRADICTION, "repository.url")]


def test_beside_a_run_that_does_not_tell_its_workflows_no_attestation_is_of_a_foreign_one() -> None:
    told, silent = ("https://ci.example/acme/billing/actions/runs/77", "https://ci.example/acme/billing/actions/runs/78")
    run = [claim("build.workflow", RELEASE, "pipeline_runs", "p"), claim("build.url", told, "pipeline_runs", "p")]
    attested = claim("build.workflow", NIGHTLY, "provenance_attestations", "a")
    assert [code for code, _, _ in found(*run, attested)] == [Code.ATTESTATION_MISMATCH]
    assert found(*run, attested, claim("build.url", silent, "pipeline_runs", "q")) == []
    assert len(found(*run, attested, claim("build.url", told, "pipeline_runs", "jobs of the same run"))) == 1


def test_the_number_of_a_run_may_stand_in_the_query_of_its_address() -> None:
    run = "https://dev.azure.com/acme/pay/_build/results?buildId="
    recorded = claim("build.url", f"{run}77", "pipeline_runs", "p")
    assert found(recorded, claim("build.url", f"{run}77", "provenance_attestations", "a")) == []
    [(code, _, _)] = found(recorded, claim("build.url", f"{run}78", "provenance_attestations", "a"))
    assert code == Code.ATTESTATION_MISMATCH


def test_a_canary_that_passed_contradicts_one_that_failed_and_an_inconclusive_one_contradicts_neither() -> None:
    passed, failed = claim("verdict", "passed", "canary_analyses", "a"), claim("verdict", "failed", "canary_analyses", "b")
    unsure = claim("verdict", "inconclusive", "canary_analyses", "c")
    assert found(passed, failed, unsure) == [(Code.CONTRADICTION, "canary.outcome", ["failed", "passed"])]
    assert found(passed, unsure) == []
    assert found(passed, claim("verdict", "failed", "test_reports", "t")) == []


def test_a_part_of_another_image_is_told_once_the_registry_lists_the_parts() -> None:
    graph = DigestGraph([(ONE, OTHER)], {OTHER: "platform"})
    foreign = "sha256:" + "3" * 64
    manifest, scan = (
        claim("artifact.digest", ONE, "release_manifest", "m"),
        claim("artifact.digest", foreign, "vulnerability_scans", "s", "image manifest of api"),
    )
    said = [manifest, scan, claim("artifact.digest", ONE, "vulnerability_scans", "s", "api")]
    assert [one.code for one in contradictions(said, declared(said, graph), graph)] == [Code.MIXED_CANDIDATE]
    unlisted = DigestGraph([])
    assert list(contradictions(said, declared(said, unlisted), unlisted)) == []


@pytest.mark.parametrize(("declared_id", "recorded", "told"), [("77", "78", True), ("77", "77", False), ("run-x7k", "78", False)])
def test_a_record_of_another_run_than_the_declared_contradicts_it_where_ids_can_be_compared(
    declared_id: str, recorded: str, told: bool
) -> None:
    said = found(claim("build.id", declared_id, None, "d"), claim("build.id", recorded, "pipeline_runs", "p"))
    assert said == ([(Code.CONTRADICTION, "build.id", sorted({declared_id, recorded}))] if told else [])


def test_records_of_more_runs_beside_the_declared_one_contradict_nothing() -> None:
    runs = [claim("build.id", run, "pipeline_runs", run) for run in ("77", "78")]
    assert found(claim("build.id", "77", None, "d"), *runs) == []


def test_a_scan_of_the_image_under_the_tag_of_another_version_is_of_another_candidate() -> None:
    def scan(tag: str, *more: Claim) -> list[tuple[Code, str, list[str]]]:
        image = TAG.rpartition(":")[0]
        return found(
            claim("candidate.version", "1.4.0", None, "d"),
            claim("artifact.reference", TAG, "release_manifest", "m"),
            claim("artifact.digest", ONE, "release_manifest", "m"),
            claim("artifact.reference", f"{image}:{tag}", "vulnerability_scans", "s"),
            *more,
        )

    assert [code for code, _, _ in scan("1.3.9")] == [Code.MIXED_CANDIDATE]
    for same in ("1.4.0", "v1.4.0", "1.4.0-amd64", "1.4.0-3f9c1b7", "1.4", "1", "latest", "sha-3f9c1b7"):
        assert scan(same) == []
    for other in ("1.4.1", "1.4.0-rc.1", "1.4.0.1", "1.40.0"):
        assert [code for code, _, _ in scan(other)] == [Code.MIXED_CANDIDATE]
    digest = claim("artifact.digest", ONE, "vulnerability_scans", "s")
    assert [code for code, _, _ in scan("1.3.9", digest)] == [Code.CONTRADICTION]
    for moving_or_promoted in ("1.3", "1.4.0-rc.1"):
        assert scan(moving_or_promoted, digest) == []


def test_the_tag_in_a_manifests_own_reference_is_the_version_it_declares() -> None:
    def manifest(reference: str) -> list[Code]:
        said = (claim(field, value, "release_manifest", "m") for field, value in IDENTITY.items())
        return [code for code, _, _ in found(*said, claim("artifact.reference", reference, "release_manifest", "m"))]

    assert manifest("registry.example/acme/api:1.4.0") == []
    assert manifest("registry.example/acme/api:1.3.9") == [Code.CONTRADICTION]
    assert manifest("registry.example/acme/envoy:1.29.1") == []  # what runs beside it


IDENTITY = {"service.name": "api", "candidate.version": "1.4.0"}


def test_a_scan_of_another_image_of_the_registry_is_of_another_candidate() -> None:
    def scan(*references: str, digest: str | None = None) -> list[Code]:
        said = [claim("artifact.reference", one, "vulnerability_scans", "s") for one in references]
        said += [claim("artifact.digest", digest, "vulnerability_scans", "s")] if digest else []
        said += [claim("artifact.digest", ONE, "release_manifest", "m")]
        return [
            code for code, _, _ in found(claim("artifact.reference", "registry.example/acme/api:1.4.0", "release_manifest", "m"), *said)
        ]

    assert scan("registry.example/acme/ledger:1.4.0") == [Code.MIXED_CANDIDATE]
    assert scan("registry.example/acme/ledger:1.4.0", digest=ONE) == [Code.CONTRADICTION]
    for same in (
        "registry.example/mirror/api:1.4.0",
        "registry.example/acme/api-amd64:1.4.0",
        "api:ci",
        "ghcr.io/acme/scanned:1",
        "./image.tar",
    ):
        assert scan(same) == []
    assert scan("registry.example/acme/ledger:1.4.0", "registry.example/acme/api:1.4.0") == []


def test_a_reference_by_digest_says_which_image_it_is() -> None:
    manifest = [claim("artifact.reference", TAG, "release_manifest", "m"), claim("artifact.digest", ONE, "release_manifest", "m")]
    for digest, code in ((ONE, []), ("sha256:" + "3" * 64, [Code.MIXED_CANDIDATE])):
        reference = claim("artifact.reference", f"{TAG.rpartition(':')[0]}@{digest}", "vulnerability_scans", "s")
        assert [one for one, _, _ in found(*manifest, reference)] == code
    back = claim("rollback.reference", f"registry.example/acme/api:1.3.9@{ONE}", "rollback_runbooks", "r")
    other = claim("rollback.artifact", OTHER, "rollback_runbooks", "r")
    assert (Code.CONTRADICTION, "rollback.artifact", sorted((ONE, OTHER))) in found(back, other)


def test_what_to_return_to_is_one_release_of_the_image() -> None:
    def back(version: str, reference: str) -> list[str]:
        said = (
            claim("rollback.version", version, "rollback_runbooks", "r"),
            claim("rollback.reference", reference, "rollback_runbooks", "r"),
        )
        return [field for _, field, _ in found(claim("artifact.reference", TAG, "release_manifest", "m"), *said)]

    image = TAG.rpartition(":")[0]
    assert back("1.3.9", f"{image}:1.3.9") == back("1.3.9", f"{image}:v1.3.9-amd64") == back("1.3.9", f"{image}:stable") == []
    assert back("1.3.9", f"{image}:1.3.8") == ["rollback.reference"]
    assert back("1.3.9", "registry.example.com/billing/ledger:1.3.9") == ["rollback.reference"]


def test_a_canary_that_is_compared_with_the_candidate_compares_nothing() -> None:
    version = claim("candidate.version", "1.4.0", "release_manifest", "m")
    assert found(version, claim("baseline.version", "1.3.9", "canary_analyses", "c")) == []
    assert [field for _, field, _ in found(version, claim("baseline.version", "1.4.0", "canary_analyses", "c"))] == ["baseline.version"]


def test_a_value_of_which_a_part_is_withheld_contradicts_nothing() -> None:
    whole = claim("repository.url", "https://forge.example/acme/api", None, "d")
    assert found(whole, claim("repository.url", "https://token:(withheld)", "sboms", "s")) == []


def test_what_the_descriptor_says_of_a_document_is_held_against_what_the_document_says() -> None:
    def document(field: str, said: str, *values: str) -> list[str]:
        claims = [claim("build.id", "7714", None, "d"), *(claim(field, value, "test_reports", "t") for value in values)]
        candidate = declared(claims, DigestGraph([]))
        return [one.field for one in of_documents([Asserted("t", {field: said})], claims, candidate, [])]

    assert document("build.id", "7714", "7715") == ["build.id"]
    for same in (("7714", "7714"), ("9000", "7714"), ("7714", "12"), ("7714", "a1b2"), ("7714",)):
        assert document("build.id", *same) == []
    assert document("environment.observed", "staging-eu", "production-eu") == ["environment.observed"]
    assert document("environment.observed", "staging-eu", "production-eu", "staging-eu") == []
    assert document("environment.observed", "staging-eu") == []


def test_descriptor_and_manifest_name_one_branch_and_one_run() -> None:
    def both(field: str, one: str, other: str) -> bool:
        return bool(found(claim(field, one, None, "d"), claim(field, other, "release_manifest", "m")))

    assert both("candidate.branch", "release/1.4", "main")
    assert agreed("candidate.branch", "refs/heads/release/1.4", "origin/release/1.4", "release/1.4") == ["release/1.4"] * 3
    assert both("build.url", "https://ci.example/runs/7714", "https://ci.example/runs/7715")
    assert not both("build.url", "https://ci.example/runs/7714", "https://ci.example/runs/7714/attempts/2")
    assert not both("build.url", "https://ci.example/runs/7714", "https://ci.example/job/7/console")


def test_a_tag_that_a_rollback_gives_another_digest_for_has_moved() -> None:
    before = TAG.replace("1.4.0", "1.3.9")
    said = (
        claim("rollback.reference", before, "rollback_runbooks", "r"),
        claim("rollback.artifact", ONE, "rollback_runbooks", "r"),
        claim("artifact.reference", f"{before}@{OTHER}", "artifact_registry", "a"),
    )
    assert [(code, field) for code, field, _ in found(*said)] == [(Code.MIXED_CANDIDATE, "artifact.reference")]
