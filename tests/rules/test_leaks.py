"""Scripts that let copies or shared rows into both parts, and their sound neighbours."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from valscope.case import open_case
from valscope.nouns.finding import Finding
from valscope.rules import copied_before_split, slices_overlap

FIT = "model.fit(x_train, y_train, epochs=5, validation_data=(x_val, y_val))"


def said(rule: ModuleType, code: str, folder: Path) -> list[Finding]:
    """What a rule says of a script."""
    script = folder / "train.py"
    script.write_text(dedent(code))
    return [o for o in rule.check(open_case([str(script)])) if isinstance(o, Finding)]


OVERLAPPING = {
    "counts": ("x_train = x[:800]\nx_val = x[700:]", 100),
    "counts, two sided": ("x_train = x[0:800]\nx_val = x[600:1000]", 200),
    "negative": ("x_train = x[:-100]\nx_val = x[-200:]", 100),
    "names": ("n_train = 800\nn_val = 300\nx_train = x[:n_train]\nx_val = x[n_train - 100 : n_train - 100 + n_val]", 100),
    "fractions": ("x_train = x[:int(0.8 * len(x))]\nx_val = x[int(0.7 * len(x)):]", None),
    "shape": ("n = x.shape[0]\nx_train = x[: int(n * 0.9)]\nx_val = x[int(n * 0.8) :]", None),
    "quarters": ("n = len(x)\nx_train = x[: 3 * n // 4]\nx_val = x[n // 2 :]", None),
    "both from the head": ("x_train = x[:n_train]\nx_val = x[:n_val]", None),
    "both from the tail": ("x_train = x[200:]\nx_val = x[-100:]\nx_val = x[-300:]\nx_train = x[-500:]", 300),
    "the rest forgotten": ("x_val = x[:1000]\nx_train = x", 1000),
    "the rest forgotten at the end": ("x_train = x\nx_val = x[-1000:]", 1000),
    "all validates": ("x_train = x[:800]\nx_val = x", 800),
    "cut in the wrong order": ("x_train = x[:-1000]\nx_val = x_train[-1000:]", 1000),
    "the same slice": ("x_train = x[:500]\nx_val = x[:500]", 500),
    "slices of a slice": ("rest = x[200:]\nx_train = rest[:600]\nx_val = x[700:]", 100),
    "scaled": ("x_train = x[:800].astype('float32') / 255\nx_val = x[700:].astype('float32') / 255", 100),
    "reshaped": ("x = np.array(images).reshape(-1, 28, 28, 1)\nx_train = x[:800]\nx_val = x[700:]", 100),
    "preprocessed": ("x_train = preprocess_input(x[:800])\nx_val = preprocess_input(x[700:])", 100),
    "of a file": ("x_train = np.load('x.npy')[:800]\nx_val = np.load('x.npy')[700:]", 100),
    "of a dict": ("d = np.load('d.npz')\nx_train = d['x'][:800]\nx_val = d['x'][700:]", 100),
    "with columns": ("x_train = x[:800, :, :, 0]\nx_val = x[700:, :, :, 0]", 100),
    "file lists": (
        "files = sorted(glob('a/*.jpg'))\n"
        "x_train = np.array([load(f) for f in files[:800]])\nx_val = np.array([load(f) for f in files[700:]])",
        100,
    ),
    "file lists in loops": (
        "files = os.listdir('a')\nx_train = []\nfor f in files[:800]:\n    x_train.append(imread('a/' + f))\n"
        "x_val = []\nfor f in files[700:]:\n    x_val.append(imread('a/' + f))\nx_train = np.array(x_train)\n"
        "x_val = np.array(x_val)",
        100,
    ),
    "a function of one's own": (
        "def cut(a, first, last):\n    return a[first:last]\nx_train = cut(x, 0, 800)\nx_val = cut(x, 700, 1000)",
        100,
    ),
    "permuted first": ("x = x[np.random.permutation(len(x))]\nx_train = x[:800]\nx_val = x[700:]", 100),
    "indices": (
        "idx = np.random.permutation(len(x))\ntrain_idx, val_idx = idx[:800], idx[700:]\n"
        "x_train, x_val = x[train_idx], x[val_idx]",
        100,
    ),
    "class by class": (
        "x_train = np.concatenate([cats[:400], dogs[:400]])\nx_val = np.concatenate([cats[400:], dogs[350:]])",
        50,
    ),
    "list by list": ("x_train = cats[:400] + dogs[:400]\nx_val = cats[300:] + dogs[400:]", 100),
    "features": ("x_train = base.predict(x[:800])\nx_val = base.predict(x[700:])", 100),
    "imported loader": ("x_train = load_images(files[:800])\nx_val = load_images(files[700:])", 100),
}  # fmt: skip


@pytest.mark.parametrize("name", OVERLAPPING)
def test_slices_that_overlap(name: str, tmp_path: Path) -> None:
    code, rows = OVERLAPPING[name]
    (finding,) = said(slices_overlap, f"{code}\n{FIT}\n", tmp_path)
    assert finding.verdict == "PROVED"
    assert finding.numbers.get("rows") == rows


ELSEWHERE = {
    "tf.data": "train = ds.take(800)\nval = ds.skip(700)\nmodel.fit(train.batch(32), epochs=3, validation_data=val.batch(32))",
    "tf.data, in batches": "ds = ds.batch(32)\nmodel.fit(ds.take(20), epochs=3, validation_data=ds.skip(15))",
    "tf.data, the whole": "val_ds = ds.take(200)\nmodel.fit(ds, epochs=3, validation_data=val_ds)",
    "tf.data, a share": (
        "n = tf.data.experimental.cardinality(ds).numpy()\ntrain_ds = ds.take(int(0.8 * n)).map(f)\n"
        "val_ds = ds.skip(int(0.7 * n)).map(f)\nmodel.fit(train_ds, epochs=3, validation_data=val_ds)"
    ),
    "tf.data from slices": (
        "train = tf.data.Dataset.from_tensor_slices((x[:800], y[:800])).batch(8)\n"
        "val = tf.data.Dataset.from_tensor_slices((x[700:], y[700:])).batch(8)\n"
        "model.fit(train, epochs=2, validation_data=val)"
    ),
    "generators": (
        "train = datagen.flow(x[:800], y[:800], batch_size=8)\nval = datagen.flow(x[700:], y[700:])\n"
        "model.fit_generator(train, steps_per_epoch=9, epochs=2, validation_data=val)"
    ),
    "in the call": "model.fit(x[:800], y[:800], epochs=3, validation_data=(x[700:], y[700:]))",
    "a frame": (
        "df = pd.read_csv('l.csv')\ntrain_df = df.iloc[:800]\nval_df = df.iloc[700:]\n"
        "model.fit(gen.flow_from_dataframe(train_df), epochs=2, validation_data=gen.flow_from_dataframe(val_df))"
    ),
    "head and tail": (
        "df = pd.read_csv('l.csv')\nn = len(df)\nmodel.fit(load(df.head(n - 100)['path']), y, epochs=2, "
        "validation_data=(load(df.tail(200)['path']), v))"
    ),
    "a test set by name": "train_images = images[:5000]\ntest_images = images[4000:]\nprint(len(train_images))",
    "a split by the head twice": (
        "def split(files, share):\n    n = int(len(files) * share)\n    rest = int(len(files) - n)\n"
        "    mixed = random.sample(files, len(files))\n    training_set = mixed[0:n]\n    testing_set = mixed[:rest]\n"
        "    copy(training_set)\n    copy(testing_set)"
    ),
    "torch": (
        "train_set = torch.utils.data.Subset(data, range(0, 800))\ntest_set = torch.utils.data.Subset(data, range(700, 1000))"
    ),
    "torch indices": "indices = list(range(len(data)))\ntrain_idx = indices[:800]\nval_idx = indices[600:]\nuse(train_idx, val_idx)",
    "tensorflow_datasets": "train_ds, val_ds = tfds.load('cats_vs_dogs', split=['train[:80%]', 'train[70%:]'])",
    "tensorflow_datasets, twice": (
        "train_ds = tfds.load('beans', split='train[:80%]')\nval_ds = tfds.load('beans', split='train[-30%:]')"
    ),
    "a Sequence": (
        "class Feed(Sequence):\n    def __init__(self, files):\n        self.files = files\n"
        "    def __getitem__(self, i):\n        return load(self.files[i])\n"
        "model.fit(Feed(files[:800]), epochs=3, validation_data=Feed(files[700:]))"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ELSEWHERE)
def test_overlap_in_other_forms(name: str, tmp_path: Path) -> None:
    (finding,) = said(slices_overlap, f"{ELSEWHERE[name]}\n", tmp_path)
    assert finding.verdict == "PROVED"
    assert finding.next_step


APART = {
    "counts": "x_train = x[:800]\nx_val = x[800:]",
    "a gap": "x_train = x[:700]\nx_val = x[800:]",
    "negative": "x_train = x[:-100]\nx_val = x[-100:]",
    "the rest is cut off": "x_val = x[:1000]\nx_train = x[1000:]",
    "one name": "x_val = x[:1000]\nx_train = x\nx_train = x_train[1000:]",
    "one name twice": "x_train = x[:50000]\nx_val = x_train[:5000]\nx_train = x_train[5000:]",
    "fractions": "x_train = x[:int(0.8 * len(x))]\nx_val = x[int(0.8 * len(x)):]",
    "fractions by halves": "n = len(x)\nx_train = x[: n - int(0.2 * n)]\nx_val = x[int(0.8 * n) :]",
    "rest of a share": "n_val = int(len(x) * split)\nx_train = x[:-n_val]\nx_val = x[-n_val:]",
    "not known": "x_train = x[:a]\nx_val = x[b:]",
    "not known which": "x_train = x[:800]\nx_val = x[-200:]",
    "may be apart": "x_train = x[200:]\nx_val = x[:-300]",
    "by other lengths": "x_train = x[: int(0.8 * len(x))]\nx_val = x[int(0.7 * len(z)) :]",
    "the length of the first": "x_train = x[:800]\nx_val = x[len(x_train) :]",
    "another array": "x_train = a[:800]\nx_val = b[700:]",
    "parts of one file": "d = np.load('d.npz')\nx_train = d['a'][:800]\nx_val = d['b'][700:]",
    "of load_data": "(a, b), (c, d) = mnist.load_data()\nx_train = a[:800]\nx_val = c[:200]",
    "columns": "x_train = x[:, :14]\nx_val = x[:, 10:]",
    "strides": "x_train = x[::2]\nx_val = x[1::2]",
    "train_test_split": "x_train, x_val, y_train, y_val = train_test_split(x, y)",
    "masks": "m = np.random.rand(len(x)) < 0.8\nx_train = x[m]\nx_val = x[~m]",
    "folds": "for i in range(k):\n    x_val = x[i * n : (i + 1) * n]\n    x_train = np.concatenate([x[: i * n], x[(i + 1) * n :]])",
    "counted folds": "for i in range(4):\n    x_val = x[i * 100 : (i + 1) * 100]\n"
    "    x_train = np.concatenate([x[: i * 100], x[(i + 1) * 100 :]])",
    "what is left": "x_val = files[:200]\nx_train = [f for f in files if f not in x_val]",
    "what is left, in a loop": "x_val = files[:200]\nx_train = []\nfor f in files:\n    if f not in x_val:\n        x_train.append(f)",
    "what is left, removed": "x_val = files[:200]\nfor f in x_val:\n    files.remove(f)\nx_train = files",
    "what is left, deleted": "x_val = files[:200]\ndel files[:200]\nx_train = files",
    "what is left, dropped": "df = pd.read_csv('a')\nx_val = df[:100]\nx_train = df.drop(x_val.index)",
    "what is left, dropped in place": "x_val = df[:100]\ndf.drop(x_val.index, inplace=True)\nx_train = df",
    "what is left, as a set": "x_val = files[:100]\nx_train = list(set(files) - set(x_val))",
    "two of one loop": "x_train, x_val = [], []\nfor i, f in enumerate(files):\n    (x_train if i < 800 else x_val).append(f)",
    "scaled by a mean of more": "x_train = x[:800]\nx_val = (x[800:] - x[:900].mean()) / x.std()",
    "class by class": "x_train = np.concatenate([cats[:400], dogs[:400]])\nx_val = np.concatenate([cats[400:], dogs[400:]])",
    "folds of all": "n = len(x) // 4\nfor i in range(4):\n    x_val = x[i * n : (i + 1) * n]\n"
    "    x_train = np.concatenate([x[: i * n], x[(i + 1) * n :]], axis=0)\n"
    "    model.fit(x_train, y, epochs=3, validation_data=(x_val, v))",
    "windows by index": "x_train = timeseries(x[:-9], start_index=0, end_index=800)\nx_val = timeseries(x[:-9], start_index=800)",
    "subsets": "x = x[:900]\nx_train = gen.flow(x, y, subset='training')\nx_val = gen.flow(x, y, subset='validation')",
    "a mode": "x_train = Feed(files[:900], 'train')\nx_val = Feed(files[:900], 'val')",
    "in a branch": "x_train = x[:800]\nif small:\n    x_val = x[800:900]\nelse:\n    x_val = x[800:]",
}  # fmt: skip


@pytest.mark.parametrize("name", APART)
def test_slices_that_do_not(name: str, tmp_path: Path) -> None:
    assert said(slices_overlap, f"{APART[name]}\n{FIT}\n", tmp_path) == []


FINE = {
    "tf.data": "train = ds.take(800)\nval = ds.skip(800)\nmodel.fit(train, epochs=3, validation_data=val)",
    "tf.data, three": (
        "n = len(ds)\ntest_ds = ds.take(n // 10)\nds = ds.skip(n // 10)\nval_ds = ds.take(n // 5)\ntrain_ds = ds.skip(n // 5)\n"
        "model.fit(train_ds, epochs=3, validation_data=val_ds)\nmodel.evaluate(test_ds)"
    ),
    "a look at a few": "x_train = images[:6000]\ntest_images = images[:9]\nshow(model.predict(test_images))",
    "a window over a series": "n = len(data)\nk = math.ceil(n * 0.8)\ntrain_data = data[0:k]\ntest_data = data[k - 60 :]",
    "classes": "train_classes = classes[:8]\ntest_classes = classes[5:]",
    "transforms": "train_transforms = steps[:3]\nval_transforms = steps[1:]",
    "curves": "train_acc = acc[:10]\nval_acc = acc[5:]",
    "training on all in the end": (
        "x_val = x[:1000]\nx_part = x[1000:]\nmodel.fit(x_part, y, epochs=20, validation_data=(x_val, y_val))\n"
        "model = build()\nmodel.fit(x, y, epochs=4)\nmodel.evaluate(x_test, y_test)"
    ),
    "the same object, S102": "x = x[:800]\nmodel.fit(x, y, epochs=3, validation_data=(x, y))\nx_train = a[:800]\nx_val = a[700:]",
    "tensorflow_datasets": "train_ds, val_ds = tfds.load('beans', split=['train[:80%]', 'train[80%:]'])",
    "tensorflow_datasets, parts": "train_ds = tfds.load('a', split='train[:80%]')\nval_ds = tfds.load('a', split='test[:80%]')",
    "other data sets": "train_ds = tfds.load('a', split='train[:80%]')\nval_ds = tfds.load('b', split='train[:80%]')",
}  # fmt: skip


@pytest.mark.parametrize("name", FINE)
def test_sound_neighbours_of_overlap(name: str, tmp_path: Path) -> None:
    assert said(slices_overlap, f"{FINE[name]}\n", tmp_path) == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x_train = x[:800]\nx_val = x[700:]", "x_val = x[800:]"),
        ("x_train = x[:-100]\nx_val = x[-200:]", "x_val = x[-100:]"),
        ("x_train = x[200:]\nx_val = x[:300]", "x_val = x[:200]"),
        ("x_val = x[:1000]\nx_train = x", "x_train = x[1000:]"),
        ("x_train = x\nx_val = x[-1000:]", "x_train = x[:-1000]"),
        ("x_train = ds.take(800)\nx_val = ds.skip(700)", "x_val = ds.skip(800)"),
        ("x_train = ds.skip(100)\nx_val = ds.take(200)", "x_val = ds.take(100)"),
        ("x_train = x[:-1000]\nx_val = x_train[-1000:]", "x_val = x[-1000:]"),
        ("x_train = f(x[:800])\nx_val = f(x[700:])", "x[800:]   in place of x[700:]"),
        (
            "x_train, x_val = tfds.load('a', split=['train[:80%]', 'train[70%:]'])",
            'x_val = split="train[80%:]"',
        ),
    ],
)
def test_the_line_that_mends(code: str, line: str, tmp_path: Path) -> None:
    (finding,) = said(slices_overlap, f"{code}\n{FIT}\n", tmp_path)
    assert finding.next_step == line


SPLIT = "x_train, x_val, y_train, y_val = train_test_split({}, {}, test_size=0.2, random_state=1)\n" + FIT
COPIES = {
    "RandomOverSampler": ("x, y = RandomOverSampler().fit_resample(x, y)", "x", "y"),
    "SMOTE": ("sm = SMOTE(random_state=2)\nX_res, y_res = sm.fit_resample(x.reshape(len(x), -1), y)\n"
              "X_res = X_res.reshape(-1, 64, 64, 3)", "X_res", "y_res"),
    "fit_sample": ("ros = RandomOverSampler(random_state=0)\nxr, yr = ros.fit_sample(x, y)", "xr", "yr"),
    "a pipeline": ("p = Pipeline([('o', SMOTE()), ('u', RandomUnderSampler())])\nx, y = p.fit_resample(x, y)", "x", "y"),
    "resample and concat": (
        "major, minor = df[df.label == 0], df[df.label == 1]\n"
        "up = resample(minor, replace=True, n_samples=len(major), random_state=42)\ndf = pd.concat([major, up])",
        "df['path']", "df['label']",
    ),
    "resample arrays": (
        "xm, ym = resample(x[y == 1], y[y == 1], replace=True, n_samples=500)\n"
        "x = np.concatenate([x, xm])\ny = np.concatenate([y, ym])", "x", "y",
    ),
    "resample by default": (
        "minority_upsampled = resample(minority, n_samples=len(majority))\ndf = pd.concat([majority, minority_upsampled])",
        "df", "df.y",
    ),
    "sample with replacement": (
        "df = pd.read_csv('l.csv')\nmost = df.label.value_counts().max()\nparts = [df]\n"
        "for name, group in df.groupby('label'):\n    parts.append(group.sample(most - len(group), replace=True))\n"
        "df = pd.concat(parts)\nfiles = df['file'].values", "files", "df['label'].values",
    ),
    "choice": (
        "rare = np.where(y == 1)[0]\nmore = np.random.choice(rare, size=900, replace=True)\n"
        "x = np.vstack([x, x[more]])\ny = np.hstack([y, y[more]])", "x", "y",
    ),
    "an index of choices": ("idx = np.concatenate([common, np.random.choice(rare, 900, replace=True)])\nx, y = x[idx], y[idx]",
                            "x", "y"),
    "repeat": ("x = np.repeat(x, 3, axis=0)\ny = np.repeat(y, 3, axis=0)", "x", "y"),
    "tile": ("x = np.tile(x, (4, 1, 1, 1))", "x", "np.tile(y, 4)"),
    "a list many times": ("files = sorted(glob('a/*.png')) * 3", "files", "labels * 3"),
    "a list with itself": ("files = os.listdir('a')\nfiles = files + files", "files", "labels"),
    "the rare class again": ("x = np.concatenate([x, x[rare]])\ny = np.concatenate([y, y[rare]])", "x", "y"),
    "the rare class of a frame": ("df = pd.read_csv('l.csv')\ndf = pd.concat([df, df[df.label == 'rare']])", "df", "df.label"),
    "the rare class thrice": ("df = pd.read_csv('l.csv')\nrare = df[df.label == 2]\ndf = df.append([rare] * 3, ignore_index=True)",
                              "df.file", "df.label"),
    "mirrored": ("x = np.concatenate([x, x[:, :, ::-1]], axis=0)", "x", "y"),
    "np.flip": ("x = np.concatenate((x, np.flip(x, axis=2)))", "x", "y"),
    "np.append": ("x = np.append(x, np.fliplr(x), axis=0)", "x", "y"),
    "tf.concat": ("x = tf.concat([x, tf.image.flip_left_right(x)], 0).numpy()", "x", "y"),
    "a comprehension": ("aug = np.array([rotate(i, 15) for i in x])\nx = np.concatenate([x, aug])", "x", "y"),
    "an own function": (
        "def augmented(images):\n    out = []\n    for image in images:\n        out.append(cv2.flip(image, 1))\n"
        "    return np.array(out)\nx = np.vstack((x, augmented(x)))", "x", "y",
    ),
    "appended while reading": (
        "X, Y = [], []\nfor c in classes:\n    for f in os.listdir(os.path.join(d, c)):\n"
        "        img = cv2.imread(os.path.join(d, c, f))\n        img = cv2.resize(img, (64, 64))\n        X.append(img)\n"
        "        Y.append(c)\n        X.append(cv2.flip(img, 1))\n        Y.append(c)\nX = np.array(X) / 255.0", "X", "Y",
    ),
    "appended with labels": (
        "data = []\nfor f in os.listdir(d):\n    a = cv2.imread(d + f)\n    data.append([a, n])\n    data.append([np.rot90(a), n])\n"
        "random.shuffle(data)\nX = np.array([i[0] for i in data])", "X", "Y",
    ),
    "several random ones": (
        "X = []\nfor f in files:\n    img = load_img(f)\n    img = img_to_array(img)\n    for i in range(5):\n"
        "        X.append(datagen.random_transform(img))\nX = np.array(X)", "X", "Y",
    ),
    "from a generator, one by one": (
        "X = []\nfor f in files:\n    img = img_to_array(load_img(f))\n    X.append(img)\n    k = 0\n"
        "    for batch in datagen.flow(np.expand_dims(img, 0), batch_size=1):\n        X.append(batch[0])\n        k += 1\n"
        "        if k > 4:\n            break", "np.array(X)", "Y",
    ),
    "from a generator, all": (
        "more = []\nfor xb, yb in datagen.flow(x, y, batch_size=32):\n    more.extend(xb)\n    if len(more) > 900:\n        break\n"
        "x = np.concatenate([x, np.array(more)])", "x", "y",
    ),
    "only the rare class": (
        "X = []\nfor f, c in zip(files, labels):\n    img = imread(f)\n    X.append(img)\n    if c == 2:\n"
        "        X.append(np.fliplr(img))", "np.array(X)", "Y",
    ),
    "a second list": (
        "images = load(d)\nextra = []\nfor image in images:\n    extra.append(blur(image))\nimages = list(images) + extra",
        "np.array(images)", "Y",
    ),
    "shuffled after": ("x = np.concatenate([x, x[:, ::-1]])\nx, y = shuffle(x, y, random_state=0)", "x", "y"),
    "permuted after": ("x = np.concatenate([x, x[:, ::-1]])\np = np.random.permutation(len(x))\nx, y = x[p], y[p]", "x", "y"),
    "in a function over pairs": (
        "def more(images, labels):\n    a, b = [], []\n    for image, label in zip(images, labels):\n        a.append(image)\n"
        "        b.append(label)\n        a.append(cv2.flip(image, 1))\n        b.append(label)\n    return a, b\n"
        "x, y = load(d)\nx, y = more(x, y)",
        "np.array(x)",
        "y",
    ),
    "a batch of all, SMOTE": (
        "a, b = gen.flow_from_directory(d, batch_size=6500).next()\na, b = SMOTE().fit_resample(a.reshape(-1, 128 * 128 * 3), b)\n"
        "a = a.reshape(-1, 128, 128, 3)",
        "a",
        "b",
    ),
    "faces cut out": (
        "x = []\nfor p in paths:\n    grey = cv2.imread(p, 0)\n    for a, b, w, h in faces.detectMultiScale(grey):\n"
        "        face = cv2.resize(grey[b : b + h, a : a + w], (96, 96))\n        x.append(face)\n        for angle in (-5, 5):\n"
        "            x.append(cv2.warpAffine(face, turn(angle), (96, 96)))",
        "np.array(x)",
        "y",
    ),
    "augment_images": ("seq = iaa.Sequential([iaa.Fliplr(1)])\nx = np.concatenate([x, seq.augment_images(x)])", "x", "y"),
}  # fmt: skip


@pytest.mark.parametrize("name", COPIES)
def test_copies_before_the_split(name: str, tmp_path: Path) -> None:
    code, x, y = COPIES[name]
    (finding,) = said(copied_before_split, f"{code}\n{SPLIT.format(x, y)}\n", tmp_path)
    assert finding.numbers["split"] == "train_test_split"
    assert len(finding.evidence) == 2


OTHER_SPLITS = {
    "validation_split": "x, y = SMOTE().fit_resample(x, y)\nmodel.fit(x, y, epochs=3, validation_split=0.2)",
    "validation_split, mirrored": "x = np.concatenate([x, x[:, :, ::-1]])\nmodel.fit(x, y, epochs=3, validation_split=0.2)",
    "of the training part": (
        "x_train, x_test, y_train, y_test = train_test_split(x, y)\nx_train = np.concatenate([x_train, np.flip(x_train, 2)])\n"
        "model.fit(x_train, y_train, epochs=3, validation_split=0.1)"
    ),
    "slices": "x = np.concatenate([x, x[:, ::-1]])\nx_train, x_val = x[:900], x[900:]\n" + FIT,
    "repeated, mixed, cut": "x = np.random.permutation(np.repeat(x, 2, axis=0))\nx_train, x_val = x[:900], x[900:]\n" + FIT,
    "folds": (
        "x, y = RandomOverSampler().fit_resample(x, y)\nfor a, b in StratifiedKFold(5).split(x, y):\n"
        "    model.fit(x[a], y[a], epochs=3, validation_data=(x[b], y[b]))"
    ),
    "take and skip": (
        "ds = ds.concatenate(ds.map(lambda x, y: (tf.image.flip_left_right(x), y)))\n"
        "model.fit(ds.take(800), epochs=2, validation_data=ds.skip(800))"
    ),
    "tf.data repeats": (
        "ds = tf.data.Dataset.from_tensor_slices((x, y)).repeat(3).shuffle(9000)\n"
        "model.fit(ds.skip(300), epochs=2, validation_data=ds.take(300))"
    ),
    "torch": (
        "plain = ImageFolder('d', transform=a)\nmore = ImageFolder('d', transform=b)\n"
        "both = torch.utils.data.ConcatDataset([plain, more])\ntrain, val = random_split(both, [800, 200])"
    ),
    "a subset": (
        "df = pd.read_csv('l')\ndf = pd.concat([df, df[df.y == 1]])\ngen = ImageDataGenerator(validation_split=0.2)\n"
        "train = gen.flow_from_dataframe(df, subset='training')\nval = gen.flow_from_dataframe(df, subset='validation')\n"
        "model.fit(train, epochs=3, validation_data=val)"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_SPLITS)
def test_copies_before_other_splits(name: str, tmp_path: Path) -> None:
    (finding,) = said(copied_before_split, f"{OTHER_SPLITS[name]}\n", tmp_path)
    assert finding.claim.endswith(".")


def test_the_share_that_has_a_copy(tmp_path: Path) -> None:
    (two,) = said(copied_before_split, f"{COPIES['mirrored'][0]}\n{SPLIT.format('x', 'y')}\n", tmp_path)
    (three,) = said(copied_before_split, f"{COPIES['repeat'][0]}\n{SPLIT.format('x', 'y')}\n", tmp_path)
    assert (two.verdict, two.numbers["with_copy"]) == ("PROVED", 0.8)
    assert (three.verdict, three.numbers["with_copy"]) == ("PROVED", 0.96)


TTS = "x_train, x_val, y_train, y_val = train_test_split(x, y)\n"
WITHOUT = {
    "after the split": TTS + "x_train, y_train = SMOTE().fit_resample(x_train, y_train)\n" + FIT,
    "mirrored after the split": TTS + "x_train = np.concatenate([x_train, x_train[:, :, ::-1]])\n" + FIT,
    "repeated after the split": TTS + "x_train = np.repeat(x_train, 3, axis=0)\n" + FIT,
    "appended after the split": TTS + "more = []\nfor i in x_train:\n    more.append(i)\n    more.append(np.fliplr(i))\n"
    "x_train = np.array(more)\n" + FIT,
    "upsampled after the split": "train, test = train_test_split(df)\nup = resample(train[train.y == 1], replace=True, n_samples=900)\n"
    "train = pd.concat([train[train.y == 0], up])",
    "undersampling": "x, y = RandomUnderSampler().fit_resample(x, y)\n" + TTS + FIT,
    "undersampling a frame": "low = resample(major, replace=False, n_samples=len(minor))\ndf = pd.concat([low, minor])\n"
    "train, test = train_test_split(df)",
    "undersampling by default": "major_downsampled = resample(major, n_samples=len(minor))\n"
    "df = pd.concat([major_downsampled, minor])\ntrain, test = train_test_split(df)",
    "undersampling by size": "a = resample(df0, replace=True, n_samples=min(len(df0), len(df1)))\ntrain, test = train_test_split(a)",
    "undersampling by sample": "df = pd.concat([df[df.y == 1], df[df.y == 0].sample(500)])\ntrain, test = train_test_split(df)",
    "groups undersampled": "df = df.groupby('label').sample(100)\ntrain, test = train_test_split(df)",
    "two sources": "x = np.concatenate([x_a, x_b])\ny = np.concatenate([y_a, y_b])\n" + TTS + FIT,
    "both parts of a data set": "(a, b), (c, d) = cifar10.load_data()\nx, y = np.concatenate([a, c]), np.concatenate([b, d])\n" + TTS + FIT,
    "two folders": "x = np.concatenate([load('cats'), load('dogs')])\n" + TTS,
    "two folders read": "def read(d):\n    out = []\n    for f in os.listdir(d):\n        out.append(imread(d + f))\n    return out\n"
    "x = np.array(read('cats') + read('dogs'))\n" + TTS,
    "two folders in a loop": "x = []\nfor d in ('cats', 'dogs'):\n    for f in os.listdir(d):\n        x.append(imread(d + f))\n" + TTS,
    "class weights": TTS + "model.fit(x_train, y_train, epochs=3, class_weight={0: 1.0, 1: 3.0}, validation_data=(x_val, y_val))",
    "grey as colour": "x = np.repeat(x[..., np.newaxis], 3, -1)\n" + TTS,
    "grey as colour, stacked": "x = np.concatenate([x, x, x], axis=-1)\n" + TTS,
    "grey as colour, np.stack": "x = np.stack((x,) * 3, axis=-1)\n" + TTS,
    "grey as colour, tiled": "x = np.tile(x, (1, 1, 1, 3))\n" + TTS,
    "grey as colour, torch": "x = x.repeat(1, 3, 1, 1)\n" + TTS,
    "an array times two": "x = x * 2\n" + TTS,
    "a centred array": "x = (x - 127.5) / 127.5\n" + TTS,
    "labels by counts": "y = np.repeat([0, 1, 2], [500, 320, 180])\n" + TTS,
    "parts put together": "x = np.concatenate([x[:500], x[500:]])\n" + TTS,
    "masks put together": "x = np.concatenate([x[y == 0], x[y == 1]])\n" + TTS,
    "columns": "df = pd.concat([df, pd.get_dummies(df.label)], axis=1)\ntrain, test = train_test_split(df)",
    "layers": "m = keras.layers.concatenate([a, a])\n" + TTS,
    "groups kept together": "x = np.concatenate([x, x[:, ::-1]])\nfor a, b in GroupKFold(5).split(x, y, groups):\n    fit(x[a], x[b])",
    "tf.data repeats last": "train = ds.take(800).repeat(3)\nmodel.fit(train, epochs=2, validation_data=ds.skip(800))",
    "one of two": "x = []\nfor f in files:\n    i = imread(f)\n    if big(i):\n        x.append(resize(i))\n    else:\n        x.append(i)\n" + TTS,
    "one of two, continue": "x = []\nfor f in files:\n    i = imread(f)\n    if big(i):\n        x.append(resize(i))\n        continue\n"
    "    x.append(i)\n" + TTS,
    "one of two, except": "x = []\nfor f in files:\n    i = imread(f)\n    try:\n        x.append(crop(i))\n    except ValueError:\n"
    "        x.append(i)\n" + TTS,
    "pairs": "a, b = [], []\nfor x1 in images:\n    pairs.append([x1, other(x1)])\n    pairs.append([x1, another])\n"
    "train, test = train_test_split(np.array(pairs))",
    "parts of one image": "x = []\nfor f in files:\n    i = imread(f)\n    x.append(i[:64, :64])\n    x.append(i[64:, :64])\n" + TTS,
    "parts of one photo": "x = []\nfor f in files:\n    i = Image.open(f)\n    x.append(np.array(i.crop((0, 0, 64, 64))))\n"
    "    x.append(np.array(i.crop((64, 0, 128, 64))))\n" + TTS,
    "two eyes of a patient": "df = pd.read_csv('p')\nl = df[['left', 'label']]\nr = df[['right', 'label']]\n"
    "both = pd.concat([l, r])\ntrain, test = train_test_split(both)",
    "two eyes, two columns": "df = pd.read_csv('p')\nfiles = pd.concat([df['left'], df['right']])\ntrain, test = train_test_split(files)",
    "an array added to itself": "x = x + 0.5 * (x - x.mean())\n" + TTS,
    "two files a turn": "x = []\nfor n in names:\n    x.append(imread(n + 'l.png'))\n    x.append(imread(n + 'r.png'))\n" + TTS,
    "frames": "x = []\nwhile True:\n    ok, a = cap.read()\n    x.append(a)\n    ok, b = cap.read()\n    x.append(b)\n" + TTS,
    "images and masks": "x, m = [], []\nfor f in files:\n    i = imread(f)\n    x.append(i)\n    m.append(threshold(i))\n"
    "x_train, x_val = train_test_split(np.array(x))",
    "lists by condition": "a = [f for f in files if 'a' in f]\nb = [f for f in files if 'b' in f]\nx = a + b\n" + TTS,
    "lists by condition, in a loop": "a, b = [], []\nfor f in os.listdir(d):\n    if 'cat' in f:\n        a.append(f)\n    else:\n"
    "        b.append(f)\nx = a + b\n" + TTS,
    "augmented on the fly": TTS + "model.fit(datagen.flow(x_train, y_train), epochs=3, validation_data=(x_val, y_val))",
    "in a batch": "for i in range(9):\n    idx = np.random.choice(len(x_train), 32, replace=True)\n    model.train_on_batch(x_train[idx], y)",
    "copies removed": "df = pd.concat([df, df[df.y == 1]]).drop_duplicates()\ntrain, test = train_test_split(df)",
    "generated": "x = np.concatenate([x, generator.predict(noise)])\n" + TTS,
    "real and fake": "x = np.concatenate([x, np.zeros_like(x)])\n" + TTS,
    "only trained": "x, y = SMOTE().fit_resample(x, y)\nmodel.fit(x, y, epochs=3, validation_data=(x_val, y_val))",
    "file endings": "x = []\nfor e in ('*.jpg', '*.png'):\n    x.extend(list(Path(d).glob(e)))\nx = list(set(x))\n" + TTS,
    "scipy's resample": "x = scipy.signal.resample(x, 100)\n" + TTS,
}  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT)
def test_sound_neighbours_of_copies(name: str, tmp_path: Path) -> None:
    assert said(copied_before_split, f"{WITHOUT[name]}\n", tmp_path) == []


ENDLESS = {
    "halves": "x = load()\n" + "x = x[len(x) // 2 :]\n" * 300 + "x_train = x[:800]\nx_val = x[700:]",
    "joined again and again": "x = load()\n" + "x = np.concatenate([x, f(x)])\n" * 300 + TTS,
    "a list in itself": "x = [1]\nx.append(x)\nx_train = x[:3]\n" + TTS,
    "calls in calls": "x = []\nfor f in fs:\n    i = imread(f)\n" + "    i = i.f(i.g(i))\n" * 200 + "    x.append(i)\n    x.append(h(i))\n" + TTS,
    "many parts": "x = np.concatenate([" + ", ".join(f"x[{i} : {i + 1}]" for i in range(1500)) + "])\n" + TTS,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDLESS)
def test_long_ways_come_to_an_end(name: str, tmp_path: Path) -> None:
    for rule in (slices_overlap, copied_before_split):
        said(rule, f"{ENDLESS[name]}\n", tmp_path)
