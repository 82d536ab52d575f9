"""Tables against code and against each other; the formulas against Keras itself."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from valscope.evidence.script import Fragment, read_fragments
from valscope.evidence.summary import (
    check_summary,
    compare_summaries,
    compare_to_code,
    pair_up,
    read_summaries,
)
from valscope.nouns.counts import parameter_count
from valscope.nouns.network import Layer, Shape
from valscope.nouns.shapes import output_shape
from valscope.nouns.summary import Contradiction


def table(*rows: tuple[str, str, str, int], total: int | None = None) -> str:
    lines = [
        f"{name} ({kind})".ljust(28)[:28] + f" {shape}".ljust(26) + str(count)
        for name, kind, shape, count in rows
    ]
    body = f"\n{'_' * 65}\n".join(lines)
    end = f"\n{'=' * 65}\nTotal params: {total:,}\n" if total is not None else "\n"
    return f"Layer (type)                 Output Shape              Param #\n{'=' * 65}\n{body}{end}"


# Shapes and counts of a published report: pools of 3 where its code has pools of 2.
THREE_BLOCKS = table(
    ("conv2d_11", "Conv2D", "(None, 254, 254, 32)", 896),
    ("conv2d_12", "Conv2D", "(None, 252, 252, 32)", 9248),
    ("max_pooling2d_6", "MaxPooling2D", "(None, 84, 84, 32)", 0),
    ("conv2d_13", "Conv2D", "(None, 82, 82, 32)", 9248),
    ("conv2d_14", "Conv2D", "(None, 80, 80, 32)", 9248),
    ("max_pooling2d_7", "MaxPooling2D", "(None, 40, 40, 32)", 0),
    ("conv2d_15", "Conv2D", "(None, 38, 38, 32)", 9248),
    ("conv2d_16", "Conv2D", "(None, 36, 36, 32)", 9248),
    ("max_pooling2d_8", "MaxPooling2D", "(None, 18, 18, 32)", 0),
    ("flatten_1", "Flatten", "(None, 10368)", 0),
    ("dense_6", "Dense", "(None, 128)", 1327232),
    ("dense_7", "Dense", "(None, 64)", 8256),
    ("dense_8", "Dense", "(None, 3)", 195),
    total=1382819,
)
TWO_BLOCKS = table(
    ("conv2d_13", "Conv2D", "(None, 254, 254, 32)", 896),
    ("activation_1", "Activation", "(None, 254, 254, 32)", 0),
    ("conv2d_14", "Conv2D", "(None, 252, 252, 32)", 9248),
    ("activation_2", "Activation", "(None, 252, 252, 32)", 0),
    ("max_pooling2d_7", "MaxPooling2D", "(None, 84, 84, 32)", 0),
    ("conv2d_15", "Conv2D", "(None, 82, 82, 32)", 9248),
    ("activation_3", "Activation", "(None, 82, 82, 32)", 0),
    ("conv2d_16", "Conv2D", "(None, 80, 80, 32)", 9248),
    ("activation_4", "Activation", "(None, 80, 80, 32)", 0),
    ("max_pooling2d_8", "MaxPooling2D", "(None, 40, 40, 32)", 0),
    ("flatten_2", "Flatten", "(None, 51200)", 0),
    ("dense_7", "Dense", "(None, 128)", 6553728),
    ("activation_5", "Activation", "(None, 128)", 0),
    ("dense_8", "Dense", "(None, 3)", 387),
    ("activation_6", "Activation", "(None, 3)", 0),
    total=6582755,
)
WITH_ARGUMENTS = """
    net = Sequential()
    net.add(Conv2D({first}, (3, 3), input_shape=(256, 256, 3), activation='relu'))
    net.add(Conv2D({first}, (3, 3), activation='relu'))
    net.add(MaxPooling2D(pool_size=({pool}, {pool})))
