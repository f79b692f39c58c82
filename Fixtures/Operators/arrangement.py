"""Operators that rearrange, select, join, build or describe."""
import numpy as np
from harness import *


def reshaped(x, shape, allowzero=0):
    wanted = [int(x.shape[i]) if n == 0 and not allowzero else int(n) for i, n in enumerate(shape)]
    return x.reshape(wanted)


def described(x, start=0, end=None):
    return np.array(x.shape[start:end], np.int64)


def make():
    x = numbers("reshape", 2, 3, 4)
    for name, shape in (("to a matrix", [4, 6]), ("to a vector", [24]), ("one extent inferred", [2, -1]), ("zero copies an extent", [0, -1]),
                        ("zero in the middle", [2, 0, -1]), ("two zeros", [0, 0, 2, 2]), ("zero and minus one", [-1, 0]), ("more axes", [2, 1, 3, 1, 4]),
                        ("minus one that becomes one", [2, 3, 4, -1])):
        case("Reshape", name, [x, vector(*shape)], constant=(1,), oracle=reshaped, opset=13)
    case("Reshape", "shape is not constant", [x, vector(6, -1)], oracle=reshaped, opset=14)
    case("Reshape", "scalar to a vector", [scalar(2.5), vector(-1)], constant=(1,), oracle=reshaped)
    case("Reshape", "one element to a scalar", [np.array([[2.5]], f4), np.zeros(0, i8)], constant=(1,), oracle=reshaped)
    case("Reshape", "allowzero 0", [x, vector(0, 12)], constant=(1,), oracle=reshaped, allowzero=0)
    case("Reshape", "allowzero 1, no zero", [x, vector(-1, 8)], constant=(1,), oracle=reshaped, allowzero=1)
    case("Reshape", "allowzero 1, no elements", [np.zeros((0, 3), f4), vector(3, 0)], constant=(1,), oracle=reshaped, allowzero=1)
    case("Reshape", "no elements, zero copied", [np.zeros((0, 3), f4), vector(0, 1, 3)], constant=(1,), oracle=reshaped)
    for kind in (f8, f2, i8, i4, np.bool_, np.uint8):
        case("Reshape", np.dtype(kind).name, [integers("rk", 0, 2, 2, 3).astype(kind), vector(3, -1)], constant=(1,), oracle=reshaped)
    case("Reshape", "opset 5", [x, vector(-1, 3)], constant=(1,), oracle=reshaped, opset=5)

    for name, shape in (("three axes", (2, 3, 4)), ("scalar", ()), ("vector", (5,)), ("no elements", (0, 3)), ("five axes", (1, 2, 1, 3, 2))):
        case("Shape", name, [np.zeros(shape, f4)], oracle=described)
    x = np.zeros((2, 3, 4, 5), f4)
    for name, more in (("start 1", dict(start=1)), ("start -1", dict(start=-1)), ("end 2", dict(end=2)), ("end -1", dict(end=-1)),
                       ("start 1 and end 3", dict(start=1, end=3)), ("start -3 and end -1", dict(start=-3, end=-1)), ("end beyond the rank", dict(end=10)),
                       ("start before the first axis", dict(start=-10, end=2)), ("nothing between", dict(start=3, end=2))):
        case("Shape", name, [x], oracle=described if name != "start before the first axis" else lambda x, start, end: described(x, 0, end), **more)
    case("Shape", "int64", [np.zeros((2, 3), i8)], oracle=described)
    case("Shape", "version 1", [np.zeros((2, 3), f4)], oracle=described, opset=7)
    shapes()
    selections()
    joins()
    pads()
    slices()
    constants()


