#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns the folder data/ into one C file: text files as they are, root
certificates as DER with their hashes (src/doc/embed.h).

usage: embed.py DATA_DIR OUTPUT.c DEPFILE
"""
import base64
import hashlib
import pathlib
import re
import sys

PEM = re.compile(
    rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.S)


def c_bytes(data):
    """The initialiser of a byte array, 20 numbers a line."""
    rows = [data[i:i + 20] for i in range(0, len(data), 20)]
    return ",\n".join("    " + ",".join(str(b) for b in row) for row in rows)


def texts(top):
    for path in sorted(top.rglob("*")):
        if path.suffix in (".tsv", ".yaml"):
            yield path.relative_to(top).as_posix(), path


def roots(top):
    found = []
    for path in sorted((top / "roots").glob("*.pem")):
        blocks = PEM.findall(path.read_bytes())
        if len(blocks) != 1:
            sys.exit(f"{path}: {len(blocks)} certificates, expected one")
        found.append((path, base64.b64decode(blocks[0])))
    return sorted(found, key=lambda root: hashlib.sha256(root[1]).digest())


def write_texts(top, out):
    names = []
    for number, (name, path) in enumerate(texts(top)):
        data = path.read_bytes()
        out.append(f"static const uint8_t text_{number}[] = {{\n"
                   f"{c_bytes(data + bytes(1))}\n}};")
        names.append((name, len(data)))
    rows = "\n".join(f'    {{ "{name}", {{ text_{i}, {size} }} }},'
                     for i, (name, size) in enumerate(names))
    out.append(f"const struct hf_embed hf_embedded_texts[] = {{\n{rows}\n}};\n"
               f"const size_t hf_embedded_text_count = {len(names)};")


def write_roots(top, out):
    rows = []
    for number, (path, der) in enumerate(roots(top)):
        out.append(f"static const uint8_t root_{number}[] = {{\n"
                   f"{c_bytes(der)}\n}};")
        sha256 = ",".join(str(b) for b in hashlib.sha256(der).digest())
        sha1 = ",".join(str(b) for b in hashlib.sha1(der).digest())
        rows.append(f'    {{ "{path.stem}", {{ {sha256} }}, {{ {sha1} }}, '
                    f"{{ root_{number}, {len(der)} }} }},")
    body = "\n".join(rows)
    out.append(f"const struct hf_embed_root hf_embedded_roots[] = {{\n{body}\n"
               f"}};\nconst size_t hf_embedded_root_count = {len(rows)};")


def main():
    top, output, depfile = (pathlib.Path(arg) for arg in sys.argv[1:4])
    out = ["/* Made by tools/embed.py from data/: do not edit. */",
           '#include "doc/embedded.h"']
    write_texts(top, out)
    write_roots(top, out)
    output.write_text("\n\n".join(out) + "\n")
    used = [path for path in sorted(top.rglob("*"))
            if path.is_dir() or path.suffix in (".tsv", ".yaml", ".pem")]
    depfile.write_text(f"{output.name}: " + " ".join(
        str(path).replace(" ", "\\ ") for path in used + [top]) + "\n")


if __name__ == "__main__":
    main()
