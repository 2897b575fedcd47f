//! The sentences that versions before schema 6 have stored as details, and which code each of them is. They are read once,
//! when such an archive is migrated; nothing else may use this table, and nothing is ever added to it.

use vocabulary::{
    Reason,
    detail::{Arg, Detail, DetailCode},
};

/// English as it was stored, with `{}` for what varies, and the code; the most specific first.
const SENTENCES: &[(&str, &str)] = &[
    (
        "{}, line {} names customer `{}`, which the archive does not know; add the customer or choose one",
        "customer_unknown_in_manifest",
    ),
    (
        "no number says for certain whose it is, one customer may fit; confirm or choose another",
        "one_may_fit",
    ),
    (
        "the same scan is document {} of customer {}; decide whether it belongs to both",
        "same_scan_other_customer",
    ),
    (
        "the manifest names several customers for this document: {}; choose one",
        "several_customers_in_manifest",
    ),
    (
        "the content of the page is lost with the damaged part of the file",
        "content_lost",
    ),
    (
        "an image of the page could not be decoded from the damaged file",
        "image_not_decoded",
    ),
    (
        "an image of the page is lost with the damaged part of the file",
        "image_lost",
    ),
    (
        "location `{}` is not in the archive; add it or choose another",
        "location_unknown",
    ),
    (
        "nothing on the pages says whose it is; choose the customer",
        "nothing_says_whose",
    ),
    (
        "the content of the page is lost with the end of the file",
        "content_lost_with_end",
    ),
    (
        "nothing of the page could be saved from the damaged file",
        "nothing_saved",
    ),
    (
        "nobody has said whose it is; reading it may find out",
        "nobody_has_said",
    ),
    ("the image of the page is cut off in the damaged file", "image_cut_off"),
    ("the page is lost with the damaged part of the file", "page_lost"),
    ("the PDF is protected in a way that is not known", "pdf_protected"),
    ("more than {} files, the rest is for the next run", "files_max"),
    ("its size or time changed while it was copied", "changed_while_copied"),
    ("its content changed while it was looked at", "changed_while_looked_at"),
    ("the worker's answer was not understood: {}", "worker_not_understood"),
    ("the content is of no type that is read", "content_not_read"),
    ("a palette image with an odd directory", "palette_odd"),
    ("it changed while the disk was full", "changed_while_disk_full"),
    ("{} of {} tiles of fax data are missing", "fax_tiles_missing"),
    ("tiff samples of kind {} are not read", "tiff_samples_not_read"),
    ("the worker answered something else", "worker_out_of_turn"),
    ("{} of {} rows of fax data are missing", "fax_rows_missing"),
    ("the directory of the image is cut", "directory_cut"),
    ("the worker could not be started: {}", "worker_not_started"),
    ("the file begins with zeros only", "begins_with_zeros"),
    ("folders {} deep are not entered", "folders_too_deep"),
    ("the same bytes are document {}", "same_bytes_as_document"),
    ("left by an operating system", "left_by_operating_system"),
    ("{} pages before it failed too", "pages_before_failed"),
    ("the page has no usable size", "page_without_size"),
    ("the page could not be drawn", "page_not_drawn"),
    ("{} customers fit; choose one", "customers_fit"),
    ("the JPEG has no end marker", "jpeg_without_end"),
    ("more than {} bytes of memory", "memory_max"),
    ("named on the command line", "named_on_command_line"),
    ("the list of the delivery", "list_of_delivery"),
    ("{} is no type that is read", "type_not_read"),
    ("{} x {} pixels, {} are allowed", "pixels_allowed"),
    ("the PDF wants a password", "pdf_wants_password"),
    ("the scan took more than {}", "scan_took_longer"),
    ("{} of the same document: {}", "file_of_document"),
    ("an image without pixels", "image_without_pixels"),
    ("the same bytes are in {}", "same_bytes_as_file"),
    ("the fax data end early", "fax_ends_early"),
    ("the file has no bytes", "no_bytes"),
    ("no page can be read: {}", "no_page_readable"),
    ("{} bytes, {} are allowed", "bytes_allowed"),
    ("{} pages, {} are allowed", "pages_allowed"),
    ("the PDF has no pages", "pdf_without_pages"),
    ("the image lacks rows", "image_lacks_rows"),
    ("the page is damaged", "page_damaged"),
    ("not a regular file", "not_regular_file"),
    ("cannot be opened: {}", "cannot_be_opened"),
    ("the PDF has no end", "pdf_without_end"),
    ("the PDF is damaged", "pdf_damaged"),
    ("the worker ended: {}", "worker_ended"),
    ("encoding failed: {}", "encoding_failed"),
    ("no answer within {}", "no_answer_within"),
    ("more than {} bytes", "bytes_max"),
    ("more than {} pages", "pages_max"),
    ("page {} is damaged", "page_number_damaged"),
    ("changed {} ms ago", "changed_ago"),
    ("a symbolic link", "symbolic_link"),
    ("it has no pages", "no_pages"),
    ("no scan is open", "no_scan_open"),
    ("after {} pages: {}", "after_pages"),
    ("no bitmap came", "no_bitmap_came"),
    ("the folder `{}`", "named_by_folder"),
    ("no such page", "no_such_page"),
    ("no file came", "no_file_came"),
    ("{}, line {}: {}", "named_by_manifest"),
    ("page {} of {}", "page_of_pages"),
    ("a socket", "socket"),
    ("a device", "device"),
    ("a pipe", "pipe"),
];

