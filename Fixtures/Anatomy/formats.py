"""Writes the files of Fixtures/Anatomy/formats and what they hold: python formats.py  (needs numpy and Pillow)

A radiograph of 40×30 pixels with regions in every format. `expected.json` has, for each file, id, side and pixels of each region as the lengths
of the runs outside and inside, column by column. Pixels are decided here by their centres in NumPy, or drawn pixel by pixel; nothing of
Carpus is used.
"""
import base64
import io
import json
import pathlib

import numpy as np
from PIL import Image

FOLDER = pathlib.Path(__file__).parent / "formats"
WIDTH, HEIGHT = 40, 30
Y, X = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5


def counts(mask):
    runs, value, length = [], False, 0
    for pixel in mask.flatten(order="F"):
        if bool(pixel) != value:
            runs.append(length)
            value, length = bool(pixel), 0
        length += 1
    return [int(run) for run in runs + [length]]


def compressed(runs):
    """COCO's text: differences to the count before last, groups of five bits, lowest first, sign in the last."""
    text = ""
    for index, run in enumerate(runs):
        value = run - runs[index - 2] if index > 2 else run
        while True:
            group, value = value & 31, value >> 5
            more = value != (-1 if group & 16 else 0)
            text += chr(48 + group + (32 if more else 0))
            if not more:
                break
    return text


def box(left, top, right, bottom):
    return (X >= left) & (X < right) & (Y >= top) & (Y < bottom)


def disc(x, y, radius):
    return (X - x) ** 2 + (Y - y) ** 2 <= radius**2


def triangle(points):
    (ax, ay), (bx, by), (cx, cy) = points
    def side(px, py, qx, qy):
        return (qx - px) * (Y - py) - (qy - py) * (X - px)
    a, b, c = side(ax, ay, bx, by), side(bx, by, cx, cy), side(cx, cy, ax, ay)
    return ((a > 0) & (b > 0) & (c > 0)) | ((a < 0) & (b < 0) & (c < 0))


def png(array):
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, "PNG")
    return stream.getvalue()


ring = disc(12, 12, 7.3) & ~disc(13, 11, 2.9)
far = disc(30, 20, 4.2) | box(2, 25, 5, 29)
over = disc(17, 13, 4.6)
wedge = [(20.3, 2.1), (37.7, 4.2), (25.9, 16.4)]
expected = {}


