"""What a training or prediction script says: facts with the line that each was read from, no judgement."""

from __future__ import annotations

from dataclasses import dataclass

from valscope.nouns.fact import Fact, Source
from valscope.nouns.network import Network
from valscope.nouns.script.feeding import Feed, InputPath, ScaleName, SequenceClass, SplitCall, Step, Use
from valscope.nouns.script.objective import Amount, Backbone, Callback, Compile, Fit, Freeze
from valscope.nouns.script.rows import Copied, RowRange, ShuffledApart
from valscope.nouns.script.subsets import Subset
from valscope.nouns.script.use import (
    ClassOrder,
    Decision,
    LabelStep,
    ModelFile,
    Predicting,
    Scoring,
    Switch,
    TorchLoop,
)

__all__ = [
    "Amount", "Backbone", "Callback", "ClassOrder", "Compile", "Copied", "Decision", "Feed", "Fit", "Freeze",
    "InputPath",
    "LabelStep", "ModelFile", "Network", "Predicting", "RowRange", "ScaleName", "Scoring", "ScriptFacts", "SequenceClass",
    "ShuffledApart", "SplitCall", "Step", "Subset", "Switch", "TorchLoop", "Use",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """Everything read from code, in the order of the text; positions in one tuple refer to another
    (`fit.network` is an index into `networks`).

    file         as given.
    python2      a line that only Python 2 accepts (a print statement), so that 648/32 is 20; None without.
    frameworks   "keras", "tf.keras", "torch", "fastai", "sklearn", as imported.
    networks     models built in the text; a model that only a file holds has no layers here.
    paths        how images reach a network, one for each use (see `InputPath`).
    ranges       rows that train and rows that score, where they were cut from one thing.
    subsets      parts that loaders cut off by themselves (subset="training"), and what else loads the same files.
    copied       rows that were multiplied before they were divided.
    apart        images and labels that a shuffle moved apart.
    repaired     lines that had to be mended before they could be read (a missing bracket).
    unread       lines that look like code and could not be read.
    switches     global settings with their value: "LOAD_TRUNCATED_IMAGES", "set_learning_phase",
                 "mixed_precision".
    pops         `layers.pop()`, which changes nothing in Keras 2.2 and later.
    """

    file: str
    python2: Fact[str] | None = None
    frameworks: tuple[Fact[str], ...] = ()
    networks: tuple[Network, ...] = ()
    backbones: tuple[Backbone, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    pops: tuple[Source, ...] = ()
    compiles: tuple[Compile, ...] = ()
    fits: tuple[Fit, ...] = ()
    callbacks: tuple[Callback, ...] = ()
    feeds: tuple[Feed, ...] = ()
    sequences: tuple[SequenceClass, ...] = ()
    splits: tuple[SplitCall, ...] = ()
    ranges: tuple[RowRange, ...] = ()
    subsets: tuple[Subset, ...] = ()
    copied: tuple[Copied, ...] = ()
    apart: tuple[ShuffledApart, ...] = ()
    paths: tuple[InputPath, ...] = ()
    labels: tuple[LabelStep, ...] = ()
    class_orders: tuple[ClassOrder, ...] = ()
    files: tuple[ModelFile, ...] = ()
    predictions: tuple[Predicting, ...] = ()
    decisions: tuple[Decision, ...] = ()
    scorings: tuple[Scoring, ...] = ()
    torch: TorchLoop | None = None
    switches: tuple[Switch, ...] = ()
    repaired: tuple[Source, ...] = ()
    unread: tuple[Source, ...] = ()

    def paths_for(self, use: Use) -> tuple[InputPath, ...]:
        """The ways of images into a network at one use."""
        return tuple(path for path in self.paths if path.use == use)
