//! Letters as text. Each line is a JSON object with a few characters before it that say who signs it:
//!
//! - `a!{…}` is an object signed by A: a manifest, a permit, a revocation. They are counted from 0.
//! - `a>{…}` is a letter by A to B, enveloped; `a>2{…}` is one with the object 2 as its manifest.
//! - `a?{…}` is a letter that travels open.
//!
//! Where a whole string of the JSON is one of these, something else stands there: `$0` the DER of an object, `#0` its digest,
//! `@a` a fingerprint, `^a` and `&a` the certificates of an identity and of its encryption key.

use std::collections::BTreeMap;

use hearthpost::encoding::base64_of;
use hearthpost::envelope::{Digest, seal_letter, sign};
use hearthpost::message::mime::{Outer, letter_message, pkcs7_entity, write_content};

use crate::homes::{HOMES, Home, me, now};

/// More lines than any story needs; each costs a signature or two.
const LINES: usize = 12;

/// What stands for what.
pub type Names = BTreeMap<String, String>;

/// A letter, signed.
pub struct Signed {
    pub from: &'static Home,
    /// The DER of its SignedData.
    pub der: Vec<u8>,
    pub enveloped: bool,
}

/// Names for certificates and fingerprints.
pub fn names() -> Names {
    let mut names = Names::new();
    for home in HOMES.iter() {
        let letter = home.letter;
        names.insert(
            format!("@{letter}"),
            home.identity.fingerprint().to_string(),
        );
        names.insert(format!("^{letter}"), base64_of(home.card.identity.der()));
        names.insert(
            format!("&{letter}"),
            base64_of(home.card.encryption[0].der()),
        );
    }
    names
}

/// The letters of a script.
pub fn letters(script: &[u8], mut names: Names) -> Vec<Signed> {
    let mut objects: Vec<Vec<u8>> = Vec::new();
    let mut letters = Vec::new();
    for line in script.split(|&c| c == b'\n').take(LINES) {
        let Some((from, kind, rest)) = begin(line) else {
            continue;
        };
        let (number, json) = match rest {
            [digit @ b'0'..=b'9', json @ ..] => (Some(usize::from(digit - b'0')), json),
            json => (None, json),
        };
        let json = named(json, &names);
        if kind == b'!' {
            let der = sign(&from.identity, &json, now()).expect("any bytes can be signed");
            let n = objects.len();
            names.insert(format!("${n}"), base64_of(&der));
            names.insert(format!("#{n}"), Digest::of(&json).to_string());
            objects.push(der);
            continue;
        }
        let manifest = number.and_then(|number| objects.get(number));
        let content = write_content(&json, manifest.map(Vec::as_slice));
        letters.push(Signed {
            from,
            der: sign(&from.identity, &content, now()).expect("any bytes can be signed"),
            enveloped: kind == b'>',
        });
    }
    letters
}

fn begin(line: &[u8]) -> Option<(&'static Home, u8, &[u8])> {
    let [who, kind @ (b'!' | b'>' | b'?'), rest @ ..] = line else {
        return None;
    };
    let home = HOMES.iter().find(|home| home.letter == char::from(*who))?;
    Some((home, *kind, rest))
}

/// The JSON with what its names stand for.
fn named(json: &[u8], names: &Names) -> Vec<u8> {
    let pieces = json.split(|&c| c == b'"').map(|piece| {
        let name = std::str::from_utf8(piece)
            .ok()
            .filter(|name| name.len() <= 3);
        let stands_for = name.and_then(|name| names.get(name));
        stands_for.map_or(piece, |text| text.as_bytes())
    });
    pieces.collect::<Vec<_>>().join(&b'"')
}

impl Signed {
    /// The mail to B.
    pub fn mail(&self) -> Vec<u8> {
        let mailbox = |home: &Home| home.card.identity.mailbox().clone();
        let outer = Outer::new(mailbox(self.from), Some(mailbox(me())), now());
        if !self.enveloped {
            return letter_message(&outer, "signed-data", &self.der);
        }
        let entity = pkcs7_entity("signed-data", &self.der);
        let sealed = seal_letter(&entity, &me().card.encryption[0]).expect("it can be sealed");
        letter_message(&outer, "authEnveloped-data", &sealed)
    }
}
