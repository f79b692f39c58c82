"""From a radiograph's file to the network's input, in plain NumPy: what a card's `input` says, and nothing of Carpus.

`tensor(path, card["input"])` is the independent reference that `carpus score` is compared with. The rule, in order:
grey 0…1 of the full range or of two percentiles, clipped; letterbox to `size` by a triangle filter (as wide as two new pixels when shrinking,
weights normalised over the pixels there are); `padding` beside it; inversion where the card says so; minus mean, divided by the standard deviation.
Made with Python 3.11, NumPy 2.4.6, Pillow 13.0.0 (which only reads the PNG).
"""
import numpy as np
from PIL import Image


def radiograph(path):
    """The samples as integers and the largest value that the bit depth allows."""
    with Image.open(path) as picture:
        samples = np.asarray(picture)
    if samples.ndim != 2:
        raise ValueError("a radiograph has one channel")
    return samples, 255 if samples.dtype == np.uint8 else 65535


def spread(samples, maximum, grey_range):
    if grey_range["kind"] == "percentile":
        low, high = np.percentile(samples, [grey_range["lower"], grey_range["upper"]])
    else:
        low, high = 0, maximum
    low, high = np.float32(low), np.float32(high)
    return np.clip((samples.astype(np.float32) - low) / (high - low), 0, 1)


def triangle(source, target):
    """The matrix target × source that resamples one axis."""
    scale = source / target
    width = max(scale, 1.0)
    centres = (np.arange(target) + 0.5) * scale
    matrix = np.maximum(0, 1 - np.abs(np.arange(source)[None] + 0.5 - centres[:, None]) / width)
    return matrix / matrix.sum(1, keepdims=True)


def resampled(field, height, width):
    return triangle(field.shape[0], height) @ field.astype(np.float64) @ triangle(field.shape[1], width).T


def letterboxed(field, height, width, padding):
    """The field as large as fits, in the middle; and where it lies: left, top, and the scales of x and y."""
    scale = min(width / field.shape[1], height / field.shape[0])
    size = [min(max(int(np.floor(scale * n + 0.5)), 1), m) for n, m in zip(field.shape, (height, width))]
    top, left = (height - size[0]) // 2, (width - size[1]) // 2
    canvas = np.full((height, width), padding, np.float64)
    canvas[top:top + size[0], left:left + size[1]] = resampled(field, *size)
    return canvas, (left, top, size[1] / field.shape[1], size[0] / field.shape[0])


def tensor(path, card):
    """1 × channels × height × width, float32."""
    resize = card["resize"]
    if (resize["fit"], resize["filter"]) != ("letterbox", "bilinear-antialias"):
        raise ValueError("this script letterboxes by bilinear-antialias only")
    grey = spread(*radiograph(path), card["range"])
    canvas, _ = letterboxed(1 - grey if card.get("inverted") else grey, *card["size"], resize["padding"])
    mean, deviation = (np.array(card[key])[:, None, None] for key in ("mean", "standardDeviation"))
    return ((np.repeat(canvas[None], card["channels"], 0) - mean) / deviation)[None].astype(np.float32)
