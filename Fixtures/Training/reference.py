"""Six small phantoms and what PyTorch says of them after the plain preprocessing: `carpus score` must say the same.

    usage: python Fixtures/Training/reference.py CARPUS CHECKPOINTS MODELS [COHORTS]

writes MODELS/reference/*.png (8 bits, three shapes) and MODELS/reference/scores.json: each network's score in points, the ensemble's, and the logits of the
classes. The networks are PyTorch's, of CHECKPOINTS (`random` is drawn again, with COHORTS); nothing of ONNX takes part.
Made with torch 2.13.0, NumPy 2.4.6, Pillow 13.0.0.
"""
import json, os, shutil, sys, tempfile
sys.dont_write_bytecode = True
import numpy as np, torch
import export, networks, phantoms, preprocessing, scoring, train

SHAPES = [(8101, "512x512"), (8102, "512x384"), (8103, "400x480")]

if __name__ == "__main__":
    carpus, checkpoints, folder, *cohorts = sys.argv[1:]
    target = os.path.join(folder, "reference")
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    truth = {}
    for seed, size in SHAPES:
        with tempfile.TemporaryDirectory() as drawn:
            phantoms.drawn(carpus, drawn, seed, 2, "--size", size, "--bits", "8")
            with open(os.path.join(drawn, "scores.csv")) as file:
                totals = [line.split(",")[4] for line in file.readlines()[1:]]
            for k, name in enumerate(sorted(os.listdir(os.path.join(drawn, "images")))):
                shutil.copy(os.path.join(drawn, "images", name), os.path.join(target, f"{seed}-{k + 1}.png"))
                truth[f"{seed}-{k + 1}.png"] = float(totals[k])
    scorers = {}
    for name in scoring.NAMES:
        if name == "random" and cohorts:
            scorers[name] = export.random_network(train.loaded(cohorts[0], "validation", 400))
        elif os.path.exists(os.path.join(checkpoints, name + ".pt")):
            scorers[name] = export.restored(os.path.join(checkpoints, name + ".pt"))
    images = []
    for name, total in truth.items():
        entry = dict(image=name, total=total, scores={}, severity={})
        for model, scorer in scorers.items():
            with open(os.path.join(folder, model + ".card.json")) as file:
                x = torch.from_numpy(preprocessing.tensor(os.path.join(target, name), json.load(file)["input"]))
            with torch.no_grad():
                out = networks.Exported(scorer).eval()(x)
            entry["scores"][model] = float((out[0] if isinstance(out, tuple) else out)[0, 0])
            if isinstance(out, tuple):
                entry["severity"][model] = [float(v) for v in out[1][0]]
        entry["scores"]["ensemble"] = float(scoring.ensembled(folder, entry["scores"]))
        images.append(entry)
    with open(os.path.join(target, "scores.json"), "w") as file:
        json.dump(dict(images=images, made_by=dict(torch=torch.__version__, numpy=np.__version__)), file, indent=1)
        file.write("\n")
