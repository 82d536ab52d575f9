"""After the last epoch: save the network, score the untouched part, and write down what the number means."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from valscope.calibration import expected_calibration_error, fit_temperature, reliability
from valscope.codec import to_json
from valscope.engines import Engine, Net
from valscope.nouns.dataset import PARTS, Files, Part
from valscope.nouns.result import (
    Bin,
    Calibration,
    PartRow,
    Result,
    Scores,
    Unsure,
)
from valscope.run import Run
from valscope.scoring import score, share, softmax
from valscope.training.baselines import compare_with
from valscope.training.checkpoint import load_arrays, save_arrays
from valscope.training.choose import labels_per_class
from valscope.training.mistakes import worst_mistakes
from valscope.training.observer import Observer
from valscope.training.optimism import optimism
from valscope.training.plan import Plan
from valscope.training.score_parts import Outputs, outputs, sample
from valscope.unsure import fit_unsure

PROBES = 4
PROBE_BYTES = 512_000  # a larger file is kept as pixels only


def finish(
    run: Run,
    plan: Plan,
    net: Net,
    engine: Engine,
    right: NDArray[np.bool_],
    best_epoch: int,
    observer: Observer,
    seconds: float,
    status: str,
) -> Result:
    """Save the network, score it and write result.json, test.csv and the probes. Repeatable."""
    _save_models(run, net, engine)
    val, test = plan.rows("val"), plan.rows("test")
    scored_part: Part = "test" if len(test) else "val"
    on_val = _outputs(run, plan, net, "val", val, "Scoring the part that chose the epoch", observer)
    on_train = _outputs(
        run, plan, net, "train", sample(plan.rows("train")), "Embedding training images", observer
    )
    on_test = on_val
    if len(test):
        on_test = _outputs(run, plan, net, "test", test, "Scoring the untouched part", observer)
    rows = test if len(test) else val
    calibration, unsure = _calibrate(run, plan, on_train, on_val, on_test, rows)
    temperature = calibration.temperature if calibration else 1.0
    probabilities = softmax(on_test.logits, temperature)
    labels = plan.dataset.labels[rows]
    scores = _with_calibration(
        score(scored_part, labels, probabilities, plan.dataset.classes, plan.groups(scored_part)),
        labels,
        probabilities,
    )
    _save_probes(run, plan, net)
    _write_predictions(run.folder / f"{scored_part}.csv", plan, rows, probabilities)
    result = Result(
        run=str(run.folder),
        classes=plan.dataset.classes,
        scores=scores,
        validation=score(
            "val",
            plan.dataset.labels[val],
            softmax(on_val.logits, temperature),
            plan.dataset.classes,
            plan.groups("val"),
        )
        if len(val)
        else None,
        baselines=compare_with(plan, rows, labels, on_train, on_test),
        optimism=optimism(right, best_epoch, run.recipe.seed)
        if best_epoch >= 0 and right.ndim == 2
        else None,
        calibration=calibration,
        unsure=unsure,
        mistakes=worst_mistakes(plan, rows, labels, probabilities),
        split=tuple(PartRow(p, labels_per_class(plan.labels(p), len(plan.dataset.classes))) for p in PARTS),
        notes=(*plan.notes, *_unleaked(plan, rows, labels, probabilities)),
        notices=plan.notices,
        status=status,
        epochs=len(right),
        parameters=net.parameters,
        seconds=round(seconds, 1),
        versions=engine.versions(),
    )
    run.write("result.json", to_json(result))
    return result


def _save_models(run: Run, net: Net, engine: Engine) -> None:
    """The chosen epoch's network, and the last one's beside it."""
    net.save(run.folder / engine.model_file)
    if (run.folder / "last.npz").is_file():
        chosen = net.weights()
        net.set_weights(load_arrays(run.folder / "last.npz")[0])
        net.save(run.folder / f"last-{engine.model_file}")
        net.set_weights(chosen)


def _unleaked(
    plan: Plan, rows: NDArray[np.int64], labels: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> list[str]:
    """The accuracy on the scored items that have no relative in another part, where a given split leaks."""
    groups, parts = plan.manifest.groups, plan.manifest.parts
    scored = parts[rows[0]] if len(rows) else "test"
    elsewhere = {g for g, p in zip(groups, parts, strict=True) if g and p != scored}
    clean = np.array([groups[i] not in elsewhere for i in rows], bool)
    if clean.all():
        return []
    right = probabilities[clean].argmax(1) == labels[clean]
    found = share(int(right.sum()), int(clean.sum()))
    if not found.n:
        return [f"Leak: every one of the {len(rows)} scored images has a relative in another part."]
    return [
        f"Leak: on the {found.n} of {len(rows)} scored images without a relative in another part the accuracy is "
        f"{100 * found.k / found.n:.1f} % [{100 * found.low:.1f}, {100 * found.high:.1f}]; believe this one."
    ]


def _validation(plan: Plan, rows: NDArray[np.int64], probabilities: NDArray[np.float64]) -> Scores | None:
    if len(rows) == 0:
        return None
    return score("val", plan.dataset.labels[rows], probabilities, plan.dataset.classes, plan.groups("val"))


def _outputs(
    run: Run, plan: Plan, net: Net, part: Part, rows: NDArray[np.int64], name: str, observer: Observer
) -> Outputs:
    """Outputs of some rows of a part, from the backbone's cached features where they are there."""
    features = run.folder / f"features-{part}.npy"
    if not features.is_file():
        return outputs(
            net, lambda index: run.inputs(plan.reader.read(rows[index])), len(rows), name, observer
        )
    cached = np.load(features, mmap_mode="r")
    where = np.searchsorted(plan.rows(part), rows)
    return outputs(
        net.head(), lambda index: np.asarray(cached[where[index]], np.float32), len(rows), name, observer
    )


