//! The directory, against a real slapd: found, taken, published; and one that is down, slow, wrong or not to be believed.

mod house;

use std::io::Read;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

use hearthpost::album::Trust;
use hearthpost::directory::{DirectoryError, Place};
use hearthpost::sharing::{Fault, Household};
use house::{House, Village, order, picture};
use serde_json::Value;

/// A slapd of its own, which ends with it.
struct Slapd {
    folder: tempfile::TempDir,
    about: Value,
}

fn script() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testmail/directory")
}

impl Slapd {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let started = Command::new(script())
            .arg("start")
            .arg(folder.path())
            .output();
        let started = started.expect("a shell");
        let said = String::from_utf8_lossy(&started.stderr).into_owned();
        assert!(started.status.success(), "slapd is needed: {said}");
        let about = serde_json::from_slice(&started.stdout).expect("JSON");
        Slapd { folder, about }
    }

    fn stop(&self) {
        let stopped = Command::new(script())
            .arg("stop")
            .arg(self.folder.path())
            .status();
        assert!(stopped.expect("a shell").success());
    }

    fn text(&self, name: &str) -> String {
        self.about[name].as_str().expect("a text").to_owned()
    }

    fn url(&self, tls: bool) -> String {
        match tls {
            true => format!("ldaps://127.0.0.1:{}", self.about["ldaps"]),
            false => format!("ldap://127.0.0.1:{}", self.about["ldap"]),
        }
    }

    /// A household that asks here, and signs in where `writes`.
    fn used_by(&self, house: &mut House, more: &str, writes: bool) {
        let config = house.folder.join("hearthpost.toml");
        let mut text = std::fs::read_to_string(&config).expect("a configuration");
        if let Some(at) = text.find("\n[directory]") {
            text.truncate(at);
        }
        let (url, base, ca) = (self.url(writes), self.text("base"), self.text("ca_file"));
        text += &format!(
            "\n[directory]\nurl = \"{url}\"\nbase = \"{base}\"\nca_file = \"{ca}\"\ntimeout = \"5s\"\n{more}\n"
        );
        if writes {
            let password = house.folder.join("directory-password");
            std::fs::write(&password, self.text("admin_password")).expect("a file");
            text += &format!(
                "user = \"{}\"\npassword_file = \"directory-password\"\n",
                self.text("admin_dn")
            );
        }
        std::fs::write(&config, text).expect("written");
        house.home = Household::open(&config).expect("opens");
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let _ = Command::new(script())
            .arg("stop")
            .arg(self.folder.path())
            .status();
    }
}

fn found(village: &Village, house: &House, what: &str) -> Vec<String> {
    let found = village
        .run(house.home.find_in_directory(what))
        .expect("asked");
    found.iter().map(|one| one.mailbox.to_string()).collect()
}

fn look(village: &Village, house: &mut House, to: &[&str]) -> Result<usize, Fault> {
    let to: Vec<String> = to.iter().map(|text| (*text).to_owned()).collect();
    let now = house.time();
    let taken = village.run(house.home.look_for_unknown(&to, now))?;
    Ok(taken.len())
}

#[test]
fn what_one_household_published_another_shares_with() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    slapd.used_by(&mut b, "", true);
    for words in [&["grandma".to_owned()][..], &["granny".to_owned()]] {
        let dn = village.run(b.home.publish(words)).expect("published");
        assert_eq!(dn, "mail=home-b@b.example,ou=people,o=test");
    }
    slapd.used_by(&mut a, "trusted = true", false);
    for what in ["home-b@b.example", "House B", "granny"] {
        assert_eq!(found(&village, &a, what), ["home-b@b.example"], "{what}");
    }
    // What was published before is not there any more; and nothing that is typed is a filter.
    for what in ["grandma", "*", "home-b@b.example)(cn=*", "\\2a", ""] {
        assert!(found(&village, &a, what).is_empty(), "{what}");
    }
    assert_eq!(
        look(&village, &mut a, &["home-b@b.example"]).expect("taken"),
        1
    );
    let contact = a.home.contact_at(&b.mailbox).expect("known");
    assert_eq!(contact.trust, Trust::Verified);
    assert!(contact.is_quantum_safe());
    assert_eq!(
        look(&village, &mut a, &["home-b@b.example"]).expect("known"),
        0
    );
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    a.share(&order(
        &[&items[0]],
        &["home-b+bob@b.example"],
        "display=full",
    ))
    .expect("recorded");
    // A grant of whom one does not know waits, but it came.
    village.sync(&mut a);
    assert!(!village.inbox(&b).is_empty());
}

