"""Networks as people write them, and what is read from each."""

from textwrap import dedent

from valscope.evidence.script import read_script
from valscope.nouns.script import ScriptFacts


def read(code: str) -> ScriptFacts:
    return read_script(dedent(code), "train.py")


def kinds(code: str) -> list[str]:
    return [layer.kind for layer in read(code).networks[0].layers]


def test_sequential_by_add() -> None:
    facts = read("""
        from keras.models import Sequential
        from keras.layers import Dense, Conv2D, MaxPooling2D, Flatten, Dropout
        net = Sequential()
        net.add(Conv2D(16, 5, strides=2, padding="same", activation="relu", input_shape=(60, 80, 1)))
        net.add(MaxPooling2D())
        net.add(Flatten())
        net.add(Dropout(0.4))
        net.add(Dense(7, activation="softmax"))
    """)
    network = facts.networks[0]
    conv, pool, _, drop, dense = network.layers
    assert network.name == "net" and network.whole and network.input_shape == (60, 80, 1)
    assert (conv.filters, conv.kernel, conv.strides, conv.padding) == (16, (5, 5), (2, 2), "same")
    assert pool.pool is None and drop.rate == 0.4
    assert (dense.units, dense.activation) == (7, "softmax")
    assert dense.source is not None and dense.source.line == 9


def test_sequential_from_a_list() -> None:
    assert kinds("""
        model = tf.keras.Sequential([
            tf.keras.layers.Rescaling(1./255, input_shape=(180, 180, 3)),
            tf.keras.layers.Conv2D(16, 3, activation='relu'),
            tf.keras.layers.MaxPooling2D(),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(5)])
    """) == ["Rescaling", "Conv2D", "MaxPooling2D", "Flatten", "Dense"]


def test_functional() -> None:
    facts = read("""
        inp = Input(shape=(32, 32, 3))
        x = Conv2D(8, (3, 3), padding='same')(inp)
        x = BatchNormalization()(x)
        x = Activation('relu')(x)
        short = x
        x = Conv2D(8, (3, 3), padding='same')(x)
        x = Add()([x, short])
        x = GlobalAveragePooling2D()(x)
        out = Dense(4, activation='softmax')(x)
        model = Model(inputs=inp, outputs=out)
    """)
    network = facts.networks[0]
    assert [layer.kind for layer in network.layers] == [
        "InputLayer", "Conv2D", "BatchNormalization", "Activation", "Conv2D", "Add", "GlobalAveragePooling2D", "Dense",
    ]  # fmt: skip
    assert network.layers[5].inputs == ("#4", "#3")
    assert network.input_shape == (32, 32, 3) and network.whole


def test_units_from_constants_and_lengths() -> None:
    facts = read("""
        CLASSES = ['ash', 'beech', 'oak']
        width = 2 ** 5
        num_classes = len(CLASSES)
        model = Sequential()
        model.add(Conv2D(width * 2, (3, 3), input_shape=(64, 64, 3)))
        model.add(Flatten())
        model.add(Dense(num_classes, activation='softmax'))
    """)
    conv, _, dense = facts.networks[0].layers
    assert (conv.filters, dense.units) == (64, 3)


def test_units_that_are_not_literal_keep_their_text() -> None:
    facts = read("""
        model = Sequential()
        model.add(Dense(len(label_names), activation='softmax', input_dim=100))
    """)
    dense = facts.networks[0].layers[0]
    assert dense.units is None and dense.width == "len(label_names)" and dense.input_shape == (100,)


def test_a_loop_over_a_literal_is_unrolled() -> None:
    facts = read("""
        model = Sequential([Input((96, 96, 3))])
        for n in [8, 16, 32]:
            model.add(Conv2D(n, 3, activation="relu"))
            model.add(MaxPooling2D(2))
        model.add(Flatten())
        model.add(Dense(1, activation="sigmoid"))
    """)
    network = facts.networks[0]
    assert [layer.filters for layer in network.layers if layer.kind == "Conv2D"] == [8, 16, 32]
    assert network.whole


