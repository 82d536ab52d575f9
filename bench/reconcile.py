"""Published weights: is their preparation found from images and labels alone, and how long does it take?

    python bench/reconcile.py ../data ../weights --keep /tmp/models

resnet20_cifar10 classifies as it is; the other three get a linear probe on trashnet (330 train, 210 test images at
224 px, logistic regression), saved with them as one model.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np

import valscope
from valscope.data.sources.open import open_dataset
from valscope.nouns.dataset import Dataset
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.reconciliation import Reconciliation
from valscope.reconciling.axes import value_of
from valscope.serving import Images, network_input

PROBES = {
    "squeezenet11": ("squeezenet11_imagenet_top.keras", {"scale": "caffe", "order": "bgr"}, "fire9_concat"),
    "efficientnet_lite0": ("efficientnet_lite0_imagenet_notop.keras", {"scale": "centred"}, ""),
    "mobilenetv2": ("mobilenetv2_imagenet_notop.weights.h5", {"scale": "symmetric"}, ""),
}


def first_of_each(dataset: Dataset, each: int, skip: int = 0) -> Dataset:
    rows = [np.flatnonzero(dataset.labels == c)[skip : skip + each] for c in range(len(dataset.classes))]
    return dataset.take(np.concatenate(rows))


def probe(name: str, data: Path, weights: Path, keep: Path) -> Path:
    """The backbone with a linear head fitted on the right preparation."""
    path = keep / f"{name}.keras"
    if path.is_file():
        return path
    import keras
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    file, scale, layer = PROBES[name]
    body = _body(keras, weights / file, layer)
    train = first_of_each(open_dataset(str(data / "trashnet")), 55)
    x = network_input(Images(train), Pipeline(Preparation(224, 224, fast_decode=False, **scale)))  # type: ignore[arg-type]
    pooled = keras.layers.GlobalAveragePooling2D()(body.output)
    vectors = keras.Model(body.input, pooled).predict(x, batch_size=32, verbose=0)
    standard = StandardScaler().fit(vectors)
    fitted = LogisticRegression(C=0.01, max_iter=3000).fit(standard.transform(vectors), train.labels)
    kernel = fitted.coef_.T / standard.scale_[:, None]
    bias = fitted.intercept_ - (standard.mean_ / standard.scale_) @ fitted.coef_.T
    head = keras.layers.Dense(len(train.classes), activation="softmax", name="probe")
    model = keras.Model(body.input, head(pooled))
    head.set_weights([kernel.astype("float32"), bias.astype("float32")])
    keep.mkdir(parents=True, exist_ok=True)
    model.save(path)
    return path


def _body(keras: Any, file: Path, layer: str) -> Any:
    if file.name.startswith("mobilenetv2"):
        return keras.applications.MobileNetV2(include_top=False, weights=str(file), input_shape=(224, 224, 3))
    model = keras.saving.load_model(file, compile=False)
    return keras.Model(model.input, model.get_layer(layer).output) if layer else model


def verdict(found: Reconciliation, true: dict[str, str]) -> str:
    """first, tied or missed."""
    own = {"scale": "scale", "order": "channel order"}
    if all(value_of(own[k], found.reference) == v for k, v in true.items()):  # type: ignore[arg-type]
        return "first"
    for v in found.variants:
        if v.tied and all(value_of(own[k], v.pipeline) == value for k, value in true.items()):  # type: ignore[arg-type]
            return "tied"
    return "missed"


def row(name: str, model: Path, images: Dataset, true: dict[str, str], most: int) -> str:
    began = time.monotonic()
    found = valscope.reconcile(model, images, most=most)
    seconds = time.monotonic() - began
    p, best = found.reference.preparation, found.variants[0].accuracy
    assert p is not None and best.value is not None
    tied = sorted(
        {v.steps[0].after for v in found.variants if v.tied and v.steps and v.steps[0].axis == "scale"}
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return (
        f"| {name} | {', '.join(true.values())} | {p.scale}, {p.order} | {verdict(found, true)} "
        f"| {100 * best.value:.2f} % of {best.n} | {'; '.join(tied) or '–'} | {seconds:.0f} s | {memory:.1f} GB |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--keep", type=Path, required=True)
    args = parser.parse_args()
    print(
        "| weights | made for | found | verdict | accuracy | scales that cannot be told from it | time | memory |"
    )
    print("|---|---|---|---|--:|---|--:|--:|")
    cifar = first_of_each(open_dataset(str(args.data / "cifar10" / "test")), 200)
    resnet = args.weights / "resnet20_cifar10.keras"
    print(row("resnet20_cifar10", resnet, cifar, {"scale": "imagenet", "order": "rgb"}, 2000), flush=True)
    test = first_of_each(open_dataset(str(args.data / "trashnet")), 35, skip=55)
    for name, (_, scale, _) in PROBES.items():
        true = {"order": "rgb", **scale}
        print(row(name, probe(name, args.data, args.weights, args.keep), test, true, 210), flush=True)
    many = first_of_each(open_dataset(str(args.data / "trashnet")), 82, skip=55)
    true = {"scale": "symmetric", "order": "rgb"}
    print(
        row("mobilenetv2, 492 images of 224 pixels", args.keep / "mobilenetv2.keras", many, true, 500),
        flush=True,
    )


if __name__ == "__main__":
    main()
