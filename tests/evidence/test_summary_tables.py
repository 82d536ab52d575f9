"""Summary tables of all generations, whole, cut and pasted badly."""

import pytest
from drawn_networks import boxed_table, code, networks, old_table, rows, totals, wrapping_table
from hypothesis import given, settings
from hypothesis import strategies as st

from valscope.evidence.script import read_script
from valscope.evidence.summary import check_summary, compare_to_code, network_of, read_summaries
from valscope.nouns.network import Network
from valscope.nouns.shapes import shapes

TABLES = {"keras 2": old_table, "tensorflow 2.8": wrapping_table, "keras 3": boxed_table}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(network=networks(), form=st.sampled_from(sorted(TABLES)))
def test_a_printed_network_is_read_back(network: Network, form: str) -> None:
    (summary,) = read_summaries(TABLES[form](network))
    expected = rows(network)
    assert [(row.kind, row.params) for row in summary.rows] == [
        (kind, count) for _, kind, _, count in expected
    ]
    assert [row.shape for row in summary.rows] == list(shapes(network))
    whole, fixed = totals(network)
    assert summary.total and summary.total.value == whole
    assert summary.frozen and summary.frozen.value == fixed and summary.ended
    assert check_summary(summary) == ()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    network=networks(),
    form=st.sampled_from(sorted(TABLES)),
    style=st.sampled_from(["add", "list", "functional"]),
)
def test_code_and_table_of_one_network_agree(network: Network, form: str, style: str) -> None:
    (read,) = read_script(code(network, style)).networks
    (summary,) = read_summaries(TABLES[form](network))
    written = [layer.but(source=None) for layer in read.layers if layer.kind != "InputLayer"]
    plain = [layer.but(input_shape=None) for layer in network.layers]
    assert [layer.but(input_shape=None) for layer in written] == (
        plain if style != "functional" else [layer.but(inputs=w.inputs) for layer, w in zip(plain, written)]
    )
    assert compare_to_code(summary, read) == ()


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(network=networks(), data=st.data())
def test_a_changed_layer_is_found(network: Network, data: st.DataObject) -> None:
    places = [n for n, layer in enumerate(network.layers) if layer.filters or layer.units]
    place = data.draw(st.sampled_from(places))
    layer = network.layers[place]
    other = layer.but(filters=layer.filters + 7) if layer.filters else layer.but(units=(layer.units or 0) + 7)
    changed = network.but(layers=(*network.layers[:place], other, *network.layers[place + 1 :]))
    (summary,) = read_summaries(old_table(network))
    found = compare_to_code(summary, read_script(code(changed)).networks[0])
    assert [one.kind for one in found] == ["filters" if layer.filters else "units"]


@settings(max_examples=40, deadline=None)
@given(network=networks(), data=st.data())
def test_a_changed_count_is_found(network: Network, data: st.DataObject) -> None:
    """Every row's count is bound by the total, so one that was tampered with cannot go unseen."""
    (summary,) = read_summaries(old_table(network))
    place = data.draw(st.integers(0, len(summary.rows) - 1))
    table = old_table(network).split("\n")
    line = next(n for n, text in enumerate(table) if text.startswith(summary.rows[place].name + " "))
    count = str(summary.rows[place].params)
    head, _, tail = table[line].rpartition(count)
    table[line] = head + str(int(count) + 1) + tail
    (tampered,) = read_summaries("\n".join(table))
    assert check_summary(tampered)


OLD = """
Layer (type)                 Output Shape              Param #
=================================================================
conv2d_1 (Conv2D)            (None, 62, 62, 32)        320
_________________________________________________________________
max_pooling2d_1 (MaxPooling2 (None, 20, 20, 32)        0
_________________________________________________________________
flatten_1 (Flatten)          (None, 12800)             0
_________________________________________________________________
dense_1 (Dense)              (None, 4)                 51204
=================================================================
Total params: 51,524
"""


