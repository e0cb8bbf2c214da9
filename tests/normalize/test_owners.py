"""Who owns a service: one name however it is referred to, and told where the registry of services has another."""

from __future__ import annotations

import pytest

from tests.normalize.support import claim, normal, run


def told(owner: str, service: str = "billing-api") -> list[tuple[str, str, str, str]]:
    made = run(claims=[claim("service.owner", owner, subject=service)])
    return [(row["code"], row["subject"], row["found"], row["locator"]) for row in made["problems"]]


@pytest.mark.parametrize(
    "owner", ["group:default/team-billing", "group:team-billing", "default/team-billing", "Group:payments/team-billing"]
)
def test_a_reference_to_a_team_is_the_teams_name(owner):
    assert normal("service.owner", owner) == ("team-billing", "owner", "derived")
    assert told(owner) == []


@pytest.mark.parametrize("owner", ["user:default/team-billing", "a/b/c", "https://teams.example/team-billing"])
def test_what_is_no_reference_to_a_team_stays_as_it_was_written(owner):
    assert normal("service.owner", owner) == (owner, None, "exact")


def test_another_owner_than_the_registrys_is_told_where_it_stands():
    assert told("team-ledger") == [("CONTRADICTION", "service.owner", "team-ledger", "line=0,1")]
    assert told("Team-Billing") == []


def test_the_registry_says_nothing_of_a_service_that_it_does_not_know():
    assert told("team-ledger", service="somebody-elses") == []
