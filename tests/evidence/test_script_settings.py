"""Objective, training calls, feeds, splits, callbacks, files: each setting with its line."""

from textwrap import dedent

import pytest

from valscope.codec import from_plain, to_plain
from valscope.evidence.script import Fragment, read_fragments, read_script
from valscope.nouns.script import Compile, ScriptFacts


def read(code: str) -> ScriptFacts:
    return read_script(dedent(code), "train.py")


def compiled(arguments: str, before: str = "") -> Compile:
    return read(f"{before}\nmodel.compile({arguments})").compiles[0]


@pytest.mark.parametrize(
    ("written", "loss"),
    [
        ("'binary_crossentropy'", "binary_crossentropy"),
        ("keras.losses.binary_crossentropy", "binary_crossentropy"),
        ("tf.keras.losses.BinaryCrossentropy()", "binary_crossentropy"),
        ("losses.CategoricalCrossentropy(label_smoothing=0.1)", "categorical_crossentropy"),
        ("'sparse_categorical_crossentropy'", "sparse_categorical_crossentropy"),
        ("SparseCategoricalCrossentropy(from_logits=True)", "sparse_categorical_crossentropy"),
        ("'mse'", "mse"),
        ("'mean_squared_error'", "mse"),
        ("['categorical_crossentropy']", "categorical_crossentropy"),
    ],
)
def test_losses(written: str, loss: str) -> None:
    found = compiled(f"optimizer='adam', loss={written}")
    assert found.loss is not None and found.loss.value == loss


def test_loss_settings() -> None:
    assert compiled("loss=BinaryCrossentropy(from_logits=True)").from_logits is not None
    smoothing = compiled("loss=CategoricalCrossentropy(label_smoothing=0.1)").label_smoothing
    assert smoothing is not None and smoothing.value == 0.1
    own = read("def focal(a, b):\n    return a\nmodel.compile('adam', focal)").compiles[0]
    assert own.loss is not None and own.loss.value == "focal"


@pytest.mark.parametrize(
    ("optimiser", "name", "rate", "default"),
    [
        ("'adam'", "adam", None, 0.001),
        ("'SGD'", "sgd", None, 0.01),
        ("'adadelta'", "adadelta", None, None),  # 1.0 in Keras up to 2.3, 0.001 in tf.keras
        ("tf.keras.optimizers.Adadelta()", "adadelta", None, 0.001),
        ("Adam(lr=1e-4)", "adam", 1e-4, None),
        ("Adam(0.01)", "adam", 0.01, None),
        ("keras.optimizers.RMSprop(learning_rate=2e-5)", "rmsprop", 2e-5, None),
        ("optimizers.SGD(lr=1/100, momentum=0.9)", "sgd", 0.01, None),
        ("tf.keras.optimizers.legacy.Adam(learning_rate=rate)", "adam", 5e-4, None),
        ("tf.train.AdamOptimizer(0.002)", "adam", 0.002, None),
    ],
)
def test_optimisers(optimiser: str, name: str, rate: float | None, default: float | None) -> None:
    found = compiled(f"optimizer={optimiser}, loss='mse'", "rate = 5e-4")
    assert found.optimiser is not None and found.optimiser.value == name
    assert (found.rate.value if found.rate else None) == rate
    assert found.default_rate == default


def test_a_schedule_for_a_rate() -> None:
    found = compiled("Adam(learning_rate=ExponentialDecay(0.01, 1000, 0.9)), 'mse'")
    assert found.schedule and found.schedule.value == "ExponentialDecay"
    assert found.rate and found.rate.value == 0.01


def test_metrics() -> None:
    found = compiled("'adam', 'mse', metrics=['acc', tf.keras.metrics.AUC(), keras.metrics.binary_accuracy]")
    assert [fact.value for fact in found.metrics] == ["acc", "AUC", "binary_accuracy"]


def test_compile_of_something_else_is_none_of_ours() -> None:
    assert read("pattern = re.compile(r'\\d+')\nmodel = torch.compile(model)").compiles == ()


def test_fit_positions_and_names() -> None:
    (fit,) = read(
        "model.fit(x, y, 16, 12, validation_split=0.25, shuffle=False, class_weight={0: 1., 1: 3.5})"
    ).fits
    assert fit.batch_size and fit.batch_size.value.value == 16 and fit.epochs and fit.epochs.value.value == 12
    assert fit.validation == "split" and fit.validation_split and fit.validation_split.value == 0.25
    assert fit.shuffle and fit.shuffle.value is False
    assert fit.class_weights == ((0, 1.0), (1, 3.5))


