//! The `openssl` command as independent judge, both ways: what we write it opens and verifies, what it writes in the same
//! form we open.

use crate::households;
use std::path::PathBuf;
use std::process::{Command, Output};

use hearthpost::encoding::hex_of;
use hearthpost::envelope::{
    ContentKey, EncryptionKey, EnvelopeError, Id, Identity, ItemKey, PART_SIZE, open_letter,
    open_part, verify,
};
use hearthpost::message::mime::{letter_message, read_pkcs7_entity};
use hearthpost::message::{
    Body, Code, check_grant, open_letter_mail, seal_letter_mail, write_letter,
};
use hearthpost::rules::Tier;

use crate::households::draft::Draft;
use crate::households::old::{anna, bob};
use crate::households::{Household, header, now, outer, sealed};

/// A folder with the keys and certificates of two households as files, in which the command runs.
struct Desk(tempfile::TempDir);

impl Desk {
    /// With keys of before there was ML-KEM, which this OpenSSL does not know.
    fn new() -> Self {
        Desk::of([anna(), bob()])
    }

    fn of(homes: [&Household; 2]) -> Self {
        let desk = Desk(tempfile::tempdir().expect("a folder"));
        for (name, home) in ["anna", "bob"].into_iter().zip(homes) {
            desk.put(
                &format!("{name}.pem"),
                home.card().to_pem().expect("PEM").as_bytes(),
            );
            desk.put(
                &format!("{name}-identity.der"),
                home.identity.certificate().der(),
            );
            desk.put(
                &format!("{name}-identity.key"),
                &home.identity.key_der().expect("a key"),
            );
            desk.put(
                &format!("{name}-encryption.der"),
                home.encryption.certificate().der(),
            );
            desk.put(
                &format!("{name}-encryption.key"),
                &home.encryption.key_der().expect("a key"),
            );
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("written");
    }

    fn get(&self, name: &str) -> Vec<u8> {
        let path = self.path(name);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Runs `openssl` with these words.
    fn try_openssl(&self, words: &str) -> Output {
        let mut command = Command::new("openssl");
        command
            .args(words.split_whitespace())
            .current_dir(self.0.path());
        command.output().expect("the openssl command is installed")
    }

    #[track_caller]
    fn openssl(&self, words: &str) -> String {
        let output = self.try_openssl(words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {words}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn item_key() -> ItemKey {
    ContentKey::random().item(Id::random(), Tier::Original)
}

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n % 251) as u8).collect()
}

#[test]
fn a_part_opens_with_the_item_key() {
    let (desk, key) = (Desk::new(), item_key());
    let secret = format!(
        "-secretkey {} -secretkeyid {}",
        hex_of(key.as_bytes()),
        key.kek_id()
    );
    for len in [1, 100, 70_000, PART_SIZE] {
        desk.put("part.der", &sealed(&key, &content(len)).0);
        desk.openssl(&format!(
            "cms -decrypt -binary -inform DER -in part.der -out plain {secret}"
        ));
        assert!(desk.get("plain") == content(len), "{len} bytes");
    }
    let wrong = format!(
        "-secretkey {} -secretkeyid {}",
        hex_of(item_key().as_bytes()),
        key.kek_id()
    );
    let output = desk.try_openssl(&format!(
        "cms -decrypt -binary -inform DER -in part.der -out plain {wrong}"
    ));
    assert_eq!(output.status.code(), Some(4));
}

#[test]
fn a_part_by_openssl_opens_and_has_the_same_form() {
    let (desk, key) = (Desk::new(), item_key());
    let secret = format!(
        "-secretkey {} -secretkeyid {}",
        hex_of(key.as_bytes()),
        key.kek_id()
    );
    for len in [1, 100, 70_000, PART_SIZE] {
        desk.put("plain", &content(len));
        desk.openssl(&format!(
            "cms -encrypt -binary -aes-256-gcm -in plain -outform DER -out part.der {secret}"
        ));
        let mut part = desk.get("part.der");
        assert_eq!(part.len(), sealed(&key, &content(len)).0.len());
        assert!(open_part(&mut part, &key).expect("opens") == content(len).as_slice());
    }
    desk.put("plain", &content(100));
    desk.openssl(&format!(
        "cms -encrypt -binary -aes-256-cbc -in plain -outform DER -out cbc.der {secret}"
    ));
    open_part(&mut desk.get("cbc.der"), &key).expect_err("plain EnvelopedData");
    desk.openssl(&format!(
        "cms -encrypt -binary -stream -aes-256-gcm -in plain -outform DER -out ber.der {secret}"
    ));
    let refusal = open_part(&mut desk.get("ber.der"), &key).expect_err("BER");
    assert_eq!(refusal, EnvelopeError::Profile("BER: an indefinite length"));
}

#[test]
fn a_grant_opens_with_the_servers_key_and_verifies_against_the_identity() {
    let (desk, draft) = (Desk::new(), Draft::whole(1));
    let certificate = Some(bob().encryption.certificate());
    let header = header(anna(), Some(bob()));
    let mail = seal_letter_mail(
        &outer(anna(), bob()),
        &header,
        &draft.body(),
        &anna().identity,
        certificate,
    );
    desk.put("letter.eml", &mail.expect("sealed"));
    desk.openssl("cms -decrypt -binary -in letter.eml -inkey bob-encryption.key -recip bob-encryption.der -out signed.eml");
    let by_key = desk.try_openssl(
        "cms -decrypt -binary -in letter.eml -inkey bob-encryption.key -out again.eml",
    );
    assert!(by_key.status.success() && desk.get("again.eml") == desk.get("signed.eml"));
    let verify = "cms -verify -binary -in signed.eml -CAfile";
    let attime = format!("-attime {}", now().unix());
    desk.openssl(&format!("{verify} anna.pem {attime} -out letter.mime"));
    let mime = String::from_utf8_lossy(&desk.get("letter.mime")).into_owned();
    assert!(
        mime.contains("\"type\":\"grant\"") && mime.contains("a Hearthpost home server opens it")
    );
    let stranger = desk.try_openssl(&format!("{verify} bob.pem {attime} -out none.mime"));
    assert_eq!(stranger.status.code(), Some(4), "against another identity");
    let other_key = desk.try_openssl(
        "cms -decrypt -binary -in letter.eml -inkey anna-encryption.key -out none.eml",
    );
    assert_eq!(
        other_key.status.code(),
        Some(4),
        "with another server's key"
    );
}

#[test]
fn manifest_and_permits_verify_alone() {
    let (desk, draft) = (Desk::new(), Draft::whole(2));
    for (n, (permit, signer)) in draft.chain().iter().zip(["anna", "bob"]).enumerate() {
        desk.put("permit.der", permit.der());
        let check = format!(
            "-CAfile {signer}.pem -attime {} -out permit.json",
            now().unix()
        );
        desk.openssl(&format!(
            "cms -verify -binary -inform DER -in permit.der {check}"
        ));
        assert_eq!(
            desk.get("permit.json"),
            serde_json::to_vec(permit.permit()).expect("JSON"),
            "permit {n}"
        );
    }
    desk.put("manifest.der", draft.manifest.der());
    let check = format!(
        "-CAfile anna.pem -attime {} -out manifest.json",
        now().unix()
    );
    desk.openssl(&format!(
        "cms -verify -binary -inform DER -in manifest.der {check}"
    ));
    assert_eq!(
        desk.get("manifest.json"),
        serde_json::to_vec(draft.manifest.manifest()).expect("JSON")
    );
}

/// The words that make OpenSSL envelope to Bob in the form of the profile.
const TO_BOB: &str = "-keyid -aes256-wrap -recip bob-encryption.der -keyopt ecdh_kdf_md:sha256";
/// The words that make it sign as Anna in the form of the profile.
const AS_ANNA: &str = "-binary -nodetach -keyid -nosmimecap -md sha256 -signer anna-identity.der -inkey anna-identity.key";

#[test]
fn an_envelope_by_openssl_opens() {
    let desk = Desk::new();
    for len in [1, 100, 70_000] {
        desk.put("plain", &content(len));
        desk.openssl(&format!(
            "cms -encrypt -binary -aes-256-gcm -in plain -outform DER -out sealed.der {TO_BOB}"
        ));
        let opened = open_letter(&desk.get("sealed.der"), &bob().keys()).expect("opens");
        assert!(opened == content(len), "{len} bytes");
    }
    let refused = |words: &str| {
        desk.openssl(&format!(
            "cms -encrypt -binary -in plain -outform DER -out other.der {words}"
        ));
        open_letter(&desk.get("other.der"), &bob().keys()).expect_err(words)
    };
    let sha1 = "-aes-256-gcm -keyid -aes256-wrap -recip bob-encryption.der";
    let kdf = EnvelopeError::Profile("another key agreement than stdDH-sha256kdf with aes256-wrap");
    assert_eq!(
        refused(sha1),
        kdf,
        "SHA-1 is what OpenSSL takes without -keyopt"
    );
    let by_name = TO_BOB.replace("-keyid", "-aes-256-gcm");
    assert_eq!(
        refused(&by_name),
        EnvelopeError::Profile("a recipient that is not named by its key identifier")
    );
    let cbc = format!("-aes-256-cbc {TO_BOB}");
    let enveloped =
        EnvelopeError::Profile("not AuthEnvelopedData (plain EnvelopedData is never read)");
    assert_eq!(refused(&cbc), enveloped);
}

#[test]
fn a_signature_by_openssl_verifies() {
    let desk = Desk::new();
    desk.put("plain", &content(1_000));
    desk.openssl(&format!(
        "cms -sign {AS_ANNA} -in plain -outform DER -out signed.der"
    ));
    let signed = verify(&desk.get("signed.der")).expect("verifies");
    assert_eq!(signed.content(), content(1_000));
    assert_eq!(signed.signer().fingerprint(), anna().fingerprint());
    let refused = |words: &str| {
        desk.openssl(&format!(
            "cms -sign {words} -in plain -outform DER -out other.der"
        ));
        verify(&desk.get("other.der")).expect_err(words)
    };
    for (without, words) in [
        (
            "-nosmimecap",
            "other signed attributes than the three of the profile",
        ),
        ("-keyid", "another version or digest than the profile's"),
        ("-nodetach", "no content inside"),
    ] {
        assert_eq!(
            refused(&AS_ANNA.replace(without, "")),
            EnvelopeError::Profile(words),
            "{without} left out"
        );
    }
    let bare = format!("{AS_ANNA} -noattr");
    assert_eq!(
        refused(&bare),
        EnvelopeError::Profile("no signed attributes")
    );
    let sha1 = AS_ANNA.replace("sha256", "sha1");
    assert_eq!(
        refused(&sha1),
        EnvelopeError::Profile("another version or digest than the profile's")
    );
    let no_certificate = format!("{AS_ANNA} -nocerts");
    assert_eq!(
        refused(&no_certificate),
        EnvelopeError::Profile("not exactly the signer's certificate inside")
    );
}

#[test]
fn a_whole_grant_by_openssl_passes_the_check() {
    let (desk, draft) = (Desk::new(), Draft::whole(1));
    let ours = write_letter(
        &header(anna(), Some(bob())),
        &draft.body(),
        &anna().identity,
    )
    .expect("written");
    desk.put("content", verify(&ours).expect("good").content());
    // As S/MIME, so that the entity that OpenSSL writes around the signature is read too.
    desk.openssl(&format!(
        "cms -sign {AS_ANNA} -in content -outform SMIME -out signed.eml"
    ));
    let entity = String::from_utf8(desk.get("signed.eml"))
        .expect("ASCII")
        .replace("\r\n", "\n")
        .replace('\n', "\r\n");
    assert!(
        entity.contains("smime-type=signed-data"),
        "{}",
        &entity[..200]
    );
    desk.put("entity", entity.as_bytes());
    desk.openssl(&format!(
        "cms -encrypt -binary -aes-256-gcm -in entity -outform DER -out sealed.der {TO_BOB}"
    ));
    let mail = letter_message(
        &outer(anna(), bob()),
        "authEnveloped-data",
        &desk.get("sealed.der"),
    );
    let letter = open_letter_mail(&mail, &bob().keys()).expect("opens");
    assert!(letter.enveloped && matches!(letter.body, Body::Grant(..)));
    let passed = check_grant(letter, bob().fingerprint(), now()).expect("passes");
    assert_eq!(passed.header.from, anna().fingerprint());
    // And as mail, with the header that OpenSSL writes.
    desk.openssl(&format!(
        "cms -encrypt -binary -aes-256-gcm -in entity -outform SMIME -out sealed.eml {TO_BOB}"
    ));
    let mail = desk.get("sealed.eml");
    read_pkcs7_entity(&mail).expect("its entity is read");
    open_letter_mail(&mail, &bob().keys()).expect("opens");
    assert_eq!(
        open_letter_mail(&mail, &anna().keys())
            .expect_err("another's")
            .code,
        Code::Signature
    );
}

#[test]
fn certificates_verify_and_show_the_profile() {
    let desk = Desk::of([households::anna(), households::bob()]);
    let attime = format!("-attime {}", now().unix());
    for name in ["anna", "bob"] {
        desk.openssl(&format!(
            "x509 -in {name}-identity.der -out {name}-identity.pem"
        ));
    }
    desk.openssl(&format!(
        "verify -x509_strict {attime} -CAfile anna-identity.pem anna-identity.der"
    ));
    desk.openssl(&format!(
        "verify -x509_strict {attime} -CAfile anna-identity.pem anna-encryption.der"
    ));
    let other = desk.try_openssl(&format!(
        "verify {attime} -CAfile bob-identity.pem anna-encryption.der"
    ));
    assert!(!other.status.success(), "issued by Anna, not by Bob");
    let identity = desk.openssl("x509 -in anna-identity.der -noout -text");
    for shown in [
        "Version: 3",
        "Signature Algorithm: ecdsa-with-SHA256",
        "Issuer: CN = Anna",
        "Subject: CN = Anna",
        "Not After : Dec 31 23:59:59 9999 GMT",
        "NIST CURVE: P-256",
        "X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0",
        "X509v3 Key Usage: critical\n                Digital Signature, Certificate Sign\n",
        "X509v3 Subject Key Identifier",
        "X509v3 Authority Key Identifier",
        "X509v3 Subject Alternative Name: \n                email:anna@example.org",
    ] {
        assert!(identity.contains(shown), "{shown} is not in\n{identity}");
    }
    let encryption = desk.openssl("x509 -in anna-encryption.der -noout -text");
    for shown in [
        "Issuer: CN = Anna\n",
        "Subject: CN = Anna encryption",
        "Not Before: Jan  1 00:00:00 2026 GMT",
        "Not After : Jan  1 00:00:00 2027 GMT",
        "NIST CURVE: P-256",
        "X509v3 Basic Constraints: critical\n                CA:FALSE",
        "X509v3 Key Usage: critical\n                Key Agreement\n",
        "X509v3 Subject Key Identifier",
        "X509v3 Authority Key Identifier",
    ] {
        assert!(
            encryption.contains(shown),
            "{shown} is not in\n{encryption}"
        );
    }
    // RFC 7093 §2 method 1: the first 20 bytes of the SHA-256 of the point.
    desk.openssl("x509 -in anna-identity.der -noout -pubkey -out key.pem");
    desk.openssl("pkey -pubin -in key.pem -outform DER -out key.der");
    let spki = desk.get("key.der");
    let id = hex_of(&openssl::sha::sha256(&spki[spki.len() - 65..])[..20]).to_uppercase();
    assert!(
        identity.replace(':', "").contains(&id),
        "{id} is not in\n{identity}"
    );
    assert_eq!(
        hex_of(&openssl::sha::sha256(&spki)),
        anna().fingerprint().to_string()
    );
}

#[test]
fn keys_and_certificates_made_by_openssl_are_taken() {
    let desk = Desk::new();
    let extensions = "[identity]\nbasicConstraints=critical,CA:TRUE,pathlen:0\n\
                      keyUsage=critical,digitalSignature,keyCertSign\nsubjectKeyIdentifier=hash\n\
                      subjectAltName=email:vera@example.org\n\
                      [encryption]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyAgreement\n\
                      subjectKeyIdentifier=hash\n";
    desk.put(
        "x509.cnf",
        format!("[req]\ndistinguished_name=dn\n[dn]\n{extensions}").as_bytes(),
    );
    for name in ["identity", "encryption"] {
        let curve =
            "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve";
        desk.openssl(&format!("genpkey {curve} -outform DER -out {name}.key"));
        desk.openssl(&format!(
            "req -new -config x509.cnf -key {name}.key -keyform DER -subj /CN=Vera -out {name}.csr"
        ));
    }
    // `openssl ca` alone can write an end in the year 9999.
    desk.put("index", b"");
    let ca = "[ca]\ndefault_ca=c\n[c]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n";
    desk.put("ca.cnf", format!("{ca}{extensions}").as_bytes());
    desk.openssl("pkey -in identity.key -inform DER -out identity.pem");
    let sign = "ca -batch -notext -config ca.cnf -keyfile identity.pem";
    desk.openssl(&format!("{sign} -selfsign -extensions identity -enddate 99991231235959Z -in identity.csr -out identity.crt"));
    desk.openssl("x509 -req -in encryption.csr -days 365 -CA identity.crt -CAkey identity.pem -CAcreateserial -extfile x509.cnf -extensions encryption -out encryption.crt");
    let pem = [desk.get("encryption.crt"), desk.get("identity.crt")].concat();
    let card = hearthpost::envelope::Card::from_pem(&pem).expect("a card");
    assert_eq!(
        (card.identity.name(), card.identity.mailbox().as_str()),
        ("Vera", "vera@example.org")
    );
    let vera = Household {
        identity: Identity::from_der(&desk.get("identity.key"), card.identity.der())
            .expect("an identity"),
        encryption: EncryptionKey::from_der(
            &desk.get("encryption.key"),
            None,
            card.encryption[0].der(),
            &card.identity,
        )
        .expect("a key"),
    };
    let refusal = households::refusal();
    let mail = seal_letter_mail(
        &outer(anna(), &vera),
        &header(&vera, Some(&vera)),
        &refusal,
        &vera.identity,
        Some(&card.encryption[0]),
    );
    open_letter_mail(&mail.expect("sealed"), &[vera.encryption]).expect("opens");
}
