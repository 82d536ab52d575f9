"""A pretrained network is fed another scale than it was trained with.

What it does: compares the scaling on the training path with what the published weights expect.
Why it matters: frozen features of wrongly scaled images are worth little, and BatchNorm's stored averages then do
not fit; validation stays at chance while a large head memorises the training images.
Instead: the backbone's own preprocess_input, on every path.
Cannot tell: how much is lost; a linear probe under each scaling tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.case.backbones import backbone_of, expected
from valscope.case.shown import place
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.recipe import Recipe
from valscope.nouns.script import Backbone, ScriptFacts
from valscope.worlds import World, draw
from valscope.worlds.programs import training
from valscope.worlds.scripts import flow

CODE, NAME = "P104", "backbone_scale"
NEEDS = ("training_code",)
SUSPECT = "the scale that the backbone gets"
EXPLAINS = ("M104", "L202", "L209")
# caffe and imagenet differ by a constant factor and offset per channel; unit and symmetric by one factor
# modules of keras.applications whose name is not that of the network in lower case
MODULES = {
    "InceptionV3": "inception_v3", "InceptionResNetV2": "inception_resnet_v2", "MobileNetV2": "mobilenet_v2",
    "ResNet101": "resnet", "ResNet152": "resnet", "ResNet50V2": "resnet_v2", "ResNet101V2": "resnet_v2",
    "ResNet152V2": "resnet_v2", "DenseNet121": "densenet", "DenseNet169": "densenet", "DenseNet201": "densenet",
    "NASNetMobile": "nasnet", "NASNetLarge": "nasnet",
}  # fmt: skip
OTHERS = ("image_max", "unit_unit", "unit_symmetric", "unit_imagenet", "unit_caffe")  # see P103 and P112
UNCLEAR = {"unknown", "other", "featurewise", "samplewise"}


def check(case: Case) -> Iterator[Outcome]:
    """Only backbones with published weights and a scaling that code or recipe show."""
    yield from list(_in_code(case)) or _in_recipe(case)


def remedy(recipe: Recipe) -> Recipe | None:
    """What the backbone's own preprocess_input does. Other rules mend the scales in OTHERS."""
    preparation, wanted = recipe.preparation, expected(recipe.model)
    if preparation is None or wanted is None or preparation.scale in (wanted[0], *OTHERS):
        return None
    return recipe.but(preparation=preparation.but(scale=wanted[0], order=wanted[1]))


def _in_code(case: Case) -> Iterator[Outcome]:
    """Only backbones with published weights and a scaling that the code shows."""
    for script in case.scripts:
        for backbone in script.backbones:
            if backbone.weights is not None and backbone.weights.value != "imagenet":
                continue
            found = _fed(script, backbone)
            if found is not None and backbone.expects not in UNCLEAR and found[0] != backbone.expects:
                yield _finding(backbone, *found)


def _in_recipe(case: Case) -> Iterator[Outcome]:
    training = case.training
    if not training or remedy(training.recipe) is None:
        return
    name, wanted = backbone_of(training.recipe.model), expected(training.recipe.model)
    if name is not None and wanted is not None and training.recipe.preparation is not None:
        fed = training.recipe.preparation.scale
        yield _said(name, wanted[0], fed, place(case, "preparation.scale", fed), "Its own preprocess_input")


def _fed(script: ScriptFacts, backbone: Backbone) -> tuple[str, tuple[Source, ...]] | None:
    """(scale, lines) of the one way in which training images reach the backbone."""
    paths = [
        p for p in script.paths_for("train")
        if p.scale not in UNCLEAR and (p.traced or p.scale != "none")
        and (p.network is None or backbone.network is None or p.network == backbone.network)
    ]  # fmt: skip
    ways = {
        _outside_and_in(p.scale, p.inside): tuple(s.source for s in p.steps if s.kind == "scale")
        for p in paths
    }
    if not ways:
        ways = {
            q.scale: tuple(s.source for s in q.scaling) for q in script.sequences if q.scale not in UNCLEAR
        }
    return next(iter(ways.items())) if len(ways) == 1 and "unknown" not in ways else None


def _outside_and_in(outside: str, inside: str) -> str:
    if inside in ("none", "unknown"):
        return outside
    return inside if outside == "none" else "unknown"


def _finding(backbone: Backbone, fed: str, places: tuple[Source, ...]) -> Finding:
    return _said(backbone.name, backbone.expects, fed, (backbone.source, *places), _function(backbone))


def _said(name: str, expects: str, fed: str, places: tuple[Source, ...], function: str) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"{name} was trained on images of the scaling \"{expects}\" and gets \"{fed}\": its features, "
        "and BatchNorm's stored averages, belong to other inputs.",
        numbers={"backbone": name, "expects": expects, "gets": fed},
        evidence=places,
        explains=EXPLAINS,
        cannot_tell="how much is lost: score a linear probe under each scaling.",
        remedy=f"{function}, on every path.",
        next_step=f"x = {function}(x)   (on every path; five epochs tell)",
        weight=0.65,
    )  # fmt: skip


def _function(backbone: Backbone) -> str:
    return f"keras.applications.{MODULES.get(backbone.name, backbone.name.lower())}.preprocess_input"


HEAD = """from keras.applications.{module} import preprocess_input
base = keras.applications.{name}(include_top=False, weights='imagenet', input_shape=(64, 64, 3))
model = Sequential([base, Flatten(), Dense(3, activation='softmax')])
model.compile('adam', 'categorical_crossentropy')
"""
BACKBONES = (("vgg16", "VGG16"), ("resnet50", "ResNet50"), ("vgg19", "VGG19"))


def sick(seed: int = 0) -> World:
    """Divided by 255 for weights that want channel means taken off."""
    return _world(flow(seed=3 * seed), seed)


def healthy(seed: int = 0) -> World:
    """The backbone's own function."""
    own = "preprocessing_function=preprocess_input"
    return _world(flow(val=own, seed=3 * seed).replace("rescale=1./255", own), seed)


def _world(feed: str, seed: int) -> World:
    module, name = BACKBONES[seed % 3]
    return World(
        {
            "train.py": HEAD.format(module=module, name=name)
            + feed
            + "model.fit_generator(train, validation_data=val)"
        }
    )


FROZEN = """base = keras.applications.MobileNetV2(
    weights=os.path.join(os.environ["VALSCOPE_WEIGHTS"], "mobilenetv2_imagenet_notop.weights.h5"),
    include_top=False, input_shape=(size, size, 3))
base.trainable = False
model.add(base)
model.add(keras.layers.GlobalAveragePooling2D())"""


def sick_program(seed: int = 0) -> World:
    """A frozen MobileNetV2 gets the pixels as they are; its weights want them from -1 to 1."""
    return _frozen("img", seed)


def healthy_program(seed: int = 0) -> World:
    """The backbone's own function."""
    return _frozen("keras.applications.mobilenet_v2.preprocess_input(img)", seed)


def _frozen(image: str, seed: int) -> World:
    images = draw.letters(seed, (150,) * 4, side=96)
    return training(images, seed, layers=FROZEN, image=image, epochs="12")
