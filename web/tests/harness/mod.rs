//! A small archive behind a real router: SQLite and full text in a temporary folder, documents deposited through the
//! door that ingest uses, page images from a fixed picture. Requests are made by call.
#![allow(dead_code, reason = "each test file uses the part it needs")]

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use index::{Following, FullText, FullTextConfig, SearchLimits};
use records::{
    Archive, Asker, Clock, Environment, Gate, Moment, PartialDate, Random, Roles, SecurityLevel, System,
    batches::{BatchLine, Deposit, KnownScan, NewBatch, NewScan, Outcome, RawPath},
    documents::{Candidate, CopyState, Fact, Link, LinkBasis, NewDocument, NewOriginal},
    identity::{AccessLimits, UserDraft},
    page_images::{PageImage, PageImageFuture, PageImageRequest, PageImages},
    pages::{Area, CharBox, NewPage, NewTextLayer, PageState, TextLayer, TextLine},
    store::{Database, StoreConfig},
    tables::{self, OnBadLine, TableLimits},
};
use sha2::{Digest, Sha256};
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};
use tower::ServiceExt;
use web::{Protection, Web, WebConfig, WebLimits, WebParts};

pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::SeqCst))
    }
}

struct TestRandom(AtomicU64);

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let digest = Sha256::digest(self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }
}

/// A picture that is always the same: what a decode worker would answer.
pub struct OnePicture(pub Arc<[u8]>, pub &'static str);

impl PageImages for OnePicture {
    fn expect(&self, _: Vec<PageImageRequest>) {}

    fn page_image(&self, request: PageImageRequest) -> PageImageFuture<'_> {
        let image = PageImage {
            media_type: self.1,
            width: request.width,
            height: request.width,
            bytes: Arc::clone(&self.0),
        };
        Box::pin(async move { Ok(image) })
    }
}

