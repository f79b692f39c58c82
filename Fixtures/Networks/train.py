"""usage: python Fixtures/Networks/train.py               trains (eight minutes on two cores; the weights differ a little from machine to machine), then measures
       python Fixtures/Networks/train.py --measure     only measures trained/model.onnx and writes what lies beside it

Teaches a small convolutional network to score drawn left hands and writes trained/ as make.py does the others
(one picture, without the large gradients and activations) and, of that picture, radiograph.png (values / 65535 before the normalisation) and regions.coco.json. The hands are those of
../Radiographs, drawn coarsely at 240×192 with jittered joints, size, brightness, blur and noise; no patient, no photograph. Ten joints (MCP1 … MCP5, PIP2 … PIP5,
IP1) may be narrowed by 0 to 4 grades and eroded by 0 to 5; the score is the sum of all grades. The network sees the picture
and that sum, never where the damage is. It is a demonstration that explanations can be held against, and no medical device.
"""
import json, os, sys
sys.dont_write_bytecode = True
FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [FOLDER]
import importlib.util
import numpy as np, onnx, torch
from scipy.ndimage import gaussian_filter
from torch import nn
import make

spec = importlib.util.spec_from_file_location("hand", os.path.join(FOLDER, "..", "Radiographs", "make.py"))
hand = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hand)

HEIGHT, WIDTH, SCALE = 240, 192, 0.375
SITES = [(d, 1) for d in range(1, 6)] + [(d, 2) for d in range(2, 6)] + [(1, 2)]
MEAN, STD = np.array([0.485, 0.456, 0.406], np.float32)[:, None, None], np.array([0.229, 0.224, 0.225], np.float32)[:, None, None]


def add_bone(image, a, b, radius, flare, bites, amount):
    """A tube from a to b in pixels, brighter at its walls, with round bites taken out."""
    low = np.floor(np.minimum(a, b) - radius * 2).astype(int).clip(0)
    high = np.ceil(np.maximum(a, b) + radius * 2).astype(int)
    y, x = np.mgrid[low[1]:min(high[1], HEIGHT), low[0]:min(high[0], WIDTH)] + 0.5
    if not x.size:
        return
    length = np.hypot(*(b - a))
    u = (b - a) / length
    along, across = (x - a[0]) * u[0] + (y - a[1]) * u[1], np.abs((y - a[1]) * u[0] - (x - a[0]) * u[1])
    t = np.clip(along / length, 0, 1)
    r = radius * (1 + flare * (np.exp(-(t / 0.17) ** 2) + np.exp(-((1 - t) / 0.17) ** 2)))
    depth = np.minimum.reduce([r - across, along, length - along])
    for (cx, cy), size in bites:
        depth = np.minimum(depth, np.hypot(x - cx, y - cy) - size)
    cover = np.clip(depth + 0.5, 0, 1)
    wall = np.exp(-((depth - 1.0) / 1.2) ** 2)
    image[low[1]:min(high[1], HEIGHT), low[0]:min(high[0], WIDTH)] += amount * cover * (0.7 + 0.5 * wall)


