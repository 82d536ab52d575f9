"""The same files both ways: equal, or the first stage at which they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from valscope.errors import DataError, UsageError
from valscope.nouns.path_difference import PathDifference, PathPicture, PathSide, PathStage
from valscope.nouns.preparation import Preparation
from valscope.paths.both import Both
from valscope.paths.files import Paths, choose
from valscope.paths.parting import Parting
from valscope.paths.pictures import pictures
from valscope.paths.said import sentence, with_lines
from valscope.paths.seen_way import seen_way
from valscope.paths.stages import parting
from valscope.paths.tensors import Tensor, gap, tolerance
from valscope.paths.ways import Given, Way, way_of

REPLAYED = "What was read was repeated with Pillow and NumPy, which round otherwise than the libraries of the script."
MOST = 60  # files; a stage shows on nearly all of them or, where it belongs to a kind of file, on that kind


def compare_paths(
    train: Given, serve: Given, files: Paths, *, most: int = MOST, run_script: bool = False, arguments: Sequence[str] = ()
) -> PathDifference:  # fmt: skip
    """Do two ways give a network the same input for the same files, and if not, where do they part?

    train, serve  each a function from a file's path to an array (height, width, channels), alone or as a batch of
                  one; or a Preparation, a Pipeline, a Run or its folder, or a script (read and not run), of which
                  `train` takes the way of training images and `serve` that of prediction.
    files         a folder, a file or a list of them; at most `most` are used, some of every kind.
    run_script    leave to run the script `serve` with these `arguments`: its tensors are those that reach its model, for
                  the files that it takes.
    Raises DataError where a function fails or gives no image, UsageError for what is no way.
    """
    if most < 1:
        raise UsageError(f"At least one file must go both ways; got most={most}.")
    second, seen = seen_way(serve, train, files, arguments) if run_script else (None, ())
    ways = way_of(train, "train", serve), second or way_of(serve, "serve", train)
    chosen = choose(seen or files, most)
    tensors = [_along(way, chosen.files) for way in ways]
    both = Both(ways, (tensors[0], tensors[1]), chosen)
    found = _random(both) or parting(both)
    if seen and _replayed(both, found):
        found = Parting((), found.left, True, found.seen, (*found.notes, REPLAYED))
    return _answer(both, found)


def _replayed(both: Both, found: Parting) -> bool:
    """Whether a script that was run parts from code that was only read by no more than another library's rounding."""
    stages = [stage.stage for stage in found.stages]
    return stages == ["decode"] and any(way.preparation is not None for way in both.ways)


def _along(way: Way, files: Sequence[str]) -> list[Tensor]:
    """The tensors of one way."""
    found = [way(file) for file in files]
    channels = {t.values.shape[2] for t in found}
    if len(channels) > 1:
        raise DataError(
            f"{way.name} gives images of {' and '.join(map(str, sorted(channels)))} channels; a network takes one kind."
        )
    return found


def _random(both: Both) -> Parting | None:
    """A way that gives the same file another tensor each time cannot be compared."""
    for side, way in enumerate(both.ways):
        if way.preparation is not None:
            continue
        files = both.files[:2]
        once = [t.values for t in both.tensors[side][:2]]
        again = [way(file).values for file in files]
        apart = gap(once, again, files, tolerance(once))
        if apart is None or apart.most > tolerance(once):
            words = ["the same file gives the same tensor"] * 2
            words[side] = "the same file gives another tensor each time: it changes images at random"
            note = f"Give the function that {way.name} stands for without its random changes, as validation has it."
            return Parting((PathStage("random", words[0], words[1], apart),), None, False, notes=(note,))
    return None


def _answer(both: Both, found: Parting) -> PathDifference:
    sides = tuple(
        _side(way, tensors, seen)
        for way, tensors, seen in zip(both.ways, both.tensors, found.seen, strict=True)
    )
    stages = with_lines(found.stages, both.ways)
    answer = PathDifference(
        sides[0], sides[1], len(both.files), both.gap, both.within, stages, found.left, found.explained,
        sentence="", pictures=_pictures(both, stages),
        untested=both.chosen.untested(), notes=(*found.notes, *both.notes()),
    )  # fmt: skip
    return replace(answer, sentence=sentence(answer))


def _pictures(both: Both, stages: Sequence[PathStage]) -> tuple[PathPicture, ...]:
    if not stages:
        return ()
    own = len(stages) > 1 and any(stage.stage == "scale" for stage in stages)
    return pictures(both.first, both.second, both.files, both.within, own)


def _side(way: Way, tensors: Sequence[Tensor], seen: Preparation | None) -> PathSide:
    values = [t.values for t in tensors]
    low, high = min(float(x.min()) for x in values), max(float(x.max()) for x in values)
    plain = PathSide(way.name, tensors[0].shape, tensors[0].dtype, low, high, way.preparation)
    if seen is None or way.preparation is not None:
        return plain
    return replace(plain, preparation=seen, recognised=True)
