//! The site over TLS, by real sockets: with curl and openssl as browsers.

mod command;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use command::{House, write_private};
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

/// The house's own certificate as curl wants it, by what a phone is given in plain text.
fn trusted(scene: &Scene) -> &'static str {
    let taken = scene.curl("http", "/ca.crt", &["-o", "ca.der"]);
    assert!(taken.good);
    // With `-i` the head is in the file too, and is cut off here.
    let all = std::fs::read(scene.path("ca.der")).expect("taken");
    let head = String::from_utf8_lossy(&all).into_owned();
    assert!(head.contains("application/x-x509-ca-cert"), "{head}");
    let end = all.windows(4).position(|four| four == b"\r\n\r\n");
    let der = &all[end.expect("a head") + 4..];
    let pem = openssl::x509::X509::from_der(der).and_then(|one| one.to_pem());
    std::fs::write(scene.path("ca.pem"), pem.expect("a certificate")).expect("a file");
    "ca.pem"
}

#[test]
fn a_house_vouches_for_itself_and_phones_come_to_know_it() {
    let house = house();
    let made = house.run(["tls", "--host", "192.168.77.1", "--host", "Box.example"]);
    let made = made.done();
    let names = made["names"].as_array().expect("names");
    for name in [
        "hearthpost.local",
        "localhost",
        "127.0.0.1",
        "192.168.77.1",
        "box.example",
    ] {
        assert!(names.iter().any(|one| one == name), "{name}: {names:?}");
    }
    for name in ["site.pem", "ca.crt", "keys.toml"] {
        use std::os::unix::fs::PermissionsExt;
        let file = std::fs::metadata(house.path("data").join(name)).expect("there");
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let scene = serve(house);
    let page = scene.curl("http", "/ca", &[]);
    assert_eq!(page.status(), "200", "{}", page.text);
    let fingerprint = made["fingerprint"].as_str().expect("text");
    assert!(page.text.contains(fingerprint) && page.text.contains("/ca.crt"));
    let ca = trusted(&scene);
    let inside = scene.curl("https", "/sign-in", &["--cacert", ca]);
    assert_eq!(inside.status(), "200", "{}", inside.text);
    assert_eq!(
        inside.all("strict-transport-security"),
        [""; 0],
        "a house that loses its authority must not be out of reach"
    );
    let named = scene.curl(
        "https",
        "/sign-in",
        &["--cacert", ca, "-H", "host: box.example"],
    );
    assert_eq!(
        named.status(),
        "200",
        "a name of the certificate is one of the site"
    );
    assert_eq!(scene.curl("http", "/sign-in", &[]).status(), "307");
}

#[test]
fn a_certificate_made_while_the_box_runs_is_used_at_once() {
    let scene = serve(house());
    assert_eq!(scene.curl("http", "/sign-in", &[]).status(), "200");
    assert_eq!(scene.curl("http", "/ca", &[]).status(), "404");
    assert_eq!(scene.curl("http", "/ca.crt", &[]).status(), "404");
    scene.house.run(["tls"]).done();
    let ca = trusted(&scene);
    let inside = scene.curl("https", "/sign-in", &["--cacert", ca]);
    assert_eq!(inside.status(), "200", "{}", inside.text);
}

#[test]
fn the_authority_stays_until_a_new_one_is_asked_for() {
    let house = house();
    let first = house.run(["tls", "--host", "box.example"]).done();
    let key = || std::fs::read_to_string(house.path("data/keys.toml")).expect("keys");
    let keys = key();
    let again = house.run(["tls", "--host", "10.1.2.3"]).done();
    assert_eq!(again["fingerprint"], first["fingerprint"]);
    assert_eq!(
        (&first["new_authority"], &again["new_authority"]),
        (&true.into(), &false.into())
    );
    let names = again["names"].to_string();
    assert!(
        names.contains("box.example") && names.contains("10.1.2.3"),
        "{names}"
    );
    assert_eq!(key(), keys, "no key is touched");
    let (code, words) = house.run(["tls", "--host", "elsewhere.example"]).failed(2);
    assert_eq!(code, "name");
    assert!(words.contains("elsewhere.example"), "{words}");
    let new = house
        .run(["tls", "--new", "--host", "elsewhere.example"])
        .done();
    assert_ne!(new["fingerprint"], first["fingerprint"]);
    let names = new["names"].to_string();
    assert!(
        names.contains("elsewhere.example") && !names.contains("box.example"),
        "{names}"
    );
    assert_eq!(house.run(["tls", "--host", "http://x"]).failed(2).0, "host");
    let other_keys = |text: &str| text.split("[authority]").next().map(str::to_owned);
    assert_eq!(
        other_keys(&key()),
        other_keys(&keys),
        "the others are as they were"
    );
    certify(house.folder.path(), "box.pem", "box.key");
    with_settings(&house, "certificate = \"box.pem\"\nkey = \"box.key\"");
    assert_eq!(house.run(["tls"]).failed(2).0, "certificate");
}

#[test]
fn no_browser_believes_the_authority_about_others() {
    let house = house();
    let folder = house.folder.path();
    let now = Reading::take().wall;
    let own: [SiteName; 1] = ["box.local".parse().expect("a name")];
    let authority = Authority::generate("House A", &own, now).expect("made");
    let ca = openssl::x509::X509::from_der(&authority.certificate_der().expect("DER"));
    let pem = ca.and_then(|ca| ca.to_pem()).expect("PEM");
    std::fs::write(folder.join("ca.pem"), pem).expect("a file");
    for (name, good) in [
        ("box.local", true),
        ("192.168.1.20", true),
        ("bank.example", false),
        ("8.8.8.8", false),
    ] {
        let names: [SiteName; 1] = [name.parse().expect("a name")];
        let issued = authority.issue(&names, now).expect("issued");
        std::fs::write(folder.join("it.pem"), &*issued).expect("a file");
        let judged = Command::new("openssl")
            .args([
                "verify",
                "-x509_strict",
                "-purpose",
                "sslserver",
                "-CAfile",
                "ca.pem",
                "it.pem",
            ])
            .current_dir(folder)
            .output()
            .expect("openssl runs");
        let words = String::from_utf8_lossy(&judged.stderr);
        assert_eq!(judged.status.success(), good, "{name}: {words}");
        assert!(
            good || words.contains("permitted subtree violation"),
            "{name}: {words}"
        );
    }
}

#[test]
fn the_box_renews_its_certificate_in_time_and_by_a_sure_clock() {
    let house = house();
    house.run(["tls", "--host", "box.example"]).done();
    let mut home = Household::open(&house.path("hearthpost.toml")).expect("opens");
    let begun = Reading::take().wall;
    let at = |days: u64, confirmed: bool| {
        let now = begun.plus_seconds(days * 86_400);
        Now {
            now,
            floor: Timestamp::from_unix(0),
            confirmed,
        }
    };
    let pem = || std::fs::read(house.path("data/site.pem")).expect("there");
    let mut renewed = |now: Now| home.renew_certificate(now).expect("no trouble");
    let first = pem();
    assert!(!renewed(at(0, true)));
    assert!(!renewed(at(360, true)));
    assert!(!renewed(at(380, false)));
    assert_eq!(pem(), first);
    assert!(renewed(at(380, true)));
    assert_ne!(pem(), first);
    assert!(!renewed(at(380, true)));
    let ca = std::fs::read(house.path("data/ca.crt")).expect("there");
    // As after a backup was restored.
    for name in ["data/site.pem", "data/ca.crt"] {
        std::fs::remove_file(house.path(name)).expect("removed");
    }
    assert!(renewed(at(380, true)));
    assert_eq!(std::fs::read(house.path("data/ca.crt")).expect("there"), ca);
    let names = home.certified_names().expect("readable");
    let local: SiteName = "hearthpost.local".parse().expect("a name");
    assert!(names.contains(&local));
}
