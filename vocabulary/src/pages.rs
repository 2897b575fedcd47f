//! How pages were read.

use crate::list::{Word, closed_list};

closed_list! {
    PageState ("state of a page", "页面状态") {
        Read = "read" ["已识别"] ["read"];
        Blank = "blank" ["空白"] ["blank"];
        /// The page could not be decoded or read; the document is filed all the same and says so.
        Failed = "failed" ["失败"] ["failed"];
    }
}

closed_list! {
    /// Why a page needs review.
    ReadingFlag ("reading of a page", "识别情况") {
        /// There is ink in which no text was found.
        InkWithoutText = "ink_without_text" ["未识别字迹", "未识别", "未识读墨迹", "未识读", "墨迹"] ["ink not read", "ink", "ink without text"];
        /// Handwriting that was not read.
        Handwriting = "handwriting" ["手写", "手写字"] ["handwriting"];
        /// Text that should not be trusted, somewhere on the page or all over it.
        LowConfidence = "low_confidence" ["存疑", "低置信", "低置信度", "识别不清"] ["doubtful text", "low confidence", "low"];
        /// The page could not be decoded or read.
        Failed = "failed" ["失败页", "失败", "读取失败"] ["failed page", "failed"];
    }
}

impl ReadingFlag {
    /// As the record and the full text keep it.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// What people write for every page that was not read well.
    pub const ANY: Word = Word {
        code: "any",
        chinese: &["待校对", "待看", "不完整", "有疑"],
        english: &["any", "incomplete"],
        also: &[],
    };
}
