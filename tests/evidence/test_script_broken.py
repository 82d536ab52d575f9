"""Code as it arrives: old, cut, badly pasted. What can be read is read; the rest is listed, never fatal."""

from __future__ import annotations

import time
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valscope.codec import from_plain, to_plain
from valscope.evidence.script import Fragment, read_fragments, read_script
from valscope.nouns.script import ScriptFacts


def read(code: str) -> ScriptFacts:
    return read_script(dedent(code).strip("\n"), "post.txt")


SOUND = '''
    from keras.models import Sequential
    model = Sequential()
    model.add(Conv2D(64, (3, 3), input_shape=(96, 96, 3)))
    model.add(Flatten())
    model.add(Dense(3, activation="softmax"))
    model.compile(optimizer="adam",
                  loss="categorical_crossentropy",
                  metrics=["accuracy"])
    model.fit(x, y, epochs=20, batch_size=16,
              validation_split=0.2)
'''  # fmt: skip


def same_facts(facts: ScriptFacts) -> None:
    (network,) = facts.networks
    assert [layer.kind for layer in network.layers] == ["Conv2D", "Flatten", "Dense"]
    assert network.layers[0].filters == 64 and network.layers[2].units == 3
    (compiled,), (fit,) = facts.compiles, facts.fits
    assert compiled.loss and compiled.loss.value == "categorical_crossentropy"
    assert fit.epochs and fit.epochs.value.value == 20
    assert fit.validation_split and fit.validation_split.value == 0.2


def test_sound_code_needs_no_mending() -> None:
    facts = read(SOUND)
    same_facts(facts)
    assert facts.repaired == () and facts.unread == () and facts.python2 is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("model.add(Flatten())", "model.add(Flatten()"),
        ("input_shape=(96, 96, 3)))", "input_shape=(96, 96, 3))"),
        ("model.add(Flatten())", "model.add(Flatten()))"),
        ('"softmax"', "“softmax”"),
        ('"adam"', "'adam’"),
        ("model.add(Flatten())", "model.add(Flatten())\nprint 'flat'"),
        ("model.add(Flatten())", "model.add(Flatten())\n...\n....\nand then I added:"),
        ("model = Sequential()", "!pip install keras\n%matplotlib inline\nmodel = Sequential()"),
        ("model = Sequential()", "model = Sequential()\nfor i in range(3)\n    print(i)"),
        ("batch_size=16,", "batch_size=16，"),
        ('"accuracy"', "&quot;accuracy&quot;"),
        ("model.add(Flatten())", "\tmodel.add(Flatten())"),
        ("model.add(Flatten())", "        model.add(Flatten())"),
        ("model.add(Flatten())", "else:\n    model.add(Flatten())"),
        ("model.add(Flatten())", "try:\n    model.add(Flatten())"),
        ("model.add(Flatten())", "model.add(Flatten())\nraise ValueError, 'no'"),
        ("model.add(Flatten())", "model.add(Flatten())\nn = 10L"),
        ("model.add(Flatten())", "model.add(Flatten())\ndef f(:\n    pass"),
        ("model.add(Flatten())", "model.add(Flatten())\ns = 'open"),
        ("model.add(Flatten())", 'model.add(Flatten())\n"""a note that never ends'),
        ("model.add(Flatten())", "model.add(Flatten())\n12,3 files found (see below)"),
        ("model.add(Flatten())", "model.add(Flatten()) ]"),
    ],
)
def test_one_fault_does_not_hide_the_rest(old: str, new: str) -> None:
    code = dedent(SOUND).strip("\n")
    assert code.count(old) == 1
    facts = read_script(code.replace(old, new), "post.txt")
    if "never ends" in new:  # what follows a string that is never closed may be its text
        assert facts.networks[0].layers[0].filters == 64
        return
    same_facts(facts)


def test_prompts_numbers_and_quote_marks() -> None:
    lines = dedent(SOUND).strip("\n").split("\n")
    same_facts(read_script("\n".join(f"{n} {line}" for n, line in enumerate(lines, 1))))
    same_facts(read_script("\n".join(f"{n:>3}: {line}" for n, line in enumerate(lines, 7))))
    same_facts(read_script("\n".join((">>> " if line[:1] != " " else "... ") + line for line in lines)))
    same_facts(read_script("\n".join(f"> {line}" for line in lines)))
    same_facts(read_script("```python\n" + "\n".join(lines) + "\n```"))
    same_facts(read_script("In [3]: " + lines[0] + "\nIn [4]: " + "\n".join(lines[1:])))


