//! Seven households with real keys, made once per test program, and what several tests write with them.
#![allow(dead_code, reason = "each test program uses its own share of these")]

pub mod draft;
pub mod old;
pub mod old_key;

use std::sync::LazyLock;

use hearthpost::address::Mailbox;
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{
    Card, Digest, EncryptionKey, Fingerprint, Id, Identity, ItemKey, PartBuffer,
};
use hearthpost::message::mime::Outer;
use hearthpost::message::{Body, Header, Receipt, ReceiptState};

/// A household with its keys.
pub struct Household {
    pub identity: Identity,
    pub encryption: EncryptionKey,
}

static ALL: LazyLock<Vec<Household>> = LazyLock::new(|| {
    ["Anna", "Bob", "Carla", "Dora", "Emil", "Fritz", "Greta"]
        .into_iter()
        .map(|name| {
            let identity =
                Identity::generate(name, &mailbox_of(name), issue_day()).expect("an identity");
            let encryption = identity
                .issue_encryption_key(issue_day())
                .expect("an encryption key");
            Household {
                identity,
                encryption,
            }
        })
        .collect()
});

/// The household of that number: 0 is Anna, the origin of everything.
pub fn home(n: usize) -> &'static Household {
    &ALL[n]
}

pub fn anna() -> &'static Household {
    home(0)
}

pub fn bob() -> &'static Household {
    home(1)
}

impl Household {
    pub fn fingerprint(&self) -> Fingerprint {
        self.identity.fingerprint()
    }

    pub fn mailbox(&self) -> Mailbox {
        self.identity.certificate().mailbox().clone()
    }

    pub fn card(&self) -> Card {
        Card {
            identity: self.identity.certificate().clone(),
            encryption: vec![self.encryption.certificate().clone()],
        }
    }

    /// The same keys, in the form in which the reading functions take them.
    pub fn keys(&self) -> Vec<EncryptionKey> {
        vec![self.encryption.clone()]
    }
}

fn mailbox_of(name: &str) -> Mailbox {
    format!("{}@example.org", name.to_lowercase())
        .parse()
        .expect("an address")
}

/// The day on which all keys were made.
pub fn issue_day() -> Timestamp {
    time("2026-01-01T00:00:00Z")
}

/// The moment at which everything here is written and read.
pub fn now() -> Timestamp {
    time("2026-06-01T12:00:00Z")
}

pub fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// A header from one household to another.
pub fn header(from: &Household, to: Option<&Household>) -> Header {
    Header {
        id: Id::random(),
        from: from.fingerprint(),
        to: to.map(Household::fingerprint),
        issued: now(),
    }
}

pub fn outer(from: &Household, to: &Household) -> Outer {
    Outer::new(from.mailbox(), Some(to.mailbox()), now())
}

/// The shortest letter there is: a refusal.
pub fn refusal() -> Body {
    Body::Receipt(Receipt {
        share: Id::random(),
        origin: anna().fingerprint(),
        state: ReceiptState::Refused,
        reason: None,
        letter: None,
        chain: Vec::new(),
    })
}

/// A sealed part with its digest.
pub fn sealed(key: &ItemKey, content: &[u8]) -> (Vec<u8>, Digest) {
    let mut buffer = PartBuffer::default();
    buffer.fill(&mut &content[..]).expect("memory is readable");
    let part = buffer.seal(key).expect("sealed");
    (part.der.to_vec(), part.digest)
}
