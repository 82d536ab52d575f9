import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from drawn import encoded, photo
from PIL import Image

from valscope.data.pixels.prepare import pixels
from valscope.data.reading import file_items, signature
from valscope.data.reading.cache import PixelCache
from valscope.data.reading.cache_folder import cache_folder, default_budget, room_for, store_name
from valscope.data.reading.reader import Reader
from valscope.data.sources.open import open_dataset
from valscope.errors import DataError
from valscope.nouns.preparation import Preparation

SMALL = Preparation(8, 8)
ROW = 8 * 8 * 3


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """Twelve photographs of two classes, older than the time for which files are not trusted."""
    monkeypatch.setattr(signature, "YOUNG_NS", 0)
    for i in range(12):
        path = tmp_path / "photos" / "ab"[i % 2] / f"photo{i:02}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(photo(40, 30, seed=i), "JPEG"))
    return open_dataset(tmp_path / "photos")


def cached(dataset, tmp_path, budget=None, preparation=SMALL):
    return Reader(dataset, preparation, PixelCache(preparation, budget, tmp_path / "cache"))


def truth(dataset, preparation=SMALL):
    return np.stack([pixels(path, preparation) for path in dataset.content.paths])


@pytest.fixture
def decoded(monkeypatch):
    """Names of the files that are decoded while the test runs."""
    names = []
    original = file_items.open_image
    monkeypatch.setattr(
        file_items, "open_image", lambda d, p, name: names.append(name) or original(d, p, name)
    )
    return names


def test_read_gives_prepared_pixels_in_the_order_asked_for(photos, tmp_path):
    for reader in (cached(photos, tmp_path), Reader(photos, SMALL)):
        got = reader.read([5, 0, 5])
        assert got.dtype == np.uint8
        assert (len(reader), reader.shape) == (12, (8, 8, 3))
        np.testing.assert_array_equal(got, truth(photos)[[5, 0, 5]])
        assert reader.read([]).shape == (0, 8, 8, 3)
        with pytest.raises(IndexError):
            reader.read([12])


def test_a_second_run_decodes_nothing_and_reads_no_file(photos, tmp_path, decoded, monkeypatch):
    first = cached(photos, tmp_path)
    seen = []
    assert first.scan(lambda done, total: seen.append((done, total))).notices == ()
    assert seen == [(i, 12) for i in range(1, 13)]
    assert sorted(decoded) == sorted(photos.names)
    decoded.clear()
    monkeypatch.setattr(file_items, "read_bytes", lambda path: pytest.fail(f"{path} was read again"))
    second = cached(photos, tmp_path)
    second.scan(lambda done, total: seen.append((done, total)))
    assert seen[-1] == (12, 12)
    np.testing.assert_array_equal(second.read(range(12)), truth(photos))
    assert second.hashes() == first.hashes()
    assert decoded == []


def test_scale_and_order_share_one_store_and_everything_else_has_its_own(photos, tmp_path, decoded):
    cached(photos, tmp_path).scan()
    decoded.clear()
    cached(photos, tmp_path, preparation=SMALL.but(scale="caffe", order="bgr")).scan()
    assert decoded == []
    cached(photos, tmp_path, preparation=SMALL.but(geometry="crop")).scan()
    assert len(decoded) == 12


def test_content_counts_and_not_the_name(photos, tmp_path, decoded):
    cached(photos, tmp_path).scan()
    decoded.clear()
    shutil.copytree(tmp_path / "photos", tmp_path / "moved")
    moved = open_dataset(tmp_path / "moved")
    reader = cached(moved, tmp_path)
    reader.scan()
    np.testing.assert_array_equal(reader.read(range(12)), truth(moved))
    assert decoded == []


def test_a_file_that_was_replaced_is_decoded_anew(photos, tmp_path):
    cached(photos, tmp_path).scan()
    path = Path(photos.content.paths[3])
    path.write_bytes(encoded(photo(40, 30, seed=99), "JPEG"))
    reader = cached(photos, tmp_path)
    reader.scan()
    np.testing.assert_array_equal(reader.read([3]), truth(photos)[[3]])


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_noticed(photos, tmp_path):
    first, second = (Path(path) for path in photos.content.paths[:2])
    data = [file.read_bytes() for file in (first, second)]
    size = max(map(len, data))
    for file, content in zip((first, second), data):
        file.write_bytes(content.ljust(size, b"\0"))
        os.utime(file, (1_000_000_000, 1_000_000_000))
    cached(photos, tmp_path).scan()
    kept = second.read_bytes()
    second.write_bytes(first.read_bytes())
    first.write_bytes(kept)
    for file in (first, second):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    reader = cached(photos, tmp_path)
    np.testing.assert_array_equal(reader.read([0, 1]), truth(photos)[[0, 1]])


