"""usage: python Fixtures/Cards/make.py

Writes three small networks with their cards, ensemble files, two radiographs and one of them mirrored, and in reference.json what they give: preprocessing with
NumPy and Pillow, the networks with NumPy in float64, from the cards as they stand. onnxruntime is asked only whether the files compute the same.

  fine      two convolutions, map of 24×20 cells, letterboxed, one raw number that becomes points by factor 100 and offset 5
  coarse    the same input, map of 12×10 cells, right hands are mirrored; a vector of scores [N]
  classes   three channels, cropped, inverted, percentiles, an input of another size; a score and ten classes

The weights are random, so the scores mean nothing. Made with Python 3.11, numpy 2.4.6, Pillow 13.0.0, onnx 1.23.2, onnxruntime 1.32.0.
"""
import hashlib, json, os
import numpy as np, onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

FOLDER = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(FOLDER, name)


# The networks: lists of (weights, stride), then global average pooling and linear heads.

def network(seed, channels, widths, strides, heads):
    g = np.random.default_rng(seed)
    layers, width = [], channels
    for out, stride in zip(widths, strides):
        layers.append((g.normal(0, 1 / np.sqrt(9 * width), (out, width, 3, 3)).astype(np.float32), g.normal(0, 0.1, out).astype(np.float32), stride))
        width = out
    return layers, [(name, g.normal(0, 1, (n, width)).astype(np.float32), g.normal(0, 0.2, n).astype(np.float32)) for name, n in heads]


def save(name, net, channels, size, vector):
    layers, heads = net
    nodes, weights, last = [], [], "radiograph"
    for i, (w, b, stride) in enumerate(layers):
        weights += [numpy_helper.from_array(w, f"w{i}"), numpy_helper.from_array(b, f"b{i}")]
        nodes.append(helper.make_node("Conv", [last, f"w{i}", f"b{i}"], [f"conv{i}"], pads=[1] * 4, strides=[stride] * 2))
        nodes.append(helper.make_node("Relu", [f"conv{i}"], [f"relu{i}"]))
        last = f"relu{i}"
    nodes += [helper.make_node("GlobalAveragePool", [last], ["pooled"]), helper.make_node("Flatten", ["pooled"], ["flat"])]
    outputs = []
    for head, w, b in heads:
        weights += [numpy_helper.from_array(w, head + "_w"), numpy_helper.from_array(b, head + "_b")]
        squeezed = vector and head == "score"
        nodes.append(helper.make_node("Gemm", ["flat", head + "_w", head + "_b"], [head + "_row" if squeezed else head], transB=1))
        if squeezed:
            weights.append(numpy_helper.from_array(np.array([1], np.int64), "axis"))
            nodes.append(helper.make_node("Squeeze", [head + "_row", "axis"], [head]))
        outputs.append(helper.make_tensor_value_info(head, TensorProto.FLOAT, ["N"] if squeezed else ["N", len(b)]))
    graph = helper.make_graph(nodes, name, [helper.make_tensor_value_info("radiograph", TensorProto.FLOAT, ["N", channels, *size])], outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="Fixtures/Cards/make.py")
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path(name + ".onnx"))


def convolved(x, w, b, stride):
    x = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    height, width = (x.shape[1] - 3) // stride + 1, (x.shape[2] - 3) // stride + 1
    y = np.tile(b.astype(np.float64)[:, None, None], (1, height, width))
    for i in range(3):
        for j in range(3):
            part = x[:, i:i + stride * (height - 1) + 1:stride, j:j + stride * (width - 1) + 1:stride]
            y += np.einsum("oc,chw->ohw", w[:, :, i, j].astype(np.float64), part)
    return y


def run(net, x):
    """Each head's numbers, and of its first number the map ∂y/∂A · A of the last layer with the intercept."""
    layers, heads = net
    for w, b, stride in layers:
        x = np.maximum(convolved(x, w, b, stride), 0)
    pooled = x.mean((1, 2))
    values = {head: w.astype(np.float64) @ pooled + b for head, w, b in heads}
    _, w, b = heads[0]
    return values, np.einsum("k,khw->hw", w[0].astype(np.float64), x) / (x.shape[1] * x.shape[2]), float(b[0])


