"""The lab's bench for one case: its images, its control, its time, and the experiments that rules may ask for."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from valscope.codec import to_plain
from valscope.lab.ablation import ABLATIONS, Ablated, ablate
from valscope.lab.arms import Right
from valscope.lab.budget import Budget
from valscope.lab.growth import GrowthResult, growth
from valscope.lab.keep import Keep, key_of
from valscope.lab.material import Material, file_sizes, open_material
from valscope.lab.null import NullResult, null_test
from valscope.lab.parts import divided
from valscope.lab.probe_features import Embed, embedder
from valscope.lab.repetition import COLUMNS, Repetition, repeat, trained_alike
from valscope.nouns.recipe import Recipe, Stage
from valscope.nouns.training import Serving, Training
from valscope.training.observer import Observer

SEEDS = 3
SECONDS = COLUMNS.index("seconds")
MOST_NULL = 800  # images that the null test and the ablations look at


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a training takes before its first epoch, and for each."""

    start: float
    epoch: float


class Quiet:
    """Passes on what is said and how far an arm is; single epochs and batches are not for a trial's reader."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    def message(self, text: str) -> None:
        """Nothing: a repetition's own remarks."""

    def phase(self, name: str, total: int) -> None:
        """Nothing."""

    def advance(self, count: int, **numbers: float) -> None:
        """Nothing."""

    def epoch(self, row: object) -> None:
        """Nothing."""


MEMORISED = 0.2  # training above validation
SURE = 0.01
FIRST = 0.25  # of the time, for a training of which no log was given
PLANNED = 0.7  # of the time; the rest is for a pair that needs twice the seeds


