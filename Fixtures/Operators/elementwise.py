"""Operators that work element by element."""
import numpy as np, scipy.special, torch
from harness import *

nan, inf = np.nan, np.inf
TYPES = dict(float32=f4, float64=f8, float16=f2, bfloat16=bf2, int32=i4, int64=i8, uint8=np.uint8, bool=np.bool_)


def binary(op, function, tolerance=ROUNDED):
    def add(name, a, b, **more):
        case(op, name, [a, b], oracle=function, tolerance=tolerance if a.dtype.kind in "fV" else EXACT, **more)
    k = op
    add("equal shapes", numbers(k + "1", 2, 3, 4), numbers(k + "2", 2, 3, 4))
    add("scalar on the right", numbers(k + "3", 3, 4), scalar(1.75), constant=(1,))
    add("scalar on the left", scalar(-2.5), numbers(k + "4", 3, 4))
    add("row", numbers(k + "5", 2, 3, 4), numbers(k + "6", 4), constant=(1,))
    add("column", numbers(k + "7", 2, 3, 4), numbers(k + "8", 3, 1), constant=(1,))
    add("channels", numbers(k + "9", 2, 3, 2, 2), numbers(k + "10", 1, 3, 1, 1))
    add("both sides broadcast", numbers(k + "11", 3, 1, 4), numbers(k + "12", 2, 1, 5, 1))
    add("left is the smaller", numbers(k + "13", 1, 3, 1), numbers(k + "14", 2, 3, 4))
    add("two scalars", scalar(0.3), scalar(-7))
    add("one element against none", numbers(k + "15", 1, 3), np.zeros((0, 3), f4))
    add("five axes", numbers(k + "16", 2, 1, 2, 1, 3), numbers(k + "17", 1, 2, 2, 2, 1))
    add("not finite", np.array([nan, inf, -inf, 1, inf], f4), np.array([1, 1, inf, inf, inf], f4))
    add("int64", integers(k + "i1", -20, 20, 2, 3), np.array([[3], [-7]], i8))
    add("int64 scalar", integers(k + "i2", -20, 20, 4), scalar(5, i8), constant=(1,))
    add("int32", integers(k + "i3", -20, 20, 2, 3, dtype=i4), np.array([2, -3, 5], i4))
    add("float64", numbers(k + "d1", 2, 3, dtype=f8), numbers(k + "d2", 3, dtype=f8))
    add("float16", numbers(k + "h1", 2, 3, dtype=f2), numbers(k + "h2", 3, dtype=f2))
    add("opset 7", numbers(k + "18", 2, 3), numbers(k + "19", 2, 3), opset=7)


