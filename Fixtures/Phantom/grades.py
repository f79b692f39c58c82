"""Writes grades.json, the reference of the phantom's drawn grades: python grades.py

Follows the sentences of Docs/Phantom.md ("How the grades are drawn") and the definition of the random streams; shares no code with Carpus.
Python's floats are IEEE doubles and only +, -, * and comparisons are used, so that every grade must agree.
"""
import json
import pathlib

WORD = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15

# site: part of the hand, frequency of erosion, frequency of narrowing (None: not scored)
SITES = {
    "IP1": (0, 0.70, None), "PIP2": (0, 0.85, 0.75), "PIP3": (0, 1.10, 1.00), "PIP4": (0, 0.80, 0.75), "PIP5": (0, 0.75, 0.70),
    "MCP1": (1, 0.75, 0.60), "MCP2": (1, 1.35, 1.10), "MCP3": (1, 1.25, 1.10), "MCP4": (1, 0.80, 0.75), "MCP5": (1, 1.00, 0.75),
    "CMC1": (2, 0.60, None), "trapezium": (2, 0.70, None), "scaphoid": (2, 1.00, None), "lunate": (2, 0.95, None),
    "radius": (2, 0.90, None), "ulna": (2, 1.50, None), "CMC3": (2, None, 1.00), "CMC4": (2, None, 0.95), "CMC5": (2, None, 0.85),
    "STT": (2, None, 0.90), "SC": (2, None, 1.20), "SR": (2, None, 1.25),
}


def mixed(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & WORD
    z = (z ^ z >> 27) * 0x94D049BB133111EB & WORD
    return z ^ z >> 31


class Stream:
    def __init__(self, seed, index, name):
        self.state = mixed(seed + GOLDEN & WORD ^ index * 0xD1342543DE82EF95 & WORD)
        for byte in name.encode():
            self.state = mixed(self.state ^ byte * 0xFF51AFD7ED558CCD & WORD)

    def uniform(self):
        self.state = self.state + GOLDEN & WORD
        return (mixed(self.state) >> 11) * 2.0**-53

    def normal(self, mean, deviation):
        total = -6.0
        for _ in range(12):
            total += self.uniform()
        return mean + deviation * total


def grow(z):
    value = max(0.0, 1 + z / 16)
    for _ in range(4):
        value *= value
    return value


def grades(seed, patient):
    stream = Stream(seed, patient, "grades")
    spared = stream.uniform() < 0.16
    severity = stream.normal(-0.30, 0.70) - (2 if spared else 0)
    erosive = stream.normal(0, 0.30)
    leftward = stream.normal(0, 0.15)
    parts = [stream.normal(0, 0.35) for _ in range(3)]
    found = {}
    for site, (part, erosion, narrowing) in SITES.items():
        shared = severity + parts[part] + stream.normal(0, 0.45)
        for side in "LR":
            local = shared + stream.normal(0, 0.40) + (leftward if side == "L" else -leftward)
            for kind, frequency, highest, sign in (("erosion", erosion, 5, 1), ("narrowing", narrowing, 4, -1)):
                exponent = local + stream.normal(0, 0.35) + (erosive if sign > 0 else -erosive)
                if frequency is not None and (grade := int(min(highest, frequency * grow(exponent)))):
                    found[f"{side}:{site}.{kind}"] = grade
    return found


if __name__ == "__main__":
    cases = [{"seed": seed, "patient": patient, "grades": grades(seed, patient)} for seed in (1, 20240614) for patient in range(1, 13)]
    text = "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n"
    (pathlib.Path(__file__).parent / "grades.json").write_text(text)
