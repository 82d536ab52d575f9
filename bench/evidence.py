"""What the laws find and what they claim falsely: simulated trainings, sick and healthy, as pasted text.

    python bench/evidence.py [--healthy 400] [--sick 60] [--write docs/evidence.md]

Every text goes the whole way: text, readers, case, rules. A healthy text must bring no finding but remarks by
the way; a sick one the finding of its fault.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT.parent / "src")]

from faults import FAULTS, _array_code, _folder_code, _found  # noqa: E402
from simulate import Run, healthy, keras_text  # noqa: E402

from valscope.case import Case  # noqa: E402
from valscope.case.inputs import Given  # noqa: E402
from valscope.diagnosis import diagnose  # noqa: E402
from valscope.evidence.laws.tail import sorted_split  # noqa: E402
from valscope.nouns.finding import Diagnosis, Finding  # noqa: E402
from valscope.stats import clopper_pearson  # noqa: E402

FORMS = ("keras2", "keras2 samples", "keras23", "keras3", "verbose2", "csv", "torch")


def judge(text: str) -> Diagnosis:
    return diagnose(Case((Given("report.txt", "text", content=text.encode()),)))


def healthy_text(rng: np.random.Generator) -> tuple[str, Run, str]:
    """(text, run, form): log of any form and rounding, half of them with code and sizes."""
    kind = rng.random()
    run = healthy(rng, overfit=float(rng.choice([0, 0, 0, 0.01])), vary=kind >= 0.45)
    form = str(rng.choice(FORMS))
    run.truth["samples"] = form == "keras2 samples"
    digits = int(rng.choice([2, 3, 4, 4, 4, 4, 5]))
    text = keras_text(run, form.split()[0], digits, rng)
    weights = (
        ", class_weight={" + ", ".join(f"{c}: {w:.4f}" for c, w in enumerate(run.truth["weights"])) + "}"
    )
    if kind < 0.25:
        loss, activation = (
            ("binary_crossentropy", "sigmoid")
            if run.classes == 2 and rng.random() < 0.5
            else ("categorical_crossentropy", "softmax")
        )
        units = 1 if activation == "sigmoid" else run.classes
        code = _array_code(
            units,
            activation,
            loss,
            "validation_data=(x_val, y_val)" + (weights if len(set(run.truth["weights"])) > 1 else ""),
        )
        text = f"This is what I train, and it works well.\n{code}\n{_found(run)}\n{text}"
    elif kind < 0.35:
        text = f"{shuffled_split(run)}\n{text}"
    elif kind < 0.45 and run.classes == 2:
        text = f"{_folder_code(run.batch, f'validation_steps={-(-run.n_val // run.batch)}')}\n{_found(run)}\n{text}"
    elif kind < 0.6:
        text = f"Trained on {run.n_train} images, validated on {run.n_val} images of {run.classes} classes.\n\n{text}"
    return text, run, form


def shuffled_split(run: Run) -> str:
    """Counts, class weights and a validation_split of rows that were shuffled before: nothing is wrong."""
    total, fraction = run.n_train + run.n_val, run.n_val / (run.n_train + run.n_val)
    counts = [round(total * c / sum(run.counts)) for c in run.counts]
    counts[0] += total - sum(counts)
    listed = ", ".join(f"class {c}: {n} images" for c, n in enumerate(counts))
    weights = "{" + ", ".join(f"{c}: {total / max(1, n)!r}" for c, n in enumerate(counts)) + "}"
    more = f"validation_split={fraction:.4f}, class_weight=class_weights"
    code = _array_code(run.classes, "softmax", "categorical_crossentropy", more)
    return f"The classes are uneven ({listed}). The weights are {weights}\n{code}"


@dataclass
class Healthy:
    n: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    texts_with_fault: int = 0
    size_told: int = 0
    size_wrong: int = 0
    examples: list[str] = field(default_factory=list)


def healthy_runs(n: int, seed: int) -> Healthy:
    rng, result = np.random.default_rng(seed), Healthy()
    for _ in range(n):
        text, run, form = healthy_text(rng)
        diagnosis = judge(text)
        hard = [f for f in diagnosis.findings if f.weight > 0 and not f.minor]
        result.n += 1
        result.faults.update(f.code for f in hard)
        result.remarks.update(f.code for f in diagnosis.findings if f.weight > 0 and f.minor)
        result.texts_with_fault += bool(hard)
        result.examples += [
            f"{form} K={run.classes} n={run.n_val}: {f.code} {f.verdict} {f.claim}" for f in hard
        ]
        size = established_size(text[text.rindex("Epoch 1/") :] if "Epoch 1/" in text else text)
        if size is not None:
            result.size_told += 1
            result.size_wrong += size != run.n_val
    return result


def established_size(text: str) -> int | None:
    """n as the digits of the log alone settle it."""
    case = Case((Given("log", "text", content=text.encode()),))
    found = case.scored(case.runs[0]) if case.runs else None
    return found.n if found is not None and found.proved else None


@dataclass
class Sick:
    name: str
    code: str
    n: int = 0
    found: int = 0
    proved: int = 0
    wrong: int = 0
    others: Counter[str] = field(default_factory=Counter)


def sick_runs(name: str, n: int, seed: int) -> Sick:
    make, code = FAULTS[name]
    rng, result = np.random.default_rng(seed), Sick(name, code)
    for _ in range(n):
        diagnosis = judge(make(rng))
        mine = [f for f in diagnosis.findings if f.code == code]
        result.n += 1
        result.found += bool(mine)
        result.proved += any(f.verdict == "PROVED" for f in mine)
        result.wrong += any(f.verdict == "PROVED" and not right(f) for f in mine)
        result.others.update({f.code for f in diagnosis.findings if f.weight > 0 and f.code != code})
    return result


def right(finding: Finding) -> bool:
    """Whether what is proved is true: the tail is that of the classes in the order of their numbers."""
    if finding.code != "S101":
        return True
    trained, val = finding.numbers["trained_by_class"], finding.numbers["composition"]
    counts = [t + v for t, v in zip(trained, val)]  # type: ignore[arg-type]
    return sorted_split(counts, range(len(counts)), sum(trained)).val == val  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--healthy", type=int, default=400)
    parser.add_argument("--sick", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    start = time.time()
    well = healthy_runs(options.healthy, options.seed)
    ill = [sick_runs(name, options.sick, options.seed + i) for i, name in enumerate(FAULTS, 1)]
    page = report(well, ill)
    print(page)
    print(*well.examples, sep="\n", file=sys.stderr)
    print(f"{time.time() - start:.0f} s", file=sys.stderr)
    if options.write:
        options.write.write_text(page, encoding="utf-8")


def report(well: Healthy, ill: list[Sick]) -> str:
    low, high = clopper_pearson(well.texts_with_fault, well.n)
    rows = "\n".join(_row(s, well) for s in ill)
    remarks = ", ".join(f"{code} {n}" for code, n in sorted(well.remarks.items())) or "none"
    told = f"{well.size_told} of {well.n} ({well.size_told / well.n:.0%})"
    return f"""{HEAD}
