//! Any bytes as a query: read within the limits or refused with a message, and what was read means
//! the same when it is written and read again. The kept inputs also run in `tests/find`.

#![no_main]

use index::QueryLimits;
use index::grammar::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let limits = QueryLimits::default();
    match parse(&text, &limits) {
        Ok(query) => {
            for chip in query.chips() {
                let _ = parse(&chip.without, &limits);
            }
            let written = query.write();
            // Closing an open quotation may add a character at the very limit.
            if written.chars().count() <= limits.characters_max {
                let again = parse(&written, &limits).expect("what was read can be read again");
                assert_eq!(again.clauses, query.clauses);
            }
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            if let Some((at, length)) = error.place() {
                assert!(at + length <= text.chars().count());
            }
        }
    }
});
