"""Makes the reference files of the imaging tests from numpy, Pillow, OpenCV and PyTorch: python make.py"""

import json
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, PngImagePlugin

HERE = Path(__file__).parent


# PNG: every layout, bit depth and interlacing of the specification. Sample (x, y, c) is (7x + 13y + 29c) mod the number of
# values, for 16 bits multiplied by 523 and reduced once more, so a test needs no file of expected numbers. None of the
# libraries here writes all of these files, hence the encoder below; Pillow and OpenCV check it.

LAYOUTS = {"grey": (0, 1), "rgb": (2, 3), "palette": (3, 1), "grey-alpha": (4, 2), "rgba": (6, 4)}
DEPTHS = {"grey": [1, 2, 4, 8, 16], "rgb": [8, 16], "palette": [1, 2, 4, 8], "grey-alpha": [8, 16], "rgba": [8, 16]}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
PALETTE_8_COLORS = 200


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(samples, depth):
    rows = samples.reshape(samples.shape[0], -1)
    if depth == 16:
        return [row.astype(">u2").tobytes() for row in rows]
    if depth == 8:
        return [row.astype("u1").tobytes() for row in rows]
    bits = (rows[:, :, None] >> np.arange(depth - 1, -1, -1)) & 1
    return [np.packbits(row.reshape(-1)).tobytes() for row in bits]


def png(samples, color_type, depth, interlaced=False, before=b""):
    height, width = samples.shape[:2]
    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    rows = b"".join(b"\0" + row for part in passes if part.size for row in packed(part, depth))
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))


def pattern(width, height, channels, values):
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    return (7 * x + 13 * y + 29 * c) % values


def palette_of(count):
    i = np.arange(count)
    return np.stack([i, 255 - i, 3 * i % 256], 1).astype("u1")


def layouts():
    for name, (color_type, channels) in LAYOUTS.items():
        for depth in DEPTHS[name]:
            values = PALETTE_8_COLORS if (name, depth) == ("palette", 8) else 2**depth
            samples = pattern(23, 17, channels, values)
            if depth == 16:
                samples = samples * 523 % values  # fills both bytes
            before = chunk(b"PLTE", palette_of(values).tobytes()) if name == "palette" else b""
            for interlaced in (False, True):
                data = png(samples, color_type, depth, interlaced, before)
                path = HERE / f"{name}-{depth}{'-interlaced' if interlaced else ''}.png"
                path.write_bytes(data)
                check(path, samples, name, depth)


def check(path, samples, name, depth):
    image = Image.open(path)
    if name == "palette":
        assert (np.array(image) == samples[:, :, 0]).all(), path
    elif name == "grey" and depth < 8:
        expected = samples[:, :, 0] * 255 // (2**depth - 1)
        assert (np.array(image.convert("L")) == expected).all(), path
    elif name == "grey-alpha":
        stored = np.array(image.convert("RGBA"))[:, :, [0, 3]]
        assert (stored == (samples if depth == 8 else samples >> 8)).all(), path
    else:
        stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if stored.ndim == 3:
            stored = stored[:, :, [2, 1, 0, 3][: stored.shape[2]]]
        assert (stored.reshape(samples.shape) == samples).all(), path


def transparent():
    """Grey 30 and the colour (30, 59, 88) are transparent."""
    for name, (color_type, channels) in {"grey": (0, 1), "rgb": (2, 3)}.items():
        samples = pattern(23, 17, channels, 256)
        key = struct.pack(">H" if channels == 1 else ">HHH", *[(30 + 29 * c) for c in range(channels)])
        (HERE / f"transparent-{name}.png").write_bytes(png(samples, color_type, 8, before=chunk(b"tRNS", key)))


