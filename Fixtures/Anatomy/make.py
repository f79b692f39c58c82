"""Writes the reference values of the anatomy tests: python make.py  (needs numpy and pycocotools)

shapes.json   random polygons on small grids. `exact`: pixels whose centre is inside (even-odd, left and upper edges
              included), decided in rational arithmetic, as column-major counts. `coco`: what pycocotools draws instead.
              `compressed`: the text form of `exact`, by pycocotools.
focus.json    random signed maps and masks; every statistic computed by oversampling in plain loops: no shared code.
"""
import json
import pathlib
from fractions import Fraction

import numpy as np
from pycocotools import mask as coco

FOLDER = pathlib.Path(__file__).parent
random = np.random.default_rng(20240614)


def inside(points, x, y):
    """Even-odd rule: crossings to the left of or at x, on edges that hold y half-open."""
    odd = False
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
        if (ay <= y) != (by <= y):
            odd ^= ax + (y - ay) / (by - ay) * (bx - ax) <= x
    return odd


def exact(polygons, width, height):
    bitmap = np.zeros((height, width), np.uint8)
    half = Fraction(1, 2)
    for polygon in polygons:
        points = [(Fraction(x), Fraction(y)) for x, y in polygon]
        for j in range(height):
            for i in range(width):
                bitmap[j, i] |= inside(points, i + half, j + half)
    return bitmap


def counts(bitmap):
    runs, value, length = [], 0, 0
    for pixel in bitmap.flatten(order="F"):
        if pixel != value:
            runs.append(length)
            value, length = pixel, 0
        length += 1
    return [int(run) for run in runs + [length]]


def distance(polygons, x, y):
    """From a point to the nearest outline."""
    best = np.inf
    for polygon in polygons:
        for a, b in zip(polygon, polygon[1:] + polygon[:1]):
            a, b, p = np.array(a), np.array(b), np.array([x, y])
            length = ((b - a) ** 2).sum()
            t = np.clip(((p - a) * (b - a)).sum() / length, 0, 1) if length else 0
            best = min(best, np.sqrt(((p - a - t * (b - a)) ** 2).sum()))
    return float(best)


def polygons_of(kind, width, height):
    def points(n, low=0.0, high=1.0):
        return [[float(x * width), float(y * height)] for x, y in random.uniform(low, high, (n, 2))]

    if kind == "star":  # simple, around a centre
        n = int(random.integers(5, 12))
        angles = np.sort(random.uniform(0, 2 * np.pi, n))
        radii = random.uniform(0.2, 0.48, n)
        return [[[float(width * (0.5 + r * np.cos(a))), float(height * (0.5 + r * np.sin(a)))] for a, r in zip(angles, radii)]]
    if kind == "crossing":
        return [points(7)]
    if kind == "several":
        return [points(4), points(3), points(5)]
    if kind == "whole":
        return [[[float(int(v)) for v in p] for p in points(6)]]
    if kind == "halves":  # vertices on pixel centres: ties
        return [[[int(v) + 0.5 for v in p] for p in points(6)]]
    return [points(6, -0.5, 1.5)]  # beyond the grid


def shapes():
    cases, far, differing, total = [], 0.0, 0, 0
    for kind in ["star", "crossing", "several", "whole", "halves", "beyond"]:
        for _ in range(20):
            width, height = (int(v) for v in random.integers(9, 40, 2))
            polygons = polygons_of(kind, width, height)
            bitmap = exact(polygons, width, height)
            flat = [[v for p in polygon for v in p] for polygon in polygons]
            theirs = coco.decode(coco.merge(coco.frPyObjects(flat, height, width)))
            compressed = coco.encode(np.asfortranarray(bitmap))["counts"].decode()
            if kind == "star":
                total += int(bitmap.sum())
                for j, i in np.argwhere(bitmap != theirs):
                    differing += 1
                    far = max(far, distance(polygons, i + 0.5, j + 0.5))
            cases.append(dict(kind=kind, width=width, height=height, polygons=flat, exact=counts(bitmap),
                              compressed=compressed, coco=counts(theirs), pixels=int(bitmap.sum())))
    print(f"stars: {differing} of {total} pixels differ, the farthest centre is {far:.3f} px from the outline")
    (FOLDER / "shapes.json").write_text(json.dumps(cases, separators=(",", ":")))


