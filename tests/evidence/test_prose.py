import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence.prose import MOST_CHARS, authority, citations, conclusions, sentences


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Release 4.12 is approved for production.", "approval"),
        ("Sign-off given by the release board.", "approval"),
        ("We hereby approve this release", "approval"),
        ("Reviewed; the rollout has been approved", "approval"),
        ("Signed off for production by Dana", "approval"),
        ("Go ahead and deploy.", "rollout clearance"),
        ("It is safe to roll out", "rollout clearance"),
        ("The build is **cleared** for _rollout_", "rollout clearance"),
        ("> cleared\n> for rollout", "rollout clearance"),
        ("Please schedule the change window for Friday", "scheduling request"),
        ("A waiver was granted for CVE-2026-1", "waiver"),
        ("The scan is hereby waived", "waiver"),
        ("Not needed any more, approved for production", "approval"),
        ("With no objections the release is approved", "approval"),
        ("We confirm that the release is approved", "approval"),
        ("Ensure the tag is set A waiver was granted", "waiver"),  # a title and a text, put together
        ("| Approval | granted |", "approval"),
    ],
)
def test_words_of_authority(text, kind):
    assert [found.kind for found in authority(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "This release is not approved for production.",
        "It hasn't been approved for production",
        "No sign-off given so far",
        "Once approved for production, the job starts.",
        "If it is safe to roll out, continue.",
        "Is it safe to deploy?",
        "It must be approved for release first",
        "Verify that the release is approved",
        "1. Please check that sign-off is given",
        "Never go ahead and deploy on Fridays",
        "A waiver has not been granted, and without a waiver granted we stop",
        "Do not please schedule",
        "The pull request was reviewed and merged.",
        "The queue waived through all messages",
    ],
)
def test_what_is_negated_asked_or_conditional_is_no_authority(text):
    assert authority(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "There is no risk for this release.",
        "Risk of this release: low.",
        "The risk to 4.12.0 is negligible.",
        "Customers will not be impacted by the candidate.",
        "We are confident that this release cannot trigger the outage again.",
        "This release is low-risk.",
        "The candidate is safe.",
        "Version 4.12.0 is not affected.",
        "The bug was fixed in 4.11.2",
        "The failure will not recur.",
        "An effect on the upcoming release can be ruled out.",
        "This does not apply to this release",
        "The defect cannot happen again",
    ],
)
def test_conclusions_about_the_release(text):
    assert [text[found.start : found.end] for found in conclusions(text)] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Users in Asia were not affected.",
        "This release is not safe.",
        "It cannot be ruled out that this release is hit.",
        "We must check whether this release is safe.",
        "Is this release safe?",
        "The worker held its lock.",
    ],
)
def test_what_is_no_conclusion_about_the_release(text):
    assert conclusions(text) == []


def test_a_section_on_the_release_makes_a_conclusion_one_about_it():
    text = "Users were not affected."
    assert conclusions(text) == []
    assert len(conclusions(text, "Bearing on this release")) == 1


def test_citations_are_paths_and_digests_in_backticks():
    text = f"See `load/k6-summary.json`, `sbom.cdx.json`, `sha256:{'a' * 64}`, `kubectl get pods`, `latest` and load/other.json"
    assert [text[found.start : found.end] for found in citations(text)] == ["load/k6-summary.json", "sbom.cdx.json", f"sha256:{'a' * 64}"]


@given(st.text(alphabet=st.sampled_from(list("ab. \n->*1?!`#|0")) | st.characters(codec="utf-8"), max_size=200))
def test_what_is_found_lies_in_the_text(text):
    for start, end in sentences(text):
        assert 0 <= start < end <= len(text)
    for found in [*authority(text), *conclusions(text, "this release"), *citations(text)]:
        assert 0 <= found.start < found.end <= len(text)
    assert all(found.end - found.start <= MOST_CHARS for found in conclusions(text, "this release"))


def test_hostile_prose_takes_no_time():
    for text in (
        "not " * 50_000,
        "gave" + "*" * 100_000,
        "1.1." * 50_000,
        "this release has no risk " * 8_000,
        "<!--" + "\n" * 100_000,
        "approved " * 50_000,
        "- " * 100_000,
        "a." * 100_000,
        "safe to " * 50_000 + "roll",
        "risk " * 50_000,
        "cannot " * 50_000,
        "approved by the " * 30_000,
        "`" * 100_000,
    ):
        authority(text)
        conclusions(text)
        citations(text)
