"""Names stand in folders, tables and logs: what they disclose does not."""

from pathlib import Path

import pytest

from release_staging.packet.names import public_paths
from release_staging.packet.open import digest_only, open_packet
from release_staging.packet.problem import UnusableName
from tests.disclosure.planted import RULES, SECRETS, made_up
from tests.packet.support import CONTENT, DESCRIPTOR, folder_of

TOKEN = SECRETS["GitHub token"]


def test_a_path_that_discloses_is_told_without_and_stays_apart_from_others() -> None:
    other = "ghp_" + made_up(36)
    paths = [f"logs/{TOKEN}.txt", f"logs/{other}.txt", "logs/(withheld).txt", "sbom.json", "mail to jane@customer.com"]
    told = public_paths(paths, RULES)
    assert list(told) == sorted(paths)
    assert len(set(told.values())) == len(paths)
    assert told["sbom.json"] == "sbom.json"
    assert not [name for name in told.values() if TOKEN in name or other in name or "jane" in name]


def test_an_id_that_discloses_names_no_packet(tmp_path: Path) -> None:
    secret = "glpat-" + made_up(20, "abcdefghijklmnopqrstuvwxyz0123456789")
    for number, declared in enumerate((secret, "db-3.prod.acme.internal", "10.42.7.19", "4111-1111-1111-1111")):
        content = CONTENT | {"packet.yaml": DESCRIPTOR.replace(b"id: billing-api-4.12.0-rc.3", f"id: {declared}".encode())}
        opened = open_packet(folder_of(tmp_path / str(number), content), digest_only, boundary=RULES)
        assert opened.packet_id == f"withheld-{opened.digest[7:19]}"
        assert opened.declared_id == "withheld"


def test_other_ids_are_kept(tmp_path: Path) -> None:
    opened = open_packet(folder_of(tmp_path / "p", CONTENT), digest_only, boundary=RULES)
    assert opened.declared_id == "billing-api-4.12.0-rc.3"


def test_an_id_that_cannot_be_used_is_not_quoted(tmp_path: Path) -> None:
    content = CONTENT | {"packet.yaml": DESCRIPTOR.replace(b"id: billing-api-4.12.0-rc.3", f"id: {TOKEN}".encode())}
    with pytest.raises(UnusableName, match="expected lower-case letters") as raised:
        open_packet(folder_of(tmp_path / "p", content), digest_only, boundary=RULES)
    assert TOKEN not in str(raised.value)
