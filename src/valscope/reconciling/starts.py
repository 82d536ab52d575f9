"""Where a search begins: what is stored, what code says, or what is usual for such a network."""

from __future__ import annotations

from valscope.data.pixels.scale import FAMILIES
from valscope.errors import DataError
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Colour, Order, Preparation, Scale
from valscope.nouns.served import ServedModel
from valscope.serving import Images


def usual(model: ServedModel, images: Images, size: tuple[int, int] | None = None) -> Pipeline:
    """A preparation that fits the input, with the scale that networks of this kind usually get."""
    if model.preparation is not None:
        return Pipeline(model.preparation, decision=model.head.decision)
    height, width = input_size(model, images, size)
    scale, order = _scale(model)
    preparation = Preparation(
        height, width, "grey" if model.shape[2] == 1 else "rgb",
        order if model.shape[2] == 3 else "rgb", scale=scale, fast_decode=False,
    )  # fmt: skip
    return Pipeline(preparation, decision=model.head.decision)


def input_size(model: ServedModel, images: Images, size: tuple[int, int] | None = None) -> tuple[int, int]:
    """(height, width) of the network's input; where any will do, the one given or the one that all images have."""
    height, width = model.shape[:2]
    if height is not None and width is not None:
        return height, width
    if size is not None:
        return size
    found = {images.pixels_of_one(row).shape[:2] for row in range(min(16, len(images)))}
    if len(found) == 1:
        one = next(iter(found))
        return int(one[0]), int(one[1])
    raise DataError(
        f"{model.file} takes images of any size and these differ in size; give --size HEIGHTxWIDTH."
    )


def _scale(model: ServedModel) -> tuple[Scale, Order]:
    for name in model.backbones:
        if name in FAMILIES:
            return FAMILIES[name] if model.inside in ("none", "unknown") else ("none", "rgb")
    return ("unit" if model.inside in ("none", "unknown") else "none"), "rgb"


def fitted(pipeline: Pipeline, start: Pipeline) -> Pipeline:
    """A pipeline from elsewhere with its preparation brought to the input of the model that `start` is usual for."""
    p, own = pipeline.preparation, start.preparation
    assert own is not None
    if p is None:
        return pipeline.but(preparation=own)
    grey = own.channels == 1
    colour: Colour = "grey" if grey else "grey_rgb" if p.colour in ("grey", "grey_rgb") else "rgb"
    return pipeline.but(
        preparation=p.but(height=own.height, width=own.width, colour=colour, order="rgb" if grey else p.order)
    )
