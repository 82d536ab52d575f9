"""The `Case`: facts gathered from everything that was given."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from valscope.case import about_runs, coded, known, purposes, quoted
from valscope.case.inputs import Given, given
from valscope.case.objective import Objective, objective
from valscope.case.quoted import PrintedShare
from valscope.case.readers import Unread
from valscope.case.scored import Scored, scored
from valscope.case.tail_proof import TailProof
from valscope.case.tail_proofs import tail_proofs
from valscope.evidence.laws.copies import Shared
from valscope.evidence.laws.recount import Recount
from valscope.evidence.laws.tail import trained_rows
from valscope.nouns.fact import Fact, NotMeasured, Source
from valscope.nouns.images import DataFacts
from valscope.nouns.log import Evaluation, LoggedRun, Reading
from valscope.nouns.network import Network
from valscope.nouns.post import Post, SeenError
from valscope.nouns.saved import SavedModel
from valscope.nouns.script import ClassOrder, Decision, InputPath, Scoring, ScriptFacts, TorchLoop
from valscope.nouns.stated import ClassIndices, Part, Stated
from valscope.nouns.summary import Contradiction, Summary
from valscope.nouns.training import Serving, Training

MOST_RUNS = 300  # whose sizes are looked for, at some milliseconds each; more are no report but a search


def open_case(inputs: Sequence[str]) -> Case:
    """A case of files, folders or "-" for the standard input; nothing is read before a fact is asked for.

    Raises InputError for what is not there or cannot be opened.
    """
    return Case(tuple(given(inputs)))


class Case:
    """Facts about one training. Every attribute is computed at its first use and then kept.

    runs, evaluations, stated, errors   from texts;  scripts  from all code together (at most one);
    summaries, contradictions           of printed networks;  saved  models;  data  folders and arrays.
    """

    def __init__(self, inputs: Sequence[Given]) -> None:
        self.inputs = tuple(inputs)

    @property
    def read(self) -> tuple[str, ...]:
        """What was given, by name."""
        return tuple(i.name for i in self.inputs)

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """Each text, read."""
        return tuple(post for post in self._texts if isinstance(post, Post))

    @cached_property
    def _texts(self) -> tuple[Post | Unread, ...]:
        from valscope.case.readers import read_posts

        return read_posts(self.inputs)

    @cached_property
    def _events(self) -> tuple[LoggedRun | Unread, ...]:
        from valscope.case.readers import read_events

        return read_events(self.inputs)

    @cached_property
    def runs(self) -> tuple[LoggedRun, ...]:
        """All logged trainings, in order."""
        events = (run for run in self._events if isinstance(run, LoggedRun))
        return (*(r for p in self.posts for r in p.runs if r.epochs), *events)

    @cached_property
    def copies(self) -> tuple[tuple[LoggedRun, LoggedRun, Shared], ...]:
        """Pairs of runs of which one is a copy of the other with figures changed."""
        return about_runs.copies(self.runs)

    @cached_property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """Scores printed outside a fit."""
        return tuple(e for p in self.posts for e in p.evaluations)

    @cached_property
    def stated(self) -> tuple[Fact[Stated], ...]:
        """Numbers in words, tables and printed arrays."""
        return tuple(f for p in self.posts for f in p.stated)

    @cached_property
    def errors(self) -> tuple[Fact[SeenError], ...]:
        """Exceptions and warnings that the texts show."""
        return tuple(f for p in self.posts for f in p.errors)

    @cached_property
    def scripts(self) -> tuple[ScriptFacts, ...]:
        """What all the code says together; empty without code."""
        from valscope.case.readers import read_code

        return read_code(self.posts)

    @cached_property
    def training_code(self) -> tuple[ScriptFacts, ...]:
        """Code that trains."""
        return purposes.training_code(self.scripts)

    @cached_property
    def prediction_code(self) -> tuple[ScriptFacts, ...]:
        """Code that asks a network."""
        return purposes.prediction_code(self.scripts)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """How code makes classes of scores."""
        return tuple(d for s in self.scripts for d in s.decisions)

    @property
    def scorings(self) -> tuple[Scoring, ...]:
        """Where code counts right answers."""
        return tuple(scoring for s in self.scripts for scoring in s.scorings)

    @property
    def torch_loops(self) -> tuple[TorchLoop, ...]:
        """Training loops written by hand."""
        return tuple(s.torch for s in self.scripts if s.torch is not None)

    @property
    def ways(self) -> tuple[InputPath, ...]:
        """The ways of images into a network, as code shows them."""
        return purposes.ways(self.scripts)

    @property
    def compared_ways(self) -> tuple[InputPath, ...]:
        """Those of training and of another use, where code shows both."""
        return purposes.compared_ways(self.scripts)

    @property
    def whole_ways(self) -> tuple[InputPath, ...]:
        """Those of which it is known whether the network scales as well."""
        return purposes.whole_ways(self.scripts, self.saved)

    @cached_property
    def written_orders(self) -> tuple[ClassOrder, ...]:
        """Lists of class names that code writes."""
        return tuple(order for s in self.scripts for order in s.class_orders)

    @cached_property
    def class_numbers(self) -> tuple[Fact[tuple[str, ...]], ...]:
        """Class names in the order of their numbers: measured, or printed."""
        measured = [Fact(d.classes, d.source) for d in self.data]
        printed = [Fact(f.value.names, f.source) for f in self.stated if isinstance(f.value, ClassIndices)]
        return (*measured, *printed)

    @cached_property
    def summaries(self) -> tuple[Summary, ...]:
        """Printed `model.summary()` tables."""
        from valscope.case.readers import read_summaries

        return read_summaries(self.posts)

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """What arithmetic finds wrong within and between summaries and code."""
        from valscope.case.readers import find_contradictions

        return find_contradictions(self.summaries, self.scripts) if self.summaries else ()

    @cached_property
    def saved(self) -> tuple[SavedModel, ...]:
        """Saved models and weight files, read without building them."""
        return tuple(model for model in self._models if isinstance(model, SavedModel))

    @cached_property
    def _models(self) -> tuple[SavedModel | Unread, ...]:
        from valscope.case.readers import read_saved_models

        return read_saved_models(self.inputs)

    @property
    def networks(self) -> tuple[Network, ...]:
        """Networks of code and of saved models."""
        saved = (m.network for m in self.saved if m.network is not None)
        return (*(n for s in self.scripts for n in s.networks), *saved)

    @cached_property
    def data(self) -> tuple[DataFacts, ...]:
        """Folders and arrays, measured."""
        return tuple(facts for facts in self._sets if isinstance(facts, DataFacts))

    @cached_property
    def _sets(self) -> tuple[DataFacts | Unread, ...]:
        from valscope.case.readers import measure_data

        return measure_data(self.inputs)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Empty files, and damaged ones of a folder, which nobody gave by name."""
        damaged = (Unread(i.name, i.damage) for i in self.inputs if i.damage)
        return (
            *damaged,
            *(
                found
                for found in (*self._texts, *self._events, *self._models, *self._sets)
                if isinstance(found, Unread)
            ),
        )

    @cached_property
    def classes(self) -> Fact[int] | NotMeasured:
        """K."""
        return known.classes(self.data, self.saved, self.scripts, self.summaries, self.stated)

    @cached_property
    def counts(self) -> Fact[tuple[int, ...]] | NotMeasured:
        """Items of each class of all the data, by class number."""
        return known.counts(self.data, self.stated)

    @cached_property
    def validated(self) -> tuple[int, ...]:
        """Items of each class in the validation part; empty when not known."""
        found = known.counts(self.data, self.stated, "val")
        return found.value if found else ()

    def shares(self, part: Part) -> tuple[int, ...]:
        """Items of each class of a part, else of all the data; empty when not known."""
        found = known.counts(self.data, self.stated, part) or self.counts
        return found.value if found else ()

    @cached_property
    def stated_validation(self) -> tuple[Fact[int], ...]:
        """Sizes of the validation part that text or code give."""
        return known.sizes_of("val", self.scripts, self.stated)

    @cached_property
    def rows_left(self) -> int | None:
        """Rows that `validation_split` leaves of all that were counted."""
        if not self.counts or self.fraction is None:
            return None
        total = sum(self.counts.value)
        return total - trained_rows(total, self.fraction.value)

    @cached_property
    def batch(self) -> Fact[int] | NotMeasured:
        """Images in a validation batch."""
        return coded.batch(self.scripts)

    @cached_property
    def trained_batch(self) -> Fact[int] | NotMeasured:
        """Images in a training batch."""
        return coded.trained_batch(self.scripts)

    @cached_property
    def weights(self) -> Fact[tuple[float, ...]] | None:
        """Class weights in force, by class number."""
        return known.weights(self.scripts, self.stated, self.classes.value) if self.classes else None

    @cached_property
    def quoted_scores(self) -> tuple[Fact[Reading], ...]:
        """Accuracies of validation that the text quotes."""
        return quoted.quoted_scores(self.stated, self.evaluations, "val")

    @cached_property
    def trained_scores(self) -> tuple[Fact[Reading], ...]:
        """Accuracies of training that the text quotes."""
        return quoted.quoted_scores(self.stated, self.evaluations, "train")

    @cached_property
    def rates(self) -> tuple[Fact[float], ...]:
        """Learning rates that code or text name."""
        return quoted.rates(self.scripts, self.stated)

    @cached_property
    def printed_shares(self) -> tuple[PrintedShare, ...]:
        """Counts with a whole percentage beside them."""
        return quoted.printed_shares(self.stated)

    @cached_property
    def outputs(self) -> tuple[tuple[Reading, ...], ...]:
        """Printed rows of probabilities, one number a class."""
        return quoted.outputs(self.stated)

    @cached_property
    def recounts(self) -> tuple[Fact[Recount], ...]:
        """Confusion tables recovered from precisions and counts."""
        return quoted.recounts(self.stated)

    @cached_property
    def fraction(self) -> Fact[float] | None:
        """The `validation_split` of fit on arrays: Keras takes the last rows as they stand."""
        return coded.fraction(self.scripts)

    @cached_property
    def tail_split_possible(self) -> Fact[float] | None:
        """The same, unless the code permutes rows before."""
        shuffled = any(c.shuffle for s in self.scripts for c in s.splits)
        return None if shuffled else self.fraction

    @cached_property
    def tails(self) -> tuple[TailProof, ...]:
        """Sorted tails that hold a class that was never trained."""
        counts = self.counts or None
        mixed = self.mixed is not None
        return tuple(tail_proofs(self.runs, counts, self.tail_split_possible, self.weights, self.data, mixed))

    @cached_property
    def mixed(self) -> Source | None:
        """The line of code before the first fit that puts rows into random order."""
        from valscope.case.rebuild.coded import code_lines
        from valscope.case.rebuild.split import mixing_line

        fit = next((fit.source for s in self.scripts for fit in s.fits), None)
        return mixing_line(code_lines(self), fit) if fit is not None else None

    @cached_property
    def objective(self) -> Objective | None:
        """The loss that the code takes."""
        old = any(self.old_keras(run) for run in self.runs)
        return objective(self.scripts, self.code, old, self.weights.value if self.weights else ())

    @cached_property
    def grey(self) -> Fact[str] | NotMeasured:
        """That the images are grey: measured, or said in the line that gives their size."""
        return quoted.grey(self.data, self.stated)

    @cached_property
    def saves_last(self) -> Source | None:
        """Where the code saves the model as it is after the last epoch, with nothing that brings the best back."""
        return coded.saves_last(self.scripts)

    @cached_property
    def training(self) -> Training | NotMeasured:
        """The user's own training, ready to be repeated; false where it cannot be rebuilt."""
        from valscope.case.rebuild import rebuilt_training

        return rebuilt_training(self)

    @cached_property
    def serving(self) -> Serving | NotMeasured:
        """A saved model with the two ways in which the user's code uses it; false where one is missing."""
        from valscope.case.rebuild import rebuilt_serving

        return rebuilt_serving(self)

    def scored(self, run: LoggedRun) -> Scored | None:
        """How many images the run validated; None where the digits do not tell."""
        key = id(run)
        if key not in self._scored and len(self._scored) >= MOST_RUNS:
            return None
        if key not in self._scored:
            self._scored[key] = self._size(run)
        return self._scored[key]

    def _size(self, run: LoggedRun) -> Scored | None:
        batch = self.batch.value if self.batch else None
        written = [f.value for f in self.stated_validation]
        found = scored(run, written, batch, known.ratio(self.stated))
        if (found is None or not found.sure) and self.rows_left:
            left = scored(run, [self.rows_left], batch, None)
            return left if left is not None and left.stated else found
        return found

    @cached_property
    def _scored(self) -> dict[int, Scored | None]:
        return {}

    @cached_property
    def code(self) -> str:
        """All code as text, in lower case."""
        return "\n".join(s.text for p in self.posts for s in p.of_kind("code")).lower()

    def gap(self, run: LoggedRun) -> float:
        """Training minus validation accuracy over the last three epochs; 0 where either is missing."""
        return about_runs.gap(run)

    def old_keras(self, run: LoggedRun) -> bool:
        """Whether the log prints "acc", as Keras before 2.3 does."""
        return about_runs.old_keras(run)

    def disowned(self, run: LoggedRun) -> bool:
        """Whether the run is a copy of another log with figures typed in."""
        return any(
            run is (first, second)[found.coarser]
            for first, second, found in self.copies
            if found.coarser is not None
        )
