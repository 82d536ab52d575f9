"""Functions by what they do to the rows of what they are given."""

from __future__ import annotations

# Methods whose result has the rows of their object in its order.
KEEPING = frozenset(
    {
        "astype", "reshape", "copy", "map", "cache", "prefetch", "with_options", "numpy", "tolist", "to_numpy", "float",
        "double", "half", "to", "cuda", "cpu", "detach", "fillna", "reset_index", "rename", "view", "squeeze",
        "unsqueeze", "permute", "clip", "as_numpy_iterator", "contiguous", "type", "apply", "long", "assign",
        "transpose", "swapaxes", "iterrows", "itertuples",
    }
)  # fmt: skip
# Functions whose result has the rows of their first argument in its order, called by themselves or on a tool.
KEEPING_FIRST = frozenset(
    {
        "array", "asarray", "asanyarray", "ascontiguousarray", "stack", "expand_dims", "reshape", "squeeze", "float32",
        "cast", "convert_to_tensor", "constant", "from_numpy", "tensor", "Tensor", "FloatTensor", "as_tensor", "list",
        "tuple", "from_tensor_slices", "TensorDataset", "flow", "flow_from_dataframe", "transform", "fit_transform",
        "standardize", "clip", "divide", "enumerate", "zip", "tqdm", "DataFrame", "Series", "uint8",
        "preprocess_input", "moveaxis", "transpose", "rollaxis", "float64", "copy", "deepcopy", "normalize",
    }
)  # fmt: skip
# The same rows in another order, in batches, or over and over again.
MOVING = frozenset({"batch", "padded_batch", "unbatch", "shuffle", "repeat", "sort_values"})
MOVING_FIRST = frozenset({"shuffle", "permutation", "sorted", "reversed", "DataLoader", "cycle"})
# Only some of the rows, by what the text does not tell.
CHOOSING = frozenset(
    {
        "filter", "sample", "drop", "drop_duplicates", "unique", "set", "difference", "setdiff1d", "intersect1d", "delete",
        "choice", "compress", "query", "isin", "shard", "train_test_split", "random_split", "split", "array_split",
        "resample", "dropna", "nlargest", "nsmallest", "where", "nonzero", "argwhere", "islice", "groupby", "get_group",
        "fit_resample", "fit_sample", "choices",
    }
)  # fmt: skip
# Numbers about the rows, and new things of the same form.
TELLING = frozenset(
    {
        "len", "shape", "sum", "mean", "std", "var", "min", "max", "amin", "amax", "median", "zeros_like", "ones_like",
        "empty_like", "full_like", "rand_like", "randn_like", "argmax", "argmin", "argsort", "bincount", "count",
        "value_counts", "range", "arange", "zeros", "ones", "rand", "randn", "normal", "uniform", "randint", "nunique",
        "cardinality", "percentile", "quantile", "Counter", "compute_class_weight", "eye", "full", "cumsum", "diff",
        "pop",
    }
)  # fmt: skip
# One thing after the other, along the rows where no other axis is given.
JOINING = frozenset(
    {"concatenate", "concat", "vstack", "row_stack", "append", "cat", "ConcatDataset", "chain"}
)
# Arguments that say which of the rows are meant.
PARTS = frozenset(
    {
        "subset", "split", "phase", "part", "fold", "mode", "start_index", "end_index", "start", "end", "stop", "train",
        "is_train", "validation_split", "val_split", "validation", "indices",
    }
)  # fmt: skip
PART_NAMES = frozenset({"train", "training", "val", "valid", "validation", "test", "testing", "dev", "eval"})
# Names of arguments that hold rows.
ROWS = ("x", "X", "data", "dataframe", "dataset", "images", "arrays", "array", "a", "arr", "tensors", "values", "objs",
        "input", "features", "files", "filenames", "paths", "image")  # fmt: skip
# What makes or gives a table, whose columns have its rows.
FRAMES = frozenset(
    {"read_csv", "read_excel", "read_parquet", "read_pickle", "read_table", "read_json", "DataFrame", "merge", "from_dict"}
)  # fmt: skip
CHANGING = (
    "flip", "rot", "aug", "transform", "shift", "zoom", "nois", "random", "blur", "bright", "crop", "warp", "jitter",
    "shear", "mirror", "contrast", "distort", "hue", "saturation", "gamma", "affine", "scale",
)  # fmt: skip
"""Parts of the names of functions that give changed copies of images."""
OVERSAMPLERS = {
    "RandomOverSampler": False, "SMOTE": True, "SMOTENC": True, "SMOTEN": True, "BorderlineSMOTE": True, "SVMSMOTE": True,
    "KMeansSMOTE": True, "ADASYN": True, "SMOTEENN": True, "SMOTETomek": True,
}  # fmt: skip
"""imbalanced-learn's classes that add rows, and whether these lie between old ones."""
