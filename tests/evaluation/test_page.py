"""The page: one file that loads nothing, runs nothing and shows words as words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree.ElementTree import fromstring

from release_staging.evaluation.evaluation import Corpus, Evaluation
from release_staging.evaluation.measures import Measures, Share
from release_staging.evaluation.page import page
from release_staging.evaluation.plots import Bars, chart
from release_staging.evaluation.report import MEASURES, as_data, numbers
from release_staging.evaluation.run import Result

EVIL = "<script>alert(1)</script>\"'&"


def evaluated(measures: Measures, found: list[Result]) -> Evaluation:
    return Evaluation(11, tuple(found), measures, (), Corpus(9, 4, measures))


def test_the_page_has_no_script_and_loads_nothing(measures: Measures, found: list[Result]) -> None:
    made = page(evaluated(measures, found), Share(3, 3))
    assert "<script" not in made
    assert re.findall(r"(?:src|href)\s*=|url\(|@import|https?://", re.sub(r"<code>.*?</code>", "", made)) == []
    assert "default-src 'none'" in made


def test_words_of_packets_are_escaped(measures: Measures, found: list[Result]) -> None:
    family = replace(measures.families[0], title=EVIL, forms={EVIL: Share(0, 1)}, right=Share(0, 1))
    made = page(evaluated(replace(measures, misses=(EVIL,), families=(family,)), found))
    assert "<script" not in made
    assert made.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


def test_a_chart_is_well_formed_and_shows_the_share() -> None:
    drawn = chart([Bars(EVIL[:30], (Share(1, 4), Share(0, 0)))], EVIL, ("one", "two"))
    [svg] = fromstring(drawn)
    bars = [float(one.attrib["width"]) for one in svg.iter("rect") if one.attrib["class"] == "part0"]
    whole = [float(one.attrib["width"]) for one in svg.iter("rect") if one.attrib["class"] == "missing"]
    assert bars[-1] == max(whole) / 4


def test_the_report_is_json_with_every_measure_and_the_trend_has_numbers(measures: Measures, found: list[Result]) -> None:
    evaluation = evaluated(measures, found)
    data = json.loads(json.dumps(as_data(evaluation, Share(1, 2))))
    assert MEASURES.keys() <= data.keys()
    assert data["dagster"] == {"part": 1, "whole": 2, "rate": 0.5}
    assert data["corpus"]["labelled"] == 4
    assert len(data["families"]) == len(measures.families)
    assert all(0 <= rate <= 1 for rate in numbers(evaluation).values())
