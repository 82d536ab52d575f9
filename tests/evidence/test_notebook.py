"""Notebooks: whole, minified, of an old version, and cut anywhere."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valscope.errors import InputError
from valscope.evidence.notebook import is_notebook, read_notebook
from valscope.evidence.script import read_fragments

CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Birds\n", "100 % of them"]},
    {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "outputs": [],
        "source": [
            "%matplotlib inline\n",
            "n_classes = 7\n",
            "model = Sequential([Flatten(), Dense(n_classes)])",
        ],
    },
    {
        "cell_type": "code",
        "execution_count": 2,
        "metadata": {},
        "outputs": [
            {"name": "stdout", "output_type": "stream", "text": ["Epoch 1/2\n", "loss: 0.5\n"]},
            {"output_type": "execute_result", "data": {"text/plain": ["<History>"]}, "metadata": {}},
            {
                "output_type": "error",
                "ename": "E",
                "evalue": "e",
                "traceback": ["\u001b[0;31mValueError\u001b[0m: x"],
            },
        ],
        "source": ["model.fit(x, y,\n", "          epochs=2)"],
    },
]
WHOLE = {"cells": CELLS, "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 2}


def test_cells_and_outputs() -> None:
    notebook = read_notebook(json.dumps(WHOLE, indent=1), "birds.ipynb")
    assert [(cell.number, cell.kind) for cell in notebook.cells] == [
        (1, "markdown"), (2, "code"), (3, "code"), (3, "output"), (3, "output"), (3, "output"),
    ]  # fmt: skip
    assert notebook.cells[2].text == "model.fit(x, y,\n          epochs=2)"
    assert [text for _, text in notebook.printed()][2:] == [
        "Epoch 1/2",
        "loss: 0.5",
        "<History>",
        "ValueError: x",
    ]
    assert notebook.whole


def test_facts_carry_the_line_of_the_file() -> None:
    text = json.dumps(WHOLE, indent=1)
    facts = read_fragments(read_notebook(text, "birds.ipynb").fragments())
    (network,) = facts.networks
    assert network.layers[1].units == 7 and facts.fits[0].network == 0
    epochs = facts.fits[0].epochs
    assert epochs and "epochs=2" in text.split("\n")[(epochs.source.line or 0) - 1]


def test_a_minified_notebook_counts_lines_in_the_cell() -> None:
    facts = read_fragments(read_notebook(json.dumps(WHOLE), "birds.ipynb").fragments())
    assert facts.fits[0].source.file == "birds.ipynb, cell 3"
    epochs = facts.fits[0].epochs
    assert epochs and epochs.source.line == 2 and facts.fits[0].network == 0


def test_source_as_one_string() -> None:
    notebook = read_notebook(
        json.dumps({"cells": [{"cell_type": "code", "source": "a = 1\nb = 2"}]}, indent=1)
    )
    assert notebook.cells[0].text == "a = 1\nb = 2"


def test_version_3() -> None:
    old = {
        "worksheets": [
            {"cells": [{"cell_type": "code", "input": ["print 1"], "outputs": [{"text": ["1\n"]}]}]}
        ]
    }
    notebook = read_notebook(json.dumps(old))
    assert [cell.text for cell in notebook.cells] == ["print 1", "1"]


@settings(max_examples=80, deadline=None)
@given(end=st.integers(0, 1800), indent=st.sampled_from([None, 1]))
def test_a_notebook_cut_anywhere_keeps_what_stands_before(end: int, indent: int | None) -> None:
    text = json.dumps(WHOLE, indent=indent)
    cut = text[: min(end, len(text) - 1)]
    try:
        notebook = read_notebook(cut)
    except InputError:
        assert '"cells": [' not in cut
        return
    whole = read_notebook(text)
    assert not notebook.whole
    partial = [cell for cell in notebook.cells if cell not in whole.cells]
    assert len(partial) <= 1
    for cell in partial:
        same = [one for one in whole.cells if (one.number, one.kind) == (cell.number, cell.kind)]
        assert any(one.text.startswith(cell.text) for one in same)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet='{}[]":,cels\\un0 \n', max_size=200))
def test_no_text_crashes_the_reader(text: str) -> None:
    for given_text in (text, '{"cells": [' + text):
        try:
            read_notebook(given_text).fragments()
        except InputError as error:
            assert "not a notebook" in str(error)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"a": 1}', "plain words", '{"nbformat": 4}'])
def test_what_is_no_notebook_is_said(text: str) -> None:
    with pytest.raises(InputError, match="not a notebook"):
        read_notebook(text)


def test_telling_a_notebook() -> None:
    assert is_notebook(json.dumps(WHOLE)) and is_notebook(json.dumps(WHOLE)[:200])
    assert not is_notebook('{"loss": [1, 2]}')
