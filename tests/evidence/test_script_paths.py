"""How images reach the network: what is done to them for training, validation and prediction."""

from textwrap import dedent

import pytest

from valscope.evidence.script import Fragment, read_fragments, read_script
from valscope.nouns.script import InputPath, ScriptFacts


def read(code: str) -> ScriptFacts:
    return read_script(dedent(code), "train.py")


def path(code: str, use: str = "train") -> InputPath:
    return read(code).paths_for(use)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "scale"),
    [
        ("x = x / 255", "unit"),
        ("x = x / 255.0", "unit"),
        ("x /= 255.", "unit"),
        ("x = x * (1. / 255)", "unit"),
        ("x = x.astype('float32') / 255", "unit"),
        ("x = np.divide(x, 255.)", "unit"),
        ("x = tf.cast(x, tf.float32) / 255.", "unit"),
        ("x = x / 127.5 - 1", "symmetric"),
        ("x = (x - 127.5) / 127.5", "symmetric"),
        ("x = (x.astype(np.float32) - 128) / 128.", "symmetric"),
        ("x = (x / 255. - 0.5) * 2", "symmetric"),
        ("x = x / np.max(x)", "image_max"),
        ("x = x / x.max()", "image_max"),
        ("x = (x - np.mean(x)) / np.std(x)", "samplewise"),
        ("x = x / 255.; x = x / 255.", "other"),
        ("x = keras.applications.vgg16.preprocess_input(x)", "caffe"),
        ("x = tf.keras.applications.inception_v3.preprocess_input(x)", "symmetric"),
        ("x = tf.keras.applications.densenet.preprocess_input(x)", "imagenet"),
        ("x = tf.keras.applications.efficientnet.preprocess_input(x)", "none"),
        ("x = keras.applications.imagenet_utils.preprocess_input(x, mode='tf')", "symmetric"),
        ("x = tf.keras.applications.resnet50.preprocess_input(x) / 255", "other"),
        ("x = x - np.array([123.68, 116.779, 103.939])", "caffe"),
        ("x = (x / 255. - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]", "imagenet"),
        ("x = np.expand_dims(x, 0).reshape((1, 64, 64, 3))", "none"),
        ("x[:, :, 0] -= 103.939; x[:, :, 1] -= 116.779; x[:, :, 2] -= 123.68", "caffe"),
        ("x = tf.image.per_image_standardization(x)", "samplewise"),
        ("x = tf.image.convert_image_dtype(x, tf.float32)", "unit"),
        ("x = unit(x)", "unknown"),
    ],
)
def test_every_way_to_scale_one_image(line: str, scale: str) -> None:
    found = path(
        f"""
        model = load_model('m.h5')
        x = image.img_to_array(image.load_img(name, target_size=(64, 64)))
        {line}
        model.predict(x)
        """,
        "predict",
    )
    assert found.scale == scale
    assert found.traced == (scale != "unknown")


def test_training_and_prediction_that_differ() -> None:
    facts = read("""
        gen = ImageDataGenerator(rescale=1./255, zoom_range=0.1)
        flow = gen.flow_from_directory('data/train', target_size=(90, 120), class_mode='categorical')
        model.fit(flow, epochs=5)
        img = cv2.imread('cat.jpg')
        img = cv2.resize(img, (120, 90))
        print(model.predict(np.array([img])))
    """)
    (trained,) = facts.paths_for("train")
    (asked,) = facts.paths_for("predict")
    assert (trained.scale, asked.scale) == ("unit", "none")
    assert (trained.order, asked.order) == ("rgb", "bgr")
    assert trained.size == asked.size == (90, 120)
    assert (trained.reader, asked.reader) == ("keras", "cv2")
    assert asked.steps[0].name == "cv2.imread" and asked.steps[0].source.line == 5


def test_colour_and_torch_sizes() -> None:
    turned = path(
        "img = cv2.cvtColor(np.array(Image.open(f)), cv2.COLOR_RGB2BGR)\nmodel.predict(img[None])", "predict"
    )
    assert turned.order == "bgr"
    for transform, size in (
        ("Resize(256)", None),
        ("CenterCrop(224)", (224, 224)),
        ("Resize((30, 40))", (30, 40)),
    ):
        code = f"""
            import torch
            net = torchvision.models.resnet18()
            t = transforms.Compose([transforms.{transform}, transforms.ToTensor()])
            out = net.to(device)(t(Image.open(f)), training=True)
        """
        assert path(code, "predict").size == size
        assert read(code).predictions[0].network == 0


