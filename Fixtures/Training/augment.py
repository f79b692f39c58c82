"""Copies of phantoms that differ in what must not matter: place, turn, exposure, bright things beside the hands.

Made with torch 2.13.0, Pillow 13.0.0.
"""
import math
import numpy as np, torch
from PIL import Image, ImageDraw, ImageFont
from torch.nn import functional as F
from networks import SIZE, STRIDE
from phantoms import DEVIATION, MEAN


def glyphs(count=160, seed=3):
    """Bright marks: letters, plain, in a circle or on a plate, bars, discs, rings; each a square of greys 0…1."""
    g = np.random.default_rng(seed)
    marks = []
    for _ in range(count):
        side = int(g.integers(8, 38))
        mark = Image.new("L", (side, side), 0)
        pen = ImageDraw.Draw(mark)
        light = int(g.integers(140, 256))
        kind = g.integers(0, 5)
        if kind <= 2:
            text = "".join(g.choice(list("LRABCDEFGHJKMNPSTW0123456789"), size=int(g.choice([1, 1, 1, 2, 3, 5]))))
            if kind == 1:
                pen.ellipse((0, 0, side - 1, side - 1), outline=light, width=max(1, side // 12))
            if kind == 2:
                pen.rectangle((0, side // 6, side - 1, side - side // 6), fill=light)
            pen.text((side / 2, side / 2), text, fill=int(g.integers(0, 90)) if kind == 2 else light, anchor="mm", font=ImageFont.load_default(max(6, side * 0.9 / (1 + 0.45 * len(text)))))
        elif kind == 3:
            pen.rectangle((0, side // 2 - 1, side - 1, side // 2 + int(g.integers(0, side // 3))), fill=light)
        else:
            pen.ellipse((1, 1, side - 2, side - 2), outline=light, width=int(g.integers(1, max(2, side // 3))))
        mark = mark.rotate(float(g.choice([0, 0, 90, g.uniform(-25, 25)])))
        marks.append(torch.from_numpy(np.asarray(mark).astype(np.float32) / 255))
    return marks


GLYPHS = glyphs()


def paste(images, places, random, share=0.6):
    """Marks at least their own size and 12 pixels away from every site; laid over the picture as lead is."""
    height, width = images.shape[2:]
    for k in range(len(images)):
        if random.random() > share:
            continue
        sites = places[k][~np.isnan(places[k][:, 0])]
        for _ in range(int(random.integers(1, 4))):
            mark = GLYPHS[int(random.integers(len(GLYPHS)))]
            side = mark.shape[0]
            x, y = int(random.integers(0, width - side)), int(random.integers(0, height - side))
            if len(sites) and np.abs(sites - (x + side / 2, y + side / 2)).max(1).min() < side / 2 + 12:
                continue
            under = images[k, 0, y:y + side, x:x + side]
            torch.maximum(under, mark, out=under)
    return images


def smeared(images, places, random, share, reach=13):
    """Squares about the sites averaged over 25 pixels in a share of the pictures: nothing of the damage is left there."""
    blurred = F.avg_pool2d(images, 25, 1, 12)
    for k in range(len(images)):
        if random.random() < share:
            for x, y in places[k][~np.isnan(places[k][:, 0])].astype(int):
                at = (k, 0, slice(max(0, y - reach), max(0, y + reach)), slice(max(0, x - reach), max(0, x + reach)))
                images[at] = blurred[at]
    return images


def augmented(images, places, random, strength=1.0, marks=True, smear=0.0):
    """uint16 N×H×W to normalised float N×1×H×W, with the places of the sites moved along."""
    n, (height, width) = len(images), SIZE
    x = torch.from_numpy(images.astype(np.float32) / 65535).unsqueeze(1)
    turn = random.normal(0, math.radians(2.5) * strength, n)
    zoom = np.exp(random.normal(0, 0.03 * strength, n))
    shift = random.normal(0, 5 * strength, (n, 2))
    flip = np.where(random.random(n) < 0.5, -1.0, 1.0)
    c, s = np.cos(turn) * zoom, np.sin(turn) * zoom
    forward = np.stack([np.stack([c * flip, -s], 1), np.stack([s * flip, c], 1)], 1)  # old offset from the middle to new
    back = np.linalg.inv(forward)
    middle = np.array([width / 2, height / 2])
    half = np.array([width / 2, height / 2])
    theta = np.concatenate([back * half[None, None, :] / half[None, :, None], (-(back @ shift[:, :, None])[:, :, 0] / half)[:, :, None]], 2)
    grid = F.affine_grid(torch.from_numpy(theta.astype(np.float32)), (n, 1, height, width), align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="zeros", align_corners=False)
    places = ((places - middle) @ forward.transpose(0, 2, 1) + middle + shift[:, None]).astype(np.float32)
    if smear:
        x = smeared(x, places, random, smear)
    if marks:
        x = paste(x, places, random)
    draw = lambda spread: torch.from_numpy(random.normal(0, spread * strength, (n, 1, 1, 1)).astype(np.float32))
    x = x.clamp_(1e-3, 1).pow_(torch.exp(draw(0.12))).mul_(torch.exp(draw(0.08))).add_(draw(0.02)).clamp_(0, 1)
    return x.sub_(MEAN).div_(DEVIATION), places


def plain(images):
    return torch.from_numpy(images.astype(np.float32) / 65535).unsqueeze(1).sub_(MEAN).div_(DEVIATION)


def density(places, grades, stride=STRIDE):
    """Each site's grades in points, shared between the four cells around it by distance: N × kinds × rows × columns."""
    n, (rows, columns) = len(places), (SIZE[0] // stride, SIZE[1] // stride)
    target = np.zeros((n, grades.shape[1], rows * columns), np.float32)
    x, y = places[..., 0] / stride - 0.5, places[..., 1] / stride - 0.5
    there = ~np.isnan(x)
    x, y = np.nan_to_num(x), np.nan_to_num(y)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    image = np.broadcast_to(np.arange(n)[:, None], x.shape)
    for dx in (0, 1):
        for dy in (0, 1):
            i, j = np.clip(left + dx, 0, columns - 1), np.clip(top + dy, 0, rows - 1)
            weight = there * np.abs(1 - dx - (x - left)) * np.abs(1 - dy - (y - top))
            for kind in range(grades.shape[1]):
                np.add.at(target[:, kind], (image, j * columns + i), weight * grades[:, kind])
    return torch.from_numpy(target.reshape(n, grades.shape[1], rows, columns))
