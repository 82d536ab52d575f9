"""Groups read from names: copies and bearers beyond doubt, and silence otherwise."""

import pytest

from valscope.data.splitting.groups import groups_by_pattern, infer_groups, join_groups
from valscope.errors import UsageError


@pytest.mark.parametrize(
    "copy",
    [
        "leaf_flipLR.jpg", "leaf_flipTB.jpg", "leaf_180deg.jpg", "leaf_copy_180deg.jpg", "leaf_mirror.jpg",
        "leaf-hflip.jpg", "leaf_flip_h.jpg", "leaf_rot90.jpg", "leaf_rotated_90.jpg", "leaf_aug_3.jpg",
        "leaf - Copy (2).jpg", "leaf - Copy.jpg", "leaf (1).jpg", "leaf_new30degFlipLR.jpg",
        "leaf_jpg.rf.0123456789abcdef0123456789abcdef.jpg", "leaf_brightness_2.png",
    ],
)  # fmt: skip
def test_a_copy_is_joined_with_its_original(copy):
    found = infer_groups(["a/leaf.jpg", "a/" + copy, "a/lead.jpg"])
    assert found.groups[0] == found.groups[1] != ""
    assert found.groups[2] == ""
    assert "2 items are 1 pictures with their copies" in found.sentence and copy in found.sentence


@pytest.mark.parametrize(
    "names",
    [
        [f"potato/potato ({i}).jpg" for i in range(90)],  # how Windows numbers a batch
        [f"cats/img_aug_{i}.jpg" for i in range(90)],  # more copies than any script makes of one picture
        [f"{k}/IMG_{i:04}.jpg" for k in "abc" for i in range(50)],  # the same names in each class
        ["cats/1.jpg", "dogs/1.jpg", "train/cats/1.jpg"],
        ["a/renew.jpg", "a/re.jpg", "a/photocopy.jpg", "a/photo.jpg"],
        [f"right/straight_9__{i}_.png" for i in range(50)],  # shooting order is no proof of a film
        ["a/copy.jpg", "a/flip.jpg"],
        ["a/1_rot90.jpg", "a/2_rot90.jpg"],  # copies whose originals are elsewhere, each alone
        [],
    ],
)
def test_nothing_is_inferred_without_proof(names):
    assert infer_groups(names) is None


def test_a_copy_finds_its_original_in_another_part_or_class():
    found = infer_groups(["train/right/s1_.png", "train/left/s1__mirror.png", "val/right/s2_.png"])
    assert found.groups[0] == found.groups[1] != found.groups[2]
    found = infer_groups(["train/x/a.png", "train/y/a.png", "test/x/a_flip.png"])
    assert found.groups[0] == found.groups[2] != found.groups[1]


def test_persons_and_films_need_an_explicit_word():
    persons = [f"d/patient{p:02}_{i}.png" for p in range(12) for i in range(5)]
    found = infer_groups(persons)
    assert len(set(found.groups)) == 12 and "12 persons, films or scenes" in found.sentence
    films = [f"d/street{p}_frame_{i:04}.png" for p in range(12) for i in range(5)]
    assert len(set(infer_groups(films).groups)) == 12
    assert infer_groups([name for name in persons if "patient00" in name or "patient01" in name]) is None


def test_a_pattern_groups_by_its_bracket_or_its_whole_match():
    names = ["p1_a.jpg", "p1_b.jpg", "p2_a.jpg", "other.jpg"]
    found = groups_by_pattern(names, r"^(p\d)_")
    assert found.groups == ("p1", "p1", "p2", "")
    assert found.sentence.endswith("puts 3 items into 2 groups; 1 names do not match it and stand alone.")
    assert groups_by_pattern(names, r"p\d").groups == found.groups
    for pattern, words in [("(", "is no regular expression"), ("zzz", "matches none of the 4 names")]:
        with pytest.raises(UsageError, match=words):
            groups_by_pattern(names, pattern)


def test_joined_groups_hold_what_either_list_holds_together():
    joined = join_groups(["a", "a", "b", "", ""], ["", "x", "x", "y", ""])
    assert len(set(joined[:3])) == 1
    assert len({joined[0], joined[3], joined[4]}) == 3 and joined[4] == ""
