"""What there is to learn from: labelled items with an origin, and what was noticed while reading them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # verdicts carry notices, and a text is judged without NumPy
    import numpy as np
    from numpy.typing import NDArray

Part = Literal["train", "val", "test"]
PARTS: tuple[Part, ...] = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader saw and a person should know; never silent, never an exception.

    code     short and stable, such as "damaged", "empty_class", "animated", "duplicate_name".
    message  one sentence with its number.
    items    the files or rows it is about (all of them; renderers shorten).
    """

    code: str
    message: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """Items are image files; `paths` in the order of the dataset's rows."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """Items are arrays. `values` has shape (n, height, width[, channels]) for images, uint8 or float,
    or (n, d) for precomputed feature vectors."""

    values: NDArray[Any]

    @property
    def vectors(self) -> bool:
        """Whether each item is a feature vector and not an image."""
        return self.values.ndim == 2


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Labelled items.

    classes   names in the order of the label numbers; stored with every run, never guessed later.
    labels    int64, shape (n,), each in 0..len(classes)-1; -1 where the label is unknown.
    content   where the items themselves are.
    names     what each item is called in manifests and reports (path relative to the root, or "row 17").
    groups    items that belong together (a person, a film, an object), or None.
    parts     the part that the source itself gave to each item ("train", "val", "test"), or None.
    origin    what the user gave, for messages.
    notices   what the readers noticed.
    """

    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    content: Files | Arrays
    names: tuple[str, ...]
    origin: str
    groups: tuple[str, ...] | None = None
    parts: tuple[Part, ...] | None = None
    notices: tuple[Notice, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.names)

    def but(self, **changes: Any) -> Dataset:
        """The same dataset with some fields changed."""
        return replace(self, **changes)

    def take(self, index: NDArray[np.int64]) -> Dataset:
        """The rows `index`, in that order; classes stay as they are."""
        content: Files | Arrays
        if isinstance(self.content, Files):
            content = Files(tuple(self.content.paths[i] for i in index))
        else:
            content = Arrays(self.content.values[index])
        return replace(
            self,
            labels=self.labels[index],
            content=content,
            names=tuple(self.names[i] for i in index),
            groups=None if self.groups is None else tuple(self.groups[i] for i in index),
            parts=None if self.parts is None else tuple(self.parts[i] for i in index),
        )


@dataclass(frozen=True, slots=True)
class Sizes:
    """Heights and widths of a sample of the images, after EXIF orientation, and whether all are grey."""

    heights: tuple[int, ...]
    widths: tuple[int, ...]
    grey: bool = False

    @property
    def one(self) -> tuple[int, int] | None:
        """The one size that all have, or None."""
        sizes = set(zip(self.heights, self.widths, strict=True))
        return next(iter(sizes)) if len(sizes) == 1 else None

    @property
    def median(self) -> tuple[int, int]:
        """Median height and width."""
        import numpy as np

        return int(np.median(self.heights)), int(np.median(self.widths))
