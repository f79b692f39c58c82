"""The stand-in networks: narrow, ending at an eighth of the input's size with a global average and one linear layer.

Nothing follows the last feature map but its mean and that layer, so that for each of them

    score = bias + sum over cells of map,  map = (weights · features) / cells

is exact. The receptive fields are 65, 49 and 85 pixels: a joint and its neighbours, not a hand.

Made with torch 2.13.0.
"""
import torch
from torch import nn
from torch.nn import functional as F

SIZE = (320, 320)
STRIDE = 8
CELLS = (SIZE[0] // STRIDE) * (SIZE[1] // STRIDE)


def convolved(into, out, kernel, stride=1, groups=1, activation=nn.ReLU):
    layers = [nn.Conv2d(into, out, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(out)]
    return nn.Sequential(*layers, activation()) if activation else nn.Sequential(*layers)


class Residual(nn.Module):
    """Two 3×3 convolutions beside a shortcut (He et al. 2015)."""

    def __init__(self, into, out, stride):
        super().__init__()
        self.first, self.second = convolved(into, out, 3, stride), convolved(out, out, 3, activation=None)
        self.shortcut = convolved(into, out, 1, stride, activation=None) if stride > 1 or into != out else nn.Identity()

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + self.shortcut(x))


class Inverted(nn.Module):
    """Widen, filter each channel by itself, narrow without activation (MobileNetV2, Sandler et al. 2018)."""

    def __init__(self, into, out, stride, expansion):
        super().__init__()
        wide = into * expansion
        self.layers = nn.Sequential(convolved(into, wide, 1, activation=nn.ReLU6), convolved(wide, wide, 3, stride, wide, nn.ReLU6), convolved(wide, out, 1, activation=None))
        self.is_residual = stride == 1 and into == out

    def forward(self, x):
        return x + self.layers(x) if self.is_residual else self.layers(x)


class Dense(nn.Module):
    """Each layer sees all before it (DenseNet, Huang et al. 2016), normalisation first."""

    def __init__(self, into, growth, layers):
        super().__init__()
        self.layers = nn.ModuleList(nn.Sequential(nn.BatchNorm2d(into + k * growth), nn.ReLU(), nn.Conv2d(into + k * growth, growth, 3, padding=1, bias=False)) for k in range(layers))
        self.width = into + layers * growth

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


def transition(into, out):
    return nn.Sequential(nn.BatchNorm2d(into), nn.ReLU(), nn.Conv2d(into, out, 1, bias=False), nn.AvgPool2d(2))


def stem(first, second):
    return [convolved(1, first, 5, 2), convolved(first, second, 3, 2)]


def resnet():
    """Two residual blocks."""
    return nn.Sequential(*stem(8, 16), Residual(16, 32, 2), Residual(32, 40, 1), convolved(40, 64, 1)), 64


def mobilenet():
    return nn.Sequential(*stem(8, 16), Inverted(16, 24, 2, 2), Inverted(24, 32, 1, 3), Inverted(32, 32, 1, 3), convolved(32, 96, 1, activation=nn.ReLU6)), 96


def densenet():
    block = Dense(24, 12, 4)
    return nn.Sequential(*stem(8, 16), Dense(16, 6, 1), transition(22, 24), block, nn.BatchNorm2d(block.width), nn.ReLU()), block.width


class Scorer(nn.Module):
    """Features, their mean, one linear layer.

    While it learns, the layer has two rows, erosions and narrowings, and each row's map can be compared with where the
    damage is; `Exported` adds them up. `rows`, a pair of shares of the height, keeps a network to a band of the input: the input is black and
    the features are nothing outside of it. The weights of a cell are `gain` times what is learned: large where cells are
    taught, small where only their sum is.
    """

    def __init__(self, trunk, classes=0, rows=None, gain=1.0):
        super().__init__()
        self.features, self.width = trunk
        self.gain = gain
        self.head = nn.Linear(self.width, 2)
        nn.init.normal_(self.head.weight, std=0.1 / self.width ** 0.5)
        nn.init.zeros_(self.head.bias)
        self.classes = nn.Linear(self.width, classes) if classes else None
        band = lambda n: torch.tensor([[1.0] if rows is None or rows[0] <= (y + 0.5) / n < rows[1] else [0.0] for y in range(n)])[None, None]
        self.is_banded = rows is not None
        self.register_buffer("pixels", band(SIZE[0]) if rows else None)
        self.register_buffer("cells", band(SIZE[0] // STRIDE) if rows else None)
        self.black = 0.0

    def seen(self, x):
        if not self.is_banded:
            return self.features(x)
        return self.features(x * self.pixels + (1 - self.pixels) * self.black) * self.cells

    def forward(self, x):
        """The two maps in points per cell, the score, the logits of the classes or None."""
        features = self.seen(x)
        maps = F.conv2d(features, self.gain * self.head.weight[:, :, None, None])
        logits = self.classes(features.mean((2, 3))) if self.classes is not None else None
        return maps, maps.sum((1, 2, 3)) + self.head.bias.sum(), logits


class Exported(nn.Module):
    """What is shipped: `radiograph` N×1×H×W to `score` N×1 in points and, if it has classes, `severity` N×classes of logits."""

    def __init__(self, scorer):
        super().__init__()
        self.scorer = scorer
        self.score = nn.Linear(scorer.width, 1)
        with torch.no_grad():
            self.score.weight.copy_(scorer.head.weight.sum(0, keepdim=True) * scorer.gain * CELLS)
            self.score.bias.copy_(scorer.head.bias.sum()[None])

    def forward(self, radiograph):
        pooled = torch.flatten(F.adaptive_avg_pool2d(self.scorer.seen(radiograph), 1), 1)
        score = self.score(pooled)
        return (score, self.scorer.classes(pooled)) if self.scorer.classes is not None else score


TRUNKS = dict(resnet=resnet, mobilenet=mobilenet, densenet=densenet)