class Bench:
    """Experiments on one user's training and use.

    training, serving  what can be repeated, None where nothing can.
    best      the recipe with the remedies that the trials left standing; the control's before any trial.
    """

    def __init__(
        self, training: Training | None, serving: Serving | None, observer: Observer,
        budget: Budget | None = None, keep: Keep | None = None, seeds: int = SEEDS,
    ) -> None:  # fmt: skip
        self.training, self.serving, self.observer = training, serving, observer
        self.budget, self.keep, self.seeds = budget or Budget(), keep or Keep(), seeds
        self.best: Recipe | None = training.recipe if training is not None else None
        self.epochs: int | None = None  # most epochs of an arm, where the time does not suffice for all
        self.longest = 0  # epochs of the longest arm, once the pace is known
        self.pace: Pace | None = None
        self.assumed: tuple[str, ...] = ()
        self._seen: dict[tuple[Recipe, float], list[Repetition]] = {}

    @cached_property
    def material(self) -> Material:
        """The images with their probe set. Raises DataError where too few are there."""
        training = self._training()
        return open_material(
            training.data, training.recipe.preparation, self.observer, training.recipe.classes
        )

    @property
    def memorises(self) -> bool:
        """Whether the reported training knows its own images and not others: it may see what a probe of few does not."""
        seen = {r.part: r.value for r in self.training.reported} if self.training is not None else {}
        return "train" in seen and "val" in seen and seen["train"] - seen["val"] >= MEMORISED

    @property
    def trained(self) -> bool:
        """Whether any training was repeated."""
        return any(self._seen.values())

    @property
    def learned(self) -> float | None:
        """The best accuracy on the probe set of all trainings so far, where it is surely above the largest class's share."""
        from valscope import stats

        arms = [r for made in self._seen.values() for r in made]
        if not arms:
            return None
        labels = self.material.labels[self.material.probe].tolist()
        largest = max(labels.count(k) for k in set(labels)) / len(labels)
        best = max(arms, key=lambda r: r.accuracy)
        p = stats.binomial_test(int(best.right.sum()), len(best.right), largest, "greater")
        return best.accuracy if p * len(arms) < SURE else None

    def settle(self, arms: int, mended: Recipe | None = None) -> None:
        """Measure the pace with two epochs of every stage of the control, and of the mended recipe where that trains other
        layers; cut the epochs of all arms so that `arms` of the slower one fit the budget; the same for all, so that
        nothing but the edit differs. A cut once made is made again when the same trials go on later, so that finished
        ones count."""
        training = self._training()
        wanted = max(
            sum(stage.epochs for stage in r.stages) for r in (training.recipe, mended or training.recipe)
        )
        self.longest = wanted
        key = key_of(
            "cut by stages", to_plain(training.recipe), to_plain(mended), self.material.fingerprint, arms,
            self.budget.seconds,
        )  # fmt: skip
        kept = self.keep.load(key)
        self.pace = self._pace(training.recipe)
        if mended is not None and _trains(mended) != _trains(training.recipe):
            other = self._pace(mended)
            self.pace = Pace(max(self.pace.start, other.start), max(self.pace.epoch, other.epoch))
        room = PLANNED * self.budget.left / max(1, arms * self.seeds) - self.pace.start
        fits = min(wanted, int(room / max(1e-6, self.pace.epoch))) if kept is None else int(kept["epochs"])
        self.keep.save(key, {"epochs": np.array(fits)})
        if fits < wanted:
            self.epochs = max(1, fits)
            self.assumed = (
                *self.assumed,
                f"Trials train {self.epochs} of {wanted} epochs, so that {arms} trainings on {self.seeds} seeds fit "
                f"{self.budget.words} (--budget).",
            )

    def once(self) -> Repetition | None:
        """The training as it stands, run once and whole; None where that would take more than a share of the budget."""
        recipe = self._training().recipe
        pace = self._pace(recipe)
        epochs = sum(stage.epochs for stage in recipe.stages)
        if pace.start + epochs * pace.epoch > FIRST * self.budget.left:
            return None
        return repeat(self.material, recipe, self._training().engine, 0, Quiet(self.observer), self.keep)

    def _pace(self, recipe: Recipe) -> Pace:
        """From two epochs of every stage: the first of a stage also compiles it."""
        stages = tuple(replace(s, epochs=min(2, s.epochs), patience=None) for s in recipe.stages)
        trial = repeat(
            self.material,
            recipe.but(stages=stages),
            self._training().engine,
            0,
            Quiet(self.observer),
            self.keep,
        )
        return pace_of(trial, [s.epochs for s in stages], [s.epochs for s in recipe.stages])

    def affords(self, recipes: Sequence[Recipe] = (), arms: int = 0) -> bool:
        """Whether these recipes and so many arms more fit the time that is left, as far as the pace tells; one that trains
        like an arm that was run costs nothing."""
        run = [trained_alike(r) for r, _ in self._seen]
        arms += sum(trained_alike(r) not in run for r in recipes)
        if not arms:
            return True
        if self.pace is None or self.training is None:
            return self.budget.left > 0
        each = self.pace.start + (self.epochs or self.longest) * self.pace.epoch
        return self.budget.left >= 0.7 * arms * self.seeds * each

    def repetitions(self, recipe: Recipe, share: float = 1.0, seeds: int | None = None) -> list[Repetition]:
        """The recipe trained on every seed; on more of them where `seeds` says so, and then ever after.

        share  of the training images; on fewer of them it trains for as many more epochs, so that all make as many updates.
        """
        made = self._seen.setdefault((recipe, share), [])
        training = self._training()
        cut = recipe if self.epochs is None else shortened(recipe, self.epochs)
        cut = (
            cut if cut.feed.steps else longer(cut, 1 / share)
        )  # with its own steps an epoch makes as many anyway
        for seed in range(len(made), seeds or self.seeds):
            made.append(
                repeat(self.material, cut, training.engine, seed, Quiet(self.observer), self.keep, share)
            )
            self.observer.advance(1)
        return made

    def right(self, recipe: Recipe) -> list[Right]:
        """Right-vectors on the probe images, one a seed."""
        return [r.right for r in self.repetitions(recipe)]

    def null(self) -> NullResult:
        """Whether a probe learns the true labels better than dealt ones."""
        pixels, labels, groups = self._sample
        return null_test(self._embed[0](pixels), labels, groups, self._embed[1])

    def ablations(self, *names: str) -> tuple[Ablated, ...]:
        """What is left of the probe's accuracy when something is taken away; all ablations where none is named."""
        pixels, labels, groups = self._sample
        if pixels.ndim != 4:
            return ()
        sizes = file_sizes(self.material.dataset) if not names else None
        rows = self._rows
        return ablate(
            pixels,
            labels,
            groups,
            self._embed[0],
            names or tuple(ABLATIONS),
            None if sizes is None else sizes[rows],
        )

    def growth(self) -> GrowthResult | None:
        """Half against all of the training images, with the best recipe; None where the time does not suffice."""
        recipe = self.best
        if recipe is None:
            raise ValueError("there is no training to repeat")
        if not self.affords([recipe]):
            return None
        train, _ = divided(self.material, recipe)

        def run(share: float) -> list[Right]:
            if share < 1:
                part = {0.5: "half", 0.25: "a quarter"}[share]
                self.observer.message(f"Training on {part} of the images: would more help?")
                self.observer.phase("Growth", self.seeds)
            # of the same seeds, though the trials may have had more of the whole
            return [r.right for r in self.repetitions(recipe, share)[: self.seeds]]

        return growth(
            run,
            len(train),
            self.material.labels[self.material.probe].tolist(),
            self.material.probe_groups,
            lambda share: self.affords(arms=2),  # it validates more often than it trains
        )

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        rows = np.arange(len(self.material.dataset), dtype=np.int64)
        if len(rows) <= MOST_NULL:
            return rows
        return np.sort(np.random.default_rng(0).permutation(rows)[:MOST_NULL])

    @cached_property
    def _sample(self) -> tuple[NDArray[np.generic], NDArray[np.int64], tuple[str, ...] | None]:
        material, rows = self.material, self._rows
        groups = material.kin.groups
        named = None if groups is None else tuple(groups[i] or f"item {i}" for i in rows.tolist())
        pixels = material.reader(self._training().recipe.preparation).read(rows)
        return pixels, material.labels[rows], named

    @cached_property
    def _embed(self) -> tuple[Embed, str]:
        pixels = self._sample[0]
        return embedder(pixels.shape[1:], pixels[:200], self._training().engine)

    def _training(self) -> Training:
        if self.training is None:
            raise ValueError("there is no training to repeat")
        return self.training


