"""Spellings of one identifier compare equal, different identifiers do not, and what is not understood stays as it was."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.normalize.identifiers.commits import commit
from release_staging.normalize.identifiers.digests import digest
from release_staging.normalize.identifiers.licences import licence
from release_staging.normalize.identifiers.purls import purl
from release_staging.normalize.identifiers.references import Reference, reference, split_reference
from release_staging.normalize.identifiers.repositories import repository
from release_staging.normalize.identifiers.versions import version

FORMS = (version, commit, digest, reference, repository, purl, licence)
A = "a" * 64


@pytest.mark.parametrize("text", ["4.12.0-rc.3", "v4.12.0-rc.3", "V4.12.0-rc3", "4.12.0-RC-3", " 4.12.0-RC.3 "])
def test_spellings_of_a_semver_version_are_one(text: str) -> None:
    assert version(text).text == "4.12.0-rc.3"


@pytest.mark.parametrize("text", ["4.12.0rc3", "v4.12.0.RC3", "4.12.0_c3", "4.12.0-rc.03", "4.12.0pre3"])
def test_spellings_of_a_pep_440_version_are_one(text: str) -> None:
    assert version(text).text == "4.12.0rc3"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4.12.0-rc.3", "4.12.0"),
        ("4.12.0-rc.3", "4.12.0-rc.30"),
        ("4.12.0-alpha.1", "4.12.0-beta.1"),
        ("4.12.0+build.1", "4.12.0+build.2"),
        ("4.12.0", "4.12.0+build.1"),
        ("1.2.3-1", "1.2.3.post1"),
        ("1.2.3.dev1", "1.2.3"),
        ("1!1.2.3", "1.2.3"),
        ("1.10", "1.1"),
        ("1.2.3-SNAPSHOT", "1.2.3"),
        ("8.0.0-preview.1", "8.0.0-rc.1"),
        ("4.12.0-b.2", "4.12.0-beta.2"),
    ],
)
def test_different_versions_stay_different(one: str, other: str) -> None:
    assert version(one).text != version(other).text


@pytest.mark.parametrize("text", ["main", "sha256:" + A, "2024-01-01T00:00", "version", "v"])
def test_what_is_no_version_is_compared_as_text(text: str) -> None:
    assert version(text)[:2] == (text, False)


def test_a_commit_is_compared_in_lower_case() -> None:
    assert commit("9F2C" * 10).text == "9f2c" * 10
    assert commit("9f2c1ab").note == "only 7 digits of the git object id"
    assert not commit("9f2c1a").understood
    assert not commit("main").understood


@pytest.mark.parametrize("prefix", ["gitoid:commit:sha1:", "swh:1:rev:", "gitCommit:"])
def test_other_names_of_a_commit_are_the_commit(prefix: str) -> None:
    assert commit(prefix + "9f2c" * 10)[:2] == ("9f2c" * 10, True)
    assert not commit("gitoid:blob:sha1:" + "9f2c" * 10).understood


SHA256 = bytes(range(32))
SPELLINGS = [
    f"sha256:{SHA256.hex()}",
    f"SHA256:{SHA256.hex().upper()}",
    f"SHA-256:{SHA256.hex()}",
    f"SHA2_256:{base64.b64encode(SHA256).decode()}",
    f"sha256-{base64.b64encode(SHA256).decode()}",
    f"sha256-{base64.urlsafe_b64encode(SHA256).decode().rstrip('=')}",
    SHA256.hex(),
    f"registry.example.com/a/b@sha256:{SHA256.hex()}",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_spellings_of_a_digest_are_one(text: str) -> None:
    assert digest(text)[:2] == (f"sha256:{SHA256.hex()}", True)


@pytest.mark.parametrize("text", ["sha256:abc", "sha256:" + "g" * 64, "sha1:" + A, "gitCommit:" + "a" * 40, "latest", "", "sha256:"])
def test_what_is_no_digest_is_not_made_one(text: str) -> None:
    assert not digest(text).understood


def test_a_bare_digest_says_that_its_algorithm_was_told_by_its_length() -> None:
    assert digest(A).note == "algorithm told by the length"


@given(
    st.sampled_from([("sha1", 20), ("sha256", 32), ("sha384", 48), ("sha512", 64), ("md5", 16)]).flatmap(
        lambda kind: st.tuples(st.just(kind[0]), st.binary(min_size=kind[1], max_size=kind[1]))
    )
)
def test_hexadecimal_and_base64_of_a_digest_are_one(kind: tuple[str, bytes]) -> None:
    algorithm, value = kind
    assert digest(f"{algorithm}:{value.hex().upper()}").text == f"{algorithm}:{value.hex()}"
    assert digest(f"{algorithm}-{base64.b64encode(value).decode()}").text == f"{algorithm}:{value.hex()}"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("nginx", Reference("docker.io", "library/nginx", "latest", None)),
        ("nginx:1.27", Reference("docker.io", "library/nginx", "1.27", None)),
        ("index.docker.io/acme/app", Reference("docker.io", "acme/app", "latest", None)),
        (
            "registry.example.com/billing/billing-api:4.12.0-rc.3",
            Reference("registry.example.com", "billing/billing-api", "4.12.0-rc.3", None),
        ),
        (f"registry.example.com/a@sha256:{A}", Reference("registry.example.com", "a", None, f"sha256:{A}")),
        (f"registry.example.com/a:1@sha256:{A}", Reference("registry.example.com", "a", "1", f"sha256:{A}")),
        ("localhost:5000/a/b:c", Reference("localhost:5000", "a/b", "c", None)),
        ("host:5000/a", Reference("host:5000", "a", "latest", None)),
        ("oci://ghcr.io/a/b", Reference("ghcr.io", "a/b", "latest", None)),
    ],
)
def test_a_reference_has_its_implied_parts_written_out(text: str, parts: Reference) -> None:
    assert split_reference(text) == parts
    assert split_reference(str(parts)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "a@",
        "UPPER/case",
        "a//b",
        "https://example.com/a",
        "a b",
        "a:",
        f"a@sha256:{'a' * 10}",
        f"a@sha256:{'a' * 32}",
        "a" * 256,
        "-a/b.c",
        "a..b/c",
        "h.:1/a",
        "a/" * 600 + "a",
    ],
)
def test_what_is_no_reference_has_no_parts(text: str) -> None:
    assert split_reference(text) is None


@pytest.mark.parametrize(
    "text", ["billing-api_4.12.0_linux_amd64.tar.gz", "dist/app.tar.gz", "billing-api", "C:\\app.exe", "https://example.com/app.zip"]
)
def test_a_file_name_is_not_made_a_reference(text: str) -> None:
    assert reference(text)[:2] == (text, False)


def test_a_tag_that_docker_implies_is_said_to_be_implied() -> None:
    assert reference("ghcr.io/acme/app").note == "the tag is implied, not stated"
    assert reference("ghcr.io/acme/app:latest").note is None
    assert reference("ghcr.io/acme/app").text == reference("ghcr.io/acme/app:latest").text


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/acme-pay/billing-api",
        "https://GitHub.com/acme-pay/billing-api.git",
        "http://github.com/acme-pay/billing-api/",
        "git@github.com:acme-pay/billing-api.git",
        "ssh://git@github.com:22/acme-pay/billing-api.git",
        "git://github.com/acme-pay/billing-api",
        "git+https://github.com/acme-pay/billing-api@refs/tags/v1",
        "scm:git:https://github.com/acme-pay/billing-api.git",
        "https://user:word@github.com/acme-pay/billing-api",
        "github.com/acme-pay/billing-api",
    ],
)
def test_addresses_of_a_repository_are_one(text: str) -> None:
    assert repository(text)[:2] == ("https://github.com/acme-pay/billing-api", True)


@pytest.mark.parametrize(
    "text", ["acme-pay/billing-api", "billing", "", "file:///srv/git", "https://[bad", "https://github.com", "https://github.com/"]
)
def test_what_is_no_address_is_not_made_one(text: str) -> None:
    assert not repository(text).understood


def test_a_revision_left_out_of_an_address_is_told() -> None:
    assert repository("git+https://github.com/a/b@abc").note == "a revision, query or fragment is left out"


@given(st.text(max_size=80), st.sampled_from(FORMS))
def test_any_text_has_a_form_and_the_form_is_its_own(text: str, function) -> None:  # type: ignore[no-untyped-def]
    once = function(text)
    assert function(once.text).text == once.text


@given(st.from_regex(r"v?[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(-?(rc|alpha|b)[.]?[0-9]{1,3})?(\+[a-z0-9]{1,5})?", fullmatch=True))
def test_the_form_of_a_version_is_its_own(text: str) -> None:
    once = version(text)
    assert once.understood
    assert version(once.text) == once


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["a", "1.", "a-", "a.", "9", "a/", "@", ":", "git+", "-rc.9", "a@b.c:"])
def test_a_hostile_text_costs_neither_time_nor_a_traceback(part: str) -> None:
    for text in (
        part * 100_000,
        f"1.2.3-rc.{part * 5_000}",
        f"https://{part * 50_000}",
        f"git@{part * 50_000}",
        f"pkg:npm/{part * 50_000}",
    ):
        for function in FORMS:
            assert function(text).text