def test_a_file_too_young_to_be_trusted_is_hashed_again(photos, tmp_path, monkeypatch, decoded):
    monkeypatch.setattr(signature, "YOUNG_NS", 10**12)
    cached(photos, tmp_path).scan()
    decoded.clear()
    read = []
    original = file_items.read_bytes
    monkeypatch.setattr(file_items, "read_bytes", lambda path: read.append(path) or original(path))
    cached(photos, tmp_path).scan()
    assert len(read) == 12
    assert decoded == []


def test_damaged_files_are_named_by_the_scan_and_the_rest_is_read(photos, tmp_path):
    broken = Path(photos.content.paths[4])
    broken.write_bytes(broken.read_bytes()[:300])
    Path(photos.content.paths[7]).unlink()
    for reader in (cached(photos, tmp_path), Reader(photos, SMALL)):
        scan = reader.scan()
        assert sorted(scan.damaged) == sorted(reader.damaged()) == [4, 7]
        assert photos.names[4] in scan.damaged[4]
        notice = scan.notices[0]
        assert notice.code == "damaged"
        assert notice.items == (photos.names[4], photos.names[7])
        assert "2 of 12" in notice.message
        with pytest.raises(DataError, match="photo08"):
            reader.read([0, 4])
        values, failed = reader.read_some([4, 0, 7])
        assert sorted(failed) == [0, 2]
        np.testing.assert_array_equal(values[1], truth(photos.take(np.array([0])))[0])
        assert values[0].max() == 0
        assert reader.hashes()[7] == ""
        kept = reader.take([i for i in range(12) if i not in scan.damaged])
        assert kept.scan().notices == ()
        assert kept.read(range(10)).shape == (10, 8, 8, 3)


def test_damage_is_not_remembered_when_the_file_is_mended(photos, tmp_path):
    path = Path(photos.content.paths[4])
    whole = path.read_bytes()
    path.write_bytes(whole[:300])
    assert cached(photos, tmp_path).scan().damaged
    path.write_bytes(whole)
    assert cached(photos, tmp_path).scan().damaged == {}


def test_what_is_special_about_files_is_said_at_every_run(tmp_path):
    folder = tmp_path / "x"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        (folder / name / "plain.png").write_bytes(encoded(photo()))
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    (folder / "a" / "moving.gif").write_bytes(
        encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    )
    (folder / "b" / "dim.png").write_bytes(encoded(Image.fromarray(np.full((9, 9), 900, np.uint16))))
    for _ in range(2):
        notices = cached(open_dataset(folder), tmp_path).scan().notices
        assert [(n.code, n.items) for n in notices] == [
            ("animated", ("a/moving.gif",)),
            ("dim", ("b/dim.png",)),
        ]
        assert all(": 1" in n.message for n in notices)


def test_beyond_the_budget_images_are_decoded_at_each_reading_and_counted(photos, tmp_path, decoded):
    reader = cached(photos, tmp_path, budget=0)
    assert [n.code for n in reader.scan().notices] == ["beyond_cache"]
    assert "12 of 12" in reader.scan().notices[0].message
    decoded.clear()
    np.testing.assert_array_equal(reader.read(range(12)), truth(photos))
    assert len(decoded) == 12


def test_the_budget_holds_and_more_room_is_used_when_it_comes(photos, tmp_path, decoded):
    part = cached(photos, tmp_path, budget=5 * ROW)
    assert "7 of 12" in part.scan().notices[0].message
    np.testing.assert_array_equal(part.read(range(12)), truth(photos))
    assert sum(path.stat().st_size for path in tmp_path.rglob("pixels*")) <= 5 * ROW
    assert "7 of 12" in cached(photos, tmp_path, budget=5 * ROW).scan().notices[0].message
    decoded.clear()
    whole = cached(photos, tmp_path, budget=12 * ROW + 10**6)
    assert whole.scan().notices == ()
    assert len(decoded) == 7
    np.testing.assert_array_equal(whole.read(range(12)), truth(photos))


