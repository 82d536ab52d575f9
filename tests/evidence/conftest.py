"""Texts that several tests read."""

import pytest


@pytest.fixture
def keras_log() -> str:
    rows = [
        (0.9817, 0.6217, 0.7733, 0.6811),
        (0.6240, 0.7402, 0.6054, 0.7213),
        (0.5031, 0.8114, 0.5577, 0.7530),
    ]
    out = []
    for i, (loss, acc, val_loss, val_acc) in enumerate(rows, 1):
        out.append(f"Epoch {i}/3\n")
        out.append(
            f"84/84 [==============================] - 7s 81ms/step - loss: {loss:.4f} - acc: {acc:.4f} - "
            f"val_loss: {val_loss:.4f} - val_acc: {val_acc:.4f}\n"
        )
    return "".join(out)