def shapes():
    for name, shape, perm in (("rank 1", (3,), [0]), ("rank 2", (2, 3), [1, 0]), ("to channels last", (2, 3, 2, 4), [0, 2, 3, 1]), ("to channels first", (2, 2, 4, 3), [0, 3, 1, 2]),
                              ("rank 3, 2 0 1", (2, 3, 4), [2, 0, 1]), ("heads", (1, 4, 2, 3), [0, 2, 1, 3]), ("keys", (1, 2, 4, 3), [0, 1, 3, 2]), ("unchanged", (2, 3, 2), [0, 1, 2]),
                              ("rank 5", (2, 3, 1, 2, 2), [2, 0, 3, 1, 4]), ("windows, rank 6", (1, 2, 2, 2, 2, 3), [0, 1, 3, 2, 4, 5]), ("rank 6, reversed", (1, 2, 3, 1, 2, 2), [5, 4, 3, 2, 1, 0]),
                              ("no elements", (2, 0, 3), [2, 1, 0]), ("large enough for tiles", (1, 9, 10), [0, 2, 1])):
        case("Transpose", name, [numbers("tr" + name, *shape, digits=2)], perm=perm, opset=13, oracle=lambda x, perm: np.transpose(x, perm))
    for rank in range(1, 5):
        case("Transpose", f"default, rank {rank}", [numbers(f"trd{rank}", *(2, 3, 2, 2)[:rank])], opset=13, oracle=np.transpose)
    for kind in (i8, np.bool_, f8, f2, np.uint8):
        case("Transpose", np.dtype(kind).name, [integers("trk", 0, 2, 2, 3).astype(kind)], perm=[1, 0], opset=13, oracle=lambda x, perm: np.transpose(x, perm))

    def flattened(x, axis=1):
        axis = axis if axis >= 0 else axis + x.ndim
        return x.reshape(int(np.prod(x.shape[:axis])), -1 if x.size else int(np.prod(x.shape[axis:])))
    x = numbers("flatten", 2, 3, 2, 2)
    case("Flatten", "default", [x], oracle=flattened, opset=13)
    for axis in (0, 1, 2, 3, 4, -1, -2, -4):
        case("Flatten", f"axis {axis}", [x], axis=axis, oracle=flattened, opset=13)
    case("Flatten", "vector, axis 0", [x[0, 0, 0]], axis=0, oracle=flattened, opset=13)
    case("Flatten", "vector, axis 1", [x[0, 0, 0]], axis=1, oracle=flattened, opset=13)
    case("Flatten", "no elements", [np.zeros((0, 3, 2), f4)], axis=1, oracle=flattened, opset=13)
    case("Flatten", "opset 9", [x], axis=2, oracle=flattened, opset=9)
    case("Flatten", "int64", [integers("flatteni", 0, 9, 2, 1, 3)], axis=1, oracle=flattened, opset=13)

    def squeezed(x, axes=None):
        return x.squeeze() if axes is None else x.squeeze(tuple(int(a) for a in axes))
    x = numbers("squeeze", 1, 3, 1, 2, 1)
    for name, axes in (("axis 0", [0]), ("axes 0 and 2", [0, 2]), ("last axis, negative", [-1]), ("negative and positive, unsorted", [-1, 0]), ("all three", [0, 2, 4])):
        case("Squeeze", "operand, " + name, [x, vector(*axes)], constant=(1,), opset=13, oracle=squeezed)
        case("Squeeze", "attribute, " + name, [x], axes=axes, opset=11, oracle=squeezed)
    case("Squeeze", "operand, no axes", [x], opset=13, oracle=squeezed)
    case("Squeeze", "attribute, no axes", [x], opset=11, oracle=squeezed)
    case("Squeeze", "to a scalar", [np.array([[4]], f4), vector(0, 1)], constant=(1,), opset=13, oracle=squeezed)
    case("Squeeze", "int64", [vector(5), vector(0)], constant=(1,), opset=13, oracle=squeezed)
    case("Squeeze", "axes are not constant", [x, vector(2)], opset=13, oracle=squeezed)

    def unsqueezed(x, axes):
        rank = x.ndim + len(axes)
        at = {int(a) % rank for a in axes}
        extents = iter(x.shape)
        return x.reshape([1 if i in at else next(extents) for i in range(rank)])
    x = numbers("unsqueeze", 2, 3)
    for name, axes in (("axis 0", [0]), ("axis 1", [1]), ("last", [2]), ("negative", [-1]), ("negative first", [-3]), ("two", [0, 3]), ("two, unsorted", [3, 1]), ("negative and positive", [-1, 0])):
        case("Unsqueeze", "operand, " + name, [x, vector(*axes)], constant=(1,), opset=13, oracle=unsqueezed)
        if name != "negative first":
            case("Unsqueeze", "attribute, " + name, [x], axes=axes, opset=11, oracle=unsqueezed)
    case("Unsqueeze", "scalar", [scalar(7, i8), vector(0)], constant=(1,), opset=13, oracle=unsqueezed)
    case("Unsqueeze", "version 1", [x], axes=[1], opset=7, oracle=unsqueezed)

    def expanded(x, shape):
        return x * np.ones([int(n) for n in shape], x.dtype) if x.dtype != np.bool_ else x & np.ones([int(n) for n in shape], np.bool_)
    for name, shape, target in (("row", (1, 3), [4, 3]), ("column", (3, 1), [3, 2]), ("more axes", (3, 1), [2, 1, 4]), ("target of ones", (2, 3), [1, 1]), ("both sides", (3, 1), [2, 1, 5]),
                                ("fewer axes than the operand", (2, 3, 1), [4]), ("unchanged", (2, 3), [2, 3]), ("scalar", (), [2, 3]), ("class token", (1, 1, 4), [3, 1, 1]), ("to nothing", (1, 3), [0, 3])):
        case("Expand", name, [numbers("ex" + name, *shape), vector(*target)], constant=(1,), opset=13, oracle=expanded)
    case("Expand", "shape is not constant", [numbers("exv", 3, 1), vector(2, 1, 2)], opset=8, oracle=expanded)
    case("Expand", "int64", [vector(1, 2), vector(2, 2)], constant=(1,), opset=13, oracle=expanded)
    case("Expand", "bool", [np.array([[True], [False]]), vector(2, 2)], constant=(1,), opset=13, oracle=expanded)


