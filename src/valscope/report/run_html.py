"""The report of a training as one HTML file."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

from valscope.nouns.recipe import Recipe
from valscope.nouns.result import Mistake, Result, Scores
from valscope.report.cautions import cautions, remarks
from valscope.report.charts import Row as Dot
from valscope.report.charts import interval_chart, reliability
from valscope.report.curves import curves
from valscope.report.markup import Html, preformatted
from valscope.report.page import render
from valscope.report.run_tables import class_values, matrix_values, split_values
from valscope.report.run_words import against, confusions, images, meaning, mistakes
from valscope.report.training_words import calibrated, chosen, facts, put_aside, versions
from valscope.words.history import Row
from valscope.words.plain import count, interval, share
from valscope.words.recipe import recipe_terms

MOST_PAIRS = 8
MOST_MISTAKES = 60
PICTURES = 450_000  # characters of thumbnails; the rest of a page is at most about as much
LONGEST_JSON = 40_000  # characters of the recipe that are shown; more would be read by nobody
_PICTURE = re.compile(r"data:image/(?:jpeg|png|webp|gif);base64,[A-Za-z0-9+/=]+")


def run_html(result: Result, recipe: Recipe, history: Sequence[Row]) -> str:
    """One self-contained page below 1 MB: it loads nothing, runs nothing, and escapes every name.

    history  rows of the training with "epoch", "stage", "loss", "accuracy", "val_loss", "val_accuracy", "rate",
             "seconds"; None or NaN where there is no number. May be empty.
    """
    scores = result.scores
    return render(
        "run.j2",
        name=result.run,
        facts=facts(result, recipe),
        classes=result.classes,
        scores=scores,
        interval=interval(scores.accuracy.low, scores.accuracy.high, scores.n),
        images=images(scores),
        meaning=meaning(scores),
        against=against(result),
        compared=compared(result),
        compared_note="; ".join(f"{b.name}: {b.note}" for b in result.baselines if b.note),
        notices=cautions(result, recipe),
        curves=curves(history),
        chosen=chosen(result, recipe.restore_best),
        validation=_validation(result),
        confusions=confusions(scores, MOST_PAIRS),
        mistakes=pictured(result.mistakes[:MOST_MISTAKES]),
        mistakes_note=mistakes(result, min(len(result.mistakes), MOST_MISTAKES)),
        reliability=_reliability(scores),
        calibrated=calibrated(result),
        put_aside=put_aside(result),
        recipe_terms=recipe_terms(recipe, history),
        notes=remarks(result),
        command=command(result, recipe),
        versions=versions(result),
        recipe_json=preformatted(recipe_json(recipe)),
        **matrix_values(scores),
        **class_values(scores),
        **split_values(result),
    )


def compared(result: Result) -> Html | None:
    """The baselines and this model on one axis; None when there is nothing to compare with."""
    if not result.baselines:
        return None
    own = ("this network", result.scores.accuracy, True)
    rows = [(b.name, b.accuracy, False) for b in result.baselines] + [own]
    title = "Accuracy with 95 % intervals: " + "; ".join(f"{name} {share(s)}" for name, s, _ in rows)
    return interval_chart(
        title, [Dot(name, s.value, s.low, s.high, share(s), main) for name, s, main in rows]
    )


def pictured(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """The same mistakes, without a thumbnail that is no picture or that would make the page too large."""
    return list(_within(mistakes, PICTURES))


def _within(mistakes: Sequence[Mistake], room: int) -> Iterator[Mistake]:
    for mistake in mistakes:
        fits = len(mistake.thumbnail) <= room and _PICTURE.fullmatch(mistake.thumbnail)
        room -= len(mistake.thumbnail) if fits else 0
        yield mistake if fits else replace(mistake, thumbnail="")


def command(result: Result, recipe: Recipe) -> str:
    """The command that follows the run's recipe again."""
    parts = [
        "valscope",
        "train",
        recipe.data,
        "--recipe",
        f"{result.run}/recipe.json",
        "--out",
        f"{result.run}-again",
    ]
    return shlex.join(parts)


def recipe_json(recipe: Recipe) -> str:
    """The recipe as JSON; where it is too long to show, its long entries are named by their length."""
    plain = asdict(recipe)
    whole = json.dumps(plain, indent=2, ensure_ascii=False)
    if len(whole) <= LONGEST_JSON:
        return whole
    plain["model"]["config"] = (
        recipe.model.config and f"({len(recipe.model.config):,} characters in recipe.json)"
    )
    for name in ("classes", "class_weights"):
        plain[name] = plain[name] and f"({len(plain[name]):,} entries in recipe.json)"
    return json.dumps(plain, indent=2, ensure_ascii=False)


def _reliability(scores: Scores) -> Html | None:
    if not any(b.accuracy.n for b in scores.bins):
        return None
    return reliability(f"Reliability diagram of {count(scores.n, f'{scores.part} image')}", scores.bins)


def _validation(result: Result) -> str:
    v = result.validation
    if v is None or v.accuracy.value is None:
        return ""
    return f"Validation accuracy of the kept weights: {share(v.accuracy)} of {count(v.n, 'image')}."
