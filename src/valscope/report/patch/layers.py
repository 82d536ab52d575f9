"""One layer's setting in the user's code."""

from __future__ import annotations

from valscope.report.patch import objective
from valscope.report.patch.asked import Asked
from valscope.report.patch.edit import Edit
from valscope.report.patch.values import set_value


def layer_setting(name: str, asked: Asked) -> list[Edit]:
    """Activation and units of the only layer on the line; `model.config.dense_2.units`."""
    setting = name.rsplit(".", 1)[-1]
    if setting == "activation":
        return objective.activation(asked)
    layers = [c for c in asked.calls if c.last == "Dense"]
    if setting != "units" or len(layers) != 1 or not asked.number:
        return []
    argument = layers[0].argument("units") or next(iter(layers[0].positional), None)
    return [] if argument is None else [set_value(asked.code, argument, asked.after)]
