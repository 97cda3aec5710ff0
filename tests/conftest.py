"""Fixtures for all tests."""

pytest_plugins = ["tests.support.models"]

# They run in QGIS's Python, with a configuration of their own: `make test-plugin`.
collect_ignore = ["plugin"]
