"""Images and labels that a shuffle moves apart, and the ways in which they stay together."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from valscope.case import open_case
from valscope.nouns.finding import Finding
from valscope.rules import labels_lose_images as rule

FIT = "model.fit(x, y, epochs=5)\n"
FEED = """
import numpy as np, random
class Feed(keras.utils.PyDataset):
    def __init__(self, files, labels, batch=16, shuffle={default}):
        self.files, self.labels, self.batch, self.shuffle = files, labels, batch, shuffle
        self.indexes = np.arange(len(files))
        {init}

    def __len__(self):
        return len(self.files) // self.batch

    def on_epoch_end(self):
        {end}

    def __getitem__(self, i):
        {get}

model.fit(Feed(files, labels{given}), epochs=3)
"""
SLICED = "return load(self.files[i * self.batch:(i + 1) * self.batch]), self.labels[i * self.batch:(i + 1) * self.batch]"


def feed(
    end: str = "pass", init: str = "pass", get: str = SLICED, default: str = "True", given: str = ""
) -> str:
    return FEED.format(end=end, init=init, get=get, default=default, given=given)


def said(code: str, folder: Path) -> list[Finding]:
    """What the rule says of a script."""
    script = folder / "train.py"
    script.write_text(dedent(code))
    return [o for o in rule.check(open_case([str(script)])) if isinstance(o, Finding)]


LOAD = "x, y = load()\n"
FILLED = (
    "x, y = [], []\nfor n, c in enumerate(classes):\n    for f in os.listdir(c):\n"
    "        x.append(read(f))\n        y.append(n)\n"
)
NAMED = "files = glob.glob('a/*.jpg')\ny = [f.split('_')[0] for f in files]\n"
APART = {
    "files of a class": (feed("np.random.shuffle(self.files)"), "alone"),
    "by random": (feed("random.shuffle(self.files)"), "alone"),
    "labels of a class": (feed("np.random.shuffle(self.labels)"), "alone"),
    "permuted": (feed("self.files = np.random.permutation(self.files)"), "alone"),
    "permuted by numbers": (feed("self.files = self.files[np.random.permutation(len(self.files))]"), "alone"),
    "each of a class": (feed("np.random.shuffle(self.files); np.random.shuffle(self.labels)"), "each"),
    "under a switch": (feed("if self.shuffle: random.shuffle(self.files)"), "alone"),
    "a switch turned on": (
        feed("if self.shuffle: random.shuffle(self.files)", default="False", given=", shuffle=True"), "alone",
    ),
    "when made": (feed(init="random.shuffle(self.files)"), "alone"),
    "one by one": (feed("random.shuffle(self.files)", get="return load(self.files[i]), self.labels[i]"), "alone"),
    "images alone": (LOAD + "np.random.shuffle(x)\n" + FIT, "alone"),
    "labels alone": (LOAD + "random.shuffle(y)\n" + FIT, "alone"),
    "each by itself": (LOAD + "np.random.shuffle(x)\nnp.random.shuffle(y)\n" + FIT, "each"),
    "one seed for both": (LOAD + "np.random.seed(1)\nnp.random.shuffle(x)\nnp.random.shuffle(y)\n" + FIT, "each"),
    "two seeds": (
        LOAD + "np.random.seed(1)\nnp.random.shuffle(x)\nnp.random.seed(2)\nnp.random.shuffle(y)\n" + FIT, "each",
    ),
    "imported": ("from random import shuffle\n" + LOAD + "shuffle(x)\n" + FIT, "alone"),
    "filled lists": (FILLED + "random.shuffle(x)\nx = np.array(x) / 255.\ny = to_categorical(y)\n" + FIT, "alone"),
    "labels made before": (NAMED + "random.shuffle(files)\nx = np.array([read(f) for f in files])\n" + FIT, "alone"),
    "read in a loop afterwards": (
        NAMED + "random.shuffle(files)\nx = []\nfor i, f in enumerate(files):\n    image = read(f)\n    x.append(image)\n"
        "x = np.array(x) / 255.\n" + FIT, "alone",
    ),
    "labels counted beside the paths": (
        "paths, y = [], []\nfor k, name in enumerate(names):\n    for f in sorted(os.listdir(name)):\n"
        "        paths.append(os.path.join(name, f))\n        y.append(k)\nrandom.shuffle(paths)\nx = []\n"
        "for path in tqdm(paths):\n    x.append(read(path))\na, b, c, d = train_test_split(np.array(x), np.array(y))\n"
        "model.fit(a, c)\n", "alone",
    ),
    "divided": (LOAD + "np.random.shuffle(x)\na, b, c, d = train_test_split(x, y)\nmodel.fit(a, c)\n", "alone"),
    "first rows": (LOAD + "x = np.random.permutation(x)\nmodel.fit(x[:80], y[:80], epochs=2)\n", "alone"),
    "a dataset": (LOAD + "np.random.shuffle(x)\nds = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)\n", "alone"),
    "loaded one by one": ("x = np.load('x.npy')\ny = np.load('y.npy')\nnp.random.shuffle(x)\n" + FIT, "alone"),
    "batch by batch": (
        LOAD + "for e in range(5):\n    np.random.shuffle(x)\n    for i in range(9):\n"
        "        model.train_on_batch(x[i * 8:i * 8 + 8], y[i * 8:i * 8 + 8])\n", "alone",
    ),
    "a generator": (
        "def batches(files, labels):\n    while True:\n        random.shuffle(files)\n"
        "        for f, label in zip(files, labels):\n            yield read(f), label\n", "alone",
    ),
    "returned": (
        "def load():\n    images, labels = [], []\n    for f in names:\n        images.append(read(f))\n"
        "        labels.append(label(f))\n    np.random.shuffle(images)\n    return np.array(images), np.array(labels)\n", "alone",
    ),
    "in a function": ("def train(x, y):\n    np.random.shuffle(x)\n    model.fit(x, y, epochs=3)\n", "alone"),
    "by name": (LOAD + "np.random.shuffle(x)\nmodel.fit(x=x, y=y, epochs=3)\n", "alone"),
    "a source of its own": (LOAD + "rng = np.random.default_rng(1)\nrng.shuffle(x)\n" + FIT, "alone"),
}  # fmt: skip


@pytest.mark.parametrize("name", APART)
def test_shuffled_apart(name: str, tmp_path: Path) -> None:
    code, how = APART[name]
    (finding,) = said(code, tmp_path)
    assert finding.verdict == "SUSPECTED"
    assert finding.numbers["how"] == how
    assert "order = np.random.permutation" in finding.next_step


def test_the_next_step_names_rows_of_one_length(tmp_path: Path) -> None:
    code = LOAD + "np.random.shuffle(x)\nx_train = x[:80]\ny_train = y[:80]\nmodel.fit(x_train, y_train)\n"
    (finding,) = said(code, tmp_path)
    assert finding.next_step.endswith("x, y = np.array(x)[order], np.array(y)[order]")


BY_NUMBER = "rows = self.indexes[i * self.batch:(i + 1) * self.batch]; return load(self.files[rows]), self.labels[rows]"
SEEDED = "np.random.seed(3); np.random.shuffle(self.files); np.random.seed(3); np.random.shuffle(self.labels)"
TOGETHER = {
    "numbers of a class": feed("np.random.shuffle(self.indexes)", get=BY_NUMBER),
    "nothing shuffled": feed(),
    "labels from names": feed("random.shuffle(self.files)", get="f = self.files[i]; return read(f), label_of(f)"),
    "labels by name": feed("random.shuffle(self.files)", get="f = self.files[i]; return read(f), self.labels[f]"),
    "pairs of a class": feed(
        "random.shuffle(self.pairs)", init="self.pairs = list(zip(files, labels))",
        get="f, label = self.pairs[i]; return read(f), label",
    ),
    "one permutation": feed(
        "p = np.random.permutation(len(self.files)); self.files = self.files[p]; self.labels = self.labels[p]"
    ),
    "one seed twice": feed(SEEDED),
    "zipped and back": feed(
        "p = list(zip(self.files, self.labels)); random.shuffle(p); self.files, self.labels = zip(*p)"
    ),
    "labels made afterwards": feed(init="random.shuffle(self.files); self.labels = [label_of(f) for f in self.files]"),
    "sklearn on both": feed("self.files, self.labels = shuffle(self.files, self.labels)"),
    "labels made anew": feed("random.shuffle(self.files); self.name()").replace(
        "    def on_epoch_end", "    def name(self):\n        self.labels = [n(f) for f in self.files]\n\n    def on_epoch_end"
    ),
    "off and never on": feed("if self.shuffle: random.shuffle(self.files)", default="False"),
    "both by sklearn": "from sklearn.utils import shuffle\n" + LOAD + "x, y = shuffle(x, y)\n" + FIT,
    "numbers": LOAD + "p = np.random.permutation(len(x))\nx, y = x[p], y[p]\n" + FIT,
    "numbers shuffled": LOAD + "p = np.arange(len(x))\nnp.random.shuffle(p)\nx = x[p]\ny = y[p]\n" + FIT,
    "seed before each": LOAD + "np.random.seed(1)\nnp.random.shuffle(x)\nnp.random.seed(1)\nnp.random.shuffle(y)\n" + FIT,
    "one state": (
        LOAD + "s = np.random.get_state()\nnp.random.shuffle(x)\nnp.random.set_state(s)\nnp.random.shuffle(y)\n" + FIT
    ),
    "a fresh source of one seed": LOAD + "random.Random(4).shuffle(x)\nrandom.Random(4).shuffle(y)\n" + FIT,
    "a seed by name": LOAD + "random.seed(SEED)\nrandom.shuffle(x)\nrandom.seed(SEED)\nrandom.shuffle(y)\n" + FIT,
    "before the labels": (
        "files = glob.glob('*')\nrandom.shuffle(files)\ny = [f.split('_')[0] for f in files]\nx = [read(f) for f in files]\n" + FIT
    ),
    "before the loop": (
        "files = glob.glob('*')\nrandom.shuffle(files)\nx, y = [], []\nfor f in files:\n    x.append(read(f))\n"
        "    y.append(label(f))\n" + FIT
    ),
    "pairs": FILLED + "both = list(zip(x, y))\nrandom.shuffle(both)\nx, y = zip(*both)\n" + FIT,
    "each class by itself": (
        "random.shuffle(cats)\nrandom.shuffle(dogs)\ny = [0] * len(cats) + [1] * len(dogs)\nx = []\nfor f in cats:\n"
        "    x.append(read(f))\nfor f in dogs:\n    x.append(read(f))\n" + FIT
    ),
    "labels of one class": (
        "random.shuffle(cats)\nlabels = [0 for _ in cats]\nx = []\nfor f in cats:\n    x.append(read(f))\n"
        "model.fit(np.array(x), np.array(labels), epochs=3)\n"
    ),
    "one in a loop, one at once": (
        "files = glob.glob('*')\nrandom.shuffle(files)\ny = [label(f) for f in files]\nx = []\nfor f in files:\n"
        "    x.append(read(f))\n" + FIT
    ),
    "pairs taken apart in a loop": (
        "data = []\nfor f in files:\n    data.append([read(f), label(f)])\nrandom.shuffle(data)\nx, y = [], []\n"
        "for image, label in data:\n    x.append(image)\n    y.append(label)\n" + FIT
    ),
    "after the training": LOAD + FIT + "np.random.shuffle(x)\nshow(x[:9])\n",
    "a look": LOAD + "z = x.copy()\nnp.random.shuffle(z)\nshow(z)\n" + FIT,
    "two ways": LOAD + "if plain:\n    np.random.shuffle(x)\n    show(x)\nelse:\n    " + FIT,
    "meant": LOAD + "y_random = np.random.permutation(y)\nmodel.fit(x, y_random, epochs=3)\n",
    "meant in place": LOAD + "y_perm = y.copy()\nnp.random.shuffle(y_perm)\nmodel.fit(x, y_perm, epochs=3)\n",
    "a network that tells real from made": (
        "valid = -np.ones((9, 1))\nx = load()\nnp.random.shuffle(x)\nmodel.train_on_batch(x[:9], valid)\n"
    ),
    "a state set back": (
        "def mix(images, labels, seed):\n    r = np.random.RandomState(seed)\n    r.shuffle(images)\n"
        "    r.seed(seed)\n    r.shuffle(labels)\n    return images, labels\n"
    ),
    "all alike": LOAD + "y = np.zeros(len(x))\nnp.random.shuffle(x)\n" + FIT,
    "a function that may mend it": LOAD + "np.random.shuffle(x)\nalign(x, y)\n" + FIT,
    "a dataset's own": "ds = tf.data.Dataset.from_tensor_slices((x, y))\nds = ds.shuffle(1000)\nmodel.fit(ds, epochs=2)\n",
    "colours of a plot": "random.shuffle(colours)\nfor c, label in zip(colours, labels):\n    plot(c, label)\n",
    "one stack": LOAD + "both = np.column_stack([x, y])\nnp.random.shuffle(both)\nx, y = both[:, :-1], both[:, -1]\n" + FIT,
    "rows of a frame": "data = df.values\nnp.random.shuffle(data)\nx, y = data[:, 1:], data[:, 0]\n" + FIT,
    "without effect": "from sklearn.utils import shuffle\n" + LOAD + "shuffle(x)\n" + FIT,
}  # fmt: skip


@pytest.mark.parametrize("name", TOGETHER)
def test_kept_together(name: str, tmp_path: Path) -> None:
    assert said(TOGETHER[name], tmp_path) == []