def gathered(x, indices, axis=0):
    return np.take(x, np.where(indices < 0, indices + x.shape[axis], indices), axis=axis)


def gathered_nd(x, indices, batch_dims=0):
    result = []
    for place in np.ndindex(*indices.shape[:-1]):
        result.append(x[place[:batch_dims] + tuple(int(i) for i in indices[place])])
    return np.array(result).reshape(indices.shape[:-1] + x.shape[batch_dims + indices.shape[-1]:])


def scattered(x, indices, updates, reduction="none"):
    y = x.copy()
    rule = dict(none=lambda a, b: b, add=lambda a, b: a + b, mul=lambda a, b: a * b, max=np.maximum, min=np.minimum)[reduction]
    for place in np.ndindex(*indices.shape[:-1]):
        at = tuple(int(i) for i in indices[place])
        y[at] = rule(y[at], updates[place])
    return y


def selections():
    x = numbers("gather", 3, 4, 2)
    for axis in (0, 1, 2, -1, -2):
        extent = x.shape[axis]
        case("Gather", f"axis {axis}, vector", [x, vector(extent - 1, 0, 0)], constant=(1,), axis=axis, oracle=gathered, opset=13)
        case("Gather", f"axis {axis}, scalar", [x, scalar(1, i8)], constant=(1,), axis=axis, oracle=gathered, opset=13)
    case("Gather", "default axis", [x, vector(2, 1)], constant=(1,), oracle=gathered, opset=13)
    case("Gather", "negative indices", [x, vector(-1, -3, 2)], constant=(1,), axis=0, oracle=gathered, opset=13)
    case("Gather", "matrix of indices", [x, np.array([[0, 3], [2, -1]], i8)], constant=(1,), axis=1, oracle=gathered, opset=13)
    case("Gather", "int32 indices", [x, vector(1, 0, dtype=i4)], constant=(1,), axis=2, oracle=gathered, opset=13)
    case("Gather", "indices are not constant", [x, vector(1, 0)], axis=1, oracle=gathered, opset=13)
    case("Gather", "axis 4", [numbers("gather4", 1, 2, 1, 2, 3), vector(2, 0)], constant=(1,), axis=4, oracle=gathered, opset=13)
    case("Gather", "one extent of a shape", [vector(2, 3, 4), scalar(-1, i8)], constant=(1,), axis=0, oracle=gathered, opset=13)
    case("Gather", "no indices", [x, np.zeros(0, i8)], constant=(1,), axis=1, oracle=gathered, opset=13)
    case("Gather", "version 1", [x, vector(1)], constant=(1,), axis=0, oracle=gathered, opset=7)
    case("Gather", "bool", [np.array([[True, False], [False, False]]), vector(1, 0)], constant=(1,), axis=0, oracle=gathered, opset=13)

    x = numbers("gathernd", 2, 3, 4)
    case("GatherND", "elements", [x, np.array([[0, 1, 2], [1, 2, 3], [0, 0, 0]], i8)], constant=(1,), oracle=gathered_nd, opset=13)
    case("GatherND", "rows", [x, np.array([[0, 1], [1, 2]], i8)], constant=(1,), oracle=gathered_nd, opset=13)
    case("GatherND", "blocks", [x, np.array([[1], [0], [1]], i8)], constant=(1,), oracle=gathered_nd, opset=13)
    case("GatherND", "negative indices", [x, np.array([[-1, -2], [0, -3]], i8)], constant=(1,), oracle=gathered_nd, opset=13)
    case("GatherND", "three axes of indices", [x, np.array([[[0, 0]], [[1, 1]]], i8)], constant=(1,), oracle=gathered_nd, opset=13)
    case("GatherND", "batch_dims 0 written", [x, np.array([[0, 1, 1]], i8)], constant=(1,), batch_dims=0, oracle=gathered_nd, opset=13)
    case("GatherND", "batch_dims 1", [x, np.array([[1], [2]], i8)], constant=(1,), batch_dims=1, oracle=gathered_nd, opset=13)
    case("GatherND", "batch_dims 1, elements", [x, np.array([[[1, 0], [2, 3]], [[0, 0], [1, 2]]], i8)], constant=(1,), batch_dims=1, oracle=gathered_nd, opset=13)
    case("GatherND", "batch_dims 2", [x, np.array([[[0], [1], [2]], [[3], [2], [-1]]], i8)], constant=(1,), batch_dims=2, oracle=gathered_nd, opset=13)
    case("GatherND", "int64", [integers("gni", 0, 9, 2, 2), np.array([[0, 1], [1, 0]], i8)], constant=(1,), oracle=gathered_nd, opset=13)
    case("GatherND", "opset 11", [x, np.array([[0, 1]], i8)], constant=(1,), oracle=gathered_nd, opset=11)

    x = numbers("scatternd", 3, 4, 2)
    def scatter(name, x, indices, updates, **more):
        more.setdefault("opset", 13)
        case("ScatterND", name, [x, indices, updates], constant=(1,), oracle=scattered, **more)
    scatter("elements", x[0], np.array([[0, 1], [3, 0]], i8), np.array([10, 20], f4))
    scatter("rows", x, np.array([[0, 1], [2, 3]], i8), numbers("snu1", 2, 2))
    scatter("blocks", x, np.array([[2], [0]], i8), numbers("snu2", 2, 4, 2))
    scatter("negative indices", x, np.array([[-1], [0]], i8), numbers("snu3", 2, 4, 2))
    scatter("two axes of indices", x, np.array([[[0, 0]], [[1, 1]]], i8), numbers("snu4", 2, 1, 2))
    scatter("nothing", x, np.zeros((0, 1), i8), np.zeros((0, 4, 2), f4))
    scatter("none written, opset 16", x, np.array([[1]], i8), numbers("snu5", 1, 4, 2), reduction="none", opset=16)
    for reduction, opset in (("add", 16), ("mul", 16), ("max", 18), ("min", 18)):
        scatter(reduction + " with a repeated index", x, np.array([[1], [1], [0]], i8), numbers("snu6", 3, 4, 2), reduction=reduction, opset=opset, tolerance=(2e-7, 2e-7))
    scatter("int64", integers("sni", 0, 9, 5), np.array([[4], [2]], i8), vector(-1, -2))
    scatter("opset 11", x, np.array([[1, 1]], i8), numbers("snu7", 1, 2), opset=11)


