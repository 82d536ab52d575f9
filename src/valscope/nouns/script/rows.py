"""Which rows of what a part of the data holds, and rows that stand in it several times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import Source
from valscope.nouns.script.feeding import Use

Form = Literal["slice", "take", "skip", "split", "all"]
How = Literal["drawn again", "repeated", "beside its original", "interpolated"]
_NOTHING = 1e-9  # a factor that only rounding left


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of rows: `count` plus multiples of quantities that the text leaves open.

    terms   (number of the quantity, factor): ((3, 0.8),) is 0.8 of the length of the thing numbered 3.
    """

    count: float = 0.0
    terms: tuple[tuple[int, float], ...] = ()

    def plus(self, other: Place, times: float = 1.0) -> Place:
        """The place that lies `times` the other one further on."""
        found = dict(self.terms)
        for number, factor in other.terms:
            found[number] = found.get(number, 0.0) + times * factor
        kept = tuple(sorted((n, f) for n, f in found.items() if abs(f) > _NOTHING))
        return Place(self.count + times * other.count, kept)

    def minus(self, other: Place) -> Place:
        """How far it lies behind another place."""
        return self.plus(other, -1.0)

    def times(self, factor: float) -> Place:
        """A multiple of it."""
        return Place().plus(self, factor)

    def all_of(self, test: Callable[[float], bool]) -> bool:
        """Whether all its factors and its count pass."""
        return all(test(f) for f in (*(f for _, f in self.terms), self.count))


@dataclass(frozen=True, slots=True)
class Dealt:
    """A shuffle of tf.data that deals the elements of a dataset anew at every pass.

    by       "shuffle", "list_files", "image_dataset_from_directory".
    buffer   elements (images, or batches of them) among which it draws, None when unknown; `whole` where these are all.
    """

    by: str
    source: Source
    buffer: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class RowRange:
    """Rows of one thing that train or score.

    use      what they are used for; by the call that gets them, else by their variable.
    name     variable, "" for none.
    base     number of the thing that they were cut from: the same for two parts of the same thing.
    of       that thing as the code writes it: "x".
    first, end   from `first` to before `end`; `length` is the number of the quantity that counts all rows.
    form     how they were taken: "slice", "take", "skip", "split" (named in a string: split="train[:80%]"), or "all"
             where nothing was cut off.
    written  bounds as the code writes them, "" for an open one: ("", "800").
    call     the training call that gets them, None where only their variable says what they are for; `turn` tells apart
             the turns of a loop around it.
    dealt    the shuffles that give that thing a new order at each pass, last first, so that positions are no rows.
    once     whether a cache behind the cut keeps what the first pass gave; None when the text does not show it.
    """

    use: Use
    name: str
    base: int
    of: str
    first: Place
    end: Place
    length: int
    form: Form
    written: tuple[str, str]
    source: Source
    call: Source | None = None
    turn: int = 0
    dealt: tuple[Dealt, ...] = ()
    once: bool | None = None


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows that were multiplied, and divided into parts afterwards.

    by       what multiplied them: "RandomOverSampler", "np.concatenate", "append".
    how      "drawn again" (rows drawn with replacement), "repeated" (each row k times), "beside its original" (a
             changed copy put in), "interpolated" (SMOTE: new rows between old ones).
    times    how often a row stands there, None where it is not known or not the same for all.
    split    what divides: "train_test_split", "validation_split", "slice", "KFold.split".
    drawn    whether it divides at random; None when unknown.
    held     share that it holds out, None when unknown.
    given    what is divided, as written.
    parts    variables that the parts go to, in the order of the code; () where they are not known.
    """

    by: str
    how: How
    source: Source
    split: str
    split_source: Source
    times: int | None = None
    drawn: bool | None = None
    held: float | None = None
    given: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShuffledApart:
    """Two things whose rows belong together, and a shuffle that moved them apart.

    moved    what was shuffled, as the code names it;  still  the other.
    how      "alone": the other kept its order; "each": both were shuffled, each in an order of its own.
    where    the method that shuffles, "" in a script;  source  the line that shuffles.
    paired_at  where both are used row by row.
    in_step  whether the code shows that both stood in one order before.
    """

    moved: str
    still: str
    how: str
    where: str
    source: Source
    paired_at: Source
    in_step: bool
    form: Literal["class", "script"]
