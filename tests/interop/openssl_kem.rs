//! OpenSSL 3.6 as independent judge of the outer envelope, both ways; for the inner one the `openssl` command, as it is.
//!
//! `testmail/check` runs this with HEARTHPOST_LIBCRYPTO naming the library of such a version.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::households::bob;
use crate::tree::{oid, parse};
use hearthpost::envelope::{EncryptionCertificate, addressed, open_letter, seal_letter};

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Desk(tempfile::tempdir().expect("a folder"))
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.path().join(name), bytes).expect("written");
    }

    fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.path().join(name)).expect("it is there")
    }

    #[track_caller]
    fn run(&self, command: &Path, words: &str) -> bool {
        let mut command = Command::new(command);
        command
            .args(words.split_whitespace())
            .current_dir(self.0.path());
        let output = command.output().expect("it runs");
        println!("{}", String::from_utf8_lossy(&output.stderr));
        output.status.success()
    }

    #[track_caller]
    fn openssl(&self, words: &str) {
        assert!(self.run(Path::new("openssl"), words), "openssl {words}");
    }

    fn kem(&self, words: &str) -> bool {
        let library = std::env::var("HEARTHPOST_LIBCRYPTO")
            .expect("HEARTHPOST_LIBCRYPTO names a libcrypto of OpenSSL 3.6");
        let kem = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testmail/kem");
        self.run(&kem, &format!("{library} {words}"))
    }
}

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n % 251) as u8).collect()
}

/// The second key as the only one of a certificate of the form of RFC 9935. Nobody looks at its signature.
fn of_second_key(certificate: &EncryptionCertificate) -> Vec<u8> {
    let mut tree = parse(certificate.der());
    let extensions = tree.at(&[0, 7, 0]).nodes();
    let second = oid("2.5.29.72");
    let at = extensions
        .iter_mut()
        .position(|one| *one.at(&[0]) == second);
    let mut one = extensions.remove(at.expect("a second key"));
    let usage = oid("2.5.29.15");
    extensions.retain_mut(|one| *one.at(&[0]) != usage);
    *tree.at(&[0, 6]) = parse(one.at(&[1]).bytes());
    tree.encode()
}

#[test]
#[ignore = "needs OpenSSL 3.6, which testmail/check brings"]
fn a_letter_sealed_twice_opens_with_the_two_keys_one_after_the_other() {
    let desk = Desk::new();
    let key = &bob().encryption;
    let second = key.second_key_der().expect("a key").expect("a second key");
    desk.put("second.key", &second);
    desk.put("first.key", &key.key_der().expect("a key"));
    for len in [1, 100, 70_000] {
        let sealed = seal_letter(&content(len), key.certificate()).expect("sealed");
        desk.put("sealed.der", &sealed);
        assert!(desk.kem("decrypt second.key sealed.der inner.der"));
        desk.openssl("cms -decrypt -binary -inform DER -in inner.der -inkey first.key -out plain");
        assert!(desk.get("plain") == content(len), "{len} bytes");
    }
    let mut bent = desk.get("sealed.der");
    bent[200] ^= 1;
    desk.put("bent.der", &bent);
    assert!(!desk.kem("decrypt second.key bent.der nothing"));
}

#[test]
#[ignore = "needs OpenSSL 3.6, which testmail/check brings"]
fn two_envelopes_by_openssl_open() {
    let desk = Desk::new();
    let certificate = bob().encryption.certificate();
    desk.put("bob.der", certificate.der());
    desk.put("second.der", &of_second_key(certificate));
    for len in [1, 100, 70_000] {
        desk.put("plain", &content(len));
        desk.openssl("cms -encrypt -binary -aes-256-gcm -in plain -outform DER -out inner.der -keyid -aes256-wrap -recip bob.der -keyopt ecdh_kdf_md:sha256");
        assert!(desk.kem("encrypt second.der inner.der sealed.der"));
        let sealed = desk.get("sealed.der");
        assert!(addressed(&sealed).expect("an envelope").is_to(certificate));
        let opened = open_letter(&sealed, &bob().keys()).expect("opens");
        assert!(opened == content(len), "{len} bytes");
        let ours = seal_letter(&content(len), certificate).expect("sealed");
        assert_eq!(ours.len(), sealed.len());
    }
}
