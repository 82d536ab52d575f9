"""Scripts whose division into parts is drawn anew or made twice, and their sound neighbours."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from valscope.case import open_case
from valscope.evidence.laws.dealing import crossed, trained_by
from valscope.nouns.finding import Finding
from valscope.rules import reshuffled_split, slices_overlap

FIT = "model.fit(train, epochs=5, validation_data=val)\n"
CUT = "train, val = ds.take(800), ds.skip(800)\n" + FIT


def said(rule: ModuleType, code: str, folder: Path) -> list[Finding]:
    """What a rule says of a script."""
    script = folder / "train.py"
    script.write_text(dedent(code))
    return [o for o in rule.check(open_case([str(script)])) if isinstance(o, Finding)]


DEALT = {
    "shuffle": "ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1000)\n" + CUT,
    "a seed of its own": "ds = ds.shuffle(1000, seed=42)\n" + CUT,
    "a seed for all": "tf.random.set_seed(1)\nds = ds.shuffle(1000, seed=1)\n" + CUT,
    "written out": "ds = ds.shuffle(buffer_size=1000, reshuffle_each_iteration=True)\n" + CUT,
    "None": "ds = ds.shuffle(1000, None, None)\n" + CUT,
    "mapped and batched after": "ds = ds.shuffle(5000).map(load).batch(32).prefetch(1)\n" + CUT,
    "batches": "ds = ds.batch(32).shuffle(100)\n" + CUT,
    "validation first": "ds = ds.shuffle(1000)\nval = ds.take(200)\ntrain = ds.skip(200)\n" + FIT,
    "three parts": (
        "ds = ds.shuffle(1000)\ntrain = ds.take(700)\nrest = ds.skip(700)\nval = rest.take(150)\ntest = rest.skip(150)\n" + FIT
    ),
    "a cache behind the cut": "ds = ds.shuffle(1000)\ntrain, val = ds.take(800).cache(), ds.skip(800).cache()\n" + FIT,
    "shuffled once more": "ds = ds.shuffle(1000)\ntrain, val = ds.take(800).shuffle(800).batch(8), ds.skip(800).batch(8)\n" + FIT,
    "kept over one that is made again": "ds = ds.shuffle(100).shuffle(1000, reshuffle_each_iteration=False)\n" + CUT,
    "a cache before the shuffle": "ds = ds.cache().shuffle(1000)\n" + CUT,
    "list_files": "ds = tf.data.Dataset.list_files('photos/*/*.jpg')\n" + CUT,
    "list_files with a seed": "ds = tf.data.Dataset.list_files('photos/*/*.jpg', seed=3).map(load)\n" + CUT,
    "a folder": "ds = keras.utils.image_dataset_from_directory('photos')\n" + CUT,
    "a folder, in full": (
        "data = tf.keras.preprocessing.image_dataset_from_directory(d, seed=1, shuffle=True)\ndata = data.map(scale)\n"
        "n = int(len(data) * 0.7)\ntrain, val = data.take(n), data.skip(n).take(int(len(data) * 0.2))\n" + FIT
    ),
    "the training part of a folder": (
        "ds, other = image_dataset_from_directory(d, validation_split=0.2, subset='both', seed=1)\n" + CUT
    ),
    "a function": (
        "def parts(ds, train_split=0.8, shuffle=True, shuffle_size=10000):\n    n = len(ds)\n    if shuffle:\n"
        "        ds = ds.shuffle(shuffle_size, seed=12)\n    k = int(train_split * n)\n    return ds.take(k), ds.skip(k)\n"
        "train, val = parts(dataset)\n" + FIT
    ),
    "a condition": (
        "ds = image_dataset_from_directory('a')\nif args.mix:\n    ds = ds.shuffle(1000)\n" + CUT
    ),
    "by their names": "ds = ds.shuffle(1000)\ntrain_ds = ds.take(800)\nval_ds = ds.skip(800)\nprint(train_ds, val_ds)",
    "a test part": "ds = ds.shuffle(1000)\ntrain_ds = ds.take(800)\ntest_ds = ds.skip(800)\nmodel.fit(train_ds, epochs=3)",
    "arrays of each part": (
        "ds = ds.shuffle(1000)\ntrain_ds, val_ds = ds.take(800), ds.skip(800)\n"
        "x_train = np.array([i for i, _ in train_ds])\nx_val = np.array([i for i, _ in val_ds])\n"
        "model.fit(x_train, y, epochs=2, validation_data=(x_val, y_val))"
    ),
    "overlapping bounds": "ds = ds.shuffle(1000)\ntrain, val = ds.take(800), ds.skip(700)\n" + FIT,
}  # fmt: skip


@pytest.mark.parametrize("name", DEALT)
def test_parts_dealt_anew(name: str, tmp_path: Path) -> None:
    (finding,) = said(reshuffled_split, f"{DEALT[name]}\n", tmp_path)
    assert finding.verdict == "PROVED"
    assert finding.next_step
    assert said(slices_overlap, f"{DEALT[name]}\n", tmp_path) == []


FIXED = {
    "kept": "ds = ds.shuffle(1000, reshuffle_each_iteration=False)\n" + CUT,
    "kept, by position": "ds = ds.shuffle(1000, 1, False)\n" + CUT,
    "not known": "ds = ds.shuffle(1000, reshuffle_each_iteration=again)\n" + CUT,
    "options not known": "ds = ds.shuffle(**options)\n" + CUT,
    "after the cut": "train, val = ds.take(800).shuffle(800), ds.skip(800)\n" + FIT,
    "a fixed order of files": "random.shuffle(files)\nds = tf.data.Dataset.from_tensor_slices(files)\n" + CUT,
    "permuted arrays": "ds = tf.data.Dataset.from_tensor_slices(x[np.random.permutation(len(x))])\n" + CUT,
    "a cache before the cut": "ds = ds.shuffle(1000).cache()\n" + CUT,
    "a cache in a file": "ds = ds.shuffle(1000).batch(8).cache('c').prefetch(2)\n" + CUT,
    "one element": "ds = ds.shuffle(1)\n" + CUT,
    "without effect": "ds.shuffle(1000)\n" + CUT,
    "a list of it": "ds = list(ds.shuffle(1000))\ntrain, val = ds[:800], ds[800:]\n" + FIT,
    "from a list of it": "ds = tf.data.Dataset.from_tensor_slices(list(ds.shuffle(1000)))\n" + CUT,
    "list_files in order": "ds = tf.data.Dataset.list_files('a/*', shuffle=False)\n" + CUT,
    "the tutorial": (
        "ds = tf.data.Dataset.list_files(str(d / '*/*'), shuffle=False)\n"
        "ds = ds.shuffle(n, reshuffle_each_iteration=False)\n" + CUT
    ),
    "a folder in order": "ds = image_dataset_from_directory('photos', shuffle=False)\n" + CUT,
    "a folder in order, by position": (
        "ds = image_dataset_from_directory('photos', 'inferred', 'int', None, 'rgb', 32, (64, 64), False)\n" + CUT
    ),
    "a loader of the same name": "from loading import image_dataset_from_directory\n"
    "ds = image_dataset_from_directory('photos')\n" + CUT,
    "the validation part of a folder": (
        "other, ds = image_dataset_from_directory(d, validation_split=0.2, subset='both', seed=1)\n" + CUT
    ),
    "validation and test": (
        "train = image_dataset_from_directory('train')\nrest = image_dataset_from_directory('val')\n"
        "val, test = rest.take(20), rest.skip(20)\n" + FIT
    ),
    "one of two ways": "ds = load()\nif args.mix:\n    ds = ds.shuffle(1000)\n" + CUT,
    "two sets, one after the other": "ds = a.shuffle(800).concatenate(b.shuffle(200))\n" + CUT,
    "split_dataset": "train, val = keras.utils.split_dataset(ds.shuffle(1000), left_size=0.8)\n" + FIT,
    "Hugging Face": "ds = load_dataset('beans', split='train').shuffle(seed=42)\n" + CUT,
    "Hugging Face, streamed": "ds = load_dataset('beans', streaming=True)['train'].shuffle(buffer_size=1000, seed=42)\n" + CUT,
    "torch": "import torch\nds = wds.WebDataset(url).shuffle(1000)\n" + CUT,
    "TensorFlow 1": "ds = ds.shuffle(1000, seed=1)\nit = ds.make_initializable_iterator()\n" + CUT,
    "a look": "ds = ds.shuffle(1000)\nfor image, label in ds.take(1):\n    show(image)\nmodel.fit(ds, epochs=3, validation_data=val)",
    "the whole and a part, which no order changes": (
        "ds = ds.shuffle(1000)\nval = ds.take(200)\nmodel.fit(ds, epochs=3, validation_data=val)"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FIXED)
def test_parts_that_stay(name: str, tmp_path: Path) -> None:
    assert said(reshuffled_split, f"{FIXED[name]}\n", tmp_path) == []


LOAD = "{} = keras.utils.image_dataset_from_directory({}, subset='{}', image_size=(64, 64), {})\n"
FLOW = "{} = ImageDataGenerator(validation_split={}).flow_from_directory({}, subset='{}'{})\n"


def loads(train: str, val: str, folder: str = "'photos'", other: str = "") -> str:
    return (
        LOAD.format("train", folder, "training", train)
        + LOAD.format("val", other or folder, "validation", val)
        + FIT
    )


def flows(train: float | str, val: float | str, more: str = "", folder: str = "d", other: str = "d") -> str:
    return (
        FLOW.format("train", train, folder, "training", more)
        + FLOW.format("val", val, other, "validation", more)
        + FIT
    )


TWICE = {
    "two seeds": (loads("validation_split=0.2, seed=1", "validation_split=0.2, seed=2"), "seeds", 0.8),
    "two seeds, names": ("A, B = 3, 4\n" + loads("validation_split=0.3, seed=A", "validation_split=0.3, seed=B"), "seeds", 0.7),
    "two seeds, one folder written in two ways": (
        loads("validation_split=0.2, seed=1", "validation_split=0.2, seed=2", "'photos/'", "'./photos'"), "seeds", 0.8,
    ),
    "two seeds, a joined folder": (
        loads("validation_split=0.2, seed=1", "validation_split=0.2, seed=2", "os.path.join(base, 'train')"), "seeds", 0.8,
    ),
    "two seeds, the share unknown": (loads("validation_split=s, seed=1", "validation_split=s, seed=2"), "seeds", None),
    "validation in order": (
        loads("validation_split=0.2, seed=1", "validation_split=0.2, seed=1, shuffle=False"), "order", 0.8,
    ),
    "validation in order, no seed": (loads("validation_split=0.2, seed=1", "validation_split=0.2, shuffle=False"), "order", 0.8),
    "training in order": (loads("validation_split=0.25, shuffle=False", "validation_split=0.25, seed=1"), "order", 0.75),
    "options in a dict": (
        "o = dict(validation_split=0.2, seed=42)\n"
        "train = image_dataset_from_directory(d, subset='training', shuffle=True, **o)\n"
        "val = image_dataset_from_directory(d, subset='validation', shuffle=False, **o)\n" + FIT, "order", 0.8,
    ),
    "two shares": (loads("validation_split=0.2, seed=1", "validation_split=0.3, seed=1"), "shares", 1 / 3),
    "two shares in order": (loads("validation_split=0.1, shuffle=False", "validation_split=0.2, shuffle=False"), "shares", 0.5),
    "seeds drawn in each call": (
        loads("validation_split=0.2, seed=np.random.randint(99)", "validation_split=0.2, seed=np.random.randint(99)"),
        "draws", 0.8,
    ),
    "a function": (
        "def load(part, seed):\n    return image_dataset_from_directory('a', validation_split=0.2, subset=part, seed=seed)\n"
        "train, val = load('training', 1), load('validation', 2)\n" + FIT, "seeds", 0.8,
    ),
    "without a fit": (
        "def data():\n    train_ds = image_dataset_from_directory(d, validation_split=0.2, subset='training', seed=1)\n"
        "    val_ds = image_dataset_from_directory(d, validation_split=0.2, subset='validation', seed=7)\n"
        "    return train_ds.prefetch(1), val_ds.prefetch(1)", "seeds", 0.8,
    ),
    "mapped": (
        loads("validation_split=0.2, seed=1", "validation_split=0.2, seed=2").replace(
            FIT, "model.fit(train.map(f).prefetch(1), epochs=3, validation_data=val.map(f).cache())"
        ), "seeds", 0.8,
    ),
    "all trains": (
        "train = image_dataset_from_directory('a')\n" + LOAD.format("val", "'a'", "validation", "validation_split=0.2, seed=1") + FIT,
        "whole", 1.0,
    ),
    "all validates": (
        "g = ImageDataGenerator(validation_split=0.2)\ntrain = g.flow_from_directory(d, subset='training')\n"
        "val = g.flow_from_directory(d)\n" + FIT, "whole", 0.8,
    ),
    "the same part": (
        "g = ImageDataGenerator(validation_split=0.2)\ntrain = g.flow_from_directory(d, subset='training')\n"
        "val = g.flow_from_directory(d, subset='training', shuffle=False)\n" + FIT, "part", 1.0,
    ),
    "generators, two shares": (flows(0.2, 0.3), "shares", 1 / 3),
    "generators, two shares and seeds": (flows(0.1, 0.2, ", seed=3"), "shares", 0.5),
    "generators, arrays": (flows(0.1, 0.4).replace("flow_from_directory(d", "flow(x, y"), "shares", 0.75),
    "generators, a frame": (flows(0.1, 0.2).replace("flow_from_directory(d", "flow_from_dataframe(df, d"), "shares", 0.5),
}  # fmt: skip


@pytest.mark.parametrize("name", TWICE)
def test_parts_cut_twice(name: str, tmp_path: Path) -> None:
    code, why, share = TWICE[name]
    (finding,) = said(reshuffled_split, f"{code}\n", tmp_path)
    assert finding.numbers["why"] == why
    assert finding.verdict == ("SUSPECTED" if why == "draws" else "PROVED")
    assert finding.numbers.get("of_scored") == (None if share is None else pytest.approx(share, abs=1e-4))


SEED = "validation_split=0.2, seed=1"
ONCE = {
    "one seed": loads(SEED, SEED),
    "one seed by name": "SEED = 7\n" + loads("validation_split=0.2, seed=SEED", "validation_split=0.2, seed=SEED"),
    "one seed, drawn": "s = np.random.randint(99)\n" + loads("validation_split=0.2, seed=s", "validation_split=0.2, seed=s"),
    "one seed, not known": loads("validation_split=0.2, seed=c.seed", "validation_split=0.2, seed=c.seed"),
    "two seeds, not known": loads("validation_split=0.2, seed=a", "validation_split=0.2, seed=b"),
    "no seed, which Keras refuses": loads("validation_split=0.2", "validation_split=0.2"),
    "no order": loads("validation_split=0.2, shuffle=False", "validation_split=0.2, shuffle=False"),
    "no order, two seeds": loads(f"{SEED}, shuffle=False", "validation_split=0.2, seed=2, shuffle=False"),
    "an order not known": loads(f"{SEED}, shuffle=mix", f"{SEED}, shuffle=False"),
    "written and by default": loads(f"{SEED}, shuffle=True", SEED),
    "other sizes": loads(f"{SEED}, batch_size=8", f"{SEED}, batch_size=64"),
    "a gap": loads("validation_split=0.3, seed=1", "validation_split=0.2, seed=1"),
    "shares not known": loads("validation_split=a, seed=1", "validation_split=b, seed=1"),
    "two folders": loads(SEED, "validation_split=0.2, seed=2", "'a'", "'b'"),
    "two joined folders": loads(SEED, "validation_split=0.2, seed=2", "os.path.join(b, 'x')", "os.path.join(c, 'x')"),
    "two folders of a loop": "for d, e in pairs:\n    "
    + loads(SEED, "validation_split=0.2, seed=2", "d", "e").replace("\n", "\n    "),
    "folders of their own": "train = image_dataset_from_directory('a/train', seed=1)\n"
    "val = image_dataset_from_directory('a/val', seed=2, shuffle=False)\n" + FIT,
    "both": "train, val = image_dataset_from_directory('a', validation_split=0.2, subset='both', seed=1)\n" + FIT,
    "both, through a name": "parts = image_dataset_from_directory('a', validation_split=0.2, subset='both', seed=1)\n"
    "train, val = parts\n" + FIT,
    "a loader of the same name": "from loading import image_dataset_from_directory\n"
    + loads(SEED, "validation_split=0.2, seed=2").replace("keras.utils.", ""),
    "a seed a turn": "for s in [1, 2, 3]:\n    "
    + loads("validation_split=0.2, seed=s", "validation_split=0.2, seed=s").replace("\n", "\n    "),
    "two experiments": loads(SEED, SEED) + loads("validation_split=0.2, seed=9", "validation_split=0.2, seed=9"),
    "two experiments without a fit": (
        loads(SEED, SEED) + loads("validation_split=0.2, seed=9", "validation_split=0.2, seed=9")
    ).replace(FIT, ""),
    "the last training on all": loads(SEED, SEED) + "ds = image_dataset_from_directory('photos')\nmodel.fit(ds, epochs=3)\n",
    "generators": flows(0.2, 0.2),
    "generators, two seeds": FLOW.format("train", 0.2, "d", "training", ", seed=1")
    + FLOW.format("val", 0.2, "d", "validation", ", seed=2") + FIT,
    "generators, validation in order": FLOW.format("train", 0.2, "d", "training", "")
    + FLOW.format("val", 0.2, "d", "validation", ", shuffle=False") + FIT,
    "generators, a gap": flows(0.3, 0.2),
    "generators, two folders": flows(0.2, 0.3, folder="'a'", other="'b'"),
    "generators, shares not known": flows("a", "b"),
    "generators, one share not known": flows(0.2, "b"),
    "generators, one of two": "if plain:\n    g = ImageDataGenerator(validation_split=0.1)\nelse:\n"
    "    g = ImageDataGenerator(validation_split=0.3)\n"
    "train = g.flow_from_directory(d, subset='training')\nval = g.flow_from_directory(d, subset='validation')\n" + FIT,
    "other arrays": flows(0.1, 0.4, folder="x, y", other="a, b").replace("flow_from_directory", "flow"),
    "not a generator": flows(0.1, 0.4).replace("ImageDataGenerator", "OwnReader"),
    "a folder without parts": "g = ImageDataGenerator()\ntrain, val = g.flow_from_directory('a'), g.flow_from_directory('b')\n" + FIT,
    "a folder to predict": loads(SEED, SEED) + "test = image_dataset_from_directory('test', shuffle=False)\nmodel.predict(test)\n",
    "a part to look at": loads(SEED, SEED)
    + LOAD.format("look", "'photos'", "validation", "validation_split=0.2, seed=1, batch_size=1"),
}  # fmt: skip


@pytest.mark.parametrize("name", ONCE)
def test_parts_cut_once(name: str, tmp_path: Path) -> None:
    assert said(reshuffled_split, f"{ONCE[name]}\n", tmp_path) == []


@pytest.mark.parametrize(
    ("code", "share"),
    [
        (
            "ds = ds.shuffle(len(ds))\nk = int(0.8 * len(ds))\ntrain, val = ds.take(k), ds.skip(k)\n",
            trained_by(0.8, 5),
        ),
        ("ds = ds.shuffle(len(x))\n" + CUT, None),
        (
            "ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(2 * len(x))\nk = int(len(x) * 0.5)\n"
            "train, val = ds.take(k), ds.skip(k)\n",
            trained_by(0.5, 5),
        ),
    ],
)
def test_how_many_were_trained(code: str, share: float | None, tmp_path: Path) -> None:
    (finding,) = said(reshuffled_split, code + (FIT if "epochs" not in code else ""), tmp_path)
    assert finding.numbers.get("of_scored") == (None if share is None else pytest.approx(share, abs=1e-4))


def test_a_cache_behind_the_cut_leaves_one_pass(tmp_path: Path) -> None:
    code = "ds = ds.shuffle(9999)\nk = int(0.8 * len(ds))\ntrain, val = ds.take(k){}, ds.skip(k)\n" + FIT
    for cache, share in (("", "100% of those"), (".cache()", "80% of those")):
        (finding,) = said(reshuffled_split, code.format(cache), tmp_path)
        assert share in finding.claim
        assert finding.numbers == {"buffer": 9999}


def test_a_folder_draws_among_eight_batches(tmp_path: Path) -> None:
    code = "ds = image_dataset_from_directory('a', batch_size={})\n" + CUT
    (finding,) = said(reshuffled_split, code.format(16), tmp_path)
    assert finding.numbers["buffer"] == 128
    assert f"about {crossed(128, 5):.0f} of those" in finding.claim
    (finding,) = said(reshuffled_split, code.format("None"), tmp_path)
    assert finding.numbers["buffer"] == 1024