def focus():
    cases = []
    for map_height, map_width, input_height, input_width, sx, sy, ox, oy in [
        (4, 5, 40, 50, 1.0, 1.0, 0.0, 0.0),        # one to one
        (7, 7, 64, 64, 1.6, 1.6, 8.0, 0.0),        # letterbox: 30x40 in the middle of 64x64
        (5, 3, 48, 36, 1.2, 1.2, 0.0, 0.0),
        (6, 4, 40, 40, 1.0, 0.8, 4.0, 3.0),        # unequal scales, padding on three sides
        (3, 6, 30, 60, 2.5, 1.25, -5.0, -2.5),     # a crop: part of the radiograph is not seen
    ]:
        width, height = 30, 40
        maps = np.round(random.normal(0, 1, (map_height, map_width)), 1).astype(np.float32)  # rounded: ties
        masks = []
        for _ in range(3):
            cx, cy = random.uniform(4, width - 4), random.uniform(4, height - 4)
            j, i = np.mgrid[:height, :width] + 0.5
            masks.append(((i - cx) ** 2 + (j - cy) ** 2 <= random.uniform(3, 9) ** 2).astype(np.uint8))
        # Oversampling: the input in steps of 1/60 of a cell along each axis would be exact only for matching borders, so
        # overlaps are summed pixel by pixel from interval lengths instead.
        def overlap(n, cells, scale, offset, extent):
            weights = np.zeros((cells, n))
            for c in range(cells):
                low, high = (c * extent / cells - offset) / scale, ((c + 1) * extent / cells - offset) / scale
                for p in range(n):
                    weights[c, p] = max(0.0, min(high, p + 1) - max(low, p)) / (high - low)
            return weights
        wy = overlap(height, map_height, sy, oy, input_height)
        wx = overlap(width, map_width, sx, ox, input_width)
        cover = lambda m: wy @ m.astype(float) @ wx.T
        image = cover(np.ones((height, width)))
        union = np.maximum.reduce(masks)
        L = maps.astype(float)

        def statistics(c, pixels):
            up, down = float((c * np.maximum(L, 0)).sum()), float((c * np.minimum(L, 0)).sum())
            seen = float((image * np.maximum(L, 0)).sum())
            share = float(c.sum() / image.sum())
            # AUC and rank accuracy over a population of small equal pieces, by explicit pairs of cells
            pos, neg, v = c.ravel(), (image - c).ravel(), L.ravel()
            greater = (v[:, None] > v[None, :]) + 0.5 * (v[:, None] == v[None, :])
            auc = float(pos @ greater @ neg / (pos.sum() * neg.sum()))
            # threshold search: the value at which the area above reaches the region's
            area, hit = c.sum(), None
            for value in np.unique(v)[::-1]:
                above, at = (L > value), (L == value)
                if (image[above | at]).sum() >= area - 1e-15:
                    part = (area - image[above].sum()) / image[at].sum()
                    hit = float((c[above].sum() + part * c[at].sum()) / area)
                    break
            best = np.argwhere(L == L.max())
            peak = bool(c[tuple(best[0])] > 0) if len(best) == 1 and L.max() > 0 else None
            with np.errstate(divide="ignore", invalid="ignore"):
                ceiling = float(np.nanmax(np.where(image > 0, c / image, np.nan)))
            return dict(points=up + down, pointsPositive=up, pointsNegative=down, mass=up / seen, areaShare=share,
                        enrichment=up / seen / share, rankAccuracy=hit, peakInside=peak, auc=auc, ceiling=ceiling, pixels=pixels)

        cases.append(dict(
            mapHeight=map_height, mapWidth=map_width, map=[float(v) for v in maps.ravel()],
            inputWidth=input_width, inputHeight=input_height, transform=[sx, sy, ox, oy], width=width, height=height,
            masks=[counts(m) for m in masks], coverages=[[float(v) for v in cover(m).ravel()] for m in masks],
            regions=[statistics(cover(m), int(m.sum())) for m in masks],
            inRegions=statistics(cover(union), int(union.sum())),
            elsewhere=statistics(cover(1 - union), int((1 - union).sum())),
            padding=dict(points=float(((1 - image) * L).sum()), areaShare=float((1 - image).mean())),
            total=float(L.sum())))
    (FOLDER / "focus.json").write_text(json.dumps(cases, separators=(",", ":")))


shapes()
focus()
