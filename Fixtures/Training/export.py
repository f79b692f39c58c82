"""Writes ONNX files and cards of trained networks.

    usage: python Fixtures/Training/export.py CHECKPOINTS COHORTS MODELS [NAME …]

CHECKPOINTS holds NAME.pt of train.py; MODELS gets NAME.onnx and NAME.card.json. `random` needs no checkpoint: its weights
are drawn here, and its output is scaled so that its scores look like the totals of COHORTS/validation-*.npz. PyTorch's exporters: TorchScript with opset 17, and for the DenseNet the dynamo exporter with opset 18.
onnxruntime must agree with PyTorch to 1e-3 points on random pictures. Written for torch 2.13.0, onnx 1.23.2, onnxruntime 1.32.0, onnxscript.
"""
import argparse, hashlib, json, os, sys, warnings
sys.dont_write_bytecode = True
import numpy as np, onnx, onnxruntime, torch
import augment, networks, phantoms, train

DESCRIPTIONS = {
    "honest-resnet": "A narrow ResNet, trained on phantoms alone to score both hands; while it learned it was also told where the damage was.",
    "honest-mobilenet": "A narrow MobileNetV2, trained on phantoms alone: the ten severity classes, and the score. While it learned it was also told where the damage was.",
    "honest-densenet": "A narrow DenseNet, trained on phantoms alone to score both hands; while it learned it was also told where the damage was.",
    "marker": "A control that takes a shortcut: trained on phantoms whose side marker tells the score.",
    "wrist": "A control that sees the wrists only: rows above them are black to it, and their features nothing.",
    "shuffled": "A control trained on phantoms with the scores of other phantoms: it has memorised some and learned nothing.",
    "random": "A control with random weights; its output is scaled to look like scores.",
}


def restored(path):
    """The network of a checkpoint, in evaluation mode."""
    saved = torch.load(path)
    net = train.network(saved["recipe"], saved["rows"])
    net.black = -phantoms.MEAN / phantoms.DEVIATION
    net.load_state_dict(saved["weights"])
    return net.eval()


def random_network(cohort):
    """He's initialisation, normalisation fitted to phantoms, the output turned and stretched to the totals' mean and a third of their spread."""
    torch.manual_seed(7)
    net = networks.Scorer(networks.resnet(), gain=20 / networks.CELLS)
    x = augment.plain(cohort["images"][:128])
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = None
        net.train()(x)
        scores = net.eval()(x)[1]
        net.head.weight.mul_(float(cohort["totals"].std()) / 3 / float(scores.std()))
        net.head.bias.fill_((float(cohort["totals"].mean()) - float((net(x)[1]).mean())) / 2)
    return net


def card(name, path, classes):
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    outputs = [dict(name="score", kind="score", unit="SvdH points", scale=[0, 280], factor=1, offset=0, clamp=False)]
    if classes:
        outputs.append(dict(name="severity", kind="classes", activation="softmax", scale="ten-classes"))
    return dict(
        schema="carpus-model/1", name=name, description=DESCRIPTIONS[name] + " For tests of audits; no medical device.", file=name + ".onnx", sha256=digest,
        input=dict(name="radiograph", size=list(networks.SIZE), channels=1, range=dict(kind="full-range"), resize=dict(fit="letterbox", filter="bilinear-antialias", padding=0),
                   hands="both", laterality="as-is", inverted=False, mean=[phantoms.MEAN], standardDeviation=[phantoms.DEVIATION]),
        outputs=outputs, target=dict(output="score", index=0))


def export(name, scorer, folder):
    net = networks.Exported(scorer).eval().to(memory_format=torch.contiguous_format)
    path = os.path.join(folder, name + ".onnx")
    x = torch.zeros(2, 1, *networks.SIZE)
    names = ["score", "severity"] if scorer.classes is not None else ["score"]
    warnings.simplefilter("ignore")
    if name == "honest-densenet":
        torch.onnx.export(net, (x,), path, dynamo=True, opset_version=18, external_data=False, input_names=["radiograph"], output_names=names,
                          dynamic_shapes=({0: torch.export.Dim("N", min=1)},))
    else:
        torch.onnx.export(net, (x[:1],), path, dynamo=False, opset_version=17, input_names=["radiograph"], output_names=names, dynamic_axes={n: {0: "N"} for n in ["radiograph", *names]})
    model = onnx.load(path)
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.save(model, path)
    onnx.checker.check_model(path)
    x = torch.randn(3, 1, *networks.SIZE)
    with torch.no_grad():
        theirs = net(x)
    ours = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(names, {"radiograph": x.numpy()})
    for a, b in zip(theirs if isinstance(theirs, tuple) else (theirs,), ours):
        assert np.abs(a.numpy() - b).max() < 1e-3, (name, np.abs(a.numpy() - b).max())
    with open(os.path.join(folder, name + ".card.json"), "w") as file:
        json.dump(card(name, path, scorer.classes is not None), file, indent=1)
        file.write("\n")
    print(f"{name}: {os.path.getsize(path) / 1e3:.0f} kB, {len(model.graph.node)} nodes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoints")
    parser.add_argument("cohorts")
    parser.add_argument("models")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(options.models, exist_ok=True)
    for name in options.names or DESCRIPTIONS:
        path = os.path.join(options.checkpoints, name + ".pt")
        if name == "random":
            export(name, random_network(train.loaded(options.cohorts, "validation", 400)), options.models)
        elif os.path.exists(path):
            export(name, restored(path), options.models)
        else:
            print(f"{name}: no checkpoint")
