"""Bytes of any origin become numbered lines; a log that is rewritten in place keeps its last states."""

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valscope.errors import InputError
from valscope.evidence.text import Line, plain, read_lines, text_lines

SENTENCES = {
    "gb18030": "训练精度很高,但验证精度一直停在百分之四十。类别零有两千张图像。",
    "cp932": "訓練データの正解率は高いのに、検証データでは低いままです。画像は二千枚あります。",
    "euc_jp": "学習曲線を見るかぎり、モデルはいつも同じクラスを答えているようです。",
    "cp949": "학습 정확도는 높은데 검증 정확도가 낮습니다. 이미지는 이천 장입니다.",
    "big5": "訓練準確率很高,但是驗證準確率一直很低,請問是什麼原因?",
    "cp1251": "На обучении точность высокая, а на проверке сеть всегда отвечает одним классом.",
    "cp1252": "Die Genauigkeit auf den Trainingsbildern ist hoch – für Klasse „rechts“ größer als erwartet.",
    "latin-1": "La précision d'entraînement est élevée, mais le réseau répond toujours la même classe.",
    "utf-8": "Точность, 精度, précision: all in one",
}


def texts(data: bytes) -> list[str]:
    return [line.text for line in read_lines(io.BytesIO(data), "post.txt")]


@pytest.mark.parametrize("encoding", SENTENCES)
def test_national_encodings(encoding: str) -> None:
    sentence = SENTENCES[encoding]
    assert texts(f"{sentence}\nEpoch 1/2\n".encode(encoding)) == [sentence, "Epoch 1/2", ""]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_with_and_without_a_mark(encoding: str) -> None:
    assert texts("Epoch 1/2 训练\nloss: 0.5\n".encode(encoding)) == ["Epoch 1/2 训练", "loss: 0.5", ""]


def test_lines_in_two_encodings() -> None:
    data = "训练集有三千张图像\n".encode() + "类别零有两千张图像,类别一有一千张图像\n".encode("gb18030")
    assert texts(data)[:2] == ["训练集有三千张图像", "类别零有两千张图像,类别一有一千张图像"]


def test_utf8_among_an_encoding_that_takes_any_byte() -> None:
    data = "Die Genauigkeit fällt für Klasse 0\n".encode() + "Größe und Höhe wären 64 Bildpunkte\n".encode(
        "cp1252"
    )
    assert texts(data)[:2] == ["Die Genauigkeit fällt für Klasse 0", "Größe und Höhe wären 64 Bildpunkte"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image"),
        (b"PK\x03\x04" + bytes(100), "a zip archive"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "an HDF5 file"),
        (bytes(range(1, 32)) * 40, "control characters"),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=f"post.txt is .*{what}"):
        texts(data)


def test_zero_bytes_of_a_crashed_write_are_dropped() -> None:
    assert texts(b"Epoch 1/2\n" + bytes(50) + b"loss: 0.5\n") == ["Epoch 1/2", "loss: 0.5", ""]


def test_windows_and_old_mac_line_ends() -> None:
    assert texts(b"a\r\nb\r\n") == ["a", "b", ""]
    assert list(read_lines(io.BytesIO(b"a\rb\rc"))) == [Line(1, "a"), Line(2, "b"), Line(3, "c")]


def test_colours_go_even_when_a_copy_lost_the_escape_character() -> None:
    assert texts(b"\x1b[1m60/60\x1b[0m \x1b[32mok\x1b[0m\x1b[K\n")[0] == "60/60 ok"
    assert [t for _, t in text_lines("[1m60/60[0m [32m━━[0m")] == ["60/60 ━━"]


@pytest.mark.parametrize("rewind", ["\r", "\b" * 40 + "\r", "\b" * 40])
def test_only_the_last_state_of_a_progress_bar_counts(rewind: str) -> None:
    states = [f"{at}/60 [==>...] - ETA: 1s - loss: 0.{at}" for at in (1, 20, 59)] + [
        "60/60 [====] - 5s - loss: 0.41"
    ]
    assert texts(("Epoch 1/2\n" + rewind.join(states) + "\n").encode()) == ["Epoch 1/2", states[-1], ""]


def test_what_a_return_overwrites_and_is_no_bar_is_kept() -> None:
    assert texts(b"Epoch 1/2\r60/60 [====] - loss: 0.4\rEpoch 2/2\n")[:3] == [
        "Epoch 1/2", "60/60 [====] - loss: 0.4", "Epoch 2/2",
    ]  # fmt: skip


def test_typewriter_characters() -> None:
    assert plain("ａｃｃ：０．９５％\u00a0“x”\u200b ‘y’ −1 ٣") == "acc:0.95% \"x\" 'y' -1 3"


class Endless(io.RawIOBase):
    """Says how much was asked for before the first line came."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.given = pieces, 0

    def read(self, size: int = -1, /) -> bytes:
        piece = next(self.pieces, b"")
        self.given += len(piece)
        return piece


def test_lines_come_before_the_text_has_ended() -> None:
    stream = Endless(b"loss: 0.5\n" * 1000 for _ in range(10_000))
    lines = read_lines(stream)
    assert next(lines).text == "loss: 0.5"
    assert stream.given < 100_000


def test_a_line_without_end_is_cut_and_not_gathered() -> None:
    lengths = [len(t) for _, t in read_lines(io.BytesIO(b"x" * 9_000_000))]
    assert sum(lengths) == 9_000_000
    assert max(lengths) < 5_000_000


@given(
    st.text(
        alphabet=st.characters(
            codec="utf-8", exclude_characters="\r\b\x1b\0\ufeff[", exclude_categories=["Cc"]
        )
    )
)
def test_utf8_text_passes_unchanged(text: str) -> None:
    assert "\n".join(texts(text.encode())) == text
