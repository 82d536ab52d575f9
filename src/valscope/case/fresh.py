"""Layers that code freezes at their random starting values: nothing put weights into them and nothing trained them."""

from __future__ import annotations

import re

from valscope.nouns.script import Freeze, ScriptFacts

NEW = re.compile(r"^(?:\w+\.)*(?:Sequential|Model)\(")
READING = ("load_model", "load_weights", "model_from_json")


def frozen_fresh(script: ScriptFacts) -> tuple[str, Freeze] | None:
    """The network and the line that freezes all of it, where the code shows that its weights are random; else None."""
    if any(f.name in READING for f in script.files) or any(f.value for f in script.freezes):
        return None
    for freeze in script.freezes:
        line = freeze.source.line or 0
        trained = any(
            0 < (f.source.line or 0) < line and f.source.file == freeze.source.file for f in script.fits
        )
        if freeze.slice or freeze.after_compile or trained:
            continue
        empty = any(
            b.name == freeze.target and b.weights is not None and b.weights.value == "none"
            for b in script.backbones
        )
        if freeze.of == "backbone" and empty:
            return freeze.target, freeze
        if freeze.of == "model" and NEW.match(freeze.target) and not script.backbones:
            return "the inner network", freeze
    return None
