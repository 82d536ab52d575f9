"""Predictions and decisions, classes that yield batches, torch scripts."""

from textwrap import dedent

import pytest

from valscope.evidence.script import read_script
from valscope.nouns.script import ScriptFacts, SequenceClass


def read(code: str) -> ScriptFacts:
    return read_script(dedent(code), "use.py")


@pytest.mark.parametrize(
    ("line", "kind", "operator", "value", "index"),
    [
        ("ok = p[0][0] == 1", "equals", "==", 1, "[0][0]"),
        ("if p[0] == 1.0: pass", "equals", "==", 1, "[0]"),
        ("label = 'a' if p[0][0] == 0 else 'b'", "equals", "==", 0, "[0][0]"),
        ("ok = p > 0.5", "threshold", ">", 0.5, ""),
        ("if 0.5 < p[0, 0]: pass", "threshold", ">", 0.5, "[0, 0]"),
        ("y = np.where(p >= 0.3, 1, 0)", "threshold", ">=", 0.3, ""),
        ("y = (p[:, 1] > 0.5).astype(int)", "threshold", ">", 0.5, "[:, 1]"),
        ("y = [1 if v > 0.5 else 0 for v in p]", "threshold", ">", 0.5, "[i]"),
        ("y = np.argmax(p, axis=1)", "argmax", "", None, ""),
        ("y = p.argmax(-1)", "argmax", "", None, ""),
        ("y = names[np.argmax(p[0])]", "argmax", "", None, "[0]"),
        ("y = tf.argmax(p, axis=-1).numpy()", "argmax", "", None, ""),
        ("y = np.round(p)", "round", "", None, ""),
        ("y = round(float(p[0][0]))", "round", "", None, "[0][0]"),
        ("y = p.astype(int)", "astype_int", "", None, ""),
        ("y = p.astype('int32')", "astype_int", "", None, ""),
        ("y = int(p[0][0])", "astype_int", "", None, "[0][0]"),
        ("if p[0][0]: pass", "any", "", None, "[0][0]"),
        ("y = np.argmin(p)", "argmin", "", None, ""),
    ],
)
def test_decisions(line: str, kind: str, operator: str, value: float | None, index: str) -> None:
    found = read(f"p = model.predict(x)\n{line}").decisions
    assert [(d.kind, d.operator, d.value, d.index) for d in found] == [(kind, operator, value, index)]
    assert found[0].predicting == 0


@pytest.mark.parametrize(
    "line",
    [
        "if np.argmax(p) == 1: pass",
        "n = (np.argmax(p, axis=1) == 1).sum()",
        "if len(p) == 1: pass",
        "if count > 0.5: pass",
        "y = np.round(accuracy)",
        "if p.shape[0] == 1: pass",
        "if flag[0][0]: pass",
        "n = int(total / 2)",
    ],
)
def test_no_decision(line: str) -> None:
    kinds = [d.kind for d in read(f"p = model.predict(x)\n{line}").decisions]
    assert set(kinds) <= {"argmax"}


def test_a_decision_on_scores_whose_making_is_not_shown() -> None:
    (found,) = read("if result[0][0] == 1:\n    prediction = 'dog'\nelse:\n    prediction = 'cat'").decisions
    assert (found.kind, found.predicting) == ("equals", None)
    assert read("if result == 17: pass").decisions == ()


def test_predict_classes() -> None:
    facts = read("c = model.predict_classes(x)\nif c[0][0] == 1: print('dog')")
    assert [d.kind for d in facts.decisions] == ["predict_classes"]


def test_decisions_know_their_network() -> None:
    facts = read("""
        model = Sequential([Dense(1, activation='sigmoid')])
        model.fit(x, y)
        y_hat = model.predict(x_test)
        acc = np.mean(np.argmax(y_hat, axis=1) == y_test)
    """)
    assert (facts.decisions[0].kind, facts.decisions[0].network) == ("argmax", 0)


def test_predicting_in_a_loop_and_by_generator() -> None:
    facts = read("""
        for f in os.listdir(d):
            model.predict(prepare(f))
        gen = g.flow_from_directory('t', shuffle=True)
        model.predict_generator(gen, steps=10)
        model.evaluate(gen)
    """)
    one, many, judged = facts.predictions
    assert (one.per_image, many.per_image) == (True, False)
    assert many.steps and many.steps.value == "10" and many.feed == 0
    assert judged.use == "test" and facts.feeds[0].shuffled is True


