"""valscope trains image classifiers whose accuracy can be believed, and finds out why another one's cannot.

    import valscope
    run = valscope.train("photos/", "runs/photos")
    print(run.result.scores.accuracy)
    for prediction in valscope.predict(run, ["new/"]):
        print(prediction.path, prediction.name)

Nothing heavy is imported until one of these names is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_WHERE = {
    "train": "valscope.training.train",
    "resume": "valscope.training.train",
    "compare": "valscope.comparison",
    "compare_paths": "valscope.paths",
    "diagnose": "valscope.diagnosis.ask",
    "evaluate": "valscope.evaluation",
    "export": "valscope.exporting",
    "predict": "valscope.prediction",
    "reconcile": "valscope.reconciling",
    "sort_into": "valscope.sorting",
    "undo": "valscope.sorting",
    "Prediction": "valscope.nouns.prediction",
    "open_dataset": "valscope.data.sources.open",
    "Run": "valscope.run",
    "Recipe": "valscope.nouns.recipe",
    "Preparation": "valscope.nouns.preparation",
}
__all__ = [
    "Prediction", "Preparation", "Recipe", "Run",
    "compare", "compare_paths", "diagnose", "evaluate", "export", "open_dataset", "predict", "reconcile", "resume",
    "sort_into", "train", "undo",
]  # fmt: skip

if TYPE_CHECKING:
    from valscope.comparison import compare
    from valscope.data.sources.open import open_dataset
    from valscope.diagnosis.ask import diagnose
    from valscope.evaluation import evaluate
    from valscope.exporting import export
    from valscope.nouns.prediction import Prediction
    from valscope.nouns.preparation import Preparation
    from valscope.nouns.recipe import Recipe
    from valscope.paths import compare_paths
    from valscope.prediction import predict
    from valscope.reconciling import reconcile
    from valscope.run import Run
    from valscope.sorting import sort_into, undo
    from valscope.training.train import resume, train


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _WHERE:
        raise AttributeError(f"module 'valscope' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
