"""Random networks, as code and as the tables that Keras of several generations prints of them."""

from __future__ import annotations

from hypothesis import strategies as st

from valscope.evidence.kinds import snake
from valscope.nouns.counts import counts
from valscope.nouns.network import Layer, Network, Shape
from valscope.nouns.shapes import shapes

ACTIVATIONS = ("relu", "tanh", "elu")


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A small convolutional classifier that fits its input."""
    side = draw(st.integers(24, 64))
    shape: Shape = (side, draw(st.integers(24, 64)), draw(st.sampled_from([1, 3])))
    layers: list[Layer] = []
    for _ in range(draw(st.integers(1, 3))):
        layers.append(draw(convolutions()))
        if draw(st.booleans()):
            layers.append(Layer("BatchNormalization"))
        if draw(st.booleans()):
            layers.append(Layer("Activation", activation=draw(st.sampled_from(ACTIVATIONS))))
        if draw(st.booleans()):
            layers.append(Layer("MaxPooling2D", pool=(2, 2)))
        if draw(st.booleans()):
            layers.append(Layer("Dropout", rate=draw(st.sampled_from([0.1, 0.25, 0.5]))))
    layers.append(Layer(draw(st.sampled_from(["Flatten", "GlobalAveragePooling2D"]))))
    if draw(st.booleans()):
        layers.append(Layer("Dense", units=draw(st.integers(2, 300)), activation="relu"))
    layers.append(Layer("Dense", units=draw(st.integers(1, 40)), activation="softmax"))
    layers[0] = layers[0].but(input_shape=shape)
    return Network(tuple(layers), "script", "model", shape)


@st.composite
def convolutions(draw: st.DrawFn) -> Layer:
    kernel = draw(st.integers(1, 4))
    kind = draw(st.sampled_from(["Conv2D", "Conv2D", "SeparableConv2D"]))
    return Layer(
        kind,
        filters=draw(st.integers(1, 70)),
        kernel=(kernel, kernel),
        padding=draw(st.sampled_from([None, "same"])),
        use_bias=draw(st.sampled_from([None, False])),
        activation=draw(st.sampled_from([None, "relu"])),
    )


def code(network: Network, style: str = "add") -> str:
    """Keras code that builds the network."""
    calls = [call(layer) for layer in network.layers]
    if style == "list":
        return "model = Sequential([\n" + "".join(f"    {text},\n" for text in calls) + "])\n"
    if style == "functional":
        shape = network.input_shape
        lines = [f"x = inputs = Input(shape={shape})"] + [f"x = {text}(x)" for text in calls]
        return "\n".join([*lines, "model = Model(inputs, x)"]) + "\n"
    return "model = Sequential()\n" + "".join(f"model.add({text})\n" for text in calls)


def call(layer: Layer) -> str:
    """A layer's constructor as a user writes it."""
    first = {"Conv2D": f"{layer.filters}, {layer.kernel}", "SeparableConv2D": f"{layer.filters}, {layer.kernel}",
             "Dense": f"{layer.units}", "MaxPooling2D": f"pool_size={layer.pool}", "Dropout": f"{layer.rate}",
             "Activation": f"{layer.activation!r}"}.get(layer.kind, "")  # fmt: skip
    words = [first] if first else []
    if layer.kind in ("Conv2D", "SeparableConv2D", "Dense") and layer.activation:
        words.append(f"activation={layer.activation!r}")
    if layer.padding:
        words.append(f"padding={layer.padding!r}")
    if layer.use_bias is False:
        words.append("use_bias=False")
    if layer.input_shape:
        words.append(f"input_shape={layer.input_shape}")
    return f"{layer.kind}({', '.join(words)})"


def rows(network: Network) -> list[tuple[str, str, str, int]]:
    """(name, kind, shape, parameters) of each layer as Keras names and counts them."""
    found = []
    for number, (layer, shape, count) in enumerate(zip(network.layers, shapes(network), counts(network)), 1):
        assert shape is not None and count is not None
        text = str((None, *shape))
        found.append((f"{snake(layer.kind)}_{number}", layer.kind, text, count.total))
    return found