def test_calls_with_training_on() -> None:
    facts = read("model = Sequential([Dropout(.5), Dense(1)])\ny = model(x, training=True)")
    (asked,) = facts.predictions
    assert asked.training and asked.training.value is True and asked.name == "__call__"


# ------------------------------------------------------------------------------------------- sequences


def sequence(body: str) -> SequenceClass:
    code = "class Batches(keras.utils.Sequence):\n" + "".join(
        f"    {line}\n" for line in dedent(body).strip().split("\n")
    )
    return read(code).sequences[0]


INIT = """def __init__(self, files, labels, batch, val=False):
    self.files, self.labels = files, labels
    self.batch, self.val, self.at = batch, val, 0
"""


def test_a_healthy_sequence() -> None:
    found = sequence(
        INIT
        + dedent("""
        def __len__(self):
            return math.ceil(len(self.files) / self.batch)
        def __getitem__(self, i):
            picked = self.files[i * self.batch:(i + 1) * self.batch]
            x = np.array([np.array(load_img(f)) / 255. for f in picked])
            return x, self.labels[i * self.batch:(i + 1) * self.batch]
        def on_epoch_end(self):
            np.random.shuffle(self.files)
        """)
    )
    assert (found.counter, found.with_replacement, found.floors, found.augments) == (None, None, None, None)
    assert found.ignores_index and found.ignores_index.value is False
    assert found.scale == "unit" and found.shuffles and found.shuffles.value == "on_epoch_end"


def test_a_counter_that_runs_on() -> None:
    body = """
        def __len__(self):
            return len(self.files) // self.batch
        def __getitem__(self, i):
            x = []
            for k in range(self.batch):
                x.append(cv2.imread(self.files[self.at]))
                self.at {advance}
            return np.array(x), None
        def on_epoch_end(self):
            {end}
    """

    def of(advance: str, end: str) -> SequenceClass:
        return sequence(INIT + dedent(body.format(advance=advance, end=end)))

    runs = of("+= 1", "pass")
    assert runs.counter and runs.counter.value == "at" and runs.ignores_index and runs.ignores_index.value
    assert runs.floors and runs.floors.value == "len(self.files) // self.batch"
    assert of("= (self.at + 1) % len(self.files)", "pass").counter
    assert of("+= 1", "self.at = 0").counter is None


@pytest.mark.parametrize(
    ("line", "drawn"),
    [
        ("k = random.randint(0, len(self.files) - 1)", True),
        ("k = np.random.randint(len(self.files))", True),
        ("k = np.random.choice(len(self.files))", True),
        ("k = np.random.choice(len(self.files), self.batch)", True),
        ("k = np.random.choice(len(self.files), self.batch, replace=False)", False),
        ("k = self.order[i]", False),
        ("k = i if random.choice([True, False]) else i", False),
    ],
)
def test_drawing_with_replacement(line: str, drawn: bool) -> None:
    found = sequence(INIT + f"def __getitem__(self, i):\n    {line}\n    return load(self.files[k]), self.labels[k]\n"
                     "def __len__(self):\n    return 9")  # fmt: skip
    assert (found.with_replacement is not None) == drawn


def test_guards_tell_on_which_side_something_happens() -> None:
    found = sequence(
        INIT
        + dedent("""
        def __len__(self):
            return 10
        def __getitem__(self, i):
            img = np.array(Image.open(self.files[i]))
            if not self.val:
                img = random_rotation(img, 20)
            return img / img.max(), self.labels[i]
        """)
    )
    assert found.augments and found.augment_guard == "not val" and found.scale == "image_max"


def test_instances_differ_by_their_arguments() -> None:
    facts = read("""
        class Gen(Sequence):
            def __init__(self, files, train):
                self.files = files
                self.train = train
            def __len__(self):
                return len(self.files)
            def __getitem__(self, i):
                x = np.array(load_img(self.files[i]))
                if self.train:
                    x = x / 255.
                return x[None], y[i]
        model.fit(Gen(a, True), validation_data=Gen(b, train=False))
    """)
    assert [(p.use, p.scale) for p in facts.paths] == [("train", "unit"), ("validation", "none")]


