"""Runs a user's script in a process of its own and keeps what reaches its model. Started by `running.py`, by file: it needs
nothing of valscope, so that only the script's own packages are imported.

    python runner.py OUT.npz SECONDS SCRIPT [ARGUMENT ...]

Keras models are hooked when keras is imported; which image files are opened is told by Python's own audit events, and by
cv2.imread and tf.io.read_file, which open files without Python. As soon as enough was seen the process ends.
"""

import sys

sys.path.pop(0)  # the folder of this file, whose modules are none of the script's

import contextlib
import importlib.util
import itertools
import json
import os
import runpy
import threading
import traceback
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

MOST = 48  # images; the child ends with them
MOST_BYTES = 96 * 2**20
IMAGES = (
    ".jpg",
    ".jpeg",
    ".jpe",
    ".png",
    ".bmp",
    ".gif",
    ".webp",
    ".tif",
    ".tiff",
    ".ppm",
    ".pgm",
    ".avif",
    ".jfif",
    ".mpo",
)
ASKED = ("predict", "predict_on_batch", "evaluate", "test_on_batch", "__call__")


class Record:
    """What was seen so far. Images are kept as float32, or as uint8 where they are that."""

    def __init__(self, out: str) -> None:
        self.out = out
        self.opened: list[str] = []
        self.taken = 0  # files that belong to images seen before
        self.arrays: dict[str, Any] = {}
        self.rows: list[dict[str, Any]] = []
        self.others: list[list[int]] = []  # shapes that are no images
        self.bytes = 0
        self.lock = threading.Lock()

    @property
    def full(self) -> bool:
        """Enough was seen."""
        return len(self.rows) >= MOST or self.bytes >= MOST_BYTES

    def open(self, path: object) -> None:
        """A file was opened, an image by its name and none of a package."""
        if isinstance(path, bytes):
            path = path.decode("utf-8", "replace")
        if isinstance(path, str | os.PathLike):
            name = os.fspath(path)
            if str(name).lower().endswith(IMAGES) and "site-packages" not in str(name):
                whole = _whole(str(name))
                if not self.opened[self.taken :] or self.opened[-1] != whole:
                    self.opened.append(whole)

    def batch(self, x: Any, files: list[str], training: bool, outputs: Any) -> None:
        """Images (n, height, width[, channels]) that reached a model, with its outputs where it gives one array."""
        import numpy as np

        recent = self.opened[self.taken :]
        self.taken = len(self.opened)
        told = files or (recent if len(recent) == len(x) else [])
        y = None if outputs is None or len(outputs) != len(x) else outputs
        for i, one in enumerate(x):
            if self.full:
                return
            kept = one if one.dtype == np.uint8 else one.astype(np.float32)
            row = len(self.rows)
            self.arrays[f"x{row}"] = kept
            if y is not None:
                self.arrays[f"y{row}"] = np.asarray(y[i], np.float32)
            self.bytes += kept.nbytes
            self.rows.append(
                {"file": told[i] if i < len(told) else "", "training": training, "dtype": str(one.dtype)}
            )

    def end(self, how: str, error: str = "") -> None:
        """Write everything and leave, whatever the script would do about it."""
        with self.lock:
            about = {
                "how": how,
                "error": error,
                "rows": self.rows,
                "opened": self.opened,
                "others": self.others[:3],
            }
            try:
                import numpy as np

                np.savez(self.out, about=np.asarray(json.dumps(about)), **self.arrays)
            except ImportError:  # a script without NumPy has asked no model
                pass
            sys.stderr.flush()
            os._exit(0)


