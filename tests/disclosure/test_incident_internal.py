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


WHOLE_VALUES = [
    '{"web_url": "http://10.128.0.6:3005/x", "host": "db-3.acme.internal"}',
    '{"cidr_blocks":["10.0.0.0/8"]}',
    "spec:\n  address: http://prometheus.monitoring.svc.cluster.local:9090\n",
    '+  cidr_block = "10.0.1.0/24"\n',
    '<testsuite hostname="ip-10-1-2-3.ec2.internal" name="x"/>',
    '{"purl": "pkg:maven/org.jruby/jruby@10.0.0.1"}',
    "range 10.0.0.0/16 of the network",
    '{"name": "10.2.2.1 Change gender"}',
]


@pytest.mark.parametrize("text", WHOLE_VALUES)
def test_endpoints_are_no_detail_in_what_tools_write(text):
    assert kinds(text, "artifact_registry") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"message": "dial tcp 10.128.0.6:443: i/o timeout"}', "private-address"),
        ("<system-out>\nconnecting to db-3.acme.internal failed\n</system-out>", "internal-host"),
        ('{"args": "etcd --advertise-client-urls=https://192.168.64.4:2379 --x"}', "private-address"),
        ('{"stdout": "INTERNAL ONLY"}', "internal-marker"),
        ('{"message": "host [fd12:3456:789a::1] is down"}', "private-address"),
    ],
)
def test_detail_within_sentences_is_found_in_every_document(text, kind):
    assert kinds(text, "pipeline_runs") == [kind]
    assert kinds(text, None) == [kind]


def test_in_what_people_write_every_address_counts():
    assert kinds("- host: db-3.acme.internal\n- ip: fd00::1\n", "rollback_runbooks") == ["internal-host", "private-address"]
