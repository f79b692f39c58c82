"""usage: python Fixtures/Radiographs/make.py

Draws a left hand as a radiograph might show it and marks its joints. No patient, no photograph: numbers and NumPy.
    hand.png             512×640, 16-bit grey (12 bits of signal, times 16), bone bright; soft tissue, 19 tubular bones, eight carpals,
                         radius, ulna, a marker letter and noise. The proximal joint of the ring finger and the joint at the base of the
                         index finger are narrowed, the latter also eroded on its thumb side.
    hand.coco.json       the sites of the Sharp/van der Heijde score as polygons (MCP1 … MCP5, PIP2 … PIP5, IP1), a box (wrist), uncompressed
                         run lengths (radius, ulna) and compressed ones (scaphoid, lunate), keypoints (DIP2 … DIP5). MCP2 to MCP5 overlap
                         their neighbours; the wrist's box overlaps the bones in it.
    hand.labels.png      the same regions, without the keypoints, as an 8-bit label map: where regions overlap, the later one in the file owns
    hand.regions.json    the sidecar that names its labels, schema carpus-regions/1
    hand.areas.json      pixels of each region of hand.coco.json (a pixel belongs to a polygon when its centre lies inside), and of each label
"""
import hashlib, json, os, sys
sys.dont_write_bytecode = True
import numpy as np
from PIL import Image
from scipy.ndimage import distance_transform_edt, gaussian_filter

FOLDER = os.path.dirname(os.path.abspath(__file__))
HEIGHT, WIDTH = 640, 512
Y, X = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5

# joints from the base to the tip, (x, y); the radii are those of the shaft of each bone between them
DIGITS = {
    1: [(318, 490), (374, 424), (412, 362), (436, 312)],
    2: [(290, 452), (316, 334), (338, 236), (350, 172), (358, 122)],
    3: [(264, 447), (265, 319), (269, 206), (272, 132), (274, 78)],
    4: [(239, 450), (214, 333), (199, 228), (191, 158), (186, 106)],
    5: [(216, 460), (169, 360), (139, 282), (124, 232), (114, 190)],
}
SHAFTS = {1: (11, 10, 9), 2: (10.5, 9.5, 8, 6), 3: (10.5, 10, 8.5, 6.5), 4: (9.5, 9, 8, 6), 5: (9, 8, 6.5, 5)}
FLESH = {1: 27, 2: 25, 3: 26, 4: 24, 5: 20}
CARPALS = {  # centre, half axes, tilt in degrees
    "trapezium": ((313, 505), (19, 17), -35), "trapezoid": ((291, 477), (14, 17), -10), "capitate": ((262, 485), (16, 33), 4), "hamate": ((230, 486), (19, 26), -20),
    "scaphoid": ((292, 525), (15, 29), 38), "lunate": ((256, 534), (19, 18), 0), "triquetrum": ((222, 526), (18, 16), 20), "pisiform": ((213, 520), (10, 11), 0),
}
GAP = 2.6
NARROWED = {("PIP", 4): 0.3, ("MCP", 2): 0.8}


def capsule_chain(points, radii):
    """How deep each pixel lies in the union of discs along a polyline, and the radius of the disc that holds it deepest."""
    depth, radius = np.full((HEIGHT, WIDTH), -1e3), np.ones((HEIGHT, WIDTH))
    for (x, y), r in zip(points, radii):
        d = r - np.hypot(X - x, Y - y)
        radius = np.where(d > depth, r, radius)
        depth = np.maximum(depth, d)
    return depth, radius


def tube(a, b, shaft, flare_a=1.35, flare_b=1.3, span=0.17, steps=60):
    """A long bone from a to b: wider ends, a base (a) flatter than the head (b)."""
    t = np.linspace(0, 1, steps)
    radii = shaft * (1 + (flare_a - 1) * np.exp(-(t / span) ** 2) + (flare_b - 1) * np.exp(-((1 - t) / span) ** 2))
    a, b = np.array(a, float), np.array(b, float)
    unit = (b - a) / np.hypot(*(b - a))
    first, last = a + unit * radii[0] * 0.55, b - unit * radii[-1] * 0.85
    depth, radius = capsule_chain(first + t[:, None] * (last - first), radii)
    along = (X - a[0]) * unit[0] + (Y - a[1]) * unit[1]
    return np.minimum.reduce([depth, along, np.hypot(*(b - a)) - along]), radius


