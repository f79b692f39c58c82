"""usage: python Fixtures/check_export.py CARPUS MODEL.onnx …          or          python Fixtures/check_export.py CARPUS --suite SUITE TARGET [REGEX]

What other software makes of the files that `CARPUS export` writes. CARPUS is the command.

Models: each is written as it is, with --fold, and with the gradient of its first output with respect to its first input. Every file has to pass
onnx.checker (full_check) and is run by onnxruntime: printed are the largest differences, divided by the largest number, of the outputs from those of the
model itself, and of the gradient from `input_gradient.npy` beside the model, if there is one (∂ of the sum over the batch of output[:, 0]; then the input
is `input.npy`), else from what `CARPUS gradient` computes.

Suite: every case is written again into TARGET, with its data beside it, for `CARPUS conformance TARGET`. Printed are the numbers of cases that were written
and that pass onnx.checker, and those that do not although the case itself does.
"""
import os, re, shutil, subprocess, sys, tempfile
import numpy as np, onnx, onnxruntime

CARPUS = sys.argv[1]
onnxruntime.set_default_logger_severity(3)


def carpus(*arguments):
    done = subprocess.run([CARPUS, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"exit code {done.returncode}: {done.stderr.strip()}")


def run(path, feed, optimized=True):
    options = onnxruntime.SessionOptions()
    if not optimized:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, feed)))


def difference(a, b):
    return float(np.abs(a.astype(np.float64) - b).max() / max(np.abs(b).max(), 1e-30)) if a.shape == b.shape else f"{a.shape} instead of {b.shape}"


def example(model, folder):
    """Numbers for each input."""
    feed = {}
    initializers = {tensor.name for tensor in model.graph.initializer}
    for value in model.graph.input:
        if value.name in initializers:
            continue
        if not feed and os.path.exists(folder + "/input.npy"):
            feed[value.name] = np.load(folder + "/input.npy")
            continue
        kind = value.type.tensor_type
        shape = [dimension.dim_value or 1 for dimension in kind.shape.dim]
        feed[value.name] = np.random.default_rng(1).normal(size=shape).astype(onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type))
    return feed


def check(path, scratch):
    model, folder = onnx.load(path, load_external_data=False), os.path.dirname(path)
    feed, score = example(model, folder), model.graph.output[0].name
    name = next(iter(feed))
    expected = run(path, feed)
    shapes = sum((["--shape", f"{key}={'x'.join(map(str, value.shape))}"] for key, value in feed.items()), [])
    for label, options in [
        ("plain", []), ("fold", ["--fold"]),
        ("gradient", [*shapes, "--gradient-of", f"{score}:0", "--with-respect-to", name]),
    ]:
        written = f"{scratch}/{label}.onnx"
        try:
            carpus("export", path, "--output", written, "--quiet", *options)
            onnx.checker.check_model(written, full_check=True)
            actual = run(written, feed)
            line = "outputs " + ", ".join(str(difference(actual[key], value)) for key, value in expected.items())
            if label == "gradient":
                reference = folder + "/input_gradient.npy"
                if not os.path.exists(reference):
                    np.save(scratch + "/in.npy", feed[name])
                    carpus("gradient", path, "--input", f"{name}={scratch}/in.npy", "--of", f"{score}:0", "--with-respect-to", name, "--output-dir", scratch)
                    reference = f"{scratch}/gradient.{re.sub('[^A-Za-z0-9._-]', '_', name)}.npy"
                line += f", gradient {difference(actual['gradient.' + name], np.load(reference))}"
            print(path, label, os.path.getsize(written), "bytes", line, flush=True)
        except Exception as error:
            print(path, label, "FAILED", str(error)[:600], flush=True)
        finally:
            if os.path.exists(written):
                os.remove(written)


def suite(source, target, pattern):
    written = checked = total = 0
    for folder, _, files in sorted(os.walk(source)):
        name = os.path.relpath(folder, source)
        if "model.onnx" not in files or not re.search(pattern, name):
            continue
        total += 1
        place = os.path.join(target, name)
        shutil.copytree(folder, place, dirs_exist_ok=True)
        os.remove(place + "/model.onnx")
        try:
            carpus("export", folder + "/model.onnx", "--output", place + "/model.onnx", "--quiet")
        except RuntimeError as error:
            print(name, "not written:", str(error)[:300], flush=True)
            continue
        written += 1
        try:
            onnx.checker.check_model(place + "/model.onnx", full_check=True)
            checked += 1
        except Exception as error:
            try:
                onnx.checker.check_model(folder + "/model.onnx", full_check=True)
                print(name, "not accepted:", str(error).strip()[:400].replace("\n", " "), flush=True)
            except Exception:
                print(name, "not accepted, like the case itself", flush=True)
    print(f"written {written} of {total}, accepted {checked}")


if sys.argv[2] == "--suite":
    suite(sys.argv[3], sys.argv[4], sys.argv[5] if len(sys.argv) > 5 else "")
else:
    for path in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as scratch:
            check(path, scratch)
