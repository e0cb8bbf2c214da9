"""Laws of all readers, over every sample document of the repository. ``test_laws_corpus.py`` holds them over real evidence."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading

import pytest
from lxml import etree

from release_staging.evidence.open import Opened
from release_staging.evidence.registry import readers
from release_staging.evidence.resolve import Resolver, Unresolved
from tests.evidence import samples
from tests.evidence.laws import assert_laws
from tests.evidence.support import problems, rows

# Reads every sample where a connection cannot be opened and where an attempt shows, and connects once itself, so that a
# watch that sees nothing fails the test. Prints documents read, attempts seen.
_ISOLATED = """
import socket, sys

attempts = []
for name in ("connect", "connect_ex", "sendto", "bind"):
    setattr(socket.socket, name, lambda *given, name=name: attempts.append(name))
for name in ("getaddrinfo", "gethostbyname", "create_connection"):
    setattr(socket, name, lambda *given, name=name, **more: attempts.append(name))
socket.socket().connect(("127.0.0.1", 1))

from tests.evidence import samples
from tests.evidence.laws import assert_laws

print(sum(len(assert_laws(path, data)) for path, data in samples.documents().items()), attempts)
"""


def test_every_format_has_a_sample():
    own = {reader.format for reader in readers() if reader.read.__module__.startswith("release_staging.")}
    assert own - samples.by_format().keys() == set(), "put a document under tests/evidence/<source>/samples"


@pytest.mark.parametrize("path", samples.documents())
def test_laws_hold_on_a_sample(path):
    data = samples.documents()[path]
    found = assert_laws(path, data)
    if path == "data/packets/unreadable-scan/scans/trivy.json":  # cut off, as the name of its packet says
        assert found == []
    else:
        assert len(found) == 1
        assert "EVIDENCE_UNREADABLE" not in dict(problems(found[0][1]))


def test_no_reader_opens_a_connection():
    ran = subprocess.run([sys.executable, "-c", _ISOLATED], cwd=samples.ROOT, capture_output=True, text=True, check=True)
    count, attempts = ran.stdout.split(maxsplit=1)
    assert int(count) == len(samples.documents()) - 1
    assert attempts.strip() == "['connect']", "besides the one that the test makes itself"


def test_an_address_in_a_document_is_not_visited():
    """Every address that a sample names is made that of a server which listens here; nobody comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        came: list[object] = []
        server.settimeout(None)
        listening = threading.Thread(target=lambda: came.append(server.accept()), daemon=True)
        listening.start()
        here = f"http://127.0.0.1:{server.getsockname()[1]}/".encode()
        named = 0
        for path, data in samples.documents().items():
            named += data.count(b"https://")
            assert_laws(path, data.replace(b"https://", here))
        assert named > 100
        assert came == []
        socket.create_connection(server.getsockname()).close()
        listening.join(10)
        assert came, "the server would have seen a visitor"


def test_locators_into_xml_are_xpath_that_any_engine_resolves():
    checked = 0
    for path, data in samples.documents().items():
        for match, extraction in assert_laws(path, data):
            if match.encoding == "xml":
                root = etree.fromstring(data)
                for claim in rows(extraction, "claims"):
                    found = root.xpath(claim["locator"].removeprefix("xpath:"))
                    assert "".join(found) == claim["source_value"], claim
                    checked += 1
    assert checked > 20


def test_many_locators_into_one_xml_document_are_resolved_in_one_pass():
    count = 20_000
    data = b"<r>" + b'<case n="x">y</case>' * count + b"</r>"
    resolver = Resolver(data)
    for number in range(1, count + 1):
        assert resolver.text(f"xpath:/r[1]/case[{number}]/@n") == "x"
    for astray in ("/r[1]/case[20001]", "/s[1]", "/r[1]/case[1]/@m", "", "/r[1]/case"):
        with pytest.raises(Unresolved):
            resolver.value(f"xpath:{astray}")


def test_a_yaml_document_that_is_a_text_is_the_value_at_its_root():
    resolver = Resolver(b"''\n---\n'{\"a\": 1}'\n---\na: b\n")
    assert [resolver.text(f"yaml={number};json-pointer:") for number in (0, 1)] == ["", '{"a": 1}']
    assert resolver.text("yaml=2;json-pointer:/a") == "b"


def test_a_document_is_of_no_format_when_it_says_nothing():
    for data in (b"{}", b"[]", b"null", b"<a/>", b"a: b", b"text", b"[{}]", b'""', b"0"):
        assert assert_laws(repr(data), data) == [], data
    assert Opened(b"").encodings == ()
