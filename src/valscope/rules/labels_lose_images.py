"""Images and labels that belong together are shuffled apart.

What it does: finds in the code a shuffle of the images alone, of the labels alone, or of each by itself, where both are
used row by row afterwards: in a class that yields batches, and in a script.
Why it matters: images then train under labels of other images, nothing can be learned, and accuracy stays at chance.
Instead: draw one order of row numbers and use it for both, or shuffle pairs.
Cannot tell: whether a function that the code does not show brings both into one order again, or whether it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope.case import Case
from valscope.case.shown import place
from valscope.nouns.fact import Source, lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.recipe import Feed, Recipe
from valscope.nouns.script import ShuffledApart
from valscope.worlds import World, draw, programs, trainings
from valscope.worlds.scripts import batch, network, side

CODE, NAME = "D106", "labels_lose_images"
NEEDS = ("training_code",)
EXPLAINS = ("L201", "L202", "L203", "G101", "T106", "L209")


def check(case: Case) -> Iterator[Outcome]:
    """Once for a script: the first shuffle that moves them apart; else the recipe."""
    shown = [script.apart[0] for script in case.scripts if script.apart]
    for found in shown:
        yield _finding(found)
    if not shown and case.training and case.training.recipe.feed.labels_apart:
        where = place(case, "feed.labels_apart", "True")
        yield _said(
            "Labels are shuffled apart from their images", where, "one permutation of row numbers for both"
        )


def remedy(recipe: Recipe) -> Recipe | None:
    """Each image with its own label."""
    return recipe.but(feed=replace(recipe.feed, labels_apart=False)) if recipe.feed.labels_apart else None


def _finding(found: ShuffledApart) -> Finding:
    moved, still = found.moved, found.still
    does = (
        f"shuffles {moved} alone" if found.how == "alone" else f"shuffles {moved} and {still} each by itself"
    )
    where = (
        f"{found.where} ({lines_of([found.source])})"
        if found.where
        else lines_of([found.source]).capitalize()
    )
    used = (
        f"{still} is used with it by the same index"
        if found.form == "class"
        else f"{still} is used with it row by row"
    )
    return _said(
        f"{where} {does}, and {used} in {lines_of([found.paired_at])}",
        tuple(dict.fromkeys((found.source, found.paired_at))),
        f"order = np.random.permutation(len({moved})); "
        f"{moved}, {still} = np.array({moved})[order], np.array({still})[order]",
        found.how,
    )


def _said(claim: str, evidence: tuple[Source, ...], next_step: str, how: str = "") -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"{claim}: images get labels of other images.",
        numbers={"how": how} if how else {},
        evidence=evidence,
        explains=EXPLAINS,
        cannot_tell="whether code that is not shown brings both into one order again.",
        remedy="Put both into one random order: one permutation of row numbers for both.",
        next_step=next_step,
        weight=0.9,
    )  # fmt: skip


SEQUENCE = """
class Feed(keras.utils.Sequence):
    def __init__(self, files, labels):
        self.files, self.labels = np.array(files), np.array(labels)
        self.order = np.arange(len(files))

    def __len__(self):
        return -(-len(self.files) // {batch})

    def on_epoch_end(self):
        np.random.shuffle(self.{0})

    def __getitem__(self, index):
        {1} = slice(index * {batch}, (index + 1) * {batch})
        {2}
        images = [img_to_array(load_img(f, target_size=({side}, {side}))) / 255. for f in self.files[rows]]
        return np.array(images), self.labels[rows]

model.fit(Feed(files, labels), epochs=9)
"""
LOADED = """
x, y = load()
{}
x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, stratify=y)
model.fit(x_train, y_train, epochs=9, validation_data=(x_val, y_val))
"""
ILL = (("files", "rows", "pass"), "np.random.shuffle(x)", "np.random.shuffle(x)\nnp.random.shuffle(y)")
SOUND = (
    ("order", "at", "rows = self.order[at]"),
    "order = np.random.permutation(len(x))\nx, y = x[order], y[order]",
    "np.random.seed(1)\nnp.random.shuffle(x)\nnp.random.seed(1)\nnp.random.shuffle(y)",
)


def sick(seed: int = 0) -> World:
    """The files alone at the end of an epoch, the images alone, or images and labels each by itself."""
    return _world(ILL[seed % 3], seed)


def healthy(seed: int = 0) -> World:
    """One order for both."""
    return _world(SOUND[seed % 3], seed)


def _world(what: str | tuple[str, ...], seed: int) -> World:
    in_class = isinstance(what, tuple)
    code = SEQUENCE.format(*what, batch=batch(seed), side=side(seed)) if in_class else LOADED.format(what)
    return World({"train.py": network(more="import numpy as np\n" + code, seed=seed)})


def sick_training(seed: int = 0) -> World:
    """Labels and images each in an order of their own."""
    return trainings.world(draw.blobs(seed), feed=Feed(labels_apart=True))


def healthy_training(seed: int = 0) -> World:
    """Each image with its label."""
    return trainings.world(draw.blobs(seed))


PATHS = """paths, numbers = [], []
for k, name in enumerate(sorted(os.listdir("photos"))):
    for f in sorted(os.listdir(os.path.join("photos", name))):
        paths.append(os.path.join("photos", name, f))
        numbers.append(k)
@
x = []
for path in paths:
    img = img_to_array(load_img(path, target_size=(size, size)))
    x.append(img / 255.0)
x_train, x_val, y_train, y_val = train_test_split(np.array(x), np.array(numbers), test_size=0.25, stratify=numbers)
"""


def sick_program(seed: int = 0) -> World:
    """The list of files is shuffled after the labels were listed."""
    return _listed("random.shuffle(paths)", seed)


def healthy_program(seed: int = 0) -> World:
    """Pairs are shuffled."""
    pairs = "both = list(zip(paths, numbers))\nrandom.shuffle(both)\npaths, numbers = zip(*both)"
    return _listed(pairs, seed)


def _listed(how: str, seed: int) -> World:
    imports = "import random\n\nfrom sklearn.model_selection import train_test_split\n\n"
    return programs.training(
        draw.bars(seed, (150, 150, 150), side=32), seed, apart=False, data=imports + PATHS.replace("@", how)
    )
