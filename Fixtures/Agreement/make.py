"""Writes the reference values of the agreement tests: python make.py  (needs numpy, scipy, scikit-learn, pandas and pingouin)

agreement.json   data sets (ordinary, tied, small, constant, clustered, with classes that do not occur, shifted and scaled); for each the
                 statistics in points and in classes, the bands, and percentile intervals of resampled patients.

Statistics stem from scipy (correlations, line), scikit-learn (errors, kappas, confusion matrix) and pingouin (ICC); Lin's concordance, which
they lack, is written out from the correlation. Resamples are drawn here once more, image by image, with the same generator, so that the
intervals must agree to rounding. `null` is a statistic that does not exist: fewer images than it needs (3 for correlations and lines, 2 for
limits), a constant; for an interval also one cluster, or a statistic that exists in less than 95 % of the resamples.
"""
import json
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
import pingouin
import scipy
import sklearn
from scipy import stats
from sklearn import metrics

FOLDER = pathlib.Path(__file__).parent
TEN = [0, 2, 5, 10, 15, 20, 30, 45, 70, 110, 280]
BITS = 2**64 - 1
warnings.simplefilter("ignore")


class Stream:
    """SplitMix64, begun from a seed, a number and a name."""

    def __init__(self, seed, index, name):
        state = self.mixed((seed + 0x9E3779B97F4A7C15 & BITS) ^ (index * 0xD1342543DE82EF95 & BITS))
        for byte in name.encode():
            state = self.mixed(state ^ (byte * 0xFF51AFD7ED558CCD & BITS))
        self.state = state

    @staticmethod
    def mixed(z):
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & BITS
        z = (z ^ z >> 27) * 0x94D049BB133111EB & BITS
        return z ^ z >> 31

    def below(self, count):
        self.state = self.state + 0x9E3779B97F4A7C15 & BITS
        return int((self.mixed(self.state) >> 11) * 2.0**-53 * count)


def constant(values):
    return np.all(values == values[0])


def icc_by_pingouin(x, y):
    n = len(x)
    table = pd.DataFrame({"image": list(range(n)) * 2, "rater": ["x"] * n + ["y"] * n, "score": np.concatenate([x, y])})
    result = pingouin.intraclass_corr(table, targets="image", raters="rater", ratings="score")
    return float(result.loc[result.Type.isin(["ICC2", "ICC(A,1)"]), "ICC"].iloc[0])


def icc_by_squares(x, y):
    """The same from the table of the analysis of variance; pingouin takes milliseconds for each resample."""
    scores = np.stack([x, y], axis=1)
    n, k = scores.shape
    grand = scores.mean()
    rows = k * ((scores.mean(1) - grand) ** 2).sum() / (n - 1)
    columns = n * ((scores.mean(0) - grand) ** 2).sum() / (k - 1)
    rest = ((scores - scores.mean(1, keepdims=True) - scores.mean(0, keepdims=True) + grand) ** 2).sum() / ((n - 1) * (k - 1))
    return (rows - rest) / (rows + (k - 1) * rest + k * (columns - rest) / n)


def points(x, y, icc=icc_by_squares):
    n, d = len(x), y - x
    values = {name: None for name in
              ["pcc", "spearman", "rmse", "mae", "bias", "slope", "intercept", "icc", "concordance", "lowerLimit", "upperLimit"]}
    if n == 0:
        return values
    values |= {"rmse": metrics.mean_squared_error(x, y) ** 0.5, "mae": metrics.mean_absolute_error(x, y), "bias": d.mean()}
    if n >= 2:
        values |= {"lowerLimit": d.mean() - 1.96 * d.std(ddof=1), "upperLimit": d.mean() + 1.96 * d.std(ddof=1)}
    if n < 3:
        return values
    if not constant(x):
        line = stats.linregress(x, y)
        values |= {"slope": line.slope, "intercept": line.intercept}
    if not constant(x) and not constant(y):
        r = stats.pearsonr(x, y).statistic
        values |= {"pcc": r, "spearman": stats.spearmanr(x, y).statistic}
        values["concordance"] = 2 * r * x.std() * y.std() / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    elif not (constant(x) and constant(y)):
        values["concordance"] = 0.0
    if not (constant(x) and constant(y)):
        values["icc"] = icc(x, y)
    return values


def classes(i, j, count):
    labels = list(range(count))
    values = {
        "accuracy": metrics.accuracy_score(i, j), "withinOne": float(np.mean(np.abs(i - j) <= 1)),
        "mae": metrics.mean_absolute_error(i, j), "rmse": metrics.mean_squared_error(i, j) ** 0.5,
        "pcc": None, "linearKappa": None, "quadraticKappa": None,
    }
    if len(i) >= 3 and not constant(i) and not constant(j):
        values["pcc"] = stats.pearsonr(i, j).statistic
    if not (constant(i) and constant(j) and i[0] == j[0]):
        for name in ["linear", "quadratic"]:
            values[name + "Kappa"] = metrics.cohen_kappa_score(i, j, labels=labels, weights=name)
    return values


def band_values(x, y, i, count):
    values = {}
    for band in range(count):
        inside = points(x[i == band], y[i == band])
        values |= {f"{band}.{name}": inside[name] for name in ["bias", "mae", "rmse"]}
    return values


