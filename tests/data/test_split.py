"""Splits: what each class gets, what stays together, and the sentences that come with it."""

import ast
import importlib.util
import math
import random
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valscope.data.splitting.manifest import Manifest, read_manifest, write_manifest
from valscope.data.splitting.split import split
from valscope.errors import SplitError
from valscope.nouns.dataset import Arrays, Dataset
from valscope.nouns.recipe import Split


def dataset(labels, parts=None, names=None):
    labels = np.asarray(labels, dtype=np.int64)
    classes = tuple("abcdefghijkl"[: labels.max(initial=0) + 1]) if labels.max(initial=0) < 12 else None
    return Dataset(
        classes or tuple(f"class{k}" for k in range(labels.max() + 1)),
        labels,
        Arrays(np.zeros((len(labels), 1))),
        names or tuple(f"{i}.jpg" for i in range(len(labels))),
        "drawn",
        parts=parts,
    )


def said(manifest, words):
    return any(words in note for note in manifest.notes)


# --- stratified ---


@given(
    st.lists(st.integers(3, 60), min_size=2, max_size=6),
    st.floats(0.05, 0.4),
    st.floats(0.05, 0.4),
    st.integers(0, 9),
)
def test_every_class_gets_its_share_to_rounding(sizes, val, test, seed):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    counts = split(dataset(labels), Split(val=val, test=test, seed=seed)).counts()
    for k, n in enumerate(sizes):
        for part, share in (("train", 1 - val - test), ("val", val), ("test", test)):
            assert abs(counts[part][k] - share * n) < 2  # train takes the rounding of both others
            assert counts[part][k] >= 1


def test_the_seed_alone_decides_and_the_order_of_files_does_not():
    labels = np.repeat([0, 1, 2], [40, 30, 20])
    shuffle = np.random.default_rng(1).permutation(90)
    first = split(dataset(labels), Split(seed=4))
    names = tuple(f"{i}.jpg" for i in shuffle)
    second = split(dataset(labels[shuffle], names=names), Split(seed=4))
    assert dict(zip(first.names, first.parts)) == dict(zip(second.names, second.parts))
    assert split(dataset(labels), Split(seed=5)).parts != first.parts


def test_the_deal_is_a_fair_draw():
    """Over many seeds each image is held out as often as any other."""
    held = np.zeros(40)
    for seed in range(400):
        held[split(dataset([0] * 20 + [1] * 20), Split(val=0.25, test=0.25, seed=seed)).index("test")] += 1
    assert held.sum() == 400 * 10
    assert abs(held - 100).max() < 40  # 4.6 standard deviations of a binomial of 400 at 1/4


def test_no_test_part_is_allowed_and_said():
    manifest = split(dataset([0] * 10 + [1] * 10), Split(val=0.3, test=0.0))
    assert [len(manifest.index(p)) for p in ("train", "val", "test")] == [14, 6, 0]
    assert said(manifest, "There is no test part: the val score chose the epoch, so it flatters.")


# --- small and impossible ---


def test_a_class_with_one_image_trains_only():
    manifest = split(dataset([0] * 30 + [1] * 30 + [2]), Split())
    assert [manifest.counts()[p][2] for p in ("train", "val", "test")] == [1, 0, 0]
    assert said(manifest, "A single image: 'c'; it is trained, and the class cannot be scored.")


def test_two_images_go_to_train_and_test_and_three_to_all():
    manifest = split(dataset([0] * 30 + [1] * 2 + [2] * 3), Split())
    counts = manifest.counts()
    assert [counts[p][1] for p in ("train", "val", "test")] == [1, 0, 1]
    assert [counts[p][2] for p in ("train", "val", "test")] == [1, 1, 1]
    assert said(manifest, "No val image of 'b'")


def test_thin_test_parts_are_said_with_what_they_could_prove_at_best():
    manifest = split(dataset([0] * 40 + [1] * 20), Split())
    assert said(manifest, "Only 9 test images: even all right would prove no more than an accuracy above 66%")
    assert said(manifest, "Fewer than 10 test images of 'b', 'a': with 3, even all right")
    assert not said(split(dataset([0] * 400 + [1] * 400), Split()), "even all right")


@pytest.mark.parametrize(
    ("labels", "spec", "words"),
    [
        ([0, 1, 2], Split(), "Nothing can be held out: each of the 3 classes has one image"),
        ([], Split(), "nothing to split"),
        ([0, 1, -1, -1], Split(), "2 of 4 items have no label (such as '2.jpg')"),
        ([0, 1] * 9, Split(val=0.5, test=0.5), "leave something to train on; got val=0.5 and test=0.5"),
        ([0, 1] * 9, Split(val=-0.1), "got val=-0.1"),
        ([0, 1] * 9, Split(val=math.nan), "got val=nan"),
        ([0], Split("tail", val=0.5, test=0), "1 rows are too few"),
        ([0, 1] * 9, Split("given"), "without train and validation parts"),
    ],
)
def test_impossible_splits_are_refused_with_a_sentence(labels, spec, words):
    with pytest.raises(SplitError) as error:
        split(dataset(labels), spec)
    assert words in str(error.value)