def divided(a, b):
    return np.where((a < 0) != (b < 0), -(abs(a) // abs(b)), abs(a) // abs(b)) if a.dtype.kind == "i" else np.divide(a, b)


def unary(op, function, tolerance=TRANSCENDENTAL, opset=17, extremes=(-100.0, -20.0, -1e-6, 0.0, 1e-6, 20.0, 100.0), types=(f8, f2), domain=None, apart=None, **more):
    def values(key, *shape, dtype=f4):
        x = numbers(op + key, *shape, dtype=dtype, scale=2)
        return np.asarray(domain(x)) if domain else x
    case(op, "four axes", [values("a", 2, 3, 3, 2)], oracle=function, tolerance=tolerance, opset=opset, **more)
    case(op, "matrix", [values("b", 3, 7)], oracle=function, tolerance=tolerance, opset=opset, **more)
    case(op, "scalar", [values("c")], oracle=function, tolerance=tolerance, opset=opset, **more)
    case(op, "extremes", [np.array(extremes, f4)], oracle=function, tolerance=tolerance, opset=opset, **more)
    case(op, "not finite", [np.array([nan, inf, -inf, -0.0], f4)], oracle=function, tolerance=tolerance, opset=opset, **more)
    case(op, "no elements", [np.zeros((2, 0), f4)], oracle=function, tolerance=tolerance, opset=opset, **more)
    case(op, "twenty in a row", [(np.arange(20, dtype=f4) / 4 - (0 if domain else 2.5))], oracle=function, tolerance=tolerance, opset=opset, **more)
    for kind in types:
        case(op, np.dtype(kind).name, [values("d", 2, 3, dtype=kind)], oracle=function, opset=opset,
             **{**dict(tolerance=tolerance), **more, **(apart or {} if kind == f8 else {})})


def gelu(x, approximate="none"):
    return torch.nn.functional.gelu(torch.from_numpy(x), approximate=approximate)


def hard_sigmoid(x, alpha=0.2, beta=0.5):
    return np.clip(np.float32(alpha).astype(f8) * x + np.float32(beta).astype(f8), 0, 1) if x.dtype == f8 else None


def clipped(x, low=None, high=None, min=None, max=None):
    low, high = (min, max) if low is None and high is None else (low, high)
    y = x if low is None else np.where(x < low, low, x)
    return (y if high is None else np.where(y > high, high, y)).astype(x.dtype)


def power(a, b):
    with np.errstate(all="ignore"):
        return np.power(a.astype(f8), b.astype(f8)).astype(a.dtype)


def largest(*operands):
    y = operands[0]
    for x in operands[1:]:
        y = np.maximum(y, x)
    return y


def clips():
    x = np.array([[-3, -1, -0.5, 0, 0.25], [1, 2, 5.9999, 6, 7]], f4)
    def add(name, *operands, **more):
        case("Clip", name, list(operands), oracle=clipped, **more)
    add("both bounds", x, scalar(0), scalar(6), constant=(1, 2))
    add("bounds that are not constant", x, scalar(-1), scalar(2))
    add("only min", x, scalar(0.1), constant=(1,))
    add("only max", x, None, scalar(1.5), constant=(2,))
    add("max left out", x, scalar(-0.75), None, constant=(1,))
    add("no bounds", x)
    add("min above max", x, scalar(3), scalar(1), constant=(1, 2))
    add("not finite", np.array([nan, inf, -inf, 2], f4), scalar(-1), scalar(1), constant=(1, 2))
    add("infinite bounds", x, scalar(-inf), scalar(inf), constant=(1, 2))
    add("int64", integers("clip", -9, 9, 6), scalar(-3, i8), scalar(4, i8), constant=(1, 2))
    add("float64", x.astype(f8), scalar(0, f8), scalar(6, f8), constant=(1, 2))
    add("float16", x.astype(f2), scalar(0, f2), scalar(6, f2), constant=(1, 2))
    add("opset 11", x, scalar(0), scalar(6), constant=(1, 2), opset=11)
    add("opset 12, only min", x, scalar(0), constant=(1,), opset=12)
    add("attributes", x, opset=10, min=0.0, max=6.0)
    add("attribute min", x, opset=10, min=0.5)
    add("attribute max", x, opset=10, max=0.5)
    add("no attributes", x, opset=10)
    add("version 6", x, opset=7, min=-1.0, max=1.0)


def powers():
    def add(name, a, b, **more):
        case("Pow", name, [a, b], oracle=power, tolerance=TRANSCENDENTAL if a.dtype.kind == "f" else EXACT, **more)
    x, positive = numbers("pow", 2, 3, 4), np.abs(numbers("pow+", 3, 4)) + f4(0.125)
    add("square", x, scalar(2), constant=(1,))
    add("cube", x, scalar(3), constant=(1,))
    add("square root", positive, scalar(0.5), constant=(1,))
    add("reciprocal", positive, scalar(-1), constant=(1,))
    add("zeroth power", np.array([0, -1, 2, nan, inf], f4), scalar(0), constant=(1,))
    add("elements", positive, numbers("pow2", 3, 4))
    add("broadcast", positive, numbers("pow3", 2, 1, 4))
    add("scalar base", scalar(2), numbers("pow4", 2, 3))
    add("negative base, broken exponent", np.array([-2, -1, -0.5], f4), np.array([0.5, 1.5, 0.5], f4))
    add("float to the int64", x, scalar(2, i8), constant=(1,))
    add("float to the int32", x, integers("powi", 0, 4, 4, dtype=i4))
    add("int64 to the float", integers("powb", -4, 5, 2, 3), scalar(2.0), constant=(1,))
    add("int64 to the int64", integers("powc", -4, 5, 2, 3), integers("powe", 0, 5, 3))
    add("int32 to the float, truncated", np.array([2, 3, 5, 7], i4), scalar(0.5))
    add("float64", positive.astype(f8), scalar(1.5, f8))
    add("opset 7", positive, scalar(1.5), opset=7)
    add("opset 12", positive, scalar(2), opset=12)


def mods():
    a, b = np.array([-7, -4, -1, 0, 3, 5, 8], i8), np.array([3, -3, 2, 5, -2, 5, 3], i8)
    for kind in (i8, i4):
        case("Mod", f"{np.dtype(kind).name}, sign of the divisor", [a.astype(kind), b.astype(kind)], oracle=lambda a, b: np.mod(a, b))
        case("Mod", f"{np.dtype(kind).name}, sign of the dividend", [a.astype(kind), b.astype(kind)], fmod=1, oracle=lambda a, b, fmod: np.fmod(a, b))
    case("Mod", "uint8", [np.array([7, 200, 255], np.uint8), np.array([3, 7, 16], np.uint8)], oracle=lambda a, b: np.mod(a, b))
    case("Mod", "broadcast", [integers("mod", -20, 20, 2, 3), scalar(7, i8)], constant=(1,), oracle=lambda a, b: np.mod(a, b))
    case("Mod", "fmod 0 written", [a, b], fmod=0, oracle=lambda a, b, fmod: np.mod(a, b))
    x, y = np.array([-7.25, -4, 5.5, 8.125], f4), np.array([2, -3, 2.25, 3], f4)
    for kind in (f4, f8, f2):
        case("Mod", f"{np.dtype(kind).name}", [x.astype(kind), y.astype(kind)], fmod=1, oracle=lambda a, b, fmod: np.fmod(a, b))
    case("Mod", "opset 10", [a, b], opset=10, oracle=lambda a, b: np.mod(a, b))


def comparisons():
    def add(name, a, b, **more):
        case("Equal", name, [a, b], oracle=np.equal, **more)
    add("int64", vector(1, 2, 3, 4), vector(1, 0, 3, -4))
    add("int64 beyond 2^53", vector(2**53, 2**62 + 1), vector(2**53 + 1, 2**62 + 1))
    add("int32", vector(1, 2, dtype=i4), vector(2, dtype=i4))
    add("float", np.array([0.0, -0.0, 1, nan, inf], f4), np.array([-0.0, -0.0, 1.0000001, nan, inf], f4))
    add("float64", np.array([1, 2], f8), np.array([1 + 1e-15, 2], f8))
    add("bool", np.array([True, False, True]), np.array([True, True, False]))
    add("broadcast", integers("equal", 0, 3, 2, 3, 1), integers("equal2", 0, 3, 4))
    add("scalar", integers("equal3", 0, 3, 5), scalar(1, i8), constant=(1,))
    add("opset 7", vector(1, 2), vector(1, 3), opset=7)
    add("opset 11, float", np.array([1, 2], f4), np.array([1, 3], f4), opset=11)
    case("Not", "matrix", [np.array([[True, False], [False, True]])], oracle=np.logical_not)
    case("Not", "scalar", [np.array(True)], oracle=np.logical_not)
    case("Not", "no elements", [np.zeros((0, 2), np.bool_)], oracle=np.logical_not)

    def where(name, *operands, **more):
        case("Where", name, list(operands), oracle=np.where, **more)
    m = integers("where", 0, 2, 2, 3).astype(np.bool_)
    where("equal shapes", m, numbers("w1", 2, 3), numbers("w2", 2, 3))
    where("scalars", m, scalar(1), scalar(0), constant=(1, 2))
    where("scalar condition", np.array(False), numbers("w3", 2, 3), numbers("w4", 3))
    where("all three broadcast", integers("w5", 0, 2, 3, 1).astype(np.bool_), numbers("w6", 1, 4), numbers("w7", 2, 1, 1))
    where("mask of minus infinity", m, scalar(-inf), numbers("w8", 2, 3), constant=(1,))
    where("int64", m, integers("w9", -5, 5, 2, 3), scalar(-1, i8), constant=(2,))
    where("bool", m, ~m, np.array([[True, True, False]]))
    where("float64", m, numbers("w10", 3, dtype=f8), numbers("w11", 2, 1, dtype=f8))
    where("uint8", m, integers("w12", 0, 255, 3, dtype=np.uint8), scalar(7, np.uint8))
    where("opset 9", m, numbers("w13", 2, 3), numbers("w14", 2, 3), opset=9)
    where("no elements", np.zeros((0, 3), np.bool_), scalar(1), numbers("w15", 1, 3))


def casts():
    samples = dict(
        float32=np.array([[-2.75, -1.5, -0.5, 0, 0.25], [1, 1.9999, 2.5, 100.125, 250]], f4), float64=np.array([[-2.75, -0.1, 0, 1 / 3], [1, 2.5, 3.99, 127.5]], f8),
        float16=np.array([-2.75, -0.5, 0, 1.5, 120], f2), bfloat16=np.array([-2.75, -0.5, 0, 1.5, 120], bf2), int32=np.array([-100, -1, 0, 1, 127, 70000], i4),
        int64=np.array([-100, 0, 1, 127, 16777217, 2**31 - 1], i8), uint8=np.array([0, 1, 127, 255], np.uint8), bool=np.array([True, False, True]))
    for source, x in samples.items():
        for target, kind in TYPES.items():
            x2 = x
            if target == "uint8" and x.dtype.kind not in "ub":
                x2 = np.abs(x) if x.dtype.kind != "i" else x  # a negative real number has no uint8; an integer wraps
            if target in ("float16", "bfloat16") and x.dtype.kind == "i":
                x2 = x[np.abs(x) < 60000]
            if target == "int32" and source == "int64":
                x2 = np.append(x, 2**32 + 5)
            code = helper.np_dtype_to_tensor_dtype(np.dtype(kind))
            case("Cast", f"{source} to {target}", [x2], to=code, opset=13, widen=False, types=[np.dtype(kind)],
                 oracle=lambda x, to, kind=kind: x.astype(kind))
            if source in ("float32", "int64", "float16", "bool") and target in ("float32", "int64", "float64", "bool", "float16"):
                like = np.zeros((2, 2), kind)
                case("CastLike", f"{source} to {target}", [x2, like], opset=15, widen=False, types=[np.dtype(kind)],
                     oracle=lambda x, like, kind=kind: x.astype(kind))
    to = dict(float32=1, int64=7, bool=9)
    case("Cast", "float32 that are not finite to bool", [np.array([nan, inf, -0.0], f4)], to=to["bool"], widen=False, types=[np.dtype(np.bool_)], oracle=lambda x, to: x.astype(np.bool_))
    case("Cast", "halves round to even in float16", [np.array([2049, 2051, 65504, 1e-7, 6e-8, -3e-8, 65520, nan], f4)], to=10, widen=False, types=[np.dtype(f2)], oracle=lambda x, to: x.astype(f2))
    case("Cast", "halves round to even in bfloat16", [np.array([257, 259, 1.00390625, 3e38, -1e-40, nan, inf], f4)], to=16, widen=False, types=[np.dtype(bf2)], oracle=lambda x, to: x.astype(bf2))
    case("Cast", "float64 beyond float32", [np.array([1e300, -1e300, 1e-300, 0.1, nan], f8)], to=1, widen=False, types=[np.dtype(f4)], oracle=lambda x, to: x.astype(f4))
    case("Cast", "scalar", [scalar(3, i8)], to=1, widen=False, types=[np.dtype(f4)], oracle=lambda x, to: x.astype(f4))
    case("Cast", "no elements", [np.zeros((0, 2), i8)], to=1, widen=False, types=[np.dtype(f4)], oracle=lambda x, to: x.astype(f4))
    case("Cast", "opset 9", [np.array([1.5, -2.5], f4)], to=7, opset=9, widen=False, types=[np.dtype(i8)], oracle=lambda x, to: x.astype(i8))
    case("Cast", "saturate 1, opset 19", [np.array([1.5, -2.5], f4)], to=7, saturate=1, opset=19, widen=False, types=[np.dtype(i8)], oracle=lambda x, to, saturate: x.astype(i8))
    case("CastLike", "constant model", [np.array([1, 2], i8), scalar(0.5)], constant=(1,), opset=15, widen=False, types=[np.dtype(f4)], oracle=lambda x, like: x.astype(f4))
    case("CastLike", "opset 19, saturate", [np.array([1, 2], i8), scalar(0.5)], opset=19, saturate=1, widen=False, types=[np.dtype(f4)], oracle=lambda x, like, saturate: x.astype(f4))


def passing():
    def same(x, *rest, **more):
        return x
    for name, x in (("float32", numbers("id", 2, 3)), ("int64", integers("id2", -5, 5, 4)), ("bool", np.array([True, False])), ("scalar", scalar(4)),
                    ("no elements", np.zeros((0, 2), f4)), ("float16", numbers("id3", 3, dtype=f2))):
        case("Identity", name, [x], oracle=same, opset=13)
    case("Identity", "version 1", [numbers("id", 2, 3)], oracle=same, opset=7)
    case("Identity", "sequence", [[numbers("is", 2), numbers("is2", 3)]], oracle=same, opset=14, widen=False)
    def dropped(x, *rest, **more):
        return x, np.ones(x.shape, np.bool_)
    x = numbers("dropout", 2, 3, 4)
    case("Dropout", "opset 7", [x], opset=7, oracle=dropped, ratio=0.5)
    case("Dropout", "opset 7, default ratio", [x], opset=7, oracle=dropped)
    case("Dropout", "opset 10 with mask", [x], opset=10, oracle=dropped, results=2, ratio=0.25, differs={"onnxruntime": "gives a mask of false before opset 12"})
    case("Dropout", "opset 12", [x], opset=12, oracle=dropped)
    case("Dropout", "opset 12 with ratio", [x, scalar(0.5)], constant=(1,), opset=12, oracle=dropped)
    case("Dropout", "opset 12 with mask", [x, scalar(0.5)], constant=(1,), opset=12, oracle=dropped, results=2)
    case("Dropout", "opset 13, training mode false", [x, scalar(0.3), np.array(False)], constant=(1, 2), opset=13, oracle=dropped)
    case("Dropout", "opset 13, training mode false, mask", [x, scalar(0.3), np.array(False)], constant=(1, 2), opset=13, oracle=dropped, results=2)
    case("Dropout", "opset 13, ratio left out", [x, None, np.array(False)], constant=(2,), opset=13, oracle=dropped)
    case("Dropout", "seed", [x], opset=13, seed=7, oracle=dropped)
    case("Dropout", "float64", [x.astype(f8)], opset=13, oracle=dropped)


def make():
    binaries()
    relus()
    clips()
    powers()
    mods()
    comparisons()
    casts()
    passing()
    for label, operands, opset in (
            ("one operand", [numbers("max1", 2, 3)], 13), ("two", [numbers("max1", 2, 3), numbers("max2", 2, 3)], 13), ("three", [numbers("max1", 2, 3), numbers("max2", 2, 3), numbers("max3", 2, 3)], 13),
            ("scalar", [numbers("max1", 2, 3), scalar(0.1)], 13), ("three that broadcast", [numbers("max4", 3, 1), numbers("max5", 2, 1, 4), numbers("max6", 1)], 13),
            ("not finite", [np.array([nan, 1, inf, -inf, -inf, nan], f4), np.array([1, nan, 3, -inf, 2, nan], f4)], 13), ("int64", [integers("maxi", -9, 9, 4), integers("maxj", -9, 9, 4)], 13),
            ("int32 and scalar", [integers("maxk", -9, 9, 4, dtype=i4), scalar(0, i4)], 13), ("float64", [numbers("maxd", 3, dtype=f8), numbers("maxe", 3, dtype=f8)], 13),
            ("float16", [numbers("maxh", 3, dtype=f2), numbers("maxg", 3, dtype=f2)], 13), ("opset 8", [numbers("max1", 2, 3), numbers("max7", 3)], 8), ("opset 12", [numbers("max1", 2, 3), numbers("max7", 3)], 12)):
        case("Max", label, operands, opset=opset, oracle=largest)
    sigmoid = scipy.special.expit
    unary("Sigmoid", sigmoid)
    unary("Tanh", np.tanh)
    unary("Erf", scipy.special.erf, types=(f8,), second=lambda x: torch.erf(torch.from_numpy(x)),
          apart=dict(differs={"onnx reference": "computes in float32"}))
    unary("Exp", np.exp, extremes=(-100.0, -87.0, -20.0, 0.0, 1e-6, 20.0, 88.0, 89.0), types=(f8, f2))
    unary("Sqrt", np.sqrt, tolerance=ROUNDED, domain=np.abs, extremes=(0.0, 1e-30, 1e-6, 2.0, 1e30, -1.0))
    unary("Gelu", gelu, opset=20, types=(f8,), second=lambda x: x * scipy.special.ndtr(x),
          apart=dict(differs={"onnx reference": "computes in float32"}))
    case("Gelu", "tanh", [numbers("gelut", 3, 5, scale=2)], approximate="tanh", opset=20, oracle=gelu, tolerance=(1e-6, 1e-6))
    case("Gelu", "tanh, extremes", [np.array([-100, -5, 0, 5, 100, inf], f4)], approximate="tanh", opset=20, oracle=gelu, tolerance=(1e-6, 1e-6))
    case("Gelu", "none written", [numbers("gelun", 3, 5, scale=2)], approximate="none", opset=20, oracle=gelu, tolerance=TRANSCENDENTAL)
    unary("HardSigmoid", hard_sigmoid, extremes=(-100.0, -2.5, 0.0, 2.5, 100.0), apart=dict(tolerance=(1e-7, 0), strict=False))
    unary("HardSwish", lambda x: x * np.clip(x / 6 + 0.5, 0, 1), extremes=(-100.0, -3.0, -2.9999, 0.0, 2.9999, 3.0, 100.0), types=(f8, f2),
          apart=dict(tolerance=(1e-7, 1e-7), strict=False))
    case("HardSigmoid", "alpha 1/6", [np.array([-4, -3, -2, 0, 2.5, 3, 4], f4)], alpha=1 / 6, oracle=hard_sigmoid, tolerance=TRANSCENDENTAL)
    case("HardSigmoid", "alpha and beta", [numbers("hs", 2, 5, scale=2)], alpha=0.5, beta=0.6, oracle=hard_sigmoid, tolerance=TRANSCENDENTAL)
    case("HardSwish", "opset 22", [numbers("hsw", 2, 5, scale=3)], opset=22, oracle=lambda x: x * np.clip(x / 6 + 0.5, 0, 1), tolerance=TRANSCENDENTAL)


def binaries():
    binary("Add", np.add)
    binary("Sub", np.subtract)
    binary("Mul", np.multiply)
    binary("Div", divided)
    case("Div", "int64 truncates", [np.array([-7, 7, -7, 7, -1, 0], i8), np.array([2, -2, -2, 2, 3, -5], i8)], oracle=divided)
    case("Div", "by zero", [np.array([1, -1, 0], f4), scalar(0)], oracle=divided)


def relus():
    c = "Relu"
    case(c, "signs", [np.array([[-2, -0.5, 0], [0.25, 1e-30, 3]], f4)], oracle=lambda x: np.maximum(x, 0))
    case(c, "four axes", [numbers("relu", 2, 3, 3, 2)], oracle=lambda x: np.maximum(x, 0))
    case(c, "not finite", [np.array([nan, inf, -inf, -0.0], f4)], oracle=lambda x: np.where(x <= 0, 0, x))
    case(c, "scalar", [scalar(-3)], oracle=lambda x: np.maximum(x, 0))
    case(c, "no elements", [np.zeros((2, 0, 3), f4)], oracle=lambda x: x)
    case(c, "float64", [numbers("relu8", 2, 3, dtype=f8)], oracle=lambda x: np.maximum(x, 0))
    case(c, "float16", [numbers("relu2", 2, 3, dtype=f2)], oracle=lambda x: np.maximum(x, 0))
    case(c, "int32", [integers("relui", -9, 9, 5, dtype=i4)], oracle=lambda x: np.maximum(x, 0))
    case(c, "opset 6", [numbers("relu6", 2, 3)], oracle=lambda x: np.maximum(x, 0), opset=6)
