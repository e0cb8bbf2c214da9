"""Found values are taken out of whatever is made of the documents, and of what is said about them."""

import base64

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from release_staging.disclosure.conceal import WITHHELD, Concealment, discloses, masked
from release_staging.disclosure.scan import search
from release_staging.disclosure.tables import concealed
from release_staging.model.tables import gathered
from tests.disclosure.planted import PEM, RULES, SECRETS, made_up

TOKEN = SECRETS["GitHub token"]
PASSWORD = made_up(11) + "7"


def concealment_of(*documents: str, source: str | None = "pipeline_runs") -> Concealment:
    made = Concealment(RULES)
    for document in documents:
        made.add(search(document.encode(), RULES, source)[1])
    return made


def concealed_text(text: str, *documents: str) -> str:
    return concealment_of(*documents).changed([text]).get(text, text)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_text_is_told_without_what_it_discloses(secret: str) -> None:
    rest = masked(f"before {secret} after", RULES)
    assert rest.startswith("before ")
    assert rest.endswith(" after")
    assert WITHHELD in rest
    assert not discloses(rest, RULES)


def test_what_discloses_nothing_is_left_as_it_is() -> None:
    for text in ("", "builds/1.2.3/é.json", "\udcff"):
        assert masked(text, RULES) == text


def test_a_value_that_only_its_name_gave_away_is_withheld_where_it_stands_alone() -> None:
    assert concealed_text(f"case {PASSWORD} failed", f"password: {PASSWORD}") == f"case {WITHHELD} failed"


def test_a_value_is_withheld_as_it_is_written_and_as_it_is_decoded() -> None:
    encoded = base64.b64encode(f"x {TOKEN} y".encode()).decode()
    assert concealed_text(f"a {TOKEN} b", encoded) == f"a {WITHHELD} b"
    assert TOKEN not in base64.b64decode(concealed_text(encoded, encoded).replace(WITHHELD, "") + "===").decode("latin-1")


def test_every_line_of_a_key_is_withheld() -> None:
    concealment = concealment_of(PEM)
    lines = PEM.splitlines()
    assert set(concealment.changed(lines)) == set(lines)


def test_a_value_that_was_cut_off_is_withheld_too() -> None:
    for end in range(len(TOKEN) // 2, len(TOKEN)):
        rest = concealed_text(f"{'x ' * 50}{TOKEN[:end]}", f"a {TOKEN} b")
        assert TOKEN[:10] not in rest
        assert TOKEN[:10] not in concealed_text(f"{'x ' * 50}{TOKEN[:end]}…", f"a {TOKEN} b")


def test_what_a_reader_decoded_itself_is_found_in_the_texts() -> None:
    assert (
        concealed_text(f"mail to jane.roe@customer-mail.de about {TOKEN}", "password: " + PASSWORD)
        == f"mail to {WITHHELD} about {WITHHELD}"
    )


def test_thousands_of_values_are_withheld_in_good_time() -> None:
    mails = [f"u{number}@customer-mail.de" for number in range(6_000)]
    concealment = concealment_of("\n".join(mails), source="incident_notes")
    assert set(concealment.changed([*mails, "nothing"])) == set(mails)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60), st.sampled_from(sorted(SECRETS)), st.text(max_size=60))
def test_nothing_of_a_token_is_left(before: str, name: str, after: str) -> None:
    secret = SECRETS[name]
    words = [word for part in secret.split() for word in part.split("=") if len(word) > 19]
    rest = masked(f"{before}\n{secret}\n{after}", RULES)
    assert not [word for word in words if word in rest and not word.startswith(("AKIA", "aws_", "-----"))]


# --- tables -------------------------------------------------------------------------------------------------------------

CLAIM = {
    "packet": "p",
    "document": "sha256:1",
    "field": "candidate.branch",
    "value": f"b-{TOKEN}",
    "source_value": f"b-{TOKEN}",
    "confidence": "exact",
    "locator": f"json-pointer:/{TOKEN}",
}


def test_tables_keep_their_rows_and_lose_what_may_not_be_told() -> None:
    others = {**CLAIM, "packet": "q"}
    tables = {
        "claims": pa.Table.from_pylist([CLAIM, others], gathered("claims")),
        "problems": pa.Table.from_pylist([{"packet": "p", "message": f"key {TOKEN}", "locator": CLAIM["locator"]}], gathered("problems")),
    }
    left = concealed(tables, {"p": concealment_of(f"a {TOKEN} b")})
    rows = {row["packet"]: row for row in left["claims"].to_pylist()}
    assert rows["q"] == tables["claims"].to_pylist()[1]
    assert (rows["p"]["value"], rows["p"]["source_value"], rows["p"]["locator"]) == (f"b-{WITHHELD}", None, "line=0,1")
    [problem] = left["problems"].to_pylist()
    assert (problem["message"], problem["locator"]) == (f"key {WITHHELD}", None)
    assert left["claims"].schema == tables["claims"].schema


def test_packets_that_disclose_nothing_are_not_touched() -> None:
    tables = {"claims": pa.Table.from_pylist([CLAIM], gathered("claims"))}
    assert concealed(tables, {})["claims"] is tables["claims"]
    assert concealed(tables, {"other": concealment_of(TOKEN)})["claims"] is tables["claims"]