pub struct TestWeb {
    pub router: Router,
    pub archive: Archive,
    pub system: System,
    pub gate: Gate,
    pub owner: Asker,
    pub clock: Arc<TestClock>,
    pub finder: FullText,
    following: Option<Following>,
    _folder: tempfile::TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|cause| panic!("{cause}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// 2026-03-01T00:00:00Z
const BEGINNING_US: i64 = 1_772_323_200_000_000;

pub const CUSTOMERS: &str = "code,name,kind,credit_code,id_number,phones,account_no,address,status\n\
    KH-1,深圳华宸智汇信息技术有限公司,企业,,,13800000117,3301000012,深圳市南山区科技园南区,在用\n\
    KH-2,成都瑞丰云帆信息技术有限责任公司,企业,,,18662819482,3301000013,成都市武侯区,在用\n\
    KH-3,王小明,个人,,,,3301000014,杭州市西湖区,在用\n";

pub const LOCATIONS: &str =
    "code,name,kind,capacity,keeper\nK1,一号库,库房,,林静\nK1-03-B-05-4-12,,格,40,林静\nK1-03-B-05-4-13,,格,40,林静\n";

impl TestWeb {
    pub async fn open(images: Arc<dyn PageImages>) -> Self {
        Self::open_with(images, SearchLimits::default()).await
    }

    /// With other bounds of what one search may cost.
    pub async fn open_with(images: Arc<dyn PageImages>, search: SearchLimits) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(TestClock(AtomicI64::new(BEGINNING_US)));
        let environment = Environment {
            clock: clock.clone(),
            random: Arc::new(TestRandom(AtomicU64::new(1))),
        };
        let store = StoreConfig {
            database: Database::Sqlite(folder.path().join("records.sqlite")),
            vault: folder.path().join("vault"),
            staging: folder.path().join("staging"),
            readers: 3,
            access_limits: AccessLimits::default(),
        };
        let doors = store.open(environment.clone()).await.expect("the record opens");
        let finder = FullText::open(
            FullTextConfig {
                search,
                ..FullTextConfig::in_folder(folder.path().join("index"))
            },
            doors.archive.clone(),
            doors.system.clone(),
        )
        .await
        .expect("full text opens");
        let following = finder.start();
        let owner = doors.gate.operating_system_user("owner");
        let web = Web::new(WebParts {
            archive: doors.archive.clone(),
            gate: doors.gate.clone(),
            finder: finder.clone(),
            images,
            environment,
            config: WebConfig {
                archive_name: "华南档案中心".to_owned(),
                time_zone: "Asia/Shanghai".to_owned(),
                protection: Protection::Loopback,
                limits: WebLimits::default(),
                second_opinion: false,
                version: "test",
            },
        });
        let test = Self {
            router: web::router(web),
            archive: doors.archive,
            system: doors.system,
            gate: doors.gate,
            owner,
            clock,
            finder,
            following: Some(following),
            _folder: folder,
        };
        test.import().await;
        test.finder.wake();
        test.finder
            .wait_for_head(std::time::Duration::from_secs(30))
            .await
            .expect("follows");
        test
    }

    async fn import(&self) {
        let customers = tables::read(
            CUSTOMERS.as_bytes(),
            records::customers::CUSTOMER_COLUMNS,
            &TableLimits::default(),
        )
        .expect("a table");
        let report = self
            .archive
            .customers_import(&self.owner, &customers, OnBadLine::RefuseTable)
            .await
            .expect("customers");
        assert!(report.problems.is_empty(), "{:?}", report.problems);
        let locations = tables::read(
            LOCATIONS.as_bytes(),
            records::places::LOCATION_COLUMNS,
            &TableLimits::default(),
        )
        .expect("a table");
        let report = self
            .archive
            .locations_import(&self.owner, &locations, OnBadLine::RefuseTable)
            .await
            .expect("locations");
        assert!(report.problems.is_empty(), "{:?}", report.problems);
    }

    /// Files one document, or leaves it in review; full text holds it afterwards.
    pub async fn deposit(&self, name: &str, document: NewDocument) -> String {
        let new = NewBatch {
            name: "第一批".to_owned(),
            roots: vec![RawPath(format!("/scans/{name}").into_bytes())],
            actor: "os:owner".to_owned(),
            announced: None,
        };
        let batch = self.system.batch_begin(&new).await.expect("a batch");
        let staged = self.system.vault().stage(name.as_bytes()).expect("staged");
        let path = RawPath(name.as_bytes().to_vec());
        let line = BatchLine {
            path: path.clone(),
            outcome: Outcome::Rejected,
            reason: String::new(),
            detail: String::new(),
            sha256: String::new(),
            bytes: 0,
            document_ids: Vec::new(),
            customer_code: String::new(),
            location_code: String::new(),
            kind: document.kind.clone(),
            pages: document.pages.len() as i64,
        };
        let deposit = Deposit {
            scans: vec![NewScan {
                staged,
                media_type: "image/jpeg".to_owned(),
                path,
            }],
            documents: vec![document],
            lines: vec![line],
            known_scan: KnownScan::IsDuplicate,
        };
        let done = self
            .system
            .deposit(batch.uid, "os:owner", vec![deposit])
            .await
            .expect("deposited");
        self.system
            .batch_finish(batch.uid, "os:owner", &[], None)
            .await
            .expect("finished");
        self.finder.wake();
        self.finder
            .wait_for_head(std::time::Duration::from_secs(30))
            .await
            .expect("follows");
        done[0].lines[0].document_ids[0].clone()
    }

    pub async fn customer_uid(&self, code: &str) -> i64 {
        self.system
            .customer_by_code(code)
            .await
            .expect("answers")
            .expect("is there")
            .uid
    }

    pub async fn location_uid(&self, code: &str) -> i64 {
        self.system
            .location_by_code(code)
            .await
            .expect("answers")
            .expect("is there")
            .uid
    }

    pub async fn send(&self, method: Method, address: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::HOST, "127.0.0.1:8080");
        for (name, value) in headers {
            request = request.header(
                HeaderName::from_bytes(name.as_bytes()).expect("a header name"),
                HeaderValue::from_str(value).expect("a header value"),
            );
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 64 << 20).await.expect("a body").to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub async fn get(&self, address: &str, cookie: &str) -> Answer {
        self.send(
            Method::GET,
            address,
            &[
                ("cookie", cookie),
                ("accept", "text/html"),
                ("accept-language", "zh-CN"),
            ],
            "",
        )
        .await
    }

    pub async fn post(&self, address: &str, cookie: &str, body: &str) -> Answer {
        let headers = [
            ("cookie", cookie),
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(Method::POST, address, &headers, body).await
    }

    /// Sets up the first administrator and gives back the cookie and the secret of its forms.
    pub async fn administrator(&self) -> (String, String) {
        let secret = self.gate.issue_first_link().await.expect("a link");
        let answer = self.post(&format!("/link/{secret}"), "", "name=lin&password=%E4%BB%8A%E5%A4%A9%E5%A4%A9%E6%B0%94%E5%BE%88%E5%A5%BD%E6%88%91%E4%BB%AC%E5%8E%BB%E6%95%A3%E6%AD%A5&again=").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let cookie = answer
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        let csrf = self.csrf(&cookie).await;
        (cookie, csrf)
    }

    /// An account with these roles and this clearance, signed in: its cookie.
    pub async fn person(&self, name: &str, roles: &str, clearance: SecurityLevel) -> String {
        let draft = UserDraft {
            name: name.to_owned(),
            display_name: String::new(),
            roles: Roles::parse(roles).expect("roles"),
            clearance,
            department: String::new(),
            site: String::new(),
        };
        self.archive.user_add(&self.owner, &draft).await.expect("an account");
        // What stands for a hash: nobody signs in with it.
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";
        self.archive
            .password_set(&self.owner, name, hash)
            .await
            .expect("a password");
        let stored = self.gate.password_of(name).await.expect("answers").expect("is there");
        let opened = self.gate.open_session(&stored).await.expect("a session");
        format!("dossier={}", opened.secret)
    }

    pub async fn csrf(&self, cookie: &str) -> String {
        let account = self.get("/account", cookie).await.text();
        let (_, rest) = account
            .split_once("name=\"csrf\" value=\"")
            .expect("forms have a secret");
        rest.chars().take_while(|c| *c != '"').collect()
    }

    pub async fn close(mut self) {
        if let Some(following) = self.following.take() {
            following.stop().await.expect("stops");
        }
    }
}

/// A layer of text with characters of 50 pixels from the left edge 340.
pub fn layer(text: &str) -> TextLayer {
    let lines = text.lines().enumerate().map(|(at, text)| TextLine {
        text: text.to_owned(),
        area: Area {
            x: 340,
            y: 300 + 90 * at as u32,
            w: 50 * text.chars().count() as u32,
            h: 50,
        },
        slope: 0.0,
        confidence: 0.98,
        chars: (0..text.chars().count())
            .map(|n| CharBox {
                x: 340 + 50 * n as u32,
                w: 48,
                confidence: 0.98,
            })
            .collect(),
    });
    TextLayer { lines: lines.collect() }
}

pub fn page(layer: TextLayer) -> NewPage {
    NewPage {
        scan: 0,
        scan_index: 0,
        turn: 0,
        width: 2480,
        height: 3508,
        state: PageState::Read,
        failure: String::new(),
        unread_regions: Vec::new(),
        text: Some(NewTextLayer {
            engine: "pp-ocrv6-small".to_owned(),
            engine_version: "1".to_owned(),
            parameters: String::new(),
            confidence: 0.97,
            layer,
        }),
        other_text: None,
    }
}

pub fn document(link: Link, title: &str, kind: &str, pages: Vec<NewPage>, location_uid: Option<i64>) -> NewDocument {
    NewDocument {
        link,
        kind: kind.to_owned(),
        title: title.to_owned(),
        number: String::new(),
        date: PartialDate::parse("2024-05-13").expect("a date"),
        validity: Default::default(),
        pages_declared: None,
        copy_state: CopyState::Original,
        security_level: SecurityLevel::INTERNAL,
        department: String::new(),
        site: String::new(),
        attributes: Vec::new(),
        pages,
        facts: Vec::new(),
        original: NewOriginal::Paper { location_uid },
    }
}

pub fn certain(customer_uid: i64) -> Link {
    Link::Certain {
        customer_uid,
        basis: LinkBasis::Manifest,
        detail: "manifest.csv:2".to_owned(),
    }
}

pub fn in_review(candidates: &[(i64, f64)]) -> Link {
    let candidates = candidates
        .iter()
        .enumerate()
        .map(|(at, (customer_uid, confidence))| Candidate {
            customer_uid: *customer_uid,
            basis: LinkBasis::Phone,
            confidence: *confidence,
            evidence: vec![at],
        })
        .collect();
    Link::Review {
        reason: "customer_ambiguous".to_owned(),
        detail: String::new(),
        candidates,
    }
}

pub fn fact(kind: &str, text: &str, area: Area) -> Fact {
    Fact {
        page_number: 1,
        kind: kind.to_owned(),
        text: text.to_owned(),
        value: text.to_owned(),
        area,
        char_start: 0,
        char_end: text.chars().count() as u32,
        rule: "pattern".to_owned(),
        confidence: 0.95,
    }
}
