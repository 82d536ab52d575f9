"""The sentences that come with a split: what each class got, and what it can never show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from valscope.data.splitting.manifest import Manifest
from valscope.nouns.dataset import PARTS, Part
from valscope.nouns.recipe import Split
from valscope.stats import clopper_pearson

SHOWN = 5  # names in a sentence before "and N more"
THIN = 10  # test images of a class; ten of ten right prove a recall above 69 %
SMALL = 50  # test images in all; fifty of fifty right prove an accuracy above 93 %
ASTRAY = 0.05  # of a class in a part, beyond what was asked for, before groups are blamed


def notes(manifest: Manifest, spec: Split) -> Iterator[str]:
    """Sentences about a finished split, in the order of reading."""
    counts = manifest.counts()
    yield _summary(manifest, counts)
    yield from _never_trained(manifest, counts)
    yield from _leaks(manifest)
    yield from _held_out(manifest, counts, spec.kind)
    if spec.kind == "stratified":
        yield from _astray(manifest, counts, spec)
    yield from _thin(manifest, counts)


def listed(names: Sequence[str]) -> str:
    """'a', 'b' and 3 more."""
    shown = ", ".join(repr(name) for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _summary(manifest: Manifest, counts: dict[Part, tuple[int, ...]]) -> str:
    totals = ", ".join(f"{part} {sum(counts[part])}" for part in PARTS if sum(counts[part]))
    per_class = [sum(c) for c in zip(*counts.values())]
    least = min(range(len(per_class)), key=per_class.__getitem__)
    got = " / ".join(str(counts[part][least]) for part in PARTS)
    return (
        f"{totals} images of {len(per_class)} classes; the smallest, {manifest.classes[least]!r}, "
        f"got {got} (train / val / test)."
    )


def _never_trained(manifest: Manifest, counts: dict[Part, tuple[int, ...]]) -> Iterator[str]:
    lost = [k for k, n in enumerate(counts["train"]) if n == 0]
    empty = [manifest.classes[k] for k in lost if not counts["val"][k] + counts["test"][k]]
    if empty:
        yield f"No image at all for {listed(empty)}: never trained and never scored."
    for part in PARTS[1:]:
        here = [k for k in lost if counts[part][k]]
        if here:
            n = sum(counts[part])
            untrained = sum(counts[part][k] for k in here)
            yield (
                f"Never trained but in {part}: {listed([manifest.classes[k] for k in here])}, {untrained} of "
                f"{n} {part} images; its accuracy cannot in practice exceed {(n - untrained) / n:.1%}."
            )


def _leaks(manifest: Manifest) -> Iterator[str]:
    for part, seen in (("val", "train"), ("test", "train or val")):
        leaked = manifest.leaked("val" if part == "val" else "test")
        if len(leaked):
            n = manifest.parts.count("val" if part == "val" else "test")
            yield (
                f"Leak: {len(leaked)} of the {n} {part} images have a duplicate or group member in {seen}; "
                f"the score on them flatters. The parts were kept as they are."
            )


def _held_out(manifest: Manifest, counts: dict[Part, tuple[int, ...]], kind: str) -> Iterator[str]:
    wanted = [part for part in PARTS[1:] if sum(counts[part])]
    alone = [
        k
        for k, n in enumerate(counts["train"])
        if n and not sum(counts[part][k] for part in wanted) and wanted
    ]
    single = [manifest.classes[k] for k in alone if counts["train"][k] == 1]
    grouped = [manifest.classes[k] for k in alone if counts["train"][k] > 1]
    if single:
        yield f"A single image: {listed(single)}; it is trained, and the class cannot be scored."
    if grouped:
        why = ", in one group that stays together" if kind == "stratified" else ""
        yield f"Never scored: {listed(grouped)}; all its images are in train{why}."
    if len(wanted) == 2:
        unheard = [
            manifest.classes[k]
            for k, n in enumerate(counts["val"])
            if not n and counts["test"][k] and k not in alone
        ]
        if unheard:
            yield f"No val image of {listed(unheard)}: it has no say in which epoch is kept."
    if wanted == ["val"]:
        yield "There is no test part: the val score chose the epoch, so it flatters."


def _astray(manifest: Manifest, counts: dict[Part, tuple[int, ...]], spec: Split) -> Iterator[str]:
    if not any(manifest.groups):
        return
    asked: dict[Part, float] = {"val": spec.val, "test": spec.test}
    worst = sorted(
        (-abs(counts[part][k] - share * n) / n, k, part)
        for k, n in enumerate(sum(c) for c in zip(*counts.values()))
        for part, share in asked.items()
        if share and abs(counts[part][k] - share * n) > max(ASTRAY * n, 1.5)
    )
    if worst:
        _, k, part = worst[0]
        n = sum(counts[p][k] for p in PARTS)
        classes = len({k for _, k, _ in worst})
        others = f" (the worst of {classes} such classes)" if classes > 1 else ""
        yield (
            f"Class {manifest.classes[k]!r} has {counts[part][k]} of its {n} images in {part}, not "
            f"{asked[part]:.0%}{others}: its groups are too large to balance and stay on one side."
        )


def _thin(manifest: Manifest, counts: dict[Part, tuple[int, ...]]) -> Iterator[str]:
    n = sum(counts["test"])
    if not n:
        return
    if n < SMALL:
        low = clopper_pearson(n, n)[0]
        yield f"Only {n} test images: even all right would prove no more than an accuracy above {low:.0%}."
    thin = sorted((m, manifest.classes[k]) for k, m in enumerate(counts["test"]) if 0 < m < THIN)
    if thin:
        m, low = thin[0][0], clopper_pearson(thin[0][0], thin[0][0])[0]
        yield (
            f"Fewer than {THIN} test images of {listed([name for _, name in thin])}: with {m}, even all "
            f"right would prove no more than a recall above {low:.0%}."
        )