@pytest.mark.parametrize(
    ("code", "power"),
    [
        ("w = dict(enumerate(compute_class_weight('balanced', classes=np.unique(y), y=y)))", -1.0),
        ("v = compute_class_weight('balanced', np.unique(y), y)\nw = {i: v[i] for i in range(3)}", -1.0),
        ("n = Counter(gen.classes)\nw = {c: max(n.values()) / float(k) for c, k in n.items()}", -1.0),
        ("totals = y.sum(axis=0)\nw = dict(enumerate(totals.max() / totals))", -1.0),
        (
            "u, k = np.unique(y, return_counts=True)\nw = {int(c): len(y) / (3 * n) for c, n in zip(u, k)}",
            -1.0,
        ),
        ("w = {}\nfor i, c in enumerate(counts):\n    w[i] = total / (3 * c)", -1.0),
        ("w = {0: total / (2 * cats), 1: total / (2 * dogs)}", -1.0),
        ("w = {i: 1 / np.sqrt(n) for i, n in enumerate(np.bincount(y))}", -0.5),
        ("n = Counter(gen.classes)\nw = {c: float(n[c]) / max(n.values()) for c in n}", 1.0),
        ("w = {i: len(os.listdir(join(d, c))) / total for i, c in enumerate(classes)}", 1.0),
        ("w = {i: 1.0 for i in range(3)}", 0.0),
        ("w = weights_of(y)", None),
        ("w = {i: x for i, x in enumerate(weights)}", None),
        ("w = compute_class_weight(None, classes=np.unique(y), y=y)", None),
    ],
)
def test_class_weights_computed_from_counts(code: str, power: float | None) -> None:
    (fit,) = read(f"{code}\nmodel.fit(x, y, class_weight=w)").fits
    assert fit.class_weight_power == power and fit.class_weights == ()


def test_what_is_absent_is_none() -> None:
    (fit,) = read("model.fit(x, y)").fits
    assert (fit.epochs, fit.batch_size, fit.class_weight, fit.validation) == (None, None, None, "none")


def test_steps_as_expressions() -> None:
    code = "n = 1000\nbatch = 30\nmodel.fit_generator(g, steps_per_epoch={}, epochs=2)"
    steps = read(code.format("n // batch")).fits[0].steps_per_epoch
    assert steps and (steps.value.text, steps.value.value, steps.value.whole_division) == (
        "n // batch",
        33,
        False,
    )
    steps = read(code.format("n / batch")).fits[0].steps_per_epoch
    assert steps and steps.value.value == pytest.approx(33.333, abs=1e-3)
    steps = read(code.format("len(files) // batch")).fits[0].steps_per_epoch
    assert steps and (steps.value.text, steps.value.value) == ("len(files) // batch", None)


def test_division_in_python_2_also_when_only_the_other_script_shows_it() -> None:
    train = Fragment("model.fit_generator(g, steps_per_epoch=1000/30, validation_steps=900/30)", "a.py")
    predict = Fragment("print 'done', n", "b.py")
    facts = read_fragments([train, predict])
    assert facts.python2 and facts.python2.source.file == "b.py"
    steps, whole = facts.fits[0].steps_per_epoch, facts.fits[0].validation_steps
    assert steps and (steps.value.value, steps.value.whole_division) == (33, True)
    assert whole and (whole.value.value, whole.value.whole_division) == (30, False)
    assert not read_fragments([train]).fits[0].steps_per_epoch.value.whole_division  # type: ignore[union-attr]


def test_validation_that_is_training() -> None:
    same = read("model.fit(x, y, validation_data=(x, y))").fits[0].validation_is_training
    assert same and same.value is True
    other = read("model.fit(x, y, validation_data=(v, w))").fits[0].validation_is_training
    assert other and other.value is False
    generators = read("t = g.flow_from_directory('d')\nmodel.fit(t, validation_data=t)").fits[0]
    assert generators.validation_is_training and generators.validation_is_training.value is True


def test_fit_of_other_things_is_no_training() -> None:
    facts = read("""
        scaler.fit(x)
        le = LabelEncoder()
        le.fit(y)
        clf = RandomForestClassifier()
        clf.fit(x, y)
        pca = PCA(50).fit(x)
        datagen.fit(x_train)
    """)
    assert facts.fits == ()


