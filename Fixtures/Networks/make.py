"""usage: python Fixtures/Networks/make.py [NAME …]

Small networks with seeded random weights (they have learned nothing; `trained`, made by train.py, is the exception) and what PyTorch
computes for them in float64. NAME/ receives
    model.onnx              one input `radiograph` [N×3×64×48], one output `score` [N×1] in points
    model.onnx.data         its weights, where the exporter writes them apart
    input.npy               [2×3×64×48] float32
    output.npy              [2×1]; this and all that follow are float64
    input_gradient.npy      ∂(sum of output[:, 0] over the batch) / ∂input
    activations.npy, gradients.npy      at the explained layer: [2×K×h×w], or [2×tokens×K]
    gradcam.npy, hirescam.npy           raw and signed, on the grid of the layer: [2×h×w]; no rectifier, no normalisation:
                            gradcam = Σ_k mean_hw(g_k)·a_k,  hirescam = Σ_k g_k·a_k; class token left out, K last where the layer has tokens
    card.json               what the network is, the explained layer, versions, and how far a float32 computation is from these values:
                            onnxruntime's output, PyTorch's gradients and maps. An engine in float32 should be no further off than about twice that.
"""
import copy, json, os, sys, warnings
sys.dont_write_bytecode = True
import numpy as np, onnx, onnxruntime, torch
from torch import nn

warnings.filterwarnings("ignore")
FOLDER = os.path.dirname(os.path.abspath(__file__))
HEIGHT, WIDTH = 64, 48


def radiographs(count, seed, height=HEIGHT, width=WIDTH):
    """Bright blurred rods on a dark ground with a little noise; three equal channels, normalised as for ImageNet."""
    g = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    out = np.zeros((count, height, width))
    for image in out:
        for _ in range(12):
            cy, cx, tilt = g.uniform(0.15, 0.85) * height, g.uniform(0.15, 0.85) * width, g.uniform(-0.6, 0.6)
            long, short = g.uniform(0.08, 0.2) * height, g.uniform(0.03, 0.08) * width
            u, v = (y - cy) * np.cos(tilt) - (x - cx) * np.sin(tilt), (y - cy) * np.sin(tilt) + (x - cx) * np.cos(tilt)
            image += g.uniform(0.2, 0.6) * np.exp(-((u / long) ** 4 + (v / short) ** 4))
        image += g.normal(0, 0.02, image.shape)
    mean, std = np.array([0.485, 0.456, 0.406])[:, None, None], np.array([0.229, 0.224, 0.225])[:, None, None]
    return torch.from_numpy(((np.clip(out, 0, 1)[:, None] - mean) / std).astype(np.float32))


class PooledLinear(nn.Module):
    """Global average pooling and one linear layer on top: Grad-CAM plus bias is then the score exactly."""
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 12, 3, 2, 1), nn.ReLU(), nn.Conv2d(12, 24, 3, 2, 1), nn.ReLU())
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(24, 1)

    def forward(self, radiograph):
        return self.head(torch.flatten(self.pool(self.features(radiograph)), 1))


class Block(nn.Module):
    def __init__(self, width_in, width_out, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(width_in, width_out, 3, stride, 1, bias=False), nn.BatchNorm2d(width_out)
        self.conv2, self.bn2 = nn.Conv2d(width_out, width_out, 3, 1, 1, bias=False), nn.BatchNorm2d(width_out)
        self.relu = nn.ReLU()
        self.shortcut = nn.Identity() if stride == 1 and width_in == width_out else nn.Sequential(
            nn.Conv2d(width_in, width_out, 1, stride, bias=False), nn.BatchNorm2d(width_out))

    def forward(self, x):
        return self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))) + self.shortcut(x))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.layer1, self.layer2 = Block(8, 8, 1), Block(8, 24, 2)
        self.pool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(24, 1)

    def forward(self, radiograph):
        x = self.layer2(self.layer1(self.stem(radiograph)))
        return self.fc(torch.flatten(self.pool(x), 1))


class SqueezeExcitation(nn.Module):
    def __init__(self, width, squeezed):
        super().__init__()
        self.pool, self.fc1, self.fc2 = nn.AdaptiveAvgPool2d(1), nn.Conv2d(width, squeezed, 1), nn.Conv2d(squeezed, width, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(nn.functional.silu(self.fc1(self.pool(x)))))