def thickness(depth, radius, wall=0.3, fill=0.35):
    """The path of a ray through a tube with a wall of compact bone and a loose filling."""
    off = np.clip(radius - depth, 0, None)
    outer = np.sqrt(np.clip(radius ** 2 - off ** 2, 0, None))
    inner = np.sqrt(np.clip((radius * (1 - wall)) ** 2 - off ** 2, 0, None))
    return np.where(depth > 0, (outer - inner) + fill * inner, 0)


def ellipse_depth(centre, axes, tilt):
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    u, v = (X - centre[0]) * c + (Y - centre[1]) * s, -(X - centre[0]) * s + (Y - centre[1]) * c
    return (1 - np.hypot(u / axes[0], v / axes[1])) * min(axes)


def shortened(a, b, gap_a, gap_b):
    a, b = np.array(a, float), np.array(b, float)
    unit = (b - a) / np.hypot(*(b - a))
    return a + unit * gap_a, b - unit * gap_b


def half_gap(digit, joint):
    kinds = ("CMC", "MCP", "IP") if digit == 1 else ("CMC", "MCP", "PIP", "DIP")
    return NARROWED.get((kinds[joint], digit), GAP) if joint < len(kinds) else 0


def draw():
    g = np.random.default_rng(20240614)
    bone, flesh = np.zeros((HEIGHT, WIDTH)), np.full((HEIGHT, WIDTH), -1e3)
    texture = gaussian_filter(g.normal(size=(HEIGHT, WIDTH)), 1.2)
    texture = 1 + 0.1 * texture / texture.std()
    for digit, joints in DIGITS.items():
        for i, (a, b) in enumerate(zip(joints, joints[1:])):
            a, b = shortened(a, b, half_gap(digit, i), half_gap(digit, i + 1))
            tip = i == len(joints) - 2
            depth, radius = tube(a, b, SHAFTS[digit][i], 1.5 if i else 1.3, 1.15 if tip else 1.35)
            if (digit, i) == (2, 0):  # an erosion: the head of the second metacarpal lacks a bite
                depth = np.minimum(depth, np.hypot(X - 331, Y - 345) - 7)
            bone += thickness(depth, radius, wall=0.34 if i == 0 else 0.38)
        chain = np.concatenate([np.linspace(a, b, 24) for a, b in zip(joints, joints[1:])] + [[joints[-1]]])
        radii = np.linspace(FLESH[digit] + 4, FLESH[digit] - 5, len(chain))
        flesh = np.maximum(flesh, capsule_chain(chain, radii)[0])
    for centre, axes, tilt in CARPALS.values():
        depth = ellipse_depth(centre, axes, tilt)
        bone += thickness(depth, np.full_like(depth, min(axes)), wall=0.16, fill=0.55)
    for name, (a, b, shaft) in FOREARM.items():
        depth, radius = tube(a, b, shaft, *FLARES[name])
        bone += thickness(depth, radius, wall=0.2, fill=0.36) * 0.72
    palm = capsule_chain([(x, y) for y in np.linspace(360, 520, 30) for x in np.linspace(200 - (y - 360) * -0.12, 300 - (y - 360) * 0.05, 6)], [46] * 180)[0]
    thenar = capsule_chain(np.linspace((330, 500), (352, 440), 12), np.linspace(40, 30, 12))[0]
    forearm = capsule_chain(np.linspace((254, 520), (252, 720), 40), np.linspace(74, 82, 40))[0]
    flesh = np.maximum.reduce([flesh, palm, thenar, forearm])
    inside = gaussian_filter((flesh > 0).astype(float), 5) > 0.5  # webs between the fingers
    deep = distance_transform_edt(inside)
    soft = np.sqrt(np.clip(1 - (1 - np.clip(deep / 38, 0, 1)) ** 2, 0, None))
    attenuation = 0.75 * gaussian_filter(soft, 1.5) + 0.062 * gaussian_filter(bone * texture, 0.8)
    image = 1 - np.exp(-attenuation)
    image = image / image.max() * 0.86 + 0.03
    letter = ["X....", "X....", "X....", "X....", "X....", "X....", "XXXXX"]
    for row, line in enumerate(letter):
        for column, mark in enumerate(line):
            if mark == "X":
                image[40 + row * 6:46 + row * 6, 52 + column * 6:58 + column * 6] = 0.97
    image = gaussian_filter(image, 0.6)
    image += g.normal(size=image.shape) * (0.0012 + 0.0035 * np.sqrt(np.clip(image, 0, 1)))
    image[:, :10] = image[:, -10:] = image[:8] = 0.012  # the collimator's edge
    return np.clip(np.round(image * 4095), 0, 4095).astype(np.uint16) * 16


