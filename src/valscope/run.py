"""A run: the folder that a training leaves behind, with everything that its numbers rest on.

run/
  run.json         what was asked, versions, status
  recipe.json      everything that decides the training, preparation and class order included
  split.csv        every item: name, label, group, sha256, part
  history.jsonl    one line an epoch, append-only
  state.npz        the unfinished training (gone when it is finished);  best.npz  its best weights
  model.keras      the trained network
  probes.npz       a few inputs with their pixels and logits, checked at every load
  calibration.npz  temperature and the unsure rule
  result.json      the scores;  test.csv  every scored image;  report.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope import __version__
from valscope.codec import from_plain, to_json
from valscope.data.pixels.prepare import network_input, pixels
from valscope.engines import Floats, Net, get_engine
from valscope.errors import InputError, ProbeMismatch, RunError
from valscope.nouns.recipe import Recipe
from valscope.nouns.result import Result
from valscope.training.checkpoint import Position, load_arrays, save_arrays, write_atomically
from valscope.writable import why_no_folder

SCHEMA = 1
# A logit computed on another processor or backend differs in its fourth digit; another preparation or another
# weight differs in its first.
PROBE_TOLERANCE = 0.02
PIXEL_TOLERANCE = 3  # grey levels, between versions of an image library


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, so that `--resume` can ask again."""

    data: str
    validation: str | None = None
    group_by: str | None = None
    classes: tuple[str, ...] | None = None
    label_column: str | None = None
    path_column: str | None = None
    engine: str = "keras"


