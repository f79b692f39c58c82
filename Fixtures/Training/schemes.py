"""Fine-tuning schemes: the same trunk, the same budget, pretrained or not, more or less of it let go.

    usage: python Fixtures/Training/schemes.py COHORTS [--epochs E] [--limit N]

First the ResNet trunk learns an auxiliary task from the pictures alone: the person's age and the width of the hands (from the second to the fifth
metacarpophalangeal joint, in pixels). Then the score, taught as the honest networks are, in each of these ways:

    head only         the trunk stays as it is
    last blocks       the last residual block and the last convolution learn too
    all, one rate     everything learns
    all, by depth     everything learns, each earlier block at 0.4 times the rate of the next
    from scratch      without the auxiliary task

Every scheme sees the same pictures as often. Writes schemes.json and logs/schemes.log beside this script: agreement on the held-out phantoms.
Made with torch 2.13.0, NumPy 2.4.6.
"""
import argparse, copy, os, sys
sys.dont_write_bytecode = True
import numpy as np, torch
from torch.nn import functional as F
import augment, networks, phantoms, scoring, train

FOLDER = os.path.dirname(os.path.abspath(__file__))
RATE = 1e-2
RECIPE = dict(trunk="resnet", rate=RATE, local=1.0, seed=21)
# Children of the trunk: two convolutions of the stem, two residual blocks, the last convolution.
BLOCKS = [[0], [1], [2], [3, 4]]


def hand_width(places):
    """Mean over both hands, in pixels of the input."""
    at = lambda side, site: places[:, phantoms.PLACES.index((side, site))]
    return np.mean([np.hypot(*(at(side, "MCP2") - at(side, "MCP5")).T) for side in "LR"], 0)


def pretrained(data, epochs, log):
    """The trunk after the auxiliary task."""
    torch.manual_seed(RECIPE["seed"])
    net = networks.Scorer(networks.resnet())
    random = np.random.default_rng(RECIPE["seed"])
    targets = np.column_stack([(data["ages"] - 54) / 14, (hand_width(data["places"]) - 60) / 6]).astype(np.float32)
    steps = len(targets) // train.BATCH
    optimiser = torch.optim.AdamW(net.parameters(), RATE / 2, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE / 2, total_steps=epochs * steps)
    for epoch in range(epochs):
        order, total = random.permutation(len(targets)), 0.0
        for k in range(steps):
            at = np.sort(order[k * train.BATCH:(k + 1) * train.BATCH])
            x, where = augment.augmented(data["images"][at], data["places"][at], random)
            target = targets[at].copy()
            target[:, 1] = (hand_width(where) - 60) / 6
            guess = F.linear(net.features(x.contiguous(memory_format=torch.channels_last)).mean((2, 3)), net.head.weight, net.head.bias)
            loss = F.smooth_l1_loss(guess, torch.from_numpy(target))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) / steps
        for out in (sys.stdout, log):
            print(f"auxiliary task, epoch {epoch + 1}: {total:.4f}", file=out, flush=True)
    return net.features.state_dict()


def groups(net, scheme):
    """What learns, and how fast."""
    layers = list(net.features)
    blocks = [[p for i in block for p in layers[i].parameters()] for block in BLOCKS]
    rates = {"head only": [0, 0, 0, 0], "last blocks": [0, 0, 0, 1], "all, by depth": [0.4 ** 3, 0.4 ** 2, 0.4, 1]}.get(scheme, [1, 1, 1, 1])
    for block, rate in zip(blocks, rates):
        for p in block:
            p.requires_grad_(rate > 0)
    return [dict(params=net.head.parameters(), lr=RATE)] + [dict(params=block, lr=RATE * rate) for block, rate in zip(blocks, rates) if rate]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("cohorts")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--limit", type=int, default=800)
    options = parser.parse_args()
    torch.set_num_threads(1)
    data, held = train.loaded(options.cohorts, "train", options.limit), train.loaded(options.cohorts, "held-out")
    rows = []
    with open(os.path.join(FOLDER, "logs", "schemes.log"), "w") as log:
        trunk = pretrained(data, options.epochs, log)
        for scheme in ("head only", "last blocks", "all, one rate", "all, by depth", "from scratch"):
            torch.manual_seed(22)
            net = networks.Scorer(networks.resnet())
            if scheme != "from scratch":
                net.features.load_state_dict(trunk)
            for out in (sys.stdout, log):
                print(scheme, file=out, flush=True)
            train.train(net, data, RECIPE | dict(epochs=options.epochs), log, parameters=groups(net, scheme))
            train.calibrate(net, data)
            scores = train.predicted(net, held["images"])[0]
            rows.append(dict(scheme=scheme, learning=sum(p.numel() for p in net.parameters() if p.requires_grad), **scoring.figures(scores, held["totals"])))
            print(scoring.rounded(rows[-1], 3), flush=True)
    scoring.write(os.path.join(FOLDER, "schemes.json"), dict(training_phantoms=len(data["images"]), epochs=options.epochs, held_out=len(held["images"]), schemes=rows))