FOREARM = {"radius": ((278, 720), (283, 556), 22), "ulna": ((224, 720), (215, 558), 14)}
FLARES = {"radius": (1.0, 1.6, 0.33), "ulna": (1.0, 1.3, 0.2)}


# --- regions -------------------------------------------------------------------------------------------------------

def ring(centre, along, across, direction, points=20):
    """A polygon around an ellipse whose long axis lies along `direction`."""
    t = np.linspace(0, 2 * np.pi, points, endpoint=False)
    u = np.array(direction, float) / np.hypot(*direction)
    v = np.array([-u[1], u[0]])
    return [round(float(c), 2) for p in np.array(centre) + np.outer(along * np.cos(t), u) + np.outer(across * np.sin(t), v) for c in p]


def polygon_mask(polygon):
    """Pixels whose centre lies inside, by the even-odd rule."""
    p = np.array(polygon).reshape(-1, 2)
    inside = np.zeros((HEIGHT, WIDTH), bool)
    for (x0, y0), (x1, y1) in zip(p, np.roll(p, -1, 0)):
        if y0 != y1:
            crosses = (y0 > Y) != (y1 > Y)
            inside ^= crosses & (X < x0 + (Y - y0) * (x1 - x0) / (y1 - y0))
    return inside


def run_lengths(mask):
    """Lengths of alternating runs, zeros first, down the columns."""
    column_major = mask.T.ravel().astype(np.int8)
    edges = np.flatnonzero(np.diff(column_major)) + 1
    counts = np.diff(np.concatenate([[0], edges, [column_major.size]])).tolist()
    return [0] + counts if column_major[0] else counts


def compressed(counts):
    """COCO's text form: differences to the run two before (from the third on), in groups of five bits, lowest first, plus 48."""
    text = ""
    for i, count in enumerate(counts):
        value, more = count - (counts[i - 2] if i > 2 else 0), True
        while more:
            low, value = value & 31, value >> 5
            more = not (value == 0 and not low & 16 or value == -1 and low & 16)
            text += chr((low | 32 if more else low) + 48)
    return text


def decompressed(text):
    counts, at = [], 0
    while at < len(text):
        value, shift, more = 0, 0, True
        while more:
            c = ord(text[at]) - 48
            value |= (c & 31) << shift
            more, at, shift = bool(c & 32), at + 1, shift + 5
            if not more and c & 16:
                value |= -1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
    return counts


