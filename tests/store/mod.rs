//! A real S3 server, moto's, and a gate before it that hangs or counts.
//!
//! `HEARTHPOST_MOTO` names its `moto_server`; `testmail/check` installs it. Without it these tests fail, and say so.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use hearthpost::sharing::Household;

use crate::house::House;

pub const BUCKET: &str = "households";

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

    /// The names of all objects.
    pub fn names(&self) -> BTreeSet<String> {
        let (status, body) = self.ask("GET", &format!("/{BUCKET}?list-type=2"), &[]);
        assert_eq!(status, 200);
        all_between(&String::from_utf8_lossy(&body), "<Key>", "</Key>")
    }

    /// Names below the part of the name that is a household's own.
    pub fn names_of(&self, house: &House) -> Vec<String> {
        let own = own_name(house);
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

/// Below which name the bytes of a house lie.
pub fn own_name(house: &House) -> String {
    let own = house.home.album.rows().setting("store").expect("rows");
    own.expect("it keeps in a store")
}

/// The settings of a store at a port.
pub fn settings(port: u16) -> String {
    format!(
        "\n[store]\nkind = \"s3\"\nendpoint = \"http://127.0.0.1:{port}\"\nbucket = \"{BUCKET}\"\nprefix = \"some/where\"\n\
         access_key_id = \"id-of-the-house\"\nsecret_key_file = \"store-secret\"\ntimeout = \"2s\"\n"
    )
}

/// The house keeps what is sealed in the store from now on.
pub fn keep_in(house: &mut House, port: u16) {
    let config = house.folder.join("hearthpost.toml");
    std::fs::write(
        house.folder.join("store-secret"),
        "the-secret-of-the-store\n",
    )
    .expect("a file");
    let text = std::fs::read_to_string(&config).expect("a file");
    let before = text.split("\n[store]").next().unwrap_or_default();
    std::fs::write(&config, format!("{before}{}", settings(port))).expect("a file");
    house.home = Household::open(&config).expect("opens");
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
    shut: Receiver<()>,
}

impl Gate {
    /// `mark`: shuts at the first request line in which all of these stand.
    pub fn before(store: &Store, mark: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let way = Arc::new(Mutex::new(Way::Open));
        let (tell, shut) = channel();
        let (behind, at) = (store.port, Arc::clone(&way));
        std::thread::spawn(move || {
            for line in listener.incoming() {
                let Ok(line) = line else { return };
                let (at, tell) = (Arc::clone(&at), tell.clone());
                std::thread::spawn(move || pass(line, behind, mark, &at, &tell));
            }
        });
        Gate { port, way, shut }
    }

    /// Waits until it has shut.
    pub fn wait_until_shut(&self) {
        self.shut.recv().expect("it shuts");
    }

    pub fn set(&self, way: Way) {
        *self.way.lock().expect("no panic") = way;
    }
}

/// Lets one line through, as long as the gate is open.
fn pass(mut line: TcpStream, behind: u16, mark: &[&str], way: &Mutex<Way>, tell: &Sender<()>) {
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
            if *way == Way::Open {
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