def test_opencv_converted_to_rgb() -> None:
    for line in (
        "img = cv2.cvtColor(img, cv2.COLOR_BGR2RGB)",
        "img = img[:, :, ::-1]",
        "img = img[..., ::-1]",
    ):
        found = path(f"img = cv2.imread(f)\n{line}\nmodel.predict(img[None])", "predict")
        assert found.order == "rgb"
    grey = path("img = cv2.imread(f, 0)\nmodel.predict(img.reshape(1, 28, 28, 1))", "predict")
    assert grey.colour == "grey"


def test_the_order_of_height_and_width() -> None:
    code = "img = {}\nmodel.predict(img)"
    assert path(code.format("cv2.resize(cv2.imread(f), (200, 100))"), "predict").size == (100, 200)
    assert path(code.format("Image.open(f).resize((200, 100))"), "predict").size == (100, 200)
    assert path(code.format("load_img(f, target_size=(200, 100))"), "predict").size == (200, 100)
    assert path(code.format("tf.image.resize(tf.io.decode_jpeg(s), [200, 100])"), "predict").size == (
        200,
        100,
    )


def test_resize_kernels() -> None:
    code = "img = {}\nmodel.predict(img)"
    assert path(code.format("load_img(f, target_size=(20, 10))"), "predict").kernel == "nearest"
    assert path(code.format("cv2.resize(cv2.imread(f), (20, 10))"), "predict").kernel == "bilinear"
    area = "cv2.resize(cv2.imread(f), (20, 10), interpolation=cv2.INTER_AREA)"
    assert path(code.format(area), "predict").kernel == "area"
    assert path(code.format("Image.open(f).resize((20, 10), Image.LANCZOS)"), "predict").kernel == "lanczos"


def test_images_collected_in_a_list() -> None:
    found = path("""
        def load(folder):
            images, labels = [], []
            for k, name in enumerate(sorted(os.listdir(folder))):
                for f in glob.glob(os.path.join(folder, name, '*.png')):
                    im = cv2.imread(f)
                    im = cv2.resize(im, (50, 50))
                    images.append(im)
                    labels.append(k)
            return np.array(images), np.array(labels)

        X, y = load('data')
        X = X / 255.0
        x_train, x_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
        model.fit(x_train, y_train, validation_data=(x_test, y_test))
    """)
    assert (found.scale, found.reader, found.order, found.size) == ("unit", "cv2", "bgr", (50, 50))
    assert found.traced


def test_pairs_collected_and_taken_apart() -> None:
    found = path("""
        training_data = []
        def create():
            for c in CATEGORIES:
                for f in os.listdir(os.path.join(DIR, c)):
                    try:
                        arr = cv2.imread(os.path.join(DIR, c, f), cv2.IMREAD_GRAYSCALE)
                        training_data.append([cv2.resize(arr, (70, 70)), CATEGORIES.index(c)])
                    except Exception as e:
                        pass
        create()
        random.shuffle(training_data)
        X, y = [], []
        for features, label in training_data:
            X.append(features)
            y.append(label)
        X = np.array(X).reshape(-1, 70, 70, 1)
        X = X/255.0
        model.fit(X, y, batch_size=32, validation_split=0.3)
    """)
    assert (found.scale, found.colour, found.traced) == ("unit", "grey", True)


def test_the_maximum_of_the_whole_set_is_one_constant() -> None:
    assert path("x_train = x_train / np.max(x_train)\nmodel.fit(x_train, y)").scale == "unit"
    per_image = """
        def prepare(path):
            img = np.asarray(Image.open(path))
            return img / np.max(img)
        X = np.array([prepare(p) for p in paths])
        model.fit(X, y)
    """
    assert path(per_image).scale == "image_max"


def test_known_datasets() -> None:
    facts = read("""
        (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
        x_train = x_train.astype('float32')
        x_train /= 255
        model.fit(x_train, y_train, validation_data=(x_test, y_test))
    """)
    assert facts.paths_for("train")[0].scale == "unit"
    assert facts.paths_for("validation")[0].scale == "none"
    assert facts.paths_for("validation")[0].traced


def test_an_array_from_nowhere_proves_nothing() -> None:
    found = path("model.fit(train_images, train_labels, epochs=2)")
    assert (found.scale, found.traced) == ("unknown", False)
    assert path("train_images = train_images / 255\nmodel.fit(train_images, y)").scale == "unit"


