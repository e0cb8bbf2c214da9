import pytest

from tests.evidence import corpus, drift
from tests.evidence.provenance_attestations.signing import as_bytes
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "cosign-simple-signing"
DIGEST = "sha256:" + "5f" * 32
REFERENCE = "ghcr.io/acme-pay/billing-api"
PAYLOAD = {
    "critical": {
        "identity": {"docker-reference": REFERENCE},
        "image": {"docker-manifest-digest": DIGEST},
        "type": "cosign container image signature",
    },
    "optional": None,
}
COMMIT = "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"
VERIFIED = PAYLOAD | {"optional": {"Issuer": "https://accounts.example", "Subject": "jane.doe@example.com", "githubWorkflowSha": COMMIT}}


def test_it_names_an_image_by_digest_and_the_reference_the_signer_wrote():
    extraction = extract(as_bytes(PAYLOAD), FORMAT)
    assert claims(extraction, "artifact.digest") == [DIGEST]
    assert claims(extraction, "artifact.reference") == [REFERENCE]
    [row] = rows(extraction, "attestations")
    assert (row["subject_name"], row["subject_digest"], row["signature"]) == (REFERENCE, DIGEST, "not_attempted")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_what_cosign_verify_prints_is_not_verified_here():
    extraction = extract(as_bytes([VERIFIED, PAYLOAD]), FORMAT)
    assert [row["signature"] for row in rows(extraction, "attestations")] == ["not_attempted"] * 2
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert "jane.doe" not in str([table.to_pylist() for table in extraction.tables.values()])
    assert not_understood(extraction) == []


@pytest.mark.parametrize(
    ("ref", "field", "value"),
    [
        ("refs/tags/v4.12.0-rc.3", "candidate.tag", "v4.12.0-rc.3"),
        ("refs/heads/main", "candidate.branch", "main"),
        ("refs/pull/7/merge", "candidate.tag", None),
    ],
)
def test_the_annotations_of_github_say_of_which_source_the_image_is(ref, field, value):
    annotations = {
        "Issuer": "https://token.actions.githubusercontent.com",
        "Subject": f"https://github.com/acme-pay/billing-api/.github/workflows/release.yml@{ref}",
        "githubWorkflowRef": ref,
        "githubWorkflowRepository": "acme-pay/billing-api",
        "githubWorkflowSha": COMMIT,
        "githubWorkflowTrigger": "push",
    }
    extraction = extract(as_bytes([PAYLOAD | {"optional": annotations}]), FORMAT)
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, field) == ([value] if value else [])
    assert problems(extraction) == not_understood(extraction) == []


def test_drift_of_the_annotations_is_told():
    annotations = {
        "Issuer": "https://token.actions.githubusercontent.com",
        "githubWorkflowName": "release",
        "githubWorkflowRef": "refs/heads/main",
        "githubWorkflowRepository": "acme-pay/billing-api",
        "githubWorkflowSha": COMMIT,
        "Bundle": {"SignedEntryTimestamp": "x", "Payload": {"body": "y"}},
    }
    drift.assert_drift_is_told(as_bytes(PAYLOAD | {"optional": annotations}), [])


def test_a_repository_of_another_forge_has_no_address():
    annotations = {"Issuer": "https://ci.example", "githubWorkflowRepository": "acme-pay/billing-api"}
    assert claims(extract(as_bytes(PAYLOAD | {"optional": annotations}), FORMAT), "repository.url") == []


def test_the_first_specification_wrote_a_capital():
    image = {"Docker-manifest-digest": DIGEST}
    assert claims(extract(as_bytes(PAYLOAD | {"critical": PAYLOAD["critical"] | {"image": image}}), FORMAT), "artifact.digest") == [DIGEST]


@pytest.mark.parametrize("critical", [{}, {"image": {}, "identity": {}}, {"image": {"docker-manifest-digest": DIGEST}}, None])
def test_another_shape_is_none(critical):
    assert recognised(as_bytes({"critical": critical})) == []


def test_unknown_members_are_not_understood():
    assert not_understood(extract(as_bytes(PAYLOAD | {"surprise": 1}), FORMAT)) == ["/surprise"]


def test_drift_is_told():
    drift.assert_drift_is_told(as_bytes(PAYLOAD), ["/critical", "/critical/type", "/critical/image/docker-manifest-digest"])


def test_the_corpus_is_read():
    for path, known in corpus.read_all("provenance/cosign-simplesigning").items():
        assert [match.format for match in known] == [FORMAT], path
        assert not_understood(known[0]) == [], path