# Preprocessing as a card says.

def prepared(file, card):
    image = Image.open(file)
    grey = np.asarray(image).astype(np.float64)
    white = 65535 if image.mode.startswith("I") else 255
    spec = card["input"]
    kind = spec["range"]["kind"]
    low, high = (0, white) if kind == "full-range" else np.percentile(grey, [spec["range"]["lower"], spec["range"]["upper"]])
    grey = np.clip((grey - low) / (high - low), 0, 1)
    if spec["inverted"]:
        grey = 1 - grey
    if card.get("mirror"):
        grey = grey[:, ::-1]
    height, width = spec["size"]
    fit = spec["resize"]["fit"]
    filter = {"bilinear-antialias": Image.BILINEAR, "nearest": Image.NEAREST}[spec["resize"]["filter"]]
    scales = height / grey.shape[0], width / grey.shape[1]
    scale = {"letterbox": min, "crop": max}.get(fit, lambda *_: None)(*scales)
    h, w = (height, width) if fit == "stretch" else (int(np.floor(scale * n + 0.5)) for n in grey.shape)
    content = np.asarray(Image.fromarray(grey.astype(np.float32)).resize((w, h), filter), np.float64)
    top, left = (height - h) // 2, (width - w) // 2
    canvas = np.full((height, width), float(spec["resize"]["padding"]))
    if fit == "crop":
        canvas = content[-top:height - top, -left:width - left]
    else:
        canvas[top:top + h, left:left + w] = content
    mean, deviation = (np.array(spec[k])[:, None, None] for k in ("mean", "standardDeviation"))
    return ((canvas[None] - mean) / deviation)


def card(name, **fields):
    return {
        "schema": "carpus-model/1", "name": name, "description": "Random weights, for tests.", "file": name + ".onnx",
        "sha256": hashlib.sha256(open(path(name + ".onnx"), "rb").read()).hexdigest(), **fields}


def write(name, value):
    with open(path(name), "w") as f:
        json.dump(value, f, indent=1)
        f.write("\n")


NETS = {
    "fine": network(1, 1, (4, 6), (1, 2), [("score", 1)]),
    "coarse": network(2, 1, (4, 6), (2, 2), [("score", 1)]),
    "classes": network(3, 3, (6, 8), (2, 2), [("score", 1), ("severity", 10)]),
}
save("fine", NETS["fine"], 1, (48, 40), False)
save("coarse", NETS["coarse"], 1, (48, 40), True)
save("classes", NETS["classes"], 3, (36, 52), False)
letterbox = {"fit": "letterbox", "filter": "bilinear-antialias", "padding": 0}
target = {"output": "score", "index": 0}
CARDS = {
    "fine": card("fine", input={
        "name": "radiograph", "size": [48, 40], "channels": 1, "range": {"kind": "full-range"}, "resize": letterbox, "hands": "both",
        "laterality": "as-is", "inverted": False, "mean": [0.5], "standardDeviation": [0.25]},
        outputs=[{"name": "score", "kind": "score", "unit": "SvdH points", "scale": [0, 280], "factor": 100, "offset": 5, "clamp": False}], target=target),
    "coarse": card("coarse", input={
        "name": "radiograph", "size": [48, 40], "channels": 1, "range": {"kind": "percentile", "lower": 0.5, "upper": 99.5}, "resize": letterbox,
        "hands": "single", "laterality": "mirror-right", "inverted": False, "mean": [0.45], "standardDeviation": [0.2]},
        outputs=[{"name": "score", "kind": "score", "unit": "SvdH points", "scale": [0, 280], "factor": -40, "offset": 60, "clamp": False}],
        target=target, layer="relu1"),
    "classes": card("classes", input={
        "name": "radiograph", "size": [36, 52], "channels": 3, "range": {"kind": "percentile", "lower": 1, "upper": 99},
        "resize": {"fit": "crop", "filter": "nearest", "padding": 0}, "hands": "both", "laterality": "as-is", "inverted": True,
        "mean": [0.485, 0.456, 0.406], "standardDeviation": [0.229, 0.224, 0.225]},
        outputs=[{"name": "score", "kind": "score", "unit": "SvdH points", "scale": [0, 280], "factor": 30, "offset": 40, "clamp": False},
                 {"name": "severity", "kind": "classes", "activation": "softmax", "scale": "ten-classes"}], target=target),
}
for name, value in CARDS.items():
    write(name + ".card.json", value)
