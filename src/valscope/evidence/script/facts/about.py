"""Frameworks, switches and torch loops: what a text says besides its facts about training."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.flow.asking import last_name
from valscope.evidence.script.text.parse import Parsed
from valscope.nouns.fact import Fact
from valscope.nouns.script import Switch

_FRAMEWORKS = {
    "keras": "keras", "tensorflow": "tensorflow", "torch": "torch", "torchvision": "torch", "fastai": "fastai",
    "sklearn": "sklearn", "pytorch_lightning": "lightning", "lightning": "lightning", "tf_keras": "tf.keras",
}  # fmt: skip
_SWITCHES = frozenset({"set_learning_phase", "set_global_policy", "set_policy", "set_image_dim_ordering",
                       "set_image_data_format", "run_functions_eagerly"})  # fmt: skip


def python2_of(fragments: Sequence[Parsed]) -> Fact[str] | None:
    """The first line that only Python 2 takes."""
    found = [parsed.python2 for parsed in fragments if parsed.python2 is not None]
    return Fact(found[0].quote, found[0]) if found else None


def frameworks_of(fragments: Sequence[Parsed]) -> tuple[Fact[str], ...]:
    """What is imported, each with its first line."""
    found: dict[str, Fact[str]] = {}
    for parsed in fragments:
        for node in ast.walk(parsed.tree):
            for name in _imported(node):
                label = "tf.keras" if name.startswith(("tensorflow.keras", "tf.keras")) else None
                label = label or _FRAMEWORKS.get(name.partition(".")[0])
                if label is not None:
                    found.setdefault(label, Fact(label, parsed.source(getattr(node, "lineno", 1))))
    return tuple(found.values())


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module or ''}.{node.names[0].name}"]
    if isinstance(node, ast.Attribute) and node.attr == "keras" and isinstance(node.value, ast.Name):
        return ["tf.keras"] if node.value.id in ("tf", "tensorflow") else []
    return []


def switches(reading: Reading) -> tuple[Switch, ...]:
    """Global settings."""
    found = [
        Switch(setting.name, Fact(setting.value.text, setting.source))
        for setting in reading.settings if setting.name == "LOAD_TRUNCATED_IMAGES"
    ]  # fmt: skip
    found += [
        Switch(last_name(call.function), Fact(call.arguments[0].text, call.source))
        for call in reading.calls if last_name(call.function) in _SWITCHES and call.arguments
    ]  # fmt: skip
    return tuple(dict.fromkeys(found))
