"""Two preparations: equal if and only if their tensors agree, and the stage of every single edit is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from path_pictures import draw

from valscope import compare_paths
from valscope.nouns.path_difference import Stage
from valscope.nouns.preparation import Preparation
from valscope.paths.tensors import tolerance
from valscope.paths.ways import prepared

SIDES = st.sampled_from([(24, 24), (20, 32), (32, 20)])
OTHERS: dict[str, tuple[Stage, list[Any]]] = {
    "fast_decode": ("decode", [True, False]),
    "exif": ("EXIF orientation", [True, False]),
    "alpha": ("alpha", ["drop", "white", "black"]),
    "colour": ("colour", ["rgb", "grey_rgb"]),
    "height": ("size", [24, 20, 32]),
    "geometry": ("geometry", ["stretch", "crop", "pad"]),
    "centre": ("geometry", [1.0, 0.875]),
    "kernel": ("resize", ["nearest", "bilinear", "bicubic", "lanczos", "area"]),
    "antialias": ("resize", [True, False]),
    "axes": ("axes", ["kept", "transposed", "reshaped"]),
    "order": ("channel order", ["rgb", "bgr"]),
    "scale": ("scale", ["none", "unit", "symmetric", "centred", "imagenet", "caffe", "image_max", "image_std",
                        "unit_unit", "unit_symmetric"]),
}  # fmt: skip


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return draw(tmp_path_factory.mktemp("paths"))


@st.composite
def preparations(draw_: st.DrawFn) -> Preparation:
    height, width = draw_(SIDES)
    fields = {
        name: draw_(st.sampled_from(values)) for name, (_, values) in OTHERS.items() if name != "height"
    }
    if fields["geometry"] == "pad":  # cutting and padding at once is nobody's way
        fields["centre"] = 1.0
    return Preparation(height, width, **fields)


@st.composite
def edits(draw_: st.DrawFn) -> tuple[Preparation, Preparation, Stage]:
    """A preparation, one that differs in one field, and the stage of that field."""
    first = draw_(preparations())
    name = draw_(st.sampled_from(sorted(OTHERS)))
    stage, values = OTHERS[name]
    value = draw_(st.sampled_from([v for v in values if v != getattr(first, name)]))
    assume(not ("pad" in (first.geometry, value) and (first.centre != 1.0 or name == "centre")))
    return first, first.but(**{name: value}), stage


def agree(first: Preparation, second: Preparation, files: list[str]) -> bool:
    pairs = [(prepared(first)(f).values, prepared(second)(f).values) for f in files]
    if any(a.shape != b.shape for a, b in pairs):
        return False
    within = tolerance([a for a, _ in pairs], [b for _, b in pairs])
    return all(np.abs(a - b).max() <= within for a, b in pairs)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(preparations(), preparations())
def test_equal_if_and_only_if_the_tensors_agree(files: list[str], a: Preparation, b: Preparation) -> None:
    found = compare_paths(a, b, files)
    assert found.equal == agree(a, b, files)
    assert found.explained and found.verdict == "PROVED"


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(edits())
def test_the_stage_of_every_single_edit_is_named(
    files: list[str], edit: tuple[Preparation, Preparation, Stage]
) -> None:
    first, second, stage = edit
    found = compare_paths(first, second, files)
    if agree(first, second, files):
        assert found.equal
    else:
        assert [s.stage for s in found.stages] == [stage]
        assert stage in found.sentence


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(edits())
def test_functions_are_recognised_by_their_tensors_alone(
    files: list[str], edit: tuple[Preparation, Preparation, Stage]
) -> None:
    first, second, stage = edit
    one, other = prepared(first).ask, prepared(second).ask
    found = compare_paths(lambda f: one(f), lambda f: other(f), files)
    if agree(first, second, files):
        assert found.equal
    else:
        assert found.explained
        assert [s.stage for s in found.stages] == [stage]


def test_paths_are_exported() -> None:
    import valscope

    assert valscope.compare_paths is compare_paths


def test_files_that_cannot_show_a_stage_are_said(tmp_path: Path) -> None:
    files = [f for f in draw(tmp_path) if f.endswith("wide.png")]
    found = compare_paths(Preparation(8, 8), Preparation(8, 8, exif=False), files)
    assert found.equal
    assert any("EXIF" in s for s in found.untested) and any("alpha" in s for s in found.untested)