class Smooth(nn.Module):
    """No kink anywhere, so that a numerical derivative is a fair judge. The second batch normalisation has no convolution in front to fold into."""
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.SiLU())
        self.expand = nn.Sequential(nn.Conv2d(8, 24, 1, bias=False), nn.BatchNorm2d(24), nn.SiLU())
        self.depthwise = nn.Sequential(nn.Conv2d(24, 24, 5, 1, 2, groups=24, bias=False), nn.BatchNorm2d(24), nn.SiLU())
        self.excitation = SqueezeExcitation(24, 4)
        self.project = nn.Sequential(nn.Conv2d(24, 8, 1, bias=False), nn.BatchNorm2d(8))
        self.reduce = nn.Sequential(nn.AvgPool2d(3, 2, 1), nn.BatchNorm2d(8), nn.GELU())
        self.features = nn.Sequential(nn.Conv2d(8, 24, 3, 2, 1), nn.SiLU())
        self.pool, self.head = nn.AdaptiveAvgPool2d(1), nn.Sequential(nn.Flatten(), nn.Linear(24, 12), nn.Tanh(), nn.Linear(12, 1))

    def forward(self, radiograph):
        x = self.stem(radiograph)
        x = x + self.project(self.excitation(self.depthwise(self.expand(x))))
        return self.head(self.pool(self.features(self.reduce(x))))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.qkv, self.proj = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        n, tokens, width = x.shape
        q, k, v = self.qkv(x).reshape(n, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(q @ k.transpose(-2, -1) * (width // self.heads) ** -0.5, -1)
        return self.proj((weights @ v).transpose(1, 2).reshape(n, tokens, width))


class TokenBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attn, self.norm2 = nn.LayerNorm(width), Attention(width, heads), nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Tokens(nn.Module):
    """A vision transformer: 8×6 patches and a class token."""
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 24, 8, 8)
        self.class_token, self.positions = nn.Parameter(torch.randn(1, 1, 24)), nn.Parameter(torch.randn(1, 49, 24) * 0.5)
        self.blocks = nn.Sequential(TokenBlock(24, 3), TokenBlock(24, 3))
        self.norm, self.head = nn.LayerNorm(24), nn.Linear(24, 1)

    def forward(self, radiograph):
        x = self.patches(radiograph).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], 1) + self.positions
        return self.head(self.norm(self.blocks(x))[:, 0])


# name: (network, exporter, opset, explained layer, token grid)
NETWORKS = {
    "pooled_linear": (PooledLinear, "torchscript", 17, "features", None),
    "residual_dynamo": (Residual, "dynamo", 18, "layer2", None),
    "smooth": (Smooth, "torchscript", 17, "features", None),
    "tokens": (Tokens, "torchscript", 17, "blocks.1.norm1", (8, 6)),
}


def build(kind):
    """Seeded weights, batch statistics from images, and a last layer scaled so that scores lie about 60 points, 25 apart."""
    torch.manual_seed(20240614)
    net = kind().train()
    for m in net.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.momentum = None
            nn.init.uniform_(m.weight, 0.6, 1.4)
            nn.init.normal_(m.bias, 0, 0.2)
    with torch.no_grad():
        net(radiographs(16, seed=1))
        net.eval()
        last = [m for m in net.modules() if isinstance(m, nn.Linear)][-1]
        y = net(radiographs(32, seed=2))
        gain = 25 / float(y.std())
        last.weight.mul_(gain)
        last.bias.mul_(gain).add_(60 - float(y.mean()) * gain)
    return net


def export(net, folder, exporter, opset):
    path = os.path.join(folder, "model.onnx")
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))
    x = radiographs(2, seed=3)
    if exporter == "torchscript":
        torch.onnx.export(net, (x[:1],), path, dynamo=False, opset_version=opset, input_names=["radiograph"], output_names=["score"],
                          dynamic_axes={"radiograph": {0: "N"}, "score": {0: "N"}})
        return path
    torch.onnx.export(net, (x,), path, dynamo=True, opset_version=opset, input_names=["radiograph"], output_names=["score"],
                      dynamic_shapes=({0: torch.export.Dim("N")},), external_data=True, verbose=False)
    m = onnx.load(path, load_external_data=False)
    holders = [m.graph, *m.graph.node, *m.graph.input, *m.graph.output, *m.graph.initializer, *m.graph.value_info]
    for holder in holders:  # where the exporter's sources lay is nobody's business
        for i in reversed(range(len(holder.metadata_props))):
            if "stack_trace" in holder.metadata_props[i].key or "/" in holder.metadata_props[i].value and ".py" in holder.metadata_props[i].value:
                del holder.metadata_props[i]
        if holder.doc_string and ".py" in holder.doc_string:
            holder.doc_string = ""
    onnx.save(m, path)
    return path


