import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence.addresses import holds_credentials, repository_of, without_credentials

WORD = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-._~", min_size=1)


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example.com/acme/billing-api/tree/main/deploy",
        "https://git.example.com/acme/billing-api/-/releases/v1.2.3",
        "https://git.example.com/acme/billing-api/-/tree/main",
        "https://git.example.com/acme/billing-api/src/branch/main/",
        "https://git.example.com/acme/billing-api/releases",
        "https://git.example.com/acme/billing-api/",
    ],
)
def test_an_address_within_a_repository_leads_to_it(address):
    assert repository_of(address) == "https://git.example.com/acme/billing-api"


def test_what_is_no_web_address_leads_to_no_repository():
    for address in ("git@git.example.com:acme/billing-api.git", "https://example.com", "linkToHelmChartRepo", ""):
        assert repository_of(address) is None, address


@given(user=WORD, password=WORD, host=WORD)
def test_no_password_stays_in_an_address(user, password, host):
    address = f"https://{user}:{password}@{host}/chart.tgz?token={password}#{password}"
    assert holds_credentials(address)
    assert without_credentials(address) == f"https://{host}/chart.tgz"


def test_the_user_of_git_is_no_secret_and_a_build_number_is_none():
    assert not holds_credentials("ssh://git@git.example.com/acme/billing-api.git")
    assert not holds_credentials("git@git.example.com:acme/billing-api.git")
    assert not holds_credentials("https://ci.example.com/_build/results?buildId=123&view=results")
    assert holds_credentials("https://ci.example.com/artifact?sv=2022&sig=abc")