def totals(network: Network) -> tuple[int, int]:
    """(all, never trained)"""
    known = [count for count in counts(network) if count is not None]
    return sum(count.total for count in known), sum(count.fixed for count in known)


def old_table(network: Network, width: int = 65) -> str:
    """The table of Keras 2: columns cut at 45, 85 and 100 per cent of the width."""
    places = [int(width * share) for share in (0.45, 0.85, 1.0)]
    whole, fixed = totals(network)
    lines = ["_" * width, _line(["Layer (type)", "Output Shape", "Param #"], places), "=" * width]
    for name, kind, shape, count in rows(network):
        lines += [_line([f"{name} ({kind})", shape, str(count)], places), "_" * width]
    lines[-1] = "=" * width
    return "\n".join([*lines, f"Total params: {whole:,}", f"Trainable params: {whole - fixed:,}",
                      f"Non-trainable params: {fixed:,}", "_" * width])  # fmt: skip


def _line(fields: list[str], places: list[int]) -> str:
    line = ""
    for number, (field, place) in enumerate(zip(fields, places)):
        line = (line[:-1] + " " if number else "") + field
        line = line[:place] + " " * (place - len(line))
    return line


def wrapping_table(network: Network, width: int = 65) -> str:
    """The table of TensorFlow 2.8 to 2.15: a space in front, long names wrapped onto the next line."""
    places = [0, *[int(width * share) for share in (0.45, 0.85, 1.0)]]
    whole, fixed = totals(network)
    lines = ['Model: "sequential"', "_" * width]
    lines += [" Layer (type)                Output Shape              Param #   ", "=" * width]
    for name, kind, shape, count in rows(network):
        lines += [*_wrapped([f"{name} ({kind})", shape, str(count)], places), " " * width]
    lines[-1] = "=" * width
    return "\n".join([*lines, f"Total params: {whole:,} ({whole / 256:.2f} KB)",
                      f"Trainable params: {whole - fixed:,} ({(whole - fixed) / 256:.2f} KB)",
                      f"Non-trainable params: {fixed:,} ({fixed * 4}.00 Byte)"])  # fmt: skip


def _wrapped(fields: list[str], places: list[int]) -> list[str]:
    left, lines = list(fields), []
    while any(left):
        line = ""
        for column in range(3):
            room = places[column + 1] - places[column] - 2
            line = line.ljust(places[column] + 1) + left[column][:room]
            left[column] = left[column][room:]
        lines.append(line)
    return lines


def boxed_table(network: Network) -> str:
    """The table of Keras 3, 80 columns wide."""
    whole, fixed = totals(network)
    widths = (33, 24, 15)
    cells = [[f"{name} ({kind})", shape, f"{count:,}"] for name, kind, shape, count in rows(network)]
    lines = ['Model: "sequential"', _rule("┏┳┓", "━", widths)]
    lines += [*_boxed(["Layer (type)", "Output Shape", "Param #"], widths, "┃"), _rule("┡╇┩", "━", widths)]
    for number, row in enumerate(cells):
        lines += _boxed(row, widths, "│")
        lines.append(_rule("├┼┤" if number + 1 < len(cells) else "└┴┘", "─", widths))
    return "\n".join([*lines, f" Total params: {whole:,} (9.9 MB)", f" Trainable params: {whole - fixed:,} (9.9 MB)",
                      f" Non-trainable params: {fixed:,} (1.00 KB)"])  # fmt: skip


def _rule(corners: str, line: str, widths: tuple[int, ...]) -> str:
    return corners[0] + corners[1].join(line * width for width in widths) + corners[2]


def _boxed(row: list[str], widths: tuple[int, ...], bar: str) -> list[str]:
    wrapped = [_words(text, width - 2) for text, width in zip(row, widths)]
    height = max(len(column) for column in wrapped)
    padded = [column + [""] * (height - len(column)) for column in wrapped]
    lines = [[f" {column[n]:{width - 2}} " for column, width in zip(padded, widths)] for n in range(height)]
    return [bar + bar.join(cells) + bar for cells in lines]


def _words(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
