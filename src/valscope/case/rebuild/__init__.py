"""The user's own training and use, rebuilt as values that can be run again."""

from __future__ import annotations

from valscope.case.rebuild.pipelines import Ways, pipelines_from_script
from valscope.case.rebuild.serving import rebuilt_serving
from valscope.case.rebuild.training import rebuilt_training

__all__ = ["Ways", "pipelines_from_script", "rebuilt_serving", "rebuilt_training"]