def test_standardised_with_the_training_mean() -> None:
    facts = read("""
        (x_train, y_train), (x_test, y_test) = mnist.load_data()
        mean, std = x_train.mean(), x_train.std()
        x_train = (x_train - mean) / (std + 1e-7)
        model.fit(x_train, y_train, validation_data=(x_test, y_test))
    """)
    assert facts.paths_for("train")[0].scale == "featurewise"
    assert facts.paths_for("validation")[0].scale == "none"


def test_a_tf_data_pipeline() -> None:
    facts = read("""
        def parse(path, label):
            raw = tf.io.read_file(path)
            img = tf.image.decode_jpeg(raw, channels=3)
            img = tf.image.resize(img, [128, 128])
            img = img / 255.0
            return img, label

        ds = tf.data.Dataset.from_tensor_slices((paths, labels))
        train = ds.shuffle(500).map(parse, num_parallel_calls=tf.data.AUTOTUNE).batch(16).repeat()
        model.fit(train, epochs=4, steps_per_epoch=100)
    """)
    found = facts.paths[0]
    assert (found.scale, found.reader, found.size, found.traced) == ("unit", "tf", (128, 128), True)
    feed = facts.feeds[0]
    assert feed.operations[0].value == "500"
    assert [step.name for step in feed.operations] == ["shuffle", "map", "batch", "repeat"]
    assert feed.batch_size and feed.batch_size.value == 16


def test_a_dataset_from_a_folder_with_a_normalisation_layer() -> None:
    facts = read("""
        train_ds = tf.keras.utils.image_dataset_from_directory(
            data_dir, validation_split=0.2, subset="training", seed=123, image_size=(180, 180), batch_size=32)
        val_ds = tf.keras.utils.image_dataset_from_directory(
            data_dir, validation_split=0.2, subset="validation", seed=123, image_size=(180, 180))
        scale = tf.keras.layers.Rescaling(1./255)
        train_ds = train_ds.map(lambda x, y: (scale(x), y))
        train_ds = train_ds.cache().shuffle(1000).prefetch(buffer_size=AUTOTUNE)
        model.fit(train_ds, validation_data=val_ds, epochs=10)
    """)
    assert facts.paths_for("train")[0].scale == "unit"
    assert facts.paths_for("validation")[0].scale == "none"
    train, val = facts.feeds
    assert train.kind == val.kind == "image_dataset_from_directory"
    assert train.subset and train.subset.value == "training" and val.seed and val.seed.value == 123
    assert [step.name for step in train.operations] == ["map", "cache", "shuffle", "prefetch"]
    assert val.shuffled is True and (val.use, train.use) == ("validation", "train")


def test_generators_with_a_preprocessing_function() -> None:
    code = """
        from keras.applications.resnet50 import preprocess_input
        g = ImageDataGenerator(preprocessing_function={}{})
        model.fit_generator(g.flow_from_directory('t', (224, 224)), steps_per_epoch=10)
    """
    assert path(code.format("preprocess_input", "")).scale == "caffe"
    assert path(code.format("lambda x: x / 127.5 - 1", "")).scale == "symmetric"
    assert path(code.format("preprocess_input", ", rescale=1./255")).scale == "other"
    assert path(code.format("mystery", "")).scale == "unknown"


def test_generators_from_arrays() -> None:
    facts = read("""
        datagen = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True, horizontal_flip=True)
        datagen.fit(x_train)
        model.fit(datagen.flow(x_train, y_train, batch_size=64), validation_data=(x_val, y_val))
    """)
    assert len(facts.fits) == 1
    assert facts.paths_for("train")[0].scale == "featurewise"
    assert facts.paths_for("validation")[0].scale == "unknown"
    assert [step.name for step in facts.feeds[0].augmentation] == ["horizontal_flip"]


def test_a_generator_function() -> None:
    facts = read("""
        def batches(files, labels, size):
            while True:
                picked = np.random.choice(len(files), size)
                xs = []
                for i in picked:
                    xs.append(np.array(load_img(files[i], target_size=(80, 80))) / 255.)
                yield np.array(xs), labels[picked]
        model.fit_generator(batches(tr, ytr, 32), steps_per_epoch=50, validation_data=batches(va, yva, 32))
    """)
    assert facts.paths_for("train")[0].scale == "unit"
    assert facts.feeds[0].kind == "generator"
    sequence = facts.sequences[0]
    assert (
        sequence.name == "batches"
        and sequence.with_replacement
        and sequence.with_replacement.source.line == 4
    )