def pillow():
    """Files as Pillow writes them, with what a radiograph is made of beside them."""
    rng = np.random.default_rng(1)
    color = rng.integers(0, 256, (11, 19, 3), dtype=np.uint8)
    grey = rng.integers(0, 256, (11, 19), dtype=np.uint8)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "patient canary")
    text.add_text("Long", "patient canary " * 200, zip=True)
    text.add(b"gAMA", struct.pack(">I", 10000))
    Image.fromarray(color).save(HERE / "pillow-color.png", pnginfo=text)
    np.save(HERE / "pillow-color.npy", np.array(Image.fromarray(color).convert("L")))
    Image.fromarray(np.repeat(grey[:, :, None], 3, 2)).save(HERE / "pillow-equal-channels.png")
    np.save(HERE / "pillow-equal-channels.npy", grey)
    wide = rng.integers(0, 65536, (11, 19), dtype=np.uint16)
    Image.fromarray(wide).save(HERE / "pillow-16.png")
    np.save(HERE / "pillow-16.npy", wide)
    Image.fromarray(grey > 127).save(HERE / "pillow-1.png")
    np.save(HERE / "pillow-1.npy", (grey > 127).astype("u1"))
    indexed = Image.fromarray(grey % 6)
    indexed.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0, 255, 255, 255])
    indexed.save(HERE / "pillow-palette.png")
    np.save(HERE / "pillow-palette.npy", grey % 6)
    over = Image.fromarray(np.dstack([grey, grey, grey, rng.integers(0, 256, (11, 19), dtype=np.uint8)]))
    over.save(HERE / "pillow-opacity.png")
    stored = np.array(over).astype(np.float64)
    np.save(HERE / "pillow-opacity.npy", np.floor(stored[:, :, 0] * stored[:, :, 3] / 255 + 0.5).astype("u1"))


# Resampling


def area_matrix(source, target):
    """Row i holds the share of the old pixels in the interval that the new pixel i covers."""
    scale = source / target
    edges = np.arange(source)
    low, high = np.arange(target)[:, None] * scale, (np.arange(target)[:, None] + 1) * scale
    cover = np.clip(np.minimum(high, edges + 1) - np.maximum(low, edges), 0, None)
    return cover / cover.sum(1, keepdims=True)


def torch_resized(image, height, width, mode, **options):
    if mode == "bilinear" or mode == "bicubic":
        options["align_corners"] = False
    tensor = torch.from_numpy(image)[None, None]
    return torch.nn.functional.interpolate(tensor, size=(height, width), mode=mode, **options)[0, 0].numpy()


def resized(image, height, width, filter):
    size = (width, height)
    pillow = lambda kind: np.array(Image.fromarray(image).resize(size, kind))
    opencv = lambda kind: cv2.resize(image, size, interpolation=kind)
    if filter == "nearest":
        return {"Pillow": pillow(Image.NEAREST), "PyTorch": torch_resized(image, height, width, "nearest-exact")}
    if filter == "bilinear":
        return {"OpenCV": opencv(cv2.INTER_LINEAR), "PyTorch": torch_resized(image, height, width, "bilinear")}
    if filter == "bilinear-antialias":
        references = {"Pillow": pillow(Image.BILINEAR)}
        if width > 1:  # PyTorch 2.13 is off by up to 0.8 for images that become one pixel wide; Pillow follows the formula
            references["PyTorch"] = torch_resized(image, height, width, "bilinear", antialias=True)
        return references
    if filter == "bicubic":
        return {"OpenCV": opencv(cv2.INTER_CUBIC), "PyTorch": torch_resized(image, height, width, "bicubic")}
    source = image.astype(np.float64)
    exact = area_matrix(image.shape[0], height) @ source @ area_matrix(image.shape[1], width).T
    shrinks = height <= image.shape[0] and width <= image.shape[1]
    return {"numpy": exact} | ({"OpenCV": opencv(cv2.INTER_AREA)} if shrinks else {})


