//! The clock and the source of randomness, passed down so that no room reads either by itself.

use crate::Moment;
use std::sync::Arc;

pub trait Clock: Send + Sync {
    fn now(&self) -> Moment;
}

pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// Clock and randomness for a room.
#[derive(Clone)]
pub struct Environment {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl Environment {
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// 256 random bits as hexadecimal digits: sessions, tokens, one-time links.
    pub fn secret(&self) -> String {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        crate::hex::hex(&bytes)
    }

    pub fn salt(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        bytes
    }

    /// A new id, ordered by time (RFC 9562, version 7).
    pub fn uuid_v7(&self) -> String {
        let millis = u64::try_from(self.now().micros() / 1000).unwrap_or_default();
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes)
            .into_uuid()
            .hyphenated()
            .to_string()
    }
}
