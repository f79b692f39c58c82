"""How far the side marker alone moves each network's score.

    usage: python Fixtures/Training/markers.py CARPUS MODELS [COUNT]

draws the same COUNT phantoms (60) three times: with independent markers, without any, and with markers that follow the score; nothing else
differs. Writes markers.json beside this script: mean and largest change in points, by network and pair, and agreement with the true totals of
each kind. Made with NumPy 2.4.6, onnxruntime 1.32.0.
"""
import os, sys
sys.dont_write_bytecode = True
import numpy as np
import phantoms, scoring

OTHERS = "border,ring,text,cast,exposure,window,sclerosis"
KINDS = dict(independent=[], none=["--nuisances", OTHERS], following=["--marker-habit", "follows-score"])
PAIRS = [("independent", "none"), ("following", "none"), ("following", "independent")]
SEED = 6001

if __name__ == "__main__":
    carpus, folder, *count = sys.argv[1:]
    count = int(count[0]) if count else 60
    cohorts = {kind: phantoms.cohort(carpus, SEED, count, "--size", "640x640", "--threads", "1", *options) for kind, options in KINDS.items()}
    result, agreement = {}, {}
    for name, network in scoring.models(folder).items():
        scores = {kind: network(cohort["images"])[0] for kind, cohort in cohorts.items()}
        result[name] = {f"{a} against {b}": dict(mean=float((scores[a] - scores[b]).mean()), mean_absolute=float(np.abs(scores[a] - scores[b]).mean()), largest=float(np.abs(scores[a] - scores[b]).max()))
                        for a, b in PAIRS}
        agreement[name] = {kind: {key: value for key, value in scoring.figures(scores[kind], cohorts[kind]["totals"]).items() if key in ("pcc", "rmse")} for kind in KINDS}
        print(name, scoring.rounded(result[name], 2))
    scoring.write(os.path.join(os.path.dirname(os.path.abspath(__file__)), "markers.json"), dict(seed=SEED, phantoms=count, changes=result, agreement=agreement))
