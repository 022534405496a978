//! A real browser: Chromium without a window, driven by chromedriver, at a household's site on a free loopback port.
//!
//! chromedriver and Chromium are found on the PATH. Tests that need them fail without them, and say so; `testmail/check`
//! installs both, and axe-core, whose script `HEARTHPOST_AXE` names.

#![allow(dead_code, reason = "each test file uses its own part")]

pub mod checks;
pub mod list;
pub mod look;
pub mod scene;

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use url::{ParseError, Url};

/// How long anything may take on a busy machine.
const LONG: Duration = Duration::from_secs(30);

/// As wide as a laptop, and as wide as a phone.
pub const WIDTHS: [u32; 2] = [1280, 390];
/// As it is by day, and by night.
pub const SCHEMES: [&str; 2] = ["light", "dark"];

/// A browser and what drives it; both end with it.
pub struct Browser {
    client: Client,
    runtime: Runtime,
    driver: Driver,
    folder: TempDir,
}

/// chromedriver, and the browsers that it started, in one process group.
struct Driver {
    child: Child,
    port: u16,
    /// It is held open: a driver that cannot say anything more ends.
    _said: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts it on a free port, which it says; once more where another process took that port in the meantime.
    fn start() -> Self {
        let mut said = String::new();
        for _ in 0..3 {
            match Driver::try_start() {
                Ok(driver) => return driver,
                Err(instead) => said = instead,
            }
        }
        panic!("chromedriver says no port, but: {said}");
    }

    fn try_start() -> Result<Self, String> {
        let started = Command::new("chromedriver")
            .arg("--port=0")
            // Its clock is that of the tests.
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        let mut child = started.unwrap_or_else(|error| {
            panic!(
                "chromedriver cannot be started ({error}): these tests need Chromium and chromedriver \
                 (Debian: chromium, chromium-driver)"
            )
        });
        let mut reader = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut said = String::new();
        while let Ok(1..) = reader.read_line(&mut said) {
            let port = said.split_once("started successfully on port ");
            if let Some((_, port)) = port {
                let port = port.trim_end().trim_end_matches('.');
                let port = port.parse().expect("a port");
                return Ok(Driver {
                    child,
                    port,
                    _said: reader,
                });
            }
        }
        // It has ended, and is taken note of.
        let _ = child.wait();
        Err(said)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A browser is ended with it, for its own end would leave that alone.
        let group = self.child.id().to_string();
        let _ = Command::new("sh")
            .args(["-c", "kill -s KILL -- \"-$0\"", &group])
            .status();
        let _ = self.child.wait();
    }
}