# ----------------------------------------------------------------------------------------------- torch

TORCH = """
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
    from torchvision import transforms, datasets

    class Net(nn.Module):
        def __init__(self, n=10):
            super(Net, self).__init__()
            self.conv = nn.Conv2d(3, 16, kernel_size=5, stride=2, padding=1)
            self.pool = nn.MaxPool2d(2, 2)
            self.fc = nn.Linear(16 * 7 * 7, n)

        def forward(self, x):
            x = self.pool(F.relu(self.conv(x)))
            x = x.view(-1, 16 * 7 * 7)
            return F.softmax(self.fc(x), dim=1)

    train_tf = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.Resize((64, 48)),
                                   transforms.ToTensor(),
                                   transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
    test_tf = transforms.Compose([transforms.Resize((64, 48)), transforms.ToTensor()])
    train_set = datasets.ImageFolder('train', transform=train_tf)
    test_set = datasets.ImageFolder('test', transform=test_tf)
    train_loader = torch.utils.data.DataLoader(train_set, batch_size=64, shuffle=True)
    test_loader = torch.utils.data.DataLoader(test_set, batch_size=64)
    net = Net(4)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(5):
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(net(images), labels)
            loss.backward()
            optimizer.step()
    correct = 0
    for images, labels in test_loader:
        _, predicted = torch.max(net(images), 1)
        correct += (predicted == labels).sum().item()
"""


def test_a_torch_script() -> None:
    facts = read(TORCH)
    network = facts.networks[0]
    assert network.framework == "torch"
    assert [x.kind for x in network.layers] == [
        "Conv2D",
        "Activation",
        "MaxPooling2D",
        "Flatten",
        "Dense",
        "Activation",
    ]
    assert network.layers[0].filters == 16 and network.layers[4].units == 4
    compiled = facts.compiles[0]
    assert compiled.loss and compiled.loss.value == "cross_entropy"
    assert (
        compiled.rate and compiled.rate.value == 0.05 and compiled.momentum and compiled.momentum.value == 0.9
    )
    train, test = facts.feeds
    assert (train.use, train.shuffled, train.batch, train.scale) == ("train", True, 64, "imagenet")
    assert (test.use, test.shuffled, test.scale) == ("test", False, "unit")
    assert (
        facts.torch
        and facts.torch.zero_grad
        and facts.torch.eval_called is None
        and facts.torch.no_grad is None
    )
    assert facts.torch.softmax and facts.torch.softmax.value == "softmax"
    assert "argmax" in [d.kind for d in facts.decisions]


def test_torch_with_eval_and_logits() -> None:
    facts = read("""
        import torch, torchvision
        model = torchvision.models.resnet18(pretrained=True)
        for p in model.parameters():
            p.requires_grad = False
        model.fc = torch.nn.Linear(512, 2)
        loss_fn = torch.nn.CrossEntropyLoss()
        opt = torch.optim.Adam(model.fc.parameters())
        model.eval()
        with torch.no_grad():
            out = model(x)
    """)
    assert facts.torch and facts.torch.eval_called and facts.torch.no_grad and facts.torch.softmax is None
    assert facts.backbones[0].name == "resnet18" and facts.backbones[0].expects == "imagenet"
    assert facts.freezes[0].of == "backbone" and facts.freezes[0].value is False
    assert facts.compiles[0].optimiser and facts.compiles[0].default_rate == 0.001


def test_a_gradient_tape_is_training_and_no_prediction() -> None:
    facts = read("""
        model = keras.Sequential([layers.Flatten(), layers.Dense(10)])
        def step(x, y):
            with tf.GradientTape() as tape:
                logits = model(x, training=True)
                loss = loss_fn(y, logits)
            grads = tape.gradient(loss, model.trainable_weights)
            optimizer.apply_gradients(zip(grads, model.trainable_weights))
        for x, y in tf.data.Dataset.from_tensor_slices((images / 255., labels)).batch(32):
            step(x, y)
    """)
    assert [fit.name for fit in facts.fits] == ["loop"] and facts.predictions == ()
    assert facts.paths_for("train")[0].scale == "unit"


