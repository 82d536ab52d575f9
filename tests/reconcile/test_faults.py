"""A model of known preparation, used wrongly: the fault is named, and what is not wrong is not accused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from seeing import CLASSES, TRUE, Formula, drawn, formula_one

import valscope
from valscope.errors import DataError
from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.reconciliation import Step, Variant
from valscope.reconciling.axes import with_value
from valscope.reconciling.claims import Said, matched
from valscope.scoring import share

pytestmark = pytest.mark.slow  # runs are trained and models scored, many seconds in all

FAULTS = [
    ("scale", "none"), ("scale", "symmetric"), ("scale", "unit_unit"), ("channel order", "bgr"),
    ("axes", "transposed"), ("colour", "grey_rgb"), ("decision", Decision("argmin")),
    ("class order", (3, 2, 1, 0)), ("class order", (1, 2, 3, 0)), ("alignment", False),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("axis", "value"), FAULTS)
def test_a_single_fault_is_named_from_the_pipeline_of_use_alone(axis, value):
    found = valscope.reconcile(Formula(), drawn(), served=with_value(axis, value, TRUE))
    assert (found.verdict, found.exit_code) == ("fault", 1)
    (whole,) = found.waterfalls
    named = {fall.step.axis for fall in whole.falls if fall.sure}
    # the colours' exchange and the exchange of classes can be one and the same
    assert named == {axis} or whole.start.k == found.variants[0].accuracy.k
    assert whole.start.value > 0.85 and whole.end.value < 0.75
    assert axis in found.sentence or named


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_the_right_pipeline_is_never_accused(seed):
    found = valscope.reconcile(Formula(), drawn(seed=seed, noise=0.03 * seed), served=TRUE)
    assert (found.verdict, found.exit_code) == ("equal", 0)
    assert "no other pipeline" in found.sentence


@pytest.mark.parametrize("scale", ["none", "symmetric", "imagenet"])
def test_without_any_pipeline_the_preparation_is_found(scale):
    model = Formula(shape=(16, 16, 3))
    found = valscope.reconcile(model, drawn())
    assert found.reference_from == "found"
    assert found.reference.preparation.scale in ("unit", "image_max")
    assert found.variants[0].accuracy.value > 0.85


def test_two_faults_that_hide_each_other_are_both_named_and_not_additive():
    model, true = formula_one()
    served = with_value("scale", "none", true.but(decision=Decision("equals", 1.0)))
    found = valscope.reconcile(model, drawn(classes=("left", "right")), served=served, trained=true)
    (whole,) = found.waterfalls
    assert {f.step.axis for f in whole.falls if f.sure} == {"scale", "decision"}
    (between,) = whole.interactions
    assert between.points < 0, "the wrong scale hides what the wrong decision costs"
    assert whole.falls[0].alone > 0.3 and whole.falls[1].alone > 0.3


def test_equal_pipelines_that_are_known_are_equal_and_differences_that_cost_nothing_are_no_fault():
    equal = valscope.reconcile(Formula(), drawn(), trained=TRUE, served=TRUE)
    assert equal.verdict == "equal" and not equal.waterfalls and "same pipeline" in equal.sentence
    nearest = with_value("resize", ("nearest", True), TRUE)
    other = valscope.reconcile(Formula(), drawn(60, size=(20, 28)), trained=TRUE, served=nearest)
    assert other.verdict == "equal" and "no point is lost" in other.sentence
    assert not other.waterfalls[0].falls[0].sure


def test_claims_are_matched_to_pipelines_and_a_low_one_names_the_fault():
    found = valscope.reconcile(Formula(), drawn(300), claimed=["0.25", "88 %"])
    high, low = found.claims
    assert (high.value, low.value) == (0.88, 0.25)
    assert "reference" in high.matches
    assert any(name.startswith("scale: 0..255") for name in low.matches)
    assert found.verdict == "fault" and found.waterfalls[0].claim == 0.25
    assert f"{len(low.matches)} ways of using it" in found.sentence  # the number alone does not tell which


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_accuracy_itself_as_a_claim_accuses_nobody(seed):
    model, images = Formula(), drawn(300, seed=seed, noise=0.12)
    plain = valscope.reconcile(model, images)
    fresh = valscope.reconcile(model, drawn(300, seed=100 + seed, noise=0.12)).variants[0].accuracy.value
    assert valscope.reconcile(model, images, claimed=[fresh]).verdict == "equal", plain.sentence


def test_a_number_that_nothing_gives_is_not_explained():
    found = valscope.reconcile(Formula(), drawn(noise=0.15), claimed=[0.999])
    assert (found.verdict, found.exit_code) == ("unmatched", 2)
    assert "other images" in found.sentence


def test_a_model_that_knows_nothing_cannot_be_judged():
    images = drawn()
    images = images.but(labels=np.random.default_rng(1).permutation(images.labels))
    found = valscope.reconcile(Formula(), images)
    assert (found.verdict, found.exit_code) == ("unclear", 2)


def test_each_batch_of_equal_inputs_is_asked_once():
    model = Formula()
    valscope.reconcile(model, drawn(100), served=TRUE)
    first = model.asked
    assert first < 100 * 45, "variants that change nothing are not asked again"


def test_classes_that_do_not_fit_are_refused_in_a_sentence():
    with pytest.raises(DataError, match=r"4 outputs, but drawn has 2 classes with images \(apple, brick\)"):
        valscope.reconcile(Formula(), drawn(classes=CLASSES[:2]))


class Smooth(Formula):
    """Sees nothing where neighbouring pixels differ much: it likes images that were averaged as they shrank."""

    def outputs(self, x, mode="moving"):
        found = super().outputs(x, mode)
        rough = np.abs(np.diff(x, axis=2)).mean((1, 2, 3)) > 0.013
        return np.where(rough[:, None], np.eye(4, dtype=np.float32)[0], found)


@pytest.mark.slow
def test_a_smoother_resize_accuses_only_where_training_is_known():
    """A weak model may like another kernel than its own."""
    images = drawn(240, noise=0.05, size=(64, 64))
    rough = TRUE.but(preparation=replace(TRUE.preparation, antialias=False, kernel="nearest"))
    found = valscope.reconcile(Smooth(), images, served=rough)
    assert (found.verdict, found.exit_code) == ("unclear", 2), found.sentence
    assert "whether training resized so is not known" in found.sentence
    known = valscope.reconcile(Smooth(), images, served=rough, trained=TRUE)
    assert known.verdict == "fault" and {f.step.axis for f in known.waterfalls[0].falls} == {"resize"}


def test_a_number_of_other_images_is_matched_by_the_plainest_way():
    """One step that gives it in samples of this size goes before two steps that happen to give it exactly."""
    near, exact = _variant("decision: argmin", 0.0), _variant("geometry: padded; decision: argmin", 0.02)
    assert matched(Said(0.02), [near, exact]).matches == (
        "decision: argmin",
        "geometry: padded; decision: argmin",
    )
    assert matched(Said(0.02), [_variant("reference", 0.9)]).matches == ()


def _variant(name: str, accuracy: float) -> Variant:
    steps = () if name == "reference" else tuple(Step("decision", "", "") for _ in name.split("; "))
    k = round(256 * accuracy)
    return Variant(name, steps, Pipeline(None), share(k, 256), 0.0, 0.0, 0.0)


class Centred(Formula):
    """Made for -1..1, and less sure of its mistakes where none is quite -1."""

    def outputs(self, x, mode="moving"):
        y = super().outputs((x + 1) / 2)
        return np.where(x.min() > -0.995, 0.98 * y + 0.005, y).astype(np.float32)


def test_of_scales_that_cannot_be_told_apart_the_common_one_is_taken():
    images = drawn(size=(16, 16))
    images.content.values[:, 0, 0] = 0  # -1 in the one, -0.992 in the other
    found = valscope.reconcile(Centred(), images)
    assert found.reference.preparation.scale == "symmetric"
    assert any(v.pipeline.preparation.scale == "centred" and v.tied for v in found.variants)
