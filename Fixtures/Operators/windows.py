"""Operators that slide a window, or look at each channel as a whole: Conv, MaxPool, AveragePool, GlobalAveragePool, BatchNormalization."""
import itertools
import numpy as np, torch
import torch.nn.functional as F
from harness import *


def paddings(extents, kernel, strides, dilations, pads, auto_pad):
    """The pads before and after each axis that an ONNX node means."""
    rank = len(extents)
    if auto_pad in ("NOTSET", "VALID"):
        pads = list(pads) if pads and auto_pad == "NOTSET" else [0] * 2 * rank
        return pads[:rank], pads[rank:]
    before, after = [], []
    for n, k, s, d in zip(extents, kernel, strides, dilations):
        total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        small, large = total // 2, total - total // 2
        before.append(small if auto_pad == "SAME_UPPER" else large)
        after.append(large if auto_pad == "SAME_UPPER" else small)
    return before, after


def convolution(x, w, b=None, kernel_shape=None, strides=None, dilations=None, pads=None, group=1, auto_pad="NOTSET"):
    rank = x.ndim - 2
    kernel, strides, dilations = w.shape[2:], strides or [1] * rank, dilations or [1] * rank
    before, after = paddings(x.shape[2:], kernel, strides, dilations, pads, auto_pad)
    x, w, b = (None if v is None else torch.from_numpy(v) for v in (x, w, b))
    x = F.pad(x, [p for pair in reversed(list(zip(before, after))) for p in pair])
    return (F.conv1d, F.conv2d, F.conv3d)[rank - 1](x, w, b, stride=strides, dilation=dilations, groups=group)


