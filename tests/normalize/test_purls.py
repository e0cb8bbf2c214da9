"""Package URLs: one form for what is the same, and no reading that loses something without a word."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packageurl import PackageURL

from release_staging.normalize.identifiers.purls import LOSSY, purl
from release_staging.normalize.identifiers.references import reference


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("pkg:PyPI/Django_Rest@1.0", "pkg:pypi/django-rest@1.0"),
        ("pkg:deb/debian/curl@7?distro=x&arch=amd64", "pkg:deb/debian/curl@7?arch=amd64&distro=x"),
        ("pkg:NPM/%40acme/a@1", "pkg:npm/%40acme/a@1"),
        ("pkg:npm/@acme/a@1", "pkg:npm/%40acme/a@1"),
        ("pkg:GitHub/Acme/App@v1", "pkg:github/acme/app@v1"),
        ("pkg:oci/app@sha256%3Aab?tag=1&repository_url=ghcr.io%2Fapp", "pkg:oci/app@sha256:ab?repository_url=ghcr.io/app&tag=1"),
        ("pkg:golang/github.com/docker/cli@v23.0.1+incompatible", "pkg:golang/github.com/docker/cli@v23.0.1%2Bincompatible"),
        ("pkg://npm//a@1", "pkg:npm/a@1"),
        ("pkg:npm/a@1?arch=", "pkg:npm/a@1"),
        ("pkg:golang/x#/a/b/", "pkg:golang/x#a/b"),
        ("pkg:maven/Org.Acme/App@1.0.RELEASE?type=jar", "pkg:maven/Org.Acme/App@1.0.RELEASE?type=jar"),
    ],
)
def test_spellings_of_a_package_url_are_one(text: str, canonical: str) -> None:
    assert purl(text) == (canonical, True, None)
    assert reference(text) == purl(text)


@pytest.mark.parametrize(
    "text",
    [
        "pkg:npm/a%2Fb@1",
        "pkg:npm/a?arch=x&arch=y",
        "pkg:npm/a?arch=x&ARCH=y",
        "pkg:golang/x#a/../b",
        "pkg:generic/%20a",
        "pkg:pub/a.b@1",
    ],
)
def test_what_the_library_would_change_without_a_word_is_compared_as_written(text: str) -> None:
    assert PackageURL.from_string(text).to_string() != text
    assert purl(text) == (text, False, LOSSY)


@pytest.mark.parametrize("text", ["pkg:", "pkg:npm", "pkg:npm/", "npm/a@1", "", "pkg:1/a", "pkg:npm/a?b"])
def test_what_is_no_package_url_says_so(text: str) -> None:
    assert purl(text) == (text, False, "not a package URL")


TYPES = ("npm", "pypi", "maven", "deb", "golang", "oci", "github", "pub", "hackage", "generic", "apk", "cpan", "NuGet", "huggingface")
TEXTS = st.text(st.sampled_from("abzAZ019._~+:@%-/ é"), min_size=1, max_size=8)


def written(kind: str, names: list[str], version: str, qualifiers: list[str], subpath: str) -> str:
    return f"pkg:{kind}/" + "/".join(names) + version + ("?" + "&".join(qualifiers) if qualifiers else "") + subpath


PURLS = st.builds(
    written,
    st.sampled_from(TYPES),
    st.lists(TEXTS, min_size=1, max_size=3),
    st.just("") | TEXTS.map(lambda text: f"@{text}"),
    st.lists(st.tuples(st.sampled_from(["arch", "distro", "type", "Type", "a_b"]), TEXTS).map("=".join), max_size=3),
    st.just("") | TEXTS.map(lambda text: f"#{text}"),
)
PLAIN = st.builds(
    written,
    st.sampled_from(["npm", "pypi", "maven", "deb", "golang", "apk", "composer", "nuget", "rpm", "gem", "cargo"]),
    st.lists(st.from_regex(r"[A-Za-z0-9][\w.-]{0,6}", fullmatch=True), min_size=1, max_size=3),
    st.just("") | st.from_regex(r"@[A-Za-z0-9][\w.~-]{0,6}", fullmatch=True),
    st.lists(st.from_regex(r"(?:arch|distro|type|b)=[\w.-]{1,4}", fullmatch=True), max_size=3),
    st.just(""),
)


@given(PURLS | PLAIN)
@example("pkg:npm/a.b@1?arch=x&distro=y")
def test_a_form_is_its_own_and_is_the_librarys(text: str) -> None:
    known = purl(text)
    assert purl(known.text).text == known.text
    if known.understood:
        assert known.text == PackageURL.from_string(text.strip()).to_string()


@given(PURLS)
def test_an_understood_package_url_keeps_every_part(text: str) -> None:
    known = purl(text)
    if known.understood:
        stated = text.strip().partition("#")[0].partition("?")[2].split("&")
        once, again = PackageURL.from_string(text.strip()), PackageURL.from_string(known.text)
        assert once == again
        assert len(once.qualifiers) == sum(bool(pair.partition("=")[2]) for pair in stated)


@given(st.sampled_from(["pypi", "npm"]), st.from_regex(r"[a-z][a-z0-9]{0,5}([_-][a-z0-9]{1,3})?", fullmatch=True), st.sampled_from("123"))
def test_names_that_differ_stay_different(kind: str, name: str, other: str) -> None:
    assert purl(f"pkg:{kind}/{name}@1").text != purl(f"pkg:{kind}/{name}{other}@1").text
