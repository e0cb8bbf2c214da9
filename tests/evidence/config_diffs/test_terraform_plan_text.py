from pathlib import Path

import pytest

from tests.evidence import corpus
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "terraform-plan.txt").read_bytes()
FORMAT = "terraform-plan-text"
CHANGE = b'  # a.b will be created\n  + resource "a" "b" {\n      + x = 1\n    }\n\nPlan: 1 to add, 0 to change, 0 to destroy.\n'


def changes(data):
    columns = ("file", "key", "action", "sensitive")
    return [tuple(row[name] for name in columns) for row in rows(extract(data, FORMAT), "config_changes")]


def test_each_resource_output_and_attribute_that_changes_is_a_row():
    database, policy, secret = "aws_db_instance.main", "aws_iam_role_policy.lambda", "aws_secretsmanager_secret_version.db[0]"
    assert changes(SAMPLE) == [
        (database, None, "replaced", None),
        (database, "engine_version", "changed", False),
        (database, "password", "changed", True),
        (database, "timeouts.delete", "removed", False),
        (policy, None, "changed", None),
        (policy, "policy", "changed", False),
        (policy, "tags.Tier", "added", False),
        (secret, None, "added", None),
        (secret, "arn", "added", False),
        (secret, "secret_string", "added", True),
        (secret, "user_data", "added", False),
        (secret, "allowed[]", "added", False),
        (secret, "replica", "added", True),
        ("module.old.null_resource.a", None, "removed", None),
        ("module.old.null_resource.a", "id", "removed", False),
        ("output.endpoint", None, "changed", False),
        ("output.settings", None, "added", False),
        ("output.token", None, "added", True),
    ]
    assert problems(extract(SAMPLE, FORMAT)) == []
    assert not_understood(extract(SAMPLE, FORMAT)) == []


def test_rows_are_located_at_their_lines():
    found = {row["key"]: row["locator"] for row in rows(extract(SAMPLE, FORMAT), "config_changes") if row["file"] == "aws_db_instance.main"}
    assert found[None] == "line=22,23"
    assert found["password"] == "line=25,26"


def test_what_changed_outside_of_terraform_is_no_planned_change():
    assert "aws_s3_bucket.logs" not in [row[0] for row in changes(SAMPLE)]


def test_the_plan_could_be_made():
    (claim,) = rows(extract(SAMPLE, FORMAT), "claims")
    assert (claim["field"], claim["value"], claim["vocabulary"]) == ("verdict", "planned", "terraform-plan")
    assert claim["source_value"] == "Plan: 2 to add, 1 to change, 2 to destroy."


def test_no_changes_are_a_plan_without_rows():
    extraction = extract(b"\nNo changes. Your infrastructure matches the configuration.\n", FORMAT)
    assert claims(extraction, "verdict") == ["planned"]
    assert rows(extraction, "config_changes") == problems(extraction) == []


@pytest.mark.parametrize(
    "error", ["│ Error: Invalid SWORDFISH\n", "Error: Invalid SWORDFISH\n", "Planning failed. Terraform encountered\n"]
)
def test_an_error_is_never_a_plan_that_was_made(error):
    cut = CHANGE[: CHANGE.index(b"Plan:")]
    extraction = extract(b"Terraform will perform the following actions:\n\n" + cut + error.encode(), FORMAT)
    assert claims(extraction, "verdict") == ["errored"]


@pytest.mark.parametrize("plan", ["Plan: 2 to add, 1 to change, 3 to destroy.", "Plan: 9 to add, 1 to change, 2 to destroy."])
def test_totals_that_differ_from_the_recount_are_told(plan):
    data = SAMPLE.replace(b"Plan: 2 to add, 1 to change, 2 to destroy.", plan.encode())
    assert [code for code, _ in problems(extract(data, FORMAT))] == ["CONTRADICTION"]


FORGOTTEN = (
    b"Terraform will perform the following actions:\n\n"
    b" # a.b will no longer be managed by Terraform, but will not be destroyed\n"
    b" # (destroy = false is set in the configuration)\n"
    b' . resource "a" "b" {\n        id = "1"\n        # (2 unchanged attributes hidden)\n    }\n\n'
    b"Plan: 0 to add, 0 to change, 0 to destroy.\n"
)


def test_what_terraform_forgets_is_removed_and_not_destroyed():
    assert changes(FORGOTTEN) == [("a.b", None, "removed", None)]
    assert problems(extract(FORGOTTEN, FORMAT)) == []
    assert not_understood(extract(FORGOTTEN, FORMAT)) == []
    told = FORGOTTEN.replace(b"0 to destroy.", b"0 to destroy, %d to forget.")
    assert [problems(extract(told % count, FORMAT)) for count in (1, 2)] == [[], [("CONTRADICTION", "line=9,10")]]


