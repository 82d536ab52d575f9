"""Training logs as programs print them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Row = tuple[float, float, float, float]  # loss, accuracy, val_loss, val_accuracy of one epoch
FORMS = ("keras2", "keras23", "keras3", "verbose2")
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")


def found(classes: int = 3, trained: int = 900, validated: int = 300) -> str:
    """What Keras prints when it has found the folders of images."""
    return (
        f"Found {trained} images belonging to {classes} classes.\n"
        f"Found {validated} images belonging to {classes} classes.\n"
    )


def log(
    rows: Sequence[Row], seed: int = 0, *, form: str = "", steps: int = 50, samples: int = 0, digits: int = 4
) -> str:
    """One training's lines.

    form     one of FORMS, or "" to choose by the seed: "keras2" prints acc, the others accuracy.
    steps    batches in an epoch; `samples` instead where old Keras counts images ("3056/3056").
    """
    form = form or FORMS[seed % len(FORMS)]
    lines: list[str] = []
    for i, row in enumerate(rows, 1):
        lines += [f"Epoch {i}/{len(rows)}", _line(row, form, samples or steps, i + seed, digits)]
    return "\n".join(lines) + "\n"


def _line(row: Row, form: str, steps: int, pace: int, digits: int) -> str:
    name = "acc" if form == "keras2" else "accuracy"
    named = list(zip(METRICS, row))
    if form == "keras3":  # Keras 3 prints metrics in the order of the alphabet
        named.sort()
    metrics = " - ".join(f"{k.replace('accuracy', name)}: {number(v, digits)}" for k, v in named)
    each = f"{3 + pace % 5}s {31 + 7 * pace % 60}ms/step"
    if form == "verbose2":
        return f"{steps}/{steps} - {each.split()[0]} - {metrics}"
    bar = "━" * 20 if form == "keras3" else "[==============================]"
    return f"{steps}/{steps} {bar} {'' if form == 'keras3' else '- '}{each} - {metrics}"


def number(value: float, digits: int = 4) -> str:
    """As Keras prints it: four decimals, or an exponent where those would show too little."""
    if value != value:
        return "nan"
    return f"{value:.{digits}f}" if abs(value) > 1e-3 else f"{value:.{digits}e}"


def rows(text: str) -> list[Row]:
    """Rows written as "loss acc val_loss val_acc / ..."."""
    return list(_rows(text))


def _rows(text: str) -> Iterator[Row]:
    for part in text.split("/"):
        a, b, c, d = (float(value) for value in part.split())
        yield a, b, c, d