def test_a_store_full_of_other_images_starts_again(photos, tmp_path):
    old = photos.take(np.arange(8))
    cached(old, tmp_path, budget=8 * ROW).scan()
    new = photos.take(np.arange(8, 12))
    reader = cached(new, tmp_path, budget=8 * ROW)
    assert reader.scan().notices == ()
    np.testing.assert_array_equal(reader.read(range(4)), truth(new))


def test_a_file_that_changes_between_two_readings_is_noticed(photos):
    reader = Reader(photos, SMALL)
    reader.scan()
    Path(photos.content.paths[2]).write_bytes(encoded(photo(40, 30, seed=99), "JPEG"))
    with pytest.raises(DataError, match="has changed"):
        reader.read([2])


def store(tmp_path):
    return tmp_path / "cache" / store_name(SMALL)


@pytest.mark.parametrize("harm", ["garbage", "truncated", "empty", "middle"])
def test_a_corrupt_index_is_rebuilt(photos, tmp_path, harm):
    cached(photos, tmp_path).scan()
    index = store(tmp_path) / "index.sqlite3"
    data = bytearray(index.read_bytes())
    if harm == "middle":
        data[4096 : 3 * 4096] = os.urandom(2 * 4096)
    changed = {"garbage": b"nonsense" * 999, "truncated": data[:5000], "empty": b"", "middle": data}[harm]
    index.write_bytes(bytes(changed))
    for _ in range(2):
        reader = cached(photos, tmp_path)
        assert reader.scan().notices == ()
        np.testing.assert_array_equal(reader.read(range(12)), truth(photos))


@pytest.mark.parametrize("harm", ["flipped", "truncated", "gone"])
def test_damaged_pixels_are_never_given(photos, tmp_path, harm):
    cached(photos, tmp_path).scan()
    file = next(store(tmp_path).glob("pixels*"))
    data = bytearray(file.read_bytes())
    data[5 * ROW + 7] ^= 1
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(data[: 6 * ROW + 9] if harm == "truncated" else data)
    for _ in range(2):
        reader = cached(photos, tmp_path)
        reader.scan()
        np.testing.assert_array_equal(reader.read(range(12)), truth(photos))