def main():
    image = draw()
    Image.fromarray(image).save(os.path.join(FOLDER, "hand.png"), optimize=True)
    regions = []  # name, mask, annotation
    def polygon(name, digit, joint, along, across):
        joints = DIGITS[digit]
        direction = np.subtract(joints[joint + 1], joints[joint - 1])
        points = ring(joints[joint], along, across, direction)
        regions.append((name, polygon_mask(points), dict(segmentation=[points])))
    for digit in DIGITS:
        polygon(f"MCP{digit}", digit, 1, 27, 29 if digit > 1 else 23)
    for digit in range(2, 6):
        polygon(f"PIP{digit}", digit, 2, 21, 19)
    polygon("IP1", 1, 2, 19, 18)
    box = [196.0, 466.0, 140.0, 96.0]
    regions.append(("wrist", (X > box[0]) & (X < box[0] + box[2]) & (Y > box[1]) & (Y < box[1] + box[3]), dict(bbox=box)))
    for name, (a, b, shaft) in FOREARM.items():
        mask = (tube(a, b, shaft, *FLARES[name])[0] > 0) & (Y < 610)
        regions.append((name, mask, dict(segmentation=dict(size=[HEIGHT, WIDTH], counts=run_lengths(mask)), iscrowd=0)))
    for name in ("scaphoid", "lunate"):
        mask = ellipse_depth(*CARPALS[name]) > 0
        counts = run_lengths(mask)
        text = compressed(counts)
        assert decompressed(text) == counts
        regions.append((name, mask, dict(segmentation=dict(size=[HEIGHT, WIDTH], counts=text), iscrowd=0)))

    categories = [dict(id=i + 1, name=name, supercategory="joint" if name[0].isupper() or name == "wrist" else "bone") for i, (name, _, _) in enumerate(regions)]
    categories.append(dict(id=50, name="DIP", supercategory="joint", keypoints=[f"DIP{d}" for d in range(2, 6)], skeleton=[]))
    annotations = []
    for i, (name, mask, more) in enumerate(regions):
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        bounds = [int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)]
        annotations.append({**dict(id=i + 1, image_id=1, category_id=i + 1, area=int(mask.sum()), bbox=bounds, iscrowd=0, attributes=dict(laterality="L")), **more})
    dips = [c for d in range(2, 6) for c in (*map(float, DIGITS[d][3]), 2)]
    annotations.append(dict(id=len(regions) + 1, image_id=1, category_id=50, keypoints=dips, num_keypoints=4, iscrowd=0, attributes=dict(laterality="L")))
    coco = dict(info=dict(description="A drawn hand; no patient"), licenses=[], images=[dict(id=1, file_name="hand.png", width=WIDTH, height=HEIGHT)], categories=categories, annotations=annotations)
    write("hand.coco.json", coco)

    labels, numbers = np.zeros((HEIGHT, WIDTH), np.uint8), {}
    # the largest first, so that the bones stay visible in the wrist
    for number, (name, mask, _) in enumerate(sorted(regions, key=lambda r: r[0] != "wrist"), 1):
        labels[mask] = number
        numbers[name] = number
    Image.fromarray(labels).save(os.path.join(FOLDER, "hand.labels.png"), optimize=True)
    narrowing = [n for n in numbers if n[:3] in ("MCP", "PIP")] + ["wrist"]
    erosion = [n for n in numbers if n != "wrist"]
    write("hand.regions.json", dict(
        schema="carpus-regions/1", image=dict(width=WIDTH, height=HEIGHT), space="image", background=0, overlap="forbid", source=dict(tool="make.py", kind="synthetic"),
        regions=[dict(id=n.lower(), label=k, laterality="L", name=n, scores=[s for s, sites in (("erosion", erosion), ("narrowing", narrowing)) if n in sites]) for n, k in numbers.items()]))
    write("hand.areas.json", dict(regions={n: int(m.sum()) for n, m, _ in regions}, labels={n: int((labels == k).sum()) for n, k in numbers.items()},
                                  overlaps={f"{a} and {b}": int((p & q).sum()) for i, (a, p, _) in enumerate(regions) for b, q, _ in regions[i + 1:] if (p & q).any()}))


def write(name, value):
    with open(os.path.join(FOLDER, name), "w") as file:
        json.dump(value, file, indent=1 if name != "hand.coco.json" else None, separators=None if name != "hand.coco.json" else (",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
