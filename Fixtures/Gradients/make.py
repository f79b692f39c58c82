"""usage: python Fixtures/Gradients/make.py [OPERATOR …]

Writes OPERATOR.json: cases as in Fixtures/Operators, in float64, with `seeds` (∂score/∂result, null where nothing depends on the result) and
`gradients` (∂score/∂operand, null for constants and for operands without a derivative), where score = Σ results · seeds.

The gradients are PyTorch's. Each is checked along a random direction against a central difference, unless the case sits on a kink; there the
convention decides: ReLU'(0) = 0; Clip 0 at both of its ends (as ReLU6, unlike torch.clamp); HardSigmoid 0 at its ends; HardSwish'(−3) = 0 and
HardSwish'(3) = 1 (as this PyTorch; older ones gave −0.5 and 1.5); Max shares between equals; a maximum of a window is its first in row-major order.
The results are those of PyTorch in float64, checked as in Fixtures/Operators to 1e-6 (the onnx reference computes some functions in float32).
"""
import json, os, sys
sys.dont_write_bytecode = True
FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, "..", "Operators"))
import numpy as np, torch
import torch.nn.functional as F
import harness
from harness import integers, scalar, vector
from windows import max_pool, paddings, windows

WRITTEN = {}
EXACT, DOUBLE, WIDE = (0.0, 0.0), (1e-13, 1e-11), (1e-7, 1e-7)


def numbers(key, *shape, **more):
    return harness.numbers(key, *shape, dtype=np.float64, **more)


def f(*values):
    return np.array(values, np.float64)


def case(op, name, operands, function, opset=17, constant=(), tolerance=DOUBLE, kink=False, unused=(), results=1, **attributes):
    """`function` maps torch tensors to one or a tuple of them. `unused`: results that nothing depends on."""
    def oracle(*values, **more):
        tensors = [None if v is None else torch.from_numpy(np.array(v)) for v in values]
        return function(*tensors, **more)
    harness.case(op, name, operands, opset=opset, constant=constant, oracle=oracle, tolerance=(1e-6, 1e-6), strict=False,
                 results=results, widen=False, attributes=attributes)
    c = harness.CASES[op][-1]
    expected, sources, _ = harness.solved(c)

    free = [i for i, o in enumerate(operands) if isinstance(o, np.ndarray) and o.dtype.kind == "f" and i not in constant]
    def evaluate(values):
        tensors = [None if o is None else torch.from_numpy(np.array(o)) for o in values]
        for i in free:
            tensors[i].requires_grad_(True)
        got = function(*tensors, **attributes)
        return tensors, got if isinstance(got, tuple) else (got,)
    tensors, got = evaluate(operands)
    seeds = [None if i in unused or r is None or r.dtype.kind != "f" else harness.numbers(f"seed {op} {name} {i}", *r.shape, dtype=r.dtype) for i, r in enumerate(expected)]
    def score(values):
        return sum((r * torch.from_numpy(s)).sum() for r, s in zip(values, seeds) if s is not None)
    gradients = [None] * len(operands)
    for i, g in zip(free, torch.autograd.grad(score(got), [tensors[i] for i in free], allow_unused=True)):
        gradients[i] = torch.zeros_like(tensors[i]).numpy() if g is None else g.numpy()
    if not kink:
        step, directions = 1e-6, {i: harness.numbers(f"direction {i}", *operands[i].shape, dtype=np.float64) for i in free}
        def moved(sign):
            return [o + sign * step * directions[i] if i in free else o for i, o in enumerate(operands)]
        difference = float(score(evaluate(moved(1))[1]).detach() - score(evaluate(moved(-1))[1]).detach()) / (2 * step)
        predicted = sum(float((gradients[i] * directions[i]).sum()) for i in free)
        assert abs(difference - predicted) < 1e-6 * (1 + abs(predicted)), (op, name, difference, predicted)
    WRITTEN.setdefault(op, []).append(dict(
        name=name, opset=opset, attributes={k: harness.attribute_json(v) for k, v in attributes.items()},
        operands=[harness.value_json(o) for o in operands], constant_operands=list(constant), results=[harness.value_json(r) for r in expected],
        tolerance=dict(absolute=tolerance[0], relative=tolerance[1]), seeds=[harness.value_json(s) for s in seeds], gradients=[harness.value_json(g) for g in gradients],
        sources=sources + ["PyTorch autograd"] + ([] if kink else ["central difference"])))


# --- element by element --------------------------------------------------------------------------------------------

