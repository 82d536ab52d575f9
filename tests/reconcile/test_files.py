"""What only files have: cameras held upside down, transparent pixels, files that are no images."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from seeing import CLASSES, TRUE, Formula, drawn

import valscope
from valscope.nouns.dataset import Files
from valscope.reconciling.axes import with_value

pytestmark = pytest.mark.slow
N = 160


def photographs(folder, draw):
    """Files drawn from arrays; every second one as `draw` has it."""
    dataset = drawn(N, noise=0.02)
    paths = []
    for i, values in enumerate(dataset.content.values):
        paths.append(str(folder / f"{i}.png"))
        draw(Image.fromarray(values), paths[-1], i % 8 < 4)
    return dataset.but(content=Files(tuple(paths)), names=tuple(paths), origin=str(folder))


def test_an_ignored_orientation_is_named(tmp_path):
    def draw(image, path, turned):
        if turned:
            exif = image.getexif()
            exif[0x0112] = 3
            image.rotate(180).save(path, exif=exif)
        else:
            image.save(path)

    found = valscope.reconcile(Formula(), photographs(tmp_path, draw), served=with_value("EXIF", False, TRUE))
    assert [f.step.axis for f in found.waterfalls[0].falls if f.sure] == ["EXIF"]
    assert "exif_transpose" in found.waterfalls[0].falls[0].change
    assert found.changed and found.changed[0].path.endswith(".png")
    assert found.changed[0].true in CLASSES


def test_transparent_pixels_on_another_ground_are_named(tmp_path):
    def draw(image, path, clear):
        values = np.asarray(image.convert("RGBA")).copy()
        if clear:  # what lies behind transparency is the picture of another class
            values[..., :3] = np.asarray(image)[::-1]
            values[::2, ::2, 3] = 255
            values[..., 3] = 255
            values[:, :, 3] = np.where(np.arange(16)[None] < 12, 0, 255)
        Image.fromarray(values).save(path)

    images = photographs(tmp_path, draw)
    right = with_value("alpha", "black", TRUE)
    model = Formula()
    best = valscope.reconcile(model, images, served=with_value("alpha", "drop", TRUE), trained=right)
    assert [f.step.axis for f in best.waterfalls[0].falls] == ["alpha"]


def test_a_broken_file_is_left_out_and_said(tmp_path):
    images = photographs(tmp_path, lambda image, path, half: image.save(path))
    Path(images.content.paths[5]).write_bytes(b"no image")
    found = valscope.reconcile(Formula(), images, served=TRUE)
    assert found.n == N - 1 and found.verdict == "equal"
    assert any("cannot be read" in note for note in found.notes)
