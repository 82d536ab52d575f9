"""What all tests share: a cache of their own, so that none writes into the user's, and no clock: machines are shared."""

from __future__ import annotations

import os
import shutil
import tempfile

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
CACHE = tempfile.mkdtemp(prefix="valscope-test-cache-")
os.environ["VALSCOPE_CACHE"] = CACHE


def pytest_unconfigure() -> None:
    """Nothing stays behind in the folder for temporary files."""
    shutil.rmtree(CACHE, ignore_errors=True)
