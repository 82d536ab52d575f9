"""Serves models of known preparation with every single fault and with pairs of them, and counts how often
reconcile names the true one. Also serves them without a fault, and counts accusations.

    python bench/reconcile_faults.py ../data --keep /tmp/models [--page docs/evidence-reconcile.md]
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from reconcile_models import MODELS, Known, model_of, parts

import valscope
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Axis, Reconciliation
from valscope.reconciling.axes import AXES, differing, value_of, with_value
from valscope.reconciling.paired import pair
from valscope.reconciling.sample import sample
from valscope.reconciling.variants import Space, class_orders
from valscope.serving import Images, Served, decide, pipeline_outputs, right

PAIRS: tuple[tuple[Axis, Axis], ...] = (
    ("scale", "decision"), ("scale", "channel order"), ("scale", "geometry"), ("scale", "mode"),
    ("axes", "scale"), ("class order", "scale"), ("decision", "axes"), ("geometry", "class order"),
)  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """A fault that was served, what it costs on all test images, and how it was judged."""

    model: str
    axes: tuple[Axis, ...]
    served: Pipeline
    lost: float
    outcome: str
    said: str
    seconds: float
    claimed: str = ""


class Remembering:  # images are asked again and again in one bench
    """A model that answers an image it has seen from memory, in inference mode."""

    def __init__(self, served: Served) -> None:
        self._served, self.about = served, served.about
        self._known: dict[bytes, np.ndarray] = {}

    def outputs(self, x, mode="moving"):
        if mode != "moving":
            return self._served.outputs(x, mode)
        keys = [hashlib.blake2b(row.tobytes(), digest_size=12).digest() for row in x]
        fresh = [i for i, key in enumerate(keys) if key not in self._known]
        if fresh:
            for i, out in zip(fresh, self._served.outputs(x[fresh])):
                self._known[keys[i]] = out
        return np.stack([self._known[key] for key in keys])

    def at(self, checkpoint):
        return self


def singles(space: Space, true: Pipeline) -> Iterator[tuple[tuple[Axis, ...], Pipeline]]:
    for axis in AXES:
        if axis == "checkpoint":
            continue
        for served in space.others(axis, true):
            yield (axis,), served
    classes = space.model.head.outputs
    if classes > 2:
        mixed = tuple(int(i) for i in np.random.default_rng(3).permutation(classes))
        yield ("class order",), with_value("class order", mixed, true)


def pairs(space: Space, true: Pipeline, seed: int) -> Iterator[tuple[tuple[Axis, ...], Pipeline]]:
    rng = np.random.default_rng(seed)
    for first, second in PAIRS:
        ones, twos = list(space.others(first, true)), list(space.others(second, true))
        if ones and twos:
            one = ones[rng.integers(len(ones))]
            two = twos[rng.integers(len(twos))]
            yield (first, second), with_value(second, value_of(second, two), one)


def judged(
    found: Reconciliation, true: Pipeline, served: Pipeline, same: dict[str, bool], costly: bool
) -> str:
    """first: the true axes are named and set right. tied: so, with the true setting among those that cannot be
    told apart. part: one of two is named, and nothing else. told: so, but as what the images alone cannot prove.
    wrong: other axes are named. missed: nothing is."""
    if not costly:
        return "accused" if found.verdict == "fault" else "costless"
    if found.verdict == "unclear" and found.waterfalls:
        sure = {fall.step.axis for fall in found.waterfalls[0].falls if fall.sure}
        return "told" if sure & set(differing(true, served)) else "missed"
    if found.verdict != "fault":
        return "missed"
    named = {fall.step.axis for fall in found.waterfalls[0].falls}
    if found.reference == true or same["answers"]:
        return "first"
    if len(differing(true, served)) > 1 and named < set(differing(true, served)):
        return "part"
    wrong = differing(found.reference, true)
    if set(wrong) <= {"decision", "class order"} or same["level"]:
        listed = [text.split(": ")[0] for fall in found.waterfalls[0].falls for text in fall.alternatives]
        return "tied" if (named | set(listed)) & set(differing(true, served)) else "wrong"
    return "wrong"


def tried(served: Served, images: Images, known: Known, axes: tuple[Axis, ...], use: Pipeline) -> Trial:
    began = time.monotonic()
    found = valscope.reconcile(served, images, served=use)
    seconds = time.monotonic() - began
    true = known.pipeline

    def hits(pipeline: Pipeline) -> np.ndarray:
        return right(decide(pipeline_outputs(served, images, pipeline), pipeline), images.labels, pipeline)

    at, used, reference = hits(true), hits(use), hits(found.reference)
    told = pair(at, used)
    costly = told.p < 0.01 and -told.difference >= 0.02
    level = pair(at, reference)
    same = {"answers": bool((at == reference).all()), "level": level.p >= 0.05 or level.difference > 0}
    outcome = judged(found, true, use, same, costly)
    return Trial(known.name, axes, use, -told.difference, outcome, found.sentence, seconds)


def from_claims(served: Served, images: Images, other: Images, true: Pipeline, use: Pipeline) -> str:
    """Two numbers seen on other images, and nothing else: is the fault the first of those that give the lower one,
    one of them, or not among them?"""
    seen = []
    for pipeline in (true, use):
        numbers = decide(pipeline_outputs(served, other, pipeline), pipeline)
        seen.append(float(right(numbers, other.labels, pipeline).mean()))
    found = valscope.reconcile(served, images, claimed=seen)
    matches = next((c.matches for c in found.claims if abs(c.value - seen[1]) < 1e-6), ())
    by_name = {v.name: v.pipeline for v in found.variants}
    axes = differing(true, use)
    answers = decide(pipeline_outputs(served, images, use), use)

    def alike(name: str) -> bool:
        """The same edit of the pipeline that was found, or the same answers. Which of all orders of the classes it is, no
        number tells."""
        if name not in by_name:
            return False
        given = by_name[name]
        edit = list(differing(found.reference, given))
        if edit == list(axes) and all(
            value_of(a, given) == value_of(a, use) or a == "class order" for a in axes
        ):
            return True
        same = decide(pipeline_outputs(served, images, given), given)
        return bool((same == answers).mean() > 0.98) and given.aligned == use.aligned

    if found.verdict != "fault":
        return "missed"
    return (
        "first" if matches and alike(matches[0]) else "tied" if any(alike(m) for m in matches) else "missed"
    )


def healthy_claims(served: Served, known: Known, test, count: int) -> int:
    """Accusations where the true accuracy, seen on other images, is claimed."""
    accused = 0
    for seed in range(count):
        rows = np.random.default_rng(seed).permutation(len(test))
        one, two = (
            Images(test.take(rows[: len(rows) // 2][:400])),
            Images(test.take(rows[len(rows) // 2 :][:400])),
        )
        numbers = decide(pipeline_outputs(served, one, known.pipeline), known.pipeline)
        seen = float((numbers == one.labels).mean())
        accused += valscope.reconcile(served, two, claimed=[seen]).verdict == "fault"
    return accused


def healthy(served: Served, known: Known, test, count: int) -> tuple[int, int, list[str]]:
    """(accused, tried, sentences) of the true pipeline on different samples of the test images."""
    accused, said = 0, []
    for seed in range(count):
        rng = np.random.default_rng(1000 + seed)
        size = min(400, max(60, int(len(test) * rng.uniform(0.4, 0.95))))
        rows = sample(test.labels, size, seed)
        found = valscope.reconcile(served, Images(test.take(rows)), served=known.pipeline)
        if found.verdict == "fault":
            accused += 1
            said.append(f"{known.name}: {found.sentence}")
    return accused, count, said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--healthy", type=int, default=20, help="healthy pairs a model")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    trials, well, claims_well = [], [], 0
    for known in MODELS:
        if args.only and known.name not in args.only.split(","):
            continue
        served = Remembering(model_of(known, args.data, args.keep))
        _, test = parts(known, args.data, args.keep)
        rows = sample(test.labels, args.most)
        images = Images(test.take(rows))
        rest = np.setdiff1d(np.arange(len(test)), rows)
        other = Images(test.take(rest[sample(test.labels[rest], args.most)])) if len(rest) >= 100 else images
        space = Space(served.about, True, class_orders(test.classes, served.about.head.outputs))
        for axes, use in (*singles(space, known.pipeline), *pairs(space, known.pipeline, 5)):
            trials.append(tried(served, images, known, axes, use))
            last = trials[-1]
            if len(axes) == 1 and last.outcome not in ("costless", "accused"):
                trials[-1] = last = replace(
                    last, claimed=from_claims(served, images, other, known.pipeline, use)
                )
            if last.outcome not in ("first", "costless"):
                print(f"  {last.model} {'+'.join(axes)} {last.outcome} lost {last.lost:.3f}: "
                      f"{[s.after for s in __import__('valscope.reconciling.axes', fromlist=['steps']).steps(known.pipeline, use)]} {last.said}", flush=True)  # fmt: skip
        well.append((known.name, *healthy(served, known, test, args.healthy)))
        claims_well += healthy_claims(served, known, test, args.healthy)
        said = Counter(t.claimed for t in trials if t.model == known.name and t.claimed)
        print(
            known.name,
            "from claims alone",
            dict(said),
            "healthy claims accused so far",
            claims_well,
            flush=True,
        )
        mine = Counter(t.outcome for t in trials if t.model == known.name)
        print(known.name, dict(mine), "healthy accused", well[-1][1], "of", well[-1][2], flush=True)
        print("\n".join(well[-1][3]), flush=True)
        if args.page:  # so far
            args.page.write_text(page(trials, well, claims_well))
    text = page(trials, well, claims_well)
    print(text)
    if args.page:
        args.page.write_text(text)


def page(trials: list[Trial], well: list[tuple[str, int, int, list[str]]], claims_well: int) -> str:
    by, claims = defaultdict(Counter), defaultdict(Counter)
    for t in trials:
        claims["pair" if len(t.axes) > 1 else t.axes[0]][t.claimed] += 1
        by["pair" if len(t.axes) > 1 else t.axes[0]][t.outcome] += 1
    lines = ["| fault | served | costs points | named first | tied | one of two | told, not accused | missed | wrong | accused though costless | from claims: first | tied | missed |",
             "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]  # fmt: skip
    for name, c in by.items():
        whole = sum(c.values())
        costly = whole - c["costless"] - c["accused"]
        lines.append(
            f"| {name} | {whole} | {costly} | {c['first']} | {c['tied']} | {c['part']} | {c['told']} | {c['missed']} | {c['wrong']} | {c['accused']} "
            f"| {claims[name]['first']} | {claims[name]['tied']} | {claims[name]['missed']} |"
        )
    accused, count = sum(w[1] for w in well), sum(w[2] for w in well)
    lines += [
        "",
        f"Healthy pairs accused: {accused} of {count}.",
        f"Healthy claims accused: {claims_well} of {count}.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