def resampling():
    shapes = [((17, 23), (9, 11)), ((17, 23), (40, 31)), ((7, 7), (28, 35)), ((29, 13), (10, 26)), ((31, 20), (5, 4)),
              ((3, 5), (16, 1)), ((1, 1), (4, 3)), ((12, 18), (6, 9))]
    rng = np.random.default_rng(2)
    cases = []
    for (height, width), (new_height, new_width) in shapes:
        image = rng.uniform(-1, 1, (height, width)).astype(np.float32)
        for filter in ["nearest", "bilinear", "bilinear-antialias", "bicubic", "area"]:
            for reference, values in resized(image, new_height, new_width, filter).items():
                cases.append({
                    "filter": filter, "reference": reference, "source": [width, height], "target": [new_width, new_height],
                    "sourceValues": numbers(image), "targetValues": numbers(values)})
    (HERE / "resampling.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


def numbers(values):
    return [float(f"{value:.9g}") for value in np.asarray(values).reshape(-1)]


# Preprocessing


def phantom(width, height, top):
    """Two overlapping soft ellipses on a slow gradient."""
    y, x = np.mgrid[0:height, 0:width]
    first = np.exp(-(((x - 0.4 * width) / (0.2 * width)) ** 2 + ((y - 0.6 * height) / (0.3 * height)) ** 2))
    second = np.exp(-(((x - 0.6 * width) / (0.05 * width)) ** 2 + ((y - 0.3 * height) / (0.2 * height)) ** 2))
    return np.clip((0.1 * y / height + 0.7 * first + 0.5 * second) * top, 0, top)


def preprocessing():
    small = np.round(phantom(61, 93, 255)).astype(np.uint8)
    wide = np.round(phantom(77, 50, 65535)).astype(np.uint16)
    Image.fromarray(small).save(HERE / "phantom-8.png")
    Image.fromarray(wide).save(HERE / "phantom-16.png")
    mean, deviation = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])

    def pillow(grey, width, height):
        return np.array(Image.fromarray(grey.astype(np.float32)).resize((width, height), Image.BILINEAR))

    # 61×93 into 56×48 (width × height): 48/93 is the scale, 31×48 the content, 12 pixels from the left
    canvas = np.zeros((48, 56), np.float32)
    canvas[:, 12:43] = pillow(small / np.float32(255), 31, 48)
    np.save(HERE / "letterbox.npy", ((canvas - mean[:, None, None]) / deviation[:, None, None])[None].astype(np.float32))

    # 77×50 into 64×64: 64×42 (41.56), 11 pixels from the top, beside it grey 0.25; percentiles by numpy
    low, high = np.percentile(wide, [2.5, 97.5])
    canvas = np.full((64, 64), 0.25, np.float32)
    canvas[11:53] = pillow(np.clip((wide - low) / (high - low), 0, 1), 64, 42)
    np.save(HERE / "percentile.npy", canvas[None, None])

    # stretched without antialiasing, as OpenCV
    stretched = cv2.resize(wide.astype(np.float32) / 65535, (32, 40), interpolation=cv2.INTER_LINEAR)
    np.save(HERE / "stretch.npy", ((stretched - np.float32(0.5)) / np.float32(0.25))[None, None])


# npy


def arrays():
    for kind in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]:
        values = (np.arange(24).reshape(2, 3, 4) * 5) % 120
        values = values % 3 == 0 if kind == "b1" else values - 60 if kind[0] in "fi" else values
        array = values.astype(kind)
        np.save(HERE / f"array-{kind}.npy", array)
        np.save(HERE / f"array-{kind}-fortran.npy", np.asfortranarray(array))
        np.save(HERE / f"array-{kind}-big.npy", array.astype(">" + kind))
    for version in [(1, 0), (2, 0), (3, 0)]:
        with open(HERE / f"array-version-{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, np.float32([[1.5, -2.25, np.inf]]), version=version)
    np.save(HERE / "array-scalar.npy", np.float64(0.1))
    np.save(HERE / "array-empty.npy", np.zeros((0, 3), np.float32))
    np.save(HERE / "array-object.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save(HERE / "array-structure.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i2")]))
    np.save(HERE / "array-bytes.npy", np.array([b"abc"]))
    for kind, part in [("c8", "f4"), ("c16", "f8")]:
        array = ((np.arange(24).reshape(2, 3, 4) * 5) % 120 + 0.5j * np.arange(24).reshape(2, 3, 4)).astype(kind)
        np.save(HERE / f"array-{kind}.npy", array)
        np.save(HERE / f"array-{kind}-fortran.npy", np.asfortranarray(array))
        np.save(HERE / f"array-{kind}-big.npy", array.astype(">" + kind))
        np.save(HERE / f"array-{kind}-parts.npy", np.stack([array.real, array.imag], -1).astype(part))
    text = np.array([["", "a", "ß\N{BONE}"], ["Karpus", "0", "ab c"]])
    np.save(HERE / "array-text.npy", text)
    np.save(HERE / "array-text-fortran.npy", np.asfortranarray(text))
    np.save(HERE / "array-text-big.npy", text.astype(">U6"))


layouts()
transparent()
pillow()
resampling()
preprocessing()
arrays()