def binary(op, function, positive=False, tolerance=DOUBLE):
    away = (lambda x: np.abs(x) + 0.5) if positive else (lambda x: x)
    def add(name, a, b, **more):
        case(op, name, [numbers(op + "a" + name, *a), away(numbers(op + "b" + name, *b))], function, tolerance=tolerance, **more)
    add("equal shapes", (2, 3), (2, 3))
    add("row", (2, 3, 4), (4,))
    add("row that is constant", (2, 3, 4), (4,), constant=(1,))
    add("left is constant", (3,), (2, 3), constant=(0,))
    add("channels", (2, 3, 2, 2), (1, 3, 1, 1))
    add("gate per channel and image", (2, 3, 2, 2), (2, 3, 1, 1))
    add("both broadcast", (3, 1), (2, 1, 4))
    add("scalar on the right", (2, 3), ())
    add("scalar on the left", (), (2, 3))
    add("extent one against none", (1, 3), (0, 3))


def unary(op, function, edge=None, tolerance=DOUBLE, domain=lambda x: x, **more):
    case(op, "four axes", [domain(numbers(op + "4", 2, 3, 2, 2, scale=2))], function, tolerance=tolerance, **more)
    case(op, "matrix", [domain(numbers(op + "2", 3, 5))], function, tolerance=tolerance, **more)
    case(op, "scalar", [np.asarray(domain(numbers(op + "0")))], function, tolerance=tolerance, **more)
    if edge is not None:
        case(op, "on the kinks", [f(*edge)], function, tolerance=tolerance, kink=True, **more)


def clip(x, low=None, high=None, min=None, max=None):
    low, high = (min if low is None else low), (max if high is None else high)
    inside = torch.ones_like(x, dtype=torch.bool)
    if low is not None:
        inside &= x > low
    if high is not None:
        inside &= x < high
    return x.clone() if low is None and high is None else torch.where(inside, x, torch.clamp(x.detach(), low, high))


def hard_sigmoid(x, alpha=0.2, beta=0.5):
    y = float(np.float32(alpha)) * x + float(np.float32(beta))
    return torch.where((y > 0) & (y < 1), y, y.detach().clamp(0, 1))


def elementwise():
    binary("Add", torch.add, tolerance=DOUBLE)
    binary("Sub", torch.sub)
    binary("Mul", torch.mul)
    binary("Div", torch.div, positive=True)
    case("Add", "same operand twice is two seeds", [numbers("twice", 2, 2), numbers("twice", 2, 2)], torch.add)
    unary("Relu", torch.relu, edge=(-1, -0.0, 0, 1e-300, 2), tolerance=EXACT)
    unary("Sigmoid", torch.sigmoid)
    case("Sigmoid", "far out", [f(-700, -40, 40, 700)], torch.sigmoid, kink=True)
    unary("Tanh", torch.tanh)
    unary("Exp", torch.exp)
    unary("Erf", torch.erf)
    unary("Sqrt", torch.sqrt, domain=lambda x: np.abs(x) + 0.1)
    case("Sqrt", "at zero", [f(0, 4)], torch.sqrt, kink=True)
    unary("Identity", lambda x: x.clone(), tolerance=EXACT)
    unary("Gelu", lambda x, approximate="none": F.gelu(x, approximate=approximate), opset=20)
    case("Gelu", "tanh", [numbers("gelut", 3, 4, scale=2)], lambda x, approximate: F.gelu(x, approximate=approximate), opset=20, approximate="tanh")
    unary("HardSigmoid", hard_sigmoid, edge=(-3, -2.5, -2, 0, 2.4, 2.5, 3))
    case("HardSigmoid", "alpha 1/6", [f(-4, -2, 0, 1, 2.5, 4)], hard_sigmoid, alpha=1 / 6)
    unary("HardSwish", F.hardswish, edge=(-4, -3, -2.9, 0, 2.9, 3, 4), tolerance=WIDE)

    x = f(-1, 0, 1e-9, 0.5, 3, 5.999999, 6, 7)
    case("Clip", "ReLU6, ends exclusive", [x, scalar(0, np.float64), scalar(6, np.float64)], clip, constant=(1, 2), kink=True, tolerance=EXACT)
    case("Clip", "inside and outside", [numbers("clip", 2, 3, 2, 2), scalar(-0.7, np.float64), scalar(0.6, np.float64)], clip, constant=(1, 2), tolerance=EXACT)
    case("Clip", "only min", [f(-1, 0.25, 0.3), scalar(0.25, np.float64)], clip, constant=(1,), kink=True, tolerance=EXACT)
    case("Clip", "only max", [f(-1, 0.25, 0.3), None, scalar(0.25, np.float64)], clip, constant=(2,), kink=True, tolerance=EXACT)
    case("Clip", "no bounds", [f(-1, 0.25)], clip, tolerance=EXACT)
    case("Clip", "min above max", [f(-1, 0.25, 2, 4), scalar(3, np.float64), scalar(1, np.float64)], clip, constant=(1, 2), tolerance=EXACT)
    case("Clip", "attributes", [x], clip, opset=10, kink=True, tolerance=EXACT, min=0.0, max=6.0)

    positive = np.abs(numbers("pow", 2, 3)) + 0.3
    for exponent in (2.0, 3.0, 0.5, -1.0, 1.0, 0.0):
        case("Pow", f"exponent {exponent}", [positive if exponent != 3 else numbers("pow3", 2, 3), scalar(exponent, np.float64)], torch.pow, constant=(1,))
    case("Pow", "zero squared", [f(0, -1, 2), scalar(2, np.float64)], torch.pow, constant=(1,))
    case("Pow", "exponent int64", [numbers("powi", 2, 3), scalar(2, np.int64)], torch.pow, constant=(1,))
    case("Pow", "both operands", [positive, numbers("powe", 3)], torch.pow)
    case("Pow", "base is constant", [scalar(2, np.float64), numbers("powc", 2, 3)], torch.pow, constant=(0,))

    m = integers("where", 0, 2, 2, 3).astype(bool)
    case("Where", "equal shapes", [m, numbers("w1", 2, 3), numbers("w2", 2, 3)], torch.where, constant=(0,), tolerance=EXACT)
    case("Where", "both broadcast", [m, numbers("w3", 3), numbers("w4", 2, 1)], torch.where, constant=(0,))
    case("Where", "condition broadcast, constant scalar", [m[:1], scalar(-1e4, np.float64), numbers("w5", 2, 3)], torch.where, constant=(0, 1))
    def maximum(*operands):
        if len(operands) == 1:
            return operands[0].clone()
        y = operands[0]
        for x in operands[1:]:
            y = torch.maximum(y, x)
        return y
    case("Max", "two", [numbers("max1", 2, 3), numbers("max2", 3)], maximum)
    case("Max", "one", [numbers("max1", 2, 3)], maximum)
    case("Max", "three", [numbers("max1", 2, 3), numbers("max2", 2, 3), numbers("max3", 2, 1)], maximum)
    case("Max", "two that are equal share", [f(1, 2, 3), f(1, 3, 2)], maximum, kink=True)
    case("Dropout", "inference", [numbers("drop", 2, 3), scalar(0.5, np.float32), np.array(False)], lambda x, r, t: x.clone(), constant=(1, 2), tolerance=EXACT)
    case("Dropout", "inference, mask", [numbers("drop", 2, 3)], lambda x: (x.clone(), torch.ones_like(x, dtype=torch.bool)), results=2, unused=(1,), tolerance=EXACT)
    case("Cast", "float64 to float32", [f(0.5, 0.25, -3)], lambda x, to: x.float(), kink=True, tolerance=EXACT, to=1)


