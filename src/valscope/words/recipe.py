"""A recipe in words: what was done, term by term, for people who did not write it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, Feed, ModelSpec, Recipe, Split, Stage
from valscope.words.history import value
from valscope.words.plain import count, listing, number

Term = tuple[str, str]

SCALES: Mapping[str, str] = {
    "none": "values stay 0 to 255",
    "unit": "values divided by 255",
    "symmetric": "values scaled to -1..1",
    "imagenet": "values divided by 255, ImageNet's mean and deviation taken out",
    "caffe": "ImageNet's mean taken out, values not divided",
    "centred": "values scaled to about -1..1, (x - 127) / 128",
    "image_max": "values divided by each image's own maximum",
    "image_std": "each image's own mean and deviation taken out",
    "unit_unit": "values divided by 255 twice",
    "unit_symmetric": "values divided by 255, then scaled as if they were 0 to 255: about -1",
    "unit_imagenet": "values divided by 255 twice, ImageNet's mean and deviation taken out",
    "unit_caffe": "values divided by 255, ImageNet's mean for 0 to 255 taken out",
}
GEOMETRY: Mapping[str, str] = {
    "stretch": "stretched to that shape",
    "crop": "aspect ratio kept, the longer side cut",
    "pad": "aspect ratio kept, the rest filled with black",
}
AXES: Mapping[str, str] = {
    "kept": "",
    "transposed": "; rows and columns exchanged",
    "reshaped": "; resized to width by height and read as height by width, rows scrambled",
}
LOSSES: Mapping[str, str] = {
    "crossentropy": "cross-entropy",
    "binary_crossentropy": "binary cross-entropy",
    "mse": "mean squared error",
}
SPLITS: Mapping[str, str] = {
    "stratified": "Shuffled within each class",
    "tail": "The last rows as they stand, not shuffled",
    "given": "As the source gave it",
    "class_head": "The first rows of each class, not shuffled",
}
GROUPING: Mapping[str, str] = {
    "none": "images taken one by one",
    "duplicates": "copies of one picture kept in one part",
    "given": "groups kept in one part",
}
ORDERS: Mapping[str, str] = {
    "permuted": "in a new order each epoch",
    "sequential": "in the order of the rows, not shuffled",
    "with_replacement": "drawn anew for each batch, some twice and some never",
    "buffer": "shuffled within a buffer",
    "batches": "in batches of rows as they stand, whose order is new each epoch",
}


def recipe_terms(
    recipe: Recipe, history: Sequence[Mapping[str, float | int | str | None]] = ()
) -> list[Term]:
    """(term, sentence) pairs; the rates come from the history, where a range test found them."""
    weights = recipe.class_weights
    return [
        ("Data", recipe.data),
        ("Preparation", preparation(recipe.preparation)),
        ("Split", split(recipe.split)),
        ("Model", model(recipe.model, len(recipe.classes))),
        ("Augmentation", augmentation(recipe.augmentation)),
        ("Feeding", feeding(recipe.feed)),
        ("Loss", loss(recipe)),
        ("Class weights", "none" if weights is None else class_weights(recipe.classes, weights)),
        ("Optimiser", optimiser(recipe, history)),
        ("Stages", "; ".join(stage(s) for s in recipe.stages)),
        ("Arithmetic", f"{recipe.precision}, seed {recipe.seed}"),
    ]


def preparation(p: Preparation | None) -> str:
    """From file to tensor."""
    if p is None:
        return "feature vectors, used as they are"
    colours = {"grey": "grey", "grey_rgb": "grey in three channels"}.get(p.colour, p.order.upper())
    smooth = "antialiased" if p.antialias else "not antialiased"
    turned = "EXIF rotation applied" if p.exif else "EXIF rotation ignored"
    clear = (
        "hidden colour of transparent pixels kept"
        if p.alpha == "drop"
        else f"transparent pixels on {p.alpha}"
    )
    return (
        f"{p.width} × {p.height} pixels (width × height), {colours}; {GEOMETRY[p.geometry]}, {p.kernel}, {smooth}; "
        f"{turned}; {clear}; {SCALES[p.scale]}"
        f"{AXES[p.axes]}"
    )


def model(m: ModelSpec, classes: int) -> str:
    """The network, where its weights come from, and its head."""
    start = {"none": "from random weights", "imagenet": "from ImageNet weights"}.get(
        m.weights, f"weights from {m.weights}"
    )
    name = "own architecture (in the recipe)" if m.name == "config" else m.name
    hidden = f"hidden layer of {m.units}, " if m.units else ""
    dropout = f"dropout {m.dropout:g}, " if m.dropout else ""
    outputs = "one output" if m.outputs == "one" else count(classes, "output")
    last = "logits" if m.activation == "linear" else m.activation
    norm = ", BatchNorm of the frozen part in training mode" if m.batchnorm == "training" else ""
    return f"{name}, {start}; {hidden}{dropout}{outputs} ({last}){norm}"


def split(s: Split) -> str:
    """How the parts were made."""
    if s.kind == "given":
        return SPLITS["given"]
    shares = f"{100 * s.val:g} % validation, {100 * s.test:g} % test"
    if s.kind in ("tail", "class_head"):
        return f"{SPLITS[s.kind]}: {shares}"
    return f"{SPLITS['stratified']}: {shares}; {GROUPING[s.grouping]}; seed {s.seed}"


def augmentation(a: Augmentation) -> str:
    """Random changes of training images; validation and test images are never changed."""
    flips = [
        w for w, on in (("horizontal flips", a.flip_horizontal), ("vertical flips", a.flip_vertical)) if on
    ]
    amounts = [
        (f"turns up to {360 * a.rotate:g}°", a.rotate), (f"shifts up to {100 * a.shift:g} %", a.shift),
        (f"zoom up to {100 * a.zoom:g} %", a.zoom), (f"brightness ±{100 * a.brightness:g} %", a.brightness),
        (f"contrast ±{100 * a.contrast:g} %", a.contrast),
    ]  # fmt: skip
    done = flips + [words for words, amount in amounts if amount]
    return f"{listing(done, most=9)}; training images only" if done else "none"


def feeding(f: Feed) -> str:
    """Batches and their order."""
    order = f"shuffled within a buffer of {f.buffer:,}" if f.order == "buffer" else ORDERS[f.order]
    extras = [
        f"{f.steps:,} batches an epoch" if f.steps is not None else "",
        "classes drawn equally often" if f.balanced else "",
        "position carried over from epoch to epoch" if f.carried_counter else "",
        "class weights also in the validation loss" if f.weighted_validation else "",
        "labels shuffled against their images" if f.labels_apart else "",
    ]
    return "; ".join([f"batches of {f.batch}, {order}", *filter(None, extras)])


def loss(recipe: Recipe) -> str:
    """The objective."""
    smooth = f", label smoothing {recipe.label_smoothing:g}" if recipe.label_smoothing else ""
    return LOSSES[recipe.loss] + smooth


def class_weights(classes: Sequence[str], weights: Sequence[float]) -> str:
    """All of few, the extremes of many."""
    pairs = sorted(zip(weights, classes), reverse=True)
    if len(pairs) <= 6:
        return listing([f"{name} {number(weight)}" for weight, name in pairs], most=6)
    (most, rare), (least, common) = pairs[0], pairs[-1]
    return f"{number(least)} ({common}) to {number(most)} ({rare})"


def optimiser(recipe: Recipe, history: Sequence[Mapping[str, float | int | str | None]]) -> str:
    """Optimiser, rate and where it comes from, decay and clipping."""
    o = recipe.optimiser
    rates = list(dict.fromkeys(number(r) for row in history if (r := value(row, "rate")) is not None))
    if o.rate is not None:
        rate = f"rate {number(o.rate)}"
    else:
        rate = f"rate {listing(rates)} (range test)" if rates else "rate from a range test"
    extras = [
        f"momentum {o.momentum:g}" if o.momentum else "",
        f"weight decay {o.weight_decay:g}" if o.weight_decay else "",
        f"gradients clipped to norm {o.clip_norm:g}" if o.clip_norm is not None else "",
        "falling to 0 along a cosine" if recipe.schedule == "cosine" else "",
    ]
    return "; ".join([f"{o.name}, {rate}", *filter(None, extras)])


def trained(trains: str) -> str:
    """`all layers`, `head only`, `last 20 layers`: what a stage trains."""
    if trains.startswith("top:"):
        return f"last {trains[4:]} layers"
    if trains.startswith("from:"):
        return f"layers from number {trains[5:]} on"
    return {"all": "all layers", "head": "head only"}.get(trains, trains)


def in_stages(stages: Sequence[Stage]) -> str:
    """`8 epochs of the head, then 8 of all layers at a tenth of the rate`."""
    first, *others = [_stretch(s) for s in stages] or ["no epoch"]
    return ", then ".join([first, *(re.sub(r"(\d) epochs?\b", r"\1", told, count=1) for told in others)])


def _stretch(s: Stage) -> str:
    layers = {"all": "all layers", "head": "the head"}.get(s.trains, f"the {trained(s.trains)}")
    told = f"{'up to ' if s.patience is not None else ''}{count(s.epochs, 'epoch')} of {layers}"
    return f"{told}{' on features computed once' if s.cached else ''}{_slower(s.rate_factor)}"


def _slower(factor: float) -> str:
    if factor == 1:
        return ""
    words = {
        0.5: "half",
        0.2: "a fifth of",
        0.1: "a tenth of",
        0.01: "a hundredth of",
        0.001: "a thousandth of",
    }
    return f" at {words.get(factor, f'{factor:g} times')} the rate"


def stage(s: Stage) -> str:
    """`up to 30 epochs, all layers, rate × 0.1, stops after 5 epochs without a lower val_loss`."""
    reach = "up to " if s.patience is not None else ""
    factor = f", rate × {s.rate_factor:g}" if s.rate_factor != 1 else ""
    patience = (
        ""
        if s.patience is None
        else f", stops after {count(s.patience, 'epoch')} without a lower validation loss"
    )
    cached = " on features computed once" if s.cached else ""
    return f"{reach}{count(s.epochs, 'epoch')}, {trained(s.trains)}{cached}{factor}{patience}"
