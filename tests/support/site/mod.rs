//! A browser without a screen, at the station of a household: it keeps cookies, follows nothing by itself, and says where
//! a form was, as browsers do.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use futures::StreamExt;
use hearthpost::address::StationName;
use hearthpost::sharing::accounts::Password;
use hearthpost::sharing::clock::Reading;
use hearthpost::web::Station;
use serde_json::Value;
use tower::ServiceExt;

use crate::house::House;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// The station of a house, by a clock that a test sets.
pub struct Site {
    router: Router,
    clock: Arc<Mutex<Reading>>,
}

/// A browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// Said with each request.
    pub headers: Vec<(String, String)>,
}

/// A program with a token, or with none.
#[derive(Clone)]
pub struct Program(pub Browser);

/// An answer on its way.
pub struct Begun {
    runtime: tokio::runtime::Runtime,
    pieces: axum::body::BodyDataStream,
}

impl Begun {
    /// The next piece; `None` at the end.
    pub fn next(&mut self) -> Option<Result<Bytes, axum::Error>> {
        self.runtime.block_on(self.pieces.next())
    }
}

/// What came.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Site {
    pub fn of(house: &House) -> Self {
        let clock = Arc::new(Mutex::new(house.reading()));
        let told = Arc::clone(&clock);
        let tell = move || told.lock().expect("one thread").clone();
        let config = house.folder.join("hearthpost.toml");
        let station = Station::with_clock(&config, &house.home, Box::new(tell));
        Site {
            router: station.router(),
            clock,
        }
    }

    /// The clock shows what that of the house shows.
    pub fn set_clock(&self, house: &House) {
        *self.clock.lock().expect("one thread") = house.reading();
    }

    /// What answers, for a test that reads an answer as it comes.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    /// A program that acts for somebody, with a token made for these scopes.
    pub fn program(&self, house: &mut House, name: &str, scopes: &str) -> Program {
        let station: StationName = name.parse().expect("a station");
        let scopes: Vec<_> = scopes
            .split_whitespace()
            .map(|scope| scope.parse().expect("a scope"))
            .collect();
        let now = house.now();
        let called = format!(
            "program {}",
            house.home.tokens(&station).expect("rows").len()
        );
        let token = house
            .home
            .make_token(&station, &called, &scopes, None, now)
            .expect("a token");
        self.bearer(token.text())
    }

    /// A program that shows that as its token.
    pub fn bearer(&self, token: &str) -> Program {
        let mut browser = self.browser();
        let shown = format!("Bearer {token}");
        browser.headers = vec![
            ("authorization".to_owned(), shown),
            ("accept".to_owned(), "application/json".to_owned()),
        ];
        Program(browser)
    }

    /// A browser in which somebody is signed in, with a password that they are given.
    pub fn signed_in(&self, house: &mut House, name: &str) -> Browser {
        let station: StationName = name.parse().expect("a station");
        let account = house.home.album.rows().account(&station).expect("rows");
        if account.is_none() {
            let now = house.now();
            let password = Password::new(PASSWORD.to_owned());
            let set = house.home.set_password(&station, &password, now);
            set.expect("a password");
        }
        let mut browser = self.browser();
        let page = browser.post("/sign-in", &[("name", name), ("password", PASSWORD)]);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        browser
    }
}

/// The squares of the code for a phone that holds this text, as a page draws them.
pub fn code_of(text: &str) -> String {
    let code = qrcode::QrCode::new(text).expect("a code");
    let drawn = code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build();
    let (_, squares) = drawn.split_once(" d=\"").expect("squares");
    squares.split_once('"').expect("an end").0.to_owned()
}

impl Browser {
    pub fn get(&mut self, path: &str) -> Page {
        self.ask(self.request("GET", path).body(Body::empty()))
    }

