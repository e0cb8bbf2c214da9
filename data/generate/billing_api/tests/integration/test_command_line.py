import subprocess
import sys

import orjson
import pytest

INVOICE = {"number": "INV-000042", "country": "NL", "lines": [{"text": "Transfers", "quantity": 250, "unit_price": "0.0375"}]}


def run(*arguments, content=None):
    command = [sys.executable, "-c", "from billing_api.cli import main; main()", *arguments]
    return subprocess.run(command, input=content, capture_output=True, check=False, timeout=30)


def test_totals_are_printed_as_json():
    done = run("total", "-", content=orjson.dumps(INVOICE))
    assert orjson.loads(done.stdout) == {"number": "INV-000042", "net": "9.38", "tax": "1.97", "total": "11.35"}


def test_the_business_flag_reaches_the_tax():
    done = run("total", "-", content=orjson.dumps(INVOICE | {"business": True}))
    assert orjson.loads(done.stdout)["tax"] == "0.00"


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", orjson.dumps(INVOICE | {"country": "XX"})])
def test_a_bad_invoice_ends_with_status_2_and_no_totals(content):
    done = run("total", "-", content=content)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_refusal_says_why_and_repeats_no_content():
    done = run("total", "-", content=orjson.dumps(INVOICE | {"number": "ABC"}))
    assert b"ValidationError" in done.stderr
    assert b"ABC" not in done.stderr


def test_a_missing_file_is_a_usage_error():
    assert run("total", "no-such-file.json").returncode == 2