members = [{"model": name + ".onnx"} for name in CARDS]
same = members[:2]
weighted = [{"model": m["model"], "weight": w} for m, w in zip(members, (3, 1, 4))]
stacked = [{"model": m["model"], "weight": w, "output": "score"} for m, w in zip(members, (0.5, -0.25, 0.875))]
ENSEMBLES = {
    "mean": {"combine": "mean", "members": members}, "median": {"combine": "median", "members": members},
    "weighted": {"combine": "weighted", "members": weighted}, "stacked": {"combine": "stacked", "members": stacked, "intercept": 7.5},
    "same": {"combine": "weighted", "members": [{**m, "weight": w} for m, w in zip(same, (3, 1))]},
    "even": {"combine": "median", "members": same},
}
for name, value in ENSEMBLES.items():
    write(name + ".ensemble.json", {"schema": "carpus-ensemble/1", "name": name, **value})

g = np.random.default_rng(9)
y, x = np.mgrid[0:61, 0:97]
picture = 30 + 150 * np.exp(-((x - 60) / 25) ** 2 - ((y - 22) / 14) ** 2) + 60 * np.exp(-((x - 20) / 8) ** 2) + g.normal(0, 6, x.shape)
Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path("wide.png"))
Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)[:, ::-1]).save(path("mirrored.png"))
picture = np.clip((picture.T[::-1] - 20) * 300, 0, 65535).astype(np.uint16)
Image.fromarray(picture).save(path("tall.png"))


def combined(rule, members, scores, intercept=0):
    if rule == "mean":
        return float(np.mean(scores))
    if rule == "median":
        return float(np.median(scores))
    weights = [m["weight"] for m in members]
    return float(np.average(scores, weights=weights)) if rule == "weighted" else float(np.dot(weights, scores) + intercept)


EDGES = [0, 2, 5, 10, 15, 20, 30, 45, 70, 110, 280]
reference = {}
for file in ("wide.png", "tall.png"):
    entry = reference[file] = {"scores": {}, "classes": {}, "budgets": {}, "ensembles": {}, "input": {}}
    for side in ("left", "right"):
        for name, value in CARDS.items():
            if side == "right" and name != "coarse":
                continue
            x = prepared(path(file), {**value, "mirror": name == "coarse" and side == "right"})
            values, themap, bias = run(NETS[name], x)
            import onnxruntime
            session = onnxruntime.InferenceSession(path(name + ".onnx"), providers=["CPUExecutionProvider"])
            got = session.run(None, {"radiograph": x[None].astype(np.float32)})
            assert all(np.allclose(np.ravel(a), np.ravel(values[o.name]), atol=1e-5) for a, o in zip(got, session.get_outputs()))
            rule = value["outputs"][0]
            score = float(rule["factor"] * values["score"][0] + rule["offset"])
            key = name if side == "left" else name + ":right"
            entry["scores"][key] = score
            entry["classes"][key] = int(np.argmax(values["severity"])) if "severity" in values else int(max(0, min(9, np.searchsorted(EDGES, score, "right") - 1)))
            entry["budgets"][key] = {"intercept": rule["factor"] * bias + rule["offset"], "map": float(rule["factor"] * themap.sum())}
            entry["input"][key] = {"mean": float(x.mean()), "standardDeviation": float(x.std())}
            if "severity" in values:
                p = np.exp(values["severity"] - values["severity"].max())
                entry["probabilities"] = list(map(float, p / p.sum()))
    for name, value in ENSEMBLES.items():
        scores = [entry["scores"][m["model"][:-5]] for m in value["members"]]
        entry["ensembles"][name] = {
            "score": combined(value["combine"], value["members"], scores, value.get("intercept", 0)), "standardDeviation": float(np.std(scores, ddof=1)),
            "minimum": min(scores), "maximum": max(scores)}
write("reference.json", reference)
