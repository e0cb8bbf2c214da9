import pytest

from release_staging.disclosure.scan import scan
from release_staging.model.exceptions import Code
from tests.disclosure.planted import RULES


def kinds(text, source="incident_notes", rules=RULES):
    found = scan(text.encode(), rules, source)
    assert {item.code for item in found} <= {Code.DISCLOSURE_INCIDENT_INTERNAL}
    return [item.kind for item in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("db-3.eu-central-1.compute.internal refused", "internal-host"),
        ("see https://wiki.acme.corp/x", "internal-host"),
        ("ledger.billing.svc.cluster.local:8080", "internal-host"),
        ("from 10.128.0.6:443", "private-address"),
        ("192.168.31.222", "private-address"),
        ("172.31.0.1", "private-address"),
        ("INTERNAL ONLY", "internal-marker"),
        ("[TLP:AMBER]", "internal-marker"),
    ],
)
def test_internal_detail_is_found(text, kind):
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "at org.junit.internal.runners.Run(x)",
        "com.acme.internal",
        "host.docker.internal",
        "the internal database",
        "172.32.0.1",
        "8.8.8.8",
        "10.0.19041.1",
        "Version=10.0.0.0, Culture=neutral",
        "1.10.0.0.1",
        "for internal reasons only",
    ],
)
def test_what_tells_nothing_of_the_inside_is_let_through(text):
    assert kinds(text) == []


def test_the_rules_say_what_is_internal():
    rules = RULES.model_copy(update={"internal_host_suffixes": frozenset({"acme.io"}), "internal_marker_phrases": ("Eyes only",)})
    assert kinds("x.acme.io and y.internal: Eyes only", rules=rules) == ["internal-host", "internal-marker"]
    none = RULES.model_copy(update={"internal_host_suffixes": frozenset(), "internal_marker_phrases": ()})
    assert kinds("y.internal INTERNAL ONLY", rules=none) == []


def test_internal_detail_is_not_looked_for_in_inventories():
    assert kinds("10.128.0.6 db.internal", "artifact_registry") == []
