//! Headings of the report of a batch in the language of the reader.

use crate::text::Text;
use print::BatchWords;
use records::batches::BatchState;

pub fn state_of(t: Text, state: BatchState) -> String {
    t.word("batch-state", state.as_str())
}

pub fn of_report(t: Text) -> BatchWords {
    BatchWords {
        title: t.say("batch-report"),
        batch: t.say("batch"),
        found: t.say("batch-found"),
        missing: t.say("batch-missing"),
        path: t.say("file"),
        outcome: t.say("outcome"),
        reason: t.say("reason"),
        detail: t.say("batch-detail"),
        customer_code: t.say("customer-code"),
        location_code: t.say("place"),
        kind: t.say("kind"),
        pages: t.say("pages"),
        documents: t.say("fact-id"),
        sha256: "SHA-256".to_owned(),
        bytes: t.say("batch-bytes"),
    }
}
