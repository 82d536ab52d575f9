"""Classifiers that need no training of a network, scored on the same images: what the accuracy must beat."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.dataset import Files
from valscope.nouns.result import Baseline
from valscope.scoring import share
from valscope.training.plan import Plan
from valscope.training.score_parts import Outputs, sample

Labels = NDArray[np.int64]
ROWS = 20_000  # a logistic regression learns nothing from more that a baseline needs


def majority(train: Labels, test: Labels, classes: tuple[str, ...]) -> Baseline:
    """Always the most frequent class of the training part."""
    counts = np.bincount(train, minlength=len(classes))
    most = int(counts.argmax())
    return Baseline("majority", share(int((test == most).sum()), len(test)), f"always says {classes[most]}")


def colour_and_size(
    pixels: NDArray[np.generic], file_sizes: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Tiny features of prepared images, shape (n, d): mean and spread of each channel, a 4 x 4 thumbnail, and
    the logarithm of the file's size. They see no shape; what they reach needs no network."""
    x = np.asarray(pixels, np.float32)
    n, height, width = x.shape[:3]
    rows, columns = np.arange(4) * height // 4, np.arange(4) * width // 4
    small = np.add.reduceat(np.add.reduceat(x, rows, 1), columns, 2) / max(1.0, height * width / 16)
    parts = [x.mean((1, 2)), x.std((1, 2)), small.reshape(n, -1)]
    if file_sizes is not None:
        parts.append(np.log1p(file_sizes)[:, None])
    return np.concatenate(parts, 1).astype(np.float64)


def logistic(
    name: str, note: str, train: NDArray[Any], train_labels: Labels, test: NDArray[Any], test_labels: Labels
) -> Baseline:
    """Logistic regression on standardised features, classes weighted equally."""
    from sklearn.linear_model import LogisticRegression

    return _fitted(
        LogisticRegression(max_iter=300, class_weight="balanced"),
        name,
        note,
        train,
        train_labels,
        test,
        test_labels,
    )


def svm(
    name: str, note: str, train: NDArray[Any], train_labels: Labels, test: NDArray[Any], test_labels: Labels
) -> Baseline:
    """Linear support vector machine on standardised features."""
    from sklearn.svm import LinearSVC

    return _fitted(LinearSVC(class_weight="balanced"), name, note, train, train_labels, test, test_labels)


def _fitted(
    model: Any, name: str, note: str, x: NDArray[Any], y: Labels, test: NDArray[Any], test_labels: Labels
) -> Baseline:
    import warnings

    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    pick = np.random.default_rng(0).permutation(len(x))[:ROWS]
    pipeline = make_pipeline(StandardScaler(), model)
    with warnings.catch_warnings():  # "did not converge": a baseline may stop where it stands
        warnings.simplefilter("ignore")
        pipeline.fit(x[pick], y[pick])
    return Baseline(name, share(int((pipeline.predict(test) == test_labels).sum()), len(test_labels)), note)


def compare_with(
    plan: Plan, rows: NDArray[np.int64], labels: NDArray[np.int64], on_train: Outputs, on_test: Outputs
) -> tuple[Baseline, ...]:
    """Every baseline that these data allow, scored on `rows`."""
    classes = plan.dataset.classes
    found = [majority(plan.labels("train"), labels, classes)]
    train = sample(plan.rows("train"))
    y = plan.dataset.labels[train]
    if len(np.unique(y)) < 2:
        return tuple(found)
    if plan.recipe.preparation is None:
        x, test = plan.reader.read(train), plan.reader.read(rows)
        found.append(logistic("logistic regression", "on the same vectors", x, y, test, labels))
        found.append(svm("linear SVM", "on the same vectors", x, y, test, labels))
        return tuple(found)
    tiny = [_tiny(plan, r) for r in (train, rows)]
    note = "sees mean colours, a 4x4 thumbnail and the file size, no shapes"
    found.append(logistic("colour and size", note, tiny[0], y, tiny[1], labels))
    if plan.recipe.model.weights != "none":
        note = "on the network's own features"
        own = logistic("logistic on features", note, on_train.embeddings, y, on_test.embeddings, labels)
        found.append(replace(own, own_features=True))
    return tuple(found)


def _tiny(plan: Plan, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The tiny features of some rows, a block at a time so that memory stays bounded."""
    blocks = np.array_split(rows, -(-len(rows) // 256))
    return np.concatenate(
        [colour_and_size(plan.reader.read(block), _file_sizes(plan, block)) for block in blocks]
    )


def _file_sizes(plan: Plan, rows: NDArray[np.int64]) -> NDArray[np.float64] | None:
    if not isinstance(plan.dataset.content, Files):
        return None
    return np.array([Path(plan.dataset.content.paths[i]).stat().st_size for i in rows], np.float64)
