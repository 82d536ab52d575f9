"""Words for images and classes in the languages people post in, and how to find words in a sentence."""

from __future__ import annotations

import re
from functools import lru_cache

from valscope.evidence.words import word_list
from valscope.nouns.stated import Part

PART_NAMES: tuple[Part, ...] = ("train", "val", "test")
ITEMS = word_list(
    "image images img imgs picture pictures photo photos sample samples item items example examples file files "
    "instance instances 张 张图 图像 图片 图 枚 画像 样本 个项目 项目 장 이미지 사진 샘플 bild bilder bildern fotos foto "
    "beispiele imagen imágenes imagenes muestras imagens amostras immagini campioni изображений изображения "
    "изображение картинок картинки фото образцов примеров görüntü resim obraz obrazów zdjęć صورة صور"
)
CLASSES = word_list(
    "class classes category categories label 类 类别 個類別 類 类的 クラス 클래스 klasse klassen clase clases classe "
    "klasa klasy класс классов класса классы sınıf sınıfı kategorie kategorien categoría categorías فئة"
)
PREDICTIONS = word_list(
    "predict predicted predictions vorhersage vorhergesagt prédiction prédit prediction predicción predicciones predicho "
    "previsão predição predizione previsione предсказание предсказания предсказано предсказ tahmin przewidywanie "
    "przewidziano 预测 預測 予測 예측 تنبؤ"
)
# Letters from which a word is long enough to be told within another one.
_LONG = 6


@lru_cache(maxsize=32)
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words. Long words may be a part of a compound or have an ending: "Trainingsbilder"."""
    ordered = sorted(words, key=len, reverse=True)
    exact = "|".join(re.escape(w) for w in ordered if _spaced(w) and len(w) < _LONG)
    long = "|".join(re.escape(w) for w in ordered if _spaced(w) and len(w) >= _LONG)
    other = "|".join(re.escape(w) for w in ordered if not _spaced(w))
    parts = [rf"(?<![^\W\d_])(?:{exact})(?![^\W\d_])"] if exact else []
    parts += [rf"(?<![^\W\d_])(?:{long})", rf"(?:{long})(?![^\W\d_])"] if long else []
    return re.compile("|".join([*parts, *([other] if other else [])]), re.IGNORECASE)


def _spaced(word: str) -> bool:
    """Whether the word's script parts words by spaces."""
    return all(c < "\u0e00" for c in word)
