"""What is known beside a diagnosis: the user's training and code, and pictures of the images it speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from valscope.nouns.fact import Source
from valscope.nouns.training import Serving, Training
from valscope.nouns.trial import Trial
from valscope.report.patch import suggest_patch

USES = ("rescoring", "paths")  # kinds of trials that train nothing
# The printed number that the control of a training, or of a use, must show.
OF_TRAINING, OF_USE = ("val", "test"), ("predict", "test")
SERVED = "served."  # before the settings of prediction, which have the names of those of training
LONGEST_PATCH = 12_000  # characters; more is no suggestion to read
MOST_PICTURES = 300_000  # characters of all thumbnails, so that the page stays small
_PICTURE = re.compile(r"data:image/(?:jpeg|png|webp|gif);base64,[A-Za-z0-9+/=]+")


@dataclass(frozen=True, slots=True)
class About:
    """sources   the user's code by file;  pictures  thumbnails by file."""

    training: Training | None = None
    serving: Serving | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)

    def of(self, trial: Trial) -> Training | Serving | None:
        """What a trial repeats: the training, or the use of its model."""
        return self.serving if trial.kind in USES else self.training

    def patch(self, trial: Trial) -> str:
        """What the changes of a trial would be in the user's code; "" where no line is known."""
        patch = suggest_patch(self.sources, trial.changes, self.said(trial))
        return patch if len(patch) <= LONGEST_PATCH else ""

    def said(self, trial: Trial) -> tuple[tuple[str, Source], ...]:
        """The lines of what a trial changes: of prediction where it is the use that is mended, else of training."""
        about = self.of(trial)
        said = about.said if about is not None else ()
        if trial.kind in USES:
            return tuple((name.removeprefix(SERVED), s) for name, s in said if name.startswith(SERVED))
        return tuple((name, s) for name, s in said if not name.startswith(SERVED))

    def reported(self, trial: Trial) -> float | None:
        """The printed accuracy that the control had to show, 0..1; None where none is comparable."""
        about = self.of(trial)
        if about is None or trial.reproduced is None:
            return None
        parts = OF_USE if trial.kind in USES else OF_TRAINING
        last = {r.part: r.value for r in about.reported if r.measure == "accuracy"}
        return next((last[part] for part in parts if part in last), None)

    def picture(self, source: Source) -> str | None:
        """A thumbnail of the image that a source is."""
        return self.pictures.get(source.file)

    @property
    def assumed(self) -> tuple[str, ...]:
        """What had to be assumed to rebuild training and use."""
        known = [about.assumed for about in (self.training, self.serving) if about is not None]
        return tuple(sentence for assumed in known for sentence in assumed)


def fitting(pictures: Mapping[str, str]) -> Mapping[str, str]:
    """Those that are pictures, as many as the page has room for."""
    kept: dict[str, str] = {}
    room = MOST_PICTURES
    for file, picture in pictures.items():
        if len(picture) <= room and _PICTURE.fullmatch(picture):
            kept[file] = picture
            room -= len(picture)
    return kept
