"""Ground truth of attention, by intervention: what one site's damage does to each network's score, all else being the same.

    usage: python Fixtures/Training/sensitivities.py CARPUS MODELS [COUNT]

For each of the 44 sites of both hands the same COUNT phantoms (20) are drawn healed there (every grade of the site 0) and damaged there (erosion
4, narrowing 3, where they are scored); the mean difference of the scores, in points, is the network's sensitivity to that site. Writes
sensitivities.json beside this script. Made with NumPy 2.4.6, onnxruntime 1.32.0.
"""
import os, sys
sys.dont_write_bytecode = True
import numpy as np
import phantoms, scoring

EROSION_ONLY = {"IP1", "CMC1", "trapezium", "scaphoid", "lunate", "radius", "ulna"}
NARROWING_ONLY = {"CMC3", "CMC4", "CMC5", "STT", "SC", "SR"}
SEED = 7001


def grades(side, site, is_damaged):
    wanted = {"erosion": 4, "narrowing": 3}
    kinds = ["erosion"] if site in EROSION_ONLY else ["narrowing"] if site in NARROWING_ONLY else list(wanted)
    return [f"{side}:{site}.{kind}={wanted[kind] * is_damaged}" for kind in kinds]


if __name__ == "__main__":
    carpus, folder, *count = sys.argv[1:]
    count = int(count[0]) if count else 20
    networks = scoring.models(folder)
    sites = {}
    for side, site in phantoms.PLACES:
        totals, scores = [], {name: [] for name in networks}
        for is_damaged in (0, 1):
            cohort = phantoms.cohort(carpus, SEED, count, "--size", "640x640", "--threads", "1", "--set", *grades(side, site, is_damaged))
            totals.append(cohort["totals"])
            for name, network in networks.items():
                scores[name].append(network(cohort["images"])[0])
        scores["ensemble"] = [scoring.ensembled(folder, {name: s[k] for name, s in scores.items()}) for k in (0, 1)]
        changes = {name: s[1] - s[0] for name, s in scores.items()}
        sites[f"{side}:{site}"] = dict(points=float((totals[1] - totals[0]).mean()), change={name: float(c.mean()) for name, c in changes.items()},
                                       standard_error={name: float(c.std(ddof=1) / np.sqrt(count)) for name, c in changes.items()})
        print(side, site, scoring.rounded(sites[f"{side}:{site}"]["change"], 2), flush=True)
    scoring.write(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sensitivities.json"), dict(
        seed=SEED, phantoms=count, damage="erosion 4 and narrowing 3 against 0 and 0, where they are scored", sites=sites))
