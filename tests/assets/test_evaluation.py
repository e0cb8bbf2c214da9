"""The evaluation in Dagster: a small set, with its measures as numbers."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from assets.evaluation import evaluation


def test_a_materialisation_shows_the_measures_as_numbers_and_writes_the_page(tmp_path: Path) -> None:
    asset = evaluation(tmp_path / "evaluation")
    done = dg.materialize([asset], run_config={"ops": {"evaluation": {"config": {"packets": 24, "seed": 3}}}})
    [made] = done.asset_materializations_for_node("evaluation")
    shown = {name: value.value for name, value in made.metadata.items()}
    assert shown["packets"] == 24
    assert (shown["accepted"], shown["false_holds"], shown["traced"]) == (1, 0, 1)
    assert isinstance(shown["diverted"], float)
    assert Path(str(shown["page"])).read_text(encoding="utf-8").startswith("<!doctype html>")