def test_lines_are_those_of_the_file() -> None:
    facts = read_script(
        dedent(SOUND).strip("\n").replace("Flatten())", "Flatten()"), "post.txt", first_line=101
    )
    assert facts.fits[0].source.line == 109 and facts.repaired[0].line == 104
    assert facts.repaired[0].quote == "model.add(Flatten()"
    split = facts.fits[0].validation_split
    assert split and split.source.line == 110 and split.source.quote == "validation_split=0.2)"


def test_windows_line_ends_and_odd_spaces() -> None:
    same_facts(read_script(dedent(SOUND).replace("\n", "\r\n").replace(" = ", "\u00a0=\u00a0")))
    same_facts(read_script("\ufeff" + dedent(SOUND).replace("\n", "\r")))


def test_python_2() -> None:
    facts = read("""
        import os
        try:
            n = int(raw_input())
        except ValueError, e:
            print >>sys.stderr, 'bad', e
        print "Found %d images" % n, 'ok'
        if n > 3: print n
        model.fit_generator(train, samples_per_epoch=2000, nb_epoch=5, nb_val_samples=800/16)
    """)
    assert facts.python2 and facts.python2.source.line == 4
    steps = facts.fits[0].validation_steps
    assert steps and steps.value.value == 50 and facts.unread == ()


def test_print_functions_are_no_sign_of_python_2() -> None:
    assert read("print('a', b)\nprint()\nx = print\nmodel.fit(x, y, steps_per_epoch=7/2)").python2 is None


def test_a_text_cut_in_the_middle() -> None:
    facts = read("""
        model = Sequential()
        model.add(Dense(12, input_dim=8))
        model.compile(loss='mse', optimizer='sgd')
        model.fit(x, y, epochs=150, callbacks=[EarlyStopping(patience=3),
    """)
    assert facts.fits[0].epochs and facts.fits[0].epochs.value.value == 150
    assert facts.callbacks[0].patience and facts.callbacks[0].patience.value == 3


def test_calls_whose_indentation_was_lost() -> None:
    facts = read("""
        model.fit(
        X,
        y,
        epochs = 50,
        class_weight = weights
        )
    """)
    assert facts.fits[0].class_weight and facts.fits[0].class_weight.value == "weights"


def test_several_closing_brackets_missing_in_a_row() -> None:
    facts = read("""
        model = Sequential()
        model.add(Conv2D(64, (3, 3), input_shape=(256, 256, 3))
        model.add(Activation('relu'))
        model.add(Conv2D(64, (3, 3))
        model.add(Activation('relu'))
        model.add(MaxPooling2D(pool_size=(2, 2)))
    """)
    assert [layer.kind for layer in facts.networks[0].layers] == [
        "Conv2D", "Activation", "Conv2D", "Activation", "MaxPooling2D",
    ]  # fmt: skip
    assert [source.line for source in facts.repaired] == [2, 4]


def test_methods_pasted_without_their_class() -> None:
    facts = read("""
            def build(self):
                self.model = Sequential()
                self.model.add(Dense(5, input_dim=3))
                return self.model

            def train(self):
                self.model.fit(self.x, self.y, epochs=7)
    """)
    assert facts.networks[0].layers[0].units == 5
    assert facts.fits[0].epochs and facts.fits[0].epochs.value.value == 7


def test_heads_with_a_comment_behind_their_colon() -> None:
    facts = read("""
        def build(n):  # the network
            model = Sequential()
            model.add(Dense(n))
            return model
        print 'built'
        model = build(4)
        model.fit(x, y, epochs=2)
    """)
    assert facts.networks[0].layers[0].units == 4 and facts.fits[0].network == 0 and facts.unread == ()


@pytest.mark.parametrize("stray", ["print('half way')", "size = 3", "print 'old'"])
@pytest.mark.parametrize("after", ["def build(n):", "    model = Sequential()", "    model.add(Flatten())"])
def test_a_line_that_lost_its_indentation_does_not_end_its_block(stray: str, after: str) -> None:
    code = dedent("""
        def build(n):
            model = Sequential()
            model.add(Flatten())
            model.add(Dense(n))
            return model
        model = build(4)
    """)
    facts = read_script(code.replace(after + "\n", f"{after}\n{stray}\n"))
    assert [layer.units for layer in facts.networks[0].layers] == [None, 4]


