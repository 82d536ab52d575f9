"""Settings of a layer that only its line shows: penalties, initial weights, and numbers of random layers."""

from __future__ import annotations

import ast
import re
from typing import Any

from valscope.nouns.network import Layer

# What keras.regularizers.L1 and L2 have where no factor is written (Keras 1 to 3).
PENALTY = 0.01
INITIALISERS = {
    "he_normal": "HeNormal", "he_uniform": "HeUniform", "glorot_normal": "GlorotNormal",
    "glorot_uniform": "GlorotUniform", "lecun_normal": "LecunNormal", "lecun_uniform": "LecunUniform",
    "zeros": "Zeros", "zero": "Zeros", "ones": "Ones", "random_normal": "RandomNormal",
    "random_uniform": "RandomUniform", "orthogonal": "Orthogonal", "truncated_normal": "TruncatedNormal",
}  # fmt: skip
_NUMBER = r"([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)"


def call_text(layer: Layer) -> str:
    """The constructor's text as far as its first line has it: "Dense(64, activation='relu')"."""
    quote = layer.source.quote if layer.source is not None else ""
    found = re.search(rf"\b{re.escape(layer.kind)}\s*\(", quote)
    if found is None:
        return quote if quote.count("(") <= 3 else ""
    depth = 0
    for place in range(found.end() - 1, len(quote)):
        depth += {"(": 1, ")": -1}.get(quote[place], 0)
        if depth == 0:
            return quote[found.start() : place + 1]
    return quote[found.start() :]


def number_in(layer: Layer, word: str) -> float | None:
    """The number written as `word=`, None where there is none."""
    found = re.search(rf"\b{word}\s*=\s*{_NUMBER}", call_text(layer))
    return float(found[1]) if found else None


def penalty(layer: Layer) -> dict[str, Any] | None:
    """The kernel's L1 or L2 penalty as Keras JSON, None where none is written with a plain factor."""
    text = call_text(layer)
    found = re.search(r"(?:kernel_|W_)regularizer\s*=\s*(?:['\"](\w+)['\"]|(.*?\)))", text)
    if found is None:
        return None
    if found[1]:
        names, factors = [found[1].lower()], [PENALTY, PENALTY]
    else:
        name = re.search(r"(l1_l2|L1L2|l1l2|[lL][12])\s*\(", found[2])
        names = [name[1].lower()] if name else []
        factors = [float(f) for f in re.findall(rf"(?:\(|=|,)\s*{_NUMBER}", found[2])] or [PENALTY, PENALTY]
    if not names or names[0] not in ("l1", "l2", "l1_l2", "l1l2"):
        return None
    if names[0] in ("l1", "l2"):
        return _own("keras.regularizers", names[0].upper(), {names[0]: factors[0]})
    return _own("keras.regularizers", "L1L2", {"l1": factors[0], "l2": factors[-1]})


def initialiser(layer: Layer) -> dict[str, Any] | None:
    """The kernel's initial weights as Keras JSON, None for Keras' default."""
    found = re.search(r"(?:kernel_initializer|init)\s*=\s*['\"](\w+)['\"]", call_text(layer))
    name = INITIALISERS.get(found[1].lower()) if found else None
    return _own("keras.initializers", name, {}) if name else None


def _own(module: str, name: str, settings: dict[str, Any]) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": settings, "registered_name": None}


def arguments(layer: Layer) -> tuple[list[Any], dict[str, Any]]:
    """Literal arguments of a constructor as far as its first line has them: ([0.1], {"fill_mode": "nearest"})."""
    call = _parsed(call_text(layer))
    if not isinstance(call, ast.Call):
        return [], {}
    named = {k.arg: _literal(k.value) for k in call.keywords if k.arg}
    return [_literal(a) for a in call.args], named


def _parsed(text: str) -> ast.expr | None:
    """The call; of one that goes on in the next line what stands before its last comma."""
    for whole in (text, text + ")", text.rpartition(",")[0] + ")"):
        try:
            return ast.parse(whole, mode="eval").body
        except SyntaxError:
            continue
    return None


def _literal(node: ast.AST) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
