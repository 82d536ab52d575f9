"""A class that is validated and never trained.

What it does: works out what stands in the last rows when rows are sorted by class, for every order in which the
classes can stand, and holds each against the log: the ceiling on val_accuracy and, with class weights, the loss
that an untrained class costs.
Why it matters: no model can recognise a class that it never saw; val_accuracy has a ceiling below 1.
Instead: a stratified, shuffled split before fit (validation_split takes the last rows before it shuffles).
Cannot tell: that such rows are sorted, where neither losses nor data say so; it then stays a suspicion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope.case import Case
from valscope.case.shown import place
from valscope.case.tail_proof import TailProof
from valscope.case.tail_shown import tail_shown
from valscope.evidence.laws.tail import Composition
from valscope.nouns.finding import Finding, NotChecked, Number, Outcome
from valscope.nouns.images import DataFacts
from valscope.nouns.recipe import Recipe, Split
from valscope.worlds import World, draw, spoil, trainings
from valscope.worlds.programs import training
from valscope.worlds.scripts import network
from valscope.worlds.world import Drawn

CODE, NAME = "S101", "class_never_trained"
NEEDS = ("runs",)
SUSPECT = "the split that takes the last rows"
EXPLAINS = (
    "G101", "L203", "L204", "S106", "overfitting", "the gap between training and validation",
    "a class that is never predicted", "L209",
)  # fmt: skip


def check(case: Case) -> Iterator[Outcome]:
    """From counts and log, else from measured data and the code's split."""
    proofs = case.tails
    for proof in proofs:
        yield _finding(case, proof)
    shown = [] if proofs else list(_in_recipe(case))
    yield from shown
    measured = any(facts.order for facts in case.data)  # rows that are measured and leave no class out
    if not proofs and not shown and not measured and case.tail_split_possible:
        yield NotChecked(
            NAME,
            "the code takes the last rows for validation (validation_split) and nothing says whether rows are "
            "sorted by class",
            "the label array, or the number of images of each class",
        )


def remedy(recipe: Recipe) -> Recipe | None:
    """Rows are shuffled within their classes before the split."""
    if recipe.split.kind != "tail":
        return None
    return recipe.but(split=replace(recipe.split, kind="stratified"))


def _in_recipe(case: Case) -> Iterator[Outcome]:
    """The rebuilt split on the measured rows, where the code's own lines do not tell."""
    found = tail_shown(case)
    if found is not None:
        yield _shown(case, *found)


def _shown(case: Case, facts: DataFacts, c: Composition) -> Finding:
    names = " and ".join(repr(facts.classes[k]) for k in c.untrained[:4])
    best = [r.value for run in case.runs for r in run.column("val_accuracy") if r is not None]
    logged = f"; the best logged is {max(best):.4f}" if best else ""
    return Finding(
        CODE, NAME, "PROVED",
        f"{names} {'is' if len(c.untrained) == 1 else 'are'} never trained: rows stand class by class, the last {c.rows} "
        f"of {sum(c.train) + c.rows} validate, and of these only {c.reachable} are of a class that is trained. So "
        f"val_accuracy cannot in practice exceed {c.reachable}/{c.rows} = {c.ceiling:.4f}{logged}.",
        numbers={
            "rows": sum(c.train) + c.rows, "trained": sum(c.train), "validated": c.rows, "composition": c.val,
            "trained_by_class": c.train, "untrained": c.untrained, "ceiling": c.ceiling, "reachable": c.reachable,
        },
        evidence=(*place(case, "split.kind", "tail"), facts.order.source if facts.order is not None else facts.source),
        explains=EXPLAINS,
        cannot_tell="an untrained class could be guessed right by accident of the first weights; hence \"in practice\".",
        remedy="Shuffle before the split and keep the shares of classes: train_test_split(X, y, stratify=labels).",
        next_step=f"valscope train {facts.origin}   (a stratified split)",
        weight=1.0,
    )  # fmt: skip


def _finding(case: Case, proof: TailProof) -> Finding:
    c = proof.composition
    missing = " and ".join(f"class {k}" for k in c.untrained)
    held = ", ".join(
        f"{'all ' if k in c.untrained else ''}{v} of class {k}" for k, v in enumerate(c.val) if v
    )  # fmt: skip
    return Finding(
        CODE, NAME, "PROVED" if proof.proved else "SUSPECTED",
        f"{missing.capitalize()} is never trained: the last {c.rows} of {proof.total} rows validate "
        f"({_trained(proof)}), and they hold {held}. So val_accuracy cannot in practice exceed {c.reachable}/{c.rows} = "
        f"{c.ceiling:.4f}; the best logged is {proof.best / c.rows:.4f} = {proof.best}/{c.rows}. {_orders(proof)}"
        f"{_law(proof)}{_outputs(case, proof)}".rstrip(),
        numbers=_numbers(proof),
        evidence=proof.evidence,
        explains=EXPLAINS,
        cannot_tell="an untrained class could be guessed right by accident of the first weights; hence \"in practice\".",
        remedy="Shuffle before the split and keep the shares of classes: train_test_split(X, y, stratify=labels).",
        next_step="valscope train PHOTOS/ --split tail   and   valscope train PHOTOS/   (the same with a stratified split)",
        weight=1.0,
    )  # fmt: skip