def test_a_loop_of_unknown_length_is_admitted() -> None:
    facts = read("""
        model = Sequential()
        for i in range(depth):
            model.add(Dense(32, activation="relu"))
        model.add(Dense(2, activation="softmax"))
    """)
    assert not facts.networks[0].whole


def test_a_builder_function_with_arguments() -> None:
    facts = read("""
        def build(height, width, n, drop=0.25):
            m = Sequential()
            m.add(Conv2D(32, (3, 3), input_shape=(height, width, 3), activation='relu'))
            m.add(Dropout(drop))
            m.add(Flatten())
            m.add(Dense(n, activation='softmax'))
            m.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
            return m

        clf = build(48, 64, n=6)
        clf.fit(x, y, epochs=3)
    """)
    network = facts.networks[0]
    assert network.input_shape == (48, 64, 3)
    assert network.layers[1].rate == 0.25 and network.layers[-1].units == 6
    assert facts.compiles[0].network == 0 and facts.fits[0].network == 0


def test_a_builder_that_is_never_called_is_read_all_the_same() -> None:
    facts = read("""
        def make_model(n_out=4):
            model = Sequential()
            model.add(Flatten(input_shape=(28, 28)))
            model.add(Dense(n_out, activation='softmax'))
            return model
    """)
    assert facts.networks[0].layers[-1].units == 4


def test_a_class_with_methods() -> None:
    facts = read("""
        class Classifier:
            def __init__(self, size, n):
                self.size = size
                self.n = n
                self.model = None

            def build(self):
                self.model = Sequential()
                self.model.add(Conv2D(24, (3, 3), input_shape=(self.size, self.size, 3)))
                self.model.add(Flatten())
                self.model.add(Dense(self.n, activation='softmax'))
                self.model.compile(loss='categorical_crossentropy', optimizer='sgd')

            def train(self, x, y):
                self.model.fit(x, y, batch_size=16, epochs=9, validation_split=0.1)

        c = Classifier(50, 12)
        c.build()
        c.train(images, labels)
    """)
    assert facts.networks[0].input_shape == (50, 50, 3)
    assert facts.networks[0].layers[-1].units == 12
    fit = facts.fits[0]
    assert fit.network == 0 and fit.batch_size and fit.batch_size.value.value == 16


def test_a_subclassed_model() -> None:
    facts = read("""
        class Net(tf.keras.Model):
            def __init__(self):
                super().__init__()
                self.c = layers.Conv2D(12, 3, activation='relu')
                self.f = layers.Flatten()
                self.d = layers.Dense(10)
            def call(self, x):
                x = self.c(x)
                x = self.f(x)
                return self.d(x)
        model = Net()
        model.compile(optimizer='adam', loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    """)
    assert [layer.kind for layer in facts.networks[0].layers] == ["Conv2D", "Flatten", "Dense"]
    compiled = facts.compiles[0]
    assert (
        compiled.network == 0 and compiled.loss and compiled.loss.value == "sparse_categorical_crossentropy"
    )
    assert compiled.from_logits and compiled.from_logits.value is True


def test_a_backbone_with_a_head_by_add() -> None:
    facts = read("""
        base = MobileNetV2(include_top=False, weights='imagenet', input_shape=(160, 160, 3), pooling='avg')
        base.trainable = False
        model = Sequential()
        model.add(base)
        model.add(Dense(6, activation='softmax'))
    """)
    assert [layer.kind for layer in facts.networks[0].layers] == ["MobileNetV2", "Dense"]
    assert facts.networks[0].input_shape == (160, 160, 3)
    backbone = facts.backbones[0]
    assert backbone.expects == "symmetric" and backbone.network == 0
    assert backbone.pooling and backbone.pooling.value == "avg"
    freeze = facts.freezes[0]
    assert (freeze.value, freeze.of, freeze.target, freeze.slice) == (False, "backbone", "MobileNetV2", "")


