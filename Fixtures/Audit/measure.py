"""Audits the stand-in networks blind on fresh cohorts of phantoms, and says how often each rule failed for each of them, and how the maps' points go with the
sensitivities that were measured by intervention.

usage: python measure.py CARPUS FOLDER [--seeds 9001,9002,9003,9004,9005] [--count 200] [--covered 40]

CARPUS is the command. FOLDER gets the cohorts and audits; what is there already is not made again. Needs numpy and scipy (figures in figures.json: numpy 2.2, scipy 1.15).
"""
import argparse, collections, json, pathlib, sqlite3, subprocess
import numpy as np
from scipy.stats import pearsonr, spearmanr

here = pathlib.Path(__file__).resolve().parent
models = here.parent / "Models"
honest = ["honest-resnet", "honest-mobilenet", "honest-densenet", "ensemble"]
controls = ["wrist", "shuffled", "random", "marker"]


def path(name): return models / (name + (".json" if name == "ensemble" else ".onnx"))


def audited(carpus, folder, seed, count, names, label, **changes):
    cohort, out = folder / f"cohort-{seed}-{count}", folder / f"audit-{label}-{seed}-{count}"
    if not (cohort / "study.json").exists():
        subprocess.run([carpus, "phantom", "--count", str(count), "--seed", str(seed), "--output", cohort, "--quiet"], check=True)
    study = json.loads((cohort / "study.json").read_text()) | changes
    (cohort / f"{label}.json").write_text(json.dumps(study))
    if not (out / "summary.json").exists():
        command = [carpus, "audit", cohort / f"{label}.json", "--output", out, "--resume", "--quiet", "--fail-on", "none"]
        for name in names: command += ["--model", path(name)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out


def slopes(store, model, values, minimum=10):
    """For each place, by how many points its number rises with a point of grade."""
    pairs = collections.defaultdict(list)
    for key, grade, value in values(store, model): pairs[key].append((grade, value))
    result = {}
    for key, own in pairs.items():
        grade, value = np.array(own, float).T
        if (grade != grade[0]).sum() >= minimum: result[key] = np.polyfit(grade, value, 1)[0]
    return result


def grades(store):
    table = collections.defaultdict(dict)
    for image, item, grade in store.execute("select image, item, grade from grade"):
        side, rest = item.split(":")
        key = f"{side}:{rest.split('.')[0].lower()}"
        table[image][key] = table[image].get(key, 0) + grade
    return table


def points_of(method):
    def values(store, model):
        table = grades(store)
        rows = store.execute("select r.image, r.key, r.points from region r join map m on m.image = r.image and m.model = r.model and m.place = r.map "
                             "where r.model = ? and r.kind = 'site' and m.method = ?", (model, method))
        return [(key, table[image][key], points) for image, key, points in rows if key in table[image]]
    return values


def changes_of(store, model):
    table, rows = grades(store), []
    for image, key, change in store.execute("select c.image, c.key, p.score - c.score from covering c join prediction p on p.image = c.image and p.model = c.model "
                                            "where c.model = ? and c.key like '_:%'", (model,)):
        other = ("R:" if key[0] == "L" else "L:") + key[2:]
        if key in table[image] and other in table[image]: rows.append((key, table[image][key] - table[image][other], change))
    return rows


def correlations(sensitivities, name, values):
    """Pearson and Spearman over the places, with the sensitivity for a point of grade."""
    keys = [key for key in sensitivities if key.lower().replace("l:", "L:", 1).replace("r:", "R:", 1) in values]
    x = [sensitivities[key]["change"][name] / sensitivities[key]["points"] for key in keys]
    y = [values[key.lower().replace("l:", "L:", 1).replace("r:", "R:", 1)] for key in keys]
    return {"places": len(keys), "pearson": round(float(pearsonr(x, y)[0]), 3), "spearman": round(float(spearmanr(x, y)[0]), 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("carpus"), parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seeds", default="9001,9002,9003,9004,9005"), parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--covered", type=int, default=40)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    names = honest + controls
    failed = {name: collections.Counter() for name in names}
    values = {name: collections.defaultdict(list) for name in names}
    outs = []
    for seed in options.seeds.split(","):
        out = audited(options.carpus, options.folder, int(seed), options.count, names, "study", methods=["hirescam"] + ["gradcam"] * (not outs))
        outs.append(out)
        for model in json.loads((out / "summary.json").read_text())["models"]:
            for verdict in model["verdicts"]:
                failed[model["name"]][verdict["name"]] += verdict["passed"] is False
                values[model["name"]][verdict["name"]].append(verdict["value"])
            failed[model["name"]]["any"] += any(verdict["passed"] is False for verdict in model["verdicts"])
    result = {"cohorts": len(outs), "images": options.count, "failed": {name: dict(counter) for name, counter in failed.items()},
              "values": {name: {rule: [None if v is None else round(v, 4) for v in own] for rule, own in rules.items()} for name, rules in values.items()}}
    sensitivities = json.loads((here.parent / "Training" / "sensitivities.json").read_text())["sites"]
    store, result["sensitivities"] = sqlite3.connect(outs[0] / "audit.sqlite"), {}
    covered = audited(options.carpus, options.folder, 9100, options.covered, honest[:3], "covered", checks=["site-covering"])
    changes = sqlite3.connect(covered / "audit.sqlite")
    for index, name in enumerate(honest[:3]):
        own = {method: correlations(sensitivities, name, slopes(store, index, points_of(method))) for method in ["gradcam", "hirescam"]}
        own["occlusion"] = correlations(sensitivities, name, slopes(changes, index, changes_of, minimum=5))
        result["sensitivities"][name] = own
    (here / "figures.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({"failed": result["failed"], "sensitivities": result["sensitivities"]}, indent=1))


main()