def drawn(g):
    """A picture in 0…1, its score, the grades and places of its joints, and the picture in 16 bits."""
    scale, angle = SCALE * g.uniform(0.93, 1.05), g.normal(0, 0.04)
    shift = np.array([WIDTH / 2 + g.normal(0, 4), HEIGHT / 2 + g.normal(0, 5)])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    def placed(p):
        return (np.asarray(p, float) - (256, 320)) @ turn.T * scale + shift
    share = g.uniform(0, 0.9) if g.random() < 0.85 else 0
    grades = {s: (int(g.integers(0, 5)), int(g.integers(0, 6))) if g.random() < share else (0, 0) for s in SITES}
    image, flesh = np.zeros((HEIGHT, WIDTH)), np.zeros((HEIGHT, WIDTH))
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    places = {}
    for digit, joints in hand.DIGITS.items():
        joints = [placed(np.array(p) + g.normal(0, 2.0, 2)) for p in joints]
        places |= {(digit, j): joints[j] for j in range(1, len(joints) - 1) if (digit, j) in SITES}
        for i, (a, b) in enumerate(zip(joints, joints[1:])):
            unit = (b - a) / np.hypot(*(b - a))
            gap = lambda j: scale * 2 * hand.GAP * (1 - 0.25 * grades.get((digit, j), (0, 0))[0]) * g.uniform(0.9, 1.1) / 2 if j < len(joints) - 1 else 0
            radius = hand.SHAFTS[digit][i] * scale * g.uniform(0.95, 1.05)
            start, end = a + unit * gap(i), b - unit * gap(i + 1)
            bites = []
            for j, corner in ((i, start), (i + 1, end)):
                erosion = grades.get((digit, j), (0, 0))[1]
                if erosion:
                    side = np.array([-unit[1], unit[0]]) * (1 if (digit + j) % 2 else -1)
                    bites.append((corner + side * radius * 1.25, scale * (2.5 + 1.5 * erosion)))
            add_bone(image, start, end, radius, 0.33, bites, 0.30)
            s = np.clip(((x - a[0]) * unit[0] + (y - a[1]) * unit[1]), 0, np.hypot(*(b - a)))
            off = np.hypot(x - a[0] - unit[0] * s, y - a[1] - unit[1] * s)
            flesh = np.maximum(flesh, hand.FLESH[digit] * scale * (1 - 0.06 * i) - off)
    for centre, axes, tilt in hand.CARPALS.values():
        c, r = placed(centre), np.array(axes) * scale
        t = np.radians(tilt) + angle
        u, v = (x - c[0]) * np.cos(t) + (y - c[1]) * np.sin(t), -(x - c[0]) * np.sin(t) + (y - c[1]) * np.cos(t)
        image += 0.22 * np.clip((1 - np.hypot(u / r[0], v / r[1])) * r.min() + 0.5, 0, 1)
    for a, b, radius in hand.FOREARM.values():
        add_bone(image, placed(b), placed(a), radius * scale, 0.3, [], 0.30)
    for p, q, r in (((225, 380), (240, 520), 62), ((290, 380), (290, 520), 62), ((254, 520), (252, 720), 78)):
        p, q = placed(p), placed(q)
        unit = (q - p) / np.hypot(*(q - p))
        s = np.clip((x - p[0]) * unit[0] + (y - p[1]) * unit[1], 0, np.hypot(*(q - p)))
        flesh = np.maximum(flesh, r * scale - np.hypot(x - p[0] - unit[0] * s, y - p[1] - unit[1] * s))
    image = image * g.uniform(0.85, 1.15) + g.uniform(0.3, 0.45) * np.clip(flesh / (14 * SCALE * 2.4), 0, 1)
    image = gaussian_filter(image, g.uniform(0.3, 0.6)) + g.normal(0, g.uniform(0.002, 0.012), image.shape)
    if g.random() < 0.7:  # a marker letter, anywhere in the upper corners
        left, top = g.choice([12, 150]) + g.integers(0, 14), g.integers(8, 30)
        image[top:top + 15, left:left + 3] = image[top + 13:top + 15, left:left + 11] = 0.95
    pixels = np.round(np.clip(image, 0, 1) * 65535).astype(np.uint16)
    return (pixels / 65535).astype(np.float32), float(sum(a + b for a, b in grades.values())), grades, places, pixels


def normalised(images):
    return torch.from_numpy(((np.asarray(images)[:, None] - MEAN) / STD).astype(np.float32))


class Scorer(nn.Module):
    def __init__(self):
        super().__init__()
        layers, width = [], 3
        for out, kernel, stride in ((12, 5, 2), (24, 3, 2), (48, 3, 2), (48, 3, 1)):
            layers += [nn.Conv2d(width, out, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(out), nn.ReLU()]
            width = out
        self.features, self.pool, self.head = nn.Sequential(*layers), nn.AdaptiveAvgPool2d(1), nn.Linear(width, 1)

    def forward(self, radiograph):
        return self.head(torch.flatten(self.pool(self.features(radiograph)), 1))


def on_the_radiograph(net):
    """What the network says of ../Radiographs/hand.png, which it has not seen: two joints of it are narrowed, one of them eroded."""
    from PIL import Image
    picture = Image.open(os.path.join(FOLDER, "..", "Radiographs", "hand.png"))
    small = np.asarray(Image.fromarray(np.asarray(picture).astype(np.float32) / 65535).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR))
    with torch.no_grad():
        return dict(score_of_the_radiograph=float(net(normalised(small[None]))[0, 0]))