    pub fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        let request = self
            .request("POST", path)
            .header("origin", "http://localhost:8480")
            .header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(encoded(form))))
    }

    /// The same, and where that is to be looked at again before it is done, goes there.
    pub fn press(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        let page = self.post(path, form);
        let again = page.header("location").to_owned();
        match again.starts_with(&format!("{path}?sent=")) {
            true => self.get(&again),
            false => page,
        }
    }

    /// Sends a file in a form, as browsers do without script: its field, its name and its type as they stand there.
    pub fn bring(&mut self, path: &str, file: [&str; 3], bytes: &[u8]) -> Page {
        self.bring_all(path, &[(file, bytes)])
    }

    /// The same with several files, or none.
    pub fn bring_all(&mut self, path: &str, files: &[([&str; 3], &[u8])]) -> Page {
        let mut body = Vec::new();
        for ([field, name, kind], bytes) in files {
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: {kind}\r\n\r\n"
            );
            body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        }
        body.extend(b"--edge--\r\n");
        let request = self
            .request("POST", path)
            .header("origin", "http://localhost:8480")
            .header("content-type", "multipart/form-data; boundary=edge");
        self.ask(request.body(Body::from(body)))
    }

    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder().method(method).uri(path);
        let said = |name: &str| self.headers.iter().any(|(other, _)| other == name);
        for (name, value) in [("host", "localhost:8480"), ("accept", "text/html")] {
            if !said(name) {
                request = request.header(name, value);
            }
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        request
    }

    pub fn ask(&mut self, request: Result<Request<Body>, axum::http::Error>) -> Page {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let router = self.router.clone();
        let page = runtime.block_on(async {
            let response = router.oneshot(request.expect("a request")).await;
            let (parts, body) = response.expect("an answer").into_parts();
            let body = axum::body::to_bytes(body, usize::MAX)
                .await
                .expect("a body");
            Page {
                status: parts.status,
                headers: parts.headers,
                body,
            }
        });
        for cookie in page.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().expect("text");
            let pair = cookie.split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            match cookie.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        page
    }

    /// Asks, and reads the answer piece by piece.
    pub fn begin(&mut self, request: Result<Request<Body>, axum::http::Error>) -> Begun {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let asked = self.router.clone().oneshot(request.expect("a request"));
        let response = runtime.block_on(asked).expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        Begun {
            runtime,
            pieces: response.into_body().into_data_stream(),
        }
    }

    /// The browser is closed and opened again without what it held.
    pub fn forget(&mut self) {
        self.cookies.clear();
    }

    /// What it holds under a name that ends so.
    pub fn holds(&self, end: &str) -> Option<&str> {
        let mut all = self.cookies.iter();
        all.find(|(name, _)| name.ends_with(end))
            .map(|(_, value)| value.as_str())
    }
}

impl Program {
    pub fn get(&mut self, path: &str) -> Page {
        self.0.get(path)
    }

    /// Sends a JSON document.
    pub fn send(&mut self, method: &str, path: &str, document: &Value) -> Page {
        self.send_with(method, path, document, &[])
    }

    /// The same with more headers.
    pub fn send_with(
        &mut self,
        method: &str,
        path: &str,
        document: &Value,
        headers: &[(&str, &str)],
    ) -> Page {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/json"));
        self.send_bytes(method, path, document.to_string().into_bytes(), &headers)
    }

    /// Sends any bytes.
    pub fn send_bytes(
        &mut self,
        method: &str,
        path: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Page {
        let mut request = self.0.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.0.ask(request.body(Body::from(body)))
    }
}

impl Page {
    /// The document of an answer that is one.
    pub fn json(&self) -> Value {
        assert_eq!(
            self.header("content-type"),
            "application/json",
            "{}",
            self.text()
        );
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The document of an answer with that status.
    pub fn done(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.json()
    }

    /// The code of a problem (RFC 9457) with that status.
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem: Value = serde_json::from_slice(&self.body).expect("JSON");
        assert_eq!(problem["status"], status);
        let title = problem["title"].as_str().expect("a sentence");
        assert!(title.contains(' ') && !title.contains("src/"), "{title}");
        let kind = problem["type"].as_str().expect("a name");
        kind.strip_prefix("urn:hearthpost:")
            .expect("ours")
            .to_owned()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("text"))
    }

    /// What stands in a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let begin = format!("type=\"hidden\" name=\"{name}\" value=\"");
        let (_, rest) = text
            .split_once(&begin)
            .unwrap_or_else(|| panic!("no {name}: {text}"));
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// The path of the first picture on it.
    pub fn picture(&self) -> String {
        let text = self.text();
        let (_, rest) = text.split_once("<img src=\"").expect("a picture");
        let path = rest.split('"').next().unwrap_or_default();
        path.replace("&#x2f;", "/")
    }

    /// Every value of an attribute that begins so.
    pub fn links(&self, begins: &str) -> Vec<String> {
        let text = self.text().replace("&#x2f;", "/").replace("&amp;", "&");
        let all = text.split('"').filter(|one| one.starts_with(begins));
        all.map(str::to_owned).collect()
    }
}

fn encoded(form: &[(&str, &str)]) -> String {
    let one = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect::<String>()
    };
    let pairs = form
        .iter()
        .map(|(name, value)| format!("{}={}", one(name), one(value)));
    pairs.collect::<Vec<_>>().join("&")
}