# --- groups ---

grouped = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "p", "q", "r", "s", "t"])), min_size=8)


@pytest.mark.slow
@given(grouped, st.integers(0, 5))
def test_a_group_lies_on_one_side_and_every_class_is_trained(items, seed):
    labels, groups = [k for k, _ in items], [g for _, g in items]
    try:
        manifest = split(dataset(labels), Split(seed=seed), groups)
    except SplitError as error:
        assert "Nothing can be held out" in str(error)
        return
    for group in set(groups) - {""}:
        assert len({p for p, g in zip(manifest.parts, groups) if g == group}) == 1
    assert set(labels) == {k for k, p in zip(labels, manifest.parts) if p == "train"}
    assert not len(manifest.leaked("test")) and not len(manifest.leaked("val"))


def test_groups_of_any_size_are_dealt_in_proportion():
    """Pairs and triples, as copies make them, with single images."""
    rng = np.random.default_rng(0)
    sizes = rng.choice([1, 2, 3], 400)
    labels = np.repeat(rng.integers(0, 3, 400), sizes)
    groups = [f"g{i}" for i in np.repeat(np.arange(400), sizes)]
    manifest = split(dataset(labels), Split(), groups)
    for part, share in (("val", 0.15), ("test", 0.15)):
        for k, n in enumerate(np.bincount(labels)):
            assert abs(manifest.counts()[part][k] - share * n) <= 1.5
    of_size = [
        np.mean([p == "test" for p, g in zip(manifest.parts, np.repeat(sizes, sizes)) if g == s])
        for s in (1, 2, 3)
    ]
    assert min(of_size) > 0.1  # the test part is not made of single images alone


def test_large_groups_are_dealt_first_so_that_single_images_can_balance_them():
    for seed in range(20):
        manifest = split(dataset([0] * 30), Split(val=0.2, test=0.2, seed=seed), ["film"] * 10 + [""] * 20)
        assert [manifest.counts()[p][0] for p in ("train", "val", "test")] == [18, 6, 6]


def test_group_ids_are_only_names():
    labels, groups = [0, 0, 0, 1, 1, 1] * 5, [f"g{i // 2}" for i in range(30)]
    other = ["z" + g[::-1] for g in groups]
    assert split(dataset(labels), Split(), groups).parts == split(dataset(labels), Split(), other).parts


def test_a_group_too_large_to_balance_is_said():
    groups = ["film"] * 60 + [""] * 40 + [""] * 100
    manifest = split(dataset([0] * 100 + [1] * 100), Split(), groups)
    assert len({p for p, g in zip(manifest.parts, groups) if g}) == 1
    manifest = split(dataset([0] * 100 + [1] * 100), Split(), ["x"] * 50 + ["y"] * 50 + [""] * 100)
    assert said(manifest, "Class 'a' has 50 of its 100 images in test, not 15%")


def test_a_class_in_one_group_is_never_scored():
    manifest = split(dataset([0] * 20 + [1] * 20), Split(), [""] * 20 + ["person"] * 20)
    assert manifest.counts()["train"][1] == 20
    assert said(manifest, "Never scored: 'b'; all its images are in train, in one group that stays together.")


# --- tail ---


