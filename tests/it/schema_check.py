#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds one --json output against its schema in docs/schema/.

usage: schema_check.py SCHEMA_DIR NAME < output
       schema_check.py SCHEMA_DIR --self      (are the schemas schemas?)

Prints what does not fit, one line each; the exit status says whether it fits.
"""
import json
import pathlib
import sys

import jsonschema


def no_twins(pairs):
    """A JSON object; a member given twice is a fault of the writer."""
    keys = [key for key, _ in pairs]
    twins = {key for key in keys if keys.count(key) > 1}
    if twins:
        raise ValueError(f"members given twice: {sorted(twins)}")
    return dict(pairs)


def check_schemas(folder):
    faults = []
    for path in sorted(folder.glob("*.schema.json")):
        schema = json.loads(path.read_text())
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as fault:
            faults.append(f"{path.name}: {fault.message}")
    return faults


def moved(schema, prefix):
    """The schema with its references into "#" and the common file moved."""
    if isinstance(schema, list):
        return [moved(item, prefix) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: moved(item, prefix) for key, item in schema.items()}
    if isinstance(schema.get("$ref"), str):
        file, _, at = schema["$ref"].partition("#")
        out["$ref"] = ("#/$defs/common" if file else prefix) + at
    return out


def whole_schema(folder, name):
    """One schema without references to another file: how those are followed
    differs from version to version of the library."""
    schema = json.loads((folder / f"{name}.schema.json").read_text())
    common = json.loads((folder / "common.schema.json").read_text())
    schema = moved(schema, "#")
    schema.setdefault("$defs", {})["common"] = {
        "$defs": moved(common["$defs"], "#/$defs/common")}
    return schema


def check_output(folder, name, text):
    try:
        value = json.loads(text, object_pairs_hook=no_twins)
    except ValueError as fault:
        return [f"no JSON: {fault}"]
    validator = jsonschema.Draft202012Validator(whole_schema(folder, name))
    return [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:300]}"
            for fault in validator.iter_errors(value)]


def main():
    folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    faults = (check_schemas(folder) if name == "--self" else
              check_output(folder, name, sys.stdin.read()))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