def _calibrate(
    run: Run, plan: Plan, on_train: Outputs, on_val: Outputs, on_test: Outputs, rows: NDArray[np.int64]
) -> tuple[Calibration | None, Unsure | None]:
    """Temperature and the unsure rule from the validation part, their worth on the scored part."""
    val, labels = plan.labels("val"), plan.dataset.labels[rows]
    if len(val) < 10:
        return None, None
    temperature = fit_temperature(on_val.logits, val)
    train = plan.dataset.labels[sample(plan.rows("train"))]
    rule = fit_unsure(on_train.embeddings, on_val.embeddings, softmax(on_val.logits, temperature), train)
    aside = rule.aside(on_test.embeddings, softmax(on_test.logits, temperature))
    save_arrays(run.folder / "calibration.npz", {"temperature": np.array(temperature), **rule.arrays()})
    before = expected_calibration_error(softmax(on_test.logits), labels)
    after = expected_calibration_error(softmax(on_test.logits, temperature), labels)
    return (
        Calibration(temperature, before, after, len(val)),
        Unsure(rule.probability, rule.distance, share(int(aside.sum()), len(aside))),
    )


def _with_calibration(
    scores: Scores, labels: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> Scores:
    bins = tuple(Bin(b.confidence, share(b.right, b.n)) for b in reliability(probabilities, labels))
    return replace(scores, ece=expected_calibration_error(probabilities, labels), bins=bins)


def _save_probes(run: Run, plan: Plan, net: Net) -> None:
    """One item of each of the first classes; the bytes of small files too, so that decoding is checked."""
    rows = plan.rows("train")
    chosen = [rows[plan.dataset.labels[rows] == c][:1] for c in range(len(plan.dataset.classes))]
    index = np.concatenate(chosen)[:PROBES]
    values = plan.reader.read(index)
    files: list[bytes] = []
    if isinstance(plan.dataset.content, Files):
        paths = [Path(plan.dataset.content.paths[i]) for i in index]
        if all(p.stat().st_size <= PROBE_BYTES for p in paths):
            files = [p.read_bytes() for p in paths]
    run.save_probes(files, values, net.logits(run.inputs(values)))


def _write_predictions(
    path: Path, plan: Plan, rows: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> None:
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "true", "predicted", "probability"])
        for i, p in zip(rows, probabilities, strict=True):
            true = plan.dataset.classes[plan.dataset.labels[i]]
            writer.writerow(
                [plan.dataset.names[i], true, plan.dataset.classes[int(p.argmax())], f"{p.max():.4f}"]
            )