def test_a_backbone_called_as_a_layer() -> None:
    facts = read("""
        base = tf.keras.applications.EfficientNetB0(include_top=False, weights="imagenet")
        inputs = tf.keras.Input((224, 224, 3))
        x = base(inputs, training=False)
        x = tf.keras.layers.GlobalAveragePooling2D()(x)
        outputs = tf.keras.layers.Dense(3, activation="softmax")(x)
        model = tf.keras.Model(inputs, outputs)
    """)
    assert [x.kind for x in facts.networks[0].layers] == [
        "InputLayer", "EfficientNetB0", "GlobalAveragePooling2D", "Dense",
    ]  # fmt: skip
    assert facts.networks[0].layers[1].training is False
    assert facts.backbones[0].training and facts.backbones[0].training.value is False
    assert facts.backbones[0].expects == "none"


def test_a_backbone_through_its_output() -> None:
    facts = read("""
        from keras.applications.vgg16 import VGG16
        vgg = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
        for layer in vgg.layers[:-4]:
            layer.trainable = False
        x = Flatten()(vgg.output)
        x = Dense(256, activation='relu')(x)
        pred = Dense(8, activation='softmax')(x)
        model = Model(input=vgg.input, output=pred)
    """)
    assert [x.kind for x in facts.networks[0].layers] == ["VGG16", "Flatten", "Dense", "Dense"]
    freeze = facts.freezes[0]
    assert (freeze.of, freeze.slice, freeze.network) == ("backbone", "[:-4]", 0)


def test_freezing_by_number_and_by_kind() -> None:
    facts = read("""
        base = InceptionV3(weights='imagenet', include_top=False)
        model = Model(inputs=base.input, outputs=Dense(2)(GlobalAveragePooling2D()(base.output)))
        for i, layer in enumerate(base.layers):
            if i < 200:
                layer.trainable = False
        for layer in model.layers:
            if isinstance(layer, BatchNormalization):
                layer.trainable = True
    """)
    first, second = facts.freezes
    assert (first.of, first.target, first.slice) == ("backbone", "InceptionV3", "[:200]")
    assert second.of == "model" and second.slice == "where isinstance(layer, BatchNormalization)"


def test_freezing_under_a_flag_that_changes_on_the_way() -> None:
    facts = read("""
        vgg = VGG16(include_top=False)
        thaw = False
        for layer in vgg.layers:
            if layer.name == 'block5_conv1':
                thaw = True
            if thaw:
                layer.trainable = True
            else:
                layer.trainable = False
    """)
    assert [(f.value, f.slice) for f in facts.freezes] == [(True, "where thaw"), (False, "where not thaw")]


def test_freezing_under_a_condition_that_is_not_about_layers() -> None:
    facts = read("""
        base = ResNet50(include_top=False)
        if args.freeze:
            for layer in base.layers:
                layer.trainable = False
        base.requires_grad_(True)
        base.requires_grad_(False)
    """)
    assert [(f.value, f.slice) for f in facts.freezes] == [(False, ""), (True, ""), (False, "")]


def test_freezing_after_compile() -> None:
    late = """
        base = VGG19(include_top=False)
        model = Sequential([base, Flatten(), Dense(2)])
        model.compile('adam', 'mse')
        base.trainable = False
    """
    assert read(late).freezes[0].after_compile
    again = late + "        model.compile('adam', 'mse')\n"
    assert not read(again).freezes[0].after_compile


def test_popping_layers_changes_nothing_and_is_told() -> None:
    facts = read("""
        model = ResNet50(weights='imagenet')
        model.layers.pop()
        out = Dense(5, activation='softmax')(model.layers[-1].output)
        model = Model(model.input, out)
    """)
    assert [source.line for source in facts.pops] == [3]
    assert not facts.networks[0].whole


