"""How many copies are found, and what is found where there are none: docs/evidence-duplicates.md.

    VALSCOPE_DATA=... python -m bench.duplicates [SET ...]

Each set's pictures are read at 64 x 64. Copies of 300 of them are made at their own size as people make them,
one kind after the other, and added to the set; a copy counts as found when it is paired with its original.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from valscope.data.alike.duplicates import Duplicates, find_duplicates
from valscope.data.alike.flips import flip_safe
from valscope.data.alike.thumbs import describe
from valscope.data.splitting.groups import infer_groups

DATA = Path(os.environ.get("VALSCOPE_DATA", "."))
SETS = {
    "cherry_mildew": "cherry_mildew",
    "trashnet": "trashnet",
    "potato_leaf": "potato_leaf",
    "caltech10": "caltech10",
    "sign_digits": "sign_digits",
    "cifar10 train": "cifar10/train",
    "cifar10 test": "cifar10/test",
    "arrows gray115x45": "arrows_lr/gray115x45",
    "arrows crops": "arrows_lr/crops_rgb",
    "letters4": "letters4",
    "shapes4": "shapes4",
    "mnist test": "mnist/x_test",
    "mnist train": "mnist/x_train",
}
SIZE = 64
COPIED = 300
TURN = Image.Transpose


def jpeg(quality: int) -> Callable[[Image.Image], Image.Image]:
    def again(image: Image.Image) -> Image.Image:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality)
        return Image.open(file).convert("RGB")

    return again


def shrink(image: Image.Image) -> Image.Image:
    return image.resize([max(1, int(0.7 * s)) for s in image.size], Image.Resampling.BILINEAR)


KINDS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "q50": jpeg(50),
    "q30": jpeg(30),
    "70 %": shrink,
    "brighter": lambda image: image.point(lambda v: min(255, int(1.1 * v + 8))),
    "flip": lambda image: image.transpose(TURN.FLIP_LEFT_RIGHT),
    "90°": lambda image: image.transpose(TURN.ROTATE_90),
    "180°": lambda image: image.transpose(TURN.ROTATE_180),
    "flip, q50": lambda image: jpeg(50)(image.transpose(TURN.FLIP_LEFT_RIGHT)),
}


def pictures(name: str) -> Iterator[tuple[str, str, Image.Image]]:
    """(name, class, picture at its own size)."""
    if name.startswith("mnist"):
        with np.load(DATA / "mnist" / "mnist.npz") as arrays:
            x, y = arrays[Path(name).name], arrays[Path(name).name.replace("x", "y")]
        for i, image in enumerate(x):
            yield str(i), str(y[i]), Image.fromarray(image).convert("RGB")
        return
    root = DATA / name
    for path in sorted(p for p in root.rglob("*") if p.suffix.lower() in (".jpg", ".png")):
        image = Image.open(path)
        image.draft("RGB", (2 * SIZE, 2 * SIZE))
        yield str(path.relative_to(root)), path.parent.name, image.convert("RGB")


def small(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR))


def find(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Duplicates:
    return find_duplicates(lambda rows: images[rows], len(images), None, labels)


def against_names(found: Duplicates, names: list[str]) -> str:
    """Pairs on one side by the pictures, against those by the names of augmented copies."""
    told = infer_groups(names)
    if told is None:
        return ""
    count = len(set(told.groups) - {""})
    by_name = {
        frozenset(np.flatnonzero(np.array(told.groups) == g).tolist()) for g in set(told.groups) - {""}
    }
    same = len(by_name & {frozenset(g) for g in found.near})
    return f"{same} of the {count} groups that names tell, {len(found.near) - same} others"


def measure(title: str, folder: str) -> str:
    names, kinds, base = [], [], []
    copies: dict[str, list[NDArray[np.uint8]]] = {}
    count = sum(1 for _ in pictures(folder))
    chosen = sorted(np.random.default_rng(0).permutation(count)[:COPIED].tolist())
    wanted = set(chosen)
    for i, (name, kind, image) in enumerate(pictures(folder)):
        names.append(name)
        kinds.append(kind)
        base.append(small(image))
        for what, do in KINDS.items() if i in wanted else ():
            copies.setdefault(what, []).append(small(do(image)))
    images = np.stack(base)
    classes, labels = np.unique(kinds, return_inverse=True)
    begin = time.perf_counter()
    found = find(images, labels)
    seconds = time.perf_counter() - begin
    flips = flip_safe(found.thumbs, labels, classes.tolist(), found)
    other = sum(int(labels[p.first] != labels[p.second]) for p in found.pairs)
    print(f"# {title}: {against_names(found, names)} {flips.reason}", file=sys.stderr, flush=True)
    cells = [
        title,
        len(images),
        f"{seconds:.1f}",
        len(found.identical),
        len(found.near),
        len(found.pairs),
        other,
    ]
    cells += [hash_pairs(images), hash_recall(images, chosen, copies)]
    cells += [recall(images, labels, chosen, np.stack(copies[what])) for what in KINDS]
    return "| " + " | ".join(map(str, (*cells, flips.verdict))) + " |"


def hashes(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The usual 64-bit DCT hash ("pHash"): signs of 8 x 8 coefficients of the 32 x 32 grey picture."""
    low = describe(lambda rows: images[rows], len(images)).low.reshape(len(images), 64)
    return np.packbits(low > np.median(low, axis=1, keepdims=True), axis=1)


def hash_pairs(images: NDArray[np.uint8]) -> int:
    """Pairs within Hamming distance 10, the usual default, that the peers' hashes would call duplicates."""
    bits = np.unpackbits(hashes(images), axis=1).astype(np.float32) * 2 - 1
    total = 0
    for start in range(0, len(bits), 1000):
        near = bits[start : start + 1000] @ bits[start:].T >= 64 - 2 * 10
        total += int(np.triu(near, 1).sum())
    return total


def hash_recall(
    images: NDArray[np.uint8], rows: list[int], copies: dict[str, list[NDArray[np.uint8]]]
) -> str:
    """Per cent of all copies, of all kinds, that such a hash finds."""
    own = np.unpackbits(hashes(images[rows]), axis=1)
    apart = [(np.unpackbits(hashes(np.stack(c)), axis=1) != own).sum(1) for c in copies.values()]
    return f"{100 * np.mean(np.concatenate(apart) <= 10):.0f}"


def recall(
    images: NDArray[np.uint8], labels: NDArray[np.int64], rows: list[int], copies: NDArray[np.uint8]
) -> str:
    both = np.concatenate([images, copies])
    found = find(both, np.concatenate([labels, labels[rows]]))
    together = {frozenset(p) for g in found.identical for p in ((a, b) for a in g for b in g)}
    together |= {frozenset((p.first, p.second)) for p in found.pairs}
    # a copy of a picture that has an identical twin is paired with the first of the two
    first = {i: g[0] for g in found.identical for i in g}
    hits = [
        frozenset((i, n)) in together or frozenset((first.get(i, i), first.get(n, n))) in together
        for i, n in zip(rows, range(len(images), len(both)))
    ]
    return f"{100 * np.mean(hits):.0f}"


def main() -> None:
    wanted = sys.argv[1:] or list(SETS)
    head = ["set", "pictures", "seconds", "identical sets", "near groups", "pairs", "of two labels"]
    head += ["pairs by pHash", "pHash finds %", *KINDS, "mirroring"]
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for title in wanted:
        print(measure(title, SETS[title]), flush=True)


if __name__ == "__main__":
    main()
