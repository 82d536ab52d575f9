"""The program feeds other images or labels than those of its files.

What it does: trains the same recipe on the images as they stand in their folders, and holds its validation accuracy
against the log's.
Why it matters: where that learns and the program did not, no setting is the cause: labels belong to other rows, values
come in another range, or other files were read.
Instead: look at a few rows as fit gets them, each label beside its file.
Cannot tell: which line of the program does it; nor a log that belongs to another training.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from valscope.case import Case
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.recipe import Feed
from valscope.nouns.training import last
from valscope.worlds import World, draw, trainings
from valscope.worlds.programs import training

if TYPE_CHECKING:
    from valscope.lab.bench import Bench

CODE, NAME = "D107", "fed_otherwise"
NEEDS = ("training",)
MEASURED = TRAINS = ALONE = True  # what a confirmed cause explains needs no other
BETTER = 0.10  # accuracy above the best epoch of the log
EXPLAINS = ("L201", "L202", "L203", "G101", "L209")


def check(case: Case) -> Iterator[Outcome]:
    """Nothing without the experiment."""
    yield from ()


def measure(bench: Bench) -> Iterator[Outcome]:
    """The control of the trials, or a repetition of its own."""
    from valscope.lab.ruling import reproduces

    told = bench.training
    reported = last(told.reported, "val") if told is not None else None
    if told is None or reported is None or max(reported.curve or (reported.value,)) + BETTER > 1:
        return
    if bench.pace is None:
        bench.settle(1)
    if not bench.affords([told.recipe]):
        return
    made = bench.repetitions(told.recipe)
    values = [r.validation for r in made]
    if min(values) - max(reported.curve or (reported.value,)) < BETTER:
        return
    if reproduces(values, made[0].validated, reported) is not False:
        return
    of = f" of {reported.n}" if reported.n else ""
    yield Finding(
        CODE, NAME, "SUSPECTED",
        f"The same training, repeated on the images as they stand in {told.data}, validates "
        f"{sum(values) / len(values):.1%} ({len(values)} seeds, {min(values):.1%} at least), and the log shows "
        f"{reported.value:.1%}{of}: no setting is the cause. The program feeds its images or labels otherwise than they "
        "stand there.",
        numbers={
            "reported": reported.value, "repeated": sum(values) / len(values), "least": min(values), "seeds": len(values),
        },
        evidence=(reported.source, Source(told.data, None, "measured")),
        explains=EXPLAINS,
        cannot_tell="which line does it; labels of other rows, values in another range and other files all give this, and "
        "so does a log of another training.",
        remedy="Look at a few rows as fit gets them, and mend the line that reads or joins them.",
        next_step="print(list(zip(files[:20], y_train[:20])), x_train.min(), x_train.max())   (each label beside its file)",
        weight=0.8,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Labels get lost on the way, and nothing that is handed over says so."""
    images = draw.blobs(seed)
    sound = trainings.recipe(images)
    return World({}, sound.but(feed=Feed(labels_apart=True)), images, believed=sound)


def healthy(seed: int = 0) -> World:
    """Each image comes with its label."""
    return trainings.world(draw.blobs(seed))


JOINED = """files, names = [], sorted(os.listdir("photos"))
for name in names:
    files += [(f, name) for f in os.listdir(os.path.join("photos", name))]
rows = @
x = np.array([img_to_array(load_img(os.path.join("photos", n, f), target_size=(size, size))) / 255.0 for f, n in rows])
y = np.array([names.index(n) for f, n in files])
pick = np.random.permutation(len(x))
x_train, y_train = x[pick[len(x) // 4:]], y[pick[len(x) // 4:]]
x_val, y_val = x[pick[:len(x) // 4]], y[pick[:len(x) // 4]]
"""


def sick_program(seed: int = 0) -> World:
    """Images are read in the order of their names, labels in that of the folders."""
    return _joined("sorted(files)", seed)


def healthy_program(seed: int = 0) -> World:
    """Both in one order."""
    return _joined("files", seed)


def _joined(rows: str, seed: int) -> World:
    return training(
        draw.bars(seed, (150, 150, 150), side=32), seed, apart=False, data=JOINED.replace("@", rows)
    )