/// What numbers were called inside the sentences, and which kind of fact that is.
const NOUNS: &[(&str, &str)] = &[
    ("customer code", "customer_code"),
    ("account number", "account_number"),
    ("contract number", "contract_number"),
    ("credit code", "credit_code"),
    ("ID number", "id_number"),
    ("phone", "phone"),
    ("name", "name"),
];

/// What was to be done about a reason, as it was stored behind a detail.
const STEPS: &[(Reason, &str)] = &[
    (Reason::Empty, "scan or copy the file again"),
    (
        Reason::UnsupportedType,
        "deliver it as PDF, TIFF, JPEG, PNG, BMP or WebP",
    ),
    (Reason::Encrypted, "save it without a password and deliver it again"),
    (Reason::Unreadable, "scan it again or ask for a new copy"),
    (Reason::Truncated, "copy it again, the end is missing"),
    (Reason::TooLarge, "split it or scan at a lower resolution"),
    (Reason::TooManyPages, "split it into smaller files"),
    (Reason::TimedOut, "print it to a new PDF or scan it again"),
    (
        Reason::OutOfMemory,
        "print it to a new PDF or scan at a lower resolution",
    ),
    (Reason::ChangedWhileReading, "wait until it is complete and run again"),
    (Reason::NotSettled, "wait until it is complete and run again"),
    (Reason::Symlink, "put the file itself into the folder"),
    (Reason::SpecialFile, "put regular files into the folder"),
    (
        Reason::PermissionDenied,
        "make it readable for the user who runs dossier",
    ),
    (Reason::PageFailed, "look at the page and scan it again if needed"),
];

/// The detail that a sentence was; text that no sentence fits is kept as it is.
pub(super) fn detail_of(text: &str) -> Detail {
    known(text).unwrap_or_else(|| DetailCode::TextOfFormerVersion.with(text))
}

fn known(text: &str) -> Option<Detail> {
    failed_page(text)
        .or_else(|| refused(text))
        .or_else(|| number(text))
        .or_else(|| sentence(text))
        .or_else(|| both(text))
}

/// `page 3: timed_out: no answer within 20s; try it alone (and 2 more pages)`
fn failed_page(text: &str) -> Option<Detail> {
    let (page, rest) = text.strip_prefix("page ")?.split_once(": ")?;
    let page: i64 = page.parse().ok()?;
    let more = rest
        .strip_suffix(" more pages)")
        .and_then(|rest| rest.rsplit_once(" (and "))
        .and_then(|(first, more)| Some((first, more.parse::<i64>().ok()?)));
    Some(match more {
        Some((first, more)) => DetailCode::PagesFailed.with(page).with(refused(first)?).with(more),
        None => DetailCode::PageFailed.with(page).with(refused(rest)?),
    })
}

/// `timed_out: no answer within 20s; print it to a new PDF or scan it again`
fn refused(text: &str) -> Option<Detail> {
    let (code, rest) = text.split_once(": ")?;
    let reason = Reason::from_code(code)?;
    let step = STEPS.iter().find(|(of, _)| *of == reason).map(|(_, step)| *step)?;
    let found = rest.strip_suffix(step)?.strip_suffix("; ")?;
    Some(Detail::refused(
        reason,
        known(found).unwrap_or_else(|| Detail::of_system(found)),
    ))
}

/// `account number 1002003, page 2` and what was said of numbers that lead to nobody.
fn number(text: &str) -> Option<Detail> {
    let (noun, kind) = NOUNS.iter().find(|(noun, _)| text.starts_with(noun))?;
    let rest = text.strip_prefix(noun)?.strip_prefix(' ')?;
    let nobody = " belongs to no customer of the archive; add the customer or choose one";
    let (code, (number, page)) = match rest.strip_suffix(nobody) {
        Some(rest) => (DetailCode::NumberOfNobody, rest.rsplit_once(" on page ")?),
        None => (DetailCode::NumberOnPage, rest.rsplit_once(", page ")?),
    };
    Some(code.with(*kind).with(number).with(page.parse::<i64>().ok()?))
}