def parts(x, split=None, axis=0, num_outputs=None, count=None):
    extent = x.shape[axis]
    if split is None:
        count = num_outputs or count
        size = -(-extent // count)
        split = [size] * (extent // size) + ([extent % size] if extent % size else [])
        split += [0] * (count - len(split))
    return tuple(np.split(x, np.cumsum([int(s) for s in split])[:-1], axis))


def sequence(x, split=None, axis=0, keepdims=1):
    extent = x.shape[axis]
    if split is None:
        pieces = np.split(x, extent, axis)
        return [p if keepdims else p.squeeze(axis) for p in pieces]
    if split.ndim == 0:
        at = list(range(int(split), extent, int(split)))
    else:
        at = [int(i) for i in np.cumsum(split)[:-1]]
    return np.split(x, at, axis)


def joins():
    def concat(name, *operands, **more):
        more.setdefault("opset", 13)
        case("Concat", name, list(operands), oracle=lambda *operands, axis: np.concatenate(operands, axis), **more)
    def piece(n, axis, *shape):
        shape = list(shape)
        shape[axis] = n
        return numbers(f"cc{n}{axis}{shape}", *shape)
    for count in range(1, 6):
        concat(f"{count} operands, axis 1", *[piece(n, 1, 2, 0, 3) for n in range(1, count + 1)], axis=1)
    for axis in (0, 2, 3, -1, -2, -4):
        concat(f"axis {axis}", *[piece(n, axis, 2, 2, 2, 2) for n in (2, 1)], axis=axis)
    concat("class token", numbers("cls", 1, 1, 4), numbers("tokens", 1, 5, 4), axis=1, constant=(0,))
    concat("vectors of int64", vector(1, 2), vector(-1), np.zeros(0, i8), axis=0)
    concat("with an empty part", numbers("cce", 2, 3), np.zeros((2, 0), f4), axis=1)
    concat("bool", np.array([True]), np.array([False, True]), axis=0)
    concat("float64", numbers("ccd", 2, 2, dtype=f8), numbers("ccf", 1, 2, dtype=f8), axis=0)
    concat("version 4", numbers("cc41", 2, 2), numbers("cc42", 2, 1), axis=1, opset=7)

    x = numbers("split", 2, 6, 3)
    def split(name, operands, results, **more):
        case("Split", name, operands, results=results, constant=range(1, len(operands)), oracle=lambda *a, **k: parts(*a, **k) if "split" in k or len(a) > 1 else parts(*a, count=results, **k), **more)
    split("sizes operand", [x, vector(1, 3, 2)], 3, axis=1, opset=13)
    split("sizes operand, opset 18", [x, vector(2, 4)], 2, axis=1, opset=18)
    split("sizes operand, negative axis", [x, vector(1, 2)], 2, axis=-1, opset=13)
    split("sizes operand with a zero", [x, vector(0, 6)], 2, axis=1, opset=13)
    split("sizes operand, default axis", [x, vector(1, 1)], 2, opset=13)
    split("equal, opset 13", [x], 3, axis=1, opset=13)
    split("equal, default axis, opset 13", [x], 2, opset=13)
    split("one part", [x], 1, axis=2, opset=13)
    split("sizes attribute, version 2", [x], 2, axis=1, split=[2, 4], opset=7)
    split("sizes attribute, opset 11", [x], 3, axis=-2, split=[1, 2, 3], opset=11)
    split("equal, version 2", [x], 2, axis=1, opset=7)
    split("equal, opset 11", [x], 3, axis=-1, opset=11)
    split("num_outputs 3", [x], 3, axis=1, num_outputs=3, opset=18)
    split("num_outputs 2", [x], 2, num_outputs=2, opset=18)
    split("num_outputs 4, uneven", [numbers("split7", 7, 2)], 4, axis=0, num_outputs=4, opset=18)
    split("num_outputs 2, uneven", [numbers("split5", 1, 5)], 2, axis=1, num_outputs=2, opset=18)
    split("int64", [integers("spliti", 0, 9, 4)], 2, axis=0, opset=13)

    x = numbers("seq", 4, 3)
    def to_sequence(name, operands, **more):
        case("SplitToSequence", name, operands, constant=range(1, len(operands)), oracle=sequence, opset=11, **more)
    to_sequence("single rows", [x])
    to_sequence("single rows, keepdims 0", [x], keepdims=0)
    to_sequence("single columns, axis 1, keepdims 0", [x], axis=1, keepdims=0)
    to_sequence("single columns, axis -1", [x], axis=-1, keepdims=1)
    to_sequence("scalar", [x, scalar(2, i8)])
    to_sequence("scalar, uneven", [x, scalar(3, i8)])
    to_sequence("scalar 1, keepdims 0 has no say", [x, scalar(1, i8)], keepdims=0, differs={"onnxruntime": "drops the axis although split is given"})
    to_sequence("scalar, axis 1", [x, scalar(2, i8)], axis=1)
    to_sequence("vector", [x, vector(1, 3)])
    to_sequence("vector, axis -1", [x, vector(2, 1)], axis=-1)
    to_sequence("int32 vector", [x, vector(2, 2, dtype=i4)])
    to_sequence("int64 elements", [integers("seqi", 0, 9, 3)])
    pieces = [numbers("sa1", 2, 2), numbers("sa2", 3), numbers("sa3", 1, 2)]
    for position in (0, 1, 2, -1, -3):
        case("SequenceAt", f"position {position}", [pieces, scalar(position, i8)], constant=(1,), opset=11, oracle=lambda s, p: s[int(p)])
    case("SequenceAt", "int32 position that is not constant", [pieces, scalar(-2, i4)], opset=11, oracle=lambda s, p: s[int(p)])
    case("SequenceAt", "int64 elements", [[vector(1, 2), vector(3)], scalar(1, i8)], constant=(1,), opset=11, oracle=lambda s, p: s[int(p)])


def padded(x, pads, value=None, axes=None, mode="constant"):
    axes = list(range(x.ndim)) if axes is None else [int(a) % x.ndim for a in axes]
    widths, cut = [(0, 0)] * x.ndim, [slice(None)] * x.ndim
    for i, axis in enumerate(axes):
        a, b = int(pads[i]), int(pads[i + len(axes)])
        widths[axis] = (max(a, 0), max(b, 0))
        cut[axis] = slice(max(-a, 0), x.shape[axis] - max(-b, 0))
    more = dict(constant_values=0 if value is None or np.size(value) == 0 else value) if mode == "constant" else {}
    return np.pad(x[tuple(cut)], widths, mode=mode, **more)


def pads():
    x = numbers("pad", 1, 2, 3, 4)
    def add(name, x, pads, value=None, axes=None, **more):
        operands = [x, vector(*pads)] + ([value] if value is not None or axes is not None else []) + ([axes] if axes is not None else [])
        more.setdefault("constant", tuple(i for i in range(1, len(operands)) if operands[i] is not None))
        more.setdefault("opset", 13)
        case("Pad", name, operands, oracle=padded, **more)
    add("constant, no value", x, [0, 0, 1, 1, 0, 0, 1, 1])
    add("constant, value", x, [0, 0, 1, 0, 0, 0, 0, 2], scalar(1.5), mode="constant")
    add("asymmetric, all axes", x, [1, 0, 0, 2, 0, 1, 1, 0], scalar(-1))
    add("value of minus infinity", x, [0, 0, 1, 1, 0, 0, 1, 1], scalar(-np.inf))
    add("nothing to pad", x, [0] * 8)
    add("negative pads", x, [0, 0, -1, 0, 0, 0, 0, -2])
    add("negative and positive pads", x, [0, 0, -1, 2, 0, 0, 1, -1], scalar(9))
    add("reflect", x, [0, 0, 1, 2, 0, 0, 2, 1], mode="reflect")
    add("reflect, one axis", x, [0, 0, 0, 3, 0, 0, 0, 3], mode="reflect")
    add("edge", x, [0, 1, 2, 1, 0, 0, 1, 3], mode="edge")
    add("wrap", x, [0, 0, 1, 2, 0, 0, 2, 1], mode="wrap", opset=19)
    add("pads are not constant", x, [0, 0, 1, 1, 0, 0, 0, 0], constant=())
    add("opset 11", x, [0, 0, 1, 1, 0, 0, 1, 1], scalar(2), opset=11)
    add("axes", x, [1, 2, 0, 1], scalar(3), vector(2, 3), opset=18)
    add("negative axes, no value", x, [1, 2, 0, 1], None, vector(-1, -2), opset=18)
    add("axes, reflect", x, [1, 1], None, vector(3), mode="reflect", opset=18)
    add("axes, edge, int32", x, [2, 1], None, vector(-2, dtype=i4), mode="edge", opset=18)
    add("opset 18 without axes", x, [0, 0, 1, 1, 0, 0, 1, 1], opset=18)
    add("int64", integers("padi", 0, 9, 2, 2), [1, 0, 0, 1], scalar(-1, i8))
    add("bool", np.array([[True, False]]), [0, 1, 0, 1], np.array(True))
    add("float64", numbers("padd", 2, 2, dtype=f8), [1, 0, 0, 1])
    add("float16", numbers("padh", 2, 2, dtype=f2), [1, 0, 0, 1])
    add("vector", numbers("padv", 4), [2, 1])
    add("no elements", np.zeros((0, 2), f4), [1, 0, 1, 0], scalar(5))
    for mode in ("constant", "reflect", "edge"):
        case("Pad", f"attributes, {mode}", [x], pads=[0, 0, 1, 1, 0, 0, 1, 2], mode=mode, opset=10, oracle=padded)
    case("Pad", "attributes, value", [x], pads=[0, 0, 1, 1, 0, 0, 1, 2], value=0.5, opset=10, oracle=padded)
    case("Pad", "attributes, negative", [x], pads=[0, 0, -1, 0, 0, 0, 1, -1], opset=7, oracle=padded)


def sliced(x, starts, ends, axes=None, steps=None):
    axes = range(len(starts)) if axes is None else [int(a) % x.ndim for a in axes]
    steps = [1] * len(starts) if steps is None else steps
    cut = [slice(None)] * x.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps):
        start, end, step, extent = int(start), int(end), int(step), x.shape[axis]
        start, end = (n + extent if n < 0 else n for n in (start, end))  # clamped as the specification says; NumPy differs below zero
        start = min(max(start, 0), extent - (step < 0))
        end = min(max(end, -(step < 0)), extent)
        cut[axis] = slice(start, None if end < 0 else end, step)
    return x[tuple(cut)]


def slices():
    x = numbers("slice", 4, 5, 3)
    top, bottom = 2**63 - 1, -2**63
    def add(name, *lists, x=x, dtype=i8, **more):
        operands = [x] + [None if l is None else vector(*l, dtype=dtype) for l in lists]
        more.setdefault("constant", tuple(i for i in range(1, len(operands)) if operands[i] is not None))
        more.setdefault("opset", 13)
        case("Slice", name, operands, oracle=sliced, **more)
    add("starts and ends", [1, 0], [3, 4])
    add("axes", [1], [3], [1])
    add("axes, unsorted", [1, 0], [3, 2], [2, 0])
    add("negative axes", [1, 0], [3, 2], [-1, -3])
    add("steps", [0, 1], [4, 5], [0, 1], [2, 3])
    add("steps without axes", [0, 0, 0], [4, 5, 3], None, [3, 2, 1])
    add("negative starts and ends", [-3], [-1], [1])
    add("ends out of range", [1], [1000], [1], [1])
    add("ends of the largest int64", [1, 2], [top, top], [0, 1], [1, 1])
    add("starts out of range", [1000], [2000], [1], [1])
    add("start before the first", [-100], [2], [1], [1])
    add("nothing between", [3], [1], [1], [1])
    add("step -1", [-1], [bottom], [1], [-1])
    add("step -1 to an end", [3], [0], [1], [-1])
    add("step -2 from beyond the end", [100], [-100], [1], [-2])
    add("step -1, start before the first", [-100], [bottom], [1], [-1])
    add("step -1 on two axes", [-1, -1], [-1000, -1000], [0, 2], [-1, -1])
    add("roll, first part", [2], [top], [1], [1])
    add("last of each", [-1], [top], [2], [1])
    add("every second pixel", [1, 0], [top, top], [2, 3], [2, 2], x=numbers("patch", 1, 2, 4, 4))
    add("int32 indices", [1, 0], [3, 2], [0, 2], [1, 1], dtype=i4)
    add("indices are not constant", [1], [-1], [1], [2], constant=())
    add("int64", [1], [3], x=vector(2, 3, 4, 5))
    add("opset 10", [1], [3], [1], [1], opset=10)
    add("opset 11", [0], [4], [-2], [2], opset=11)
    case("Slice", "attributes", [x], starts=[1, 0], ends=[3, 2], opset=9, oracle=sliced)
    case("Slice", "attributes, axes", [x], starts=[1, -2], ends=[1000, -1], axes=[0, 1], opset=7, oracle=sliced)
    case("Slice", "attributes, axis 2", [x], starts=[1], ends=[2**31 - 1], axes=[2], opset=9, oracle=sliced)


def constants():
    def constant(**attributes):
        (name, value), = attributes.items()
        return value if name == "value" else np.asarray(value, f4 if "float" in name else i8)
    for name, value in (("float32", numbers("const", 2, 3)), ("int64", vector(1, -1, 2**40)), ("scalar", scalar(1e-12)), ("bool", np.array([True, False])),
                        ("no elements", np.zeros(0, i8)), ("float64", numbers("constd", 2, dtype=f8)), ("float16", numbers("consth", 2, dtype=f2)), ("int32", vector(7, dtype=i4)), ("uint8", vector(0, 255, dtype=np.uint8))):
        case("Constant", "value, " + name, [], value=value, opset=13, oracle=constant, widen=False)
    case("Constant", "value_float", [], value_float=0.1, opset=13, oracle=constant)
    case("Constant", "value_floats", [], value_floats=[0.1, -2.5, 3.0], opset=13, oracle=constant)
    case("Constant", "value_int", [], value_int=-7, opset=13, oracle=constant)
    case("Constant", "value_ints", [], value_ints=[1, 2, -3], opset=13, oracle=constant)
    case("Constant", "value_ints, none", [], value_ints=[], opset=13, oracle=constant)
    case("Constant", "value, version 1", [], value=vector(1, 2), opset=7, oracle=constant)

    def filled(shape, value=np.zeros(1, f4)):
        return np.full([int(n) for n in shape], value[0], value.dtype)
    for name, shape, value in (("float", [2, 3], np.array([0.5], f4)), ("int64", [4], vector(1)), ("no extents", [], np.array([2], f4)), ("empty", [0, 3], np.array([2], f4)),
                               ("bool", [2], np.array([True])), ("float64", [2], np.array([0.1], f8)), ("float16", [2], np.array([0.5], f2)), ("int32", [1, 2], vector(-3, dtype=i4)), ("uint8", [3], vector(7, dtype=np.uint8))):
        case("ConstantOfShape", name, [np.array(shape, i8)], constant=(0,), value=value, opset=9, oracle=filled, widen=False)
    case("ConstantOfShape", "no value", [vector(2, 2)], constant=(0,), opset=9, oracle=filled)
    case("ConstantOfShape", "shape is not constant", [vector(1, 3)], value=np.array([-1], f4), opset=9, oracle=filled)
    case("ConstantOfShape", "opset 20", [vector(2)], value=vector(5), opset=20, oracle=filled)

    def stepped(start, limit, delta):
        count = max(int(np.ceil((float(limit) - float(start)) / float(delta))), 0)
        return (start + np.arange(count).astype(start.dtype) * delta).astype(start.dtype)
    for name, values, dtype in (("int64", (0, 5, 1), i8), ("int64, step 3", (2, 11, 3), i8), ("int64, limit not met", (0, 10, 4), i8), ("int64, backwards", (5, -2, -2), i8), ("int64, nothing", (3, 3, 1), i8), ("int64, wrong way", (0, 5, -1), i8),
                                ("int32", (1, 7, 2), i4), ("float", (0, 2, 0.5), f4), ("float, limit not met", (1, 2.6, 0.5), f4), ("float, backwards", (1, -1, -0.25), f4), ("float64", (0, 1, 0.125), f8)):
        case("Range", name, [scalar(v, dtype) for v in values], constant=(0, 1, 2), opset=11, oracle=stepped)
    case("Range", "operands are not constant", [scalar(v, i8) for v in (1, 4, 1)], opset=11, oracle=stepped)