#[test]
fn one_that_is_not_trusted_only_names_whom_it_knows() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    slapd.used_by(&mut b, "", true);
    village
        .run(b.home.publish(&["the-cousins".to_owned()]))
        .expect("published");
    slapd.used_by(&mut a, "", false);
    let fault = look(&village, &mut a, &["home-b@b.example"]).expect_err("asks first");
    assert_eq!(fault.code, "unknown_contact");
    assert!(fault.message.contains(&b.home.me().words()), "{fault:?}");
    let fault = look(&village, &mut a, &["the-cousins"]).expect_err("offers");
    assert_eq!(fault.code, "unknown_word");
    assert!(
        fault.message.contains("House B (home-b@b.example)"),
        "{fault:?}"
    );
    assert!(a.home.contacts().expect("rows").is_empty());
    let now = a.time();
    let added = village.run(a.home.add_from_directory(&b.mailbox, now));
    assert_eq!(added.expect("added").trust, Trust::Verified);
    let nobody = "home-z@z.example".parse().expect("a mailbox");
    let fault = village.run(a.home.add_from_directory(&nobody, now));
    assert_eq!(fault.expect_err("nobody").code, "unknown_contact");
}

#[test]
fn an_entry_counts_for_what_its_certificates_say() {
    let (slapd, village) = (Slapd::start(), Village::new("abc"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    let mut c = village.house("c", &[]);
    for house in [&mut b, &mut c] {
        slapd.used_by(house, "", true);
    }
    slapd.used_by(&mut a, "trusted = true", false);
    // C puts itself where B would be found: what counts is the mailbox that the identity has signed.
    let place = |mailbox: &str, certificates: Vec<Vec<u8>>| {
        let place = Place {
            url: slapd.url(true),
            base: slapd.text("base"),
            filter: "(mail={})".to_owned(),
            user: Some((
                slapd.text("admin_dn"),
                hearthpost::endpoint::Secret::new(slapd.text("admin_password")),
            )),
            extra_ca: Some(std::fs::read(slapd.text("ca_file")).expect("a file")),
            timeout: std::time::Duration::from_secs(5),
        };
        let mailbox = mailbox.parse().expect("a mailbox");
        let words = ["grandma".to_owned()];
        let published = place.publish(&mailbox, "Anyone", &words, &certificates);
        village.run(published).expect("published");
    };
    let ders = |house: &House| -> Vec<Vec<u8>> {
        house.home.keys.card().ders().map(<[u8]>::to_vec).collect()
    };
    place("home-b@b.example", ders(&c));
    assert_eq!(
        found(&village, &a, "home-b@b.example"),
        ["home-c@c.example"]
    );
    assert_eq!(
        look(&village, &mut a, &["home-b@b.example"]).expect("nobody"),
        0
    );
    // Two identities in one entry, or certificates of two households, are nobody's.
    place("home-b@b.example", [ders(&b), ders(&c)].concat());
    assert!(found(&village, &a, "home-b@b.example").is_empty());
    place(
        "home-b@b.example",
        vec![ders(&b)[0].clone(), ders(&c)[1].clone()],
    );
    assert!(found(&village, &a, "home-b@b.example").is_empty());
    place("home-b@b.example", vec![ders(&b)[0].clone()]);
    assert!(found(&village, &a, "home-b@b.example").is_empty());
    assert!(a.home.contacts().expect("rows").is_empty());
}

#[test]
fn a_directory_that_is_down_silent_or_another_is_named() {
    let (slapd, village) = (Slapd::start(), Village::new("a"));
    let mut a = village.house("a", &[]);
    let place = |url: &str, ca: bool| Place {
        url: url.to_owned(),
        base: slapd.text("base"),
        filter: "(mail={})".to_owned(),
        user: None,
        extra_ca: ca.then(|| std::fs::read(slapd.text("ca_file")).expect("a file")),
        timeout: std::time::Duration::from_millis(300),
    };
    let ask = |place: Place| village.run(place.find("x")).expect_err("of no use");
    let unknown_authority = ask(place(&slapd.url(true), false));
    assert!(
        matches!(unknown_authority, DirectoryError::Unreachable { .. }),
        "{unknown_authority}"
    );
    let starttls = ask(place(&slapd.url(false), false));
    assert!(
        matches!(starttls, DirectoryError::Unreachable { .. }),
        "{starttls}"
    );
    let mut elsewhere = place(&slapd.url(true), true);
    elsewhere.base = "o=nowhere".to_owned();
    let refused = ask(elsewhere);
    let code =
        |code| matches!(&refused, DirectoryError::Refused { code: said, .. } if *said == code);
    assert!(
        code(32) || matches!(refused, DirectoryError::Referral { .. }),
        "{refused}"
    );
    // It takes the line, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let keeps = std::thread::spawn(move || {
        let (mut line, _) = silent.accept().expect("a line");
        let _ = line.read_to_end(&mut Vec::new());
    });
    let error = ask(place(&format!("ldaps://127.0.0.1:{port}"), true));
    assert!(matches!(error, DirectoryError::Silent { .. }), "{error}");
    keeps.join().expect("it hung up");
    slapd.used_by(&mut a, "", false);
    slapd.stop();
    let fault = village
        .run(a.home.find_in_directory("x"))
        .expect_err("down");
    assert_eq!(fault.code, "directory");
    // Whom one knows is not asked for there.
    assert_eq!(
        look(&village, &mut a, &["home-a@a.example"]).expect("itself"),
        0
    );
}