def test_kinds_cut_by_the_column_are_completed() -> None:
    (summary,) = read_summaries(OLD, "post.txt", first_line=10)
    pool = summary.rows[1]
    assert (pool.kind, pool.cut, pool.source.line) == ("MaxPooling2D", True, 15)
    assert network_of(summary).layers[1].pool == (3, 3)
    assert network_of(summary).layers[0].filters == 32


def test_rows_run_together_on_one_line() -> None:
    (summary,) = read_summaries(" ".join(OLD.split()))
    assert [row.kind for row in summary.rows] == ["Conv2D", "MaxPooling2D", "Flatten", "Dense"]
    assert summary.total and summary.total.value == 51524 and check_summary(summary) == ()


def test_a_table_that_was_cut_off() -> None:
    (summary,) = read_summaries("\n".join(OLD.split("\n")[:7]) + "\n\nand so on\n")
    assert len(summary.rows) == 2 and not summary.ended


def test_what_follows_the_totals_is_not_the_table() -> None:
    (summary,) = read_summaries(
        OLD + "I ran it.\nThen again.\nAnd again.\nTotal params: 7\ndense_9 (Dense) (None, 4) 7\n"
    )
    assert len(summary.rows) == 4 and summary.total and summary.total.value == 51524
    assert summary.trainable is None and summary.frozen is None
    again = read_summaries(OLD + OLD.replace("dense_1", "dense_2"))
    assert [table.rows[-1].name for table in again] == ["dense_1", "dense_2"]


def test_a_functional_table_with_connections() -> None:
    (summary,) = read_summaries("""
__________________________________________________________________________________________________
Layer (type)                    Output Shape         Param #     Connected to
==================================================================================================
input_1 (InputLayer)            [(None, 32, 32, 3)]  0
__________________________________________________________________________________________________
conv2d (Conv2D)                 (None, 32, 32, 8)    224         input_1[0][0]
__________________________________________________________________________________________________
conv2d_1 (Conv2D)               (None, 32, 32, 8)    584         conv2d[0][0]
__________________________________________________________________________________________________
add (Add)                       (None, 32, 32, 8)    0           conv2d[0][0]
                                                                 conv2d_1[0][0]
__________________________________________________________________________________________________
tf.math.truediv (TFOpLambda)    (None, 32, 32, 8)    0           add[0][0]
==================================================================================================
Total params: 808
""")
    assert summary.rows[0].shape == (32, 32, 3)
    assert summary.rows[3].inputs == ("conv2d", "conv2d_1")
    assert summary.rows[4].kind == "TFOpLambda" and check_summary(summary) == ()


def test_a_list_of_shapes_that_the_column_cut() -> None:
    (summary,) = read_summaries("""
Layer (type)                     Output Shape          Param #     Connected to
====================================================================================================
dense_1 (Dense)                  (None, 2)             66          input_1[0][0]
own_layer_1 (OwnL                [(None, 28, 28, 1), ( 0           input_1[0][0]
                                                                   dense_1[1][0]
====================================================================================================
Total params: 66
""")
    assert [(row.shape, row.params) for row in summary.rows] == [((2,), 66), ((28, 28, 1), 0)]
    assert summary.rows[1].inputs == ("input_1", "dense_1") and check_summary(summary) == ()


def test_channels_first() -> None:
    (summary,) = read_summaries("""
Layer (type)                     Output Shape          Param #     Connected to
====================================================================================================
convolution2d_1 (Convolution2D)  (None, 32, 26, 26)    320         convolution2d_input_1[0][0]
convolution2d_2 (Convolution2D)  (None, 48, 24, 24)    13872       convolution2d_1[0][0]
maxpooling2d_1 (MaxPooling2D)    (None, 48, 12, 12)    0           convolution2d_2[0][0]
flatten_1 (Flatten)              (None, 6912)          0           maxpooling2d_1[0][0]
dense_1 (Dense)                  (None, 10)            69130       flatten_1[0][0]
====================================================================================================
Total params: 83322
""")
    assert summary.rows[0].kind == "Conv2D"
    assert network_of(summary).layers[1].stated_shape == (24, 24, 48)
    assert check_summary(summary) == ()