def difference(x, y, other):
    a, b = points(x, y), points(x, other)
    return {name: a[name] - b[name] for name in ["rmse", "mae"]}


def resampled_images(patients, count, seed, number):
    """Images of the patients that are drawn, one after the other."""
    groups = {}
    for image, patient in enumerate(patients if patients else range(count)):
        groups.setdefault(patient, []).append(image)
    groups = list(groups.values())
    stream = Stream(seed, number, "bootstrap")
    return np.concatenate([groups[stream.below(len(groups))] for _ in groups]), len(groups)


def intervals(resamples, values):
    result = {}
    for name in values[0]:
        defined = [value[name] for value in values if value[name] is not None]
        result[name] = [float(v) for v in np.percentile(defined, [2.5, 97.5])] if len(defined) >= 0.95 * resamples else None
    return result


def case(name, x, y, other, patients=None, edges=TEN, predicted_classes=None, resamples=200, seed=1):
    x, y, other = (np.asarray(v, float) for v in (x, y, other))
    count = len(edges) - 1
    place = lambda scores: np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, count - 1)
    i = place(x)
    j = place(y) if predicted_classes is None else np.asarray(predicted_classes)
    estimates = {
        "points": points(x, y, icc_by_pingouin), "classes": classes(i, j, count),
        "bands": band_values(x, y, i, count), "difference": difference(x, y, other),
    }
    if estimates["points"]["icc"] is not None:
        assert abs(estimates["points"]["icc"] - icc_by_squares(x, y)) < 1e-9
    drawn = {key: [] for key in estimates}
    for number in range(resamples):
        images, clusters = resampled_images(patients, len(x), seed, number)
        a, b, c, k, l = x[images], y[images], other[images], i[images], j[images]
        drawn["points"].append(points(a, b))
        drawn["classes"].append(classes(k, l, count))
        drawn["bands"].append(band_values(a, b, k, count))
        drawn["difference"].append(difference(a, b, c))
    result = {
        "name": name, "edges": edges, "patients": patients, "reference": x.tolist(), "predicted": y.tolist(), "other": other.tolist(),
        "predictedClasses": [int(v) for v in j], "resamples": resamples, "seed": seed,
        "confusion": metrics.confusion_matrix(i, j, labels=list(range(count))).tolist(),
    }
    for key, values in estimates.items():
        found = intervals(resamples, drawn[key]) if clusters > 1 else {}
        result[key] = {
            name: {"value": None if value is None else float(value), "interval": None if value is None else found.get(name)}
            for name, value in values.items()}
    return result


def main():
    random = np.random.default_rng(20240614)

    def readings(n, scale=25):
        x = np.clip(np.round(random.exponential(scale, n) * 2) / 2, 0, 280)
        return x, np.round(x + random.normal(0, 3 + 0.15 * x), 4), np.round(0.8 * x + 4 + random.normal(0, 6, n), 4)

    cases = []
    x, y, other = readings(60)
    cases.append(case("clusters", x, y, other, [f"P{k}" for k in random.integers(0, 25, 60)]))
    x, y, other = readings(50, 40)
    cases.append(case("one image each", x, y, other, seed=7))
    x, y, other = readings(40, 8)
    cases.append(case("ties", np.round(x), np.round(y), np.round(other), [f"P{k // 2}" for k in range(40)], seed=2**64 - 1))
    x, y, other = readings(30, 3)
    cases.append(case("mild disease only", np.minimum(x, 14), y, other, seed=3))
    x, y, other = readings(24)
    cases.append(case("one large cluster", x, y, other, ["A"] * 14 + list("BCDEFGHIJB"), seed=4))
    x, y, other = readings(50, 40)
    cases.append(case("shift and scale", x, np.round(1.5 * x + 9 + random.normal(0, 2, 50), 4), other, seed=5))
    x, y, other = readings(40, 40)
    cases.append(case("far from zero", x + 1e5, y + 1e5, other + 1e5, seed=6))
    x, y, other = readings(45, 60)
    cases.append(case("three classes", x, y, other, edges=[0, 30, 100, 280], predicted_classes=random.integers(0, 3, 45), seed=8))
    for n in [1, 2, 3, 5]:
        x, y, other = readings(n, 40)
        cases.append(case(f"{n} images", x, y, other, seed=n))
    x, y, other = readings(12)
    cases.append(case("one patient", x, y, other, ["P"] * 12))
    cases.append(case("constant reference", [7.1] * 12, y, other))
    cases.append(case("constant prediction", x, [7.1] * 12, other))
    cases.append(case("both constant", [0.1] * 7, [0.3] * 7, [0.2] * 7))
    cases.append(case("almost constant", [3.0] * 11 + [4.0], y, other, seed=9))
    cases.append(case("perfect", x, x, other))
    made_by = {"python": sys.version.split()[0]} | {m.__name__: m.__version__ for m in (np, pd, scipy, sklearn, pingouin)}
    text = json.dumps({"made_by": made_by, "cases": cases}, allow_nan=False)
    (FOLDER / "agreement.json").write_text(text.replace('{"name"', '\n{"name"') + "\n")


main()
