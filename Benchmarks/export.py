"""Writes networks of the field as ONNX files into Benchmarks/networks, with weights drawn at random: nothing is downloaded.

    python Benchmarks/export.py [NAME …]

Needs torch, torchvision and onnx. Speed does not depend on what a network has learnt, but it may depend on numbers that vanish or overflow on
their way through it, so batch normalisation gets the statistics of noise first.
"""

import sys
from pathlib import Path

import torch
import torchvision

# What torchvision calls them, and the side of their images.
NETWORKS = {
    "resnet50": 224, "resnet18": 256, "vgg16": 224, "densenet121": 224, "mobilenet_v2": 224, "efficientnet_b0": 224, "inception_v3": 299,
    "convnext_tiny": 224, "vit_b_16": 224, "swin_t": 224,
}  # fmt: skip


def network(name, side):
    """The network with random weights and normalisations that fit them."""
    torch.manual_seed(0)
    options = {"init_weights": True} if name == "inception_v3" else {}
    module = torchvision.models.get_model(name, weights=None, **options)
    normalisations = [part for part in module.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    if normalisations:
        for part in normalisations:
            part.momentum = None  # the mean over all batches, not a moving one
        module.train()
        with torch.no_grad():
            module(torch.randn(4, 3, side, side))
    return module.eval()


def main(names):
    unknown = [name for name in names if name not in NETWORKS]
    if unknown:
        sys.exit(f"no such network: {', '.join(unknown)}; there are {', '.join(NETWORKS)}")
    folder = Path(__file__).parent / "networks"
    folder.mkdir(exist_ok=True)
    for name in names or NETWORKS:
        path, side = folder / f"{name}.onnx", NETWORKS[name]
        torch.onnx.export(
            network(name, side), (torch.randn(1, 3, side, side),), path, input_names=["image"], output_names=["output"], opset_version=17,
            dynamo=False,
        )  # fmt: skip
        print(f"{path}: {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