@pytest.mark.parametrize(
    ("what", "action"),
    [
        ("will be created", "added"),
        ("will be destroyed", "removed"),
        ("will be updated in-place", "changed"),
        ("is tainted, so must be replaced", "replaced"),
        ("will be replaced, as requested", "replaced"),
        ("will be replaced due to changes in replace_triggered_by", "replaced"),
        ("will no longer be managed by Terraform, but will not be destroyed", "removed"),
        ("will be read during apply", None),
        ("has moved to a.c", None),
        ("will be imported", None),
    ],
)
def test_what_terraform_will_do(what, action):
    plan = b"Terraform will perform the following actions:\n\n" + CHANGE.replace(b"will be created", what.encode())
    assert [row[2] for row in changes(plan[: plan.index(b"Plan:")]) if row[1] is None] == ([action] if action else [])


def test_a_plan_of_outputs_alone_is_read():
    plan = b'\nChanges to Outputs:\n  + url = "SWORDFISH"\n\nYou can apply this plan to save these new output values to the Terraform\n'
    extraction = extract(plan + b"state, without changing any real infrastructure.\n", FORMAT)
    assert [(row["file"], row["action"]) for row in rows(extraction, "config_changes")] == [("output.url", "added")]
    assert claims(extraction, "verdict") == ["planned"]
    assert problems(extraction) == not_understood(extraction) == []


@pytest.mark.parametrize("last", [b"\nPlan: 2", b"  # module.old", b"Changes to Outputs"])
def test_a_plan_that_was_cut_off_is_told(last):
    cut = (
        SAMPLE.replace(b"Plan: 2 to add, 1 to change, 2 to destroy.\n", b"")
        if last.startswith(b"Changes")
        else SAMPLE[: SAMPLE.index(last)]
    )
    assert [code for code, _ in problems(extract(cut, FORMAT))] == ["EVIDENCE_UNREADABLE"]


def test_an_unknown_word_for_a_change_is_drift():
    plan = b"Terraform will perform the following actions:\n\n" + CHANGE.replace(b"will be created", b"will be hibernated")
    assert ("SCHEMA_DRIFT", "line=2,3") in problems(extract(plan, FORMAT))


def test_deposed_objects_are_named():
    plan = CHANGE.replace(b"a.b will be created", b"a.b (deposed object 1a2b) will be destroyed").replace(
        b"1 to add, 0 to change, 0", b"0 to add, 0 to change, 1"
    )
    assert changes(plan)[0] == ("a.b (deposed object 1a2b)", None, "removed", None)


def test_a_value_that_does_not_end_hides_no_resource():
    cut = SAMPLE.replace(b"        )\n      ~ tags", b"      ~ tags")
    extraction = extract(cut, FORMAT)
    assert [row[0] for row in changes(cut) if row[1] is None][:3] == [
        "aws_db_instance.main",
        "aws_iam_role_policy.lambda",
        "aws_secretsmanager_secret_version.db[0]",
    ]
    assert problems(extraction) == []


def test_colours_and_line_ends_change_nothing():
    coloured = b"\n".join(b"\x1b[1m" + line + b"\x1b[0m" for line in SAMPLE.splitlines())
    assert changes(coloured) == changes(SAMPLE) == changes(SAMPLE.replace(b"\n", b"\r\n"))


def test_a_value_is_never_copied():
    for data in (SAMPLE, SAMPLE.replace(b"_", b"-")):
        assert "SWORDFISH" not in str([table.to_pylist() for table in extract(data, FORMAT).tables.values()])


def test_a_line_that_nothing_declares_is_not_understood():
    extraction = extract(SAMPLE + b"an odd line\n", FORMAT)
    assert not_understood(extraction) == ["/line/not understood"]
    assert sum(extraction.loss().values()) == sum(bool(line.strip()) for line in SAMPLE.splitlines()) + 1


@pytest.mark.parametrize(
    "other",
    [
        b"# Note\n\n```\n" + SAMPLE + b"```\n",
        b"Plan: 1 to add, 0 to change, 0 to destroy.\n",
        b"Plan: 1 to add, 0 to change, 0 to destroy, 0 to change ownership.\n",
        b"No changes. Nothing to see.\n",
    ],
)
def test_other_texts_are_left(other):
    assert FORMAT not in recognised(other)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["      + x = (\n", "  # a.b will be ", "      + x = [\n", '      + "', "~ " * 50])
def test_hostile_plans_take_no_time(unit):
    extract(CHANGE + (unit * (200_000 // len(unit))).encode(), FORMAT)


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("config-diff/terraform-plan-text").items():
        assert [known.format for known in extractions] == [FORMAT], path
        assert problems(extractions[0]) == not_understood(extractions[0]) == [], path
