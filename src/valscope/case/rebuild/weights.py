"""Where the weights of a ready-made network can be had; nothing else takes their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from valscope.case.rebuild.chosen import Chosen
from valscope.case.rebuild.notes import Notes, Unknown
from valscope.nouns.recipe import ModelSpec, Stage
from valscope.nouns.script import Freeze


def with_weights(
    spec: ModelSpec, given: Sequence[Path], stages: Sequence[Stage], found: Chosen, notes: Notes
) -> ModelSpec:
    """The spec with a file of its weights, and with the BatchNorm mode of the code.

    Raises Unknown where the weights are not here.
    """
    if spec.name == "config":
        return spec
    where = _where(spec, given)
    backbone = next((b for b in found.script.backbones if b.name.lower() == spec.name), None)
    still = backbone is not None and backbone.training is not None and not backbone.training.value
    still = still or any(_spares_batchnorm(freeze) for freeze in found.script.freezes)
    thawed = any(stage.trains != "head" for stage in stages)
    if still and backbone is not None and backbone.training is not None:
        notes.at("model.batchnorm", backbone.training.source)
    return replace(spec, weights=where, batchnorm="training" if thawed and not still else "inference")


def _spares_batchnorm(freeze: Freeze) -> bool:
    """Whether layers of BatchNorm stay frozen, or are frozen again, while others train."""
    _, _, condition = freeze.slice.partition("where ")
    return "BatchNorm" in condition and freeze.value is condition.startswith("not ")


def _where(spec: ModelSpec, given: Sequence[Path]) -> str:
    from valscope.engines.keras_engine.backbones import weight_file

    if spec.weights == "none":
        return "none"
    if spec.weights != "imagenet":
        name = Path(spec.weights.replace("\\", "/")).name
        own = next((p for p in (Path(spec.weights), *given) if p.name == name and p.is_file()), None)
        if own is not None:
            return str(own)
    found = weight_file(spec.name)
    if found is None or (
        spec.weights != "imagenet" and "imagenet" not in spec.weights and "notop" not in spec.weights
    ):
        what = (
            f"the ImageNet weights of {spec.name} without top" if spec.weights == "imagenet" else spec.weights
        )
        raise Unknown(
            f"{what} are not here" if spec.weights == "imagenet" else f"the weights {what} are not here",
            f'the weight file of {spec.name} ("notop", .h5) in the folder that VALSCOPE_WEIGHTS names',
        )
    return found