## Healthy trainings

{well.n} simulated healthy trainings, whole texts: {well.texts_with_fault} brought a finding, {well.texts_with_fault / well.n:.1%}
(95 % interval {low:.1%} to {high:.1%}). Remarks by the way, which are true of them: {remarks}.

The number of validated images was settled by the digits alone in {told}; wrongly in {well.size_wrong}.

## Sick trainings

*Found* is the share of sick texts in which the rule names the fault, *proved* the share in which it does so as
PROVED, *proved wrongly* how often what it proved is not what was simulated. What is missing to 100 % abstained: the
digits did not settle it. *False* counts the {well.n} healthy texts in which the same rule found a
fault. *Beside it* lists other rules that spoke in the sick texts; most say another true thing about the same log.

| fault | rule | texts | found | proved | proved wrongly | false | beside it |
|---|---|---|---|---|---|---|---|
{rows}
{REAL}"""


def _row(s: Sick, well: Healthy) -> str:
    others = ", ".join(f"{c} {n}" for c, n in s.others.most_common(4)) or "none"
    false = well.faults[s.code]
    return f"| {s.name} | {s.code} | {s.n} | {s.found / s.n:.0%} | {s.proved / s.n:.0%} | {s.wrong} | {false} | {others} |"


# Counted by hand in November 2026; the notebooks are not stored here.
REAL = """
## Public notebooks

All notebooks with a readable training log of four public collections (fchollet/deep-learning-with-python-notebooks,
ageron/handson-ml2, jeffheaton/t81_558_deep_learning, rasbt/deeplearning-models): 94 notebooks, 308 logged trainings,
mostly healthy, many not of images. 10 brought a finding; each was looked at by hand and is true: four trainings
overfit (the books show it on purpose), one last layer without activation under binary cross-entropy, one softmax
before a loss that applies softmax, one accuracy computed with the labels of a shuffled feed, two validations with the
random crops of training, and, by the way, two trainings of one step an epoch.
"""

HEAD = """# What the digits prove: how often, and how often falsely

Made by `python bench/evidence.py --write docs/evidence.md`; the simulations are `bench/simulate.py` (healthy) and
`bench/faults.py` (sick). Loss and accuracy of a simulated training come from the same logits, with images that stay
easy or hard, a training score averaged over an epoch in which the model changes, dropout noise, class weights and
uneven classes; 24 to 3000 validated images, 2 to 20 classes, 4 to 30 epochs, two to five printed digits, per cent,
and full precision, in the forms of Keras 1 to 3, CSVLogger and a torch loop.
"""


if __name__ == "__main__":
    main()
