"""Products, reductions, normalisation over axes, attention."""
import numpy as np, torch
from harness import *


def products():
    def matmul(name, *shapes, dtype=f4, **more):
        more.setdefault("opset", 13)
        case("MatMul", name, [numbers(f"mm{name}{i}", *s, dtype=dtype) for i, s in enumerate(shapes)], oracle=np.matmul, tolerance=SUMS, **more)
    matmul("matrices", (2, 3), (3, 4))
    matmul("constant right", (3, 4), (4, 2), constant=(1,))
    matmul("one by one", (1, 1), (1, 1))
    matmul("vector and vector", (4,), (4,))
    matmul("vector and matrix", (3,), (3, 2))
    matmul("matrix and vector", (2, 3), (3,))
    matmul("vector and batch", (3,), (2, 3, 2))
    matmul("batch and vector", (2, 2, 3), (3,))
    matmul("batch and matrix", (2, 3, 4), (4, 2), constant=(1,))
    matmul("matrix and batch", (3, 4), (2, 4, 2))
    matmul("batches", (2, 2, 3), (2, 3, 2))
    matmul("batch of one", (1, 2, 3), (4, 3, 2))
    matmul("heads", (1, 2, 3, 4), (1, 2, 4, 3))
    matmul("heads and matrix", (2, 2, 3, 4), (4, 2))
    matmul("heads that broadcast", (2, 1, 3, 2), (3, 2, 2))
    matmul("rank 5", (1, 2, 2, 2, 3), (2, 1, 2, 3, 2))
    matmul("rank 5 and rank 3", (2, 1, 2, 2, 3), (2, 3, 2))
    matmul("seventeen columns", (5, 7), (7, 17), constant=(1,))
    matmul("one row", (1, 19), (19, 9), constant=(1,))
    matmul("nothing to sum", (2, 0), (0, 3))
    matmul("no rows", (0, 3), (3, 2))
    matmul("float64", (2, 3), (3, 2), dtype=f8)
    matmul("float16", (2, 3), (3, 2), dtype=f2)
    matmul("version 1", (2, 3), (3, 2), opset=7)
    case("MatMul", "int64", [integers("mmi1", -5, 5, 2, 3), integers("mmi2", -5, 5, 3, 2)], oracle=np.matmul, opset=13)
    case("MatMul", "int32", [integers("mmi1", -5, 5, 2, 3, dtype=i4), integers("mmi2", -5, 5, 3, 2, dtype=i4)], oracle=np.matmul, opset=13)

    def product(a, b, c=None, alpha=1.0, beta=1.0, transA=0, transB=0):
        y = np.float32(alpha).astype(f8) * ((a.T if transA else a) @ (b.T if transB else b))
        return y if c is None else y + np.float32(beta).astype(f8) * c
    def gemm(name, a, b, c=None, dtype=f4, **more):
        operands = [numbers(f"ge{name}{i}", *s, dtype=dtype) for i, s in enumerate((a, b, c)) if s is not None]
        more.setdefault("constant", tuple(range(1, len(operands))))
        more.setdefault("opset", 13)
        case("Gemm", name, operands, oracle=product, tolerance=SUMS, **more)
    gemm("linear layer", (2, 5), (3, 5), (3,), transB=1, alpha=1.0, beta=1.0)
    gemm("linear layer without bias", (2, 5), (3, 5), transB=1)
    gemm("one score", (2, 9), (1, 9), (1,), transB=1)
    gemm("no attributes", (2, 3), (3, 4), (4,))
    gemm("transA", (3, 2), (3, 4), (2, 4), transA=1)
    gemm("transA and transB", (3, 2), (4, 3), (4,), transA=1, transB=1)
    gemm("alpha and beta", (2, 3), (3, 4), (2, 4), alpha=0.5, beta=-0.25)
    gemm("alpha, no C", (2, 3), (3, 4), alpha=0.1)
    gemm("beta 0", (2, 3), (3, 4), (4,), beta=0.0)
    gemm("C is a scalar", (2, 3), (3, 4), ())
    gemm("C is a column", (2, 3), (3, 4), (2, 1))
    gemm("C is a row", (2, 3), (3, 4), (1, 4))
    gemm("C is one by one", (2, 3), (3, 4), (1, 1))
    gemm("B and C are not constant", (2, 3), (4, 3), (4,), transB=1, constant=())
    gemm("no rows", (0, 3), (4, 3), (4,), transB=1)
    gemm("opset 7", (2, 3), (4, 3), (4,), transB=1, opset=7)
    gemm("opset 9", (2, 3), (4, 3), (4,), transB=1, opset=9)
    gemm("opset 11", (2, 3), (4, 3), transB=1, opset=11)
    gemm("float64", (2, 3), (4, 3), (4,), transB=1, dtype=f8)
    gemm("float16", (2, 3), (4, 3), (4,), transB=1, dtype=f2)

    def einsum(name, equation, *shapes, second=None, **more):
        oracle = lambda *o, equation: np.einsum(second or equation, *o)
        case("Einsum", name, [numbers(f"ei{name}{i}", *s) for i, s in enumerate(shapes)], equation=equation, opset=12, oracle=oracle, tolerance=SUMS, **more)
    einsum("attention with spaces and capitals", "B G H I D, B G H J D -> B G H I J", (1, 2, 2, 3, 2), (1, 2, 2, 2, 2))
    einsum("relative position", "byhwc,hkc->byhwk", (1, 2, 2, 3, 2), (2, 3, 2))
    einsum("product", "ij,jk->ik", (2, 3), (3, 2))
    einsum("product, implicit result", "ij,jk", (2, 3), (3, 2))
    einsum("implicit result in the order of the alphabet", "ba,ca", (2, 3), (4, 3))
    einsum("transpose", "ij->ji", (2, 3))
    einsum("implicit transpose", "ba", (2, 3))
    einsum("sum of everything", "ij->", (2, 3))
    einsum("row sums", "ij->i", (2, 3))
    einsum("diagonal", "ii->i", (3, 3))
    einsum("trace", "ii->", (3, 3))
    einsum("trace, implicit", "ii", (3, 3))
    einsum("batched diagonal", "bii->bi", (2, 3, 3))
    einsum("outer product", "i,j->ij", (2,), (3,))
    einsum("inner product", "i,i->", (4,), (4,))
    einsum("elementwise", "ij,ij->ij", (2, 3), (2, 3))
    einsum("batched", "bij,bjk->bik", (2, 2, 3), (2, 3, 2))
    einsum("ellipsis", "...ij,...jk->...ik", (2, 2, 3), (2, 3, 2))
    einsum("ellipsis, implicit result", "...ij,...jk", (2, 2, 3), (2, 3, 2))
    einsum("ellipsis that broadcasts", "...ij,jk->...ik", (2, 1, 2, 3), (3, 2))
    einsum("ellipsis in front of a diagonal", "...ii->...i", (2, 3, 3))
    einsum("three operands", "ij,jk,kl->il", (2, 3), (3, 2), (2, 2))
    einsum("one extent broadcasts", "ij,ij->ij", (2, 3), (1, 3), differs={})
    einsum("letter that is summed alone", "ij,k->i", (2, 3), (4,))


