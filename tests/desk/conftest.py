from tests.assets.conftest import deployed  # noqa: F401 - the deployment that the desk is of