fn sentence(text: &str) -> Option<Detail> {
    SENTENCES.iter().find_map(|(pattern, code)| {
        let values = fitted(pattern, text)?;
        let code = DetailCode::from_code(code)?;
        let args = values.into_iter().map(|value| arg(code, value)).collect();
        Some(Detail { code, args })
    })
}

/// Numbers are numbers again, and what was said inside a sentence is a detail of its own.
fn arg(code: DetailCode, value: &str) -> Arg {
    if let Ok(number) = value.parse::<i64>()
        && number.to_string() == value
    {
        return Arg::Number(number);
    }
    let holds_another = matches!(
        code,
        DetailCode::FileOfDocument | DetailCode::NoPageReadable | DetailCode::AfterPages
    );
    match known(value) {
        Some(detail) if holds_another => Arg::Detail(detail),
        _ => Arg::from(value),
    }
}

/// Two details, which were joined as clauses are.
fn both(text: &str) -> Option<Detail> {
    text.match_indices("; ").find_map(|(at, joint)| {
        let first = sentence(text.get(..at)?)?;
        let rest = known(text.get(at + joint.len()..)?)?;
        Some(first.and(Some(rest)))
    })
}

/// What stands in the places of a pattern, when the text is of that pattern.
fn fitted<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next().unwrap_or_default())?;
    let mut values = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = match (pieces.peek(), piece) {
            (None, "") => rest.len(),
            (None, last) => rest
                .len()
                .checked_sub(last.len())
                .filter(|at| rest.get(*at..) == Some(last))?,
            (Some(_), piece) => rest.find(piece)?,
        };
        let value = rest.get(..end).filter(|value| !value.is_empty())?;
        values.push(value);
        rest = rest.get(end + piece.len()..)?;
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Language;

    #[test]
    fn sentences_of_former_versions_become_codes() {
        let check = |text: &str, stored: &str| assert_eq!(detail_of(text).stored(), stored);
        check("2 customers fit; choose one", r#"{"c":"customers_fit","a":[2]}"#);
        check(
            "manifest.csv, line 14 names customer `KH-0999`, which the archive does not know; add the customer or choose one",
            r#"{"c":"customer_unknown_in_manifest","a":["manifest.csv",14,"KH-0999"]}"#,
        );
        check(
            "manifest.csv, line 7: KH-0001",
            r#"{"c":"named_by_manifest","a":["manifest.csv",7,"KH-0001"]}"#,
        );
        check(
            "account number 1002003 on page 2 belongs to no customer of the archive; add the customer or choose one",
            r#"{"c":"number_of_nobody","a":["account_number","1002003",2]}"#,
        );
        check(
            "ID number 11010119, page 3",
            r#"{"c":"number_on_page","a":["id_number","11010119",3]}"#,
        );
        check(
            "2 customers fit; choose one; location `K9-09` is not in the archive; add it or choose another",
            r#"{"c":"both","a":[{"c":"customers_fit","a":[2]},{"c":"location_unknown","a":["K9-09"]}]}"#,
        );
        check(
            "page 3: timed_out: no answer within 20s; print it to a new PDF or scan it again (and 2 more pages)",
            r#"{"c":"pages_failed","a":[3,{"c":"refused","a":["timed_out",{"c":"no_answer_within","a":["20s"]}]},2]}"#,
        );
        check(
            "unreadable: invalid jpeg: bad marker; scan it again or ask for a new copy",
            r#"{"c":"refused","a":["unreadable",{"c":"system_says","a":["invalid jpeg: bad marker"]}]}"#,
        );
        check(
            "unreadable: 2.jpg of the same document: no end-of-image marker; scan it again or ask for a new copy",
            r#"{"c":"refused","a":["unreadable",{"c":"file_of_document","a":["2.jpg","no end-of-image marker"]}]}"#,
        );
        let refused = "encrypted: the PDF wants a password; save it without a password and deliver it again";
        assert_eq!(detail_of(refused).text(Language::English), refused);
        check("王伟", r#"{"c":"text_of_former_version","a":["王伟"]}"#);
    }

    #[test]
    fn every_sentence_is_found_again() {
        for (pattern, code) in SENTENCES {
            let text = pattern.replace("{}", "x7");
            let detail = detail_of(&text);
            assert_eq!(detail.code.as_str(), *code, "{text}");
            // Today's sentence may say more: what to do.
            let today = detail.text(Language::English);
            assert!(today.starts_with(&text), "{text}: {today}");
        }
    }
}