def softmax(x, axis=-1, dtype=None):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmaxes():
    def add(name, x, opset=13, **more):
        case("Softmax", name, [x], opset=opset, oracle=softmax, tolerance=TRANSCENDENTAL, **more)
    def old(x, axis=1):
        axis = axis % x.ndim if x.ndim else 0
        return softmax(x.reshape(int(np.prod(x.shape[:axis])), -1), 1).reshape(x.shape)
    x = numbers("softmax", 2, 3, 2, 3, scale=2)
    add("default axis", x)
    for axis in (0, 1, 2, 3, -1, -2, -4):
        add(f"axis {axis}", x, axis=axis)
    add("class scores", numbers("softmaxc", 2, 10, scale=3), axis=1)
    add("large values", np.array([[1000, 1001, 999], [-1000, -1001, 0]], f4), axis=-1)
    add("one element", numbers("softmax1", 3, 1), axis=-1)
    add("masked with minus infinity", np.array([[0.5, -np.inf, 1]], f4), axis=-1)
    add("vector of nineteen", numbers("softmax19", 19), axis=0)
    add("float64", numbers("softmaxd", 2, 3, dtype=f8), axis=-1)
    add("float16", numbers("softmaxh", 2, 3, dtype=f2), axis=-1)
    for opset in (7, 11):
        case("Softmax", f"opset {opset}, default axis, joins the axes behind it", [x], opset=opset, oracle=old, tolerance=TRANSCENDENTAL)
        for axis in (0, 1, 2, 3) + ((-1, -2) if opset == 11 else ()):
            case("Softmax", f"opset {opset}, axis {axis}", [x], axis=axis, opset=opset, oracle=old, tolerance=TRANSCENDENTAL)
    case("Softmax", "opset 11, matrix", [numbers("softmaxm", 2, 5)], axis=1, opset=11, oracle=old, tolerance=TRANSCENDENTAL)


