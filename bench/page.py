"""The page of figures, docs/benchmarks.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bench.measure import Row

TITLES = {
    "training": "Training",
    "prediction": "Prediction",
    "frozen": "A frozen backbone to its best validation accuracy",
}
WORDS = {
    "training": (
        "The same network, images, optimiser (Adam, 0.001) and batch size (32), validation after each epoch on "
        "both sides. *Keras guide* is `image_dataset_from_directory` + `Rescaling` + `fit`. Ours is `valscope.train` "
        "with an empty cache: reading and decoding everything once counts in epoch one, looking for duplicates is "
        "listed apart. Building the network counts on neither side."
    ),
    "prediction": (
        "All models are loaded before the clock starts; building the backend's graph counts. Ours includes calibrated "
        "probabilities and the distance to the training images. The loop over single images is timed on 100 images "
        "and scaled, because each costs the same. *Case 1's network* has two convolutions of 32 and takes 115x45."
    ),
    "frozen": (
        "Both sides count everything from reading the folder on. Ours computes the backbone's features once and trains "
        "the head (Dropout, Dense 256, Dropout, Dense) on them; the script keeps the backbone in the model. Ours runs "
        "to its plateau, the number of epochs to its best validation accuracy is charged to both; of the script three "
        "epochs are timed and the rest scaled from the last two."
    ),
}


def page(parts: Mapping[str, Sequence[Row]], about: Mapping[str, str], load: float) -> str:
    """Markdown; `load` is the load average before the first part."""
    head = [
        "# Benchmarks",
        "",
        "Written by `python -m bench`, never by hand. Ratios are theirs / ours, above 1 valscope is faster: the median "
        "of pairs that were measured one beside the other, with the smallest and the largest pair. The ratio of "
        "processor time is less disturbed by whatever else runs on the machine.",
        "",
        f"* {about['date']}, {about['machine']}; load average {load:.1f} before the start"
        + (" (others were using the machine)" if load > 1 else ""),
        f"* {about['versions']}",
        "",
        "Photographs are crops of the two that come with scikit-learn, enlarged, with grain, as JPEG of quality 90 "
        "(2.5 bits a pixel).",
    ]
    for part, rows in parts.items():
        head += ["", f"## {TITLES[part]}", "", WORDS[part], "", *_table(rows)]
        alone = [row for row in rows if not row.against]
        head += [""] if alone else []
        head += [f"* {row.what}: {row.ours:.2f} s ({row.low:.2f} to {row.high:.2f})" for row in alone]
        noted = [row for row in rows if row.note]
        head += ["", *(f"* {row.what}: {row.note}" for row in noted)] if noted else []
    return "\n".join(head) + "\n"


def _table(rows: Sequence[Row]) -> list[str]:
    lines = [
        "| what | against | ours | theirs | ratio | smallest, largest | processor time | goal |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return lines + [_line(row) for row in rows if row.against]


def _line(row: Row) -> str:
    goal = "" if row.goal is None else f"{row.goal:g}: {'met' if row.met else '**missed**'}"
    cpu = "" if row.cpu is None or math.isnan(row.cpu) else f"{row.cpu:.2f}"
    seconds = f"{row.ours:.2f} s | {row.theirs:.2f} s"
    spread = f"{row.low:.2f}, {row.high:.2f} ({row.pairs} pairs)"
    return f"| {row.what} | {row.against} | {seconds} | **{row.ratio:.2f}** | {spread} | {cpu} | {goal} |"
