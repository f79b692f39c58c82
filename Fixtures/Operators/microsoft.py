"""Operators that onnxruntime's optimiser writes: domain com.microsoft, and SimplifiedLayerNormalization. All in Microsoft.json, each case with its operator and domain."""
import numpy as np, torch
from scipy.special import erf
from harness import SUMS, TRANSCENDENTAL, EXACT, case, f4, i4, i8, integers, numbers, scalar

i1, u1 = np.int8, np.uint8


def add(op, name, operands, oracle, domain="com.microsoft", tolerance=SUMS, opset=1, **more):
    case(op, name, operands, opset=opset, oracle=oracle, tolerance=tolerance, file="Microsoft", domain=domain, **more)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {
    None: lambda x, *p: x, "Relu": lambda x, *p: np.maximum(x, 0), "Tanh": lambda x, *p: np.tanh(x), "Sigmoid": lambda x, *p: sigmoid(x),
    "LeakyRelu": lambda x, a=0.01, *p: np.where(x < 0, a * x, x), "Clip": lambda x, low, high: np.clip(x, low, high),
    "HardSigmoid": lambda x, a=0.2, b=0.5: np.clip(a * x + b, 0, 1)}


def fused_conv(x, w, b=None, z=None, activation=None, activation_params=(), pads=(0, 0, 0, 0), **_):
    y = torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(w), None if b is None else torch.tensor(b), padding=pads[0]).numpy()
    return ACTIVATIONS[activation](y + (0 if z is None else z), *activation_params)


def fused_gemm(a, b, c=None, activation=None, activation_alpha=None, alpha=1.0, beta=1.0, transA=0, transB=0):
    y = alpha * (a.T if transA else a) @ (b.T if transB else b) + (0 if c is None else beta * c)
    return ACTIVATIONS[activation](y, *([] if activation_alpha is None else [activation_alpha]))


def fused_matmul(a, b, alpha=1.0, transA=0, transB=0, transBatchA=0, transBatchB=0):
    a, b = (np.moveaxis(m, 0, -2) if batch else m for m, batch in ((a, transBatchA), (b, transBatchB)))
    return alpha * (np.swapaxes(a, -1, -2) if transA else a) @ (np.swapaxes(b, -1, -2) if transB else b)


def gelu(x):
    return x * (1 + erf(x / np.sqrt(2))) / 2


def fast_gelu(x, bias=None):
    x = x if bias is None else x + bias
    return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))


def layer_normalised(x, gamma, beta=None, epsilon=1e-12):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred ** 2).mean(-1, keepdims=True) + epsilon) * gamma + (0 if beta is None else beta)


def skip(x, skip, gamma, beta=None, bias=None, epsilon=1e-12):
    s = x + skip + (0 if bias is None else bias)
    return layer_normalised(s, gamma, beta, epsilon), None, None, s


def rms(x, scale, axis=-1, epsilon=1e-5, stash_type=1):
    factor = 1 / np.sqrt((x ** 2).mean(tuple(range(axis % x.ndim, x.ndim)), keepdims=True) + epsilon)
    return x * factor * scale, factor


def skip_simplified(x, skip, gamma, bias=None, epsilon=1e-12):
    s = x + skip + (0 if bias is None else bias)
    return rms(s, gamma, epsilon=epsilon)[0], None, None, s


def embed(words, segments, table, positions, kinds, gamma, beta, mask=None, epsilon=1e-12):
    s = table[words] + positions[: words.shape[1]][None] + (0 if segments is None else kinds[segments])
    return layer_normalised(s, gamma, beta, epsilon), (np.zeros(len(words)) if mask is None else mask.sum(1)).astype(i4)


def quantised(x, scale, zero):
    info = np.iinfo(zero.dtype)
    return np.clip(np.rint(x / scale) + zero, info.min, info.max).astype(zero.dtype)


def real(q, scale, zero):
    return (q.astype(float) - float(zero)) * scale


def pooled(x, kernel):
    return torch.nn.functional.avg_pool2d(torch.tensor(x), kernel, stride=1).numpy()


def integer_product(a, b, a_scale, b_scale, a_zero=0, b_zero=0, bias=None):
    y = (a.astype(float) - float(a_zero)) @ (b.astype(float) - np.asarray(b_zero, float)) * a_scale * b_scale
    return y if bias is None else y + bias


