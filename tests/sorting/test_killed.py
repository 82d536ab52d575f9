"""Killed at any moment, sorting can go on or be taken back, and no image is ever lost.

A forked child counts every call that touches the disk and kills itself with SIGKILL at the n-th, for every n.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from valscope.nouns.prediction import Prediction
from valscope.sorting import By, disk, sort_into, undo
from valscope.sorting.journal import NAME

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
CLASSES = ("cat", "dog")
TOUCHING = frozenset(
    ("open", "os.link", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.utime")
)
MOST = 400


def killed_at(moment: int, work: Callable[[], object]) -> bool:
    """Run `work` in a child that is killed at the `moment`-th touch of the disk; False when it ended before."""
    child = os.fork()
    if child == 0:
        seen = 0

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal seen
            if event not in TOUCHING:
                return
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

        code = 1
        try:
            sys.addaudithook(count)
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def photos(folder: Path) -> list[Prediction]:
    """Two images of one name; the second is a link to a third."""
    for name in ("one/a.jpg", "real.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    (folder / "two").mkdir()
    (folder / "two/a.jpg").symlink_to("../real.jpg")
    return present(folder)


def present(folder: Path) -> list[Prediction]:
    names = [str(folder / name) for name in ("one/a.jpg", "two/a.jpg")]
    return [Prediction(name, "cat", 0.9) for name in names if os.path.lexists(name)]


def tree(folder: Path) -> dict[str, bytes | str]:
    return {
        p.relative_to(folder).as_posix(): str(p.readlink()) if p.is_symlink() else p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if (p.is_file() or p.is_symlink()) and p.name != NAME
    }


def every_moment(
    base: Path, work: Callable[[Path], object], check: Callable[[Path], None], first: By | None = None
) -> None:
    """Kill `work` at every moment in turn, each time on fresh photos (sorted already by `first`), and check."""
    for moment in range(1, MOST):
        folder = base / str(moment)
        photos(folder / "in")
        if first is not None:
            sort(folder, first)
        killed = killed_at(moment, lambda: work(folder))  # noqa: B023
        check(folder)
        if not killed:
            assert moment > 5  # it was killed at every moment before
            return
    raise AssertionError("the work never ended")


def sort(folder: Path, by: By) -> None:
    list(sort_into(folder / "out", present(folder / "in"), CLASSES, by))


@pytest.fixture(params=["one disk", "two disks", "no second names"])
def disks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    real = os.link

    def other_disk(source: Path, target: Path) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "another disk")
        real(source, target)

    def no_names(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no second names")

    if request.param != "one disk":
        monkeypatch.setattr(disk.os, "link", other_disk if request.param == "two disks" else no_names)
    return str(request.param)


@pytest.fixture
def before(tmp_path: Path) -> dict[str, bytes | str]:
    photos(tmp_path / "as it was")
    return tree(tmp_path / "as it was")


@pytest.mark.slow
@pytest.mark.parametrize("by", ["copy", "move", "link"])
def test_a_killed_sorting_can_be_taken_back(
    tmp_path: Path, by: By, disks: str, before: dict[str, object]
) -> None:
    def check(folder: Path) -> None:
        if (folder / "out" / NAME).exists():
            assert undo(folder / "out").kept == ()
        assert tree(folder / "in") == before
        assert not (folder / "out").exists() or list((folder / "out").iterdir()) == []

    every_moment(tmp_path, lambda folder: sort(folder, by), check)


@pytest.mark.slow
@pytest.mark.parametrize("by", ["copy", "move", "link"])
def test_a_killed_sorting_goes_on(tmp_path: Path, by: By, disks: str, before: dict[str, object]) -> None:
    def check(folder: Path) -> None:
        sort(folder, by)
        assert sorted(tree(folder / "out")) == ["cat/a-2.jpg", "cat/a.jpg"]
        assert (folder / "out/cat/a.jpg").read_bytes() == b"one/a.jpg"
        assert (folder / "out/cat/a-2.jpg").read_bytes() == b"real.jpg"
        assert undo(folder / "out").kept == ()
        assert tree(folder / "in") == before

    every_moment(tmp_path, lambda folder: sort(folder, by), check)


@pytest.mark.slow
@pytest.mark.parametrize("by", ["copy", "move", "link"])
def test_a_killed_undo_can_be_given_again(
    tmp_path: Path, by: By, disks: str, before: dict[str, object]
) -> None:
    def check(folder: Path) -> None:
        if (folder / "out" / NAME).exists():
            assert undo(folder / "out").kept == ()
        assert tree(folder / "in") == before

    every_moment(tmp_path, lambda folder: undo(folder / "out"), check, first=by)
