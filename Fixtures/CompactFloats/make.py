"""usage: python Fixtures/CompactFloats/make.py      writes formats.json: what ml_dtypes makes of every code of the formats of 8 bits and less, and of numbers between them

numbers: what each code stands for. probes: for neighbouring numbers their middle and its neighbours in float32, and the edges of the range. codes: what the probes become.
float8_e8m0fnu is rounded by the rule of the standard instead (ml_dtypes has one rounding only): from the logarithms, exactly.
"""
import json, os
import ml_dtypes, numpy as np

f4, f8 = np.float32, np.float64


def text(v):
    return "nan" if np.isnan(v) else ("inf" if v > 0 else "-inf") if np.isinf(v) else float(v)


formats = {}
for name, dtype, bits in (("float8e4m3fn", ml_dtypes.float8_e4m3fn, 8), ("float8e4m3fnuz", ml_dtypes.float8_e4m3fnuz, 8), ("float8e5m2", ml_dtypes.float8_e5m2, 8),
                          ("float8e5m2fnuz", ml_dtypes.float8_e5m2fnuz, 8), ("float4e2m1", ml_dtypes.float4_e2m1fn, 4), ("float8e8m0", ml_dtypes.float8_e8m0fnu, 8)):
    numbers = np.arange(1 << bits, dtype=np.uint8).view(dtype).astype(f8)
    entry = dict(numbers=[text(v) for v in numbers])
    if name != "float8e8m0":
        finite = np.unique(numbers[np.isfinite(numbers)])
        middles = ((finite[1:] + finite[:-1]) / 2).astype(f4)
        last = finite[-1] + (finite[-1] - finite[-2]) * np.array([0.25, 0.5, 0.75, 1, 1.5])
        probes = np.concatenate([middles, np.nextafter(middles, f4(np.inf)), np.nextafter(middles, f4(-np.inf)), last, -last, [1e30, -1e30, np.inf, -np.inf, -0.0]]).astype(f4)
        entry["probes"] = [text(v) for v in probes]
        entry["codes"] = [int(c) for c in probes.astype(dtype).view(np.uint8)]
    formats[name] = entry
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats.json"), "w") as file:
    file.write("{" + ",\n".join(f'"{n}":' + json.dumps(e, separators=(",", ":")) for n, e in formats.items()) + "}\n")