def test_a_cache_that_cannot_be_written_is_done_without(photos, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    reader = cached(photos, tmp_path)
    assert [n.code for n in reader.scan().notices] == ["no_cache"]
    np.testing.assert_array_equal(reader.read(range(12)), truth(photos))


def test_a_full_disk_in_the_middle_is_done_without(photos, tmp_path, monkeypatch):
    def full(self, row, values):
        if row == 5:
            raise OSError(28, "No space left on device")
        return write(self, row, values)

    write = PixelCache._write
    monkeypatch.setattr(PixelCache, "_write", full)
    reader = cached(photos, tmp_path)
    assert "No space left" in reader.scan().notices[0].message
    np.testing.assert_array_equal(reader.read(range(12)), truth(photos))


SCAN = """
import sys
from valscope.data.reading import file_items
from valscope.data.reading import signature
from valscope.data.sources.open import open_dataset
from valscope.data.reading.cache import PixelCache
from valscope.data.reading.reader import Reader
from valscope.nouns.preparation import Preparation
file_items.BATCH_BYTES = 500  # a transaction for every few images
signature.YOUNG_NS = 0
p = Preparation(8, 8)
Reader(open_dataset(sys.argv[1]), p, PixelCache(p, None, sys.argv[2])).scan(lambda done, total: print(done, flush=True))
"""


def scanning(tmp_path):
    command = [sys.executable, "-c", SCAN, str(tmp_path / "photos"), str(tmp_path / "cache")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=env)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_kill_at_any_moment_leaves_a_sound_cache(photos, tmp_path):
    for i in range(100):
        name = tmp_path / "photos" / "a" / f"more{i:03}.jpg"
        name.write_bytes(encoded(photo(24, 24, seed=100 + i), "JPEG"))
    dataset = open_dataset(tmp_path / "photos")
    right = truth(dataset)
    for lines in (3, 11, 29, 53):
        process = scanning(tmp_path)
        for _ in range(lines):
            process.stdout.readline()
        time.sleep(0.0007 * lines % 0.003)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        probe = PixelCache(SMALL, None, tmp_path / "cache")
        rows = [probe.entry(bytes.fromhex(sha)) for sha in Reader(dataset, SMALL).hashes()]
        out = np.empty((8, 8, 3), np.uint8)
        for entry, expected in zip(rows, right):
            if entry is not None:
                assert probe.read(entry.row, out)
                np.testing.assert_array_equal(out, expected)
        probe.close()
    reader = cached(dataset, tmp_path)
    reader.scan()
    np.testing.assert_array_equal(reader.read(range(len(dataset))), right)


def test_two_that_fill_one_cache_in_turn_do_not_overwrite_each_other(photos, tmp_path):
    readers = [cached(photos.take(rows), tmp_path) for rows in np.split(np.arange(12), 4)]
    for reader in readers:
        reader.read([0])
    for reader in readers:
        reader.scan()
    for reader, rows in zip(readers, np.split(np.arange(12), 4)):
        np.testing.assert_array_equal(reader.read(range(3)), truth(photos)[rows])
        assert reader.scan().notices == ()
    whole = cached(photos, tmp_path)
    assert whole.scan().notices == ()
    np.testing.assert_array_equal(whole.read(range(12)), truth(photos))
    assert (next(store(tmp_path).glob("pixels*"))).stat().st_size == 12 * ROW


@pytest.mark.slow
def test_two_processes_may_fill_one_cache(photos, tmp_path):
    processes = [scanning(tmp_path) for _ in range(3)]
    assert [(process.communicate(), process.returncode)[1] for process in processes] == [0, 0, 0]
    reader = cached(photos, tmp_path)
    assert reader.scan().notices == ()
    np.testing.assert_array_equal(reader.read(range(12)), truth(photos))
    assert sum(path.stat().st_size for path in tmp_path.rglob("pixels*")) == 12 * ROW


def test_old_stores_make_room_and_those_in_use_do_not(tmp_path):
    for name, age in (("store-old", 9000), ("store-older", 99000), ("store-used", 5)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pixels.bin").write_bytes(bytes(1000))
        (tmp_path / name / "index.sqlite3").touch()
        os.utime(tmp_path / name / "index.sqlite3", (time.time() - age,) * 2)
    assert room_for(tmp_path / "store-new", 10_000) == 7000
    assert room_for(tmp_path / "store-new", 5000) == 3000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store-old", "store-used"]
    assert room_for(tmp_path / "store-new", 1500) == 500
    assert [path.name for path in tmp_path.iterdir()] == ["store-used"]


def test_where_the_cache_lies_and_how_much_it_may_take(tmp_path, monkeypatch):
    monkeypatch.setenv("VALSCOPE_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"
    monkeypatch.delenv("VALSCOPE_CACHE")
    assert cache_folder().name == "valscope"
    budget = default_budget(tmp_path / "not" / "yet")
    assert 0 < budget <= min(8 * 2**30, shutil.disk_usage(tmp_path).free)


def test_nothing_is_written_before_the_first_use(tmp_path):
    PixelCache(SMALL, None, tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []


def test_arrays_go_through_the_same_reader():
    images = np.random.default_rng(0).integers(0, 256, (9, 8, 8, 3), dtype=np.uint8)
    dataset = open_dataset((images, np.arange(9) % 2))
    same, resized = Reader(dataset, SMALL), Reader(dataset, Preparation(4, 6, colour="grey"))
    np.testing.assert_array_equal(same.read([3, 1]), images[[3, 1]])
    assert resized.read([3, 1]).shape == (2, 4, 6, 1)
    np.testing.assert_array_equal(resized.read([3])[0], pixels(images[3], Preparation(4, 6, colour="grey")))
    assert (same.scan().damaged, same.scan().notices) == ({}, ())
    assert len(set(same.hashes())) == 9
    np.testing.assert_array_equal(same.take([5, 2]).read([1]), images[[2]])
    assert same.take([5, 2]).hashes() == (same.hashes()[5], same.hashes()[2])


def test_files_need_a_preparation(photos):
    with pytest.raises(DataError, match="need a preparation"):
        Reader(photos)