def test_scaling_inside_a_network() -> None:
    facts = read("""
        inputs = keras.Input(shape=(150, 150, 3))
        x = data_augmentation(inputs)
        x = keras.layers.Rescaling(scale=1 / 127.5, offset=-1)(x)
        x = base_model(x, training=False)
        model = keras.Model(inputs, keras.layers.Dense(1)(x))
        model.fit(train_ds, epochs=2)
    """)
    assert facts.paths[0].inside == "symmetric"


def test_preprocess_input_inside_a_network() -> None:
    facts = read("""
        preprocess = tf.keras.applications.mobilenet_v2.preprocess_input
        augment = tf.keras.Sequential([tf.keras.layers.RandomFlip('horizontal')])
        base = tf.keras.applications.MobileNetV2(include_top=False, input_shape=(160, 160, 3))
        inputs = tf.keras.Input(shape=(160, 160, 3))
        x = augment(inputs)
        x = preprocess(x)
        x = base(x, training=False)
        x = tf.keras.layers.GlobalAveragePooling2D()(x)
        model = tf.keras.Model(inputs, tf.keras.layers.Dense(1)(x))
        model.fit(ds)
    """)
    assert facts.paths[0].inside == "symmetric"
    assert [x.kind for x in facts.networks[0].layers][:4] == [
        "InputLayer",
        "Sequential",
        "Operation",
        "MobileNetV2",
    ]


def test_two_networks_in_one_text() -> None:
    facts = read("""
        model = Sequential()
        model.add(Dense(4, input_shape=(10,)))
        model = Sequential()
        model.add(Dense(8, input_shape=(10,)))
        model.add(Dense(2))
    """)
    assert [len(network.layers) for network in facts.networks] == [1, 2]


def test_keras_1() -> None:
    facts = read("""
        model.add(Convolution2D(32, 3, 5, border_mode='same', input_shape=(1, 28, 28)))
        model.add(MaxPooling2D(pool_size=(2, 2), dim_ordering="th"))
        model.add(Dense(output_dim=128, activation='relu'))
        model.fit(X, Y, nb_epoch=20, batch_size=64)
    """)
    conv, _, dense = facts.networks[0].layers
    assert (conv.kind, conv.filters, conv.kernel, conv.padding) == ("Conv2D", 32, (3, 5), "same")
    assert dense.units == 128 and not facts.networks[0].whole
    assert facts.fits[0].epochs and facts.fits[0].epochs.value.value == 20


def test_nested_sequentials_and_hub_layers() -> None:
    facts = read("""
        augment = keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)])
        model = keras.Sequential([
            augment,
            hub.KerasLayer(url, trainable=False),
            keras.layers.Dense(3),
        ])
        model.compile("adam", "mse")
    """)
    assert len(facts.networks) == 1
    first, hub_layer, _ = facts.networks[0].layers
    assert [inner.kind for inner in first.layers] == ["RandomFlip", "RandomRotation"]
    assert hub_layer.kind == "KerasLayer"


def test_channels_first_branch_is_not_taken() -> None:
    facts = read("""
        if K.image_data_format() == 'channels_first':
            input_shape = (3, 150, 100)
        else:
            input_shape = (150, 100, 3)
        model = Sequential()
        model.add(Conv2D(32, (3, 3), input_shape=input_shape))
    """)
    assert facts.networks[0].input_shape == (150, 100, 3)


def test_advanced_activations_and_aliases() -> None:
    facts = read("""
        model = Sequential([
            SeparableConv2D(32, 3), LeakyReLU(0.1), MaxPool2D(pool_size=3, strides=2), AvgPool2D(),
            DepthwiseConv2D(3, padding='same'), GlobalAvgPool2D(), Dense(10, activation=tf.nn.softmax),
        ])
    """)
    assert [x.kind for x in facts.networks[0].layers] == [
        "SeparableConv2D", "LeakyReLU", "MaxPooling2D", "AveragePooling2D", "DepthwiseConv2D",
        "GlobalAveragePooling2D", "Dense",
    ]  # fmt: skip
    assert facts.networks[0].layers[-1].activation == "softmax"
