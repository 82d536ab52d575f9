"""Each user's folder: the script and the data as they had them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

SCRIPTS = Path(__file__).with_name("scripts")
DATA = Path(os.environ.get("VALSCOPE_DATA", ""))
WEIGHTS = Path(os.environ.get("VALSCOPE_WEIGHTS", ""))


def copy(script: str, to: Path, name: str = "train.py", **words: object) -> None:
    text = (SCRIPTS / script).read_text()
    for word, value in words.items():
        text = text.replace(word, str(value))
    (to / name).write_text(text)


def link(source: Path, to: Path) -> None:
    """A folder with links to the folders of `source`, without the notes that lie beside them."""
    to.mkdir(exist_ok=True)
    for folder in (p for p in source.iterdir() if p.is_dir() and not (to / p.name).exists()):
        (to / folder.name).symlink_to(folder.resolve())


def backbone_features(folders: list[Path], side: int = 160) -> np.ndarray:
    import keras

    net = keras.applications.MobileNetV2(
        weights=str(WEIGHTS / "mobilenetv2_imagenet_notop.weights.h5"), include_top=False,
        input_shape=(side, side, 3), pooling="avg",
    )  # fmt: skip
    images = np.stack(
        [
            np.asarray(Image.open(f).convert("RGB").resize((side, side)))
            for d in folders
            for f in sorted(d.iterdir())
        ]
    )
    return net.predict(images / 127.5 - 1, batch_size=32, verbose=0).astype(np.float32)


def case0(to: Path) -> list[str]:
    classes = ("Potato___Early_blight", "Potato___Late_blight", "Potato___healthy")
    parts = ("train", "validation", "test")
    found, labels = [], []
    for k, name in enumerate(classes):
        folders = [DATA / "potato_leaf" / p / name for p in parts]
        found.append(backbone_features(folders))
        labels += [k] * len(found[-1])
    np.savez(to / "features.npz", features=np.concatenate(found), labels=np.array(labels))
    copy("case0.py", to)
    return ["train.py", "training.log", "features.npz"]


def case1(to: Path) -> list[str]:
    link(DATA / "arrows_lr" / "gray115x45", to / "data")
    copy("case1_train.py", to)
    copy("case1_predict.py", to, "predict.py")
    return ["train.py", "predict.py", "training.log", "model.keras", "data"]


def case2(to: Path) -> list[str]:
    """Every third image, so that an epoch takes seconds on two cores."""
    for f in sorted((DATA / "cherry_mildew").rglob("*.jpg"))[::3]:
        there = to / "data" / f.relative_to(DATA / "cherry_mildew")
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(f, there)
    copy("case2.py", to)
    return ["train.py", "training.log", "model.keras", "data"]


def case3(to: Path) -> list[str]:
    link(DATA / "potato_leaf", to / "data")
    copy("case3.py", to)
    return ["train.py", "training.log", "data"]


def case4_chance(to: Path) -> list[str]:
    """Shapes whose labels were dealt out by chance."""
    rng = np.random.default_rng(3)
    files = sorted((DATA / "shapes4").rglob("*.png"))
    names = sorted({f.parent.name for f in files})
    for i, f in enumerate(rng.permutation(np.array(files, dtype=object))):
        folder = to / "data" / names[i % len(names)]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(f, folder / f"{i:04d}.png")
    copy("case4.py", to, SIZE=48, CLASSES=4, EPOCHS=6)
    return ["train.py", "training.log", "data"]


def case4_learns(to: Path) -> list[str]:
    link(DATA / "letters4", to / "data")
    copy("case4.py", to, SIZE=28, CLASSES=4, EPOCHS=6)
    return ["train.py", "training.log", "data"]


def case4_background(to: Path) -> list[str]:
    """A small set: letters, small and in the middle of photographs of other things."""
    rng = np.random.default_rng(5)
    photos = sorted((DATA / "caltech10").rglob("*.jpg"))
    for name in "ABCD":
        (to / "data" / name).mkdir(parents=True, exist_ok=True)
        letters = sorted((DATA / "letters4" / name).glob("*.png"))[:130]
        for i, f in enumerate(letters):
            ground = Image.open(photos[rng.integers(len(photos))]).convert("L").resize((64, 64))
            glyph = Image.open(f).convert("L").resize((22, 22))
            ground.paste(Image.new("L", glyph.size, 210), (21, 21), glyph)
            ground.convert("RGB").save(to / "data" / name / f"{i:03d}.png")
    copy("case4.py", to, SIZE=64, CLASSES=4, EPOCHS=12)
    return ["train.py", "training.log", "data"]


def two_faults(to: Path) -> list[str]:
    """A tail split of sorted files and a rate ten times too large."""
    link(DATA / "sign_digits", to / "Dataset")
    copy("two_faults.py", to)
    return ["train.py", "training.log", "digits.keras", "Dataset"]


def healthy(to: Path) -> list[str]:
    """A correct training."""
    link(DATA / "trashnet", to / "data")
    copy("healthy.py", to)
    return ["train.py", "training.log", "model.keras", "data"]


CASES: dict[str, Callable[[Path], list[str]]] = {
    "case0": case0, "case1": case1, "case2": case2, "case3": case3,
    "case4_chance": case4_chance, "case4_learns": case4_learns, "case4_background": case4_background,
    "two_faults": two_faults, "healthy": healthy,
}  # fmt: skip
