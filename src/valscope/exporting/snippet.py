"""The code that turns a file into an exported network's input, with Pillow and NumPy alone.

It is written for one preparation, with nothing in it that this preparation does not need, and tests run it against
`valscope.data.pixels.prepare.pixels`: the same image gives the same bytes.
"""

from __future__ import annotations

from valscope.nouns.preparation import Preparation

_KERNELS = {
    "nearest": "NEAREST",
    "bilinear": "BILINEAR",
    "bicubic": "BICUBIC",
    "lanczos": "LANCZOS",
    "area": "BOX",
}


def imports(preparation: Preparation) -> list[str]:
    """The imports that `pixels_code` needs."""
    if _needs_valscope(preparation):
        return ["import json", "", "import numpy as np", "", "from valscope import Preparation",
                "from valscope.data.pixels.prepare import pixels as prepare"]  # fmt: skip
    return ["import numpy as np", "from PIL import Image" + (", ImageOps" if preparation.exif else "")]


def pixels_code(preparation: Preparation, side_name: str = "preparation.json") -> str:
    """Python source of `pixels(path)`: uint8 array (height, width, channels). Where only valscope itself can do it, the
    source reads the preparation from the file `side_name`."""
    if _needs_valscope(preparation):
        return _with_valscope(side_name)
    p = preparation
    lines = ["def pixels(path):"]
    lines += [
        f'    """The image as uint8, shape {p.shape}, {"grey" if p.channels == 1 else "RGB"}. For 8-bit images."""'
    ]
    lines += ["    image = Image.open(path)"]
    lines += _draft(p) if p.fast_decode and p.kernel != "nearest" else []
    lines += ["    image = ImageOps.exif_transpose(image)"] if p.exif else []
    lines += _colour(p)
    lines += _grey_in_three(p)
    lines += _resized(p)
    lines += ["    values = np.asarray(image)" + ("[:, :, None]" if p.channels == 1 else "")]
    return "\n".join([*lines, *_padded(p), "    return values"])


def _grey_in_three(p: Preparation) -> list[str]:
    return ['    image = image.convert("L").convert("RGB")'] if p.colour == "grey_rgb" else []


def _needs_valscope(preparation: Preparation) -> bool:
    """Whether Pillow and NumPy alone do not do what valscope does."""
    return not preparation.antialias or preparation.axes != "kept"


def _with_valscope(side_name: str) -> str:
    return "\n".join((
        f'preparation = Preparation(**json.load(open("{side_name}"))["preparation"])',
        "",
        "",
        "def pixels(path):",
        '    """The image as uint8; its resampling without antialias is valscope\'s own."""',
        "    return prepare(path, preparation)",
    ))  # fmt: skip


def _draft(p: Preparation) -> list[str]:
    """JPEG files are decoded at a half, quarter or eighth where that is still twice what is needed."""
    size = "image.size"
    lines = []
    if p.exif:
        lines += [
            "    turned = image.getexif().get(0x0112) in (5, 6, 7, 8)",
            "    width, height = image.size[::-1] if turned else image.size",
        ]
    else:
        lines += [f"    width, height = {size}"]
    lines += [*_whole(p), "    wanted = 2 * whole[0], 2 * whole[1]"]
    mode = '"L" if image.mode == "RGB" else None' if p.channels == 1 else "None"
    wanted = "wanted[::-1] if turned else wanted" if p.exif else "wanted"
    return [
        *lines,
        f"    image.draft({mode}, {wanted})  # decodes JPEG at 1/2, 1/4 or 1/8 where that is enough",
    ]


def _whole(p: Preparation) -> list[str]:
    if p.geometry == "stretch":
        return [f"    whole = {p.width}, {p.height}"]
    if p.geometry == "crop":
        return [
            f"    cut_width = max(1, min(width, height * {p.width} // {p.height}))",
            f"    cut_height = max(1, min(height, width * {p.height} // {p.width}))",
            f"    whole = -(-width * {p.width} // cut_width), -(-height * {p.height} // cut_height)",
        ]
    return [*_inner(p), "    whole = inner"]


def _inner(p: Preparation) -> list[str]:
    return [
        f"    factor = min({p.width} / width, {p.height} / height)",
        f"    inner = min({p.width}, max(1, round(width * factor))), min({p.height}, max(1, round(height * factor)))",
    ]


def _colour(p: Preparation) -> list[str]:
    mode = "L" if p.channels == 1 else "RGB"
    if p.alpha == "drop":
        lines = ['    image.info.pop("transparency", None)']
        if mode == "L":
            lines += [
                '    if image.mode not in ("RGB", "L", "1", "P"):',
                '        image = image.convert("RGB")',
            ]
        return [*lines, f'    image = image.convert("{mode}")']
    return [
        "    if image.has_transparency_data:",
        f'        ground = Image.new("RGBA", image.size, "{p.alpha}")',
        '        ground.alpha_composite(image.convert("RGBA"))',
        '        image = ground.convert("RGB")',
        *(
            ['    if image.mode not in ("RGB", "L", "1", "P"):', '        image = image.convert("RGB")']
            if mode == "L"
            else []
        ),
        f'    image = image.convert("{mode}")',
    ]


def _resized(p: Preparation) -> list[str]:
    kernel = f"Image.Resampling.{_KERNELS[p.kernel]}"
    if p.geometry == "stretch":
        return [
            f"    if image.size != ({p.width}, {p.height}):",
            f"        image = image.resize(({p.width}, {p.height}), {kernel})",
        ]
    lines = ["    width, height = image.size"]
    if p.geometry == "pad":
        return [
            *lines,
            *_inner(p),
            "    if image.size != inner:",
            f"        image = image.resize(inner, {kernel})",
        ]
    return [
        *lines,
        f"    cut_width = max(1, min(width, height * {p.width} // {p.height}))",
        f"    cut_height = max(1, min(height, width * {p.height} // {p.width}))",
        "    left, top = (width - cut_width) // 2, (height - cut_height) // 2",
        f"    if image.size != ({p.width}, {p.height}):",
        "        box = (left, top, left + cut_width, top + cut_height)",
        f"        image = image.resize(({p.width}, {p.height}), {kernel}, box)",
    ]


def _padded(p: Preparation) -> list[str]:
    if p.geometry != "pad":
        return []
    return [
        f"    canvas = np.zeros({p.shape}, np.uint8)",
        f"    top, left = ({p.height} - values.shape[0]) // 2, ({p.width} - values.shape[1]) // 2",
        "    canvas[top : top + values.shape[0], left : left + values.shape[1]] = values",
        "    values = canvas",
    ]
