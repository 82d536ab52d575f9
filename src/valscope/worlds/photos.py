"""Drawn images as a folder of files, one folder a class."""

from __future__ import annotations

from pathlib import Path

from valscope.worlds.world import Drawn


def write_photos(drawn: Drawn, folder: Path) -> None:
    """folder/cat/0001.png, or folder/train/cat/0001.png where the data come in parts."""
    from PIL import Image

    for i, (image, label) in enumerate(zip(drawn.images, drawn.labels)):
        home = folder / drawn.parts[i] if drawn.parts else folder
        home = home / drawn.classes[int(label)]
        home.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(home / f"{i + 1:04d}.png")