def _trained(proof: TailProof) -> str:
    if proof.fraction is None:
        return f"{proof.trained} trained, as printed"
    printed = ", as the log says" if proof.printed else ""
    return f"int({proof.total} x {1 - proof.fraction:g}) = {proof.trained} trained{printed}"


def _orders(proof: TailProof) -> str:
    if proof.measured:
        return "The label array itself is sorted. "
    order = ", ".join(map(str, proof.composition.order))
    random = "; a random split is impossible, it could not cost that much" if proof.random_excluded else ""
    if proof.tails_fit > 1:
        return f"That holds if rows stand in the order {order}; {proof.tails_fit} tails fit the log{random}. "
    alone = "only one fits" if proof.orders_fit == 1 else f"{proof.orders_fit} fit, all with this tail"
    return f"Of {proof.orders_tried} orders in which sorted classes can stand {alone} ({order}){random}. "


def _law(proof: TailProof) -> str:
    law = proof.law
    if law is None or not proof.proved:
        return ""
    weighted = "the class weights" if proof.weighted else "no class weights"
    c = law.composition
    lost = " + ".join(f"{c.val[k]} x {proof.weights[k]:.6g}" for k in c.untrained)
    seen = next(k for k, v in enumerate(c.val) if v and k not in c.untrained)
    shown = ", ".join(f"{f.loss.text} (law {f.law:.4f})" for f in proof.shown)
    return (
        f"With probability 0 for every image of the untrained class and {weighted}, val_loss must be "
        f"({lost} + ({c.val[seen]} - k) x {proof.weights[seen]:.6g}) x {law.clip:.3f} / {c.rows}, k right: {shown}. "
        f"No number in it is free; of {len(law.fits)} epochs {law.limited} do not exceed it, {law.close} agree "
        f"within 0.002 and all within {law.worst:.2g} ({law.accident:.1g} would agree by accident)."
    )


def _outputs(case: Case, proof: TailProof) -> str:
    """Printed outputs in which the untrained class never comes first, as it must be."""
    rows = [r for r in case.outputs if len(r) == len(proof.composition.val)]
    named = {max(range(len(r)), key=lambda c: r[c].value) for r in rows}
    if not rows or named & set(proof.composition.untrained):
        return ""
    return f" Consistent: none of the {len(rows)} printed outputs names the untrained class."


def _numbers(proof: TailProof) -> dict[str, Number]:
    c = proof.composition
    numbers: dict[str, Number] = {
        "rows": proof.total, "trained": proof.trained, "validated": c.rows, "composition": c.val,
        "trained_by_class": c.train, "untrained": c.untrained, "ceiling": c.ceiling, "reachable": c.reachable,
        "best": proof.best, "orders_tried": proof.orders_tried, "orders_fit": proof.orders_fit, "order": c.order,
        "random_excluded": int(proof.random_excluded),
    }  # fmt: skip
    if proof.law is not None:
        numbers |= {
            "clip": proof.law.clip, "figures": len(proof.law.fits), "exact": proof.law.exact,
            "within_0.002": proof.law.close, "limited": proof.law.limited, "worst_residual": proof.law.worst,
            "accident": proof.law.accident, "law": tuple(round(f.law, 4) for f in proof.law.fits),
        }  # fmt: skip
    return numbers


def sick(seed: int = 0) -> World:
    """Rows sorted by class and Keras' tail split: all of the last class validates."""
    return _tail(spoil.by_class(draw.blobs(seed, (120 + seed, 90, 60))), seed)


def healthy(seed: int = 0) -> World:
    """The same images in random order: the tail holds every class."""
    return _tail(draw.blobs(seed, (120 + seed, 90, 60)), seed)


def _tail(images: Drawn, seed: int) -> World:
    recipe = trainings.recipe(images).but(split=Split("tail", val=0.3, test=0.0, grouping="none"))
    script = network(more="model.fit(x, y, epochs=12, validation_split=0.3)", seed=seed)
    return World({"train.py": script}, recipe, images)


def sick_program(seed: int = 0) -> World:
    """Files are read class by class, and validation_split takes the last third."""
    return _read("", seed)


def healthy_program(seed: int = 0) -> World:
    """Rows are shuffled before."""
    return _read("\norder = np.random.permutation(len(x))\nx, y = x[order], y[order]", seed)


def _read(after: str, seed: int) -> World:
    return training(
        draw.bars(seed, (150, 150, 150), side=32), seed, apart=False, data=f'x, y = load("photos"){after}',
        feed="x, y, batch_size=32, validation_split=0.34",
    )  # fmt: skip