"""
WITH_LAYERS = """
    net = Sequential()
    net.add(Conv2D({first}, (3, 3), input_shape=(256, 256, 3))
    net.add(Activation('relu'))
    net.add(Conv2D({first}, (3, 3))
    net.add(Activation('relu'))
    net.add(MaxPooling2D(pool_size=({pool}, {pool})))
"""


def contradictions(code: str, text: str) -> list[Contradiction]:
    facts = read_fragments([Fragment(dedent(code), "post.txt", 1)])
    summaries = read_summaries(text, "post.txt", 50)
    return [
        one for summary, network in pair_up(summaries, facts.networks)
        for one in compare_to_code(summaries[summary], facts.networks[network])
    ]  # fmt: skip


def test_pools_that_the_shapes_do_not_bear_out() -> None:
    (pool,) = contradictions(WITH_ARGUMENTS.format(first=32, pool=2), THREE_BLOCKS)
    assert pool.kind == "pool" and pool.numbers == {"code": 2, "before": 252, "after": 84, "summary": 3}
    assert "252 x 252 becomes 126 x 126" in pool.claim and "84 x 84, which is a pool of 3" in pool.claim
    assert [source.line for source in pool.sources] == [5, 56]


def test_filters_that_the_counts_do_not_bear_out() -> None:
    found = contradictions(WITH_LAYERS.format(first=64, pool=2), TWO_BLOCKS)
    filters = next(one for one in found if one.kind == "filters")
    assert filters.numbers == {"code": 64, "summary": 32}
    assert "896 parameters are (9 * 3 + 1) * 32" in filters.claim
    assert [source.line for source in filters.sources] == [3, 52, 5, 56]
    assert {one.kind for one in found} == {"filters", "pool"}


def test_code_that_is_the_tables_own_is_silent() -> None:
    assert contradictions(WITH_ARGUMENTS.format(first=32, pool=3), THREE_BLOCKS) == []
    assert contradictions(WITH_LAYERS.format(first=32, pool=3), TWO_BLOCKS) == []


def test_each_table_goes_with_the_code_that_it_resembles() -> None:
    facts = read_fragments([
        Fragment(dedent(WITH_ARGUMENTS.format(first=32, pool=2)), "post.txt", 1),
        Fragment(dedent(WITH_LAYERS.format(first=64, pool=2)), "post.txt", 60),
    ])  # fmt: skip
    tables = read_summaries(THREE_BLOCKS, "post.txt", 20) + read_summaries(TWO_BLOCKS, "post.txt", 80)
    assert pair_up(tables, facts.networks) == ((0, 0), (1, 1))
    assert pair_up(tables, ()) == ()


def test_two_tables_of_different_networks() -> None:
    first, second = read_summaries(THREE_BLOCKS)[0], read_summaries(TWO_BLOCKS)[0]
    assert check_summary(first) == check_summary(second) == ()
    (found,) = compare_summaries(first, second)
    assert found.numbers == {"first_total": 1382819, "second_total": 6582755}
    for words in (
        "6 Conv2D layers against 4",
        "3 MaxPooling2D layers against 2",
        "Dense(64) only in the first",
    ):
        assert words in found.claim


def test_an_activation_as_a_layer_is_the_same_network() -> None:
    without = [("conv2d_1", "Conv2D", "(None, 26, 26, 8)", 80), ("flatten_1", "Flatten", "(None, 5408)", 0)]
    with_layer = [without[0], ("activation_1", "Activation", "(None, 26, 26, 8)", 0), without[1]]
    first, second = (
        read_summaries(table(*without, total=80))[0],
        read_summaries(table(*with_layer, total=80))[0],
    )
    assert compare_summaries(first, second) == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("net.add(Dense(5))", None),
        ("net.add(Dense(6))", "units"),
        ("net.add(Dense(5, use_bias=False))", "params"),
        ("net.add(Dropout(0.5))", "layers"),
        ("net.add(Dense(n))", None),
        ("net.add(Dense(5)); net.add(Dense(9))", "layers"),
    ],
)
def test_the_last_layer(line: str, kind: str | None) -> None:
    text = table(
        ("flatten_1", "Flatten", "(None, 100)", 0), ("dense_1", "Dense", "(None, 5)", 505), total=505
    )
    found = contradictions(f"net = Sequential()\nnet.add(Flatten(input_shape=(10, 10)))\n{line}", text)
    assert [one.kind for one in found] == ([kind] if kind else [])


def test_code_with_a_head_that_the_table_goes_beyond() -> None:
    text = table(("flatten_1", "Flatten", "(None, 100)", 0), ("dense_1", "Dense", "(None, 5)", 505),
                 ("dense_2", "Dense", "(None, 3)", 18), total=523)  # fmt: skip
    (found,) = contradictions("n = Sequential([Flatten(input_shape=(10, 10)), Dense(5)])", text)
    assert found.kind == "layers" and "goes on with dense_2" in found.claim


def test_layers_added_after_the_table_are_not_in_it() -> None:
    text = table(
        ("conv2d_1", "Conv2D", "(None, 26, 26, 8)", 80),
        ("conv2d_2", "Conv2D", "(None, 24, 24, 8)", 584),
        total=664,
    )
    code = """
        m = Sequential()
        m.add(Conv2D(8, 3, input_shape=(28, 28, 1)))
        m.add(Conv2D(8, 3))
        {}
        m.add(Flatten())
    """
    assert contradictions(code.format("\n" * 60), text) == []
    (found,) = contradictions(code.format(""), text)
    assert found.kind == "layers" and "goes on with Flatten" in found.claim


def test_of_several_codes_the_one_that_fits_is_the_tables_own() -> None:
    text = table(("conv2d_1", "Conv2D", "(None, 26, 26, 8)", 80), ("flatten_1", "Flatten", "(None, 5408)", 0),
                 ("dense_1", "Dense", "(None, 3)", 16227), total=16307)  # fmt: skip
    code = "m = Sequential([Conv2D(8, 3, input_shape=(28, 28, 1)), Flatten(), Dense({})])\n"
    assert contradictions(code.format(3) + code.format(9), text) == []
    assert [one.kind for one in contradictions(code.format(8) + code.format(9), text)] == ["units"]


def test_merging_layers_and_older_recurrent_ones_are_left_alone() -> None:
    text = table(("embedding_1", "Embedding", "(None, None, 32)", 320000), ("gru_1", "GRU", "(None, 32)", 6240),
                 ("dense_1", "Dense", "(None, 1)", 33), total=326273)  # fmt: skip
    assert contradictions("m = Sequential([Embedding(10000, 32), GRU(32), Dense(1)])", text) == []
    text = table(("input_1", "InputLayer", "(None, 8)", 0), ("dense_1", "Dense", "(None, 30)", 270),
                 ("concatenate_1", "Concatenate", "(None, 38)", 0))  # fmt: skip
    code = "i = Input((8,))\nd = Dense(30)(i)\nm = Model(i, Concatenate()([i, d]))"
    assert contradictions(code, text) == []


def test_a_backbone_ends_the_comparison() -> None:
    text = table(("vgg16", "Functional", "(None, 7, 7, 512)", 14714688), ("dense_1", "Dense", "(None, 5)", 5))
    assert contradictions("n = Sequential([VGG16(include_top=False), Flatten(), Dense(2)])", text) == []


CASES: list[tuple[Layer, Shape, Shape, int]] = [
    (Layer("Conv2D", filters=7, kernel=(3, 5)), (20, 30, 4), (18, 26, 7), 427),
    (
        Layer("Conv2D", filters=7, kernel=(3, 3), strides=(2, 2), padding="same"),
        (21, 30, 4),
        (11, 15, 7),
        259,
    ),
    (
        Layer("Conv2D", filters=6, kernel=(3, 3), dilation=(2, 2), use_bias=False),
        (20, 20, 3),
        (16, 16, 6),
        162,
    ),
    (Layer("Conv2D", filters=8, kernel=(3, 3), groups=2), (20, 20, 4), (18, 18, 8), 152),
    (Layer("Conv1D", filters=5, kernel=(4,)), (20, 3), (17, 5), 65),
    (Layer("Conv2DTranspose", filters=5, kernel=(3, 3), strides=(2, 2)), (10, 10, 4), (21, 21, 5), 185),
    (
        Layer("Conv2DTranspose", filters=5, kernel=(3, 3), strides=(2, 2), padding="same"),
        (10, 10, 4),
        (20, 20, 5),
        185,
    ),
    (Layer("SeparableConv2D", filters=9, kernel=(3, 3), depth_multiplier=2), (10, 10, 4), (8, 8, 9), 153),
    (Layer("DepthwiseConv2D", kernel=(3, 3), depth_multiplier=2), (10, 10, 4), (8, 8, 8), 80),
    (Layer("MaxPooling2D"), (15, 16, 3), (7, 8, 3), 0),
    (Layer("MaxPooling2D", pool=(3, 3), strides=(2, 2)), (15, 16, 3), (7, 7, 3), 0),
    (Layer("AveragePooling2D", pool=(3, 3), padding="same"), (16, 16, 3), (6, 6, 3), 0),
    (Layer("GlobalAveragePooling2D"), (4, 5, 6), (6,), 0),
    (Layer("GlobalMaxPooling2D", keepdims=True), (4, 5, 6), (1, 1, 6), 0),
    (Layer("Dense", units=9), (4, 5), (4, 9), 54),
    (Layer("Flatten"), (4, 5, 6), (120,), 0),
    (Layer("BatchNormalization"), (4, 5, 6), (4, 5, 6), 24),
    (Layer("BatchNormalization", gamma=False), (4, 5, 6), (4, 5, 6), 18),
    (Layer("LayerNormalization"), (6,), (6,), 12),
    (Layer("ZeroPadding2D", border=((1, 2), (3, 4))), (4, 5, 6), (7, 12, 6), 0),
    (Layer("Cropping2D", border=((1, 1), (0, 2))), (7, 8, 6), (5, 6, 6), 0),
    (Layer("UpSampling2D", size=(2, 3)), (4, 5, 6), (8, 15, 6), 0),
    (Layer("Reshape", shape=(-1, 6)), (4, 5, 6), (20, 6), 0),
    (Layer("Permute", shape=(2, 1)), (4, 5), (5, 4), 0),
    (Layer("RepeatVector", units=3), (5,), (3, 5), 0),
    (Layer("Embedding", vocabulary=50, units=8), (12,), (12, 8), 400),
    (Layer("LSTM", units=7), (12, 5), (7,), 364),
    (Layer("LSTM", units=7, return_sequences=True), (12, 5), (12, 7), 364),
    (Layer("GRU", units=7), (12, 5), (7,), 294),
    (Layer("GRU", units=7, reset_after=False), (12, 5), (7,), 273),
    (Layer("SimpleRNN", units=7), (12, 5), (7,), 91),
    (Layer("Resizing", size=(9, 8)), (4, 5, 3), (9, 8, 3), 0),
    (Layer("Rescaling", scale=0.5), (4, 5, 3), (4, 5, 3), 0),
    (Layer("Dropout", rate=0.5), (4, 5, 3), (4, 5, 3), 0),
]


@pytest.mark.parametrize(
    ("layer", "before", "after", "count"), CASES, ids=lambda value: getattr(value, "kind", "")
)
def test_shapes_and_counts(layer: Layer, before: Shape, after: Shape, count: int) -> None:
    assert output_shape(layer, [before]) == after
    found = parameter_count(layer, [before])
    assert found is not None and found.total == count


WORDS = {
    "filters": "filters", "kernel": "kernel_size", "strides": "strides", "padding": "padding", "units": "units",
    "dilation": "dilation_rate", "use_bias": "use_bias", "groups": "groups", "depth_multiplier": "depth_multiplier",
    "pool": "pool_size", "keepdims": "keepdims", "gamma": "scale", "size": "size", "return_sequences": "return_sequences",
    "reset_after": "reset_after", "rate": "rate", "scale": "scale",
}  # fmt: skip


def _settings(layer: Layer) -> dict[str, Any]:
    given = {word: getattr(layer, name) for name, word in WORDS.items() if getattr(layer, name) is not None}
    if layer.kind in ("ZeroPadding2D", "Cropping2D"):
        given = {"padding" if layer.kind.startswith("Zero") else "cropping": layer.border}
    if layer.kind == "Reshape":
        given = {"target_shape": layer.shape}
    if layer.kind == "Permute":
        given = {"dims": layer.shape}
    if layer.kind == "RepeatVector":
        given = {"n": layer.units}
    if layer.kind == "Embedding":
        given = {"input_dim": layer.vocabulary, "output_dim": layer.units}
    if layer.kind == "Resizing" and layer.size:
        given = {"height": layer.size[0], "width": layer.size[1]}
    return given


@pytest.mark.keras
@pytest.mark.parametrize(
    ("layer", "before", "after", "count"), CASES, ids=lambda value: getattr(value, "kind", "")
)
def test_keras_has_the_same_shapes_and_counts(layer: Layer, before: Shape, after: Shape, count: int) -> None:
    import keras

    made = getattr(keras.layers, layer.kind)(**_settings(layer))
    model = keras.Sequential([keras.Input(before), made])
    assert tuple(model.output_shape[1:]) == after
    assert made.count_params() == count
