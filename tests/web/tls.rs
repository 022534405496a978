//! The site over TLS, by real sockets: with curl and openssl as browsers.

mod own_authority;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::command::{House, write_private};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Authority, SiteName};
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::{Fault, Household, Now};
use hearthpost::web::{self, Serving, Site};

const PASSWORD: &str = "correct horse battery";
/// Longer than anything here takes on a slow machine.
const LONG: &str = "60";

/// A house whose site listens on this machine.
struct Scene {
    house: House,
    address: SocketAddr,
    serving: Serving,
}

/// A certificate for this machine that signs for itself.
fn certify(folder: &Path, certificate: &str, key: &str) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
        .args(["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=box"])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args(["-keyout", key, "-out", certificate])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("openssl runs").success());
}

fn house() -> House {
    let house = House::new("a");
    house
        .run(["user", "add", "bob", "--mail", "people@p.example"])
        .done();
    write_private(&house.path("bob"), PASSWORD);
    house
        .run(["user", "passwd", "bob", "--password-file", "bob"])
        .done();
    house
}

fn with_settings(house: &House, web: &str) {
    let config = house.path("hearthpost.toml");
    let text = std::fs::read_to_string(&config).expect("written");
    std::fs::write(&config, format!("{text}\n[web]\n{web}\n")).expect("a file");
}

fn listen(house: &House) -> Result<Site, Fault> {
    let config = house.path("hearthpost.toml");
    let home = Household::open(&config).expect("opens");
    Site::at(&config, &home, ([127, 0, 0, 1], 0).into())
}

fn serve(house: House) -> Scene {
    let site = listen(&house).expect("listens");
    let address = site.address().expect("it listens");
    let serving = web::serve(vec![site]).expect("serves");
    Scene {
        house,
        address,
        serving,
    }
}

/// With a certificate that the operator gave.
fn given() -> Scene {
    let house = house();
    certify(house.folder.path(), "box.pem", "box.key");
    with_settings(&house, "certificate = \"box.pem\"\nkey = \"box.key\"");
    serve(house)
}

/// What a program said.
struct Said {
    good: bool,
    text: String,
}

impl Said {
    fn status(&self) -> &str {
        self.text.split_whitespace().nth(1).unwrap_or_default()
    }

    /// The values of a header.
    fn all(&self, name: &str) -> Vec<&str> {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default();
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines
            .filter(|(one, _)| one.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }
}

impl Scene {
    fn port(&self) -> u16 {
        self.address.port()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.house.path(name)
    }

    /// Asks for a path with what `words` say besides.
    fn curl(&self, scheme: &str, path: &str, words: &[&str]) -> Said {
        let url = format!("{scheme}://localhost:{}{path}", self.port());
        let ran = Command::new("curl")
            .args(["-sS", "-i", "--ipv4", "--max-time", LONG])
            .args(words)
            .arg(url)
            .current_dir(self.house.folder.path())
            .output()
            .expect("curl runs");
        Said {
            good: ran.status.success(),
            text: String::from_utf8_lossy(&ran.stdout).into_owned(),
        }
    }

    fn sign_in(&self, scheme: &str, words: &[&str]) -> Said {
        let origin = format!("origin: {scheme}://localhost:{}", self.port());
        let form = format!("name=bob&password={}", PASSWORD.replace(' ', "+"));
        let mut all = vec!["-H", origin.as_str(), "-d", form.as_str()];
        all.extend(words);
        self.curl(scheme, "/sign-in", &all)
    }

