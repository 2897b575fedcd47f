//! A record to follow, with a clock that stands still.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use records::batches::{BatchLine, Deposit, KnownScan, NewBatch, NewScan, Outcome, RawPath};
use records::customers::CUSTOMER_COLUMNS;
use records::documents::{CopyState, Link, LinkBasis, NewDocument, NewOriginal};
use records::identity::{AccessLimits, UserDraft};
use records::pages::{Area, CharBox, NewPage, NewTextLayer, PageState, TextLayer, TextLine};
use records::store::{Database, Doors, StoreConfig};
use records::tables::{OnBadLine, TableLimits};
use records::{Archive, Asker, Clock, Environment, Gate, Moment, PartialDate, Random, Roles, SecurityLevel, System};

pub struct Page(pub &'static str);

struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Moment {
        Moment::from_micros(1_772_323_200_000_000)
    }
}

/// Different numbers at every call and in every archive of this program.
struct Numbers;

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Random for Numbers {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let number = NEXT.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            chunk.copy_from_slice(&number.to_be_bytes()[..chunk.len()]);
        }
    }
}

pub struct TestArchive {
    pub archive: Archive,
    pub system: System,
    gate: Gate,
    folder: tempfile::TempDir,
    files: AtomicU64,
}

impl TestArchive {
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            clock: Arc::new(StandingClock),
            random: Arc::new(Numbers),
        };
        let config = StoreConfig {
            database: Database::Sqlite(folder.path().join("records.sqlite")),
            vault: folder.path().join("vault"),
            staging: folder.path().join("staging"),
            readers: 3,
            access_limits: AccessLimits::default(),
        };
        let Doors { archive, system, gate } = config.open(environment).await.unwrap();
        TestArchive {
            archive,
            system,
            gate,
            folder,
            files: AtomicU64::new(0),
        }
    }

    pub async fn close(&self) {
        self.system.close().await;
    }

    pub fn index_folder(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    pub fn owner(&self) -> Asker {
        self.gate.operating_system_user("owner")
    }

    /// A viewer of no department.
    pub async fn person(&self, name: &str, clearance: SecurityLevel) -> Asker {
        let draft = UserDraft {
            name: name.to_owned(),
            display_name: String::new(),
            roles: Roles::parse("viewer").unwrap(),
            clearance,
            department: String::new(),
            site: String::new(),
        };
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";
        self.archive.user_add(&self.owner(), &draft).await.unwrap();
        self.archive.password_set(&self.owner(), name, hash).await.unwrap();
        let stored = self.gate.password_of(name).await.unwrap().unwrap();
        self.gate.open_session(&stored).await.unwrap().session.asker
    }

    pub async fn customers(&self, table: &str) {
        let table = records::tables::read(table.as_bytes(), CUSTOMER_COLUMNS, &TableLimits::default()).unwrap();
        let report = self
            .archive
            .customers_import(&self.owner(), &table, OnBadLine::RefuseTable)
            .await
            .unwrap();
        assert!(report.problems.is_empty(), "{:?}", report.problems);
    }

    pub async fn file(&self, customer: &str, title: &str, security_level: SecurityLevel, pages: &[Page]) {
        let number = self.files.fetch_add(1, Ordering::SeqCst);
        let path = RawPath(format!("/scans/{number}.pdf").into_bytes());
        let batch = self
            .system
            .batch_begin(&NewBatch {
                name: "test".to_owned(),
                roots: vec![path.clone()],
                actor: "test".to_owned(),
                announced: None,
            })
            .await
            .unwrap();
        let key = self.system.customer_by_code(customer).await.unwrap().unwrap();
        let document = NewDocument {
            link: Link::Certain {
                customer_uid: key.uid,
                basis: LinkBasis::Manifest,
                detail: String::new(),
            },
            kind: String::new(),
            title: title.to_owned(),
            number: String::new(),
            date: PartialDate::default(),
            validity: Default::default(),
            pages_declared: None,
            copy_state: CopyState::Unknown,
            security_level,
            department: String::new(),
            site: String::new(),
            attributes: Vec::new(),
            pages: pages
                .iter()
                .enumerate()
                .map(|(at, page)| new_page(at, page.0))
                .collect(),
            facts: Vec::new(),
            original: NewOriginal::None,
        };
        let staged = self
            .system
            .vault()
            .stage(Cursor::new(format!("scan {number}")))
            .unwrap();
        let line = BatchLine {
            path: path.clone(),
            outcome: Outcome::Filed,
            reason: String::new(),
            detail: String::new(),
            sha256: String::new(),
            bytes: 0,
            document_ids: Vec::new(),
            customer_code: customer.to_owned(),
            location_code: String::new(),
            kind: String::new(),
            pages: pages.len() as i64,
        };
        let deposit = Deposit {
            scans: vec![NewScan {
                staged,
                media_type: "application/pdf".to_owned(),
                path,
            }],
            documents: vec![document],
            lines: vec![line],
            known_scan: KnownScan::IsDuplicate,
        };
        self.system.deposit(batch.uid, "test", vec![deposit]).await.unwrap();
    }

    pub async fn withdraw(&self, title: &str) {
        let owner = self.owner();
        let customers = ["C-1", "C-2"];
        for customer in customers {
            for row in self.archive.documents_of_customer(&owner, customer).await.unwrap() {
                if row.title == title {
                    self.archive
                        .document_withdraw(&owner, &row.id, row.version, "测试")
                        .await
                        .unwrap();
                }
            }
        }
    }
}

fn new_page(at: usize, text: &str) -> NewPage {
    let lines = text.lines().enumerate().map(|(line, text)| TextLine {
        text: text.to_owned(),
        area: Area {
            x: 100,
            y: 100 + 60 * line as u32,
            w: 1_000,
            h: 50,
        },
        slope: 0.0,
        confidence: 0.99,
        chars: text
            .chars()
            .enumerate()
            .map(|(place, _)| CharBox {
                x: 100 + 40 * place as u32,
                w: 38,
                confidence: 0.99,
            })
            .collect(),
    });
    NewPage {
        scan: 0,
        scan_index: at as u32,
        turn: 0,
        width: 1_654,
        height: 2_339,
        state: PageState::Read,
        failure: String::new(),
        unread_regions: Vec::new(),
        text: Some(NewTextLayer {
            engine: "test".to_owned(),
            engine_version: "1".to_owned(),
            parameters: String::new(),
            confidence: 0.99,
            layer: TextLayer { lines: lines.collect() },
        }),
        other_text: None,
    }
}