def explained(net, layer, x):
    kept = {}
    def keep(module, arguments, result):
        result.retain_grad()
        kept["a"] = result
    handle = net.get_submodule(layer).register_forward_hook(keep)
    x = x.clone().requires_grad_(True)
    y = net(x)
    y[:, 0].sum().backward()
    handle.remove()
    return tuple(t.detach().double() for t in (y, x.grad, kept["a"], kept["a"].grad))


def value_named(path, x, activations):
    """The name, in the file, of the value that holds these activations."""
    m = onnx.load(path)
    names = [r for n in m.graph.node for r in n.output if r]
    del m.graph.output[:]
    m.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    values = onnxruntime.InferenceSession(m.SerializeToString(), options, providers=["CPUExecutionProvider"]).run(None, {"radiograph": x.numpy()})
    return next(n for n, v in zip(names, values) if v.shape == tuple(activations.shape) and np.abs(v - activations.numpy()).max() < 1e-3)


def maps(a, g, grid):
    if grid:
        a, g = (t[:, 1:].transpose(1, 2).reshape(t.shape[0], t.shape[2], *grid) for t in (a, g))
    return dict(gradcam=(g.mean((2, 3), keepdim=True) * a).sum(1), hirescam=(g * a).sum(1))


def make(name):
    kind, exporter, opset, layer, grid = NETWORKS[name]
    folder = os.path.join(FOLDER, name)
    os.makedirs(folder, exist_ok=True)
    net = build(kind)
    path = export(net, folder, exporter, opset)
    describe(name, net, folder, path, exporter, opset, layer, grid, radiographs(2, seed=3), trained=False)


def describe(name, net, folder, path, exporter, opset, layer, grid, x, left_out=(), **more):
    single = explained(net, layer, x)
    double = explained(copy.deepcopy(net).double(), layer, x.double())
    names = ("output", "input_gradient", "activations", "gradients")
    values, values32 = dict(zip(names, double)), dict(zip(names, single))
    values |= maps(values["activations"], values["gradients"], grid)
    values32 |= maps(values32["activations"], values32["gradients"], grid)
    np.save(os.path.join(folder, "input.npy"), x.numpy())
    for key, value in values.items():
        if key in left_out:
            continue
        np.save(os.path.join(folder, key + ".npy"), value.numpy())
    errors = {k: dict(relative_norm=float((values32[k] - v).norm() / v.norm()), relative_maximum=float((values32[k] - v).abs().max() / v.abs().max())) for k, v in values.items()}
    got = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"radiograph": x.numpy()})[0]
    single_image = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"radiograph": x.numpy()[:1]})[0]
    off = float(np.abs(got - values["output"].numpy()).max())
    assert off < 1e-3 and np.abs(single_image - got[:1]).max() < 1e-3, off
    operators = sorted({n.op_type for n in onnx.load(path, load_external_data=False).graph.node})
    card = dict(network=name, exporter=exporter, opset=opset, height=x.shape[2], width=x.shape[3], explained=layer, explained_value=value_named(path, x, values["activations"]), token_grid=grid, prefix_tokens=1 if grid else 0, operators=operators,
                parameters=sum(p.numel() for p in net.parameters()), scores=[float(v) for v in values["output"].ravel()], onnxruntime_max_error=off, pytorch_float32_errors=errors,
                versions=dict(torch=torch.__version__, onnx=onnx.__version__, onnxruntime=onnxruntime.__version__, numpy=np.__version__), **more)
    with open(os.path.join(folder, "card.json"), "w") as file:
        json.dump(card, file, indent=1)
        file.write("\n")
    size = sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder))
    print(f"{name}: {size / 1e3:.0f} kB, scores {card['scores']}, onnxruntime off by {off:.1e}, activations {list(values['activations'].shape)}, {operators}")


if __name__ == "__main__":
    for name in sys.argv[1:] or NETWORKS:
        make(name)
