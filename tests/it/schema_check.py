#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds --json outputs against their schemas in docs/schema/.

usage: schema_check.py SCHEMA_DIR

Prints what is wrong with the schemas, one line each, and a line with a dot.
Then reads lines "NAME FILE" and prints what in FILE does not fit the schema
NAME, again closed by a dot. One process, since starting one takes half a
second.
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


def check_output(validator, text):
    try:
        value = json.loads(text, object_pairs_hook=no_twins)
    except ValueError as fault:
        return [f"no JSON: {fault}"]
    return [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:300]}"
            for fault in validator.iter_errors(value)]


def main():
    folder, validators = pathlib.Path(sys.argv[1]), {}
    print(*check_schemas(folder), ".", sep="\n", flush=True)
    for line in sys.stdin:
        name, path = line.split()
        if name not in validators:
            validators[name] = jsonschema.Draft202012Validator(
                whole_schema(folder, name))
        text = pathlib.Path(path).read_text()
        print(*check_output(validators[name], text), ".", sep="\n", flush=True)


if __name__ == "__main__":
    main()