def test_callbacks() -> None:
    facts = read("""
        stop = EarlyStopping(monitor='val_acc', patience=5, restore_best_weights=True)
        keep = keras.callbacks.ModelCheckpoint('best.h5', monitor='val_loss', save_best_only=True)
        slow = ReduceLROnPlateau(factor=0.2, patience=3)
        model.fit(x, y, callbacks=[stop, keep])
    """)
    first, second, third = facts.callbacks
    assert (first.monitored, first.restore_best and first.restore_best.value, first.used) == (
        "val_acc",
        True,
        True,
    )
    assert second.file and second.file.value == "best.h5" and second.best_only and second.used
    assert third.monitored == "val_loss" and not third.used
    assert facts.fits[0].callbacks == (0, 1)


def test_directory_iterators() -> None:
    facts = read("""
        d = ImageDataGenerator(validation_split=0.2)
        a = d.flow_from_directory('pets', target_size=(150, 120), color_mode='grayscale', batch_size=20,
                                  class_mode='sparse', subset='training', classes=['cat', 'dog'], seed=1)
        b = d.flow_from_directory('pets', target_size=(150, 120), subset='validation', shuffle=False)
        model.fit(a, validation_data=b)
    """)
    train, val = facts.feeds
    assert train.size and train.size.value == (150, 120)
    assert train.classes and train.classes.value == ("cat", "dog")
    assert train.class_mode and train.class_mode.value == "sparse" and train.colour
    assert train.validation_split and train.validation_split.value == 0.2
    assert (train.shuffled, train.batch, val.shuffled, val.batch) == (True, 20, False, 32)
    assert facts.fits[0].feed == 0 and facts.fits[0].validation_feed == 1


def test_feeds_that_no_call_uses_are_told_by_their_names() -> None:
    facts = read("""
        train_gen = g.flow_from_directory('data/train')
        valid_gen = g.flow_from_directory('data/valid')
        image_dataset_from_directory('data/test', label_mode='categorical', crop_to_aspect_ratio=True)
    """)
    assert [feed.use for feed in facts.feeds] == ["train", "validation", "test"]
    assert facts.feeds[2].keeps_aspect and facts.feeds[2].class_mode


def test_dicts_defaults_and_keyword_tables() -> None:
    facts = read("""
        weights = dict()
        weights[0] = 1
        weights[1] = 4
        settings = {'epochs': 6, 'batch_size': None or 24}
        model.fit(x, y, class_weight=weights, **settings)
    """)
    fit = facts.fits[0]
    assert fit.class_weights == ((0, 1.0), (1, 4.0))
    assert fit.epochs and fit.epochs.value.value == 6 and fit.batch_size and fit.batch_size.value.value == 24


def test_a_loaded_model_is_the_one_that_was_saved() -> None:
    code = """
        a = Sequential([Dense(1)])
        b = Sequential([Dense(2)])
        a.fit(x, y, callbacks=[ModelCheckpoint('kept.h5')])
        b.save('models/second.h5')
        m = load_model({!r})
        m.predict(x)
    """
    assert read(code.format("second.h5")).predictions[0].network == 1
    assert read(code.format("third.h5")).predictions[0].network is None
    one = "a = Sequential([Dense(1)])\na.fit(x, y, callbacks=[ModelCheckpoint('kept.h5')])\n"
    assert read(one + "load_model('kept.h5').predict(x)").predictions[0].network == 0
    two = one + "load_model('kept.h5').predict(x)\nload_model('faces.h5').predict(x)"
    assert [asked.network for asked in read(two).predictions] == [0, None]


def test_kinds_of_feeds_and_their_places() -> None:
    facts = read("""
        arrays = ImageDataGenerator().flow(x, y, batch_size=8)
        loader = DataLoader(dataset, 16, True)
        folder = ImageDataGenerator().flow_from_directory('here')
        table = ImageDataGenerator().flow_from_dataframe(frame, directory='there')
    """)
    assert [(f.kind, f.batch, f.shuffled) for f in facts.feeds] == [
        ("flow", 8, True), ("DataLoader", 16, True), ("flow_from_directory", 32, True), ("flow_from_dataframe", 32, True),
    ]  # fmt: skip
    assert [f.directory.value if f.directory else None for f in facts.feeds] == [None, None, "here", "there"]


def test_numbers_with_signs_and_not() -> None:
    facts = read("model.add(Concatenate(axis=-1))\nmodel.fit(x, y, shuffle=not True, epochs=--3)")
    assert facts.networks[0].layers[0].axis == -1
    fit = facts.fits[0]
    assert fit.shuffle and fit.shuffle.value is False and fit.epochs and fit.epochs.value.value == 3


