"""A torch loop that forgets a switch.

What it does: looks whether a loop sets train and eval mode, clears gradients, and hands logits to the loss.
Why it matters: without eval() dropout and batch statistics stay on while validating; without zero_grad() gradients
of all batches add up; softmax before CrossEntropyLoss is applied twice.
Instead: model.eval() with no_grad for scores, zero_grad each step, logits into CrossEntropyLoss.
Cannot tell: how much it costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import Source, lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.script import TorchLoop
from valscope.worlds import World

CODE, NAME = "T103", "torch_loop"
NEEDS = ("torch_loops",)


def check(case: Case) -> Iterator[Outcome]:
    """Only what the reader states as absent or present; None means that it cannot be told."""
    for script in case.scripts:
        if script.torch is not None:
            yield from _judge(script.torch, case.code)


def _judge(loop: TorchLoop, code: str) -> Iterator[Outcome]:
    if loop.softmax is not None and not _beside(loop.softmax.source.quote, code):
        yield _finding("softmax is applied before a loss that applies softmax itself", loop.softmax.source, 0.4,
                       "Return logits from forward; softmax only where probabilities are shown.")  # fmt: skip
    if loop.eval_called is not None and not loop.eval_called.value:
        yield _finding("eval() is never called, so dropout and batch statistics stay on while validating",
                       loop.eval_called.source, 0.5, "model.eval() before validation, model.train() after it.")  # fmt: skip
    if loop.zero_grad is not None and not loop.zero_grad.value:
        yield _finding("gradients are never cleared, so those of all batches add up", loop.zero_grad.source, 0.7,
                       "optimizer.zero_grad() before every backward().")  # fmt: skip


def _finding(reason: str, source: Source, weight: float, remedy: str) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED", f"The training loop, {lines_of([source])}: {reason}.",
        evidence=(source,), cannot_tell="how much it costs.", remedy=remedy,
        next_step="valscope train PHOTOS/   (a loop with all its switches, on the same images)", weight=weight,
    )  # fmt: skip


def _beside(line: str, code: str) -> bool:
    """Whether the softmax is returned beside the logits ("return logits, probas"), of which the loss takes one."""
    name = line.partition("=")[0].strip().lower()
    return name.isidentifier() and bool(re.search(rf"return\s+\(?(?:{name}\s*,|[^#\n]*,\s*{name}\b)", code))


LOOP = """import torch
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(784, {classes}))
    def forward(self, x):
        return {head}
model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(9):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for x, y in val_loader:
            right += (model(x).argmax(1) == y).sum()
"""


def sick(seed: int = 0) -> World:
    """Softmax before a loss that takes logits."""
    head = ("torch.softmax(self.body(x), dim=1)", "self.body(x).softmax(1)")[seed % 2]
    return World({"train.py": LOOP.format(classes=3 + seed % 8, head=head)})


def healthy(seed: int = 0) -> World:
    """Logits."""
    return World({"train.py": LOOP.format(classes=3 + seed % 8, head="self.body(x)")})
