"""A world as neutral files in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from valscope.worlds.world import Drawn, World

if TYPE_CHECKING:
    from numpy.typing import NDArray


def write(world: World, folder: str | Path) -> list[Path]:
    """Write what a user would hand over, training first where the world has a training.

    folder  is made where it does not exist.
    Returns the paths to give to a diagnosis, in a fixed order.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [_file(folder / name, content) for name, content in world.files.items()]
    if world.recipe is not None:
        from valscope.worlds.trained import hand_over

        return [*paths, *hand_over(world, folder)]
    if world.images is not None:
        paths.append(_images(world.images, world.products, folder))
    if world.runs:
        from valscope.worlds.ran import run_scripts

        for name, content in world.earlier.items():
            _file(folder / name, content)
        run_scripts(tuple(world.earlier), folder)
        paths += run_scripts(world.runs, folder)
    return paths


def _images(drawn: Drawn, products: tuple[str, ...], folder: Path) -> Path:
    if "photos" not in products:
        return write_images(drawn, folder)
    from valscope.worlds.photos import write_photos

    write_photos(drawn, folder / "photos")
    return folder / "photos"


def write_images(drawn: Drawn, folder: Path) -> Path:
    """data.npz with x and y, or with x_train, y_train and so on where the data come in parts."""
    import numpy as np

    names = np.asarray(drawn.classes)
    parts = {"": np.ones(len(drawn), bool)}
    if drawn.parts:
        parts = {f"_{part}": np.asarray(drawn.parts) == part for part in dict.fromkeys(drawn.parts)}
    arrays: dict[str, NDArray[Any]] = {}
    for part, rows in parts.items():
        arrays |= {f"x{part}": drawn.images[rows], f"y{part}": drawn.labels[rows]}
    np.savez(folder / "data.npz", allow_pickle=False, **arrays, class_names=names)
    return folder / "data.npz"


def _file(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