# --- arrangement ---------------------------------------------------------------------------------------------------

def padded(x, pads, value=None, axes=None, mode="constant"):
    pads = [int(p) for p in pads]
    axes = list(range(x.ndim)) if axes is None else [int(a) % x.ndim for a in axes]
    for i, axis in enumerate(axes):
        before, after, extent = pads[i], pads[i + len(axes)], x.shape[axis]
        at = torch.arange(-before, extent + after)
        if mode == "constant":
            inside = ((at >= 0) & (at < extent)).reshape([-1 if k == axis else 1 for k in range(x.ndim)])
            x = torch.where(inside, x.index_select(axis, at.clamp(0, extent - 1)), torch.as_tensor(0.0 if value is None else value, dtype=x.dtype))
        else:
            if mode == "reflect" and extent > 1:
                at = at.remainder(2 * (extent - 1))
                at = torch.minimum(at, 2 * (extent - 1) - at)
            x = x.index_select(axis, at.clamp(0, extent - 1))
    return x


def sliced(x, starts, ends, axes=None, steps=None):
    axes = range(len(starts)) if axes is None else axes
    steps = [1] * len(starts) if steps is None else steps
    for start, end, axis, step in zip(starts, ends, axes, steps):
        axis = int(axis) % x.ndim
        at = torch.arange(x.shape[axis])[slice(int(start), int(end), int(step))] if step > 0 else \
            torch.from_numpy(np.arange(x.shape[axis])[slice(int(start), None if end < -x.shape[axis] else int(end), int(step))].copy())
        x = x.index_select(axis, at)
    return x


