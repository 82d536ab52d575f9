"""What a run says about one image."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prediction:
    """One image and its class.

    path           as it was found, or "row 17" for an item of an array.
    name           the class, "" where the image could not be read.
    probability    of that class, calibrated, 0..1; NaN where the image could not be read.
    probabilities  of all classes, in the order of the run's classes; () where the image could not be read.
    unsure         whether the run's rule puts it aside as belonging to none of the classes.
    why            the reason for that in words, else "".
    error          why it could not be read, else "".
    """

    path: str
    name: str
    probability: float
    probabilities: tuple[float, ...] = ()
    unsure: bool = False
    why: str = ""
    error: str = ""
