//! A real S3 server, moto's, and a gate before it that hangs or counts.
//!
//! `HEARTHPOST_MOTO` names its `moto_server`; `testmail/check` installs it. Without it these tests fail, and say so.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use hearthpost::sharing::Household;

pub const BUCKET: &str = "households";
pub const SECRET: &str = "the-secret-of-the-store";

/// The server, until it is dropped or killed. It holds all in memory.
pub struct Store {
    child: Child,
    pub port: u16,
}

impl Store {
    /// With an empty bucket.
    pub fn start() -> Self {
        Store::start_at(0)
    }

    pub fn start_at(port: u16) -> Self {
        let program = std::env::var_os("HEARTHPOST_MOTO").map(PathBuf::from).expect(
            "HEARTHPOST_MOTO is not set: these tests need moto's S3 server (pip install 'moto[s3,server]'); set it to its moto_server",
        );
        let mut child = Command::new(&program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .env_remove("PYTHONPATH")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("HEARTHPOST_MOTO: {}: {error}", program.display()));
        let mut said = BufReader::new(child.stderr.take().expect("it was piped")).lines();
        let port = loop {
            let line = said
                .next()
                .expect("it says where it listens")
                .expect("text");
            if let Some((_, port)) = line.split_once("Running on http://127.0.0.1:") {
                break port.trim().parse().expect("a port");
            }
        };
        // What it says is read on, so that it is never kept waiting.
        std::thread::spawn(move || said.for_each(drop));
        let store = Store { child, port };
        assert_eq!(store.ask("PUT", &format!("/{BUCKET}"), &[]).0, 200);
        store
    }

    /// As by a power cut: what it held is gone.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// One request, by somebody whose signature the server does not look at.
    pub fn ask(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let signed = "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, \
            SignedHeaders=host, Signature=00\r\n";
        self.ask_with(method, path, signed, body)
    }

