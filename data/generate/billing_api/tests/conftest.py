"""Says in the JUnit report which candidate was tested, from what the CI run puts into the environment."""

import os

import pytest

from billing_api import VERSION

NAMES = {"commit": "GITHUB_SHA", "build.id": "GITHUB_RUN_ID", "environment": "TEST_ENVIRONMENT"}


@pytest.fixture(scope="session", autouse=True)
def _candidate(record_testsuite_property):
    record_testsuite_property("service", "billing-api")
    record_testsuite_property("version", VERSION)
    for name, variable in NAMES.items():
        if variable in os.environ:
            record_testsuite_property(name, os.environ[variable])