def write(name, content, regions):
    (FOLDER / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    if regions is not None:
        expected[name] = [{"id": i, "side": s, "counts": counts(m)} for i, s, m in regions]


FOLDER.mkdir(exist_ok=True)
labels = np.zeros((HEIGHT, WIDTH), np.uint8)
labels[ring], labels[far] = 3, 200
write("labels.png", png(labels), [("mcp2", "L", ring), ("ulna", "R", far)])
write("labels.json", json.dumps({"schema": "carpus-regions/1", "regions": [
    {"id": "mcp2", "label": 3, "laterality": "L"}, {"id": "ulna", "label": 200, "laterality": "R"}]}), None)
write("masks.json", json.dumps({"schema": "carpus-regions/1", "image": {"width": WIDTH, "height": HEIGHT}, "regions": [
    {"id": "knuckle", "file": "ring.png", "laterality": "L", "joint": "METACARPOPHALANGEAL JOINT 2", "scores": ["erosion"], "group": ["row"],
     "codes": [{"scheme": "SCT", "code": "70420003", "meaning": "MCP joint"}]},
    {"id": "over", "file": "over.png"}]}), [("knuckle", "L", ring), ("over", "unspecified", over)])
write("ring.png", png((ring * 255).astype(np.uint8)), None)
write("over.png", png(over.astype(np.uint8)), None)
write("chexlocalize.json", json.dumps({
    "other_image": {"Lunate": {"size": [HEIGHT, WIDTH], "counts": compressed(counts(far))}},
    "hand": {"navicular": {"size": [HEIGHT, WIDTH], "counts": compressed(counts(ring))},
             "R:MCP-I": {"size": [HEIGHT, WIDTH], "counts": counts(over)},
             "ulna": {"size": [HEIGHT, WIDTH], "counts": [HEIGHT * WIDTH]}}}),
    [("mcp2", "R", over), ("scaphoid", "unspecified", ring)])
write("polygons.json", json.dumps({"hand": {"img_size": [HEIGHT, WIDTH], "left_wrist": [wedge, [(1, 20), (9, 20), (9, 28), (1, 28)]]}}),
      [("wrist", "L", triangle(wedge) | box(1, 20, 9, 28))])
write("boxes.csv", "image,region,side,xmin,ymin,xmax,ymax\nhand.png,\"MCP 2\",L,3,4,11,9.5\nhand.png,MCP 2,L,30,20,39,30\nfoot.png,x,L,0,0,1,1\n",
      [("mcp2", "L", box(3, 4, 11, 9.5)), ("mcp2-2", "L", box(30, 20, 39, 30))])
write("centres.csv", "name;xcenter;ycenter;dx;dy\r\nPIP-R;10;10;5;7\r\n", [("pip4", "unspecified", box(7.5, 6.5, 12.5, 13.5))])
write("classes.txt", "left_MCP2\nmarker\n", None)
write("yolo.txt", "1 0.5 0.5 0.25 0.2\n0 " + " ".join(f"{x / WIDTH:.9f} {y / HEIGHT:.9f}" for x, y in wedge) + "\n1 0.1 0.1 0.05 0.0666667 0.93\n",
      [("marker", "unspecified", box(15, 12, 25, 18)), ("mcp2", "L", triangle(wedge)), ("marker-2", "unspecified", box(3, 2, 5, 4))])
write("voc.xml", f"""<?xml version="1.0"?>
<!-- by hand -->
<annotation verified="no"><folder>a &amp; b</folder><filename>hand.png</filename>
<size><width>{WIDTH}</width><height>{HEIGHT}</height><depth>1</depth></size>
<object><name>R_ulna</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>1</xmax><ymax>30</ymax></bndbox></object>
<object><name>text &#76;</name><difficult>0</difficult><bndbox><xmin> 5 </xmin><ymin>6</ymin><xmax>7</xmax><ymax>8</ymax></bndbox></object></annotation>
""", [("ulna", "R", box(0, 1, 1, 30)), ("text", "L", box(4, 5, 7, 8))])
crop = over[8:19, 12:23]
write("labelme.json", json.dumps({"version": "5.4.1", "flags": {}, "imagePath": "..\\hand.png", "imageData": None, "imageHeight": HEIGHT, "imageWidth": WIDTH,
      "shapes": [
          {"label": "MCP2-L", "points": wedge, "group_id": 7, "shape_type": "polygon", "flags": {}},
          {"label": "wrist", "points": [[1, 20], [9, 28]], "group_id": None, "shape_type": "rectangle"},
          {"label": "MCP2-L", "points": [[1, 1], [4, 1], [4, 5], [1, 5]], "group_id": 7, "shape_type": "polygon"},
          {"label": "ring", "points": [[12, 12], [12, 19.3]], "shape_type": "circle"},
          {"label": "over", "points": [[12, 8], [22, 18]], "shape_type": "mask", "mask": base64.b64encode(png((crop * 255).astype(np.uint8))).decode()}]}),
      [("mcp2", "L", triangle(wedge) | box(1, 1, 4, 5)), ("wrist", "unspecified", box(1, 20, 9, 28)),
       ("ring", "unspecified", disc(12, 12, 7.3)), ("over", "unspecified", over)])
ram = {"images": [{"id": 1, "file_name": "0012_R_bmp.rf.ab12.jpg", "width": WIDTH, "height": HEIGHT}],
       "categories": [{"id": i + 1, "name": n} for i, n in enumerate(["R", "L", "S", "Tm", "MCP-I", "SR", "IP", "Ring"])],
       "annotations": [{"id": i + 1, "image_id": 1, "category_id": i + 1, "bbox": [i, 2 * i, 5, 4]} for i in range(8)]}
write("ram.json", json.dumps(ram), [(n, "R", box(i, 2 * i, i + 5, 2 * i + 4)) for i, n in enumerate(
    ["radius", "lunate", "scaphoid", "trapezium", "mcp2", "sr", "ip1", "ring"])])
w600 = {"images": [{"id": 1, "file_name": "a/7_L.bmp", "width": WIDTH, "height": HEIGHT}],
        "categories": [{"id": i + 1, "name": n} for i, n in enumerate(["Metacarpal1st", "Trapzium", "Scaphoid", "Lunate", "DistalRadius", "DistalUlna"])],
        "annotations": [{"id": i + 1, "image_id": 1, "category_id": i + 1, "bbox": [i, 2 * i, 5, 4]} for i in range(6)]}
write("w600.json", json.dumps(w600), [(n, "L", box(i, 2 * i, i + 5, 2 * i + 4)) for i, n in enumerate(
    ["cmc1", "trapezium", "scaphoid", "lunate", "radius", "ulna"])])
(FOLDER / "expected.json").write_text(json.dumps(expected, indent=0))
