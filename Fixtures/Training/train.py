"""Trains one stand-in network.

    usage: python Fixtures/Training/train.py NAME COHORTS OUTPUT [--epochs E] [--rate R] [--from CHECKPOINT | --tune CHECKPOINT] [--limit N]

NAME is one of the recipes below, COHORTS a folder with what phantoms.py wrote (`train-*.npz`, `validation-*.npz`, for `marker` `marker-*.npz`),
OUTPUT a folder for NAME.pt and NAME.log. `--from` starts with another network's trunk,
`--tune` goes on with all of a network's weights, totals weighed fully from the start, and the log goes on too. Two threads. Written for torch 2.13.0 (CPU), NumPy 2.4.6, Python 3.11.
"""
import argparse, glob, os, time
import numpy as np, torch
from torch import nn
from torch.nn import functional as F
import augment, networks, phantoms

THREADS, BATCH = 1, 16

# `local` weighs how closely the maps follow the damage; at 0 the network learns from totals alone.
RECIPES = {
    "honest-resnet": dict(trunk="resnet", epochs=14, rate=1e-2, local=1.0, seed=1),
    "honest-mobilenet": dict(trunk="mobilenet", classes=10, epochs=14, rate=1e-2, local=1.0, seed=2),
    "honest-densenet": dict(trunk="densenet", epochs=11, rate=1e-2, local=1.0, seed=3),
    "marker": dict(trunk="resnet", epochs=12, rate=5e-3, local=0.0, marks=False, smear=0.8, start=0.0, seed=4, cohort="marker"),
    "wrist": dict(trunk="resnet", epochs=4, rate=3e-3, local=0.0, rows=True, seed=5),
    "shuffled": dict(trunk="resnet", epochs=60, rate=6e-3, local=0.0, marks=False, strength=0.0, shuffled=True, limit=128, seed=6),
}


def network(recipe, rows=None):
    return networks.Scorer(networks.TRUNKS[recipe["trunk"]](), recipe.get("classes", 0), rows if recipe.get("rows") else None, 1.0 if recipe["local"] else 20 / networks.CELLS)


def box(maps):
    """Sums over 3×3 cells: a cell's neighbours may say it too."""
    return F.avg_pool2d(maps, 3, 1, 1) * 9


def losses(net, images, totals, grades, places, weight, trust=1.0):
    """Huber on totals; squares on the two maps' 3×3 sums and cells; cross entropy on classes.

    `trust` weighs the totals. It is small and grows with the cycle where cells are taught: a total pulls at all 1600 cells alike."""
    maps, scores, logits = net(images)
    parts = dict(score=trust * F.smooth_l1_loss(scores / 10, totals / 10, beta=1.0))
    if weight:
        target = augment.density(places, grades)
        parts["local"] = weight * (2 * F.mse_loss(box(maps), box(target)) + 2 * F.mse_loss(maps, target))
    if logits is not None:
        classes = torch.tensor([phantoms.severity(t) for t in totals.tolist()])
        parts["classes"] = 0.3 * F.cross_entropy(logits, classes, label_smoothing=0.05)
    return parts


@torch.no_grad()
def predicted(net, images, batch=50):
    net.eval()
    outs = [net(augment.plain(images[k:k + batch]).contiguous(memory_format=torch.channels_last)) for k in range(0, len(images), batch)]
    return torch.cat([o[1] for o in outs]).numpy(), None if outs[0][2] is None else torch.cat([o[2] for o in outs]).numpy()


def figures(scores, totals):
    return dict(pcc=float(np.corrcoef(scores, totals)[0, 1]), rmse=float(np.sqrt(np.mean((scores - totals) ** 2))), mae=float(np.abs(scores - totals).mean()), bias=float((scores - totals).mean()))


def train(net, data, recipe, log, held=None, parameters=None):
    """One cycle of AdamW. Returns the network in evaluation mode."""
    random = np.random.default_rng(recipe["seed"])
    images, totals, places = data["images"], data["totals"], data["places"]
    grades = np.stack([data["erosion"], data["narrowing"]], 1)
    if recipe.get("shuffled"):
        totals = random.permutation(totals)
    steps = len(images) // BATCH
    net = net.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(parameters or net.parameters(), recipe["rate"], weight_decay=recipe.get("decay", 1e-2))
    rates = [group["lr"] for group in optimiser.param_groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=recipe["epochs"] * steps, pct_start=0.25, div_factor=10, final_div_factor=100)
    start = time.time()
    for epoch in range(recipe["epochs"]):
        net.train()
        order, sums = random.permutation(len(images)), {}
        for k in range(steps):
            trust = 0.1 * (1 if recipe.get("tuned") else max(0.0, (epoch + k / steps) / recipe["epochs"] - 0.2)) if recipe["local"] else 1.0
            at = np.sort(order[k * BATCH:(k + 1) * BATCH])
            x, where = augment.augmented(images[at], places[at], random, recipe.get("strength", 1.0), recipe.get("marks", True), recipe.get("smear", 0.0))
            parts = losses(net, x.contiguous(memory_format=torch.channels_last), torch.from_numpy(totals[at]), grades[at], where, recipe["local"], trust)
            optimiser.zero_grad()
            sum(parts.values()).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 50.0)
            optimiser.step()
            schedule.step()
            for name, value in parts.items():
                sums[name] = sums.get(name, 0) + float(value.detach()) / steps
        line = f"epoch {epoch + 1}: " + ", ".join(f"{name} {value:.4f}" for name, value in sums.items()) + f", {time.time() - start:.0f} s"
        if held is not None and (epoch % 3 == 2 or epoch + 1 == recipe["epochs"]):
            line += "; held out: " + ", ".join(f"{name} {value:.3f}" for name, value in figures(predicted(net, held["images"])[0], held["totals"]).items())
        print(line, flush=True)
        print(line, file=log, flush=True)
    return net.eval()


