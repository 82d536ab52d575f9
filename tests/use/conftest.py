from __future__ import annotations

from pathlib import Path

import pytest
from toyruns import toy_run

from valscope.run import Run


@pytest.fixture(scope="session")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that tells blue, green and red."""
    return toy_run(tmp_path_factory.mktemp("runs") / "colours")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
