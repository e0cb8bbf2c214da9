"""CVSS vectors of every version: scored as their specification says, and never a score of version 2 as critical."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from cvss.constants2 import METRICS_VALUES as VERSION_2
from cvss.constants3 import METRICS_VALUES as VERSION_3
from cvss.constants4 import METRICS_VALUE_NAMES as VERSION_4
from hypothesis import given
from hypothesis import strategies as st

from release_staging.normalize.cvss import every, rated, severity, worst
from tests.evidence.corpus import documents

WORST = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"


# Examples of the specifications and of NVD, with the scores they give.
@pytest.mark.parametrize(
    ("vector", "version", "score", "level"),
    [
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C", "2.0", "7.8", "high"),  # CVE-2002-0392, CVSS v2 guide 3.3.1
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", "2.0", "10.0", "high"),
        ("(AV:L/AC:H/Au:N/C:C/I:C/A:C)", "2.0", "6.2", "medium"),
        ("5.0 (MEDIUM) (AV:N/AC:L/Au:N/C:N/I:N/A:P)", "2.0", "5.0", "medium"),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:L/A:N", "3.0", "7.2", "high"),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", "3.1", "6.4", "medium"),  # CVE-2013-1937 and on, CVSS v3.1 examples
        ("CVSS:3.1/S:U/A:N/I:N/C:N/UI:N/PR:N/AC:L/AV:N", "3.1", "0.0", "none"),  # metrics in any order
        (WORST, "3.1", "10.0", "critical"),
        ("AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "3.1", "10.0", "critical"),  # CycloneDX writes no prefix
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "4.0", "7.3", "high"),  # CVSS v4.0 examples
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "4.0", "10.0", "critical"),
        (f"  {WORST}\n", "3.1", "10.0", "critical"),
    ],
)
def test_a_vector_has_a_base_score_and_a_severity_on_its_own_scale(vector: str, version: str, score: str, level: str) -> None:
    found = rated(vector)
    assert found is not None
    assert found[:3] == (version, Decimal(score), level)


def test_threat_and_environment_are_scores_of_a_vector_and_not_its_base_score() -> None:
    found = rated("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P/RL:O/RC:C")
    assert found is not None
    assert found.score == Decimal("7.5")
    assert Decimal("6.7") in found.scores
    later = rated("CVSS:4.0/AV:L/AC:H/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U")
    assert later is not None
    assert later.score == Decimal("7.3")
    assert later.scores == {Decimal("7.3"), Decimal("4.4")}


@pytest.mark.parametrize(
    "text",
    ["", "CVSS:3.1", "CVSS:3.1/AV:N", "CVSS:2.0/AV:N/AC:L/Au:N/C:C/I:C/A:C", "CVSS:3.2/" + WORST[9:], "CVSS:4.1/AV:N", "9.8", "SL:1/M:1",
     WORST + "/", WORST + "/C:H", WORST.lower(), "(" * 300 + ")" * 300, "AV:N/" * 200, "AV:N/AC:L/PR:N"],
)  # fmt: skip
def test_what_is_no_vector_has_no_score(text: str) -> None:
    assert rated(text) is None


def test_of_several_vectors_the_worst_counts_and_version_2_only_where_it_is_alone() -> None:
    old, new = "AV:N/AC:L/Au:N/C:C/I:C/A:C", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"
    assert worst(every(f"{old}, {new}")).score == Decimal("7.5")
    assert worst(every(f"{new}, {WORST}, not one")).score == Decimal("10.0")
    assert worst(every(old)).severity == "high"


def vectors(prefix: str, metrics: dict[str, dict[str, object]]) -> st.SearchStrategy[str]:
    """Whole vectors of a version; and such as were damaged."""
    whole = st.tuples(*(st.sampled_from(sorted(values)).map(f"{name}:{{}}".format) for name, values in metrics.items()))
    part = st.sampled_from([f"{name}:{value}" for name, values in metrics.items() for value in (*values, "Q")] + ["", "a:b:c", "X"])
    damaged = st.tuples(whole, st.integers(0, 40), part).map(lambda one: [*one[0][: one[1]], one[2], *one[0][one[1] + 1 :]])
    return (whole.map(list) | damaged).map(lambda parts: prefix + "/".join(parts))


VECTORS = st.one_of(
    vectors("", VERSION_2), vectors("CVSS:3.0/", VERSION_3), vectors("CVSS:3.1/", VERSION_3), vectors("CVSS:4.0/", VERSION_4), st.text()
)


@given(VECTORS)
def test_any_text_is_scored_or_is_none(text: str) -> None:
    found = rated(text)
    if found is not None:
        assert Decimal(0) <= found.score <= Decimal(10)
        assert found.score in found.scores
        assert found.severity == severity(found.score, found.version)
        assert found.version != "2.0" or found.severity != "critical"


@given(st.decimals(0, 10, places=1))
def test_the_scale_has_no_gaps_and_version_2_no_critical(score: Decimal) -> None:
    assert severity(score) in ("critical", "high", "medium", "low", "none")
    assert severity(score, "2.0") in ("high", "medium", "low")
    assert (severity(score) == "none") == (score == 0)


def test_every_vector_that_real_scanners_write_is_scored() -> None:
    pattern = re.compile(rb'"(?:CVSSv3|vectorString|V3Vector|V2Vector|V40Vector|cvssV3Vector|vector_string)":\s*"([^"]+)"')
    found = {match.decode() for _, data in documents("vuln-scans") for match in pattern.findall(data)}
    assert len(found) > 100
    assert [vector for vector in sorted(found) if rated(vector) is None] == []
