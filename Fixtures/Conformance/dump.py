#!/usr/bin/env python3
"""Writes the backend test suite of the Python package onnx as files.

usage: dump.py FOLDER         each case becomes FOLDER/KIND/CASE with model.onnx, test_data_set_N/{input,output}_I.pb and, where the suite
                              sets its own tolerance, data.json

Needs onnx 1.23.2. Cases of single nodes exist only in the package's memory; the others lie in its folder and are copied.
"""
import json
import pathlib
import shutil
import sys

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.loader import load_model_tests


def message(value, value_type):
    """The protocol buffer of a value of a declared type."""
    kind = value_type.WhichOneof("value")
    if kind == "optional_type":
        return numpy_helper.from_optional(value)
    if kind == "sequence_type":
        return numpy_helper.from_list(value)
    if isinstance(value, onnx.TensorProto):
        return value
    return numpy_helper.from_array(np.asarray(value))


def write(folder, model, data_sets):
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    constants = {tensor.name for tensor in model.graph.initializer}
    infos = {"input": [info for info in model.graph.input if info.name not in constants], "output": list(model.graph.output)}
    for number, data_set in enumerate(data_sets):
        target = folder / f"test_data_set_{number}"
        target.mkdir()
        for prefix, values in zip(("input", "output"), data_set):
            for index, (info, value) in enumerate(zip(infos[prefix], values)):
                (target / f"{prefix}_{index}.pb").write_bytes(message(value, info.type).SerializeToString())


def main(root):
    count = 0
    for kind in ("node", "simple", "pytorch-converted", "pytorch-operator", "real"):
        for case in sorted(load_model_tests(kind=kind), key=lambda case: case.name):
            folder = root / kind / case.name
            if case.model is not None:
                write(folder, case.model, case.data_sets)
            elif kind == "real":
                # Light models: the input is a ramp, the outputs lie beside the model.
                path = pathlib.Path(onnx.__file__).parent.parent / case.url
                model = onnx.load(path)
                constants = {tensor.name for tensor in model.graph.initializer}
                inputs = []
                for info in model.graph.input:
                    if info.name not in constants:
                        shape = [dimension.dim_value or 1 for dimension in info.type.tensor_type.shape.dim]
                        size = int(np.prod(shape))
                        inputs.append((np.arange(size).reshape(shape) / size).astype(np.float32))
                outputs = [onnx.load_tensor(path.with_name(f"{path.stem}_output_{i}.pb")) for i in range(len(model.graph.output))]
                write(folder, model, [(inputs, outputs)])
                (folder / "data.json").write_text(json.dumps({"rtol": case.rtol, "atol": case.atol}) + "\n")
            else:
                shutil.copytree(case.model_dir, folder)
            count += 1
    print(f"{count} cases")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
