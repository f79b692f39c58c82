"""Writes focus_measures.json: python focus_measures.py  (needs numpy, scipy and scikit-learn)

For the maps and masks of focus.json what focus.json does not have. Precision and recall by scikit-learn, each cell twice: as a positive sample with
the weight of its covered part, as a negative one with the rest. Entropy by scipy on pieces of equal area; everything else by definition, in loops
over pairs or over all thresholds. No code is shared with Carpus.
"""
import json
import pathlib

import numpy as np
from scipy.stats import entropy
from sklearn.metrics import average_precision_score, roc_auc_score

FOLDER = pathlib.Path(__file__).parent


def overlap(n, cells, scale, offset, extent):
    weights = np.zeros((cells, n))
    for c in range(cells):
        low, high = (c * extent / cells - offset) / scale, ((c + 1) * extent / cells - offset) / scale
        for p in range(n):
            weights[c, p] = max(0.0, min(high, p + 1) - max(low, p)) / (high - low)
    return weights


def top(values, image, covered, area):
    """Share of the highest cells with that area which is covered: cells taken one by one, equal ones together."""
    taken = hit = 0.0
    for value in np.unique(values)[::-1]:
        at = values == value
        if image[at].sum() == 0:
            continue
        part = min(1.0, (area - taken) / image[at].sum())
        if part <= 0:
            break
        taken += part * image[at].sum()
        hit += part * covered[at].sum()
    return hit / area


def otsu(values, image):
    """Best of all thresholds, tried one by one; None where nothing is split."""
    best, chosen = 0.0, None
    for t in np.unique(np.maximum(values, 0))[::-1]:
        above = np.maximum(values, 0) > t
        w1, w0 = image[above].sum(), image[~above].sum()
        if w1 == 0 or w0 == 0:
            continue
        x = np.maximum(values, 0)
        m1, m0 = (x * image)[above].sum() / w1, (x * image)[~above].sum() / w0
        if w1 * w0 * (m1 - m0) ** 2 > best:
            best, chosen = w1 * w0 * (m1 - m0) ** 2, above
    return chosen


cases = []
for case in json.loads((FOLDER / "focus.json").read_text()):
    sx, sy, ox, oy = case["transform"]
    image = np.outer(overlap(case["height"], case["mapHeight"], sy, oy, case["inputHeight"]).sum(1),
                     overlap(case["width"], case["mapWidth"], sx, ox, case["inputWidth"]).sum(1)).ravel()
    values = np.array(case["map"])
    chosen, positive = otsu(values, image), np.maximum(values, 0)
    regions = []
    for coverage in case["coverages"]:
        c = np.array(coverage)
        truth = np.r_[np.ones(len(c)), np.zeros(len(c))]
        weight, score = np.r_[c, np.maximum(image - c, 0)], np.r_[values, values]
        keep = weight > 1e-13
        regions.append(dict(
            auprc=float(average_precision_score(truth[keep], score[keep], sample_weight=weight[keep])),
            auc=float(roc_auc_score(truth[keep], score[keep], sample_weight=weight[keep])),
            topShare=float(top(values, image, c, 0.05 * image.sum())),
            iou=float(c[chosen].sum() / (image[chosen].sum() + c[~chosen].sum())),
            reach=float(image[c > 0].sum() / image.sum())))
    # Pieces of 1/1000 of a cell, as many as the radiograph has in each: exact up to the rounding of that number.
    pieces = np.round(image * 1000).astype(int)
    density = positive / (positive * image).sum()
    bits = float(-(image * np.where(density > 0, density * np.log2(np.where(density > 0, density, 1)), 0)).sum())
    by_pieces = entropy(np.repeat(positive, pieces), base=2) - np.log2(1000)
    assert abs(bits - by_pieces) < 2e-3, (bits, by_pieces)
    pairs = sum(image[i] * image[j] * abs(positive[i] - positive[j]) for i in range(len(values)) for j in range(len(values)))
    cases.append(dict(regions=regions, entropy=bits, spread=2 ** bits / float(image.sum()),
                      gini=float(pairs / (2 * image.sum() * (positive * image).sum()))))
(FOLDER / "focus_measures.json").write_text(json.dumps(cases, separators=(",", ":")))
