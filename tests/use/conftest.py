from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from toyruns import toy_run

from valscope.run import Run

# A busy machine is no failure; how long a test may take is the business of pytest-timeout.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that tells blue, green and red."""
    return toy_run(tmp_path_factory.mktemp("runs") / "colours")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