class Run:
    """An existing run folder. Raises RunError when it is none."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        if not (self.folder / "run.json").is_file():
            raise RunError(
                f"{self.folder} is not a run: it has no run.json; give a folder that valscope train made."
            )
        about = self._json("run.json")
        if about.get("schema", 0) > SCHEMA:
            raise RunError(
                f"{self.folder} was made by valscope {about.get('valscope')}, which is newer than this one."
            )
        self.about: Mapping[str, Any] = about
        self.request = from_plain(Request, about["request"], "run.json: request")

    @classmethod
    def create(cls, folder: str | os.PathLike[str], request: Request, recipe: Recipe) -> Run:
        """A new run. Raises RunError when the folder already holds something."""
        path = cls.vacant(folder)
        try:
            path.mkdir(parents=True, exist_ok=True)
            write_atomically(path / "recipe.json", to_json(recipe).encode())
            about = {"schema": SCHEMA, "valscope": __version__, "status": "training", "request": request}
            write_atomically(path / "run.json", to_json(about).encode())
        except OSError as error:
            raise RunError(
                f"{path} cannot be written ({error.strerror}); give --out a folder that can."
            ) from None
        return cls(path)

    @staticmethod
    def vacant(folder: str | os.PathLike[str]) -> Path:
        """The folder of a new run. Raises RunError when it holds something or cannot be made, before any work is done."""
        path = Path(folder)
        if why := why_no_folder(path):
            raise RunError(f"{path} cannot be written ({why}); give --out a folder that can.")
        if path.exists() and any(path.iterdir()):
            raise RunError(
                f"{path} is not empty; give --out another folder, or continue it with --resume {path}."
            )
        return path

    def writable(self) -> None:
        """Raises RunError where the run cannot go on in its folder."""
        if why := why_no_folder(self.folder):
            raise RunError(
                f"{self.folder} cannot be written ({why}); copy it to where it can and resume that."
            )

    @cached_property
    def recipe(self) -> Recipe:
        """The recipe as it was trained."""
        return from_plain(Recipe, self._json("recipe.json"), "recipe.json")

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in the order of the outputs."""
        return self.recipe.classes

    @cached_property
    def result(self) -> Result:
        """The scores of a finished run."""
        if not (self.folder / "result.json").is_file():
            raise RunError(
                f"{self.folder} is not finished; continue it with  valscope train --resume {self.folder}"
            )
        return from_plain(Result, self._json("result.json"), "result.json")

    @property
    def status(self) -> str:
        """ "training", "stopped" or "finished"."""
        return str(self.about.get("status", "training"))

    def history(self) -> list[dict[str, Any]]:
        """One dict an epoch; a line that was cut off by a kill is left out."""
        path = self.folder / "history.jsonl"
        if not path.is_file():
            return []
        rows = []
        for line in path.read_text("utf-8").splitlines():
            try:
                rows.append(json.loads(line))
            except ValueError:
                continue
        return rows

    @cached_property
    def net(self) -> Net:
        """The trained network, after its probes gave the logits that they gave when it was saved."""
        engine = get_engine(self.request.engine)
        path = self.folder / engine.model_file
        if not path.is_file():
            raise RunError(
                f"{self.folder} has no {engine.model_file} yet; finish it with  valscope train --resume {self.folder}"
            )
        net = engine.load(path, self.recipe)
        self._check_probes(net)
        return net

    @cached_property
    def temperature(self) -> float:
        """What logits are divided by before they become probabilities."""
        return self.result.calibration.temperature if self.result.calibration else 1.0

    def inputs(self, values: NDArray[Any]) -> Floats:
        """Prepared pixels, or feature vectors, as the network takes them."""
        if self.recipe.preparation is None:
            return np.asarray(values, np.float32)
        return network_input(values, self.recipe.preparation)

    def _repr_html_(self) -> str:
        """The run as a notebook shows it."""
        from valscope.report.notebook import repr_html

        return repr_html(self.result, self.recipe)

    def mark(self, status: str, **more: Any) -> None:
        """Write the status into run.json."""
        self.about = {**self.about, "status": status, **more}
        write_atomically(self.folder / "run.json", to_json(self.about).encode())

    def write(self, name: str, text: str) -> Path:
        """Write a text file of the run, whole or not at all."""
        write_atomically(self.folder / name, text.encode("utf-8", "surrogateescape"))
        return self.folder / name

    def save_probes(self, files: list[bytes], values: NDArray[Any], logits: Floats) -> None:
        """Keep a few inputs (their bytes, if they were files) with their pixels and logits."""
        kept = {f"file{i}": np.frombuffer(data, np.uint8) for i, data in enumerate(files)}
        save_arrays(self.folder / "probes.npz", {**kept, "values": values, "logits": logits})

    def _check_probes(self, net: Net) -> None:
        path = self.folder / "probes.npz"
        if not path.is_file():
            return
        probes, _ = load_arrays(path)
        if self.recipe.preparation is not None:
            for i in range(sum(name.startswith("file") for name in probes)):
                now = pixels(probes[f"file{i}"].tobytes(), self.recipe.preparation, f"probe {i}")
                _compare(
                    np.abs(now.astype(int) - probes["values"][i]).max(),
                    PIXEL_TOLERANCE,
                    "pixels",
                    self.folder,
                )
        now = net.logits(self.inputs(probes["values"]))
        scale = max(1.0, float(np.abs(probes["logits"]).max()))
        _compare(np.abs(now - probes["logits"]).max() / scale, PROBE_TOLERANCE, "logits", self.folder)

    def _json(self, name: str) -> Any:
        try:
            return json.loads((self.folder / name).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise RunError(f"{self.folder / name} cannot be read: {error}.") from None


def _compare(difference: float, tolerance: float, what: str, folder: Path) -> None:
    if not difference <= tolerance:
        raise ProbeMismatch(
            f"The model in {folder} no longer gives what it gave when it was saved: the {what} of its probe images "
            f"differ by {difference:.3g} (at most {tolerance:g} is allowed). Its files or the installed libraries "
            "have changed; nothing it predicts can be trusted."
        )


class RunStore:
    """Where a training keeps itself: the `Store` of the loop, in a run folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def append(self, row: Mapping[str, Any]) -> None:
        """Add one line to history.jsonl."""
        with (self.folder / "history.jsonl").open("a", encoding="utf-8") as file:
            file.write(to_json(row, indent=None) + "\n")

    def save(
        self, arrays: Mapping[str, NDArray[Any]], best: Mapping[str, NDArray[Any]] | None, at: Position
    ) -> None:
        """Best weights first, then the state that knows of them: a kill in between repeats the same epoch."""
        if best is not None:
            save_arrays(self.folder / "best.npz", best)
        save_arrays(self.folder / "state.npz", arrays, at)

    def keep_last(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """Write the last epoch's weights."""
        save_arrays(self.folder / "last.npz", weights)

    def load(self) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]] | None, Position] | None:
        """The last saved state, with the history cut back to it; None before the first save."""
        path = self.folder / "state.npz"
        if not path.is_file():
            (self.folder / "history.jsonl").unlink(missing_ok=True)
            return None
        arrays, at = load_arrays(path)
        best = self.folder / "best.npz"
        self._cut_history(at.epoch if at else 0)
        return arrays, load_arrays(best)[0] if best.is_file() else None, at or Position()

    def _cut_history(self, epochs: int) -> None:
        path = self.folder / "history.jsonl"
        if path.is_file():
            lines = path.read_text("utf-8").splitlines(keepends=True)
            write_atomically(path, "".join(lines[:epochs]).encode())


def as_run(run: Run | str | os.PathLike[str]) -> Run:
    """A run from a run or its folder."""
    if isinstance(run, Run):
        return run
    if not isinstance(run, str | os.PathLike):
        raise InputError(f"A run is a folder that valscope train made; got {type(run).__name__}.")
    return Run(run)
