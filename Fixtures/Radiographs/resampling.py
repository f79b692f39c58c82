"""usage: python Fixtures/Radiographs/resampling.py        writes resampling.json

Small fields resized in float64 by PyTorch, under four rules for where the centre of target pixel i of n lies on the m source pixels:
    half-pixel       (i + 0.5)·m/n − 0.5, clamped to the edge, bilinear, no smoothing, also when shrinking (checked against OpenCV)
    align-corners    i·(m − 1)/(n − 1), bilinear (checked against scipy.ndimage.zoom with order 1)
    nearest          the source pixel floor(i·m/n)
    antialiased      a triangle as wide as m/n pixels where it shrinks, else half-pixel (checked against Pillow)
"""
import json, os, sys
sys.dont_write_bytecode = True
FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, "..", "Operators"))
import cv2, numpy as np, scipy.ndimage, torch
import torch.nn.functional as F
from PIL import Image
from harness import VERSIONS, numbers, tensor_json

RULES = {"half-pixel": dict(mode="bilinear", align_corners=False), "align-corners": dict(mode="bilinear", align_corners=True), "nearest": dict(mode="nearest"),
         "antialiased": dict(mode="bilinear", align_corners=False, antialias=True)}
SIZES = [((4, 4), (8, 8)), ((3, 5), (7, 11)), ((8, 6), (4, 3)), ((7, 9), (3, 4)), ((2, 3), (9, 4)), ((5, 4), (5, 4)), ((6, 10), (9, 3)), ((1, 4), (3, 9))]
cases = []
for (h, w), (oh, ow) in SIZES:
    x = numbers(f"field {h} {w}", h, w, dtype=np.float64)
    for rule, more in RULES.items():
        y = F.interpolate(torch.from_numpy(x)[None, None], size=(oh, ow), **more)[0, 0].numpy()
        if rule == "half-pixel":
            other, allowed = cv2.resize(x, (ow, oh), interpolation=cv2.INTER_LINEAR), 1e-6
        elif rule == "antialiased":
            other, allowed = np.asarray(Image.fromarray(x.astype(np.float32)).resize((ow, oh), Image.Resampling.BILINEAR)), 1e-5
        elif rule == "align-corners" and min(h, w, oh, ow) > 1:
            other, allowed = scipy.ndimage.zoom(x, (oh / h, ow / w), order=1, mode="nearest"), 1e-9
        else:
            other, allowed = x[np.arange(oh) * h // oh][:, np.arange(ow) * w // ow] if rule == "nearest" else y, 0
        assert other.shape == y.shape and np.abs(other - y).max() <= allowed, (rule, (h, w), (oh, ow), np.abs(other - y).max())
        cases.append(dict(name=f"{rule}, {h}×{w} to {oh}×{ow}", rule=rule, field=tensor_json(x), result=tensor_json(y)))
with open(os.path.join(FOLDER, "resampling.json"), "w") as file:
    file.write(f'{{"made_by":{json.dumps(VERSIONS)},"cases":[\n' + ",\n".join("  " + json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}\n")
print(len(cases), "cases")
