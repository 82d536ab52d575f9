"""The values that make a world: files as a user hands them over, and a training that makes more of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from valscope.nouns.recipe import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOY = "toy"  # the model name of recipes of the NumPy network
PRODUCTS = ("history.csv", "recipe.json", "data.npz")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Images with their labels, in the order of the rows.

    images   uint8 of shape (n, height, width, channels), or float32 vectors of shape (n, d).
    labels   class numbers, shape (n,).
    classes  names by number.
    parts    "train", "val" or "test" for each row where the data come in parts, else ().
    twins    pairs of rows that show the same thing; the truth about copies, not handed over.
    """

    images: NDArray[Any]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    parts: tuple[str, ...] = ()
    twins: tuple[tuple[int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What one user would hand over.

    files     name -> text or bytes.
    recipe    a training that is run when the world is written, None for files alone.
    earlier   Keras scripts by path that are run first, each in its folder, and stay with their user, such as one that
              trains what `runs` loads.
    believed  the recipe that its user hands over, where the training did something else.
    images    what it trains on; without a recipe they are handed over as data.npz, or as `products` says.
    products  what is handed over beside the files, of history.csv, training.log, recipe.json, data.npz, photos
              (a folder of image files) and model.keras.
    runs      files that are Python scripts of Keras and are really run, in this order, in the folder of the files;
              what they print and save is handed over too.
    """

    files: Mapping[str, str | bytes] = field(default_factory=dict)
    recipe: Recipe | None = None
    images: Drawn | None = None
    products: tuple[str, ...] = PRODUCTS
    runs: tuple[str, ...] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)
    believed: Recipe | None = None

    @property
    def engine(self) -> str:
        """What trains it: "toy" or "keras"."""
        return TOY if self.recipe is not None and self.recipe.model.name == TOY else "keras"


def post(*parts: str) -> World:
    """A world of one pasted report; its parts are set apart by empty lines."""
    return World({"report.txt": "\n\n".join(part.strip("\n") for part in parts) + "\n"})