def layer_normalisations():
    def normalised(x, scale, bias=None, axis=-1, epsilon=1e-5, stash_type=1):
        axes = tuple(range(axis % x.ndim, x.ndim))
        mean = x.mean(axes, keepdims=True)
        inverse = 1 / np.sqrt(((x - mean) ** 2).mean(axes, keepdims=True) + np.float32(epsilon))
        y = (x - mean) * inverse * scale
        return y if bias is None else y + bias, mean, inverse
    def add(name, shape, scale, bias=True, dtype=f4, **more):
        operands = [numbers("ln" + name + "x", *shape, dtype=dtype), numbers("ln" + name + "s", *scale, dtype=dtype)] + ([numbers("ln" + name + "b", *scale, dtype=dtype)] if bias else [])
        more.setdefault("constant", tuple(range(1, len(operands))))
        case("LayerNormalization", name, operands, oracle=normalised, tolerance=(5e-6, 5e-6), **more)
    add("default axis", (2, 3, 5), (5,))
    for axis, scale in ((-1, (5,)), (2, (5,)), (-2, (3, 5)), (1, (3, 5)), (0, (2, 3, 5)), (-3, (2, 3, 5))):
        add(f"axis {axis}", (2, 3, 5), scale, axis=axis)
    add("no bias", (2, 4), (4,), bias=False, axis=-1)
    add("epsilon 1e-6", (1, 3, 4), (4,), axis=-1, epsilon=1e-6)
    add("epsilon 0.1", (1, 3, 4), (4,), axis=-1, epsilon=0.1)
    add("two results", (2, 3, 4), (4,), axis=-1, results=2)
    add("three results", (2, 3, 4), (4,), axis=-1, results=3)
    add("three results, axis 1", (2, 3, 4), (3, 4), axis=1, results=3)
    add("first and third result", (2, 3, 4), (4,), axis=-1, results=[True, False, True])
    add("stash_type 1 written", (2, 4), (4,), axis=-1, stash_type=1)
    add("parameters are not constant", (2, 4), (4,), axis=-1, constant=())
    add("four axes", (1, 2, 2, 6), (6,), axis=-1)
    add("float64", (2, 4), (4,), dtype=f8, axis=-1)
    add("float16", (2, 4), (4,), dtype=f2, axis=-1)
    case("LayerNormalization", "constant row", [np.array([[2, 2, 2], [1, 2, 3]], f4), np.ones(3, f4), np.zeros(3, f4)], constant=(1, 2), axis=-1, oracle=normalised, tolerance=(5e-6, 5e-6))
    case("LayerNormalization", "large mean", [numbers("lnl", 2, 6) + f4(100), np.ones(6, f4)], constant=(1,), axis=-1, oracle=normalised, tolerance=(2e-5, 2e-5))


def reductions():
    def over(function):
        def reduce(x, axes=None, keepdims=1, noop_with_empty_axes=0):
            if axes is None or len(axes) == 0:
                if noop_with_empty_axes:
                    return x if function is not norm else np.abs(x)
                axes = range(x.ndim)
            return function(x, axis=tuple(int(a) % x.ndim for a in axes), keepdims=bool(keepdims))
        return reduce
    norm = lambda x, axis, keepdims: np.sqrt((x * x).sum(axis=axis, keepdims=keepdims))
    for op, function in (("ReduceMean", np.mean), ("ReduceL2", norm)):
        oracle = over(function)
        x = numbers(op, 2, 3, 4, 2)
        def add(name, operands, **more):
            case(op, name, operands, constant=range(1, len(operands)) if more.pop("fixed", True) else (), oracle=oracle, tolerance=SUMS, **more)
        for axes in ([2, 3], [-1], [1], [1, 2], [0, 1], [-1, -2], [0], [0, 1, 2, 3]):
            for keepdims in (0, 1):
                add(f"attribute {axes}, keepdims {keepdims}", [x], axes=axes, keepdims=keepdims, opset=13)
            add(f"operand {axes}", [x, vector(*axes)], opset=18)
        add("operand, keepdims 0", [x, vector(2, 3)], keepdims=0, opset=18)
        add("operand, negative, keepdims 0", [x, vector(-1, -3)], keepdims=0, opset=18)
        add("operand, unsorted", [x, vector(3, 0)], opset=18)
        add("attribute left out", [x], opset=13)
        add("attribute left out, keepdims 0", [x], keepdims=0, opset=13)
        add("operand left out", [x], opset=18)
        add("operand left out, noop_with_empty_axes 0", [x], noop_with_empty_axes=0, keepdims=0, opset=18)
        if op == "ReduceMean":
            add("operand left out, noop_with_empty_axes 1", [x[0]], noop_with_empty_axes=1, opset=18)
            add("empty operand, noop_with_empty_axes 1", [x[0], np.zeros(0, i8)], noop_with_empty_axes=1, opset=18)
        add("empty operand", [x, np.zeros(0, i8)], opset=18)
        add("operand, noop_with_empty_axes 1 has no say", [x[0], vector(1)], noop_with_empty_axes=1, opset=18)
        add("operand is not constant", [x, vector(1)], opset=18, fixed=False)
        add("opset 7", [x], axes=[1], opset=7)
        add("opset 11, negative", [x], axes=[-2], opset=11)
        add("seventeen in a row", [numbers(op + "17", 2, 17)], axes=[1], keepdims=0, opset=13)
        add("float64", [numbers(op + "d", 2, 3, dtype=f8)], axes=[1], opset=13)
        if op == "ReduceMean":
            case(op, "int32", [np.array([[3, 3, 3], [-6, 0, 3]], i4)], axes=[1], opset=13, oracle=lambda x, axes: (x.sum(1, keepdims=True) / x.shape[1]).astype(x.dtype))
            case(op, "large values", [numbers("rml", 1, 3, 5) + f4(1000)], axes=[2], opset=13, oracle=oracle, tolerance=(0, 1e-6))


