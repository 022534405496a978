//! Letters whose bytes are outside the profile: other encodings, other structures, JSON that says too much. Each is
//! refused once, without an answer, without harm, and without stopping what comes after it.

use crate::old_key;
use std::time::{Duration, Instant};

use crate::house::forge::{bend_der, bend_json, tlv, wrap};
use crate::house::{House, Village, order, picture};
use hearthpost::album::ShareState;
use hearthpost::envelope::seal_letter;
use hearthpost::message::mime::read_pkcs7_entity;
use hearthpost::message::{Code, ReceiptState};

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
    letter: Vec<u8>,
    parts: Vec<Vec<u8>>,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let rules = "display=1280,until=2030-01-01T00:00:00Z";
    let order = order(&[&items[0]], &["home-b@b.example"], rules);
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    let mut parts = village.take_mail(&b);
    let letter = parts.remove(0);
    Scene {
        village,
        a,
        b,
        share,
        letter,
        parts,
    }
}

impl Scene {
    /// `b` refuses a mail for a reason that holds `words`; then the honest letter still does its work.
    fn refuses(self, mail: &[u8], words: &str) {
        self.refuses_and_answers(mail, words, &[]);
    }

    /// As [`Scene::refuses`]; `a` gets these receipts.
    fn refuses_and_answers(
        mut self,
        mail: &[u8],
        words: &str,
        answers: &[(ReceiptState, Option<Code>)],
    ) {
        let before = self.b.visible();
        self.village.deliver(&self.b, mail);
        let done = self.village.sync(&mut self.b);
        let [reason] = done.refused.as_slice() else {
            panic!("{:?}", done.refused);
        };
        assert!(reason.contains(words), "{reason}");
        assert_eq!(self.b.visible(), before);
        assert_eq!(self.village.receipts(&self.a), answers);
        let again = self.village.sync(&mut self.b);
        assert_eq!(again.fetched, 0, "it is judged once");
        self.village.deliver(&self.b, &self.letter);
        for part in &self.parts {
            self.village.deliver(&self.b, part);
        }
        self.village.sync(&mut self.b);
        let state = self.b.share_named(&self.share).state;
        assert_eq!(state, ShareState::Complete);
    }

    fn refuses_der(self, words: &str, bend: impl FnOnce(Vec<u8>) -> Vec<u8>) {
        let mail = bend_der(&self.letter, &self.a, &self.b, bend);
        self.refuses(&mail, words);
    }

    fn refuses_json(self, words: &str, bend: impl FnOnce(String) -> String) {
        let mail = bend_json(&self.letter, &self.a, &self.b, |json| {
            let bent = bend(json.clone());
            assert_ne!(bent, json);
            bent
        });
        // Well signed by a known household: it is told that its letter was not understood.
        let answer = (ReceiptState::Refused, Some(Code::Unsupported));
        self.refuses_and_answers(&mail, words, &[answer]);
    }

    /// What does not even say which grant it is has no answer.
    fn refuses_nameless_json(self, words: &str, bend: impl FnOnce(String) -> String) {
        let mail = bend_json(&self.letter, &self.a, &self.b, bend);
        self.refuses(&mail, words);
    }
}

/// Content octets of the outermost element.
fn inside(der: &[u8]) -> &[u8] {
    let head = match der[1] {
        0..0x80 => 2,
        n => 2 + usize::from(n & 0x7f),
    };
    &der[head..element_len(der)]
}

#[test]
fn truncated_der() {
    scene().refuses_der("profile", |mut der| {
        der.truncate(der.len() / 2);
        der
    });
}

#[test]
fn trailing_bytes() {
    scene().refuses_der("profile", |mut der| {
        der.push(0);
        der
    });
}

#[test]
fn indefinite_length_is_refused_with_a_reason_that_says_so() {
    scene().refuses_der("BER", |der| {
        [&[0x30, 0x80][..], inside(&der), &[0, 0]].concat()
    });
}

#[test]
fn length_in_more_octets_than_needed() {
    scene().refuses_der("profile", |der| {
        let content = inside(&der);
        let len = (content.len() as u32).to_be_bytes();
        [&[0x30, 0x85, 0][..], &len, content].concat()
    });
}

#[test]
fn nesting_of_a_hundred_thousand_levels() {
    let mut backwards: Vec<u8> = Vec::new();
    for _ in 0..100_000 {
        let head = tlv(0x30, &vec![0; backwards.len()]);
        let head = &head[..head.len() - backwards.len()];
        backwards.extend(head.iter().rev());
    }
    backwards.reverse();
    scene().refuses_der("profile", |_| backwards);
}

#[test]
fn nesting_of_a_hundred_thousand_levels_without_lengths() {
    scene().refuses_der("profile", |_| [0x30, 0x80].repeat(100_000));
}

