"""The training loop, for any engine: epochs, validation, the best weights, checkpoints, resuming.

Everything that decides what comes next is in the net's state and in a `Position`; both are written together,
so a training that was killed continues with the numbers it would have had.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Labels, Net
from valscope.nouns.recipe import Recipe, Stage
from valscope.training.checkpoint import Position
from valscope.training.feed import batches, epoch_order, steps_per_epoch, validation_order
from valscope.training.observer import Observer
from valscope.training.parts import Row, Store, View
from valscope.training.prefetch import ahead
from valscope.training.range_test import find_rate

DEFAULT_RATE = 1e-3  # Keras' own default for Adam, when a range test finds nothing better
WORTH_WAITING = 1e-3  # nats; a smaller fall of val_loss keeps the weights but does not renew the patience
CHECKPOINT_SECONDS = 15.0  # a kill costs at most this much work; it never changes a number


class Fit:
    """One training of `net` by `recipe`, from the beginning or from where `store` stands."""

    def __init__(
        self,
        net: Net,
        recipe: Recipe,
        view: Callable[[Stage], View],
        store: Store,
        observer: Observer,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self.net, self.recipe, self.make_view = net, recipe, view
        self.store, self.observer, self.stop = store, observer, stop
        self.at = Position()
        self.best: dict[str, NDArray[Any]] | None = None
        self.best_is_new = False
        self.right: list[NDArray[np.bool_]] = []
        self.saved_at = time.monotonic()

    def run(self) -> Position:
        """Train to the end, or until `stop()` is true after a batch; the net holds the best weights then."""
        restored = self.store.load()
        if restored is not None:
            arrays, self.best, self.at = restored
            self.net.set_weights(_under(arrays, "net/"))
            self.right = list(arrays["right"].astype(bool)) if "right" in arrays else []
        for number in range(self.at.stage, len(self.recipe.stages)):
            state = _under(restored[0], "stage/") if restored is not None and number == self.at.stage else {}
            if not self.at.finished and not self._stage(number, state):
                return self.at
        if not self.at.finished:
            self.at = replace(self.at, finished=True)
            self._save()
        self.take_best()
        return self.at

    def take_best(self) -> None:
        """Put the best weights into the net, if the recipe wants them and there are some."""
        if self.recipe.restore_best and self.best is not None:
            self.net.set_weights(self.best)

    def _stage(self, number: int, state: dict[str, NDArray[Any]]) -> bool:
        """Train one stage; False when it was stopped."""
        stage = self.recipe.stages[number]
        self.net.start_stage(stage.trains)
        view = self.make_view(stage)
        if state:
            view.net.restore(state)
        if not self.at.rate:
            # A trained net's loss hardly falls in a sweep, so a later stage takes its share of the first's rate.
            base = self.at.base_rate or self._find_rate(view)
            self.at = replace(self.at, base_rate=base, rate=base * stage.rate_factor)
        while self.at.stage_epoch < stage.epochs:
            if not self._epoch(view, stage):
                self._save(view)
                return False
            if stage.patience is not None and self.at.waited > stage.patience:
                self.observer.message(
                    f"Stopped after {self.at.stage_epoch} epochs: no lower val_loss for {self.at.waited}."
                )
                break
        self.store.keep_last(self.net.weights())
        self.take_best()
        self.at = replace(self.at, stage=number + 1, stage_epoch=0, waited=0, rate=0.0)
        self._save()
        return True

    def _find_rate(self, view: View) -> float:
        if self.recipe.optimiser.rate is not None:
            return self.recipe.optimiser.rate
        self.observer.message(
            "Looking for a learning rate: it grows from batch to batch until the loss blows up."
        )
        result = find_rate(view.net, self._endless(view), self.recipe.optimiser.name, DEFAULT_RATE)
        self.observer.message(f"Learning rate {result.rate:g} (range test over {len(result.rates)} batches).")
        return result.rate

    def _endless(self, view: View) -> Iterator[tuple[Floats, Labels, Floats | None]]:
        for epoch in range(10_000):
            order = epoch_order(view.train.labels, self.recipe.feed, self.recipe.seed + 1, epoch)
            for index in batches(order, self.recipe.feed.batch):
                labels = view.train.labels[index]
                yield view.train.read(index), labels, self._weights(labels)

    def _epoch(self, view: View, stage: Stage) -> bool:
        order = epoch_order(view.train.labels, self.recipe.feed, self.recipe.seed, self.at.epoch)
        size, began = self.recipe.feed.batch, time.monotonic()
        name = f"Epoch {self.at.epoch + 1}/{sum(s.epochs for s in self.recipe.stages)}"
        self.observer.phase(name, len(order))
        self.observer.advance(self.at.step * size)
        for index, x in ahead(batches(order, size, self.at.step), view.train.read):
            view.net.set_rate(self._rate(stage, len(order)))
            labels = view.train.labels[index]
            loss, accuracy = view.net.train_batch(x, labels, self._weights(labels))
            self._count(len(index), loss, accuracy)
            self.observer.advance(len(index), loss=self._mean_loss, accuracy=self._mean_accuracy)
            if self.stop():
                self.at = replace(self.at, seconds=self.at.seconds + time.monotonic() - began)
                return False
            if time.monotonic() - self.saved_at > CHECKPOINT_SECONDS and self.at.step * size < len(order):
                self._save(view)
        self._finish_epoch(view, stage, began)
        return True

    def _finish_epoch(self, view: View, stage: Stage, began: float) -> None:
        val_loss, right = self._validate(view)
        improved = math.isfinite(val_loss) and val_loss < self.at.best
        if improved or self.best is None:
            self.best, self.best_is_new = self.net.weights(), True
        self.right.append(right)
        row: Row = {
            "epoch": self.at.epoch + 1, "stage": stage.trains,
            "loss": self._mean_loss, "accuracy": self._mean_accuracy,
            "val_loss": val_loss, "val_accuracy": float(right.mean()) if len(right) else math.nan,
            "rate": self.at.rate, "seconds": round(time.monotonic() - began + self.at.seconds, 3),
        }  # fmt: skip
        self.at = replace(
            self.at, epoch=self.at.epoch + 1, step=0, stage_epoch=self.at.stage_epoch + 1, seconds=0.0,
            best=val_loss if improved else self.at.best,
            best_epoch=self.at.epoch if improved else self.at.best_epoch,
            waited=0 if val_loss < self.at.best - WORTH_WAITING else self.at.waited + 1, loss_sum=0.0, right_sum=0.0, seen=0,
        )  # fmt: skip
        self.store.append(row)
        self.observer.epoch(row)
        if time.monotonic() - self.saved_at > CHECKPOINT_SECONDS:
            self._save(view)

    def _validate(self, view: View) -> tuple[float, NDArray[np.bool_]]:
        """Mean loss over the validation images and whether each was right."""
        order = validation_order(len(view.val), self.recipe.feed, self.at.epoch)
        total, right = 0.0, []
        size = max(self.recipe.feed.batch, 32)
        for index, x in ahead(batches(order, size), view.val.read):
            labels = view.val.labels[index]
            weight = self._weights(labels) if self.recipe.feed.weighted_validation else None
            loss, logits = view.net.score(x, labels, weight)
            total += loss * len(index)
            right.append(logits.argmax(1) == labels)
        if not right:
            return math.nan, np.zeros(0, np.bool_)
        return total / len(order), np.concatenate(right)

    def _weights(self, labels: Labels) -> Floats | None:
        if self.recipe.class_weights is None:
            return None
        return np.asarray(self.recipe.class_weights, np.float32)[labels]

    def _rate(self, stage: Stage, images: int) -> float:
        if self.recipe.schedule == "constant":
            return self.at.rate
        steps = max(1, steps_per_epoch(images, self.recipe.feed))
        share = (self.at.stage_epoch + self.at.step / steps) / max(1, stage.epochs)
        return self.at.rate * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))

    def _count(self, images: int, loss: float, accuracy: float) -> None:
        at = self.at
        self.at = replace(
            at, step=at.step + 1, seen=at.seen + images,
            loss_sum=at.loss_sum + loss * images, right_sum=at.right_sum + accuracy * images,
        )  # fmt: skip

    @property
    def _mean_loss(self) -> float:
        return self.at.loss_sum / max(1, self.at.seen)

    @property
    def _mean_accuracy(self) -> float:
        return self.at.right_sum / max(1, self.at.seen)

    def _save(self, view: View | None = None) -> None:
        arrays: dict[str, NDArray[Any]] = {f"net/{k}": v for k, v in self.net.weights().items()}
        if view is not None:
            arrays |= {f"stage/{k}": v for k, v in view.net.state().items()}
        if self.right and len({len(r) for r in self.right}) == 1:
            arrays["right"] = np.stack(self.right)
        self.store.save(arrays, self.best if self.best_is_new else None, self.at)
        self.best_is_new, self.saved_at = False, time.monotonic()


def _under(arrays: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {k[len(prefix) :]: v for k, v in arrays.items() if k.startswith(prefix)}
