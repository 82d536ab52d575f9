"""Other weights of the same network, which may be what was used."""

from __future__ import annotations

from pathlib import Path

from valscope.errors import InputError
from valscope.evidence.saved import read_saved
from valscope.nouns.served import ServedModel

MOST = 4


def checkpoints_beside(model: ServedModel) -> tuple[str, ...]:
    """ "" for the model itself, then model and weight files in its folder with as many weights."""
    path = Path(model.file)
    if not path.exists() or model.parameters is None:
        return ("",)
    folder, own = (path, path / "model.keras") if path.is_dir() else (path.parent, path)
    files = sorted(p for pattern in ("*.keras", "*.h5", "*.hdf5") for p in folder.glob(pattern))
    found = [str(p) for p in files if p.resolve() != own.resolve() and _weights(p) == model.parameters]
    return ("", *found[:MOST])


def _weights(path: Path) -> int | None:
    try:
        return read_saved(path).weights
    except InputError:
        return None
