//! Identifiers used outside the database: UUIDv7 for every record, SHA-256 for a scan.

use crate::{Result, Unusable, environment::Environment, hex::hex};
use std::fmt;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// A new one, ordered by time (RFC 9562, version 7).
            pub fn new(environment: &Environment) -> Self { Self(environment.uuid_v7()) }

            pub fn parse(text: &str) -> Result<Self> {
                uuid::Uuid::try_parse(text)
                    .map(|id| Self(id.hyphenated().to_string()))
                    .map_err(|_| {
                        let reason = $crate::both!(
                            "an id looks like 0190b8c4-7f2e-7000-8000-0123456789ab",
                            "标识的样子是 0190b8c4-7f2e-7000-8000-0123456789ab"
                        );
                        Unusable::new($what, text, reason)
                    })
            }

            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )* };
}

id! {
    CustomerId = "customer id";
    PartyId = "party id";
    DossierId = "dossier id";
    VolumeId = "volume id";
    DocumentId = "document id";
    ScanId = "scan id";
    LocationId = "location id";
    ContainerId = "container id";
    OriginalId = "original id";
    PlacingId = "placing id";
    BatchId = "batch id";
    UserId = "user id";
    TokenId = "token id";
    JobId = "job id";
    ProposalId = "proposal id";
    GrantId = "grant id";
    SecondActId = "second act id";
    LoanId = "loan id";
    IncidentId = "incident id";
    SavedSearchId = "saved search id";
    RereadId = "re-reading id";
    ImportId = "import id";
    UploadId = "upload id";
    StocktakeId = "stocktake id";
    KeepingCheckId = "check id";
    RepairId = "repair id";
}

/// SHA-256 of a scan file (FIPS 180-4); its name in the vault.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    pub fn parse(hex: &str) -> Result<Self> {
        let wrong = || {
            Unusable::new(
                "fingerprint",
                hex,
                crate::both!("a SHA-256 is 64 hexadecimal digits", "SHA-256 是 64 位十六进制数字"),
            )
        };
        if hex.len() != 64 || !hex.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }

    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Of bytes that come in parts.
    pub fn of_parts(parts: impl Iterator<Item = Vec<u8>>) -> Self {
        use sha2::Digest;
        let mut digest = sha2::Sha256::new();
        parts.for_each(|part| digest.update(part));
        Self(digest.finalize().into())
    }

    pub fn hex(&self) -> String {
        hex(&self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", self.hex())
    }
}