def test_a_torch_table() -> None:
    (summary,) = read_summaries("""
----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1           [-1, 16, 30, 30]             448
              ReLU-2           [-1, 16, 30, 30]               0
            Linear-3                   [-1, 10]         144,010
================================================================
Total params: 144,458
""")
    assert summary.form == "torch"
    assert (summary.rows[0].kind, summary.rows[0].shape) == ("Conv2D", (30, 30, 16))
    assert summary.rows[2].kind == "Dense"


def test_nested_rows_are_not_counted_twice() -> None:
    (summary,) = read_summaries("""
┃ Layer (type)                ┃ Output Shape       ┃    Param # ┃
│ base (Functional)           │ (None, 3, 3, 8)    │        224 │
├─────────────────────────────┼────────────────────┼────────────┤
│    └ conv (Conv2D)          │ (None, 3, 3, 8)    │        224 │
├─────────────────────────────┼────────────────────┼────────────┤
│ dense (Dense)               │ (None, 2)          │         18 │
└─────────────────────────────┴────────────────────┴────────────┘
 Total params: 242 (968.00 B)
""")
    assert [row.depth for row in summary.rows] == [0, 1, 0]
    assert check_summary(summary) == ()


def test_an_unbuilt_network() -> None:
    (summary,) = read_summaries("""
┃ Layer (type)       ┃ Output Shape       ┃       Param # ┃
│ conv2d (Conv2D)    │ ?                  │   0 (unbuilt) │
├────────────────────┼────────────────────┼───────────────┤
│ dense (Dense)      │ ?                  │   0 (unbuilt) │
└────────────────────┴────────────────────┴───────────────┘
 Total params: 0 (0.00 B)
""")
    assert [row.shape for row in summary.rows] == [None, None]
    assert [row.params for row in summary.rows] == [None, None] and check_summary(summary) == ()


def test_optimiser_parameters_belong_to_keras_3_totals() -> None:
    (summary,) = read_summaries(
        OLD.replace(
            "Total params: 51,524",
            """Total params: 154,574 (603.80 KB)
Trainable params: 51,524 (201.27 KB)
Non-trainable params: 0 (0.00 B)
Optimizer params: 103,050 (402.54 KB)""",
        )
    )
    assert summary.optimiser and summary.optimiser.value == 103050 and check_summary(summary) == ()


@pytest.mark.parametrize(
    ("old", "new", "kind", "words"),
    [
        ("51204", "51205", "params", "12,800 * 4 + 4 = 51,204"),
        ("(None, 12800)", "(None, 12801)", "shape", "20 * 20 * 32 = 12,800"),
        ("320", "321", "params", "32 * 10.03"),
        ("(None, 20, 20, 32)", "(None, 20, 20, 31)", "shape", "32 before and 31 after"),
        ("51,524", "51,500", "total", "add up to 51,524"),
        (
            "MaxPooling2 (None, 20, 20, 32)        0",
            "MaxPooling2 (None, 20, 20, 32)        9",
            "params",
            "no weights",
        ),
    ],
)
def test_contradictions_show_their_arithmetic(old: str, new: str, kind: str, words: str) -> None:
    (summary,) = read_summaries(OLD.replace(old, new, 1))
    found = [one for one in check_summary(summary) if one.kind == kind]
    assert found and words in found[0].claim and found[0].sources[0].line


def test_a_length_that_no_kernel_gives() -> None:
    text = OLD.replace("conv2d_1 (Conv2D)            (None, 62, 62, 32)        320\n",
                       "c0 (Conv2D) (None, 64, 64, 1) 10\nconv2d_1 (Conv2D) (None, 57, 57, 32) 320\n")  # fmt: skip
    found = check_summary(read_summaries(text)[0])
    assert found[0].kind == "shape" and "64 into 57" in found[0].claim


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=300)
    | st.text(alphabet="Layer (type)OutpuShapParm#\n_=│┃┡├ None,0123456789[]", max_size=400)
)
def test_no_text_crashes_the_reader(text: str) -> None:
    for summary in read_summaries("Layer (type) Output Shape Param #\n" + text):
        check_summary(summary)
        network_of(summary)