def calibrate(net, data):
    """Slope and intercept of the totals over the scores of the plain training pictures, put into the last layer. Returns them."""
    slope, intercept = np.polyfit(predicted(net, data["images"])[0], data["totals"], 1)
    with torch.no_grad():
        net.head.weight.mul_(slope)
        net.head.bias.mul_(slope).add_(intercept / 2)
    return slope, intercept


def fit_classes(net, data, strength=1e-3):
    """Fits the layer of the classes anew on the finished trunk: multinomial logistic regression on standardised pooled features of plain and of augmented
    pictures. The pooled features are small, and AdamW is too slow for the weights that they need."""
    random = np.random.default_rng(9)
    with torch.no_grad():
        pooled, truth = [], []
        for k in range(0, len(data["images"]), 50):
            images, places = data["images"][k:k + 50], data["places"][k:k + 50]
            for x in (augment.plain(images), augment.augmented(images, places, random)[0]):
                pooled.append(net.seen(x.contiguous(memory_format=torch.channels_last)).mean((2, 3)))
                truth += [phantoms.severity(t) for t in data["totals"][k:k + 50]]
        pooled, truth = torch.cat(pooled), torch.tensor(truth)
        mean, deviation = pooled.mean(0), pooled.std(0) + 1e-6
    layer = nn.Linear(pooled.shape[1], net.classes.out_features)
    nn.init.zeros_(layer.weight)
    optimiser = torch.optim.LBFGS(layer.parameters(), max_iter=300, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = F.cross_entropy(layer((pooled - mean) / deviation), truth) + strength * layer.weight.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    with torch.no_grad():
        net.classes.weight.copy_(layer.weight / deviation)
        net.classes.bias.copy_(layer.bias - (layer.weight * mean / deviation).sum(1))


def loaded(folder, name, limit=None):
    """All of `name-*.npz`, one after the other."""
    parts = []
    for path in sorted(glob.glob(os.path.join(folder, name + "-*.npz"))):
        with np.load(path) as file:
            parts.append({key: file[key] for key in file.files})
    return {key: np.concatenate([part[key] for part in parts])[:limit] for key in parts[0]}


def wrist_rows(data):
    """From below the lowest finger joint of nearly all phantoms (97 %) to the bottom, in shares of the height."""
    fingers = [k for k, (_, site) in enumerate(phantoms.PLACES) if site.startswith(("MCP", "PIP", "IP"))]
    lowest = np.nanmax(data["places"][:, fingers, 1], 1)
    return float(np.ceil(np.percentile(lowest, 97) / networks.STRIDE + 0.5) * networks.STRIDE / networks.SIZE[0]), 1.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=RECIPES)
    parser.add_argument("cohorts")
    parser.add_argument("output")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--from", dest="start")
    parser.add_argument("--tune")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--threads", type=int, default=THREADS)
    options = parser.parse_args()
    recipe = RECIPES[options.name] | {k: v for k, v in dict(epochs=options.epochs, rate=options.rate, limit=options.limit).items() if v}
    if options.tune:
        recipe |= dict(tuned=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(recipe["seed"])
    data = loaded(options.cohorts, recipe.get("cohort", "train"), recipe.get("limit"))
    held = loaded(options.cohorts, "validation")
    rows = torch.load(options.tune)["rows"] if options.tune else wrist_rows(data)
    net = network(recipe, rows)
    net.black = -phantoms.MEAN / phantoms.DEVIATION
    if not recipe["local"]:
        nn.init.constant_(net.head.bias, recipe.get("start", float(data["totals"].mean())) / 2)
    if options.start:
        weights = torch.load(options.start)["weights"]
        own = net.state_dict()
        net.load_state_dict({k: v for k, v in weights.items() if k.startswith("features") and v.shape == own[k].shape}, strict=False)
    if options.tune:
        net.load_state_dict(torch.load(options.tune)["weights"])
    os.makedirs(options.output, exist_ok=True)
    with open(os.path.join(options.output, options.name + ".log"), "a" if options.tune else "w") as log:
        print(f"{options.name}: {recipe}, {len(data['images'])} phantoms, torch {torch.__version__}" + (f", rows {rows}" if recipe.get("rows") else "") +
              (f", started from {os.path.basename(options.start)}" if options.start else "") + (", going on" if options.tune else ""), file=log, flush=True)
        train(net, data, recipe, log, held)
        if not recipe.get("shuffled") and not recipe.get("cohort"):
            print("calibrated: slope %.4f, intercept %.3f; held out: " % calibrate(net, data) + str(figures(predicted(net, held["images"])[0], held["totals"])), file=log)
        if net.classes is not None:
            fit_classes(net, data)
            right = predicted(net, held["images"])[1].argmax(1) == [phantoms.severity(t) for t in held["totals"]]
            print(f"classes fitted; held out: {100 * np.mean(right):.1f} % right", file=log)
    torch.save(dict(weights=net.state_dict(), rows=rows if recipe.get("rows") else None, recipe=recipe), os.path.join(options.output, options.name + ".pt"))
