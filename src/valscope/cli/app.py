"""The commands and where they are. Each is imported when it is called."""

from __future__ import annotations

from cyclopts import App

from valscope import __version__

app = App(
    name="valscope",
    help="Trains image classifiers whose accuracy can be believed, and finds out why another one's cannot.",
    version=__version__,
    help_format="plaintext",
)

COMMANDS = {
    "train": "Train a classifier from images and say what its accuracy is worth.",
    "predict": "Classify images with a run; sort them into folders.",
    "evaluate": "Score a run on labelled images.",
    "compare": "Is one run better than another on the same images?",
    "export": "Write a run as keras, onnx, savedmodel or litert, preparation included.",
    "undo": "Take back what predict --sort-into did.",
    "reconcile": "Say which use of a saved model gives which accuracy, and where points are lost.",
    "compare-paths": "Do training and prediction give the network the same tensors? Names where they part.",
    "diagnose": "Say what is wrong with a training: from a post, log, script, model or folder.",
    "rules": "List the rules of the diagnosis, or show the page of one.",
    "demo": "See an illness and its diagnosis: a whole case, or the example of a rule.",
}
for name, sentence in COMMANDS.items():
    module = name.replace("-", "_")
    app.command(f"valscope.cli.{module}:{module}", name=name, help=sentence)
