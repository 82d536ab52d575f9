"""How many images a run validated: stated and borne out by the digits, or settled by the digits alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.evidence.laws.sizes import fit, sizes, telling
from valscope.nouns.log import LoggedRun

CERTAIN = 1e-3  # sizes expected to fit by accident: the digits alone settle n
MULTIPLE = 0.01  # chance that a multiple of n was scored
LIKELY = 0.1  # the digits settle n together with another number of the text


@dataclass(frozen=True, slots=True)
class Scored:
    """n images were scored in every epoch of a run.

    stated   n stands in the text (or data), and the digits bear it out.
    proved   the digits single n out;  otherwise it is only the smallest size that fits.
    batch    images in a batch, where n is a whole number of batches and something else tells the batch size.
    """

    n: int
    alone_up_to: int
    readings: int
    accident: float
    stated: bool
    proved: bool
    batch: int | None = None

    @property
    def sure(self) -> bool:
        """Whether other laws may build on n."""
        return self.stated or self.proved


def scored(run: LoggedRun, stated: Sequence[int], batch: int | None, ratio: float | None) -> Scored | None:
    """The size behind a run's val_accuracy, None without telling digits or where none or too many sizes fit.

    stated  sizes of validation that the text gives;  batch  images in a batch, as the code says;
    ratio   validated images over trained ones.
    """
    column = run.column("val_accuracy")
    readings = telling(column)
    for n in stated:
        if any(column) and fit(n, readings):  # a score of 0 or 1 fits every n
            return Scored(n, n, len(readings), 0.0, stated=True, proved=False, batch=None)
    found = sizes(column)
    if found is None or found.n is None:
        return None
    batches = _batch(run, found.n, batch, ratio)
    alone = found.accident <= CERTAIN and found.multiple <= MULTIPLE
    proved = found.alone and (alone or (found.accident <= LIKELY and batches is not None))
    return Scored(found.n, found.alone_up_to, found.readings, found.accident, False, proved, batches)


def _batch(run: LoggedRun, n: int, batch: int | None, ratio: float | None) -> int | None:
    """The batch size of which n is a whole number of batches: written, or implied by steps and shares."""
    if batch is not None:
        return batch if n % batch == 0 else None
    steps = run.epochs[0].steps
    if ratio is None or not steps or run.samples:
        return None
    # steps * b trained images and n = ratio * steps * b validated ones, up to one batch
    implied = round(n / (steps * ratio))
    whole = implied > 0 and n % implied == 0
    return implied if whole and abs(n / implied - steps * ratio) <= 1 else None