def test_prose_between_code_is_listed_as_unread() -> None:
    facts = read("""
        model = Sequential()
        Then I tried this (it did not help):
        model.add(Dense(1))
    """)
    assert [source.line for source in facts.unread] == [2] and len(facts.networks[0].layers) == 1


def test_fragments_of_one_post_share_their_variables() -> None:
    first = Fragment("size = 48\nmodel = Sequential()", "post.txt", 3)
    second = Fragment("model.add(Conv2D(4, 3, input_shape=(size, size, 1)))", "post.txt", 20)
    facts = read_fragments([first, second])
    assert facts.networks[0].input_shape == (48, 48, 1)
    assert facts.networks[0].layers[0].source and facts.networks[0].layers[0].source.line == 20
    apart = read_fragments([first, Fragment(second.code, "other.py")])
    assert apart.networks[0].layers == () or apart.networks[-1].input_shape != (48, 48, 1)


HOSTILE = {
    "brackets": "x = " + "(" * 5000 + "1" + ")" * 5000,
    "open brackets": "(" * 5000,
    "signs": "x = " + "-" * 4000 + "1",
    "chain": "x = a" + ".b" * 4000,
    "sum": "x = 1" + " + y" * 4000,
    "power": "x = 10 ** 10 ** 10\ny = 'a' * 10 ** 12\nz = [0] * (2 ** 40)\nw = 2 ** 62 ** 3",
    "blocks": "\n".join(" " * n + "if a:" for n in range(300)),
    "recursion": "def f(x):\n    return f(x + 1)\nf(1)",
    "two functions": "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nf(1)",
    "doubling": "x = a\n" + "x = x + x\n" * 300 + "model.predict(x)",
    "branches": "x = a\n" + "if c:\n    x = x + 1\nelse:\n    x = x * 2\n" * 60 + "model.predict(x)",
    "calls": "\n".join(f"def f{n}(x):\n    return f{n + 1}(x) + f{n + 1}(x)" for n in range(60)) + "\nf0(1)",
    "loops": "".join("    " * n + f"for b{n} in range(9):\n" for n in range(12)) + "    " * 12 + "f()",
    "self list": "x = []\nx.append(x)\nmodel.predict(x)",
    "self dict": "d = {}\nd[0] = d\nmodel.fit(d, class_weight=d)",
    "class cycle": "class A(A):\n    pass\nclass B(C):\n    pass\nclass C(B):\n    pass\nB().x",
    "model of itself": "m = Sequential()\nm.add(m)\nm.add(Dense(1))\nm.fit(m, m)",
    "nulls": "a = 1\x00\nb = 2",
    "surrogate": "a = '\udc80'\nmodel.add(Dense(1))",
    "long line": "x = [" + "1," * 30_000 + "]",
    "many lines": "a = b(c)\n" * 4_000,
    "many faults": "print 'x' (\n" * 300,
    "many strings": "'''\n" * 3001,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_code_is_survived(name: str) -> None:
    start = time.perf_counter()
    facts = read_script(HOSTILE[name])
    assert isinstance(facts, ScriptFacts)
    assert time.perf_counter() - start < 20


WORDS = st.sampled_from(
    [
        "model",
        "=",
        "Sequential",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        "=",
        "==",
        "'a'",
        "if",
        "else",
        "for",
        "in",
        "def",
        "class",
        "return",
        "import",
        "print",
        "fit",
        "add",
        "Dense",
        "255",
        "/",
        "0.5",
        ">",
        "x",
        "y",
        "self",
        "yield",
        "lambda",
        "*",
        "**",
        "@",
        "predict",
        "#",
        ";",
        "1.",
        "None",
        "True",
        "。",
        "“",
        "”",
        "（",
        "try",
        "except",
        "while",
        "with",
        "as",
    ]
    + ["\n", "\n", "\n    ", "\n\t", '"""', "\\"]
)


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=200))
def test_no_text_crashes_the_reader(text: str) -> None:
    facts = read_script(text, "x", 5)
    assert from_plain(ScriptFacts, to_plain(facts)) == facts


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_sound_code_with_anything_done_to_it_is_survived(data: st.DataObject) -> None:
    code = dedent(SOUND)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(code)))
        length = data.draw(st.integers(0, 12))
        code = code[:at] + data.draw(st.text(max_size=4)) + code[at + length :]
    read_script(code)