def test_a_web_service() -> None:
    facts = read("""
        app = Flask(__name__)
        model = load_model('best.h5')

        def prepare(img):
            img = img.convert('RGB').resize((299, 299))
            x = np.asarray(img, dtype=np.float32)
            return np.expand_dims(x, 0)

        @app.route('/predict', methods=['POST'])
        def predict():
            img = Image.open(request.files['file'])
            scores = model.predict(prepare(img))[0]
            return jsonify(label=LABELS[int(np.argmax(scores))])
    """)
    (asked,) = facts.paths
    assert (asked.scale, asked.reader, asked.size, asked.traced) == ("none", "PIL", (299, 299), True)
    assert facts.decisions[0].kind == "argmax"


def test_teachable_machine_style() -> None:
    found = path(
        """
        model = load_model("keras_model.h5", compile=False)
        data = np.ndarray(shape=(1, 224, 224, 3), dtype=np.float32)
        image = Image.open("x.jpg").convert("RGB")
        image = ImageOps.fit(image, (224, 224), Image.Resampling.LANCZOS)
        image_array = np.asarray(image)
        data[0] = (image_array.astype(np.float32) / 127.5) - 1
        prediction = model.predict(data)
        """,
        "predict",
    )
    assert (found.scale, found.traced) == ("symmetric", True)


def test_training_and_prediction_in_two_files() -> None:
    train = Fragment(
        "model = Sequential([Dense(2)])\nmodel.fit(a / 255., b)\nmodel.save('out/best.h5')", "train.py"
    )
    serve = Fragment("m = load_model('best.h5')\nm.predict(img_to_array(load_img(p))[None])", "serve.py")
    facts = read_fragments([train, serve])
    assert [p.network for p in facts.paths] == [0, 0]
    assert facts.paths[1].source.file == "serve.py"


def test_features_of_another_network_are_not_pixels() -> None:
    facts = read("""
        vgg = VGG16(include_top=False)
        features = vgg.predict(images / 255.)
        head = Sequential([Flatten(), Dense(3, activation='softmax')])
        head.fit(features, y, epochs=3)
    """)
    (trained,) = facts.paths_for("train")
    assert trained.reader == "features" and not trained.traced


def test_random_transform_and_standardize() -> None:
    found = path("""
        g = ImageDataGenerator(rescale=1/255., rotation_range=20)
        x = g.standardize(g.random_transform(img_to_array(load_img(f))))
        model.train_on_batch(x[None], y)
    """)
    assert found.scale == "unit" and any(step.kind == "augment" for step in found.steps)


def test_skimage_resizing_scales_too() -> None:
    code = "x = skimage.transform.resize(skimage.io.imread(f), (32, 32){})\nmodel.predict(x[None])"
    assert path(code.format(""), "predict").scale == "unit"
    assert path(code.format(", preserve_range=True"), "predict").scale == "none"


def test_matplotlib_reads_png_as_unit_and_jpeg_as_bytes() -> None:
    found = path("x = plt.imread(f)\nmodel.predict(x[None])", "predict")
    assert found.reader == "matplotlib" and found.scale == "unknown" and not found.traced


@pytest.mark.parametrize(
    "loop", ["for im in images:\n    im /= 255", "for i in range(n):\n    images[i] = images[i] / 255"]
)
def test_images_scaled_in_place_one_by_one(loop: str) -> None:
    code = (
        "images = np.array([cv2.imread(f) for f in files], dtype='float32')\n"
        + loop
        + "\nmodel.fit(images, y)"
    )
    assert path(code).scale == "unit"


def test_every_module_and_backbone_has_the_scale_that_training_knows() -> None:
    """The reader's own table exists only so that reading text needs no NumPy."""
    from valscope.data.pixels.scale import FAMILIES
    from valscope.evidence.kinds import backbone
    from valscope.evidence.script.way.families import expected_scale

    for name, (scale, _) in FAMILIES.items():
        known = backbone(name)
        assert known is not None and expected_scale(known) == scale, name


def test_reading_sound_code_is_light() -> None:
    """No tokeniser, no arrays, no backend: the first answer comes in a blink."""
    import subprocess
    import sys

    code = (
        "import sys; from valscope.evidence.script import read_script; read_script('model.fit(x / 255, y)');"
        "print([m for m in ('numpy', 'parso', 'h5py', 'PIL', 'keras', 'tensorflow') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
