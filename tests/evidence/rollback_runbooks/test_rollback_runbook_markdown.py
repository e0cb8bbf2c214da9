from pathlib import Path

import pytest

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import as_declared
from release_staging.evidence.rollback_runbooks.rollback_runbook_markdown import READER
from tests.evidence import corpus
from tests.evidence.support import assert_lawful, claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
RUNBOOK = (SAMPLES / "runbook.md").read_bytes()
PLAIN = (SAMPLES / "plain.md").read_bytes()
FORMAT = "rollback-runbook-markdown"


def said(extraction):
    return [(claim["field"], claim["subject"], claim["value"], claim["locator"]) for claim in rows(extraction, "claims")]


def test_front_matter_says_where_a_rollback_returns_to():
    front = "line=1,9;yaml=0;json-pointer:"
    reference = "registry.example.com/billing/billing-api:4.11.2"
    digest = "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    assert said(extract(RUNBOOK, FORMAT)) == [
        ("service.name", None, "billing-api", front + "/service"),
        ("environment.observed", None, "production-eu", front + "/environments/0"),
        ("environment.observed", None, "production-us", front + "/environments/1"),
        ("rollback.version", None, "4.11.2", front + "/rollback/version"),
        ("rollback.reference", None, reference, front + "/rollback/reference"),
        ("rollback.artifact", reference, digest, front + "/rollback/digest"),
        ("rollback.exercised_at", None, "2026-10-30", front + "/last_exercised"),
    ]


def test_flow_style_front_matter_is_the_same():
    flow = RUNBOOK.replace(b"\n  version:", b" {version:").replace(b"\n  reference:", b", reference:").replace(b"\n  digest:", b", digest:")
    flow = flow.replace(b'b4b"\n', b'b4b"}\n')
    assert [claim[:3] for claim in said(extract(flow, FORMAT))] == [claim[:3] for claim in said(extract(RUNBOOK, FORMAT))]


def test_steps_are_the_outermost_items_of_ordered_lists():
    steps = rows(extract(RUNBOOK, FORMAT), "runbook_steps")
    assert [(step["section"], step["number"], step["text"], step["locator"]) for step in steps] == [
        ("Steps", 1, "Stop the rollout.", "line=19,20"),
        ("Steps", 2, "Point the deployment at 4.11.2:", "line=20,27"),
        ("Steps", 3, "Confirm that the error rate falls.", "line=27,29"),
        ("Verification", 1, "Open the dashboard.", "line=31,32"),
    ]


def test_steps_all_numbered_one_count_as_they_are_shown():
    same = RUNBOOK.replace(b"\n2. ", b"\n1. ").replace(b"\n3. ", b"\n1. ")
    assert [step["number"] for step in rows(extract(same, FORMAT), "runbook_steps")] == [1, 2, 3, 1]


BULLETS = b"""# Rolling back the ledger

- Service: ledger
- Rollback version: 2.9.0

## When to roll back

- The error rate rises.
- Invoices are late.

## Rollback steps

- [ ] Stop the rollout.
- Point the deployment at 2.9.0:

  ```sh
  kubectl rollout undo deploy/ledger
  ```

  - mind the namespace
* Confirm that the error rate falls.

## What not to do in a rollback

- Do not drop the table.
- Do not restart the queue.
"""


def test_steps_may_be_written_as_bullets_where_nothing_is_numbered():
    extraction = extract(BULLETS, FORMAT)
    assert [(step["section"], step["number"], step["text"], step["locator"]) for step in rows(extraction, "runbook_steps")] == [
        ("Rollback steps", 1, "Stop the rollout.", "line=12,13"),
        ("Rollback steps", 2, "Point the deployment at 2.9.0:", "line=13,20"),
        ("Rollback steps", 1, "Confirm that the error rate falls.", "line=20,22"),
    ]
    assert [claim[:3] for claim in said(extraction)] == [("service.name", None, "ledger"), ("rollback.version", None, "2.9.0")]
    assert problems(extraction) == []


def test_bullets_beside_numbered_steps_are_no_steps():
    numbered = BULLETS.replace(b"- [ ] Stop", b"1. Stop").replace(b"- Point", b"2. Point")
    assert [step["text"] for step in rows(extract(numbered, FORMAT), "runbook_steps")] == [
        "Stop the rollout.",
        "Point the deployment at 2.9.0:",
    ]


