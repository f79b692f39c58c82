"""Scores of the shipped files by onnxruntime, and how well they agree with the truth. Made with onnxruntime 1.32.0, NumPy 2.4.6."""
import json, os
import numpy as np, onnxruntime
from phantoms import DEVIATION, MEAN, severity

NAMES = ["honest-resnet", "honest-mobilenet", "honest-densenet", "marker", "wrist", "shuffled", "random"]


class Model:
    def __init__(self, folder, name):
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(os.path.join(folder, name + ".onnx"), settings, providers=["CPUExecutionProvider"])
        self.outputs = [o.name for o in self.session.get_outputs()]

    def __call__(self, images, batch=25):
        """Scores and, if there are, logits of the classes, of uint16 images N×H×W."""
        parts = [self.session.run(self.outputs, {"radiograph": ((images[k:k + batch, None].astype(np.float32) / 65535 - MEAN) / DEVIATION).astype(np.float32)}) for k in range(0, len(images), batch)]
        outs = {name: np.concatenate([part[i] for part in parts]).astype(np.float64) for i, name in enumerate(self.outputs)}
        return outs["score"][:, 0], outs.get("severity")


def models(folder):
    return {name: Model(folder, name) for name in NAMES if os.path.exists(os.path.join(folder, name + ".onnx"))}


def ensembled(folder, scores):
    with open(os.path.join(folder, "ensemble.json")) as file:
        ensemble = json.load(file)
    return ensemble["intercept"] + sum(m["weight"] * scores[m["model"].removesuffix(".onnx")] for m in ensemble["members"])


def figures(scores, totals, classes=None):
    """Agreement in points, and of classes: those given or those of the scores."""
    truth = np.array([severity(t) for t in totals])
    classes = np.array([severity(s) for s in scores]) if classes is None else classes
    off = np.abs(classes - truth)
    return dict(pcc=float(np.corrcoef(scores, totals)[0, 1]), rmse=float(np.sqrt(np.mean((scores - totals) ** 2))), mae=float(np.abs(scores - totals).mean()),
                bias=float((scores - totals).mean()), class_mae=float(off.mean()), class_accuracy=float((off == 0).mean()), within_one_class=float((off <= 1).mean()))


def rounded(value, digits=4):
    if isinstance(value, dict):
        return {k: rounded(v, digits) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v, digits) for v in value]
    return round(float(value), digits) if isinstance(value, (float, np.floating)) else value


def write(path, value):
    with open(path, "w") as file:
        json.dump(rounded(value), file, indent=1)
        file.write("\n")
