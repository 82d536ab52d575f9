"""How any saved model is used: images through a `Pipeline` to class numbers. No judgement.

served = open_served("model.keras")
images = Images(open_dataset("photos/"))
outputs = pipeline_outputs(served, images, pipeline)      # (n, k)
numbers = decide(outputs, pipeline)                       # (n,) class numbers
hits = right(numbers, images.labels, pipeline)            # (n,) bool
"""

from __future__ import annotations

from valscope.serving.decisions import decide, right
from valscope.serving.images import Images
from valscope.serving.open import Served, open_served
from valscope.serving.pipelines import network_input, pipeline_outputs

__all__ = ["Images", "Served", "decide", "network_input", "open_served", "pipeline_outputs", "right"]
