"""Fits the ensemble on the validation phantoms and measures everything on the held-out ones.

    usage: python Fixtures/Training/measure.py COHORTS MODELS

reads COHORTS/validation-*.npz and COHORTS/held-out-*.npz (phantoms.py), writes MODELS/ensemble.json and held-out.json beside this script:
agreement of each network and of the ensemble with the true totals, the ensemble's root mean square error less each member's with a
paired bootstrap interval (10,000 resamples of the phantoms, 95 %). Made with NumPy 2.4.6, SciPy 1.17.1, onnxruntime 1.32.0.
"""
import os, sys
sys.dont_write_bytecode = True
import numpy as np
from scipy.optimize import lsq_linear
import scoring, train

MEMBERS = ["honest-resnet", "honest-mobilenet", "honest-densenet"]


def stacked(scores, totals):
    """Intercept and weights, none negative, with the least squares; digits that a file holds."""
    matrix = np.column_stack([np.ones(len(totals)), *scores])
    solution = lsq_linear(matrix, totals, ([-np.inf] + [0] * len(scores), np.inf)).x
    return [round(float(x), 4) for x in solution]


def paired(ours, theirs, totals, resamples=10000):
    random = np.random.default_rng(11)
    a, b = (ours - totals) ** 2, (theirs - totals) ** 2
    differences = []
    for _ in range(resamples):
        at = random.integers(0, len(totals), len(totals))
        differences.append(np.sqrt(a[at].mean()) - np.sqrt(b[at].mean()))
    return dict(rmse_difference=float(np.sqrt(a.mean()) - np.sqrt(b.mean())), interval=[float(q) for q in np.percentile(differences, [2.5, 97.5])])


if __name__ == "__main__":
    cohorts, folder = sys.argv[1:]
    validation, held = train.loaded(cohorts, "validation"), train.loaded(cohorts, "held-out")
    networks = scoring.models(folder)
    on_validation = {name: networks[name](validation["images"])[0] for name in MEMBERS}
    intercept, *weights = stacked(list(on_validation.values()), validation["totals"])
    scoring.write(os.path.join(folder, "ensemble.json"), dict(
        schema="carpus-ensemble/1", name="honest-ensemble", combine="stacked", intercept=intercept,
        members=[dict(model=name + ".onnx", weight=weight, output="score") for name, weight in zip(MEMBERS, weights)]))
    totals, results, scores = held["totals"].astype(np.float64), {}, {}
    for name, network in networks.items():
        scores[name], logits = network(held["images"])
        results[name] = scoring.figures(scores[name], totals)
        if logits is not None:
            results[name + ":severity"] = {k: v for k, v in scoring.figures(scores[name], totals, logits.argmax(1)).items() if "class" in k}
    together = scoring.ensembled(folder, scores)
    results["ensemble"] = scoring.figures(together, totals)
    scoring.write(os.path.join(os.path.dirname(os.path.abspath(__file__)), "held-out.json"), dict(
        phantoms=len(totals), mean=float(totals.mean()), standard_deviation=float(totals.std()), results=results,
        ensemble_less_member={name: paired(together, scores[name], totals) for name in MEMBERS}))
    for name, result in results.items():
        print(name, scoring.rounded(result, 3))
