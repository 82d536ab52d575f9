"""Writers of logs: each prints a training in one of the formats that the readers know.

A training is a list of epochs; an epoch is four printed numbers: loss, accuracy, val_loss, val_accuracy.
"""

from collections.abc import Callable, Sequence

Epoch = tuple[str, str, str, str]
Writer = Callable[[Sequence[Epoch]], str]
BAR = "[" + "=" * 30 + "]"
HEAVY = "━" * 20


def keras_1(run: Sequence[Epoch]) -> str:
    head = "Train on 640 samples, validate on 160 samples\n"
    return head + "".join(
        f"Epoch {i}/{len(run)}\n640/640 {BAR} - 3s - loss: {a} - acc: {b} - val_loss: {c} - val_acc: {d}     \n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def keras_22(run: Sequence[Epoch]) -> str:
    return "".join(
        f"Epoch {i}/{len(run)}\n640/640 {BAR} - 3s 523us/step - loss: {a} - acc: {b} - val_loss: {c} - val_acc: {d}\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def keras_rewritten(run: Sequence[Epoch]) -> str:
    """As a file that caught the progress bar: carriage returns and backspaces."""
    out = []
    for i, (a, b, c, d) in enumerate(run, 1):
        out.append(f"Epoch {i}/{len(run)}\n")
        midway = "/640 [=>............................] - ETA: 0s - loss: 9.9999 - acc: 0.1111"
        out += [f"\r{at:3d}{midway}" + "\b" * 60 for at in (32, 64, 608)]
        out.append(f"\r640/640 {BAR} - 3s 5ms/step - loss: {a} - acc: {b} - val_loss: {c} - val_acc: {d}\n")
    return "".join(out)


def keras_every_step(run: Sequence[Epoch]) -> str:
    """As an editor's console shows it: each state of the bar on a line of its own."""
    out = []
    for i, (a, b, c, d) in enumerate(run, 1):
        out.append(f"Epoch {i}/{len(run)}\n")
        out += [f" {at}/20 [=>......] - ETA: 0s - loss: 9.9999 - accuracy: 0.1111\n" for at in (1, 7, 19)]
        out.append(
            f"20/20 {BAR} - 3s 5ms/step - loss: {a} - accuracy: {b} - val_loss: {c} - val_accuracy: {d}\n"
        )
    return "".join(out)


def keras_verbose_2(run: Sequence[Epoch]) -> str:
    return "".join(
        f"Epoch {i}/{len(run)}\n - 2s - loss: {a} - acc: {b} - val_loss: {c} - val_acc: {d}\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def keras_26_verbose_2(run: Sequence[Epoch]) -> str:
    return "".join(
        f"Epoch {i}/{len(run)}\n20/20 - 2s - loss: {a} - accuracy: {b} - val_loss: {c} - val_accuracy: {d} - "
        "2s/epoch - 98ms/step\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def keras_3(run: Sequence[Epoch]) -> str:
    return "".join(
        f"Epoch {i}/{len(run)}\n\x1b[1m20/20\x1b[0m \x1b[32m{HEAVY}\x1b[0m\x1b[37m\x1b[0m \x1b[1m5s\x1b[0m 78ms/step - "
        f"accuracy: {b} - loss: {a} - val_accuracy: {d} - val_loss: {c}\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def keras_3_verbose_2(run: Sequence[Epoch]) -> str:
    return "".join(
        f"Epoch {i}/{len(run)}\n20/20 - 5s - 78ms/step - accuracy: {b} - loss: {a} - val_accuracy: {d} - val_loss: {c}\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def keras_with_checkpoints(run: Sequence[Epoch]) -> str:
    return "".join(
        f"Epoch {i}/{len(run)}\n20/20 {BAR} - 5s 78ms/step - loss: {a} - categorical_accuracy: {b} - val_loss: {c} - "
        f"val_categorical_accuracy: {d}\n\nEpoch {i:05d}: val_loss improved from inf to {c}, saving model to best.h5\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def keras_glued(run: Sequence[Epoch]) -> str:
    """All newlines lost: the total of the epochs and the steps stand together."""
    return "".join(
        f"Epoch {i}/{len(run)}60/60 {BAR} - 5s 78ms/step - loss: {a} - acc: {b} - val_loss: {c} - val_acc: {d}"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def keras_wrapped(run: Sequence[Epoch]) -> str:
    """A terminal of 80 columns."""
    out = []
    for line in keras_22(run).split("\n"):
        out += [line[i : i + 80] for i in range(0, max(len(line), 1), 80)]
    return "\n".join(out)


def torch_line(run: Sequence[Epoch]) -> str:
    return "".join(
        f"Epoch [{i}/{len(run)}], Train Loss: {a}, Train Acc: {b}, Val Loss: {c}, Val Acc: {d}\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def torch_spaces(run: Sequence[Epoch]) -> str:
    return "".join(
        f"epoch {i} train_loss {a} train_acc {b} val_loss {c} val_acc {d} time 12.1s\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def torch_tutorial(run: Sequence[Epoch]) -> str:
    return "".join(
        f"Epoch {i}/{len(run)}\n----------\ntrain Loss: {a} Acc: {b}\nval Loss: {c} Acc: {d}\n\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def torch_logger(run: Sequence[Epoch]) -> str:
    return "".join(
        f"2024-03-0{i % 9 + 1} 10:00:00,123 - train.py - INFO - epoch: {i} | train: loss={a}, acc={b} | "
        f"valid: loss={c}, acc={d}\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def lightning(run: Sequence[Epoch]) -> str:
    return "".join(
        f"Epoch {i}: 100%|██████████| 60/60 [00:05<00:00, 11.90it/s, v_num=3, train_loss={a}, train_acc={b}, "
        f"val_loss={c}, val_acc={d}]\n"
        for i, (a, b, c, d) in enumerate(run)
    )


def fastai(run: Sequence[Epoch]) -> str:
    head = "epoch     train_loss  train_acc  valid_loss  accuracy  time    \n"
    return head + "".join(
        f"{i}         {a}    {b}  {c}    {d}  00:12     \n" for i, (a, b, c, d) in enumerate(run)
    )


def skorch(run: Sequence[Epoch]) -> str:
    head = "  epoch    train_loss    train_acc    valid_acc    valid_loss     dur\n-------  ------  ----  ------\n"
    return head + "".join(
        f"      {i}   \x1b[36m{a}\x1b[0m   {b}  {d}   {c}  0.1234\n" for i, (a, b, c, d) in enumerate(run, 1)
    )


def markdown(run: Sequence[Epoch]) -> str:
    head = "| Epoch | Train Loss | Train Acc | Val Loss | Val Acc |\n|---|---|---|---|---|\n"
    return head + "".join(f"| {i} | {a} | {b} | {c} | {d} |\n" for i, (a, b, c, d) in enumerate(run, 1))


def csv_logger(run: Sequence[Epoch]) -> str:
    return "epoch,accuracy,loss,val_accuracy,val_loss\n" + "".join(
        f"{i},{b},{a},{d},{c}\n" for i, (a, b, c, d) in enumerate(run)
    )


def csv_semicolons(run: Sequence[Epoch]) -> str:
    body = "".join(f"{i};{b};{a};{d};{c}\n" for i, (a, b, c, d) in enumerate(run))
    return "epoch;acc;loss;val_acc;val_loss\n" + body.replace(".", ",")


def data_frame(run: Sequence[Epoch]) -> str:
    head = "       loss  accuracy  val_loss  val_accuracy\n"
    return head + "".join(f"{i}  {a}   {b}   {c}    {d}\n" for i, (a, b, c, d) in enumerate(run))


def hugging_face(run: Sequence[Epoch]) -> str:
    return "".join(
        f"{{'loss': {a}, 'accuracy': {b}, 'learning_rate': 2e-05, 'epoch': {i}.0}}\n"
        f"{{'eval_loss': {c}, 'eval_accuracy': {d}, 'eval_runtime': 3.1, 'epoch': {i}.0}}\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


def json_lines(run: Sequence[Epoch]) -> str:
    return "".join(
        f'{{"epoch": {i}, "loss": {a}, "accuracy": {b}, "val_loss": {c}, "val_accuracy": {d}}}\n'
        for i, (a, b, c, d) in enumerate(run)
    )


def _columns(run: Sequence[Epoch]) -> list[str]:
    return [", ".join(column) for column in zip(*run, strict=True)]


def history_dict(run: Sequence[Epoch]) -> str:
    a, b, c, d = _columns(run)
    return f"{{'loss': [{a}], 'acc': [{b}], 'val_loss': [{c}], 'val_acc': [{d}]}}\n"


def history_json(run: Sequence[Epoch]) -> str:
    a, b, c, d = (column.replace(", ", ",\n    ") for column in _columns(run))
    return (
        f'{{\n  "loss": [\n    {a}\n  ],\n  "accuracy": [\n    {b}\n  ],\n  "val_loss": [\n    {c}\n  ],\n'
        f'  "val_accuracy": [\n    {d}\n  ]\n}}\n'
    )


def german(run: Sequence[Epoch]) -> str:
    body = "".join(
        f"Epoche {i}/{len(run)}: Trainingsverlust {a} Trainingsgenauigkeit {b} Validierungsverlust {c} "
        f"Validierungsgenauigkeit {d}\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )
    return body.replace(".", ",")


def chinese(run: Sequence[Epoch]) -> str:
    return "".join(
        f"第{i}轮:训练损失:{a},训练准确率:{b},验证损失:{c},验证准确率:{d}\n"
        for i, (a, b, c, d) in enumerate(run, 1)
    )


# Writer, form of the run, number of the first epoch (None where the format prints none).
FORMATS: tuple[tuple[Writer, str, int | None], ...] = (
    (keras_1, "keras", 1), (keras_22, "keras", 1), (keras_rewritten, "keras", 1), (keras_every_step, "keras", 1),
    (keras_verbose_2, "keras-verbose2", 1), (keras_26_verbose_2, "keras-verbose2", 1), (keras_3, "keras", 1),
    (keras_3_verbose_2, "keras-verbose2", 1), (keras_with_checkpoints, "keras", 1), (keras_glued, "keras", 1),
    (keras_wrapped, "keras", 1), (torch_line, "pytorch", 1), (torch_spaces, "pytorch", 1),
    (torch_tutorial, "pytorch", 1), (torch_logger, "pytorch", 1), (lightning, "lightning", 0), (fastai, "fastai", 0),
    (skorch, "table", 1), (markdown, "table", 1), (csv_logger, "csv", 0), (csv_semicolons, "csv", 0),
    (data_frame, "table", 0), (hugging_face, "dicts", 1), (json_lines, "dicts", 0), (history_dict, "history", None),
    (history_json, "history", None), (german, "pytorch", 1), (chinese, "pytorch", 1),
)  # fmt: skip