def windows(x, kernel_shape, strides, dilations, pads, auto_pad, ceil_mode):
    """For each place of the result (one index per spatial axis): the positions, per axis, that the window covers, padding included."""
    rank = len(kernel_shape)
    strides, dilations = strides or [1] * rank, dilations or [1] * rank
    before, after = paddings(x.shape[2:], kernel_shape, strides, dilations, pads, auto_pad)
    extents = []
    for n, k, s, d, p, q in zip(x.shape[2:], kernel_shape, strides, dilations, before, after):
        span = n + p + q - ((k - 1) * d + 1)
        m = (-(-span // s) if ceil_mode else span // s) + 1
        if ceil_mode and (m - 1) * s >= n + p:  # a window that starts in the padding on the right does not exist
            m -= 1
        extents.append(m)
    def positions(place):
        return [[o * s - p + j * d for j in range(k)] for o, k, s, d, p in zip(place, kernel_shape, strides, dilations, before)]
    return extents, positions, before, after


def max_pool(x, kernel_shape, strides=None, dilations=None, pads=None, auto_pad="NOTSET", ceil_mode=0, storage_order=0):
    extents, positions, _, _ = windows(x, kernel_shape, strides, dilations, pads, auto_pad, ceil_mode)
    y = np.full(x.shape[:2] + tuple(extents), -np.inf)
    indices = np.zeros(y.shape, np.int64)
    for n, c in np.ndindex(*x.shape[:2]):
        for place in np.ndindex(*extents):
            inside = [at for at in itertools.product(*positions(place)) if all(0 <= i < e for i, e in zip(at, x.shape[2:]))]
            best = max(inside, key=lambda at: x[(n, c) + at])  # the first of equals
            y[(n, c) + place] = x[(n, c) + best]
            indices[(n, c) + place] = np.ravel_multi_index((n, c) + best, x.shape)
    return y.astype(x.dtype), indices


def average_pool(x, kernel_shape, strides=None, dilations=None, pads=None, auto_pad="NOTSET", ceil_mode=0, count_include_pad=0):
    extents, positions, before, after = windows(x, kernel_shape, strides, dilations, pads, auto_pad, ceil_mode)
    y = np.zeros(x.shape[:2] + tuple(extents))
    for place in np.ndindex(*extents):
        covered = list(itertools.product(*positions(place)))
        inside = [at for at in covered if all(0 <= i < e for i, e in zip(at, x.shape[2:]))]
        padded = [at for at in covered if all(-p <= i < e + q for i, e, p, q in zip(at, x.shape[2:], before, after))]
        total = sum(x[(slice(None), slice(None)) + at] for at in inside)
        y[(slice(None), slice(None)) + place] = total / len(padded if count_include_pad else inside)
    return y


def conv(name, x, w, b=None, **more):
    operands = [numbers("x" + name, *x), numbers("w" + name, *w, scale=0.5)]
    if b:
        operands.append(numbers("b" + name, w[0]))
    more.setdefault("constant", (1, 2) if b else (1,))
    case("Conv", name, operands, oracle=convolution, tolerance=SUMS, **more)


def convs():
    conv("one axis", (2, 3, 9), (4, 3, 3), b=True, kernel_shape=[3], pads=[1, 1])
    conv("one axis, stride 2, dilation 2, right padding", (1, 2, 10), (3, 2, 3), kernel_shape=[3], pads=[0, 2], strides=[2], dilations=[2])
    conv("plain", (1, 2, 5, 6), (3, 2, 3, 3), b=True, kernel_shape=[3, 3])
    conv("no bias", (2, 2, 5, 4), (2, 2, 3, 3), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    conv("no kernel_shape", (1, 2, 5, 4), (2, 2, 3, 2), b=True, pads=[1, 0, 1, 0])
    conv("variable weights", (1, 2, 4, 4), (2, 2, 3, 3), b=True, kernel_shape=[3, 3], constant=())
    conv("pointwise", (2, 5, 3, 4), (7, 5, 1, 1), b=True, kernel_shape=[1, 1])
    conv("pointwise, stride 2", (1, 3, 5, 6), (4, 3, 1, 1), kernel_shape=[1, 1], strides=[2, 2])
    conv("stem 7x7, stride 2, padding 3", (1, 3, 11, 9), (2, 3, 7, 7), kernel_shape=[7, 7], strides=[2, 2], pads=[3, 3, 3, 3])
    conv("patches 4x4, stride 4", (1, 3, 8, 12), (5, 3, 4, 4), b=True, kernel_shape=[4, 4], strides=[4, 4])
    conv("1x7", (1, 2, 3, 9), (3, 2, 1, 7), kernel_shape=[1, 7], pads=[0, 3, 0, 3])
    conv("7x1", (1, 2, 9, 3), (3, 2, 7, 1), kernel_shape=[7, 1], pads=[3, 0, 3, 0])
    conv("asymmetric pads", (1, 2, 5, 5), (2, 2, 3, 3), b=True, kernel_shape=[3, 3], pads=[0, 0, 1, 1], strides=[2, 2])
    conv("asymmetric pads on each side", (1, 1, 4, 5), (2, 1, 3, 3), kernel_shape=[3, 3], pads=[2, 0, 1, 3])
    conv("unequal strides", (1, 2, 7, 8), (2, 2, 3, 2), kernel_shape=[3, 2], strides=[1, 3], pads=[1, 1, 1, 1])
    conv("dilation 2", (1, 2, 7, 7), (2, 2, 3, 3), b=True, kernel_shape=[3, 3], dilations=[2, 2], pads=[2, 2, 2, 2])
    conv("unequal dilations", (1, 1, 8, 6), (2, 1, 3, 3), kernel_shape=[3, 3], dilations=[3, 1])
    conv("two groups", (1, 4, 5, 5), (6, 2, 3, 3), b=True, kernel_shape=[3, 3], group=2, pads=[1, 1, 1, 1])
    conv("four groups, batch 2, stride 2", (2, 8, 5, 4), (4, 2, 3, 3), kernel_shape=[3, 3], group=4, strides=[2, 2], pads=[1, 1, 1, 1])
    conv("depthwise", (2, 5, 5, 6), (5, 1, 3, 3), b=True, kernel_shape=[3, 3], group=5, pads=[1, 1, 1, 1])
    conv("depthwise, stride 2, 5x5", (1, 3, 8, 7), (3, 1, 5, 5), kernel_shape=[5, 5], group=3, strides=[2, 2], pads=[2, 2, 2, 2])
    conv("depthwise, dilation 2", (1, 3, 7, 7), (3, 1, 3, 3), kernel_shape=[3, 3], group=3, dilations=[2, 2], pads=[2, 2, 2, 2])
    conv("depthwise with two results per channel", (1, 3, 4, 5), (6, 1, 3, 3), b=True, kernel_shape=[3, 3], group=3)
    conv("SAME_UPPER", (1, 2, 5, 6), (2, 2, 3, 2), b=True, kernel_shape=[3, 2], auto_pad="SAME_UPPER")
    conv("SAME_UPPER, stride 2", (1, 2, 6, 7), (2, 2, 3, 3), kernel_shape=[3, 3], auto_pad="SAME_UPPER", strides=[2, 2])
    conv("SAME_UPPER, stride 3 beyond the kernel", (1, 1, 7, 8), (2, 1, 2, 2), kernel_shape=[2, 2], auto_pad="SAME_UPPER", strides=[3, 3])
    conv("SAME_LOWER", (1, 2, 5, 6), (2, 2, 3, 2), kernel_shape=[3, 2], auto_pad="SAME_LOWER")
    conv("SAME_LOWER, stride 2", (1, 2, 6, 7), (2, 2, 3, 3), kernel_shape=[3, 3], auto_pad="SAME_LOWER", strides=[2, 2])
    conv("VALID", (1, 2, 5, 6), (2, 2, 3, 3), kernel_shape=[3, 3], auto_pad="VALID", strides=[2, 1])
    conv("NOTSET", (1, 2, 5, 6), (2, 2, 3, 3), kernel_shape=[3, 3], auto_pad="NOTSET", pads=[1, 1, 1, 1])
    conv("depthwise, SAME_UPPER, stride 2", (1, 3, 6, 6), (3, 1, 3, 3), kernel_shape=[3, 3], auto_pad="SAME_UPPER", strides=[2, 2], group=3)
    conv("kernel as large as the image", (2, 2, 4, 3), (3, 2, 4, 3), b=True, kernel_shape=[4, 3])
    conv("three axes", (1, 2, 4, 5, 3), (2, 2, 3, 2, 3), b=True, kernel_shape=[3, 2, 3], pads=[1, 0, 1, 1, 1, 1])
    conv("three axes, two groups, strides", (1, 4, 5, 5, 4), (2, 2, 2, 3, 2), kernel_shape=[2, 3, 2], strides=[2, 1, 2], group=2)
    conv("opset 11", (1, 2, 5, 4), (2, 2, 3, 3), b=True, kernel_shape=[3, 3], pads=[1, 1, 1, 1], opset=11)
    conv("opset 22", (1, 2, 5, 4), (2, 2, 3, 3), b=True, kernel_shape=[3, 3], pads=[1, 1, 1, 1], opset=22)
    conv("empty batch", (0, 2, 5, 4), (2, 2, 3, 3), kernel_shape=[3, 3])
    case("Conv", "many channels",
         [numbers("mcx", 1, 9, 4, 5), numbers("mcw", 17, 9, 3, 3, scale=0.2, digits=2)], constant=(1,), oracle=convolution, tolerance=SUMS,
         kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    for label, dtype in (("float64", f8), ("float16", f2)):
        case("Conv", label, [numbers("cx" + label, 1, 2, 4, 5, dtype=dtype), numbers("cw" + label, 3, 2, 3, 3, dtype=dtype), numbers("cb" + label, 3, dtype=dtype)],
             constant=(1, 2), oracle=convolution, tolerance=SUMS, kernel_shape=[3, 3], pads=[1, 1, 1, 1])


def make():
    convs()
    max_pools()
    average_pools()
    global_pools()
    normalisations()


def max_pools():
    def add(name, x, **more):
        x = x if isinstance(x, np.ndarray) else numbers("mp" + name, *x)
        case("MaxPool", name, [x], oracle=max_pool, **more)
    add("2x2, stride 2", (2, 3, 4, 6), kernel_shape=[2, 2], strides=[2, 2])
    add("3x3, stride 2, padding 1", (1, 2, 7, 6), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    add("stride left out", (1, 2, 4, 5), kernel_shape=[2, 3])
    add("all below zero, padded", -np.abs(numbers("mpn", 1, 2, 4, 4)) - f4(1), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    add("asymmetric pads", (1, 2, 5, 5), kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])
    add("asymmetric pads on each side", (1, 1, 4, 5), kernel_shape=[3, 3], pads=[2, 0, 1, 2])
    add("ceil_mode 1", (1, 2, 6, 6), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    add("ceil_mode 1 that changes nothing", (1, 2, 5, 7), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    add("ceil_mode 1, padding 1", (1, 2, 6, 5), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)
    add("ceil_mode 1, no window starts in the padding", (1, 1, 5, 5), kernel_shape=[2, 2], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)
    add("ceil_mode 1, stride beyond the kernel", (1, 1, 5, 5), kernel_shape=[1, 1], strides=[3, 3], ceil_mode=1, opset=22)
    add("ceil_mode 0 written", (1, 1, 6, 6), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=0)
    add("dilation 2", (1, 2, 7, 7), kernel_shape=[3, 3], dilations=[2, 2])
    add("dilation 2, padding, stride", (1, 1, 8, 7), kernel_shape=[2, 3], dilations=[2, 2], strides=[2, 1], pads=[1, 1, 1, 1])
    add("dilations written as 1", (1, 1, 4, 4), kernel_shape=[2, 2], dilations=[1, 1])
    add("SAME_UPPER", (1, 2, 5, 6), kernel_shape=[2, 2], auto_pad="SAME_UPPER")
    add("SAME_UPPER, stride 2", (1, 2, 6, 7), kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")
    add("SAME_LOWER, stride 2", (1, 2, 6, 7), kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_LOWER")
    add("VALID", (1, 2, 6, 7), kernel_shape=[3, 3], strides=[2, 2], auto_pad="VALID")
    add("one axis", (2, 2, 8), kernel_shape=[3], strides=[2], pads=[1, 1])
    add("three axes", (1, 2, 4, 3, 4), kernel_shape=[2, 2, 2], strides=[2, 1, 2])
    add("large window", (1, 1, 12, 5), kernel_shape=[12, 4], strides=[1, 1])
    add("indices", (2, 2, 4, 4), kernel_shape=[2, 2], strides=[2, 2], results=2)
    add("indices, storage_order 0, padding", (1, 2, 5, 4), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], storage_order=0, results=2)
    add("indices of equals", np.array([[[[1, 1, 2, 2], [1, 1, 2, 2], [0, 0, 0, 0], [0, 0, 0, 0]]]], f4), kernel_shape=[2, 2], strides=[2, 2], results=2)
    add("indices, one axis", (1, 2, 6), kernel_shape=[2], strides=[2], results=2)
    add("opset 8", (1, 2, 5, 5), kernel_shape=[2, 2], strides=[2, 2], opset=8)
    add("opset 10", (1, 2, 5, 5), kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1, opset=10)
    add("opset 11", (1, 2, 5, 5), kernel_shape=[2, 2], strides=[2, 2], opset=11)
    add("opset 22", (1, 2, 5, 5), kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1, opset=22)
    add("infinities", np.array([[[[-np.inf, -np.inf, 1, np.inf], [-np.inf, -np.inf, 2, 3]]]], f4), kernel_shape=[2, 2], strides=[2, 2])
    add("float64", numbers("mpd", 1, 2, 4, 4, dtype=f8), kernel_shape=[2, 2], strides=[2, 2])
    add("float16", numbers("mph", 1, 2, 4, 4, dtype=f2), kernel_shape=[2, 2], strides=[2, 2])
    add("uint8", integers("mpu", 0, 255, 1, 1, 4, 4, dtype=np.uint8), kernel_shape=[2, 2], strides=[2, 2])


def average_pools():
    def add(name, x, **more):
        x = x if isinstance(x, np.ndarray) else numbers("ap" + name, *x)
        case("AveragePool", name, [x], oracle=average_pool, tolerance=SUMS, **more)
    add("2x2, stride 2", (2, 3, 4, 6), kernel_shape=[2, 2], strides=[2, 2])
    add("stride left out", (1, 2, 4, 5), kernel_shape=[2, 3])
    for count in (0, 1):
        more = dict(count_include_pad=count)
        add(f"padding 1, count_include_pad {count}", (1, 2, 5, 6), kernel_shape=[3, 3], pads=[1, 1, 1, 1], **more)
        add(f"padding 1, stride 2, count_include_pad {count}", (1, 2, 7, 6), kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2], **more)
        add(f"ceil_mode 1, count_include_pad {count}", (1, 2, 6, 6), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1, **more)
        add(f"ceil_mode 1, padding 1, count_include_pad {count}", (1, 2, 6, 5), kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2], ceil_mode=1, **more)
        add(f"ceil_mode 1, no window starts in the padding, count_include_pad {count}", (1, 1, 5, 5), kernel_shape=[2, 2], pads=[1, 1, 1, 1], strides=[2, 2], ceil_mode=1, **more)
        add(f"ceil_mode 1, 4x4 windows, padding 1, count_include_pad {count}", (1, 1, 8, 7), kernel_shape=[4, 4], pads=[1, 1, 1, 1], strides=[3, 3], ceil_mode=1, **more)
        add(f"asymmetric pads, count_include_pad {count}", (1, 2, 5, 5), kernel_shape=[3, 3], pads=[0, 1, 2, 1], strides=[2, 2], **more)
        add(f"SAME_UPPER, count_include_pad {count}", (1, 2, 6, 5), kernel_shape=[3, 2], strides=[2, 2], auto_pad="SAME_UPPER", **more)
        add(f"one axis, count_include_pad {count}", (2, 2, 7), kernel_shape=[3], strides=[2], pads=[1, 1], **more)
    add("SAME_LOWER", (1, 2, 5, 6), kernel_shape=[2, 2], auto_pad="SAME_LOWER")
    add("VALID", (1, 2, 6, 7), kernel_shape=[3, 3], strides=[2, 2], auto_pad="VALID")
    add("one axis, ceil_mode 1", (1, 2, 8), kernel_shape=[3], strides=[2], ceil_mode=1)
    add("three axes", (1, 2, 4, 3, 4), kernel_shape=[2, 2, 2], strides=[2, 1, 2])
    add("7x7 to one", (1, 3, 7, 7), kernel_shape=[7, 7])
    add("opset 7", (1, 2, 5, 5), kernel_shape=[2, 2], strides=[2, 2], opset=7, count_include_pad=1)
    add("opset 10", (1, 2, 5, 5), kernel_shape=[2, 2], strides=[2, 2], opset=10, ceil_mode=1)
    add("opset 11", (1, 2, 5, 5), kernel_shape=[2, 2], strides=[2, 2], opset=11)
    add("opset 19, dilation 2", (1, 2, 7, 7), kernel_shape=[3, 3], dilations=[2, 2], opset=19)
    add("opset 22, dilation 2, padding", (1, 1, 7, 6), kernel_shape=[2, 3], dilations=[2, 2], pads=[1, 1, 1, 1], opset=22)
    case("AveragePool", "float64", [numbers("apd", 1, 2, 4, 4, dtype=f8)], oracle=average_pool, tolerance=SUMS, kernel_shape=[2, 2], strides=[2, 2])
    case("AveragePool", "float16", [numbers("aph", 1, 2, 4, 4, dtype=f2)], oracle=average_pool, tolerance=SUMS, kernel_shape=[2, 2], strides=[2, 2])


def global_pools():
    mean = lambda x: x.mean(axis=tuple(range(2, x.ndim)), keepdims=True)
    for name, shape in (("one axis", (2, 3, 5)), ("two axes", (2, 3, 4, 5)), ("three axes", (1, 2, 3, 2, 3)), ("one pixel", (2, 3, 1, 1)), ("7x7", (1, 2, 7, 7))):
        case("GlobalAveragePool", name, [numbers("gap" + name, *shape)], oracle=mean, tolerance=SUMS)
    case("GlobalAveragePool", "opset 22", [numbers("gap22", 1, 3, 3, 3)], oracle=mean, tolerance=SUMS, opset=22)
    case("GlobalAveragePool", "float64", [numbers("gapd", 1, 3, 3, 3, dtype=f8)], oracle=mean, tolerance=SUMS)
    case("GlobalAveragePool", "float16", [numbers("gaph", 1, 3, 3, 3, dtype=f2)], oracle=mean, tolerance=SUMS)
    case("GlobalAveragePool", "large values", [numbers("gapl", 1, 2, 4, 4) + f4(1000)], oracle=mean, tolerance=(0, 1e-6))


def batch_normalisation(x, scale, bias, mean, variance, epsilon=1e-5, momentum=0.9, training_mode=0, **_):
    shape = [1, -1] + [1] * (x.ndim - 2)
    others = tuple(i for i in range(x.ndim) if i != 1)
    now = (mean, variance) if not training_mode else (x.mean(others), x.var(others))
    y = (x - now[0].reshape(shape)) / np.sqrt(now[1].reshape(shape) + np.float32(epsilon)) * scale.reshape(shape) + bias.reshape(shape)
    m = np.float64(np.float32(momentum))
    return (y,) if not training_mode else (y, mean * m + now[0] * (1 - m), variance * m + now[1] * (1 - m))


def normalisations():
    def add(name, shape, dtype=f4, **more):
        k, c = "bn" + name, shape[1]
        operands = [numbers(k + "x", *shape, dtype=dtype), numbers(k + "s", c, dtype=dtype), numbers(k + "b", c, dtype=dtype), numbers(k + "m", c, dtype=dtype), np.abs(numbers(k + "v", c, dtype=dtype)) + dtype(0.25)]
        more.setdefault("constant", (1, 2, 3, 4))
        case("BatchNormalization", name, operands, oracle=batch_normalisation, **{**dict(tolerance=SUMS), **more})
    for opset in (9, 14, 15):
        add(f"opset {opset}", (2, 3, 3, 2), opset=opset)
        add(f"opset {opset}, epsilon 1e-3", (1, 4, 2, 2), opset=opset, epsilon=1e-3, momentum=0.99)
        add(f"opset {opset}, one axis", (2, 3, 4), opset=opset)
    add("matrix", (4, 3))
    add("three axes", (1, 2, 2, 2, 3))
    add("epsilon 1e-8", (1, 3, 2, 2), epsilon=1e-8)
    add("parameters that are not constant", (2, 3, 2, 2), constant=())
    add("training_mode 0 written", (1, 3, 2, 2), training_mode=0, opset=14)
    trained = dict(training_mode=1, results=3, tolerance=(1e-5, 1e-5))
    add("training_mode 1, three results", (2, 3, 4, 3), opset=15, **trained)
    add("training_mode 1, three results, opset 14", (3, 2, 2, 2), opset=14, **trained)
    add("training_mode 1, momentum 0.5, epsilon 1e-8", (1, 3, 3, 3), opset=15, momentum=0.5, epsilon=1e-8, **trained)
    add("training_mode 1, one channel per filter", (1, 5, 9), opset=15, epsilon=1e-8, **trained)
    add("float64", (1, 3, 2, 2), dtype=f8)
    add("opset 7, momentum", (2, 3, 2, 2), opset=7, momentum=0.1)
