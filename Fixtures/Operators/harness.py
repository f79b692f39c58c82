"""Makes, checks and writes the reference cases of an operator.

A case is one node with its operands. Its results are computed by up to three sources:
    onnxruntime     the node as a model of its own, in the types of the case, graph optimisations off
    oracle          a function of this folder, written with NumPy or PyTorch in float64, where one is given
    onnx reference  onnx.reference.ReferenceEvaluator, floating-point operands widened to float64 (not where types are the subject)
At least two of them must agree within the tolerance of the case. None that ran may disagree, unless the case names it in `differs`, with the
reason; or it is the onnx reference (no oracle for old opsets and some pools) against both others: then the file says so. What is written is the most exact one, rounded to the type of the case once: the oracle, else the reference,
else onnxruntime.
"""
import json, os, warnings, zlib
import ml_dtypes, numpy as np, onnx, onnxruntime, torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

warnings.filterwarnings("ignore")
onnxruntime.set_default_logger_severity(4)
np.seterr(all="ignore")
FOLDER = os.path.dirname(os.path.abspath(__file__))
VERSIONS = dict(numpy=np.__version__, onnx=onnx.__version__, onnxruntime=onnxruntime.__version__, torch=torch.__version__)
f4, f8, f2, i8, i4 = np.float32, np.float64, np.float16, np.int64, np.int32
bf2 = ml_dtypes.bfloat16

EXACT = (0.0, 0.0)
ROUNDED = (0.0, 1.2e-7)         # one correctly rounded operation in float32, or its neighbour
SUMS = (2e-6, 2e-6)             # sums of tens of products of order one
TRANSCENDENTAL = (2e-7, 2e-6)
HALF = (1e-3, 1e-3)
DOUBLE = (1e-14, 1e-13)


# --- numbers -------------------------------------------------------------------------------------------------------

def numbers(key, *shape, dtype=f4, scale=1.0, digits=3):
    """Normal numbers with few digits, the same for the same key."""
    g = np.random.default_rng(zlib.crc32(key.encode()))
    return np.asarray(np.round(g.normal(0, scale, shape), digits)).astype(dtype)


def integers(key, low, high, *shape, dtype=i8):
    return np.random.default_rng(zlib.crc32(key.encode())).integers(low, high, shape).astype(dtype)


def vector(*values, dtype=i8):
    return np.array(values, dtype)


def scalar(value, dtype=f4):
    return np.array(value, dtype)


# --- JSON ----------------------------------------------------------------------------------------------------------

class Literal(float):
    """A float that json writes with the digits it was given."""


def shortest(value, dtype):
    if np.isnan(float(value)):
        return "nan"
    if np.isinf(float(value)):
        return "inf" if value > 0 else "-inf"
    v = float(value)
    text = repr(v) if dtype == f8 else np.format_float_scientific(np.float32(v), unique=True, trim="-") \
        if abs(v) and (abs(v) < 1e-4 or abs(v) >= 1e7) else np.format_float_positional(np.float32(v), unique=True, trim="-")
    number = float(text)
    assert np.array(number).astype(dtype) == value, (text, value)
    return int(number) if number == int(number) and abs(number) < 1e6 and not (number == 0 and np.signbit(number)) else number


def tensor_json(array):
    array = np.asarray(array)
    kind = array.dtype
    if kind == np.bool_:
        values = [int(v) for v in array.ravel()]
    elif np.issubdtype(kind, np.integer):
        values = [int(v) for v in array.ravel()]
    else:
        values = [shortest(v, kind.type) for v in array.ravel()]
    return dict(type=kind.name, shape=list(array.shape), values=values)


def value_json(value):
    if value is None:
        return None
    if isinstance(value, list):
        return dict(sequence=[tensor_json(v) for v in value])
    return tensor_json(value)


def attribute_json(value):
    if isinstance(value, np.ndarray):
        return dict(tensor=tensor_json(value))
    if isinstance(value, str):
        return dict(string=value)
    if isinstance(value, float):
        return dict(float=shortest(np.float32(value), np.float32))
    if isinstance(value, (int, np.integer)):
        return dict(int=int(value))
    if value and isinstance(value[0], str):
        return dict(strings=list(value))
    if value and isinstance(value[0], float):
        return dict(floats=[shortest(np.float32(v), np.float32) for v in value])
    return dict(ints=[int(v) for v in value])


# --- models --------------------------------------------------------------------------------------------------------

def onnx_type(array):
    return helper.np_dtype_to_tensor_dtype(array.dtype)


