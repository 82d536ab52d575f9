"""The grid: every other setting of every axis that has a bearing on a model and its images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.reconciliation import Axis
from valscope.nouns.served import Head, ServedModel
from valscope.reconciling.axes import value_of, with_value

SCALES = (
    "unit", "none", "symmetric", "imagenet", "caffe", "image_max", "centred", "image_std",
    "unit_unit", "unit_symmetric", "unit_imagenet", "unit_caffe",
)  # fmt: skip
KERNELS = (
    ("bilinear", True), ("bilinear", False), ("nearest", True), ("nearest", False), ("bicubic", True),
    ("area", False), ("area", True), ("lanczos", True), ("bicubic", False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Space:
    """The settings that are tried, by axis.

    orders  class orders that somebody could have: as sorted, as text, reversed.
    """

    model: ServedModel
    scalable: bool
    orders: tuple[tuple[int, ...] | None, ...] = (None,)
    checkpoints: tuple[str, ...] = ("",)

    def values(self, axis: Axis) -> Sequence[Any]:
        """All settings of an axis."""
        colour = self.model.shape[2] == 3
        known: dict[Axis, Sequence[Any]] = {
            "EXIF": (True, False),
            "alpha": ("drop", "white", "black"),
            "colour": ("rgb", "grey_rgb") if colour else (),
            "geometry": ("stretch", "crop", "pad"),
            "resize": KERNELS,
            "axes": ("kept", "transposed", "reshaped"),
            "channel order": ("rgb", "bgr") if colour else (),
            "scale": SCALES if self.scalable else (),
            "mode": self.model.modes,
            "checkpoint": self.checkpoints,
            "decision": decisions(self.model.head),
            "class order": self.orders,
            "alignment": (True, False),
        }
        return known.get(axis, ())

    def others(self, axis: Axis, pipeline: Pipeline) -> Iterator[Pipeline]:
        """The pipelines that differ in this axis only."""
        current = value_of(axis, pipeline)
        for value in self.values(axis):
            if value != current and not _square(axis, value, pipeline):
                yield with_value(axis, value, pipeline)


def _square(axis: Axis, value: Any, pipeline: Pipeline) -> bool:
    """Reshaping a square does nothing."""
    p = pipeline.preparation
    return axis == "axes" and value == "reshaped" and p is not None and p.height == p.width


def decisions(head: Head) -> tuple[Decision, ...]:
    """Decisions that people write for such outputs, the fitting one first."""
    right = head.decision
    if head.outputs == 1:
        other = Decision("threshold", 0.5 if head.kind == "logit" else 0.0)
        inverted = Decision(right.rule, right.value, inverted=True)
        return (right, inverted, Decision("equals", 1.0), Decision("truncated"), Decision("argmax"), other)
    if head.outputs == 2:
        return (
            right, Decision("argmin"), Decision("threshold", 0.5, column=1), Decision("threshold", 0.5, column=0),
            Decision("equals", 1.0, column=1), Decision("equals", 1.0, column=0), Decision("truncated", column=1),
        )  # fmt: skip
    return (right, Decision("argmin"))


def class_orders(
    classes: Sequence[str], outputs: int, more: Sequence[tuple[int, ...]] = ()
) -> tuple[tuple[int, ...] | None, ...]:
    """Orders in which the outputs could stand for the classes, None for the data's own: sorted as text where
    the data sort by number, without regard to capitals, reversed, and `more`."""
    n = len(classes)
    named = {
        tuple(sorted(range(n), key=lambda i: classes[i])),
        tuple(sorted(range(n), key=lambda i: classes[i].lower())),
        tuple(reversed(range(n))),
        *more,
    }
    own = tuple(range(n))
    return (None, *sorted(order for order in named if order != own))
