"""Cohorts of phantoms as arrays: images at the networks' size, 16 bits, with scores and the places of the sites.

    usage: python Fixtures/Training/phantoms.py CARPUS FILE.npz SEED COUNT [--option VALUE …]

has the command CARPUS draw COUNT phantoms of both hands from SEED (in portions, so that little lies on the disk at a time). Further options are the command's own, e.g. `--marker-habit follows-score`.
Made with Python 3.11, NumPy 2.4.6, Pillow 13.0.0.
"""
import csv, json, os, subprocess, sys, tempfile
sys.dont_write_bytecode = True
import numpy as np
import networks, preprocessing

EDGES = [0, 2, 5, 10, 15, 20, 30, 45, 70, 110, 280]
SITES = "IP1 PIP2 PIP3 PIP4 PIP5 MCP1 MCP2 MCP3 MCP4 MCP5 CMC1 trapezium scaphoid lunate radius ulna CMC3 CMC4 CMC5 STT SC SR".split()
PLACES = [(side, site) for side in "LR" for site in SITES]
MEAN, DEVIATION = 0.25, 0.25


def severity(score):
    return int(np.clip(np.searchsorted(EDGES, score, side="right") - 1, 0, len(EDGES) - 2))


def drawn(carpus, folder, seed, count, *options, first=1):
    """`carpus phantom` into a folder."""
    command = [carpus, "phantom", "--count", str(count), "--first", str(first), "--seed", str(seed), "--output", folder, "--hands", "both", "--quiet"]
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)


def grey(path):
    """The letterboxed picture 0…1 and where it lies."""
    return preprocessing.letterboxed(preprocessing.spread(*preprocessing.radiograph(path), dict(kind="full-range")), *networks.SIZE, 0)


def places(coco):
    """For each image's file name the middles of the boxes of its sites, in pixels, as `PLACES`; NaN where a site is not there."""
    sites = {f"{side}:{site.lower()}": k for k, (side, site) in enumerate(PLACES)}
    index = {c["id"]: sites[c["name"]] for c in coco["categories"] if c["name"] in sites and c["supercategory"] == "site"}
    files = {i["id"]: os.path.basename(i["file_name"]) for i in coco["images"]}
    found = {name: np.full((len(PLACES), 2), np.nan, np.float32) for name in files.values()}
    for annotation in coco["annotations"]:
        if annotation["category_id"] in index:
            x, y, w, h = annotation["bbox"]
            found[files[annotation["image_id"]]][index[annotation["category_id"]]] = x + w / 2, y + h / 2
    return found


def read(folder):
    """A cohort's images (uint16), totals, ages, erosions and narrowings by place, and places in pixels of the networks' input."""
    with open(os.path.join(folder, "scores.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    with open(os.path.join(folder, "regions.coco.json")) as file:
        where = places(json.load(file))
    with open(os.path.join(folder, "settings.csv"), newline="") as file:
        ages = {os.path.basename(row["image"]): float(row["age"]) for row in csv.DictReader(file)}
    images, middles = [], []
    for row in rows:
        name = os.path.basename(row["image"])
        picture, (left, top, scale_x, scale_y) = grey(os.path.join(folder, "images", name))
        images.append(np.round(picture * 65535).astype(np.uint16))
        middles.append(where[name] * (scale_x, scale_y) + (left, top))
    grades = lambda kind: np.array([[float(row.get(f"{side}:{site}.{kind}") or 0) for side, site in PLACES] for row in rows], np.float32)
    return dict(images=np.stack(images), totals=np.array([float(row["total"]) for row in rows], np.float32), patients=np.array([row["patient"] for row in rows]),
                ages=np.array([ages[os.path.basename(row["image"])] for row in rows], np.float32),
                erosion=grades("erosion"), narrowing=grades("narrowing"), places=np.array(middles, np.float32))


def cohort(carpus, seed, count, *options, portion=250):
    parts = []
    for start in range(0, count, portion):
        with tempfile.TemporaryDirectory() as folder:
            drawn(carpus, folder, seed, min(portion, count - start), *options, first=start + 1)
            parts.append(read(folder))
        print(f"{min(start + portion, count)} of {count} phantoms", flush=True)
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


if __name__ == "__main__":
    carpus, path, seed, count, *options = sys.argv[1:]
    np.savez(path, **cohort(carpus, int(seed), int(count), *options))