#[test]
fn sixteen_thousand_recipients() {
    let mut scene = scene();
    // To a key of before, whose entries are so small that so many fit.
    let now = scene.b.now();
    let old = old_key::old_key(&scene.b.home.keys.identity, now);
    let der = seal_letter(b"hello", old.certificate()).expect("sealed");
    let many = with_recipients(&der, 16_000);
    let mail = wrap(&scene.a, &scene.b, &many);
    let start = Instant::now();
    scene.refuses(&mail, "profile");
    assert!(start.elapsed() < Duration::from_secs(30));
}

/// The same envelope with its one recipient so many times, each named otherwise, in falling order: the worst for
/// whoever sorts.
fn with_recipients(der: &[u8], count: usize) -> Vec<u8> {
    // ContentInfo { oid, [0] { AuthEnvelopedData { version, SET { recipient }, … } } }
    let info = inside(der);
    let oid_len = 2 + usize::from(info[1]);
    let (oid, explicit) = info.split_at(oid_len);
    let body = inside(inside(explicit));
    let (version, rest) = body.split_at(3);
    let recipients = inside(rest);
    let after = &rest[element_len(rest)..];
    let id_at = recipients
        .windows(4)
        .position(|w| w == [0xa0, 0x16, 0x04, 0x14])
        .map(|at| at + 4)
        .expect("rKeyId");
    let mut all = Vec::with_capacity(count * recipients.len());
    for n in (0..count as u32).rev() {
        let mut one = recipients.to_vec();
        one[id_at..id_at + 4].copy_from_slice(&n.to_be_bytes());
        all.extend_from_slice(&one);
    }
    let body = [version, &tlv(0x31, &all), after].concat();
    let explicit = tlv(0xa0, &tlv(0x30, &body));
    tlv(0x30, &[oid, &explicit].concat())
}

fn element_len(der: &[u8]) -> usize {
    let head = match der[1] {
        0..0x80 => return 2 + usize::from(der[1]),
        n => usize::from(n & 0x7f),
    };
    let len = der[2..2 + head]
        .iter()
        .fold(0, |len, &b| len << 8 | usize::from(b));
    2 + head + len
}

#[test]
fn plain_enveloped_data_is_never_read() {
    use openssl::cms::{CMSOptions, CmsContentInfo};
    use openssl::stack::Stack;
    use openssl::symm::Cipher;
    use openssl::x509::X509;
    let scene = scene();
    let mut certificates = Stack::new().expect("a stack");
    let own = X509::from_der(scene.b.certificate().der()).expect("a certificate");
    certificates.push(own).expect("room");
    let cipher = Cipher::aes_256_cbc();
    let sealed = CmsContentInfo::encrypt(&certificates, b"hello", cipher, CMSOptions::BINARY);
    let der = sealed.and_then(|cms| cms.to_der()).expect("sealed");
    let mail = wrap(&scene.a, &scene.b, &der);
    scene.refuses(&mail, "profile");
}

#[test]
fn unknown_field_in_rules() {
    scene().refuses_json("JSON", |json| {
        json.replacen("\"not_after\"", "\"colour\":true,\"not_after\"", 1)
    });
}

#[test]
fn doubled_key() {
    scene().refuses_nameless_json("JSON", |json| {
        json.replacen("\"title\":\"\"", "\"title\":\"\",\"title\":\"x\"", 1)
    });
}

#[test]
fn doubled_key_deep_inside() {
    scene().refuses_json("JSON", |json| {
        json.replacen(
            "\"max_edge\":1280",
            "\"max_edge\":1280,\"max_edge\":4000",
            1,
        )
    });
}

#[test]
fn trailing_bytes_after_the_json() {
    scene().refuses_nameless_json("JSON", |json| json + " {}");
}

#[test]
fn field_that_is_missing() {
    scene().refuses_json("JSON", |json| json.replacen(",\"relay\":[]", "", 1));
}

#[test]
fn another_version() {
    scene().refuses_json("version", |json| {
        json.replacen("\"version\":1", "\"version\":2", 1)
    });
}

#[test]
fn number_that_is_no_integer() {
    scene().refuses_json("JSON", |json| json.replacen("1280", "1280.0", 1));
}

#[test]
fn limit_of_zero() {
    scene().refuses_json("JSON", |json| json.replacen("1280", "0", 1));
}

#[test]
fn station_with_a_path_for_a_name() {
    scene().refuses_json("JSON", |json| {
        json.replacen("\"everyone\"", "\"../bob\"", 1)
    });
}

#[test]
fn letter_signed_by_another_than_it_says() {
    let scene = scene();
    let stranger = scene.village.house("c", &[]);
    let mail = bend_json(&scene.letter, &stranger, &scene.b, |json| json);
    scene.refuses(&mail, "not signed by whom it is from");
}

#[test]
fn grant_without_an_envelope() {
    let scene = scene();
    let der = read_pkcs7_entity(&scene.letter).expect("an entity");
    let keys = &scene.b.home.keys.encryption;
    let entity = hearthpost::envelope::open_letter(&der, keys).expect("opens");
    let signed = read_pkcs7_entity(&entity).expect("an entity");
    let mail = wrap(&scene.a, &scene.b, &signed);
    scene.refuses(&mail, "not enveloped");
}
