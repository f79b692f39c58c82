"""Times `carpus bench` and other engines on the same networks, in turns, and prints a table in Markdown.

    python Benchmarks/compare.py [NAME …] [--carpus FILE] [--threads N] [--rounds N] [--runs N]

In each round every engine times each network once, in a process of its own; the next round begins with another engine. The best time of an
engine says what it can do, the median over the rounds what it did on this machine. Peers are those that Python can import.
"""

import argparse
import importlib.util
import json
import math
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def onnxruntime_session(path, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    first = session.get_inputs()[0]
    return first.shape, lambda image: session.run(None, {first.name: image})


def openvino_session(path, threads):
    import openvino

    settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(path, "CPU", settings)
    request = compiled.create_infer_request()
    return list(compiled.input(0).shape), lambda image: request.infer([image])


PEERS = {"onnxruntime": onnxruntime_session, "openvino": openvino_session}


def time_peer(peer, path, threads, runs):
    """Milliseconds of each run, after a fifth of a second of warming up, as `carpus bench` does."""
    import numpy

    shape, run = PEERS[peer](path, threads)
    image = numpy.random.default_rng(0).standard_normal(shape, dtype=numpy.float32)
    begin = time.perf_counter()
    while time.perf_counter() - begin < 0.2:
        run(image)
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        run(image)
        times.append(1e3 * (time.perf_counter() - begin))
    return {"milliseconds": {"min": min(times), "median": statistics.median(times)}}


def measure(engine, path, options):
    if engine == "carpus":
        command = [options.carpus, "bench", str(path), "--threads", str(options.threads), "--runs", str(options.runs), "--json"]
    else:
        command = [sys.executable, __file__, path.stem, "--peer", engine, "--threads", str(options.threads), "--runs", str(options.runs)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{engine} failed on {path.name}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)["milliseconds"]


def geometric_mean(numbers):
    return math.exp(statistics.fmean(map(math.log, numbers)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="networks; all in Benchmarks/networks without any")
    parser.add_argument("--carpus", default=str(HERE.parent / ".build/release/carpus"), help="the program")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each engine")
    parser.add_argument("--runs", type=int, default=10, help="timed runs in a turn")
    parser.add_argument("--peer", choices=list(PEERS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = options.names or sorted(path.stem for path in (HERE / "networks").glob("*.onnx"))
    paths = [HERE / "networks" / f"{name}.onnx" for name in names]
    missing = [path.stem for path in paths if not path.exists()]
    if missing or not names:
        sys.exit(f"no {' '.join(missing) or 'networks'} in {HERE / 'networks'}: python {HERE / 'export.py'} {' '.join(missing)}")
    if options.peer:
        return print(json.dumps(time_peer(options.peer, str(paths[0]), options.threads, options.runs)))

    engines = ["carpus", *(peer for peer in PEERS if importlib.util.find_spec(peer))]
    times = {(name, engine): [] for name in names for engine in engines}
    for turn in range(options.rounds):
        for path in paths:
            for place in range(len(engines)):
                engine = engines[(turn + place) % len(engines)]
                times[path.stem, engine].append(measure(engine, path, options))
                print(f"round {turn + 1} of {options.rounds}: {path.stem} {engine}", file=sys.stderr)

    print(f"Milliseconds, best (median of {options.rounds} rounds); {options.threads} thread{'s' * (options.threads > 1)}.\n")
    print(f"| network | {' | '.join(engines)} | Carpus / fastest peer, best | median |")
    print("|---" * (len(engines) + 3) + "|")
    ratios = {"min": [], "median": []}
    for name in names:
        best = {engine: min(turn["min"] for turn in times[name, engine]) for engine in engines}
        middle = {engine: statistics.median(turn["median"] for turn in times[name, engine]) for engine in engines}
        cells = [name, *(f"{best[engine]:.1f} ({middle[engine]:.1f})" for engine in engines)]
        for kind, figures in (("min", best), ("median", middle)):
            peers = [figures[engine] for engine in engines[1:]]
            if peers:
                ratios[kind].append(figures["carpus"] / min(peers))
            cells.append(f"{ratios[kind][-1]:.2f}" if peers else "")
        print(f"| {' | '.join(cells)} |")
    if ratios["min"]:
        print(f"\nGeometric mean of the ratios: {geometric_mean(ratios['min']):.2f} (best), {geometric_mean(ratios['median']):.2f} (median).")


if __name__ == "__main__":
    main()
