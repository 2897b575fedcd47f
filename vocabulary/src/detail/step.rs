//! What a person can do about a file or page that was not taken.

use super::DetailCode;
use crate::{Language, Reason};

impl DetailCode {
    /// Whether the sentence of a refusal says itself what a person can do.
    pub(super) fn says_what_to_do(self) -> bool {
        matches!(
            self,
            DetailCode::PhotoNotRead
                | DetailCode::PictureNotRead
                | DetailCode::DocumentNotRead
                | DetailCode::PackedNotRead
                | DetailCode::MailNotRead
                | DetailCode::TiffKindNotRead
                | DetailCode::TiffSamplesNotRead
                | DetailCode::MachineBusy
                | DetailCode::OpenVinoNotLoaded
                | DetailCode::OnnxRuntimeNotLoaded
                | DetailCode::ModelNotLoaded
                | DetailCode::NetworkFailed
                | DetailCode::PixelsNotHad
                | DetailCode::NoSecondNetwork
                | DetailCode::OfdDamaged
                | DetailCode::OfdLacks
                | DetailCode::OfdWithoutPages
                | DetailCode::OfdFileDamaged
                | DetailCode::OfdEncrypted
                | DetailCode::OfdFileTooLarge
                | DetailCode::OfdTooManyFiles
                | DetailCode::OfdPageTooLarge
        )
    }
}

/// A clause without a full stop; empty where what is to be decided says it all.
pub fn next_step(reason: Reason, language: Language) -> &'static str {
    let (chinese, english) = match reason {
        Reason::Empty => ("重新扫描或复制", "scan or copy the file again"),
        Reason::UnsupportedType => (
            "转成 PDF、OFD、TIFF、JPEG、PNG、BMP、WebP 或 GIF 再放进来",
            "deliver it as PDF, OFD, TIFF, JPEG, PNG, BMP, WebP or GIF",
        ),
        Reason::Encrypted => ("去掉密码后再放进来", "save it without a password and deliver it again"),
        Reason::Unreadable => ("重新扫描或换一份", "scan it again or ask for a new copy"),
        Reason::Truncated => ("重新复制，结尾缺失", "copy it again, the end is missing"),
        Reason::TooLarge => ("拆开，或降低分辨率扫描", "split it or scan at a lower resolution"),
        Reason::TooManyPages => ("拆成小一些的文件", "split it into smaller files"),
        Reason::TimedOut => ("单独再试一次", "print it to a new PDF or scan it again"),
        Reason::OutOfMemory => (
            "降低分辨率重新扫描",
            "print it to a new PDF or scan at a lower resolution",
        ),
        Reason::ChangedWhileReading | Reason::NotSettled => ("写完后再试", "wait until it is complete and run again"),
        Reason::Symlink => ("放文件本身", "put the file itself into the folder"),
        Reason::SpecialFile => ("只放普通文件", "put regular files into the folder"),
        Reason::PermissionDenied => (
            "让运行 dossier 的用户能读取它",
            "make it readable for the user who runs dossier",
        ),
        Reason::PageFailed => (
            "看一看这一页，需要时重新扫描",
            "look at the page and scan it again if needed",
        ),
        Reason::OnlyCoverSheets => (
            "和它后面的资料一起扫描成一个文件",
            "scan it into one file with the papers behind it",
        ),
        Reason::PagesElsewhere
        | Reason::CustomerUnknown
        | Reason::CustomerAmbiguous
        | Reason::CustomerMissing
        | Reason::LocationUnknown
        | Reason::LocationRetired
        | Reason::CoverSheet
        | Reason::SameScanOtherCustomer
        | Reason::AnnouncedOtherwise => ("", ""),
    };
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}
