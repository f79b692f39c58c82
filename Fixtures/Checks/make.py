"""usage: python Fixtures/Checks/make.py

infill.json     what covers a mask when each of its pixels is the mean of its neighbours: the linear system solved directly by SciPy.
                Each case: width, height; rectangles [x0, y0, x1, y1] that are covered and others that are left open again; greys are grey(x, y) below;
                `values` row by row, or `probes` [x, y, value] of a large one.
recipro.json    for networks of Fixtures/Networks: y(A with one cell kept) − y(0) of each image and cell, by onnxruntime on the part of the
                model behind the explained layer, with A from activations.npy.
spearman.json   SciPy's rank correlations, with ties.
"""
import json, os, tempfile
import numpy as np, onnx, onnxruntime, scipy.sparse as sp, scipy.sparse.linalg as spl, scipy.stats
from onnx.utils import Extractor

FOLDER = os.path.dirname(os.path.abspath(__file__))


def grey(x, y):
    return (37 * x + 91 * y + 40 * ((x * y) % 53)) % 4096


def solve(width, height, covered, opened):
    mask = np.zeros((height, width), bool)
    for x0, y0, x1, y1 in covered: mask[y0:y1, x0:x1] = True
    for x0, y0, x1, y1 in opened: mask[y0:y1, x0:x1] = False
    yy, xx = np.nonzero(mask)
    number = -np.ones((height, width), int)
    number[yy, xx] = np.arange(len(yy))
    rows, columns, entries, b = [], [], [], np.zeros(len(yy))
    for n, (y, x) in enumerate(zip(yy, xx)):
        degree = 0
        for v, u in ((y, x - 1), (y, x + 1), (y - 1, x), (y + 1, x)):
            if not (0 <= u < width and 0 <= v < height): continue
            degree += 1
            if mask[v, u]: rows.append(n), columns.append(number[v, u]), entries.append(-1.0)
            else: b[n] += grey(u, v)
        rows.append(n), columns.append(n), entries.append(float(degree))
    return yy, xx, spl.spsolve(sp.csc_matrix((entries, (rows, columns))), b)


def infill():
    cases = []
    for width, height, covered, opened in [
        (24, 20, [[5, 4, 15, 13]], []),                                    # inside
        (24, 20, [[0, 0, 9, 7], [18, 12, 24, 20]], []),                    # two corners of the image
        (24, 20, [[3, 2, 21, 18]], [[8, 6, 14, 11], [16, 3, 17, 15]]),     # with a hole and a slit
        (24, 20, [[0, 0, 24, 20]], [[11, 9, 12, 10]]),                     # all but one pixel
        (24, 20, [[0, 7, 24, 8], [6, 0, 7, 20]], []),                      # one pixel wide
        (24, 20, [[4, 4, 5, 5]], []),                                      # one pixel
    ]:
        _, _, values = solve(width, height, covered, opened)
        cases.append(dict(width=width, height=height, covered=covered, opened=opened, values=[round(v, 4) for v in values], probes=[]))
    width, height, covered, opened = 330, 260, [[20, 15, 300, 250]], [[100, 90, 160, 120], [260, 0, 270, 200]]
    yy, xx, values = solve(width, height, covered, opened)
    chosen = np.random.default_rng(5).choice(len(values), 60, replace=False)
    cases.append(dict(width=width, height=height, covered=covered, opened=opened, values=[], probes=[[int(xx[i]), int(yy[i]), round(values[i], 4)] for i in chosen]))
    return cases


def recipro(name):
    folder = os.path.join(FOLDER, "..", "Networks", name)
    layer = json.load(open(os.path.join(folder, "card.json")))["explained_value"]
    model = onnx.shape_inference.infer_shapes(onnx.load(os.path.join(folder, "model.onnx")))
    activations = np.load(os.path.join(folder, "activations.npy")).astype(np.float32)
    tail = Extractor(model).extract_model([layer], [model.graph.output[0].name])
    session = onnxruntime.InferenceSession(tail.SerializeToString(), providers=["CPUExecutionProvider"])
    run = lambda a: float(session.run(None, {layer: a})[0][0, 0])
    maps = []
    for image in activations:
        empty, values = run(np.zeros_like(image)[None]), []
        for y in range(image.shape[1]):
            for x in range(image.shape[2]):
                single = np.zeros_like(image)[None]
                single[0, :, y, x] = image[:, y, x]
                values.append(run(single) - empty)
        maps.append(values)
    return dict(name=name, layer=layer, maps=maps)


def spearman():
    g, cases = np.random.default_rng(3), []
    for n, ties in [(5, False), (12, True), (31, False), (31, True)]:
        a, b = g.normal(size=n), g.normal(size=n)
        b += 0.7 * a
        if ties: a, b = np.round(a * 2) / 2, np.round(b)
        cases.append(dict(first=a.tolist(), second=b.tolist(), value=float(scipy.stats.spearmanr(a, b).statistic)))
    return cases


for name, value in [("infill", infill()), ("recipro", [recipro(n) for n in ("pooled_linear", "smooth")]), ("spearman", spearman())]:
    with open(os.path.join(FOLDER, name + ".json"), "w") as file: json.dump(value, file, separators=(",", ":"))