def test_lightning_and_fastai() -> None:
    facts = read("""
        class Lit(pl.LightningModule):
            def __init__(self):
                super().__init__()
                self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
            def forward(self, x):
                return self.net(x)
        loader = DataLoader(train_set, batch_size=16, shuffle=True)
        trainer = pl.Trainer(max_epochs=5)
        trainer.fit(Lit(), loader)
        learn = vision_learner(dls, resnet34)
        learn.fine_tune(4)
    """)
    first, second = facts.fits
    assert first.epochs and first.epochs.value.value == 5 and first.network == 0 and first.feed == 0
    assert second.epochs and second.epochs.value.value == 4 and second.feed is None


@pytest.mark.parametrize(
    ("returned", "used", "found"),
    [
        ("logits, F.softmax(logits, dim=1)", "logits, probas = net(x)", False),
        ("logits, F.softmax(logits, dim=1)", "probas, logits = net(x)", True),
        ("F.softmax(logits, dim=1)", "logits = net(x)", True),
        ("F.log_softmax(logits, dim=1)", "logits = net(x)", False),
        ("logits", "logits = net(x)", False),
        ("logits", "logits = nn.Softmax(dim=1)(net(x))", True),
        ("logits", "logits = net(x).softmax(1)", True),
    ],
)
def test_softmax_before_a_loss_that_has_its_own(returned: str, used: str, found: bool) -> None:
    facts = read(f"""
        import torch
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(10, 3)
            def forward(self, x):
                logits = self.fc(x)
                return {returned}
        net = Net()
        for x, y in loader:
            {used}
            cost = F.cross_entropy(logits, y)
            cost.backward()
    """)
    assert facts.torch and (facts.torch.softmax is not None) == found


def test_softmax_at_the_end_of_a_list() -> None:
    code = """
        import torch
        net = nn.Sequential(nn.Flatten(), nn.Linear(10, 3), nn.{}(dim=1))
        criterion = nn.CrossEntropyLoss()
        loss = criterion(net(x), y)
    """
    assert (found := read(code.format("Softmax")).torch) and found.softmax and found.softmax.source.line == 3
    assert (found := read(code.format("LogSoftmax")).torch) and found.softmax is None


LOOP = """
    import torch
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc, self.drop = nn.Linear(10, 3), nn.{layer}
        def forward(self, x):
            return self.drop(self.fc(x))
    net = Net()
    for x, y in loader:
        {before}
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
    {after}
    scores = net(test)
"""


def test_switches_that_a_loop_forgets() -> None:
    forgets = read(LOOP.format(layer="Dropout(0.5)", before="pass", after="pass")).torch
    assert forgets and forgets.eval_called and forgets.eval_called.value is False
    assert forgets.zero_grad and forgets.zero_grad.value is False and forgets.zero_grad.source.line == 13
    sound = read(LOOP.format(layer="Dropout(0.5)", before="optimizer.zero_grad()", after="net.eval()")).torch
    assert (
        sound and sound.eval_called and sound.eval_called.value and sound.zero_grad and sound.zero_grad.value
    )
    plain = read(LOOP.format(layer="ReLU()", before="optimizer.zero_grad()", after="pass")).torch
    assert plain and plain.eval_called is None  # nothing in it changes between training and use


def test_rounding_for_show_is_no_decision() -> None:
    assert read("p = model.predict(x)\nprint(np.round(p, 2))").decisions == ()


def test_labels_are_told_by_the_variable_that_stands_there() -> None:
    facts = read("""
        n = y.max() + 1
        shown = y_pred + 1
        y_train = y_train.astype('float32') / 255
        labels -= 1
    """)
    assert [(step.kind, step.number) for step in facts.labels] == [("divided", 255), ("shifted", -1)]


def test_a_gan_freezes_after_compiling_on_purpose() -> None:
    facts = read("""
        critic = Sequential([Dense(1)])
        critic.compile('adam', 'mse')
        critic.trainable = False
        noise = Input((8,))
        gan = Model(noise, critic(Dense(9)(noise)))
        gan.compile('adam', 'mse')
    """)
    assert not facts.freezes[0].after_compile