@pytest.mark.parametrize(
    "other",
    [
        b"# Rollback\n\n## What not to do\n\n- One\n- Two\n",
        b"# Rollback\n\n## When to roll back\n\n- One\n- Two\n",
        b"# Rollback\n\n- Service: a\n- Environment: b\n",
        b"# Changes\n\n## Rollback\n\n- One\n- Two\n",
        b"# Rollback\n\n- One\n",
    ],
)
def test_bullets_that_are_no_steps_make_no_runbook(other):
    assert FORMAT not in recognised(other)


def test_a_step_that_is_only_a_command_is_a_step():
    command = b"# Rollback\n\n1. Stop\n2.\n   ```sh\n   kubectl rollout undo\n   ```\n3. Look\n"
    assert [(step["number"], step["text"]) for step in rows(extract(command, FORMAT), "runbook_steps")] == [
        (1, "Stop"),
        (2, ""),
        (3, "Look"),
    ]


def test_steps_may_be_headings_with_numbers():
    text = (
        "# Rollback runbook\n\n## 1. Overview\n\nText.\n\n## 2. Rollback steps\n\n### 1. Find the last good revision (2 min)\n\n```sh\n"
        "helm history\n```\n\n### 2. Undo\n\n- by hand\n\n## 3. Contacts\n\n- on call\n"
    )
    assert [(step["section"], step["number"], step["text"]) for step in rows(extract(text.encode(), FORMAT), "runbook_steps")] == [
        ("2. Rollback steps", 1, "Find the last good revision (2 min)"),
        ("2. Rollback steps", 2, "Undo"),
    ]


def test_steps_may_be_headings_that_commands_stand_under():
    command = "```sh\nkubectl\n```\n\n"
    text = f"# Roll back a deployment\n\n### When\n\n- at night\n\n{command}### Undo\n\n{command}### Background\n\nText.\n\n"
    both = (text + f"### Look\n\n{command}").encode()
    assert FORMAT in recognised(both)
    assert FORMAT not in recognised(text.encode())
    assert [(step["section"], step["number"], step["text"], step["locator"]) for step in rows(extract(both, FORMAT), "runbook_steps")] == [
        ("Roll back a deployment", 1, "Undo", "line=10,11"),
        ("Roll back a deployment", 2, "Look", "line=20,21"),
    ]


def test_without_our_front_matter_labelled_lines_and_step_headings_are_read():
    extraction = extract(PLAIN, FORMAT)
    assert [(field, value, locator) for field, _, value, locator in said(extraction)] == [
        ("service.name", "ledger", "line=2,3;char=9,15"),
        ("rollback.version", "2.9.0", "line=3,4;char=18,23"),
        ("rollback.exercised_at", "2026-09-12", "line=4,5;char=16,26"),
        ("environment.observed", "production-eu", "line=8,9;char=16,29"),
    ]
    assert [(step["section"], step["number"], step["text"]) for step in rows(extraction, "runbook_steps")] == [
        ("Rolling back the ledger", 1, "Find the last good revision"),
        ("Rolling back the ledger", 2, "Undo"),
    ]


def test_the_ledger_adds_up_and_shows_what_nobody_declared():
    extraction = extract(RUNBOOK, FORMAT)
    assert not_understood(extraction) == []
    body = RUNBOOK.decode().split("\n---\n")[1]
    lines = 2 + sum(bool(line.strip()) for line in body.splitlines())
    assert sum(extraction.loss().values()) == lines + 8
    odd = extract(RUNBOOK.replace(b"last_exercised:", b"colour: red\nlast_exercised:"), FORMAT)
    assert not_understood(odd) == ["/front-matter/colour"]


@pytest.mark.parametrize("key", ["service", "environments", "version"])
def test_a_fact_that_must_be_there_and_is_not_is_drift(key):
    renamed = RUNBOOK.replace(f"{key}:".encode(), f"{key}_renamed:".encode(), 1)
    assert {code for code, _ in problems(extract(renamed, FORMAT))} == {"SCHEMA_DRIFT"}


