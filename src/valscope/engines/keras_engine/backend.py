"""Importing Keras quietly, and running a piece of code with its own seeds and precision."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.errors import ValscopeError

PREFERRED = ("tensorflow", "torch", "jax")


def keras() -> Any:
    """The keras module, imported once, without the start-up chatter of its backend."""
    if "keras" in sys.modules:
        return sys.modules["keras"]
    if "KERAS_BACKEND" not in os.environ:
        os.environ["KERAS_BACKEND"] = _installed_backend()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _stderr_aside():
        import keras as module
    return module


def _installed_backend() -> str:
    for name in PREFERRED:
        if importlib.util.find_spec(name) is not None:
            return name
    raise ValscopeError(
        "Keras needs one of tensorflow, torch or jax and none is installed; "
        "install one, for example with  pip install tensorflow-cpu"
    )


@contextlib.contextmanager
def _stderr_aside() -> Iterator[None]:
    """C++ libraries write to file descriptor 2 while they load; show it only when loading fails."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as aside:
        os.dup2(aside.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(kept, 2)
            aside.seek(0)
            sys.stderr.write(aside.read().decode(errors="replace"))
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


@contextlib.contextmanager
def seeded(seed: int, precision: str = "float32") -> Iterator[None]:
    """Everything random inside comes from `seed`, layers compute in `precision`; the caller's random states
    and policy come back afterwards."""
    k = keras()
    python_state, numpy_state = random.getstate(), np.random.get_state()
    policy = k.config.dtype_policy()
    k.utils.set_random_seed(seed)
    k.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)
        k.config.set_dtype_policy(policy)


def random_state() -> NDArray[np.uint8] | None:
    """The backend's own random state, which no Keras seed generator holds: torch's dropout draws from it."""
    if keras().backend.backend() != "torch":
        return None
    import torch

    return np.asarray(torch.get_rng_state().numpy(), np.uint8).copy()


def set_random_state(state: NDArray[np.uint8]) -> None:
    """Go back to a `random_state()`."""
    import torch

    torch.set_rng_state(torch.from_numpy(state.copy()))