/// What WebDriver has no word for: below the session, a path and a body.
#[derive(Debug)]
struct Other(&'static str, Value);

impl WebDriverCompatibleCommand for Other {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.0
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}

impl Browser {
    /// A fresh one, with nothing in it.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        let profile = format!("--user-data-dir={}", path("profile"));
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--hide-scrollbars",
            "--lang=en",
            &profile,
        ];
        let wanted = json!({
            "goog:chromeOptions": {
                "args": arguments,
                "prefs": {
                    "download.default_directory": path("kept"),
                    "intl.accept_languages": std::env::var("HEARTHPOST_LOOK_IN").unwrap_or("en".to_owned()),
                    "download.prompt_for_download": false,
                },
            },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let driver = Driver::start();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wanted.as_object().expect("it is one").clone());
        let driver_at = format!("http://127.0.0.1:{}", driver.port);
        let client = runtime.block_on(builder.connect(&driver_at));
        let client = client.unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        let browser = Browser {
            client,
            runtime,
            driver,
            folder,
        };
        browser.look_at(WIDTHS[0], SCHEMES[0]);
        browser
    }

    /// Goes there, and waits until the page and its style are here.
    pub fn goto(&self, url: &str) {
        let went = self.runtime.block_on(self.client.goto(url));
        went.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Where it is: path and query.
    pub fn at(&self) -> String {
        let url = self.runtime.block_on(self.client.current_url());
        let url = url.expect("it is somewhere");
        let query = url.query().map(|query| format!("?{query}"));
        format!("{}{}", url.path(), query.unwrap_or_default())
    }

    /// Runs a script's body in the page, whatever the page's own policy says.
    pub fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let ran = self
            .runtime
            .block_on(self.client.execute(script, arguments));
        ran.unwrap_or_else(|error| panic!("{script:.200}: {error}"))
    }

    /// The same for a script that calls its last argument when it is done.
    pub fn run_until_done(&self, script: &str, arguments: Vec<Value>) -> Value {
        let ran = self
            .runtime
            .block_on(self.client.execute_async(script, arguments));
        ran.unwrap_or_else(|error| panic!("{script:.200}: {error}"))
    }

    /// Waits until the page was painted: what is pressed before that, a browser drops.
    pub fn until_painted(&self) {
        let twice = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        self.run_until_done(twice, vec![]);
    }

    /// What only Chromium's own protocol can do.
    pub fn command(&self, name: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": name, "params": parameters });
        self.issue(Other("goog/cdp/execute", body))
    }

    fn issue(&self, command: Other) -> Value {
        let words = format!("{command:?}");
        let issued = self.runtime.block_on(self.client.issue_cmd(command));
        issued.unwrap_or_else(|error| panic!("{words}: {error}"))
    }

    /// The window is so wide, by day or by night.
    pub fn look_at(&self, width: u32, scheme: &str) {
        let phone = width < 760;
        let height = if phone { 844 } else { 900 };
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.command("Emulation.setDeviceMetricsOverride", metrics);
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.command(
            "Emulation.setEmulatedMedia",
            json!({ "features": [feature] }),
        );
    }

    /// From the next page on, pages run no script.
    pub fn without_script(&self) {
        let off = json!({ "value": true });
        self.command("Emulation.setScriptExecutionDisabled", off);
    }

    /// What the browser wrote into its log since it was asked last: errors of scripts, refusals by the page's policy, what
    /// was not there.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.issue(Other("se/log", json!({ "type": "browser" })));
        let lines = log.as_array().expect("a list").iter();
        lines.map(ToString::to_string).collect()
    }

    /// Presses a key, wherever the focus is.
    pub fn press(&self, key: Key) {
        self.keys(&[char::from(key)]);
    }

    /// Types a text there.
    pub fn type_text(&self, text: &str) {
        self.keys(&text.chars().collect::<Vec<_>>());
    }

    /// Presses all of these keys at the same time.
    pub fn hold(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for &value in keys {
            actions = actions.then(KeyAction::Down { value });
        }
        for &value in keys.iter().rev() {
            actions = actions.then(KeyAction::Up { value });
        }
        self.act(actions);
    }

    /// Presses these keys, one after the other.
    fn keys(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for &value in keys {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.act(actions);
    }

    fn act(&self, actions: KeyActions) {
        let pressed = self.runtime.block_on(self.client.perform_actions(actions));
        pressed.expect("the keyboard works");
    }

    /// Clicks what is found first, once it is there, in the middle of the window; waits for the page that this leads to, or
    /// until this one says that it is not busy. A page that comes late may still be the one before: who looks, waits.
    pub fn click(&self, css: &str) {
        self.until_there(css);
        let scroll = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' });";
        self.run(scroll, vec![css.into()]);
        self.upon(css, async || {
            let found = self.client.find(Locator::Css(css)).await?;
            found.click().await
        });
        self.until_at_rest();
    }

    /// Waits until the page does not say any more that it is busy.
    pub fn until_at_rest(&self) {
        let at_rest = "return document.querySelector('[aria-busy=true]') === null;";
        self.until("rest", || self.run(at_rest, vec![]) == true);
    }

    fn until_there(&self, css: &str) {
        let there = "return document.querySelector(arguments[0]) !== null;";
        self.until(css, || self.run(there, vec![css.into()]) == true);
    }

    /// Writes into a field, once it is there.
    pub fn fill(&self, css: &str, text: &str) {
        self.until_there(css);
        self.upon(css, async || {
            let field = self.client.find(Locator::Css(css)).await?;
            field.clear().await?;
            match text {
                "" => Ok(()),
                text => field.send_keys(text).await,
            }
        });
    }

    /// Does something with what is found there. A page that renews itself may put another one in its place meanwhile: that is
    /// looked for anew.
    fn upon(&self, css: &str, done: impl AsyncFn() -> Result<(), CmdError>) {
        let end = Instant::now() + LONG;
        loop {
            match self.runtime.block_on(done()) {
                Ok(()) => return,
                Err(error) if error.is_stale_element_reference() && Instant::now() < end => {}
                Err(error) => panic!("{css} at {}: {error}", self.at()),
            }
        }
    }

    /// Signs in as a person whose password is `PASSWORD`.
    pub fn sign_in(&self, base: &str, name: &str) {
        self.goto(&format!("{base}/sign-in"));
        self.fill("input[name=name]", name);
        self.fill("input[name=password]", scene::PASSWORD);
        self.click("form .btn");
        self.until("signed in", || !self.at().starts_with("/sign-in"));
    }

    /// Nobody is signed in any more.
    pub fn forget(&self) {
        self.command("Network.clearBrowserCookies", json!({}));
    }

    /// Waits until it is so.
    pub fn until(&self, what: &str, so: impl Fn() -> bool) {
        self.until_within(LONG, what, so);
    }

    /// As `until`, for what takes longer.
    pub fn until_within(&self, most: Duration, what: &str, so: impl Fn() -> bool) {
        let end = Instant::now() + most;
        while !so() {
            assert!(
                Instant::now() < end,
                "{what} did not come about, at {}, where it says {}",
                self.at(),
                self.run("return document.querySelector('main')?.innerText;", vec![])
            );
        }
    }

    /// Waits until the pictures of the page that can be seen are here. One that the page takes away meanwhile is not waited
    /// for: it would never come.
    pub fn until_shown(&self) {
        let missing = "return [...document.images].filter((image) => !image.complete && image.checkVisibility()
            && image.getBoundingClientRect().top < innerHeight).map((image) => image.src);";
        let end = Instant::now() + LONG;
        loop {
            let missing = self.run(missing, vec![]);
            if missing.as_array().is_some_and(Vec::is_empty) {
                break;
            }
            assert!(Instant::now() < end, "{missing} not shown at {}", self.at());
        }
    }

    /// What the window shows, as a file of that format (`png`, `jpeg`).
    pub fn picture(&self, format: &str) -> Vec<u8> {
        let mut wanted = json!({ "format": format });
        if format == "jpeg" {
            wanted["quality"] = 86.into();
        }
        let shot = self.command("Page.captureScreenshot", wanted);
        let text = shot["data"].as_str().expect("a picture");
        data_encoding::BASE64
            .decode(text.as_bytes())
            .expect("base64")
    }

    /// Waits for a file that is kept under this name.
    pub fn kept(&self, name: &str) -> Vec<u8> {
        let path: PathBuf = self.folder.path().join("kept").join(name);
        // An empty file holds its name until the whole one takes its place.
        let whole = || std::fs::metadata(&path).is_ok_and(|file| file.len() > 0);
        self.until(name, whole);
        std::fs::read(&path).expect("it is there")
    }
}

/// The chosen ones of a page of pictures.
pub fn chosen(browser: &Browser) -> Vec<String> {
    let script = "return [...document.querySelectorAll('.tick :checked')].map((one) => one.value);";
    let chosen = browser.run(script, vec![]);
    let chosen = chosen.as_array().expect("a list").iter();
    chosen
        .map(|one| one.as_str().expect("a name").to_owned())
        .collect()
}
