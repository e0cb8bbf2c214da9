from pathlib import Path

import orjson
import pytest

from release_staging.parsing import json
from tests.evidence import corpus
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "terraform-plan.json").read_bytes()
FORMAT = "terraform-plan-json@1.2"


def plan(**members):
    return orjson.loads(SAMPLE) | members


def read(value, format_id=FORMAT):
    return extract(orjson.dumps(value), format_id)


def changes(extraction):
    return [(row["file"], row["key"], row["action"], row["sensitive"]) for row in rows(extraction, "config_changes")]


def test_one_row_a_resource_and_one_an_attribute_that_changes():
    assert changes(extract(SAMPLE, FORMAT)) == [
        ("aws_db_instance.main", None, "changed", True),
        ("aws_db_instance.main", "allocated_storage", "changed", False),
        ("aws_db_instance.main", "arn", "added", False),
        ("aws_db_instance.main", "password", "changed", True),
        ("aws_db_instance.main", "tags.Tier", "added", False),
        ("aws_instance.worker[0]", None, "replaced", False),
        ("aws_instance.worker[0]", "ami", "changed", False),
        ("aws_instance.worker[0]", "id", "added", False),
        ("aws_instance.worker[0]", "ingress[1].port", "added", False),
        ("kubernetes_secret.app", None, "added", True),
        ("kubernetes_secret.app", "data", "added", True),
        ("kubernetes_secret.app", "id", "added", False),
        ("kubernetes_secret.app", "type", "added", False),
        ("output.endpoint", None, "added", False),
    ]


def test_rows_stand_where_the_change_does():
    found = {(row["file"], row["key"]): row["locator"] for row in rows(extract(SAMPLE, FORMAT), "config_changes")}
    assert found["aws_db_instance.main", "password"] == "json-pointer:/resource_changes/0/change/after/password"
    assert found["aws_db_instance.main", "arn"] == "json-pointer:/resource_changes/0/change/after_unknown/arn"
    assert found["aws_instance.worker[0]", None] == "json-pointer:/resource_changes/1"


def test_no_value_is_copied_nor_a_name_below_a_sensitive_place():
    text = " ".join(str(table.to_pylist()) for table in extract(SAMPLE, FORMAT).tables.values())
    assert not [value for value in ("Hunter", "in-clear", "clear-text", "ami-1", "Opaque") if value in text]


def test_the_ledger_names_no_key_inside_a_value():
    paths = {row["path"] for row in rows(extract(SAMPLE, FORMAT), "losses")}
    assert "/resource_changes/*/change/after/*" in paths
    assert not [path for path in paths if "password" in path or "clear-text" in path]


def test_claims():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "environment.observed") == ["production-eu"]
    assert claims(extraction, "tool.version") == ["1.9.5"]
    assert claims(extraction, "produced_at") == ["2026-11-20T08:10:44Z"]
    assert claims(extraction, "verdict") == ["planned"]
    assert {row["environment"] for row in rows(extraction, "config_changes")} == {"production-eu"}
    assert not_understood(extraction) == []


def test_an_environment_is_claimed_only_where_a_variable_says_it():
    without = read(plan(variables={"region": {"value": "eu-west-1"}, "environment": {"value": {"name": "production"}}}))
    assert claims(without, "environment.observed") == []
    assert {row["environment"] for row in rows(without, "config_changes")} == {None}


@pytest.mark.parametrize(
    ("flags", "verdict"),
    [({"errored": True}, "errored"), ({"complete": False}, "incomplete"), ({"errored": True, "complete": False}, "errored")],
)
def test_an_errored_or_incomplete_plan_is_not_merely_planned(flags, verdict):
    assert claims(read(plan(**flags)), "verdict") == [verdict]


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["create", "delete"], "replaced"),
        (["delete", "create"], "replaced"),
        (["create", "forget"], "replaced"),
        (["delete"], "removed"),
        (["forget"], "removed"),
    ],
)
def test_actions(actions, action):
    value = plan()
    value["resource_changes"][0]["change"]["actions"] = actions
    assert changes(read(value))[0][2] == action


@pytest.mark.parametrize("actions", [["update", "melt"], [], ["melt"]])
def test_unknown_actions_are_told_and_never_no_change(actions):
    value = plan()
    value["resource_changes"][2]["change"]["actions"] = actions
    extraction = read(value)
    assert ("SCHEMA_DRIFT", "json-pointer:/resource_changes/2/change/actions") in problems(extraction)
    assert ("aws_s3_bucket.logs", None, "changed", False) in changes(extraction)


@pytest.mark.parametrize("member", ["actions", "before", "after", "after_unknown", "before_sensitive", "after_sensitive"])
@pytest.mark.parametrize("how", ["rename", "retype", "remove"])
def test_drift_in_a_change_is_told_and_yields_no_wrong_attribute(member, how):
    value = plan()
    change = value["resource_changes"][0]["change"]
    old = change.pop(member)
    if how == "rename":
        change[member + "_renamed"] = old
    elif how == "retype":
        change[member] = "retyped"
    extraction = read(value)
    assert {code for code, _ in problems(extraction)} == {"SCHEMA_DRIFT"}
    assert set(changes(extraction)) - set(changes(extract(SAMPLE, FORMAT))) <= {
        ("aws_db_instance.main", None, "changed", s) for s in (None, False)
    }


@pytest.mark.parametrize("member", ["address", "change"])
def test_a_resource_without_what_it_is_or_how_it_changes_is_drift(member):
    value = plan()
    del value["resource_changes"][0][member]
    assert "SCHEMA_DRIFT" in {code for code, _ in problems(read(value))}


def test_changes_that_are_missing_from_a_plan_with_resources_are_drift():
    value = plan()
    value["changes"] = value.pop("resource_changes")
    extraction = read(value)
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/resource_changes")]
    assert "/changes/*/address" in not_understood(extraction)


def test_a_plan_that_marks_nothing_says_nothing_of_what_is_sensitive():
    value = plan(format_version="0.1")
    for resource in value["resource_changes"]:
        del resource["change"]["before_sensitive"], resource["change"]["after_sensitive"]
    extraction = read(value, "terraform-plan-json@0.1")
    assert problems(extraction) == []
    assert {row["sensitive"] for row in rows(extraction, "config_changes") if row["file"].startswith("aws")} == {None}


def test_an_unknown_version_is_read_and_told():
    assert problems(read(plan(format_version="9.9"), "terraform-plan-json@9.9")) == [("SCHEMA_DRIFT", None)]


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(plan(surprise={"a": 1}))) == ["/surprise/a"]


def test_the_ledger_counts_every_leaf():
    def leaves(value):
        below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return 1 if not below else sum(map(leaves, below))

    assert sum(extract(SAMPLE, FORMAT).loss().values()) == leaves(json.parse(SAMPLE))


def test_a_state_is_no_plan():
    assert recognised(b'{"format_version": "1.0", "terraform_version": "1.9.5", "values": {"root_module": {}}}') == []


def test_the_corpus_is_read():
    found = corpus.read_all("config-diff/terraform-plan-json")
    assert {extraction.format.partition("@")[0] for extractions in found.values() for extraction in extractions} == {"terraform-plan-json"}
    assert all(len(extractions) == 1 for extractions in found.values())
