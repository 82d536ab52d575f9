import numpy as np
import pytest
from drawn import encoded, photo
from hypothesis import given, settings
from hypothesis import strategies as st

from valscope.data.sources.open import open_dataset
from valscope.errors import DataError, ValscopeError

PIXEL = encoded(photo(4, 4))


@pytest.fixture
def images(tmp_path):
    for name in ("a1.png", "a2.png", "b1.png", "b2.png"):
        (tmp_path / name).write_bytes(PIXEL)
    return tmp_path


def table(folder, text, name="labels.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


ROWS = "path,label\na1.png,cat\na2.png,cat\nb1.png,dog\nb2.png,dog\n"


def test_a_csv_of_paths_and_labels(images):
    dataset = open_dataset(table(images, ROWS))
    assert dataset.classes == ("cat", "dog")
    assert dataset.names == ("a1.png", "a2.png", "b1.png", "b2.png")
    assert dataset.content.paths[0] == str(images / "a1.png")
    assert dataset.notices == ()


@pytest.mark.parametrize(
    "text",
    [
        ROWS.replace(",", "\t"),
        ROWS.replace(",", ";"),
        "\ufeff" + ROWS.replace("\n", "\r\n"),
        ROWS.replace("path,label", "Image Name,Class"),
        ROWS.replace("path,label", "filename,target"),
        ROWS.replace("path,label", "what,ever"),
        ROWS.split("\n", 1)[1],
        "label,path\ncat,a1.png\ncat,a2.png\ndog,b1.png\ndog,b2.png",
        '"path","label"\n"a1.png","cat"\n"a2.png","cat"\n"b1.png","dog"\n"b2.png"," dog "\n\n',
        ROWS.replace(".png", ""),
    ],
)
def test_delimiters_headers_and_quotes_in_use(images, text):
    dataset = open_dataset(table(images, text))
    assert dataset.classes == ("cat", "dog")
    assert [path.rsplit("/")[-1] for path in dataset.content.paths] == [
        "a1.png",
        "a2.png",
        "b1.png",
        "b2.png",
    ]
    assert dataset.labels.tolist() == [0, 0, 1, 1]


def test_columns_can_be_named(images):
    text = "path,file,species,label\nx,a1.png,cat,1\nx,a2.png,dog,2\nx,b1.png,dog,3\n"
    dataset = open_dataset(table(images, text), path_column="file", label_column="species")
    assert dataset.classes == ("cat", "dog")
    with pytest.raises(DataError, match="no column breed; it has path, file, species, label"):
        open_dataset(table(images, text), label_column="breed")


def test_groups_and_parts_from_columns(images):
    rows = ("path,label,patient_id,split", "a1.png,cat,p1,train", "a2.png,cat,p2,valid", "b1.png,dog,p1,Training",
            "b2.png,dog,p3,TEST")  # fmt: skip
    text = "\n".join(rows)
    dataset = open_dataset(table(images, text))
    assert dataset.groups == ("p1", "p2", "p1", "p3")
    assert dataset.parts == ("train", "val", "train", "test")
    other = text.replace("patient_id", "farm")
    assert open_dataset(table(images, other), group_by="farm").groups == ("p1", "p2", "p1", "p3")
    assert open_dataset(table(images, text), group_by=r"^(\w)").groups == ("a", "a", "b", "b")


def test_a_column_that_is_called_split_but_holds_no_parts_is_not_taken_for_one(images):
    text = "path,label,split\na1.png,cat,A\na2.png,cat,B\nb1.png,dog,train\n"
    assert open_dataset(table(images, text)).parts is None


def test_a_part_that_is_none_is_refused_where_the_column_was_named(images):
    text = "path,label,fold\na1.png,cat,train\na2.png,cat,7\nb1.png,dog,test\n"
    with pytest.raises(DataError, match="The part 7 is none of train, val and test"):
        open_dataset(table(images, text), part_column="fold")


def test_whole_numbers_keep_their_order_and_names_do_not(images):
    text = "path,label\na1.png,10\na2.png,9\nb1.png,9\nb2.png,10\n"
    assert open_dataset(table(images, text)).classes == ("9", "10")
    assert open_dataset(table(images, text.replace(",9", ",09"))).classes == ("09", "10")
    assert open_dataset(table(images, text.replace("10", "ten"))).classes == ("9", "ten")


def test_one_column_for_each_class(images):
    text = "image,cat,dog\na1.png,1,0\na2.png,1.0,0.0\nb1.png,0,1\nb2.png,0,1\n"
    dataset = open_dataset(table(images, text))
    assert dataset.classes == ("cat", "dog")
    assert dataset.labels.tolist() == [0, 0, 1, 1]
    with pytest.raises(DataError, match=r"several labels \(cat and dog\).*multi-label"):
        open_dataset(table(images, text.replace("a1.png,1,0", "a1.png,1,1")))


def test_rows_without_label_file_or_news(images):
    text = ROWS + "gone.png,cat\na1.png,cat\nb2.png,cat\n,\n"
    (images / "c1.png").write_bytes(PIXEL)
    dataset = open_dataset(table(images, text + "c1.png,\n"))
    found = {notice.code: notice.items for notice in dataset.notices}
    assert found["missing_file"] == ("gone.png", "row 8")
    assert found["no_label"] == ("c1.png",)
    assert found["label_conflict"] == ("b2.png",)
    assert ": 1." in next(n.message for n in dataset.notices if n.code == "repeated_row")
    assert len(dataset) == 5


@pytest.mark.parametrize(
    ("labels", "refused"),
    [
        (("cat|dog", "cat", "dog", "dog"), True),
        (("cat,dog", "cat", "dog", "dog"), True),
        (("cat dog", "cat", "dog", "dog"), True),
        (("a;b", "b;c", "c;a", "a;c"), True),
        (("cat|sit", "cat|sit", "dog|run", "dog|run"), False),
        (("red fox", "red fox", "arctic fox", "arctic fox"), False),
        (("Tomato, late", "Tomato, late", "Potato, late", "Potato, late"), False),
        (("apple pie", "apple", "apple", "apple pie"), False),
    ],
)
def test_multi_label_tables_are_refused_and_names_of_two_words_are_not(images, labels, refused):
    names = ("a1.png", "a2.png", "b1.png", "b2.png")
    path = table(images, "path,label\n" + "".join(f'{n},"{v}"\n' for n, v in zip(names, labels)))
    if refused:
        with pytest.raises(DataError, match="multi-label"):
            open_dataset(path)
    else:
        assert len(open_dataset(path).classes) == 2


def test_an_image_in_several_rows_with_several_labels_is_multi_label(images):
    with pytest.raises(DataError, match="several labels to 2 of 3 images"):
        open_dataset(table(images, "path,label\na1.png,x\na1.png,y\na2.png,x\na2.png,y\nb1.png,y\n"))


def test_an_identifier_is_no_label(images):
    for i in range(60):
        (images / f"img{i}.png").write_bytes(PIXEL)
    with pytest.raises(DataError, match="60 different values in 60 items"):
        open_dataset(table(images, "path,label\n" + "".join(f"img{i}.png,id{i}\n" for i in range(60))))


def test_paths_start_from_the_table_or_the_root_or_the_one_folder_that_has_them(images):
    (images / "pictures").mkdir()
    for name in ("c1.png", "c2.png"):
        (images / "pictures" / name).write_bytes(PIXEL)
    text = "path,label\nc1.png,x\nc2.png,y\n"
    assert len(open_dataset(table(images, text))) == 2
    (images / "tables").mkdir()
    path = table(images / "tables", text)
    assert len(open_dataset(path, root=images / "pictures")) == 2
    with pytest.raises(DataError, match=r"None of the 2 files.*\(root\)"):
        open_dataset(path)
    windows = text.replace("c1.png", "pictures\\c1.png").replace("c2.png", "pictures\\c2.png")
    assert len(open_dataset(table(images, windows))) == 2
    absolute = text.replace("c1", str(images / "pictures/c1")).replace("c2", str(images / "pictures/c2"))
    assert len(open_dataset(table(images / "tables", absolute))) == 2


def test_a_table_of_numbers_is_feature_vectors(images):
    dataset = open_dataset(table(images, "f1,f2,label\n0.5,1,a\n1.5,2,b\n2.5,3,a\n"))
    np.testing.assert_array_equal(
        dataset.content.values, np.array([[0.5, 1], [1.5, 2], [2.5, 3]], np.float32)
    )
    assert dataset.content.vectors
    assert dataset.names[0] == "row 1"


def test_parquet_and_frames(images):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "file": ["a1.png", "a2.png", "b1.png", "b2.png"],
            "label": ["cat", None, "dog", "cat"],
            "group": [1, 1, 2, 2],
        }
    )
    dataset = open_dataset(frame, root=images)
    assert dataset.classes == ("cat", "dog")
    assert dataset.groups == ("1", "2", "2")
    assert dataset.notices[0].items == ("a2.png",)
    frame.to_parquet(images / "labels.parquet")
    again = open_dataset(images / "labels.parquet")
    assert (again.names, again.labels.tolist()) == (dataset.names, dataset.labels.tolist())
    categories = frame.assign(label=frame["label"].astype("category"))
    assert open_dataset(categories, root=images).labels.tolist() == dataset.labels.tolist()
    (images / "bad.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(DataError, match="no Parquet table"):
        open_dataset(images / "bad.parquet")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("path,label\n", "no rows"),
        ("path,label\na1.png\n", "has 2 columns, but 1 in row 2"),
        ("path,label\na1.png,cat\nb1.png,cat\n", "only the class cat in 2 items"),
        ("path,label\na1.png,0.5\nb1.png,0.25\n", "label 0.5 is no whole number"),
        (
            "path,width,height\na1.png,3,4\nb1.png,5,6\n",
            "No column of path, width, height is known to hold the label",
        ),
        ("a,label\nx,cat\ny,dog\n", "columns are not all numbers"),
    ],
)
def test_tables_that_cannot_be_used_get_a_sentence(images, text, words):
    with pytest.raises(DataError, match=words) as caught:
        open_dataset(table(images, text))
    assert str(caught.value).endswith(".")


def test_text_in_another_encoding_gets_a_sentence(images):
    path = images / "latin.csv"
    path.write_bytes("path,label\na1.png,Bär\n".encode("latin-1"))
    with pytest.raises(DataError, match="UTF-8"):
        open_dataset(path)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | st.lists(st.lists(st.sampled_from(
    ["a1.png", "b1.png", "cat", "dog", "", "1", "0", "cat|dog", "path", "label", "train", '"', "\x00", "nan"]
), max_size=4).map(",".join), max_size=8).map("\n".join))  # fmt: skip
@pytest.mark.slow
def test_any_table_is_answered(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    for name in ("a1.png", "b1.png"):
        (folder / name).write_bytes(PIXEL)
    path = folder / "t.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        dataset = open_dataset(path)
    except ValscopeError as error:
        assert "\n" not in str(error)
    else:
        assert len(dataset.labels) == len(dataset.names)
        assert dataset.labels.min() >= 0
        assert dataset.labels.max() < len(dataset.classes)