def attention(q, k, v, mask=None, scale=None, is_causal=0, softcap=0.0, q_num_heads=None, kv_num_heads=None, qk_matmul_output_mode=0, softmax_precision=None):
    flat = q.ndim == 3
    if flat:
        split = lambda t, n: t.reshape(t.shape[0], t.shape[1], n, -1).transpose(0, 2, 1, 3)
        q, k, v = split(q, q_num_heads), split(k, kv_num_heads), split(v, kv_num_heads)
    repeat = q.shape[1] // k.shape[1]
    k, v = np.repeat(k, repeat, 1), np.repeat(v, repeat, 1)
    s = q @ k.swapaxes(-1, -2) * (np.float32(scale).astype(f8) if scale else 1 / np.sqrt(q.shape[-1]))
    if softcap:
        s = softcap * np.tanh(s / softcap)
    if is_causal:
        s = np.where(np.tril(np.ones(s.shape[-2:], bool)), s, -np.inf)
    if mask is not None:
        s = np.where(mask, s, -np.inf) if mask.dtype == bool else s + mask
    y = softmax(s) @ v
    return y.transpose(0, 2, 1, 3).reshape(y.shape[0], y.shape[2], -1) if flat else y


def attentions():
    def add(name, q, k=None, v=None, mask=None, **more):
        operands = [numbers(f"at{name}{i}", *s) for i, s in enumerate((q, k or q, v or k or q))] + ([mask] if mask is not None else [])
        more.setdefault("opset", 23)
        case("Attention", name, operands, oracle=attention, tolerance=SUMS, **more)
    add("four axes", (1, 2, 3, 4))
    add("as exported", (1, 2, 5, 4), is_causal=0, softcap=0.0, qk_matmul_output_mode=0)
    add("batch 2, another number of keys", (2, 2, 3, 4), (2, 2, 5, 4))
    add("another extent of values", (1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 5, 3))
    add("scale", (1, 2, 3, 4), scale=0.3)
    add("causal", (1, 2, 4, 4), is_causal=1)
    add("softcap", (1, 2, 3, 4), softcap=2.0)
    add("float mask", (1, 2, 3, 4), (1, 2, 5, 4), mask=numbers("atm", 3, 5))
    add("float mask, four axes", (1, 2, 3, 4), (1, 2, 5, 4), mask=numbers("atm4", 1, 2, 3, 5))
    add("bool mask", (1, 2, 3, 4), mask=np.array([[1, 1, 0], [0, 1, 1], [1, 1, 1]], bool))
    add("grouped queries", (1, 4, 3, 4), (1, 2, 3, 4))
    add("three axes", (1, 3, 8), q_num_heads=2, kv_num_heads=2)
    add("three axes, another number of keys", (2, 3, 6), (2, 4, 6), q_num_heads=3, kv_num_heads=3)
    add("one head, opset 24", (1, 1, 3, 4), opset=24)


def make():
    products()
    softmaxes()
    layer_normalisations()
    reductions()
    attentions()
