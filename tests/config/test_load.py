"""A configuration file is either exactly what it should be, or refused with its file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from release_staging.config.load import ConfigurationError, Pattern, Strict, load
from release_staging.parsing.limits import Unreadable
from release_staging.parsing.yaml import parse_located


class Door(Strict):
    name: str
    locked: bool
    patterns: tuple[Pattern, ...] = ()


class House(Strict):
    floors: int
    doors: tuple[Door, ...]


GOOD = """\
floors: 2
doors:
  - name: front
    locked: true
    patterns: ['^a+$']
  - {name: back, locked: false}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "house.yaml"
    path.write_text(text, "utf-8")
    return path


def refusal(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(write(folder, text), House)
    return [line.removeprefix(f"{folder}/") for line in str(caught.value).splitlines()]


def test_a_good_file_is_its_model(tmp_path: Path) -> None:
    house = load(write(tmp_path, GOOD), House).value
    assert [(door.name, door.locked) for door in house.doors] == [("front", True), ("back", False)]


def test_a_wrong_value_is_named_with_line_and_key(tmp_path: Path) -> None:
    assert refusal(tmp_path, GOOD.replace("locked: true", "locked: perhaps")) == [
        "house.yaml:4: doors.0.locked: Input should be a valid boolean"
    ]


def test_a_text_is_never_taken_for_a_number(tmp_path: Path) -> None:
    assert refusal(tmp_path, GOOD.replace("floors: 2", "floors: '2'")) == ["house.yaml:1: floors: Input should be a valid integer"]


def test_an_unknown_key_is_refused_where_it_stands(tmp_path: Path) -> None:
    assert refusal(tmp_path, GOOD + "windows: 3\n") == ["house.yaml:7: windows: Extra inputs are not permitted"]


def test_a_missing_key_is_told_at_what_it_is_missing_from(tmp_path: Path) -> None:
    assert refusal(tmp_path, GOOD.replace("name: back, ", "")) == ["house.yaml:6: doors.1.name: Field required"]


def test_an_invalid_pattern_is_refused_at_load(tmp_path: Path) -> None:
    (line,) = refusal(tmp_path, GOOD.replace("^a+$", "(a"))
    assert line.startswith("house.yaml:5: doors.0.patterns.0: not a regular expression of RE2: missing )")


def test_a_pattern_that_needs_backtracking_is_refused(tmp_path: Path) -> None:
    (line,) = refusal(tmp_path, GOOD.replace("^a+$", r"(a)\1"))
    assert "doors.0.patterns.0: not a regular expression of RE2" in line


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    lines = refusal(tmp_path, "floors: two\ndoors: []\ncellar: 1\n")
    assert [line.split(": ")[0] for line in lines] == ["house.yaml:1", "house.yaml:3"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("floors: [", "not valid YAML"),
        ("floors: 1\nfloors: 2\n", "duplicate YAML key"),
        ("a: &x 1\n", "anchors"),
        ("", "expected one YAML document"),
    ],
)
def test_what_is_no_plain_yaml_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (line,) = refusal(tmp_path, text)
    assert line.startswith("house.yaml: ")
    assert told in line


def test_a_file_that_is_not_there_is_told_without_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"absent\.yaml: cannot be read: No such file"):
        load(tmp_path / "absent.yaml", House)


def test_a_document_that_is_a_list_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "- 1\n")[0].startswith("house.yaml:1: document: ")


def test_every_pointer_has_its_line() -> None:
    value, lines = parse_located(b"a: 1\nb:\n  - x\n  - {c: 2, 'd/~': [1,\n   2]}\ne:\n  f: g\n")
    assert value == {"a": 1, "b": ["x", {"c": 2, "d/~": [1, 2]}], "e": {"f": "g"}}
    assert lines == {
        "": 1,
        "/a": 1,
        "/b": 2,
        "/b/0": 3,
        "/b/1": 4,
        "/b/1/c": 4,
        "/e": 6,
        "/e/f": 7,
        "/b/1/d~1~0": 4,
        "/b/1/d~1~0/0": 4,
        "/b/1/d~1~0/1": 5,
    }


def test_lines_are_refused_for_what_the_parser_refuses() -> None:
    with pytest.raises(Unreadable, match="tag"):
        parse_located(b"a: !x 1\n")
