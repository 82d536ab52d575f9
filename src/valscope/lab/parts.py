"""How a recipe of the lab divides the rest of the images: as its user did, without the probe set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from valscope.data.splitting.split import split
from valscope.lab.material import Material, Rows
from valscope.nouns.recipe import Recipe


def divided(material: Material, recipe: Recipe, share: float = 1.0) -> tuple[Rows, Rows]:
    """(train, val) as rows of the dataset, in the order in which they stand.

    share  of the training images of each class that are used, evenly; the validation part stays whole.

    The probe set takes the place of a test part. Given parts keep their meaning: what the source calls
    validation validates; where it has only train and test, its test part does, as in most users' scripts.
    """
    train, val = _divided(material, recipe)
    return (train if share >= 1 else fewer(train, material.labels, share)), val


def fewer(rows: Rows, labels: Rows, share: float) -> Rows:
    """A share of each class, at least two items, spread evenly over the order in which they stand."""
    kept: list[int] = []
    for label in np.unique(labels[rows]):
        mine = rows[labels[rows] == label]
        count = min(len(mine), max(2, round(share * len(mine))))
        kept += mine[np.linspace(0, len(mine) - 1, count).round().astype(int)].tolist()
    return np.sort(np.asarray(kept, np.int64))


def _divided(material: Material, recipe: Recipe) -> tuple[Rows, Rows]:
    rest, dataset = material.rest, material.dataset
    parts = dataset.parts
    if recipe.split.kind == "given" and parts is not None and set(parts) - {"train"}:
        mine = np.asarray(parts)[rest]
        validates = "val" if "val" in set(parts) else "test"
        return rest[mine == "train"], rest[mine == validates]
    kind = "stratified" if recipe.split.kind == "given" else recipe.split.kind
    spec = replace(recipe.split, kind=kind, test=0.0)
    groups = None
    if spec.grouping != "none" and material.kin.groups is not None:
        groups = [material.kin.groups[i] for i in rest.tolist()]
    done = split(dataset.take(rest), spec, groups)
    return rest[done.index("train")], rest[done.index("val")]