def arrangement():
    x = numbers("arrange", 2, 3, 4)
    def reshape(x, shape, allowzero=0):
        return x.reshape([x.shape[i] if n == 0 else int(n) for i, n in enumerate(shape)])
    for name, shape in (("matrix", [4, 6]), ("inferred", [2, -1]), ("zero", [0, -1])):
        case("Reshape", name, [x, vector(*shape)], reshape, constant=(1,), tolerance=EXACT)
    def flatten(x, axis=1):
        axis %= x.ndim + 1 if axis >= 0 else x.ndim
        return x.reshape(int(np.prod(x.shape[:axis])), -1)
    case("Flatten", "default", [numbers("flatten", 2, 3, 1, 1)], flatten, tolerance=EXACT)
    for axis in (0, 2, 3, -1):
        case("Flatten", f"axis {axis}", [x], flatten, tolerance=EXACT, axis=axis)
    y = numbers("squeeze", 2, 3, 1, 1)
    def squeeze(x, axes=None):
        return x.squeeze() if axes is None else x.squeeze(tuple(int(a) for a in axes))
    case("Squeeze", "operand", [y, vector(2, 3)], squeeze, constant=(1,), tolerance=EXACT)
    case("Squeeze", "operand, negative", [y, vector(-1)], squeeze, constant=(1,), tolerance=EXACT)
    case("Squeeze", "no axes", [y], squeeze, tolerance=EXACT)
    case("Squeeze", "attribute", [y], squeeze, opset=11, tolerance=EXACT, axes=[3, 2])
    def unsqueeze(x, axes):
        rank = x.ndim + len(axes)
        for axis in sorted(int(a) % rank for a in axes):
            x = x.unsqueeze(axis)
        return x
    case("Unsqueeze", "operand", [x, vector(1)], unsqueeze, constant=(1,), tolerance=EXACT)
    case("Unsqueeze", "operand, two, negative", [x, vector(-1, 0)], unsqueeze, constant=(1,), tolerance=EXACT)
    case("Unsqueeze", "attribute", [x], unsqueeze, opset=11, tolerance=EXACT, axes=[2])
    def transpose(x, perm=None):
        return x.permute(perm or list(reversed(range(x.ndim))))
    case("Transpose", "default", [x], transpose, tolerance=EXACT)
    case("Transpose", "cycle of three", [x], transpose, tolerance=EXACT, perm=[2, 0, 1])
    case("Transpose", "channels last", [numbers("trans", 1, 3, 2, 4)], transpose, tolerance=EXACT, perm=[0, 2, 3, 1])
    case("Transpose", "windows, rank 6", [numbers("trans6", 1, 2, 2, 2, 2, 3)], transpose, tolerance=EXACT, perm=[0, 1, 3, 2, 4, 5])
    def expand(x, shape):
        return x * torch.ones([int(n) for n in shape], dtype=x.dtype)
    for name, shape, target in (("row", (1, 3), [4, 3]), ("more axes", (3, 1), [2, 1, 4]), ("both sides", (3, 1), [2, 1, 5]), ("scalar", (), [2, 3]), ("target of ones", (2, 3), [1, 1]), ("class token", (1, 1, 4), [3, 1, 1])):
        case("Expand", name, [numbers("ex" + name, *shape), vector(*target)], expand, constant=(1,))
    def gather(x, indices, axis=0):
        axis %= x.ndim
        at = indices % x.shape[axis]
        return x.index_select(axis, at.reshape(-1)).reshape(x.shape[:axis] + at.shape + x.shape[axis + 1:])
    for name, indices, axis in (("repeated indices are summed", vector(0, 1, 0, 0), 1), ("scalar index", scalar(0, np.int64), 1), ("negative indices", vector(-1, 1), 2), ("matrix of indices", np.array([[0, 1], [1, 1]]), 0), ("axis -1", vector(3, 0), -1)):
        case("Gather", name, [x, indices], gather, constant=(1,), axis=axis)
    case("Gather", "class token", [numbers("gct", 2, 5, 3), scalar(0, np.int64)], gather, constant=(1,), axis=1)
    def concat(*operands, axis):
        return torch.cat(operands, axis)
    case("Concat", "two, channels", [numbers("c1", 2, 1, 2, 2), numbers("c2", 2, 3, 2, 2)], concat, tolerance=EXACT, axis=1)
    case("Concat", "three, last axis", [numbers("c3", 2, 1), numbers("c4", 2, 2), numbers("c5", 2, 3)], concat, tolerance=EXACT, axis=-1)
    case("Concat", "one", [numbers("c6", 2, 2)], concat, tolerance=EXACT, axis=0)
    case("Concat", "class token is constant", [numbers("c7", 1, 1, 4), numbers("c8", 1, 3, 4)], concat, constant=(0,), tolerance=EXACT, axis=1)
    def split(x, sizes=None, axis=0, split=None, num_outputs=None):
        extent = x.shape[axis]
        sizes = split if sizes is None else sizes
        if sizes is None:
            size = -(-extent // num_outputs)
            sizes = [min(size, extent - k) for k in range(0, extent, size)]
        return torch.split(x, [int(s) for s in sizes], axis)
    z = numbers("split", 2, 6, 2)
    case("Split", "sizes", [z, vector(1, 3, 2)], split, constant=(1,), results=3, tolerance=EXACT, axis=1)
    case("Split", "second result is unused", [z, vector(1, 3, 2)], split, constant=(1,), results=3, unused=(1,), tolerance=EXACT, axis=1)
    case("Split", "attribute", [z], split, opset=11, results=2, tolerance=EXACT, axis=1, split=[2, 4])
    case("Split", "num_outputs, uneven", [numbers("split5", 5, 2)], split, opset=18, results=2, tolerance=EXACT, axis=0, num_outputs=2)
    case("Split", "only the last result is used", [z, vector(4, 2)], split, constant=(1,), results=2, unused=(0,), tolerance=EXACT, axis=-2)
    for name, lists in (("one axis", ([1], [3], [1])), ("steps", ([0, 1], [2, 4], [0, 2], [1, 2])), ("roll, second part", ([2], [2**63 - 1], [2], [1])), ("negative step", ([-1], [-2**63], [2], [-1])), ("step -2", ([3], [-100], [-1], [-2])),
                        ("starts and ends", ([0, 1, 1], [1, 3, 4])), ("nothing between", ([3], [1], [1]))):
        case("Slice", name, [x, *[vector(*l) for l in lists]], sliced, constant=tuple(range(1, 1 + len(lists))), tolerance=EXACT)
    p = numbers("pad", 1, 2, 3, 4)
    case("Pad", "constant", [p, vector(0, 0, 1, 2, 0, 0, 2, 1)], padded, constant=(1,), tolerance=EXACT)
    case("Pad", "constant, value", [p, vector(0, 1, 0, 0, 0, 0, 0, 1), scalar(3, np.float64)], padded, constant=(1, 2), tolerance=EXACT)
    case("Pad", "negative", [p, vector(0, 0, -1, 0, 0, 0, 1, -2)], padded, constant=(1,), tolerance=EXACT)
    case("Pad", "reflect", [p, vector(0, 0, 1, 2, 0, 0, 2, 3)], padded, constant=(1,), mode="reflect")
    case("Pad", "edge", [p, vector(0, 0, 1, 2, 0, 1, 2, 3)], padded, constant=(1,), mode="edge")
    case("Pad", "axes", [p, vector(1, 1), None, vector(3)], padded, opset=18, constant=(1, 3), tolerance=EXACT)
    case("Pad", "attributes", [p], padded, opset=10, tolerance=EXACT, pads=[0, 0, 1, 1, 0, 0, 1, 1])


# --- windows -------------------------------------------------------------------------------------------------------

def conv(x, w, b=None, kernel_shape=None, strides=None, dilations=None, pads=None, group=1, auto_pad="NOTSET"):
    rank = x.ndim - 2
    strides, dilations = strides or [1] * rank, dilations or [1] * rank
    before, after = paddings(x.shape[2:], w.shape[2:], strides, dilations, pads, auto_pad)
    x = F.pad(x, [p for pair in reversed(list(zip(before, after))) for p in pair])
    return (F.conv1d, F.conv2d, F.conv3d)[rank - 1](x, w, b, stride=strides, dilation=dilations, groups=group)


def pooled_maximum(x, storage_order=0, **more):
    return x.flatten()[torch.from_numpy(max_pool(x.detach().numpy(), **more)[1])]


def pooled_average(x, kernel_shape, strides=None, pads=None, dilations=None, auto_pad="NOTSET", ceil_mode=0, count_include_pad=0):
    extents, positions, before, after = windows(x, kernel_shape, strides, dilations, pads, auto_pad, ceil_mode)
    columns = []
    for place in np.ndindex(*extents):
        covered = list(np.ndindex(*kernel_shape))
        at = [tuple(axis[k] for axis, k in zip(positions(place), offsets)) for offsets in covered]
        inside = [a for a in at if all(0 <= i < n for i, n in zip(a, x.shape[2:]))]
        padded = [a for a in at if all(-p <= i < n + q for i, n, p, q in zip(a, x.shape[2:], before, after))]
        columns.append(sum(x[(slice(None), slice(None)) + a] for a in inside) / len(padded if count_include_pad else inside))
    return torch.stack(columns, -1).reshape(*x.shape[:2], *extents)


def sliding():
    def c(name, x, w, b=False, **more):
        operands = [numbers("x" + name, *x), numbers("w" + name, *w, scale=0.5)] + ([numbers("b" + name, w[0])] if b else [])
        case("Conv", name, operands, conv, constant=tuple(range(1, len(operands))), **more)
    c("plain", (1, 2, 5, 6), (3, 2, 3, 3), b=True, kernel_shape=[3, 3])
    c("padding 1, batch 2", (2, 2, 4, 5), (3, 2, 3, 3), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    c("stride 2 that leaves a column out", (1, 2, 6, 6), (2, 2, 3, 3), b=True, kernel_shape=[3, 3], strides=[2, 2])
    c("stride 2, padding 1", (1, 2, 6, 7), (2, 2, 3, 3), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    c("stem 7x7", (1, 3, 9, 8), (2, 3, 7, 7), kernel_shape=[7, 7], strides=[2, 2], pads=[3, 3, 3, 3])
    c("pointwise", (2, 3, 3, 4), (4, 3, 1, 1), b=True, kernel_shape=[1, 1])
    c("pointwise, stride 2", (1, 3, 4, 5), (2, 3, 1, 1), kernel_shape=[1, 1], strides=[2, 2])
    c("patches", (1, 3, 8, 8), (2, 3, 4, 4), b=True, kernel_shape=[4, 4], strides=[4, 4])
    c("stride beyond the kernel", (1, 1, 8, 7), (2, 1, 2, 2), kernel_shape=[2, 2], strides=[3, 3])
    c("asymmetric pads", (1, 2, 5, 5), (2, 2, 3, 3), kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])
    c("asymmetric pads on each side", (1, 1, 4, 5), (2, 1, 3, 3), kernel_shape=[3, 3], pads=[2, 0, 1, 3])
    c("dilation 2", (1, 2, 7, 7), (2, 2, 3, 3), kernel_shape=[3, 3], dilations=[2, 2], pads=[2, 2, 2, 2])
    c("unequal strides and dilations", (1, 2, 8, 9), (2, 2, 2, 3), kernel_shape=[2, 3], dilations=[3, 1], strides=[1, 2], pads=[1, 0, 0, 1])
    c("two groups", (1, 4, 4, 5), (6, 2, 3, 3), kernel_shape=[3, 3], group=2, pads=[1, 1, 1, 1])
    c("depthwise", (2, 3, 5, 5), (3, 1, 3, 3), b=True, kernel_shape=[3, 3], group=3, pads=[1, 1, 1, 1])
    c("depthwise, stride 2, 5x5", (1, 3, 7, 8), (3, 1, 5, 5), kernel_shape=[5, 5], group=3, strides=[2, 2], pads=[2, 2, 2, 2])
    c("depthwise with two results per channel", (1, 2, 4, 5), (4, 1, 3, 3), kernel_shape=[3, 3], group=2)
    c("SAME_UPPER, stride 2", (1, 2, 6, 7), (2, 2, 3, 3), kernel_shape=[3, 3], auto_pad="SAME_UPPER", strides=[2, 2])
    c("SAME_LOWER", (1, 2, 4, 5), (2, 2, 2, 2), kernel_shape=[2, 2], auto_pad="SAME_LOWER")
    c("VALID", (1, 2, 5, 6), (2, 2, 3, 3), kernel_shape=[3, 3], auto_pad="VALID")
    c("1x7", (1, 2, 3, 9), (2, 2, 1, 7), kernel_shape=[1, 7], pads=[0, 3, 0, 3])
    c("one axis", (2, 2, 8), (3, 2, 3), b=True, kernel_shape=[3], strides=[2], pads=[1, 1])
    c("three axes", (1, 2, 3, 4, 4), (2, 2, 2, 2, 3), kernel_shape=[2, 2, 3], strides=[1, 2, 1], pads=[1, 0, 1, 0, 1, 1])
    def maximum(name, x, kink=False, **more):
        case("MaxPool", name, [x if isinstance(x, np.ndarray) else numbers("mp" + name, *x)], pooled_maximum, kink=kink, **more)
    maximum("2x2, stride 2", (1, 2, 4, 6), kernel_shape=[2, 2], strides=[2, 2])
    maximum("3x3, stride 2, padding 1: overlapping windows", (1, 2, 7, 6), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    maximum("all equal: the first gets it", np.zeros((1, 1, 4, 4)), kink=True, kernel_shape=[2, 2], strides=[2, 2])
    maximum("all equal, padding: the first inside gets it", np.zeros((1, 1, 4, 4)), kink=True, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    maximum("some equal", np.array([[[[1, 3, 0, 2], [3, 2, 2, 2], [0, 0, 5, 5], [0, -1, 5, 5]]]], np.float64), kink=True, kernel_shape=[2, 2], strides=[2, 2])
    maximum("ceil_mode 1", (1, 2, 6, 5), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    maximum("dilation 2", (1, 1, 7, 7), kernel_shape=[3, 3], dilations=[2, 2])
    maximum("asymmetric pads", (1, 2, 5, 5), kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])
    maximum("SAME_UPPER", (1, 1, 5, 6), kernel_shape=[2, 2], auto_pad="SAME_UPPER")
    maximum("one axis", (2, 2, 8), kernel_shape=[3], strides=[2], pads=[1, 1])
    def average(name, x, **more):
        case("AveragePool", name, [numbers("ap" + name, *x)], pooled_average, **more)
    average("2x2, stride 2", (1, 2, 4, 6), kernel_shape=[2, 2], strides=[2, 2])
    for count in (0, 1):
        average(f"3x3, stride 1, padding 1, count_include_pad {count}", (1, 2, 4, 5), kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=count)
        average(f"ceil_mode 1, count_include_pad {count}", (1, 1, 6, 6), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1, count_include_pad=count)
        average(f"ceil_mode 1, padding 1, count_include_pad {count}", (1, 1, 6, 5), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1, count_include_pad=count)
        average(f"asymmetric pads, count_include_pad {count}", (1, 1, 5, 5), kernel_shape=[3, 3], strides=[2, 2], pads=[0, 1, 2, 1], count_include_pad=count)
    average("7x7 to one", (1, 2, 7, 7), kernel_shape=[7, 7])
    average("one axis", (1, 2, 7), kernel_shape=[3], strides=[2], pads=[1, 1])
    mean = lambda x: x.mean(tuple(range(2, x.ndim)), keepdim=True)
    for name, shape in (("two axes", (2, 3, 3, 4)), ("one axis", (2, 3, 5)), ("three axes", (1, 2, 2, 3, 2)), ("one pixel", (1, 3, 1, 1))):
        case("GlobalAveragePool", name, [numbers("gap" + name, *shape)], mean)


# --- products, reductions, normalisation ---------------------------------------------------------------------------

def normalised_batch(x, scale, bias, mean, variance, epsilon=1e-5, momentum=0.9, training_mode=0):
    shape = [1, -1] + [1] * (x.ndim - 2)
    scale, bias, mean, variance = (t.reshape(shape) for t in (scale, bias, mean, variance))
    return (x - mean) / torch.sqrt(variance + float(np.float32(epsilon))) * scale + bias


def normalised_layer(x, scale, bias=None, axis=-1, epsilon=1e-5, stash_type=1):
    axes = tuple(range(axis % x.ndim, x.ndim))
    mean = x.mean(axes, keepdim=True)
    inverse = 1 / torch.sqrt(((x - mean) ** 2).mean(axes, keepdim=True) + float(np.float32(epsilon)))
    y = (x - mean) * inverse * scale
    return (y if bias is None else y + bias), mean, inverse


def attention(q, k, v, scale=None, is_causal=0, softcap=0.0, qk_matmul_output_mode=0):
    s = q @ k.transpose(-1, -2) * (float(np.float32(scale)) if scale else q.shape[-1] ** -0.5)
    return torch.softmax(s, -1) @ v


def products():
    def matmul(name, a, b, **more):
        case("MatMul", name, [numbers("a" + name, *a), numbers("b" + name, *b)], torch.matmul, **more)
    matmul("matrices", (2, 3), (3, 4))
    matmul("constant right", (2, 3, 4), (4, 2), constant=(1,))
    matmul("constant left", (3, 4), (2, 4, 2), constant=(0,))
    matmul("batch and matrix, both free", (2, 3, 4), (4, 2))
    matmul("batches", (2, 2, 3), (2, 3, 2))
    matmul("heads", (1, 2, 3, 4), (1, 2, 4, 3))
    matmul("heads that broadcast", (2, 1, 2, 3), (3, 3, 2))
    matmul("rank 5", (1, 2, 2, 2, 3), (2, 1, 2, 3, 2))
    matmul("vector and matrix", (3,), (3, 2))
    matmul("matrix and vector", (2, 3), (3,))
    matmul("batch and vector", (2, 2, 3), (3,))
    matmul("vector and batch", (3,), (2, 3, 2))
    matmul("vector and vector", (4,), (4,))
    def gemm(a, b, c=None, alpha=1.0, beta=1.0, transA=0, transB=0):
        y = float(np.float32(alpha)) * ((a.T if transA else a) @ (b.T if transB else b))
        return y if c is None else y + float(np.float32(beta)) * c
    for name, shapes, more in (("linear layer", ((2, 5), (3, 5), (3,)), dict(transB=1, alpha=1.0, beta=1.0)), ("one score", ((2, 6), (1, 6), (1,)), dict(transB=1)), ("without bias", ((2, 5), (3, 5)), dict(transB=1)),
                               ("no attributes", ((2, 3), (3, 4), (4,)), {}), ("transA", ((3, 2), (3, 4)), dict(transA=1)), ("transA and transB", ((3, 2), (4, 3)), dict(transA=1, transB=1)), ("alpha and beta", ((2, 3), (3, 4), (2, 4)), dict(alpha=0.5, beta=-0.25))):
        operands = [numbers(f"gemm{name}{i}", *s) for i, s in enumerate(shapes)]
        case("Gemm", name, operands, gemm, constant=tuple(range(1, len(operands))), **more)
        if name in ("alpha and beta", "linear layer", "transA and transB"):
            case("Gemm", name + ", all operands free", operands, gemm, **more)
    def softmax(x, axis=-1):
        return torch.softmax(x, axis)
    def old_softmax(x, axis=1):
        return torch.softmax(x.reshape(int(np.prod(x.shape[:axis % x.ndim])), -1), 1).reshape(x.shape)
    x = numbers("softmax", 2, 3, 4)
    case("Softmax", "default axis", [x], softmax)
    for axis in (0, 1, -1):
        case("Softmax", f"axis {axis}", [x], softmax, axis=axis)
    case("Softmax", "opset 11, joins the axes behind it", [x], old_softmax, opset=11, axis=1)
    case("Softmax", "one element", [numbers("softmax1", 2, 1)], softmax)
    case("Softmax", "confident", [f(50, 0, -50)], softmax, axis=0)
    def reduce(function):
        def over(x, axes=None, keepdims=1, noop_with_empty_axes=0):
            if axes is None or len(axes) == 0:
                if noop_with_empty_axes:
                    return x.clone()
                axes = range(x.ndim)
            return function(x, tuple(int(a) % x.ndim for a in axes), bool(keepdims))
        return over
    mean, norm = reduce(lambda x, axes, keep: x.mean(axes, keepdim=keep)), reduce(lambda x, axes, keep: (x * x).sum(axes, keepdim=keep).sqrt())
    for op, function in (("ReduceMean", mean), ("ReduceL2", norm)):
        x = numbers(op, 2, 3, 2, 2)
        for axes in ([2, 3], [-1], [1], [0, 2]):
            for keepdims in (0, 1):
                case(op, f"attribute {axes}, keepdims {keepdims}", [x], function, opset=13, axes=axes, keepdims=keepdims)
        case(op, "operand", [x, vector(2, 3)], function, opset=18, constant=(1,), keepdims=0)
        case(op, "operand, negative", [x, vector(-1, -3)], function, opset=18, constant=(1,))
        case(op, "all axes", [x], function, opset=18, keepdims=0)
        if op == "ReduceMean":
            case(op, "noop_with_empty_axes", [x], function, opset=18, noop_with_empty_axes=1)
    for opset in (9, 15):
        p = [numbers(f"bn{k}", 3) for k in "sbm"] + [np.abs(numbers("bnv", 3)) + 0.25]
        case("BatchNormalization", f"opset {opset}", [numbers("bnx", 2, 3, 2, 2), *p], normalised_batch, opset=opset, constant=(1, 2, 3, 4), epsilon=1e-3)
        case("BatchNormalization", f"opset {opset}, one axis", [numbers("bnx1", 2, 3, 4), *p], normalised_batch, opset=opset, constant=(1, 2, 3, 4))
        case("BatchNormalization", f"opset {opset}, matrix", [numbers("bnx0", 2, 3), *p], normalised_batch, opset=opset, constant=(1, 2, 3, 4))
    def layer(name, shape, scale, bias=True, results=1, unused=(), **more):
        operands = [numbers("ln" + name, *shape), numbers("lns" + name, *scale)] + ([numbers("lnb" + name, *scale)] if bias else [])
        case("LayerNormalization", name, operands, normalised_layer, constant=tuple(range(1, len(operands))), results=results, unused=unused, **more)
    layer("default axis", (2, 3, 5), (5,))
    layer("axis 1", (2, 3, 4), (3, 4), axis=1)
    layer("axis -2", (2, 3, 4), (3, 4), axis=-2)
    layer("no bias, epsilon 1e-6", (2, 4), (4,), bias=False, epsilon=1e-6)
    layer("three results, only the first used", (2, 4), (4,), results=3, unused=(1, 2))
    def einsum(*operands, equation):
        return torch.einsum(equation.replace(" ", ""), *operands)
    case("Einsum", "relative position", [numbers("e1", 1, 2, 2, 3, 2), numbers("e2", 2, 3, 2)], einsum, equation="byhwc,hkc->byhwk")
    case("Einsum", "attention with spaces and capitals", [numbers("e3", 1, 2, 1, 3, 2), numbers("e4", 1, 2, 1, 2, 2)], einsum, equation="B G H I D, B G H J D -> B G H I J")
    case("Einsum", "product", [numbers("e5", 2, 3), numbers("e6", 3, 2)], einsum, equation="ij,jk->ik")
    case("Einsum", "letter that is summed alone", [numbers("e7", 2, 3), numbers("e8", 2)], einsum, equation="ij,i->i")
    q, k, v = numbers("q", 1, 2, 3, 4), numbers("k", 1, 2, 5, 4), numbers("v", 1, 2, 5, 3)
    case("Attention", "four axes", [q, k, v], attention, opset=23)
    case("Attention", "scale", [q, k, v], attention, opset=23, scale=0.3)


def main():
    for theme in (elementwise, arrangement, sliding, products):
        theme()
    for op in sorted(sys.argv[1:] or WRITTEN):
        lines = ",\n".join("  " + json.dumps(c, separators=(",", ":"), allow_nan=False) for c in WRITTEN[op])
        with open(os.path.join(FOLDER, op + ".json"), "w") as file:
            file.write(f'{{"operator":"{op}","made_by":{json.dumps(harness.VERSIONS)},"cases":[\n{lines}\n]}}\n')
    print(f"{sum(map(len, WRITTEN.values()))} cases of {len(WRITTEN)} operators: {' '.join(sorted(WRITTEN))}")


if __name__ == "__main__":
    main()