def model(c, operands):
    inputs, initializers, names = [], [], []
    for i, operand in enumerate(operands):
        if operand is None:
            names.append("")
            continue
        names.append(f"x{i}")
        if isinstance(operand, list):
            inputs.append(helper.make_tensor_sequence_value_info(f"x{i}", onnx_type(operand[0]), None))
        elif i in c["constant"]:
            initializers.append(numpy_helper.from_array(np.asarray(operand), f"x{i}"))
        else:
            inputs.append(helper.make_tensor_value_info(f"x{i}", onnx_type(operand), operand.shape))
    while names and names[-1] == "":
        names.pop()
    results = [f"y{i}" if kept else "" for i, kept in enumerate(c["kept"])]
    attributes = {k: numpy_helper.from_array(v) if isinstance(v, np.ndarray) else v for k, v in c["attributes"].items()}
    node = helper.make_node(c["op"], names, results, domain=c["domain"], **{k: v for k, v in attributes.items() if not (isinstance(v, (list, tuple)) and not v)})
    for k, v in attributes.items():
        if isinstance(v, (list, tuple)) and not v:
            node.attribute.append(onnx.AttributeProto(name=k, type=onnx.AttributeProto.INTS))
    outputs = [onnx.ValueInfoProto(name=r) for r in results if r]
    graph = helper.make_graph([node], "case", inputs, outputs, initializers)
    m = helper.make_model(graph, opset_imports=[helper.make_opsetid("", c["opset"] if not c["domain"] else 17)]
                          + ([helper.make_opsetid(c["domain"], c["opset"])] if c["domain"] else []))
    m.ir_version = 8 if c["opset"] <= 17 else 10
    return m


def feeds(c, operands):
    return {f"x{i}": o for i, o in enumerate(operands) if o is not None and i not in c["constant"]}


def with_gaps(c, results):
    results = iter(results)
    return [next(results) if kept else None for kept in c["kept"]]


def from_onnxruntime(c):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    m = model(c, c["operands"])
    session = onnxruntime.InferenceSession(m.SerializeToString(), options, providers=["CPUExecutionProvider"])
    wanted = feeds(c, c["operands"])
    if any(isinstance(o, np.ndarray) and o.dtype == bf2 for o in c["operands"]) or any(
            o.type == "tensor(bfloat16)" for o in session.get_outputs()):
        raise NotImplementedError("bfloat16 cannot be fed from Python")
    return with_gaps(c, session.run(None, wanted))


def widened(c, value):
    if not c["widen"]:
        return value
    if isinstance(value, list):
        return [widened(c, v) for v in value]
    return value.astype(f8) if value is not None and value.dtype.type in (f4, f2, bf2) else value


def from_reference(c):
    wide = dict(c, attributes={k: widened(c, v) if isinstance(v, np.ndarray) else v for k, v in c["attributes"].items()})
    operands = [widened(c, o) for o in c["operands"]]
    return with_gaps(c, ReferenceEvaluator(model(wide, operands)).run(None, feeds(c, operands)))


def from_oracle(c, oracle="oracle"):
    if c[oracle] is None:
        raise NotImplementedError("no " + oracle)
    wide = [widened(c, o) for o in c["operands"]]
    results = c[oracle](*wide, **c["attributes"])
    results = list(results) if isinstance(results, tuple) else [results]
    def numpy(v):
        return [numpy(e) for e in v] if isinstance(v, list) else v.detach().numpy() if isinstance(v, torch.Tensor) else np.asarray(v)
    return [numpy(r) if kept else None for kept, r in zip(c["kept"], results)]


# --- checks --------------------------------------------------------------------------------------------------------

def flat(results):
    for r in results:
        if isinstance(r, list):
            yield from r
        elif r is not None:
            yield np.asarray(r)


def worst(a, b, tolerance):
    """The largest |a−b| in units of what is allowed; infinite for another shape."""
    a, b = list(flat(a)), list(flat(b))
    if [x.shape for x in a] != [x.shape for x in b]:
        return float("inf")
    top = 0.0
    for x, y in zip(a, b):
        x, y = (x.astype(f8), y.astype(f8)) if x.dtype.kind in "fVb" or y.dtype.kind in "fVb" else (x.astype(object), y.astype(object))
        if x.dtype == object:
            if not np.array_equal(x, y):
                return float("inf")
            continue
        same = (x == y) | (np.isnan(x) & np.isnan(y))
        with np.errstate(all="ignore"):
            off = np.abs(x - y) / (tolerance[0] + tolerance[1] * np.abs(y))
        off = np.where(same, 0, np.where(np.isnan(off), np.inf, off))
        top = max(top, float(off.max(initial=0)))
    return top