def keras_cut():
    """The formula in the installed Keras, read from its source so that no backend is imported."""
    root = Path(importlib.util.find_spec("keras").origin).parent
    source = (root / "src/trainers/data_adapters/array_slicing.py").read_text()
    code = next(
        ast.unparse(node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "split_at"
    )
    return lambda n, f: eval(code, {"math": math, "int": int, "batch_dim": n, "validation_split": f})


@pytest.mark.slow
@given(st.integers(2, 5000), st.sampled_from([0.1, 0.15, 0.2, 0.25, 0.3, 1 / 3, 0.7]) | st.floats(0.01, 0.99))
def test_tail_is_keras_slice(n, f):
    cut = keras_cut()(n, f)
    if cut in (0, n):
        with pytest.raises(SplitError):
            split(dataset([0] * n), Split("tail", val=f, test=0.0))
        return
    manifest = split(dataset([0] * n), Split("tail", val=f, test=0.0))
    assert manifest.parts == ("train",) * cut + ("val",) * (n - cut)


def test_a_sorted_tail_is_named_with_its_ceiling():
    manifest = split(dataset([0] * 40 + [1] * 40 + [2] * 20), Split("tail", val=0.3, test=0.0))
    assert said(manifest, "Tail split: the last 30 % of the rows for val, as they stand, unshuffled")
    assert said(manifest, "Never trained but in val: 'c', 20 of 30 val images")
    assert said(manifest, "its accuracy cannot in practice exceed 33.3%")
    assert said(manifest, "Never scored: 'a'; all its images are in train.")


def test_tail_with_a_test_part_cuts_the_test_first():
    manifest = split(dataset([0, 1] * 50), Split("tail", val=0.25, test=0.2))
    assert manifest.parts == ("train",) * 60 + ("val",) * 20 + ("test",) * 20


def test_tail_through_a_group_is_a_leak():
    groups = [f"film{i // 4}" for i in range(100)]
    manifest = split(dataset([0, 1] * 50), Split("tail", val=0.3, test=0.0), groups)
    assert manifest.leaked("val").tolist() == [70, 71]
    assert said(manifest, "Leak: 2 of the 30 val images have a duplicate or group member in train")


# --- given ---


def test_all_three_given_parts_are_kept_and_their_leaks_counted():
    parts = ("train",) * 60 + ("val",) * 20 + ("test",) * 20
    groups = [""] * 100
    groups[0] = groups[99] = "twin"
    groups[70] = groups[98] = "other"
    manifest = split(dataset([0, 1] * 50, parts), Split("given"), groups)
    assert manifest.parts == parts
    assert manifest.leaked("test").tolist() == [98, 99]
    assert said(manifest, "Leak: 2 of the 20 test images have a duplicate or group member in train or val")


def test_given_train_and_val_scores_on_val_and_chooses_on_a_piece_of_train():
    parts = ("train",) * 80 + ("val",) * 20
    groups = [f"g{i // 2}" for i in range(100)]
    manifest = split(dataset([0, 0, 1, 1] * 25, parts), Split("given", val=0.25), groups)
    assert set(manifest.parts[80:]) == {"test"}
    assert manifest.counts() == {"train": (30, 30), "val": (10, 10), "test": (10, 10)}
    assert all(manifest.parts[i] == manifest.parts[i + 1] for i in range(0, 80, 2))
    assert said(
        manifest, "its val (20 images) is the untouched test part, and 20 of its 80 train images choose"
    )


def test_given_train_and_test_carves_val_and_leaves_small_classes_to_train():
    parts = ("train",) * 40 + ("train",) * 2 + ("test",) * 10
    manifest = split(dataset([0] * 40 + [1] * 2 + [0, 1] * 5, parts), Split("given", val=0.25))
    assert manifest.counts() == {"train": (30, 2), "val": (10, 0), "test": (5, 5)}


def test_given_train_alone_is_split_like_any_other_and_test_alone_is_refused():
    manifest = split(dataset([0, 1] * 50, ("train",) * 100), Split("given"))
    assert manifest.parts == split(dataset([0, 1] * 50), Split()).parts
    assert said(manifest, "The source gives a train part only")
    with pytest.raises(SplitError, match="gives only test parts"):
        split(dataset([0, 1], ("test", "test")), Split("given"))


# --- the record ---

words = st.text(st.characters(codec=None), max_size=12)


@given(
    st.lists(st.tuples(words, st.integers(0, 2), words, words), max_size=8),
    st.lists(words, min_size=3, max_size=3, unique=True),
)
def test_a_manifest_survives_its_file_whatever_the_names(tmp_path_factory, rows, classes):
    path = tmp_path_factory.mktemp("manifest") / "split.csv"
    parts = [("train", "val", "test")[i % 3] for i in range(len(rows))]
    names, labels, groups, hashes = zip(*rows) if rows else ((), (), (), ())
    manifest = Manifest(tuple(classes), names, labels, groups, hashes, tuple(parts), ("said",))
    write_manifest(manifest, path)
    assert read_manifest(path, classes, ["said"]) == manifest


def test_no_cell_starts_a_formula(tmp_path):
    manifest = Manifest(
        ("=cmd|x",), ("-1.jpg", '+a,b\n"c".jpg'), (0, 0), ("@g", ""), ("", ""), ("train", "val")
    )
    write_manifest(manifest, tmp_path / "split.csv")
    text = (tmp_path / "split.csv").read_text(encoding="utf-8")
    assert not any(f'"{sign}' in text.replace('""', "") for sign in "=+-@")
    assert read_manifest(tmp_path / "split.csv", ["=cmd|x"]) == manifest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("path,label\n", "not a split manifest"),
        ("name,class,group,sha256,part\na,b\n", "line 2: 5 cells are needed; got 2"),
        ("name,class,group,sha256,part\na,dog,,,train\n", "the class 'dog' is none of the run's 1 classes"),
        (
            "name,class,group,sha256,part\na,cat,,,all\n",
            "the part must be one of train, val, test; got 'all'",
        ),
        (b"\xff\xfe", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_damaged_manifest_gets_a_sentence(tmp_path, text, words):
    path = tmp_path / "split.csv"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SplitError) as error:
        read_manifest(path, ["cat"])
    assert words in str(error.value)


@pytest.mark.slow
def test_a_hundred_thousand_items_take_seconds():
    rng = random.Random(0)
    labels = [rng.randrange(100) for _ in range(100_000)]
    groups = [f"g{rng.randrange(40_000)}" if rng.random() < 0.5 else "" for _ in labels]
    begin = time.perf_counter()
    split(dataset(labels), Split(), groups)
    assert time.perf_counter() - begin < 8