    /// With more header lines.
    pub fn ask_with(&self, method: &str, path: &str, more: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut line = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{more}Content-Length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        line.write_all(head.as_bytes()).expect("sent");
        line.write_all(body).expect("sent");
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).expect("answered");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let body = answer.split_off(end.expect("a head") + 4);
        let head = String::from_utf8_lossy(&answer);
        let status = head.split(' ').nth(1).expect("a status");
        (status.parse().expect("a number"), body)
    }

    /// Makes a key whose signatures the server looks at from now on, as it does at everybody's; gives its id and secret.
    pub fn make_key(&self) -> (String, String) {
        let head = "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, \
            SignedHeaders=host, Signature=00\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        let ask = |form: &str| {
            let form = format!("Version=2010-05-08&UserName=house&{form}");
            let (status, body) = self.ask_with("POST", "/", head, form.as_bytes());
            assert_eq!(status, 200, "{form}");
            String::from_utf8(body).expect("text")
        };
        ask("Action=CreateUser");
        ask(
            "Action=PutUserPolicy&PolicyName=all&PolicyDocument=%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22\
             %3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D",
        );
        let key = ask("Action=CreateAccessKey");
        let field = |name: &str| {
            let found = all_between(&key, &format!("<{name}>"), &format!("</{name}>"));
            found.into_iter().next().expect("it is said")
        };
        let plain = "Content-Type: text/plain\r\n";
        assert_eq!(
            self.ask_with("POST", "/moto-api/reset-auth", plain, b"0").0,
            200
        );
        (field("AccessKeyId"), field("SecretAccessKey"))
    }

    /// The names of all objects.
    pub fn names(&self) -> BTreeSet<String> {
        let (status, body) = self.ask("GET", &format!("/{BUCKET}?list-type=2"), &[]);
        assert_eq!(status, 200);
        all_between(&String::from_utf8_lossy(&body), "<Key>", "</Key>")
    }

    /// Names below the part of the name that is a household's own.
    pub fn names_of(&self, home: &Household) -> Vec<String> {
        let own = own_name(home);
        let of = |name: &String| {
            name.split_once(&format!("{own}/"))
                .map(|(_, name)| name.to_owned())
        };
        self.names().iter().filter_map(of).collect()
    }

    /// How many objects are begun and not whole.
    pub fn begun(&self) -> usize {
        let (status, body) = self.ask("GET", &format!("/{BUCKET}?uploads"), &[]);
        assert_eq!(status, 200);
        String::from_utf8_lossy(&body).matches("<Upload>").count()
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        let (status, body) = self.ask("GET", &format!("/{BUCKET}/{name}"), &[]);
        assert_eq!(status, 200, "{name}");
        body
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let (status, _) = self.ask("PUT", &format!("/{BUCKET}/{name}"), bytes);
        assert_eq!(status, 200, "{name}");
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn all_between(text: &str, begin: &str, end: &str) -> BTreeSet<String> {
    let pieces = text.split(begin).skip(1);
    let inside = |piece: &str| piece.split_once(end).map(|(inside, _)| inside.to_owned());
    pieces.filter_map(inside).collect()
}

/// Below which name the bytes of a household lie.
pub fn own_name(home: &Household) -> String {
    let own = home.album.rows().setting("store").expect("rows");
    own.expect("it keeps in a store")
}

/// The settings of a store at a port.
pub fn settings(port: u16) -> String {
    format!(
        "\n[store]\nkind = \"s3\"\nendpoint = \"http://127.0.0.1:{port}\"\nbucket = \"{BUCKET}\"\nprefix = \"some/where\"\n\
         access_key_id = \"id-of-the-house\"\nsecret_key_file = \"store-secret\"\ntimeout = \"2s\"\n"
    )
}

/// The household in this folder keeps what is sealed in the store from its next opening on.
pub fn keep_in(folder: &Path, port: u16) {
    let config = folder.join("hearthpost.toml");
    let secret = folder.join("store-secret");
    std::fs::write(&secret, format!("{SECRET}\n")).expect("a file");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("a file");
    std::fs::write(
        &config,
        format!("{}{}", without_store(&config), settings(port)),
    )
    .expect("a file");
}

/// The settings without those of the store.
pub fn without_store(config: &Path) -> String {
    let text = std::fs::read_to_string(config).expect("a file");
    text.split("\n[store]")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// What a gate does with the lines through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Open,
    /// What is asked is taken, and nothing comes of it.
    Hangs,
}

/// A gate before the server. It shuts by itself at a request in which something stands, and says so.
pub struct Gate {
    pub port: u16,
    way: Arc<Mutex<Way>>,
    lines: Arc<Mutex<Vec<TcpStream>>>,
    shut: Receiver<()>,
}

impl Gate {
    /// `mark`: shuts at the first request line in which all of these stand, once.
    pub fn before(store: &Store, mark: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let way = Arc::new(Mutex::new(Way::Open));
        let (tell, shut) = channel();
        let (behind, at) = (store.port, Arc::clone(&way));
        let lines: Arc<Mutex<Vec<TcpStream>>> = Arc::default();
        let all = Arc::clone(&lines);
        let met = Arc::new(AtomicBool::new(false));
        std::thread::spawn(move || {
            for line in listener.incoming() {
                let Ok(line) = line else { return };
                let known = line.try_clone().expect("a line");
                all.lock().expect("no panic").push(known);
                let (at, met, tell) = (Arc::clone(&at), Arc::clone(&met), tell.clone());
                std::thread::spawn(move || pass(line, behind, (mark, &met), &at, &tell));
            }
        });
        Gate {
            port,
            way,
            lines,
            shut,
        }
    }

    /// Waits until it has shut.
    pub fn wait_until_shut(&self) {
        self.shut.recv().expect("it shuts");
    }

    /// Open again; who hangs is hung up on.
    pub fn open(&self) {
        self.set(Way::Open);
        for line in self.lines.lock().expect("no panic").drain(..) {
            // It may have hung up.
            let _ = line.shutdown(std::net::Shutdown::Both);
        }
    }

    pub fn set(&self, way: Way) {
        *self.way.lock().expect("no panic") = way;
    }
}

/// Lets one line through, as long as the gate is open.
fn pass(
    mut line: TcpStream,
    behind: u16,
    (mark, met): (&[&str], &AtomicBool),
    way: &Mutex<Way>,
    tell: &Sender<()>,
) {
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", behind)) else {
        return;
    };
    let (Ok(mut back), Ok(mut out)) = (server.try_clone(), line.try_clone()) else {
        return;
    };
    std::thread::spawn(move || {
        // Either side may hang up.
        let _ = std::io::copy(&mut back, &mut out);
        let _ = out.shutdown(std::net::Shutdown::Both);
    });
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = line.read(&mut bytes) {
        let text = String::from_utf8_lossy(&bytes[..read]);
        let first = text.lines().next().unwrap_or_default();
        if !mark.is_empty()
            && first.contains("HTTP/1.1")
            && mark.iter().all(|word| first.contains(word))
        {
            let mut way = way.lock().expect("no panic");
            if !met.swap(true, Ordering::Relaxed) {
                *way = Way::Hangs;
                // Nobody may wait for it.
                let _ = tell.send(());
            }
        }
        if *way.lock().expect("no panic") == Way::Open && server.write_all(&bytes[..read]).is_err()
        {
            return;
        }
    }
    let _ = server.shutdown(std::net::Shutdown::Both);
}