def rounded(results, dtypes):
    """To the types of the case, once."""
    out, dtypes = [], iter(dtypes)
    for r in results:
        if isinstance(r, list):
            out.append([np.asarray(e).astype(t) for e, t in zip(r, next(dtypes))])
        elif r is None:
            out.append(None)
        else:
            with np.errstate(all="ignore"):
                out.append(np.asarray(r).astype(next(dtypes)))
    return out


CASES = {}


def case(op, name, operands, opset=17, constant=(), oracle=None, second=None, tolerance=EXACT, strict=True, results=1, types=None, differs=None, widen=True, attributes=None, file=None, domain="", **more):
    """Adds a case. `results`: how many the node names, or a list of truth values. `types`: the result types, when no source gives
    them. `file`: where it is written, if not in that of the operator. `second`: another oracle, where a type is beyond onnxruntime. `strict`: False keeps the tolerance whatever the type. `differs`: {source: why it may be off}. `tolerance` is the float32 one; half and double operands get their own."""
    kinds = {o.dtype.type for o in operands if isinstance(o, np.ndarray)}
    if tolerance != EXACT and strict:
        if f8 in kinds:
            tolerance = DOUBLE
        elif f2 in kinds or bf2 in kinds:
            tolerance = (1e-2, 1e-2) if bf2 in kinds else HALF
    kept = [True] * results if isinstance(results, int) else list(results)
    c = dict(op=op, name=name, operands=operands, opset=opset, constant=tuple(constant), oracle=oracle, second=second, tolerance=tolerance, kept=kept,
             types=types, widen=widen, domain=domain, file=file, differs=differs or {}, attributes=dict(attributes or {}, **more))
    cases = CASES.setdefault(file or op, [])
    cases.append(c)
    assert len({(k["op"], k["name"]) for k in cases}) == len(cases), (op, name)


def solved(c):
    got, failed = {}, {}
    for source, function in (("oracle", from_oracle), ("second oracle", lambda c: from_oracle(c, "second")), ("onnx reference", from_reference), ("onnxruntime", from_onnxruntime)):
        try:
            got[source] = function(c)
        except Exception as error:
            failed[source] = f"{type(error).__name__}: {str(error)[:160]}"
    usable = {s: r for s, r in got.items() if s not in c["differs"]}
    label = f"{c['op']} {c['name']}"
    if len(usable) < 2:
        raise SystemExit(f"{label}: fewer than two sources\n  {failed}\n  {c['differs']}")
    if c["types"]:
        dtypes = c["types"]
    elif "onnxruntime" in got:
        dtypes = [[e.dtype for e in r] if isinstance(r, list) else np.asarray(r).dtype for r in got["onnxruntime"] if r is not None]
    else:
        floating = next((o.dtype for o in c["operands"] if isinstance(o, np.ndarray) and o.dtype.kind in "fV"), None)
        dtypes = [floating if np.asarray(r).dtype.kind in "fV" and floating is not None else np.asarray(r).dtype for r in next(iter(usable.values())) if r is not None]
    first = next(iter(usable))
    expected = rounded(usable[first], dtypes)
    for source, results in got.items():
        off = worst(rounded(results, dtypes), expected, c["tolerance"])
        if off > 1 and source == "onnx reference" and {"oracle", "onnxruntime"} <= set(usable) and source not in c["differs"]:
            c["differs"]["onnx reference"] = "disagrees with both others"
            print(f"note: {label}: the onnx reference disagrees with both others")
        if off > 1 and source not in c["differs"]:
            raise SystemExit(f"{label}: {source} is {off:.3g} times the tolerance away from {first}\n  {[np.asarray(r).tolist() for r in flat(results)]}\n"
                             f"  {[r.tolist() for r in flat(expected)]}\n  {failed}")
        if off <= 1 and source in c["differs"]:
            print(f"note: {label}: {source} agrees although the case says it differs")
    return expected, [s for s in usable if s not in c["differs"]], failed


def write(op, folder=FOLDER):
    cases = []
    for c in CASES[op]:
        expected, sources, _ = solved(c)
        cases.append(dict(
            name=c["name"], opset=c["opset"], attributes={k: attribute_json(v) for k, v in c["attributes"].items()},
            operands=[value_json(o) for o in c["operands"]], constant_operands=list(c["constant"]), results=[value_json(r) for r in expected],
            tolerance=dict(absolute=c["tolerance"][0], relative=c["tolerance"][1]), sources=sources))
        if c["differs"]:
            cases[-1]["differs"] = c["differs"]
        if c["file"]:
            cases[-1].update(operator=c["op"], domain=c["domain"])
    lines = ",\n".join("  " + json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases)
    with open(os.path.join(folder, op + ".json"), "w") as file:
        file.write(f'{{"operator":"{op}","made_by":{json.dumps(VERSIONS)},"cases":[\n{lines}\n]}}\n')
    return len(cases)