class Hooks:
    """What is put in place of a model's methods."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.depth = 0
        self.call: Callable[..., Any] | None = None

    def model(self, module: Any) -> None:
        """keras or tf_keras."""
        self.call = module.Model.__call__
        for name in ASKED:
            setattr(module.Model, name, self.wrapped(name, getattr(module.Model, name)))

    def wrapped(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        """A method that keeps what it is given; what it calls itself is not looked at."""

        def asked(model: Any, *args: Any, **kwargs: Any) -> Any:
            if self.depth:
                return original(model, *args, **kwargs)
            self.depth += 1
            try:
                if args or "x" in kwargs:
                    given = args[0] if args else kwargs["x"]
                    again = self.seen(model, given, bool(kwargs.get("training")) and name == "__call__")
                    args, kwargs = ((again, *args[1:]), kwargs) if args else (args, {**kwargs, "x": again})
                return original(model, *args, **kwargs)
            finally:
                self.depth -= 1

        asked.__name__, asked.__doc__ = name, original.__doc__
        return asked

    def seen(self, model: Any, given: Any, training: bool) -> Any:
        """Keep what is given, end when that is enough; else what the model is to be asked in its place."""
        kept, again = _batches(given)
        for raw, files in kept:
            x = _array(raw)
            if x is None:
                continue
            if x.ndim not in (3, 4) or min(x.shape[1:3]) < 2:
                self.record.others.append([int(side) for side in x.shape])
                continue
            x = x[:MOST]
            self.record.batch(x, files, training, self.outputs(model, x, training))
            if self.record.full:
                self.record.end("enough")
        return again

    def outputs(self, model: Any, x: Any, training: bool) -> Any:
        """One array of outputs, None where the model gives several or cannot be asked so."""
        assert self.call is not None
        try:
            return None if training else _array(self.call(model, x, training=False))
        except Exception:  # the script's own call says what is wrong
            return None


def _batches(given: Any) -> tuple[Iterator[tuple[Any, list[str]]], Any]:
    """(batch, files) one by one, and what stands for the source afterwards: a generator gives its batches back."""
    if hasattr(given, "element_spec"):  # tf.data
        return ((_first(one), []) for one in given), given
    if hasattr(given, "__getitem__") and hasattr(given, "__len__") and hasattr(given, "on_epoch_end"):
        return _numbered(given), given
    if hasattr(given, "__next__"):
        taken = list(itertools.islice(given, 2))
        return ((_first(one), []) for one in taken), itertools.chain(taken, given)
    return iter([(given, [])]), given


def _numbered(given: Any) -> Iterator[tuple[Any, list[str]]]:
    """Batches of a Sequence, with the files of flow_from_directory."""
    for i in range(len(given)):
        batch = given[i]
        paths, order, size = (
            getattr(given, name, None) for name in ("filepaths", "index_array", "batch_size")
        )
        files: list[str] = []
        if paths is not None and order is not None and size:
            files = [_whole(paths[j]) for j in order[i * size : (i + 1) * size]]
        yield _first(batch), files


def _first(batch: Any) -> Any:
    return batch[0] if isinstance(batch, tuple | list) and batch else batch


def _array(value: Any) -> Any:
    """The value as an array, None for what is no plain tensor, such as the symbols that a network is built of."""
    import numpy as np

    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    try:
        if hasattr(value, "detach"):
            value = value.detach().cpu()
        if hasattr(value, "numpy"):
            value = value.numpy()
        if (
            not isinstance(value, np.ndarray)
            and not isinstance(value, list)
            and not hasattr(value, "__array__")
        ):
            return None
        found = np.asarray(value)
    except Exception:  # a symbol has no values
        return None
    return found if found.dtype.kind in "fiub" and found.ndim else None


def _reading(record: Record, module: Any, name: str) -> None:
    original = getattr(module, name, None)
    if original is None:
        return

    def read(*args: Any, **kwargs: Any) -> Any:
        given: Any = args[0] if args else kwargs.get("filename")
        with contextlib.suppress(Exception):  # the name of a file in a graph is a symbol
            record.open(given.numpy() if hasattr(given, "numpy") else given)
        return original(*args, **kwargs)

    setattr(module, name, read)


def _of_cv2(record: Record, module: Any) -> None:
    _reading(record, module, "imread")
    for name in ("imshow", "namedWindow", "destroyAllWindows"):  # nobody is there to look
        setattr(module, name, lambda *args, **kwargs: None)
    module.waitKey = lambda *args, **kwargs: -1


class Importing:
    """Finds modules as ever, and has some of them hooked as soon as they are there."""

    def __init__(self, hooks: dict[str, Callable[[Any], None]]) -> None:
        self.hooks = hooks
        self.looking = False

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """As `importlib` asks for it; None leaves a module to the others."""
        if name not in self.hooks or self.looking:
            return None
        self.looking = True  # the others are asked now
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self.looking = False
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def executed(module: Any) -> None:
            execute(module)
            hook = self.hooks.pop(name, None)  # not before: many only look whether a module is there
            if hook is not None:
                hook(sys.modules.get(name, module))

        spec.loader.exec_module = executed  # type: ignore[method-assign]
        return spec


def main() -> None:
    """Run the script named on the command line."""
    out, seconds, script, *arguments = sys.argv[1:]
    record = Record(out)
    hooks = Hooks(record)
    timer = threading.Timer(float(seconds), record.end, ("time",))
    timer.daemon = True
    timer.start()
    sys.addaudithook(lambda event, args: record.open(args[0]) if event == "open" and _reads(args) else None)
    finder: Any = Importing(
        {
            "keras": hooks.model, "tf_keras": hooks.model, "cv2": lambda module: _of_cv2(record, module),
            "tensorflow": lambda module: _reading(record, module.io, "read_file"),
        }
    )  # fmt: skip
    sys.meta_path.insert(0, finder)
    sys.argv = [script, *arguments]
    sys.path.insert(0, str(Path(script).absolute().parent))
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as error:
        record.end(
            "ended" if error.code in (None, 0) else "exit", error.code if isinstance(error.code, str) else ""
        )
    except BaseException as error:  # whatever the script raises is its answer
        record.end("failed", _last(error, script))
    record.end("ended")


def _whole(path: str) -> str:
    return str(Path(path).absolute())


def _reads(args: Any) -> bool:
    mode = args[1] if len(args) > 1 else "r"
    return not isinstance(mode, str) or not set(mode) & set("wax")


def _last(error: BaseException, script: str) -> str:
    """The last line of a traceback, and where in the script's folder it came from."""
    said = traceback.format_exception_only(error)[-1].strip()
    folder = str(Path(script).absolute().parent)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _whole(f.filename).startswith(folder)]
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return said + place


if __name__ == "__main__":
    main()
