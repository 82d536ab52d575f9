"""Which calls make a layer."""

from __future__ import annotations

from valscope.evidence.kinds import LAYERS, backbone, canonical
from valscope.evidence.script.flow.asking import dotted, last_name
from valscope.evidence.script.flow.values import Call, Name


def kind_of(call: Call) -> tuple[str, bool] | None:
    """(kind, whether it is torch's) of a layer's constructor, None when the call makes no layer."""
    if not isinstance(call.function, Name):
        return None
    name = call.function.dotted
    last = last_name(call.function)
    torch = name.startswith("torch.nn") or (not call.function.imported and last.endswith(("1d", "2d", "3d")))
    kind = canonical(last, torch or last == "Linear")
    if kind == "Dense" and last == "Linear":
        torch = True
    if kind not in LAYERS and not (call.function.imported and ".layers." in name and last[:1].isupper()):
        return None
    foreign = call.function.imported and not name.startswith(
        ("keras", "tensorflow", "torch", "tflearn", "tf_keras")
    )
    return None if foreign and "keras" not in name else (kind, torch)


def backbone_name(call: Call) -> str | None:
    """The ready-made network that a call makes, by its Keras class name; None for other calls."""
    name = last_name(call.function)
    if "preprocess" in dotted(call.function) or not isinstance(call.function, Name):
        return None
    return backbone(name) if name[:1].isupper() else None