def pace_of(trial: Repetition, made: Sequence[int], wanted: Sequence[int]) -> Pace:
    """What a training of `wanted` epochs a stage takes, from one of `made` epochs a stage."""
    each = [float(trial.history[sum(made[: i + 1]) - 1, SECONDS]) if n else 0.0 for i, n in enumerate(made)]
    start = trial.seconds - sum(n * seconds for n, seconds in zip(made, each))
    epoch = sum(n * seconds for n, seconds in zip(wanted, each)) / max(1, sum(wanted))
    return Pace(max(0.0, start), epoch)


def shortened(recipe: Recipe, epochs: int) -> Recipe:
    """The recipe with at most `epochs` epochs in all; stages keep their shares, at least one epoch each."""
    whole = sum(stage.epochs for stage in recipe.stages)
    if whole <= epochs:
        return recipe
    stages = [replace(s, epochs=max(1, round(s.epochs * epochs / whole))) for s in recipe.stages]
    return recipe.but(stages=tuple(stages))


def longer(recipe: Recipe, times: float) -> Recipe:
    """The recipe with `times` as many epochs in every stage, and as much more patience."""
    if times == 1:
        return recipe

    def more(stage: Stage) -> Stage:
        patience = stage.patience and round(stage.patience * times)
        return replace(stage, epochs=max(1, round(stage.epochs * times)), patience=patience)

    return recipe.but(stages=tuple(more(stage) for stage in recipe.stages))


def _trains(recipe: Recipe) -> object:
    """What decides how long an epoch takes: the network, which of its layers train, and the images it reads."""
    stages = tuple(replace(stage, epochs=0) for stage in recipe.stages)
    return recipe.model, stages, recipe.preparation and recipe.preparation.shape


def middle(repetitions: Sequence[Repetition]) -> Repetition:
    """The repetition of median accuracy."""
    at = statistics.median_low([r.accuracy for r in repetitions])
    return next(r for r in repetitions if r.accuracy == at)
