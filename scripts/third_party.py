"""Says whose code is in the library: the texts of the licenses, and an SBOM (CycloneDX 1.6, JSON).

    third_party.py [--pg MAJOR] [--licenses FILE] [--sbom FILE]

package.sh puts both files into the package; they are not in the repository, since every update of a dependency would
change them and Cargo.lock says what they are made from. Without a file: only checks that they can be made. Two runs on
one commit write the same bytes.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import time
import uuid

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = "pgmeta"
# In folders too: crates hold the C sources of zstd, mimalloc and BoringSSL. COPYING of zstd is the GPL, which its
# LICENSE leaves a choice about.
NAMES = re.compile(r"(LICEN[CS]E|NOTICE|COPYRIGHT|UNLICENSE)", re.IGNORECASE)
NOT_TEXTS = re.compile(r"\.(rs|toml|json|html|svg|py)$")
NOT_IN_LIBRARY = {"tests", "test", "benches", "examples", "fuzz", "doc", "docs", "target", "contrib", "programs"}


def cargo(*arguments):
    """What a command of cargo prints."""
    return subprocess.run(["cargo", *arguments, "--locked"], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True).stdout


def dependencies(major):
    """The crates that the library is built from, as cargo metadata describes them, by name and version: neither what its
    tests need nor what only builds it; and the names and versions that each depends on."""
    target = f"{platform.machine()}-unknown-linux-gnu"
    features = ["--no-default-features", "--features", f"pg{major}"]
    tree = cargo("tree", "-p", PACKAGE, "--target", target, *features, "-e", "normal,no-proc-macro", "--prefix", "none")
    used = set()
    for line in tree.splitlines():
        if line:
            name, version = line.split()[:2]
            used.add((name, version.removeprefix("v")))
    metadata = json.loads(cargo("metadata", "--format-version", "1", "--filter-platform", target, *features))
    by_id = {package["id"]: (package["name"], package["version"]) for package in metadata["packages"]}
    packages = {key: package for package in metadata["packages"] if (key := by_id[package["id"]]) in used}
    if missing := used - packages.keys():
        sys.exit(f"third_party.py: cargo metadata does not know {sorted(missing)}")
    edges = {
        by_id[node["id"]]: sorted({
            by_id[dep["pkg"]]
            for dep in node["deps"]
            if by_id[dep["pkg"]] in used and any(kind["kind"] is None for kind in dep["dep_kinds"])
        })
        for node in metadata["resolve"]["nodes"]
        if by_id[node["id"]] in used
    }
    return packages, edges


def expression(package):
    """The license as an SPDX expression: cargo once took a slash for OR."""
    return re.sub(r"\s*/\s*", " OR ", package["license"] or "")


def texts(package):
    """The files of a crate that say under which license it and the sources in it are: path and text of each."""
    folder = pathlib.Path(package["manifest_path"]).parent
    found = []
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_IN_LIBRARY and not name.startswith("."))
        for name in sorted(files):
            if NAMES.match(name) and not NOT_TEXTS.search(name):
                file = pathlib.Path(path) / name
                found.append((str(file.relative_to(folder)), file.read_text("utf-8", "replace")))
    return found


def write_licenses(packages, file):
    """Lists the crates, then every text once with the files that are the same."""
    crates, by_text, without = [], {}, []
    for (name, version), package in sorted(packages.items()):
        if not package["source"]:
            continue
        crates.append(f"{name} {version}: {expression(package) or 'see its text'}")
        found = texts(package)
        if not found:
            without.append(f"{name} {version}: {', '.join(package['authors']) or package['repository'] or 'no author is named'}")
        for path, text in found:
            normal = "\n".join(line.rstrip() for line in text.strip().splitlines())
            by_text.setdefault(normal, []).append(f"{name} {version}: {path}")
    rule = "=" * 80
    parts = ["The library pgmeta.so holds code of these crates, under their own licenses, and of Rust's standard library\n"
             "(MIT OR Apache-2.0, the Rust Project's contributors):\n", *crates]
    if without:
        parts += ["", "These crates hold no text of their license, which is one of those below. Their authors:", "", *without]
    for text, files in sorted(by_text.items(), key=lambda item: item[1]):
        parts += ["", rule, *files, rule, "", text]
    if file:
        pathlib.Path(file).write_text("\n".join(parts) + "\n")


def write_sbom(packages, edges, file):
    """CycloneDX: the library, and each crate with its license and its SHA-256 in the registry."""
    lock = (REPOSITORY / "Cargo.lock").read_text()
    checksums = {
        (name, version): checksum
        for name, version, checksum in re.findall(
            r'^name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"$', lock, re.MULTILINE)
    }

    def reference(key):
        return f"pkg:cargo/{key[0]}@{key[1].replace('+', '%2B')}"

    def component(key):
        package = packages[key]
        own = {"type": "library", "bom-ref": reference(key), "name": key[0], "version": key[1], "purl": reference(key)}
        if package["license"]:
            own["licenses"] = [{"expression": expression(package)}]
        if key in checksums:
            own["hashes"] = [{"alg": "SHA-256", "content": checksums[key]}]
        if package["repository"]:
            own["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
        return own

    root = next(key for key in packages if key[0] == PACKAGE)
    when = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())))
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", when), "component": component(root)},
        "components": [component(key) for key in sorted(packages) if key != root],
        "dependencies": [
            {"ref": reference(key), "dependsOn": [reference(other) for other in edges[key]]} for key in sorted(packages)
        ],
    }
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))}"
    if file:
        pathlib.Path(file).write_text(json.dumps(document, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pg", default="15")
    parser.add_argument("--licenses")
    parser.add_argument("--sbom")
    arguments = parser.parse_args()
    packages, edges = dependencies(arguments.pg)
    write_licenses(packages, arguments.licenses)
    write_sbom(packages, edges, arguments.sbom)


main()
