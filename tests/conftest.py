"""Fixtures for all tests."""

import os

from hypothesis import settings

# How long an example takes is no fault of the code on a machine that does other things besides.
# CI draws the same examples each time: a rare one is found by who develops, not by who lands.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")

pytest_plugins = [
    "tests.support.fake_encode",
    "tests.support.models",
    "tests.support.noise_caches",
    "tests.support.osm_town",
    "tests.support.samples",
    "tests.support.tile_requests",
    "tests.support.live_block",  # which imports the one before
    "tests.support.told_cache",
    "tests.support.worker_caches",
    "tests.support.workplace",
]

# They run in QGIS's Python, with a configuration of their own: `make test-plugin`.
collect_ignore = ["plugin"]
