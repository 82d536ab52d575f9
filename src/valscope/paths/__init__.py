"""Two ways from the same files to a network's input: do they give the same tensors, and if not, where do they part?

No labels and no network are needed, and the answer is a proof. A way is a `Preparation`, a `Pipeline`, a run, a
script that is read (run only with leave), or any function from a file to an array. The stages of functions are found by
trying which known edit maps the tensors of the one onto those of the other.
"""

from __future__ import annotations

from valscope.paths.compare import compare_paths

__all__ = ["compare_paths"]
