"""Scale and channel order on one way of images into the network, in the user's code."""

from __future__ import annotations

from valscope.report.patch.asked import Asked
from valscope.report.patch.code import Statement, Token, closing
from valscope.report.patch.edit import Edit
from valscope.report.patch.values import imports, is_plain, keras_module, line_after, line_before, source_of

# Backbones by the module of keras.applications that has their preprocess_input.
FAMILIES = {
    "ResNet50V2": "resnet_v2", "ResNet101V2": "resnet_v2", "ResNet152V2": "resnet_v2", "ResNet50": "resnet50",
    "ResNet101": "resnet", "ResNet152": "resnet", "VGG16": "vgg16", "VGG19": "vgg19", "MobileNet": "mobilenet",
    "MobileNetV2": "mobilenet_v2", "InceptionV3": "inception_v3", "InceptionResNetV2": "inception_resnet_v2",
    "Xception": "xception", "DenseNet121": "densenet", "DenseNet169": "densenet", "DenseNet201": "densenet",
    "NASNetMobile": "nasnet", "NASNetLarge": "nasnet",
}  # fmt: skip
EXPECTS = {
    "resnet50": "caffe", "resnet": "caffe", "vgg16": "caffe", "vgg19": "caffe", "densenet": "imagenet",
}  # fmt: skip
FORMULAS = {"unit": "{x} / 255.0", "symmetric": "{x} / 127.5 - 1.0", "centred": "({x} - 127.0) / 128.0"}
REACH = 12  # statements after a line within which the image that it reads is given to the network


def scale(asked: Asked) -> list[Edit]:
    """A generator's `rescale=`, a division on the line, or a line more on a way that does not scale."""
    return _generator(asked) or _division(asked) or (_new_line(asked) if asked.before == "None" else [])


def _generator(asked: Asked) -> list[Edit]:
    argument = asked.keyword("rescale")
    if argument is not None:
        if asked.after == "None":
            return asked.dropped("rescale")
        if asked.after == "unit":
            return [Edit(argument.value_start, argument.end, "1.0 / 255")]
        family = _family(asked)
        if family is None:
            return []
        new = Edit(argument.start, argument.end, "preprocessing_function=preprocess_input")
        return [*_import(asked, family), new]
    return []


def _division(asked: Asked) -> list[Edit]:
    """`img / np.max(img)`, `x / 255.` or `x /= 255`: the divisor, or the whole expression, changes."""
    found = _divided(asked.statement)
    if found is None:
        return []
    first, sign, end = found
    left = source_of(asked.code, (first, sign)).removesuffix(sign.text).strip()
    new, more = _scaled(asked, left)
    if new is None:
        return []
    if sign.text == "/=":
        return [*more, Edit(first.start, end, f"{left} = {new}")] if new != left else []
    return [*more, Edit(first.start, end, new)]


def _divided(statement: Statement) -> tuple[Token, Token, int] | None:
    """(first token of the image, the sign, end of the divisor) of the only division of a name in a statement."""
    tokens = statement.tokens
    signs = [i for i, t in enumerate(tokens) if t.text in ("/", "/=")]
    if len(signs) != 1 or signs[0] == 0 or signs[0] + 1 >= len(tokens):
        return None
    at = signs[0]
    first = at - 1
    while first >= 2 and tokens[first - 1].text == "." and tokens[first - 2].kind == "name":
        first -= 2
    before = tokens[first - 1].text if first else "="
    if not is_plain(tokens[first:at]) or before not in ("=", "return", "(", ","):
        return None
    end = _divisor(statement, at + 1)
    return None if end is None else (tokens[first], tokens[at], end)


def _divisor(statement: Statement, at: int) -> int | None:
    """End of a number, or of `name.max(...)`; nothing may follow that would belong to the expression."""
    tokens, end = statement.tokens, at
    if tokens[at].kind == "name":
        while end + 2 < len(tokens) and tokens[end + 1].text == "." and tokens[end + 2].kind == "name":
            end += 2
        if end + 1 < len(tokens) and tokens[end + 1].text == "(":
            closes = closing(tokens, end + 1)
            if closes is None:
                return None
            end = closes
    elif tokens[at].kind != "number":
        return None
    follows = tokens[end + 1].text if end + 1 < len(tokens) else ""
    return tokens[end].end if follows in ("", ")", ",", "]", ";") else None


def _scaled(asked: Asked, x: str) -> tuple[str | None, list[Edit]]:
    """The scaled image as an expression, with the import that it needs."""
    if asked.after == "None":
        return x, []
    if asked.after in FORMULAS:
        return FORMULAS[asked.after].format(x=x), []
    family = _family(asked)
    if family is None:
        return None, []
    return f"preprocess_input({x})", _import(asked, family)


def _new_line(asked: Asked) -> list[Edit]:
    """After `x = img_to_array(...)`, or before the network is asked for `x`."""
    for statement in _following(asked):
        calls = asked.code.calls(statement)
        if statement.target and any(c.last in ("img_to_array", "imread") for c in calls):
            return _line(asked, statement, statement.target, after=True)
        predicts = [
            c for c in calls if c.last in ("predict", "predict_on_batch", "predict_classes") and c.positional
        ]
        if (
            predicts
            and len(predicts[0].positional[0].tokens) == 1
            and is_plain(predicts[0].positional[0].tokens)
        ):
            return _line(asked, statement, predicts[0].positional[0].tokens[0].text, after=False)
    return []


def _following(asked: Asked) -> list[Statement]:
    """The statement of the line and those after it, as long as they stand in the same block."""
    found: list[Statement] = []
    indent = asked.code.indent(asked.statement.start)
    later = [s for s in asked.code.statements if s.start >= asked.statement.start]
    for statement in later[:REACH]:
        if asked.code.indent(statement.start) != indent:
            break
        found.append(statement)
    return found


def _line(asked: Asked, statement: Statement, name: str, after: bool) -> list[Edit]:
    new, more = _scaled(asked, name)
    if new is None:
        return []
    made = (line_after if after else line_before)(asked.code, statement, f"{name} = {new}")
    return [] if made is None else [*more, made]


def _family(asked: Asked) -> str | None:
    """The only backbone of the file whose published weights expect that scale."""
    names = {t.text for t in asked.code.tokens if t.kind == "name"} & set(FAMILIES)
    families = {FAMILIES[name] for name in names}
    family = families.pop() if len(families) == 1 else None
    return family if family is not None and EXPECTS.get(family, "symmetric") == asked.after else None


def _import(asked: Asked, family: str) -> list[Edit]:
    return imports(asked.code, f"{keras_module(asked.code)}.applications.{family}", "preprocess_input")


def channels(asked: Asked) -> list[Edit]:
    """A line after `img = cv2.imread(...)` that turns the channels round."""
    name = asked.statement.target
    if not name or not any(c.name == "cv2.imread" for c in asked.calls) or asked.after != "rgb":
        return []
    made = line_after(asked.code, asked.statement, f"{name} = cv2.cvtColor({name}, cv2.COLOR_BGR2RGB)")
    return [] if made is None else [made]
