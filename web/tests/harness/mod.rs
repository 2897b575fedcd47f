//! A small archive behind a real router: SQLite and full text in a temporary folder, documents deposited through the
//! door that ingest uses, page images from a fixed picture. Requests are made by call.

mod program;

pub use program::Program;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use index::{Following, FullText, FullTextConfig, SearchLimits};
use records::{
    Archive, Asker, Gate, PartialDate, Roles, SecurityLevel, System,
    documents::{Link, NewDocument, NewOriginal},
    identity::UserDraft,
    page_images::{PageImage, PageImageFuture, PageImageRequest, PageImages},
    pages::NewPage,
};
use std::sync::Arc;
pub use testing::documents::{certain, fact, in_review, layer, page};
use testing::{PASSWORD_HASH, ReadHere, TestArchive};
use tower::ServiceExt;
use web::{
    Protection, WebConfig, WebLimits, WebParts,
    api::{self, Interface},
    screens,
    subject::Subject,
};

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
    pub finder: FullText,
    following: Option<Following>,
    record: TestArchive,
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

pub const CUSTOMERS: &str = "code,name,kind,credit_code,id_number,phones,account_no,address,status\n\
    KH-1,深圳华宸智汇信息技术有限公司,企业,,,13800000117,3301000012,深圳市南山区科技园南区,在用\n\
    KH-2,成都瑞丰云帆信息技术有限责任公司,企业,,,18662819482,3301000013,成都市武侯区,在用\n\
    KH-3,王小明,个人,,,,3301000014,杭州市西湖区,在用\n";

pub const LOCATIONS: &str =
    "code,name,kind,capacity,keeper\nK1,一号库,库房,,林静\nK1-03-B-05-4-12,,格,40,林静\nK1-03-B-05-4-13,,格,40,林静\n";

impl TestWeb {
    /// With some picture for every page.
    pub async fn with_a_picture() -> Self {
        Self::open(Arc::new(OnePicture(Arc::from(&b"\xff\xd8picture"[..]), "image/jpeg"))).await
    }

    pub async fn open(images: Arc<dyn PageImages>) -> Self {
        Self::open_with(images, SearchLimits::default()).await
    }

    /// With other bounds of what one search may cost.
    pub async fn open_with(images: Arc<dyn PageImages>, search: SearchLimits) -> Self {
        Self::open_of(images, search, screens::SUBJECTS, api::SUBJECTS).await
    }

    /// With other subjects than the registered ones.
    pub async fn open_of(
        images: Arc<dyn PageImages>,
        search: SearchLimits,
        subjects: &[Subject],
        interfaces: &[Interface],
    ) -> Self {
        let record = TestArchive::sqlite().await.expect("the record opens");
        Self::open_over(record, images, search, subjects, interfaces).await
    }

    /// Over a record on PostgreSQL, or on SQLite where no address is given.
    pub async fn on(postgres: Option<String>) -> Self {
        let picture = Arc::new(OnePicture(Arc::from(&b"\xff\xd8picture"[..]), "image/jpeg"));
        let record = TestArchive::open(postgres, testing::BEGINNING).await;
        let record = record.expect("the record opens");
        Self::open_over(
            record,
            picture,
            SearchLimits::default(),
            screens::SUBJECTS,
            api::SUBJECTS,
        )
        .await
    }

    async fn open_over(
        test: TestArchive,
        images: Arc<dyn PageImages>,
        search: SearchLimits,
        subjects: &[Subject],
        interfaces: &[Interface],
    ) -> Self {
        let finder = FullText::open(
            FullTextConfig {
                search,
                ..FullTextConfig::in_folder(test.index_folder())
            },
            test.archive.clone(),
            test.system.clone(),
        )
        .await
        .expect("full text opens");
        let following = finder.start();
        let owner = test.owner();
        let parts = WebParts {
            archive: test.archive.clone(),
            gate: test.gate.clone(),
            finder: finder.clone(),
            images,
            tables: Arc::new(ReadHere),
            environment: test.environment.clone(),
            config: WebConfig {
                public_url: "https://archive.example".to_owned(),
                protection: Protection::Loopback,
                oidc: None,
                limits: WebLimits::default(),
                fonts: vec!["/usr/share/fonts".into()],
                second_opinion: false,
                version: "test",
            },
            settings: test.system.settings().await.expect("the settings are read"),
        };
        let test = Self {
            router: web::router_of(parts, subjects, interfaces),
            archive: test.archive.clone(),
            system: test.system.clone(),
            gate: test.gate.clone(),
            owner,
            finder,
            following: Some(following),
            record: test,
        };
        test.record.customers(CUSTOMERS).await.expect("customers");
        test.record.locations(LOCATIONS).await.expect("locations");
        test.follow().await;
        test
    }

    /// Waits until full text holds every change so far.
    async fn follow(&self) {
        self.finder.wake();
        self.finder
            .wait_for_head(std::time::Duration::from_secs(30))
            .await
            .expect("follows");
    }

    /// Files one document, or leaves it in review; full text holds it afterwards.
    pub async fn deposit(&self, name: &str, document: NewDocument) -> String {
        let done = self.record.deposit(name, document).await.expect("deposited");
        self.follow().await;
        done.lines[0].document_ids[0].clone()
    }

    /// Adds customers by a table; full text holds them afterwards.
    pub async fn add_customers(&self, table: &str) {
        self.record.customers(table).await.expect("customers");
        self.follow().await;
    }

    pub async fn customer_uid(&self, code: &str) -> i64 {
        self.record.customer_uid(code).await.expect("answers")
    }

    pub async fn location_uid(&self, code: &str) -> i64 {
        self.record.location_uid(code).await.expect("answers")
    }

    pub async fn send(&self, method: Method, address: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send_bytes(method, address, headers, body.as_bytes().to_vec())
            .await
    }

    pub async fn send_bytes(&self, method: Method, address: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
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
        let request = request.body(Body::from(body)).expect("a request");
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
        self.archive
            .password_set(&self.owner, name, PASSWORD_HASH)
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

/// A contract of 2024-05-13 whose paper stands at the location, or is to be shelved.
pub fn document(link: Link, title: &str, kind: &str, pages: Vec<NewPage>, location_uid: Option<i64>) -> NewDocument {
    NewDocument {
        date: PartialDate::parse("2024-05-13").expect("a date"),
        original: NewOriginal::Paper { location_uid },
        ..testing::documents::document(link, title, kind, pages)
    }
}
