"""The user's code as a report gets it: its lines are numbered as in the file."""

from __future__ import annotations

from pathlib import Path

from valscope.diagnosis.written import code_by_file
from valscope.nouns.post import Post, Segment


def test_a_script_is_taken_whole(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text("# notes\nx = 1\n")
    post = Post(str(script), (Segment("code", 2, 2, "x = 1"),))
    assert code_by_file([post]) == {str(script): "# notes\nx = 1\n"}


def test_code_of_a_post_stands_on_its_lines() -> None:
    post = Post("post.txt", (Segment("prose", 1, 2, "Hello\nall"), Segment("code", 3, 4, "a = 1\nb = 2"), Segment("code", 7, 7, "c = 3")))  # fmt: skip
    assert code_by_file([post]) == {"post.txt": "\n\na = 1\nb = 2\n\n\nc = 3"}
    assert code_by_file([Post("only.txt", (Segment("prose", 1, 1, "x"),))]) == {}
