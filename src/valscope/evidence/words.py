"""Field words in the languages people post in: what a number is about, when a word says so.

Shapes decide what a line is; these words only name the part or the measure beside a number. A language that
is missing here loses names, never numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache


def word_list(text: str) -> tuple[str, ...]:
    """The words of a text, for tables of words that stay readable."""
    return tuple(text.split())


PARTS: dict[str, tuple[str, ...]] = {
    "train": word_list(
        "train training trn tr trainset trained 训练 訓練 学習 トレーニング 학습 훈련 trainings entrenamiento entrenar "
        "entraînement entrainement apprentissage treino treinamento addestramento обучени "
        "обучающ трен eğitim trening uczący تدريب 培训"
    ),
    "val": word_list(
        "val valid validation validate validated vali vol vall dev eval evaluation evaluate 验证 驗證 検証 "
        "バリデーション 검증 validierung validierungs validación validacion validação validacao validazione "
        "convalida валидаци проверк doğrulama walidacja "
        "walidacji تحقق held-out holdout"
    ),
    "test": word_list(
        "test testing tst tests tested 测试 測試 テスト 테스트 시험 prueba pruebas teste тест тестов тестиров тесте "
        "sınama testowy testowym اختبار"
    ),
}
METRICS: dict[str, tuple[str, ...]] = {
    "loss": word_list(
        "loss losses 损失 损失值 損失 损失函数 ロス 손실 verlust pérdida perdida perte perda perdita потери потеря "
        "kayıp strata خسارة"
    ),
    "accuracy": word_list(
        "acc accuracy accuray acurracy accurracy accu acc1 acc@1 prec@1 top1 top-1 top1_acc 准确率 准确度 正确率 "
        "准确性 精度 準確率 正確率 正解率 精确度 정확도 genauigkeit treffergenauigkeit exactitud precisión précision "
        "exactitude acurácia acuracia precisão accuratezza точность точности doğruluk dokładność دقة"
    ),
    "error_rate": word_list("error err error_rate 错误率 誤差率 fehler fehlerrate erreur"),
    "learning_rate": word_list("lr learning_rate 学习率 lernrate 学習率 학습률"),
}
EPOCH = word_list("epoch epoche epoca época époque epok epoka эпоха эпохи 轮次 轮 エポック 에포크 에폭 devir")
# Words that qualify a measure without changing which measure it is.
QUALIFIERS = frozenset(
    word_list(
        "avg average mean total running epoch final overall set data dataset categorical sparse binary score "
        "cls classification ce cross entropy value current on for of the in global 平均 总 集 集上 的 média medio "
        "moyenne moyen mittlere mittlerer средняя средний на"
    )
)
_SPLIT = re.compile(r"[\s_\-/.:()\[\]|,*@]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINED = {
    word: key for table in (PARTS, METRICS) for key, words in table.items() for word in words
}  # one word, one meaning  # fmt: skip
_PART_OF = {word: part for part, words in PARTS.items() for word in words}
_METRIC_OF = {word: metric for metric, words in METRICS.items() for word in words}
# Words with endings: "точностью" is "точность".
_STEMS = sorted((w for w in _JOINED if not w.isascii() and len(w) >= 6), key=len, reverse=True)
# "trainacc", "volacc", "lossval": two words written as one.
_PART_WORDS = "|".join(w for w in _PART_OF if w.isascii() and w.isalpha())
_METRIC_WORDS = "|".join(w for w in _METRIC_OF if w.isascii() and w.isalpha())
_GLUED = re.compile(f"(?=[a-z]+$)({_PART_WORDS}|{_METRIC_WORDS})({_METRIC_WORDS}|{_PART_WORDS})")
_CUT = re.compile(
    "|".join(sorted((re.escape(w) for w in _JOINED if not w.isascii() or len(w) > 6), key=len, reverse=True))
)


@lru_cache(maxsize=4096)
def meaning(name: str) -> tuple[str | None, str | None, tuple[str, ...]]:
    """(part, measure, other words) of a printed name: "Val Acc" is ("val", "accuracy", ())."""
    part = metric = None
    rest: list[str] = []
    for word in _words(name):
        if word in _METRIC_OF and metric in (None, _METRIC_OF[word]):
            metric = _METRIC_OF[word]
        elif part is None and word in _PART_OF:
            part = _PART_OF[word]
        elif word not in QUALIFIERS:
            rest.append(word)
    return part, metric, tuple(rest)


def _words(name: str) -> list[str]:
    lower = name.strip().lower()
    if lower in _JOINED:
        return [lower]
    out: list[str] = []
    for word in _SPLIT.split(_CAMEL.sub(" ", name.strip()).lower()):
        out.extend(_parts_of_word(word))
    return _pairs_joined(out)


def _parts_of_word(word: str) -> list[str]:
    if not word or word in _JOINED or word in QUALIFIERS:
        return [word] if word else []
    stem = next((known for known in _STEMS if word.startswith(known)), None)
    if stem is not None:
        return [stem]
    glued = _GLUED.fullmatch(word)
    if glued:
        return [glued[1], glued[2]]
    if word.isascii() and len(word) < 7:
        return [word]
    out, end = [], 0
    for found in _CUT.finditer(word):
        out += [word[end : found.start()], found.group()]
        end = found.end()
    return [w for w in [*out, word[end:]] if w]


def _pairs_joined(words: list[str]) -> list[str]:
    """ "acc", "1" and "learning", "rate" are one word each."""
    out: list[str] = []
    for word in words:
        for glue in ("@", "_", "-", ""):
            if out and f"{out[-1]}{glue}{word}" in _JOINED:
                out[-1] = f"{out[-1]}{glue}{word}"
                break
        else:
            out.append(word)
    return out
