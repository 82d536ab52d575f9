"""Outputs of pipelines on one sample of images, each batch of inputs asked once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Labels
from valscope.errors import ModelError
from valscope.nouns.pipeline import Pipeline
from valscope.reconciling.axes import input_key
from valscope.serving import Images, Served, decide, network_input
from valscope.serving.decisions import SHUFFLE
from valscope.serving.pipelines import BATCH
from valscope.training.observer import Observer

Hits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Parts:
    """Where a sample is cut: the first batch, the half that chooses, all. In images."""

    few: int
    chosen: int
    all: int

    @property
    def untouched(self) -> slice:
        """Images that choose nothing."""
        return slice(self.chosen, self.all)


class Board:
    """Answers of pipelines. Inputs that are equal bit by bit are asked once, whatever pipelines they came from."""

    def __init__(self, served: Served, images: Images, watch: Observer) -> None:
        self.served, self.images, self._watch = served, images, watch
        self.labels: Labels = images.labels
        half = len(images) // 2
        chosen = half // BATCH * BATCH if half >= BATCH else half
        self.parts = Parts(min(BATCH, chosen), chosen, len(images))
        self._edges = [*range(0, chosen, BATCH), *range(chosen, len(images), BATCH), len(images)]
        self._batches: dict[tuple[Hashable, int], Floats] = {}
        self._memory: dict[bytes, Floats] = {}
        self.forwards, self.seconds = 0, 0.0
        self._shuffled = np.random.default_rng(SHUFFLE).permutation(len(images))

    def outputs(self, pipeline: Pipeline, upto: int) -> Floats:
        """Outputs of the first `upto` images."""
        key = input_key(pipeline)
        found = []
        for start, stop in zip(self._edges, self._edges[1:]):
            if start >= upto:
                break
            if (key, start) not in self._batches:
                self._batches[key, start] = self._asked(pipeline, np.arange(start, stop))
            found.append(self._batches[key, start])
        return np.concatenate(found)[:upto]

    def ask(self, pipelines: Iterable[Pipeline], upto: int) -> None:
        """Make the outputs of several pipelines ready: each image is decoded once for all of them."""
        fresh = {input_key(p): p for p in pipelines if not self.known(p, upto)}
        for start, stop in zip(self._edges, self._edges[1:]):
            if start >= upto or not fresh:
                break
            rows = np.arange(start, stop)
            wanted = [p for key, p in fresh.items() if (key, start) not in self._batches]
            began = time.monotonic()
            self.images.fetch([p.preparation for p in wanted if p.preparation is not None], rows)
            self.seconds += time.monotonic() - began
            for pipeline in wanted:
                self.outputs(pipeline, stop)

    def known(self, pipeline: Pipeline, upto: int) -> bool:
        """Whether the outputs are there already."""
        key = input_key(pipeline)
        return all((key, start) in self._batches for start in self._edges[:-1] if start < upto)

    def answers(self, pipeline: Pipeline, upto: int) -> Labels:
        """Class numbers of the first `upto` images, -1 for none."""
        return decide(self.outputs(pipeline, upto), pipeline)

    def hits(self, pipeline: Pipeline, upto: int) -> Hits:
        """Which of the first `upto` images are answered rightly."""
        labels = self.labels
        if not pipeline.aligned:  # the order of the whole feed, whatever part of it is looked at
            labels = labels[self._shuffled]
        return np.asarray(self.answers(pipeline, upto) == labels[:upto], np.bool_)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes by number."""
        return self.images.dataset.classes

    @property
    def per_image(self) -> float:
        """Seconds that an image has taken so far, preparation included."""
        return self.seconds / max(1, self.forwards)

    def _asked(self, pipeline: Pipeline, rows: NDArray[np.int64]) -> Floats:
        began = time.monotonic()
        x = network_input(self.images, pipeline, rows)
        digest = hashlib.blake2b(np.ascontiguousarray(x).data, digest_size=16)
        digest.update(f"{pipeline.mode} {pipeline.checkpoint}".encode())
        key = digest.digest()
        self._watch.advance(len(rows))
        if key not in self._memory:
            try:
                self._memory[key] = self.served.at(pipeline.checkpoint).outputs(x, pipeline.mode)
            except ModelError:
                self._memory[key] = np.full((len(rows), self.served.about.head.outputs), np.nan, np.float32)
            self.forwards += len(rows)
            self.seconds += time.monotonic() - began
        return self._memory[key]
