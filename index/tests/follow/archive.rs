//! A record to follow: documents of a customer, filed page by page.

use records::documents::{CopyState, NewDocument, NewOriginal};
use records::{Archive, Asker, SecurityLevel, System};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use testing::documents::{certain, document, layer, page};

pub struct Page(pub &'static str);

pub struct TestArchive {
    pub archive: Archive,
    pub system: System,
    record: testing::TestArchive,
    files: AtomicU64,
}

impl TestArchive {
    pub async fn open() -> Self {
        let record = testing::TestArchive::sqlite().await.unwrap();
        TestArchive {
            archive: record.archive.clone(),
            system: record.system.clone(),
            record,
            files: AtomicU64::new(0),
        }
    }

    pub async fn close(&self) {
        self.record.close().await;
    }

    pub fn index_folder(&self) -> PathBuf {
        self.record.index_folder()
    }

    pub fn owner(&self) -> Asker {
        self.record.owner()
    }

    /// A viewer of no department.
    pub async fn person(&self, name: &str, clearance: SecurityLevel) -> Asker {
        self.record.person(name, "viewer", clearance, "").await.unwrap()
    }

    pub async fn customers(&self, table: &str) {
        self.record.customers(table).await.unwrap();
    }

    pub async fn file(&self, customer: &str, title: &str, security_level: SecurityLevel, pages: &[Page]) {
        let number = self.files.fetch_add(1, Ordering::SeqCst);
        let link = certain(self.record.customer_uid(customer).await.unwrap());
        let pages = pages
            .iter()
            .enumerate()
            .map(|(at, text)| records::pages::NewPage {
                scan_index: at as u32,
                ..page(layer(text.0))
            })
            .collect();
        let document = NewDocument {
            copy_state: CopyState::Unknown,
            security_level,
            original: NewOriginal::None,
            ..document(link, title, "", pages)
        };
        self.record.deposit(&format!("{number}.pdf"), document).await.unwrap();
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
