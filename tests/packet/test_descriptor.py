"""The descriptor: what it accepts, what it says of what it does not, and that model and published schema agree."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from release_staging.packet import descriptor
from release_staging.packet.problem import UnusableName
from release_staging.parsing import json
from release_staging.parsing.limits import Unreadable
from tests.packet.support import DESCRIPTOR

SCHEMA = json.parse((Path(__file__).parents[2] / "schemas" / "packet-1.json").read_bytes())
PUBLISHED = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
FULL: dict[str, Any] = {
    "packet": "1",
    "id": "billing-api-4.12.0-rc.3",
    "submitted_at": "2026-11-20T10:15:00+01:00",
    "candidate": {
        "service": "billing-api",
        "version": "4.12.0-rc.3",
        "commit": "9f2c",
        "tag": "v4",
        "branch": "main",
        "repository": "https://example.com/r",
        "build": {"id": 77, "url": "https://example.com/77", "attempt": 1},
    },
    "environments": ["production-eu"],
    "documents": [{"path": "a.xml", "source": "test_reports", "format": "junit-xml", "sha256": "0" * 64, "level": "unit", "run": "77"}],
    "links": [{"name": "sbom.json", "url": "file:///evidence/sbom.json", "sha256": "f" * 64, "source": "sboms"}],
}


def changed(pointer: str, value: Any = ...) -> dict[str, Any]:
    """FULL with another value at ``pointer``, or without it."""
    tree = copy.deepcopy(FULL)
    *above, last = pointer.strip("/").split("/")
    node: Any = tree
    for token in above:
        node = node[int(token)] if isinstance(node, list) else node[token]
    key: Any = int(last) if isinstance(node, list) else last
    if value is ...:
        del node[key]
    else:
        node[key] = value
    return tree


def faults(tree: Any) -> list[str]:
    return [fault.message for fault in descriptor.read("packet.json", orjson.dumps(tree)).faults]


GOOD = [
    FULL,
    changed("/candidate/build"),
    changed("/candidate/build", None),
    changed("/candidate/commit", None),
    changed("/candidate/version", 7),
    changed("/documents"),
    changed("/documents", []),
    changed("/documents/0/sha256", None),
    changed("/documents/0/level", None),
    changed("/documents/0/path", "./a/b c/ü.xml"),
    changed("/documents/0/run", 2**63),
    changed("/environments"),
    changed("/packet", 1),
    changed("/submitted_at", "2026-11-20T10:15:00.123456789Z"),
    changed("/submitted_at", "2028-02-29T23:59:59-23:59"),
    changed("/id", "a"),
    changed("/id", "a" * 80),
]
BAD = [
    [],
    "text",
    changed("/packet"),
    changed("/packet", "2"),
    changed("/packet", True),
    changed("/id"),
    changed("/id", 7),
    changed("/submitted_at"),
    changed("/submitted_at", "2026-11-20T10:15:00"),
    changed("/submitted_at", "2026-11-20"),
    changed("/submitted_at", "2026-11-20 10:15:00Z"),
    changed("/submitted_at", "2026-02-30T10:15:00Z"),
    changed("/submitted_at", "2026-11-20T24:15:00Z"),
    changed("/submitted_at", "2026-11-20T10:15:60Z"),
    changed("/submitted_at", "2026-11-20T10:15:00+25:00"),
    changed("/submitted_at", 1732098900),
    changed("/submitted_at", "yesterday"),
    changed("/candidate"),
    changed("/candidate", "billing-api"),
    changed("/candidate/service"),
    changed("/candidate/service", ""),
    changed("/candidate/service", 7),
    changed("/candidate/service", None),
    changed("/candidate/service", "a\nb"),
    changed("/candidate/service", "x" * 513),
    changed("/candidate/version", True),
    changed("/candidate/version", -1),
    changed("/candidate/version", 4.5),
    changed("/candidate/version", ["4"]),
    changed("/candidate/build/id"),
    changed("/candidate/approved_by", "me"),
    changed("/environments", "production"),
    changed("/environments", [7]),
    changed("/environments", ["e"] * 101),
    changed("/documents", {}),
    changed("/documents/0", "a.xml"),
    changed("/documents/0/path"),
    changed("/documents/0/path", "/etc/passwd"),
    changed("/documents/0/path", "../x"),
    changed("/documents/0/path", "a\\b"),
    changed("/documents/0/sha256", "F" * 64),
    changed("/documents/0/sha256", "0" * 63),
    changed("/documents/0/sha256", "sha256:" + "0" * 64),
    changed("/documents/0/level", "e2e"),
    changed("/links/0/sha256"),
    changed("/links/0/url"),
    changed("/links/0/name"),
    changed("/notes", "hello"),
]


@pytest.mark.parametrize("tree", GOOD)
def test_model_and_published_schema_accept_the_same(tree: Any) -> None:
    assert faults(tree) == []
    assert PUBLISHED.is_valid(tree)
    assert Draft202012Validator(SCHEMA).is_valid(tree)


@pytest.mark.parametrize("tree", BAD)
def test_model_and_published_schema_refuse_the_same(tree: Any) -> None:
    assert faults(tree)
    assert not PUBLISHED.is_valid(tree)


@given(st.text(alphabet="a.b/\\C: ", max_size=9))
def test_model_and_published_schema_agree_on_paths(path: str) -> None:
    tree = changed("/documents/0/path", path)
    assert (not faults(tree)) == PUBLISHED.is_valid(tree)


@given(st.text(alphabet="a0._-AZ é", max_size=5) | st.integers(75, 85).map(lambda n: "a" * n))
def test_model_and_published_schema_agree_on_ids(declared: str) -> None:
    tree = changed("/id", declared)
    try:
        sound = not faults(tree)
    except UnusableName:
        sound = False
    assert sound == PUBLISHED.is_valid(tree)


@given(st.from_regex(r"2[0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|[+-][0-2][0-9]:[0-6][0-9])", fullmatch=True))
def test_model_and_published_schema_agree_on_times(time: str) -> None:
    tree = changed("/submitted_at", time)
    assert (not faults(tree)) == PUBLISHED.is_valid(tree)


def test_the_published_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_yaml_and_json_say_the_same() -> None:
    from_yaml = descriptor.read("packet.yaml", DESCRIPTOR).descriptor
    assert from_yaml is not None
    assert from_yaml.submitted_at == datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
    assert from_yaml.candidate.build is not None
    assert from_yaml.candidate.build.id == "7714620931"
    assert from_yaml.documents[0].run == "7714620931"


def test_a_version_that_looks_like_a_number_stays_as_written() -> None:
    read = descriptor.read("packet.yaml", DESCRIPTOR.replace(b"version: 4.12.0-rc.3", b"version: 1.10")).descriptor
    assert read is not None
    assert read.candidate.version == "1.10"


def test_every_fault_has_one_clear_line_with_file_pointer_and_expectation() -> None:
    tree = changed("/documents/0/level", "e2e") | {"notes": "x"}
    tree["candidate"]["service"] = ""
    assert sorted(faults(tree)) == [
        "packet.json: /candidate/service: expected text that is not empty",
        "packet.json: /documents/0/level: expected 'unit', 'integration', 'load' or 'smoke'",
        "packet.json: /notes: expected no such member",
    ]


def test_a_fault_is_located_where_it_stands() -> None:
    reading = descriptor.read("packet.yaml", DESCRIPTOR.replace(b"submitted_at: 2026-11-20T10:15:00Z", b"submitted_at: today"))
    assert [fault.locator for fault in reading.faults] == ["yaml=0;json-pointer:/submitted_at"]
    assert reading.descriptor is None


def test_a_value_is_never_repeated_in_a_message() -> None:
    tree = changed("/documents/0/level", "hunter2-secret") | {"more": "hunter2-secret"}
    tree["candidate"]["version"] = {"hunter2-secret": 1}
    assert "hunter2" not in " ".join(faults(tree))


def test_what_is_sound_is_used_without_what_is_not() -> None:
    tree = changed("/notes", "x")
    tree["links"] = [{"name": "a", "url": "file:///a"}, *FULL["links"]]
    reading = descriptor.read("packet.json", orjson.dumps(tree))
    assert [fault.locator for fault in reading.faults] == ["json-pointer:/links/0", "json-pointer:/notes"]
    assert reading.descriptor is not None
    assert [link.name for link in reading.descriptor.links] == ["sbom.json"]
    assert reading.locate("links", 0, "url") == "json-pointer:/links/1/url"


def test_many_faults_are_counted_not_listed() -> None:
    tree = changed("/environments", list(range(90)))
    assert len(faults(tree)) == 21
    assert faults(tree)[-1] == "packet.json: 70 more faults"


@pytest.mark.parametrize("declared", ["", "A", "-a", ".a", "a..b", "a/b", "../a", "a b", "a\n", "a" * 81, "é", "a\x00"])
def test_an_id_that_cannot_name_a_packet_is_raised(declared: str) -> None:
    with pytest.raises(UnusableName, match=r"packet.json: /id: expected lower-case letters"):
        descriptor.read("packet.json", orjson.dumps(changed("/id", declared)))


@pytest.mark.parametrize(
    ("name", "data"), [("packet.yaml", b"a: [1"), ("packet.yaml", b""), ("packet.json", b"{"), ("packet.yaml", b"a: 1\n---\nb: 2")]
)
def test_what_is_not_yaml_or_json_is_unreadable(name: str, data: bytes) -> None:
    with pytest.raises(Unreadable):
        descriptor.read(name, data)


_TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.sampled_from([*FULL, "service", "version", "path", "x"]), below, max_size=5)
    ),
    max_leaves=10,
)


@given(
    st.sampled_from(["/packet", "/submitted_at", "/candidate", "/documents", "/links", "/environments", "/documents/0", "/x"]),
    _TREES,
)
def test_model_and_published_schema_agree_on_anything_anywhere(pointer: str, value: Any) -> None:
    tree = changed(pointer, value)
    assert (not faults(tree)) == PUBLISHED.is_valid(tree)