def test_splits() -> None:
    facts = read("""
        a, b, c, d = train_test_split(X, y, test_size=0.3, random_state=7, stratify=y)
        e, f = train_test_split(X, test_size=100, shuffle=False)
        kf = StratifiedKFold(n_splits=5)
        sss = ShuffleSplit(n_splits=3)
        p, q = random_split(ds, [800, 200])
    """)
    first, second, folds, draws, torch = facts.splits
    assert (first.shuffle, first.stratify, first.shares[0].value) == (True, True, 0.3)
    assert first.seed and first.seed.value == 7
    assert (second.shuffle, second.stratify) == (False, False)
    assert (folds.shuffle, folds.stratify, draws.shuffle) == (False, True, True)
    assert [share.value for share in torch.shares] == [800, 200]


def test_slices_as_splits() -> None:
    code = """
        X = np.array(images)
        {}
        x_train = X[:8000]
        x_val = X[8000:]
    """
    assert [s.shuffle for s in read(code.format("pass")).splits] == [False, False]
    assert [s.shuffle for s in read(code.format("np.random.shuffle(X)")).splits] == [True, True]
    assert read("x_train = given[:100]").splits[0].shuffle is None


def test_take_and_skip() -> None:
    facts = read("ds = ds.shuffle(1000)\ntrain_ds = ds.take(700)\nval_ds = ds.skip(700)")
    assert [(s.name, s.shares[0].value) for s in facts.splits] == [("take_skip", 700), ("take_skip", 700)]


def test_labels() -> None:
    facts = read("""
        y = LabelEncoder().fit_transform(names)
        y = to_categorical(y, num_classes=30)
        y_train = y_train / 255.
        y_test = y_test - 1
        t = np_utils.to_categorical(t, n)
    """)
    assert [(s.kind, s.number) for s in facts.labels] == [
        ("LabelEncoder", None), ("to_categorical", 30), ("divided", 255), ("shifted", -1), ("to_categorical", None),
    ]  # fmt: skip


def test_files() -> None:
    facts = read("""
        model = Sequential([Dense(1)])
        model.save('early.h5')
        model.fit(x, y)
        model.save_weights('late.weights.h5')
        model.load_weights('pre.h5', by_name=True)
        other = load_model('other.h5')
    """)
    early, late, weights, other = facts.files
    assert (early.writes, early.after_fit, late.after_fit) == (True, False, True)
    assert weights.by_name and weights.by_name.value and weights.network == 0
    assert other.file and other.file.value == "other.h5"


def test_switches_and_class_orders() -> None:
    facts = read("""
        from PIL import ImageFile
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        K.set_learning_phase(1)
        labels = os.listdir('data')
        file_names = os.listdir('data/cat')
        class_names = ['b', 'a']
        classes = sorted(os.listdir('data'))
        CATEGORIES = {0: 'cat', 1: 'dog'}
        print(flow.class_indices)
        # print(flow.class_indices)
    """)
    assert [(s.name, s.value.value) for s in facts.switches] == [
        ("LOAD_TRUNCATED_IMAGES", "True"), ("set_learning_phase", "1"),
    ]  # fmt: skip
    assert [(o.kind, o.names, o.used) for o in facts.class_orders] == [
        ("listdir", (), True), ("hand_written", ("b", "a"), True), ("listdir_sorted", (), True),
        ("hand_written", ("cat", "dog"), True), ("class_indices", (), True), ("class_indices", (), False),
    ]  # fmt: skip


def test_scorings_against_a_shuffled_generator() -> None:
    facts = read("""
        test = g.flow_from_directory('test', batch_size=10)
        p = model.predict(test)
        print(confusion_matrix(test.classes, np.argmax(p, axis=1)))
    """)
    (scored,) = facts.scorings
    assert scored.truth == "test.classes" and scored.feed_shuffled is True
    assert (
        facts.decisions[0].kind == "argmax" and facts.decisions[0].axis and facts.decisions[0].axis.value == 1
    )


def test_facts_survive_json() -> None:
    facts = read("""
        model = Sequential([Conv2D(8, 3, input_shape=(32, 32, 3)), Flatten(), Dense(2, activation='softmax')])
        model.compile(Adam(1e-3), 'binary_crossentropy', metrics=['acc'])
        model.fit(g.flow_from_directory('d', class_mode='binary'), epochs=3, class_weight={0: 1, 1: 2})
        if model.predict(x)[0][0] > 0.5: print('yes')
    """)
    assert from_plain(ScriptFacts, to_plain(facts)) == facts
