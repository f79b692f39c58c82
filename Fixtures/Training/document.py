"""Writes the tables of Docs/Stand-in-networks.md from what the other scripts measured.

    usage: python Fixtures/Training/document.py

Each table stands between `<!-- NAME -->` and `<!-- end -->` and comes from a JSON file beside this script.
"""
import json, os, re

FOLDER = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(FOLDER, "..", "..", "Docs", "Stand-in-networks.md")


def read(name):
    with open(os.path.join(FOLDER, name)) as file:
        return json.load(file)


def table(head, rows):
    line = lambda cells: "| " + " | ".join(cells) + " |"
    return "\n".join([line(head), "|---" + "|--:" * (len(head) - 1) + "|", *map(line, rows)])


def agreement(result):
    return [f"{result['pcc']:.3f}", f"{result['rmse']:.1f}", f"{result['mae']:.1f}", f"{result['bias']:+.1f}", f"{result['class_mae']:.2f}",
            f"{100 * result['class_accuracy']:.0f} %", f"{100 * result['within_one_class']:.0f} %"]


COLUMNS = ["PCC", "RMSE", "MAE", "bias", "class MAE", "class right", "within one"]


def held_out():
    data = read("held-out.json")
    rows = []
    for name, result in data["results"].items():
        if name.endswith(":severity"):
            rows.append([f"`{name.split(':')[0]}`, its classes", "", "", "", "", f"{result['class_mae']:.2f}", f"{100 * result['class_accuracy']:.0f} %", f"{100 * result['within_one_class']:.0f} %"])
        else:
            rows.append([f"`{name}`", *agreement(result)])
    text = table(["network", *COLUMNS], rows)
    return text + f"\n\n{data['phantoms']} phantoms, totals {data['mean']:.1f} ± {data['standard_deviation']:.1f} points."


def against():
    data = read("held-out.json")["ensemble_less_member"]
    return table(["ensemble less", "difference of RMSE, points", "95 % interval"], [[f"`{name}`", f"{d['rmse_difference']:+.2f}", f"{d['interval'][0]:+.2f} to {d['interval'][1]:+.2f}"] for name, d in data.items()])


def markers():
    data = read("markers.json")
    pairs = list(next(iter(data["changes"].values())))
    head = ["network"] + [f"{pair}: {what}" for pair in pairs for what in ("mean", "mean size", "largest")] + ["PCC with markers that follow", "PCC without markers"]
    cells = lambda c: [text for pair in pairs for text in (f"{c[pair]['mean']:+.2f}", f"{c[pair]['mean_absolute']:.2f}", f"{c[pair]['largest']:.2f}")]
    rows = [[f"`{name}`", *cells(c), *[f"{data['agreement'][name][kind]['pcc']:.3f}" for kind in ("following", "none")]] for name, c in data["changes"].items()]
    return table(head, rows) + f"\n\n{data['phantoms']} phantoms, seed {data['seed']}."


def schemes():
    data = read("schemes.json")
    rows = [[row["scheme"], f"{row['learning']}", *agreement(row)] for row in data["schemes"]]
    return table(["scheme", "weights that learn", *COLUMNS], rows) + f"\n\n{data['training_phantoms']} phantoms, {data['epochs']} epochs each; measured on {data['held_out']} held-out phantoms."


def sensitivities():
    data = read("sensitivities.json")
    names = list(next(iter(data["sites"].values()))["change"])
    rows = [[site, f"{s['points']:.0f}", *[f"{s['change'][name]:+.1f}" for name in names]] for site, s in data["sites"].items()]
    return table(["site", "true points", *[f"`{name}`" for name in names]], rows) + f"\n\nMean over {data['phantoms']} phantoms: {data['damage']}."


if __name__ == "__main__":
    with open(PAGE) as file:
        page = file.read()
    for name, make in dict(held_out=held_out, against=against, markers=markers, schemes=schemes, sensitivities=sensitivities).items():
        try:
            text = make()
        except FileNotFoundError as error:
            print(f"{name}: {os.path.basename(error.filename)} is not there yet")
            continue
        page = re.sub(rf"<!-- {name} -->.*?<!-- end -->", lambda _: f"<!-- {name} -->\n{text}\n<!-- end -->", page, flags=re.S)
    with open(PAGE, "w") as file:
        file.write(page)