def dynamic_product(a, b, b_scale, b_zero=0, bias=None):
    low, high = min(0, a.min()), max(0, a.max())
    scale = np.float64((np.float32(high) - np.float32(low)) / np.float32(255))
    zero = np.clip(np.rint(-low / scale), 0, 255).astype(u1)
    return integer_product(quantised(a, scale, zero), b, scale, b_scale, zero, b_zero, bias)


def make():
    x, w = numbers("msx", 1, 2, 5, 5), numbers("msw", 3, 2, 3, 3)
    b, z = numbers("msb", 3), numbers("msz", 1, 3, 5, 5)
    add("FusedConv", "bias and Relu", [x, w, b], fused_conv, activation="Relu", pads=[1, 1, 1, 1])
    add("FusedConv", "residual and Relu", [x, w, b, z], fused_conv, activation="Relu", pads=[1, 1, 1, 1])
    add("FusedConv", "LeakyRelu", [x, w], fused_conv, activation="LeakyRelu", activation_params=[0.25])
    add("FusedConv", "Clip", [x, w, b], fused_conv, activation="Clip", activation_params=[-0.5, 1.5])
    add("FusedConv", "HardSigmoid", [x, w, b], fused_conv, activation="HardSigmoid", activation_params=[0.25, 0.5])
    a, m = numbers("msa", 3, 4), numbers("msm", 4, 2)
    add("FusedGemm", "Relu", [a, m, numbers("msc", 2)], fused_gemm, activation="Relu")
    add("FusedGemm", "LeakyRelu, transposed", [a, m.T.copy(), numbers("msc", 2)], fused_gemm, activation="LeakyRelu", activation_alpha=0.25, alpha=0.5, beta=2.0, transB=1)
    t, v = numbers("mst", 2, 3, 4), numbers("msv", 2, 3, 5)
    add("FusedMatMul", "alpha", [numbers("mst", 2, 3, 4), numbers("msv", 2, 4, 5)], fused_matmul, alpha=0.25)
    add("FusedMatMul", "A transposed", [t, v], fused_matmul, transA=1)
    add("FusedMatMul", "B transposed", [t, numbers("msu", 5, 4)], fused_matmul, transB=1, alpha=2.0)
    add("FusedMatMul", "the batch of A transposed", [numbers("mso", 3, 2, 4), numbers("msq", 2, 4, 5)], fused_matmul, transBatchA=1)
    add("FusedMatMul", "the batch of B and B transposed", [numbers("mso", 2, 3, 4), numbers("msq", 5, 2, 4)], fused_matmul, transB=1, transBatchB=1)
    h, bias = numbers("msh", 2, 3, 8), numbers("msi", 8)
    add("Gelu", "three axes", [h], gelu)
    add("BiasGelu", "three axes", [h, bias], lambda x, b: gelu(x + b))
    add("FastGelu", "no bias", [h], fast_gelu)
    add("FastGelu", "bias", [h, bias], fast_gelu)
    add("QuickGelu", "as it is", [h], lambda x, alpha=1.702: x * sigmoid(alpha * x))
    add("QuickGelu", "alpha", [h], lambda x, alpha=1.702: x * sigmoid(alpha * x), alpha=1.0)
    s, g, e = numbers("mss", 2, 3, 8), numbers("msg", 8), numbers("mse", 8)
    add("SkipLayerNormalization", "all operands", [h, s, g, e, bias], skip, epsilon=1e-5)
    add("SkipLayerNormalization", "the sum", [h, s, g], skip, results=[True, False, False, True])
    add("SkipSimplifiedLayerNormalization", "bias and sum", [h, s, g, bias], skip_simplified, results=[True, False, False, True], epsilon=1e-5)
    for name, axis in (("last axis", -1), ("two axes", 1)):
        scale = numbers("msn", *h.shape[axis:])
        add("SimplifiedLayerNormalization", name, [h, scale], rms, domain="", opset=17, axis=axis, epsilon=1e-4, stash_type=1)
    words, kinds = integers("msk", 0, 6, 2, 3, dtype=i4), integers("msl", 0, 2, 2, 3, dtype=i4)
    tables = [numbers("ms1", 6, 8), numbers("ms2", 5, 8), numbers("ms3", 2, 8), g, e]
    add("EmbedLayerNormalization", "segments and mask", [words, kinds] + tables + [np.array([[1, 1, 0], [1, 1, 1]], i4)], embed, results=2)
    add("EmbedLayerNormalization", "words alone", [words, None, tables[0], tables[1], None, g, e], embed, results=2)
    for kind, low, high, za, zb, zc in ((u1, 0, 256, 120, 100, 128), (i1, -128, 128, -5, 7, 3)):
        qa, qb = integers("msqa", low, high, 2, 3, 4, dtype=kind), integers("msqb", low, high, 3, 1, dtype=kind)
        pa, pb, pc = [scalar(0.0317), kind(za)], [scalar(0.0473), kind(zb)], [scalar(0.0711), kind(zc)]
        for p in (pa, pb, pc):
            p[1] = np.array(p[1])
        label = np.dtype(kind).name
        for op, f in (("QLinearAdd", lambda a, b: a + b), ("QLinearMul", lambda a, b: a * b)):
            add(op, label, [qa, *pa, qb, *pb, *pc], lambda a, s, u, b, t, v, r, w, f=f: quantised(f(real(a, s, u), real(b, t, v)), r, w), tolerance=EXACT, widen=False)
        one = [scalar(1 / 256), np.array(kind(low))]
        add("QLinearSigmoid", label, [qa, *pa, *one], lambda a, s, u, r, w: quantised(sigmoid(real(a, s, u)), r, w), tolerance=EXACT, widen=False)
        add("QLinearLeakyRelu", label, [qa, *pa, *pc], lambda a, s, u, r, w, alpha: quantised(np.where(real(a, s, u) < 0, alpha * real(a, s, u), real(a, s, u)), r, w),
            tolerance=EXACT, widen=False, alpha=0.25)
        image = integers("msim", low, high, 1, 2, 4, 5, dtype=kind)
        add("QLinearGlobalAveragePool", label, [image, *pa, *pb], lambda a, s, u, r, w, channels_last: quantised(real(a, s, u).mean((2, 3), keepdims=True), r, w),
            tolerance=EXACT, widen=False, channels_last=0)
        add("QLinearAveragePool", label, [image, *pa, *pb], lambda a, s, u, r, w, kernel_shape: quantised(pooled(real(a, s, u), kernel_shape), r, w),
            tolerance=EXACT, widen=False, kernel_shape=[2, 3])
        add("QLinearConcat", label, [*pc, qa, *pa, qa, *pb], lambda r, w, a, s, u, b, t, v, axis: quantised(np.concatenate([real(a, s, u), real(b, t, v)], axis), r, w),
            tolerance=EXACT, widen=False, axis=1)
    ia, ib = integers("msia", 0, 256, 3, 4, dtype=u1), integers("msib", -128, 128, 4, 5, dtype=i1)
    columns, zeros = np.array([0.01, 0.02, 0.03, 0.04, 0.05], f4), np.array([1, -2, 3, 0, 5], i1)
    add("MatMulIntegerToFloat", "one scale", [ia, ib, scalar(0.02), scalar(0.03), np.array(120, u1), np.array(3, i1)], integer_product)
    add("MatMulIntegerToFloat", "columns and bias", [ia, ib, scalar(0.02), columns, np.array(120, u1), zeros, numbers("msbb", 5)], integer_product)
    add("DynamicQuantizeMatMul", "one scale", [numbers("msda", 3, 4), ib, scalar(0.03), np.array(3, i1)], dynamic_product)
    add("DynamicQuantizeMatMul", "columns and bias", [numbers("msda", 3, 4), ib, columns, zeros, numbers("msbb", 5)], dynamic_product)
    add("Inverse", "stack", [numbers("msinv", 2, 3, 3) + 2 * np.eye(3, dtype=f4)], np.linalg.inv, tolerance=(1e-5, 1e-5))
    add("Trilu", "upper", [t, np.array(1, i8)], lambda x, k, upper=1: np.triu(x, int(k)), tolerance=EXACT)
    add("Trilu", "lower", [t], lambda x, upper: np.tril(x), tolerance=EXACT, upper=0)
    q = integers("msq8", 0, 256, 2, 3, dtype=u1)
    add("QuantizeLinear", "an axis", [numbers("msxq", 2, 3), np.array([0.01, 0.02], f4), np.array([100, 120], u1)],
        lambda x, s, z, axis: np.clip(np.rint(x / s[:, None]) + z[:, None], 0, 255).astype(u1), tolerance=EXACT, axis=0, widen=False)
    add("DequantizeLinear", "one scale", [q, scalar(0.25), np.array(100, u1)], lambda x, s, z: real(x, s, z), tolerance=EXACT, types=[f4])