    /// Whether there is TLS with these words of `openssl s_client`.
    fn has_tls(&self, words: &[&str]) -> bool {
        let ran = Command::new("openssl")
            .arg("s_client")
            .args(["-connect", &self.address.to_string()])
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        ran.expect("openssl runs").success()
    }
}

#[test]
fn over_tls_pages_come_and_what_a_browser_holds_is_for_tls_alone() {
    let scene = given();
    let trust = ["--cacert", "box.pem"];
    let page = scene.curl("https", "/sign-in", &trust);
    assert!(page.good);
    assert_eq!(page.status(), "200", "{}", page.text);
    assert_eq!(
        page.all("strict-transport-security"),
        ["max-age=15552000"],
        "by the operator's own certificate"
    );
    let signed_in = scene.sign_in("https", &trust);
    assert_eq!(signed_in.status(), "303", "{}", signed_in.text);
    let cookies = signed_in.all("set-cookie");
    assert_eq!(cookies.len(), 2, "{}", signed_in.text);
    for cookie in cookies {
        assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
        assert!(cookie.ends_with("; Secure"), "{cookie}");
    }
    assert!(
        !scene.curl("https", "/sign-in", &[]).good,
        "nobody vouches for it elsewhere"
    );
}

#[test]
fn tls_is_1_2_or_newer() {
    let scene = given();
    assert!(scene.has_tls(&["-tls1_3"]));
    assert!(scene.has_tls(&["-tls1_2"]));
    // Told to go as low as it can, for an OpenSSL of today does not by itself.
    assert!(!scene.has_tls(&["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]));
}

#[test]
fn plain_text_is_sent_on_and_changes_nothing() {
    let scene = given();
    let page = scene.curl("http", "/received?x=1", &[]);
    assert_eq!(page.status(), "307", "{}", page.text);
    let there = format!("https://localhost:{}/received?x=1", scene.port());
    assert_eq!(page.all("location"), [there]);
    assert_eq!(page.all("strict-transport-security"), [""; 0]);
    let signed_in = scene.sign_in("http", &[]);
    assert_eq!(signed_in.status(), "400", "{}", signed_in.text);
    assert_eq!(signed_in.all("set-cookie"), [""; 0]);
    let stranger = scene.curl("http", "/", &["-H", "host: evil.example"]);
    assert_eq!(
        stranger.status(),
        "421",
        "no address of strangers is sent on to"
    );
    let believed = scene.curl("http", "/sign-in", &["-H", "x-forwarded-proto: https"]);
    assert_eq!(believed.status(), "307", "no proxy is known here");
}

#[test]
fn without_a_certificate_there_is_plain_text_and_no_word_of_tls() {
    let scene = serve(house());
    let page = scene.curl("http", "/sign-in", &[]);
    assert_eq!(page.status(), "200", "{}", page.text);
    let signed_in = scene.sign_in("http", &[]);
    assert_eq!(signed_in.status(), "303", "{}", signed_in.text);
    for cookie in signed_in.all("set-cookie") {
        assert!(!cookie.contains("Secure"), "{cookie}");
    }
}

#[test]
fn a_slow_browser_keeps_nobody_waiting_and_is_hung_up_on() {
    let scene = given();
    let slow: Vec<TcpStream> = (0..20)
        .map(|at| {
            let mut stream = TcpStream::connect(scene.address).expect("taken");
            // Some begin, and say no more.
            if at % 2 == 0 {
                stream.write_all(&[22, 3, 1]).expect("sent");
            }
            stream
        })
        .collect();
    let page = scene.curl("https", "/sign-in", &["--cacert", "box.pem"]);
    assert_eq!(page.status(), "200");
    let timeout = Some(Duration::from_secs(60));
    for mut stream in slow {
        stream.set_read_timeout(timeout).expect("a socket");
        let mut rest = Vec::new();
        // Reset or closed, it is over.
        if let Err(error) = stream.read_to_end(&mut rest) {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        }
    }
}

#[test]
fn who_takes_all_lines_that_one_may_have_keeps_no_other_away() {
    let scene = serve(house());
    // More than one address may hold.
    let held: Vec<TcpStream> = (0..140)
        .map(|_| TcpStream::connect(scene.address).expect("taken"))
        .collect();
    let page = |from: &str| {
        let words = ["--interface", from, "--max-time", "5"];
        scene.curl("http", "/sign-in", &words).status() == "200"
    };
    assert!(!page("127.0.0.1"), "it has had its share");
    assert!(page("127.0.0.2"), "another is answered");
    drop(held);
    let again = (0..100).any(|_| page("127.0.0.1"));
    assert!(again, "what was given back may be had again");
}

#[test]
fn a_stop_does_not_wait_for_a_handshake() {
    let scene = given();
    let mut stream = TcpStream::connect(scene.address).expect("taken");
    stream.write_all(&[22, 3, 1]).expect("sent");
    let address = scene.address;
    drop(scene.serving);
    assert!(TcpStream::connect(address).is_err(), "nobody listens");
}

#[test]
fn a_certificate_that_is_replaced_is_used_at_once_and_a_broken_one_is_not() {
    let scene = given();
    let asked = |authority: &str| {
        let page = scene.curl("https", "/sign-in", &["--cacert", authority]);
        page.good && page.status() == "200"
    };
    assert!(asked("box.pem"));
    certify(scene.house.folder.path(), "new.pem", "new.key");
    std::fs::copy(scene.path("box.pem"), scene.path("old.pem")).expect("copied");
    std::fs::rename(scene.path("new.pem"), scene.path("box.pem")).expect("moved");
    assert!(asked("old.pem"), "the key is not there yet");
    assert!(!asked("box.pem"));
    std::fs::rename(scene.path("new.key"), scene.path("box.key")).expect("moved");
    assert!(asked("box.pem"));
    assert!(!asked("old.pem"));
    std::fs::copy(scene.path("box.pem"), scene.path("good.pem")).expect("copied");
    std::fs::write(scene.path("box.pem"), "nothing").expect("a file");
    assert!(asked("good.pem"));
    std::fs::remove_file(scene.path("box.pem")).expect("removed");
    assert!(asked("good.pem"));
    let plain = scene.curl("http", "/sign-in", &[]);
    assert_eq!(plain.status(), "307", "never back to plain text");
}

#[test]
fn files_that_cannot_be_used_are_said_before_anybody_is_answered() {
    let house = house();
    certify(house.folder.path(), "box.pem", "box.key");
    certify(house.folder.path(), "other.pem", "other.key");
    with_settings(&house, "certificate = \"it.pem\"\nkey = \"it.key\"");
    let copy = |from: &str, to: &str| {
        std::fs::copy(house.path(from), house.path(to)).expect("copied");
    };
    let refused = |words: &str| {
        let fault = listen(&house).err().expect("a fault");
        assert_eq!(fault.code, "certificate");
        assert!(fault.message.contains(words), "{}", fault.message);
    };
    refused("it.pem");
    copy("box.pem", "it.pem");
    refused("it.key");
    copy("other.key", "it.key");
    refused("its key is not that of");
    copy("password", "it.key");
    refused("no private key");
    let locked = Command::new("openssl")
        .args(["ec", "-aes256", "-passout", "pass:secret"])
        .args(["-in", "box.key", "-out", "it.key"])
        .current_dir(house.folder.path())
        .stderr(Stdio::null())
        .status();
    assert!(locked.expect("openssl runs").success());
    refused("no private key without a password");
    copy("box.key", "it.key");
    copy("password", "it.pem");
    refused("it.pem");
    copy("box.pem", "it.pem");
    assert!(listen(&house).expect("listens").is_secure());
}
