"""Is one run better than another? The same images, paired."""

from __future__ import annotations

import os
from typing import Any

from valscope.comparison.fresh import fresh_pairs
from valscope.comparison.judge import changed, judge
from valscope.comparison.stored import stored_pairs
from valscope.errors import UsageError
from valscope.nouns.comparison import ClassChange, Comparison
from valscope.run import Run, as_run
from valscope.training.observer import Observer, Silent

__all__ = ["ClassChange", "Comparison", "changed", "compare"]


def compare(
    run_a: Run | str | os.PathLike[str],
    run_b: Run | str | os.PathLike[str],
    data: Any = None,
    *,
    observer: Observer | None = None,
    **how: Any,
) -> Comparison:
    """Compare two runs image by image.

    data  labelled images, as `open_dataset` takes them with `how`; those that a run has trained on are left out.
          Without it, the images that are in the untouched test parts of both runs, as each run scored them then.

    Raises DataError where no image is fair to both, RunError where a run kept too little.
    """
    a, b = as_run(run_a), as_run(run_b)
    if a.folder.resolve() == b.folder.resolve():
        raise UsageError(f"Both runs are {a.folder}; give two different ones.")
    pairs = stored_pairs(a, b) if data is None else fresh_pairs(a, b, data, observer or Silent(), **how)
    return judge(pairs, str(a.folder), str(b.folder))
