"""Writing a run in a format of other tools, and proving that the file gives what the run gives."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Net
from valscope.errors import MissingExtra, ModelError, ProbeMismatch, UsageError, ValscopeError
from valscope.exporting.about import about, readme
from valscope.exporting.formats import FORMATS, Format
from valscope.nouns.preparation import Preparation
from valscope.run import Run, as_run
from valscope.scoring import softmax
from valscope.training.checkpoint import load_arrays

# Rounding alone changes probabilities by 1e-6 to 1e-5; a wrong channel order, scale or weight by 1e-2 and more.
PARITY = 1e-3
# The same for their logarithms, as a share of the greatest: a sure network says 1.0 whatever is done to it, and only
# the logarithms of the others show it.
PARITY_LOG = 1e-2
MIXED = 20.0  # a run in half precision is exported in single precision, which keeps 2 to 3 digits
LEAST = 1e-30  # below it float32 holds no probability
NOISE = 8  # images of random levels that join the probes


@dataclass(frozen=True, slots=True)
class Exported:
    """model  the file or folder that was written;  files  everything, the model included.
    difference  greatest difference of a probability from the run's, over n images.
    """

    to: str
    model: Path
    files: tuple[Path, ...]
    difference: float
    n: int


class Writer(Protocol):
    """An engine's way to write and read exported networks."""

    def write(
        self,
        to: str,
        net: Net,
        preparation: Preparation | None,
        temperature: float,
        path: Path,
        about: Mapping[str, str],
    ) -> None:
        """Write `net` with temperature and softmax; with a preparation, its scale and channel order inside."""

    def read(self, to: str, path: Path) -> Callable[[Floats], Floats]:
        """Load what was written, as a stranger would: inputs (n, ...) to probabilities (n, classes)."""


def export(run: Run | str | os.PathLike[str], to: str, out: str | os.PathLike[str]) -> Exported:
    """Write `run` as "keras", "onnx", "savedmodel" or "litert".

    out  a new folder for the network, preparation.json and README.md; or a new file name with the format's own suffix,
         the others then lie beside it.

    The network is loaded again and must give the run's probabilities on its probes; otherwise nothing is left behind and
    ProbeMismatch is raised. UsageError where `out` exists, MissingExtra where a library is missing, ModelError where the
    conversion fails.
    """
    run, target = as_run(run), Path(out)
    if to not in FORMATS:
        raise UsageError(f"There is no format {to!r}; the formats are {', '.join(FORMATS)}.")
    names = _names(FORMATS[to], target)
    taken = next((path for path in (target, *names) if os.path.lexists(path)), None)
    if taken is not None:
        raise UsageError(f"{taken} exists already; give --out another name.")
    probes = load_probes(run)
    work = target.parent / f".{target.name}.{os.getpid()}.partial"
    try:
        work.mkdir(parents=True)
        difference = _write(run, FORMATS[to], work, names, probes)
        _land(work, names, target)
    except OSError as error:
        raise UsageError(
            f"{target} cannot be written ({error.strerror or error}); give --out another name."
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Exported(to, names[0], names, difference, len(inputs(probes)))


def _names(to: Format, target: Path) -> tuple[Path, Path, Path]:
    """Where the network, its description and its README go."""
    if to.suffix and target.suffix.lower() == to.suffix:
        return target, target.with_suffix(".preparation.json"), target.with_suffix(".README.md")
    return target / to.file, target / "preparation.json", target / "README.md"


def _write(run: Run, to: Format, work: Path, names: tuple[Path, Path, Path], probes: NDArray[Any]) -> float:
    """Everything into the folder `work`; the greatest difference from the run."""
    model, side, text = (work / path.name for path in names)
    scaled = run.recipe.preparation is not None and probes.dtype == np.uint8
    described = about(run, to, model.name, not scaled)
    machine = writer_of(run)
    notes = {"classes": json.dumps(list(run.classes)), "valscope": json.dumps(described)}
    try:
        machine.write(
            to.name, run.net, run.recipe.preparation if scaled else None, run.temperature, model, notes
        )
        difference = _difference(run, machine.read(to.name, model), probes)
    except (ValscopeError, OSError):
        raise
    except ImportError as error:
        raise MissingExtra(f"Exporting as {to.name} ({error.name})", to.name) from error
    except Exception as error:  # what converters raise for a layer they do not know is an open list
        reason = " ".join(str(error).split())[:300].rstrip(".")
        raise ModelError(
            f"{run.folder} cannot be exported as {to.name}: {reason or type(error).__name__}."
        ) from error
    side.write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", "utf-8")
    text.write_text(readme(run, to, model.name, side.name, not scaled, difference), "utf-8")
    return difference


def _difference(run: Run, serve: Callable[[Floats], Floats], probes: NDArray[Any]) -> float:
    """Greatest difference of a probability, over the probes and what can be made of them."""
    given = inputs(probes)
    expected = softmax(run.net.logits(run.inputs(given)), run.temperature)
    found = np.asarray(serve(given.astype(np.float32)), np.float64)
    if found.shape != expected.shape:
        raise ModelError(f"The exported network gives {found.shape} and {run.folder} {expected.shape}.")
    looser = 1.0 if run.recipe.precision == "float32" else MIXED
    difference = float(np.abs(found - expected).max())
    logs, wanted = np.log(np.maximum(found, LEAST)), np.log(np.maximum(expected, LEAST))
    log_difference = float(np.abs(logs - wanted).max()) / max(1.0, float(np.abs(wanted).max()))
    if not (difference <= PARITY * looser and log_difference <= PARITY_LOG * looser):
        raise ProbeMismatch(
            f"The exported network gives other probabilities than {run.folder}: they differ by up to {difference:.3g}, "
            f"their logarithms by {100 * log_difference:.3g} % (at most {PARITY * looser:g} and "
            f"{100 * PARITY_LOG * looser:g} % are allowed), so it was deleted."
        )
    return difference


def inputs(probes: NDArray[Any]) -> NDArray[Any]:
    """The probes, mirrored ones, negatives and noise of the same range: what one image hides another shows."""
    rng = np.random.default_rng(0)
    low, high = (0, 255) if probes.dtype == np.uint8 else (float(probes.min()), float(probes.max()))
    noise = rng.uniform(low, high, (NOISE, *probes.shape[1:])).astype(probes.dtype)
    negative = ((high - probes) + low).astype(probes.dtype)
    return np.concatenate([probes, probes[:, ::-1], negative, noise])


def load_probes(run: Run) -> NDArray[Any]:
    """The run's probe inputs, before any scale. Raises ModelError where it kept none."""
    path = run.folder / "probes.npz"
    if not path.is_file():
        raise ModelError(f"{run.folder} kept no probes, so an exported network could not be checked.")
    return load_arrays(path)[0]["values"]


def writer_of(run: Run) -> Writer:
    """The writer of the run's engine."""
    if run.request.engine != "keras":
        raise UsageError(f"A run of the engine {run.request.engine} cannot be exported; train it with Keras.")
    from valscope.engines.keras_engine.served import KerasWriter

    return KerasWriter()


def _land(work: Path, names: tuple[Path, Path, Path], target: Path) -> None:
    """The finished files to their names; the network last, so that it never stands without its description."""
    if names[0].parent == target:
        work.rename(target)
        return
    for name in reversed(names):
        (work / name.name).rename(name)