class Read(nn.Module):
    """The network as the file holds it, batch normalisation folded into the convolutions."""
    def __init__(self, path):
        super().__init__()
        weights = {i.name: torch.from_numpy(onnx.numpy_helper.to_array(i).copy()) for i in onnx.load(path).graph.initializer}
        layers = []
        for node in onnx.load(path).graph.node:
            if node.op_type == "Conv":
                w, b = weights[node.input[1]], weights[node.input[2]]
                stride = next(a.ints[0] for a in node.attribute if a.name == "strides")
                layers += [nn.Conv2d(w.shape[1], w.shape[0], w.shape[2], stride, w.shape[2] // 2), nn.ReLU()]
                layers[-2].weight.data, layers[-2].bias.data = w, b
            elif node.op_type == "Gemm":
                self.head = nn.Linear(weights[node.input[1]].shape[1], 1)
                self.head.weight.data, self.head.bias.data = weights[node.input[1]], weights[node.input[2]]
        self.features, self.pool = nn.Sequential(*layers), nn.AdaptiveAvgPool2d(1)

    forward = Scorer.forward


def site_name(site):
    digit, joint = site
    return ("MCP" if joint == 1 else "IP" if digit == 1 else "PIP") + str(digit)


def write_picture(folder, pixels, places):
    """radiograph.png and, as polygons of radius 10 pixels about its joints, regions.coco.json."""
    from PIL import Image
    Image.fromarray(pixels).save(os.path.join(folder, "radiograph.png"), optimize=True)
    annotations = [dict(id=i, image_id=1, category_id=i, iscrowd=0, attributes=dict(laterality="L"), segmentation=[hand.ring(place, 10, 10, (0, 1), 16)])
                   for i, place in enumerate(places.values(), 1)]
    coco = dict(info=dict(description="A drawn hand; no patient"), images=[dict(id=1, file_name="radiograph.png", width=WIDTH, height=HEIGHT)],
                categories=[dict(id=i, name=site_name(s), supercategory="joint") for i, s in enumerate(places, 1)], annotations=annotations)
    with open(os.path.join(folder, "regions.coco.json"), "w") as file:
        json.dump(coco, file, separators=(",", ":"))
        file.write("\n")


def train(path, pictures=4000, epochs=14, batch=32):
    torch.manual_seed(7)
    g = np.random.default_rng(7)
    drawings = [drawn(g) for _ in range(pictures)]
    images, scores = np.stack([d[0] for d in drawings]), torch.tensor([d[1] for d in drawings])
    net = Scorer()
    with torch.no_grad():
        net.head.weight.mul_(20)
        net.head.bias.fill_(float(scores.mean()))
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-3, total_steps=epochs * (pictures // batch))
    for epoch in range(epochs):
        order, total = np.random.default_rng(epoch).permutation(pictures), 0.0
        for k in range(pictures // batch):
            at = order[k * batch:(k + 1) * batch]
            loss = nn.functional.smooth_l1_loss(net(normalised(images[at]))[:, 0], scores[at], beta=3.0)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / (pictures // batch):.2f}", flush=True)
    torch.onnx.export(net.eval(), (normalised(images[:1]),), path, dynamo=False, opset_version=17, input_names=["radiograph"], output_names=["score"],
                      dynamic_axes={"radiograph": {0: "N"}, "score": {0: "N"}})


def measure(path, pictures=300):
    """On pictures that were not trained with; the explained one is at the ninth decile of scores."""
    g = np.random.default_rng(8)
    drawings = [drawn(g) for _ in range(pictures)]
    images, scores = np.stack([d[0] for d in drawings]), np.array([d[1] for d in drawings])
    net = Read(path).eval()
    with torch.no_grad():
        guess = torch.cat([net(normalised(images[k:k + 50]))[:, 0] for k in range(0, pictures, 50)]).numpy()
    chosen = int(np.argsort(scores, kind="stable")[int(0.9 * pictures)])
    make.describe("trained", net, os.path.dirname(path), path, "torchscript", 17, "features", None, normalised(images[chosen:chosen + 1]), trained=True,
                  left_out=("input_gradient", "activations", "gradients"), training_pictures=4000, epochs=14,
                  test=dict(pictures=pictures, mean_absolute_error=float(np.abs(guess - scores).mean()), correlation=float(np.corrcoef(guess, scores)[0, 1]),
                            mean_of_scores=float(scores.mean()), standard_deviation_of_scores=float(scores.std())),
                  true_score=float(scores[chosen]), true_grades={site_name(s): dict(narrowing=n, erosion=e) for s, (n, e) in drawings[chosen][2].items()},
                  **on_the_radiograph(net))
    write_picture(os.path.dirname(path), drawings[chosen][4], drawings[chosen][3])


if __name__ == "__main__":
    target = os.path.join(FOLDER, "trained", "model.onnx")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if "--measure" not in sys.argv:
        train(target)
    measure(target)
