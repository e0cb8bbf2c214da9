import shutil
import subprocess

from billing_api import VERSION


def test_the_installed_command_says_the_candidate_version():
    done = subprocess.run([shutil.which("billing-api"), "--version"], capture_output=True, check=True, timeout=30)
    assert VERSION in done.stdout.decode()


def test_the_installed_command_computes_a_total(tmp_path):
    file = tmp_path / "invoice.json"
    file.write_text('{"number": "INV-000001", "country": "DE", "lines": [{"text": "Fee", "quantity": 1, "unit_price": "100"}]}')
    done = subprocess.run([shutil.which("billing-api"), "total", str(file)], capture_output=True, check=True, timeout=30)
    assert '"total":"119.00"' in done.stdout.decode()