@pytest.mark.parametrize(
    ("key", "shown"),
    [("reference", "rollback/reference_renamed"), ("digest", "rollback/digest_renamed"), ("last_exercised", "last_exercised_renamed")],
)
def test_a_fact_that_may_be_missing_does_not_vanish_silently(key, shown):
    renamed = RUNBOOK.replace(f"{key}:".encode(), f"{key}_renamed:".encode(), 1)
    assert not_understood(extract(renamed, FORMAT)) == ["/front-matter/" + shown]


@pytest.mark.parametrize("broken", [b"service: [billing", b"service: &a billing-api", b"service: a\nservice: b"])
def test_front_matter_that_is_no_yaml_is_drift(broken):
    extraction = extract(RUNBOOK.replace(b"service: billing-api", broken), FORMAT)
    assert ("SCHEMA_DRIFT", f"line=1,{9 + broken.count(b'a' + bytes([10]))};") not in problems(extraction)
    assert {code for code, _ in problems(extraction)} == {"SCHEMA_DRIFT"}
    assert claims(extraction, "rollback.version") == []


def test_a_runbook_without_steps_is_told():
    empty = RUNBOOK[: RUNBOOK.index(b"## Steps")]
    assert problems(extract(empty, FORMAT)) == [("EVIDENCE_EMPTY", None)]


def test_when_a_page_was_reviewed_is_not_when_a_rollback_was_exercised():
    page = (
        b"---\ntitle: Roll back your app\nlast_reviewed_on: 2026-01-01\nreview_in: 6 months\n---\n# Roll back your app\n\n1. One\n2. Two\n"
    )
    extraction = extract(page, FORMAT)
    assert said(extraction) == []
    assert not_understood(extraction) == []


def test_a_condition_is_no_clearance_and_a_clearance_is_told():
    assert claims(extract(RUNBOOK, FORMAT), "authority.statement") == []
    cleared = extract(RUNBOOK + b"\nThis release is **cleared for\nrollout**.\n", FORMAT)
    claim = next(claim for claim in rows(cleared, "claims") if claim["field"] == "authority.statement")
    assert (claim["value"], claim["source_value"]) == ("rollout clearance", "cleared for\nrollout")
    assert (claim["confidence"], claim["locator"]) == ("low", "line=33,35;char=18,37")


@pytest.mark.parametrize(
    "other",
    [
        b"# Deploying\n\n1. One\n2. Two\n",
        b"# Rollback\n\nCall us.\n",
        b"# INC-7: rollback failed\n\n## Rollback\n\n1. One\n2. Two\n",
        b"# Deploying\n\n## Deploy\n\n1. One\n2. Two\n\n## Rollback\n\nSee above.\n",
        b"--- a/r.md\n+++ b/r.md\n@@ -1,4 +1,4 @@\n # Rollback\n \n 1. One\n-2. Two\n+2. Too\n",
    ],
)
def test_other_texts_are_not_taken_for_a_runbook(other):
    assert FORMAT not in recognised(other)


def test_a_descriptor_may_assign_any_text():
    data = b"How to go back: call the on-call engineer.\n"
    known = as_declared(Opened(data), READER)
    assert known is not None
    extraction = read(Opened(data), known)
    assert_lawful(data, extraction)
    assert problems(extraction) == [("EVIDENCE_EMPTY", None)]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit",
    ["> ", "- ", "[", "[a](", "*a ", "`a ", "# a\n", "# Rollback\n", "1. a\n", "|a|b|\n|-|-|\n", "a: " + " " * 9_000 + "|x\n", "[a]: b\n"],
)
def test_hostile_markdown_takes_no_time(unit):
    extract(b"# Rollback\n\n1. a\n2. b\n\n" + (unit * (20_000 // len(unit) + 1)).encode(), FORMAT)


def test_a_text_longer_than_prose_is_not_read_and_told():
    long = b"---\nkind: rollback-runbook\n---\n" + b"word and word\n" * 90_000
    assert [code for code, _ in problems(extract(long, FORMAT))] == ["EVIDENCE_UNREADABLE"]


def test_the_corpus_is_read():
    found = corpus.read_all("runbooks")
    assert {extraction.format for extractions in found.values() for extraction in extractions} == {FORMAT}
    assert sum(bool(extractions) for extractions in found.values()) >= 8
