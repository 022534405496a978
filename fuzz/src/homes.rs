//! The households of `tests/vectors`.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Card, EncryptionKey, Identity};

/// When everything happens: a day after the build date below which no clock is believed, and soon after the vectors.
pub const NOW: i64 = 1_795_651_200;

/// One household.
pub struct Home {
    /// `a`, `b`, `c` or `d`.
    pub letter: char,
    pub card: Card,
    pub identity: Identity,
    pub keys: Vec<EncryptionKey>,
}

/// A, B and C.
pub static HOMES: LazyLock<[Home; 3]> = LazyLock::new(|| ['a', 'b', 'c'].map(Home::read));

/// D, which has keys of ML-KEM too.
pub static QUANTUM: LazyLock<Home> =
    LazyLock::new(|| Home::of('d', "tests/fixtures/quantum/home-d"));

/// The household to which letters go.
pub fn me() -> &'static Home {
    &HOMES[1]
}

/// The moment of every run.
pub fn now() -> Timestamp {
    Timestamp::from_unix(NOW)
}

/// A folder beside `src`.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

impl Home {
    fn read(letter: char) -> Home {
        Home::of(letter, &format!("tests/vectors/home-{letter}"))
    }

    fn of(letter: char, place: &str) -> Home {
        let file = |name: &str| {
            let path = folder(&format!("{place}/{name}"));
            std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let card = Card::from_pem(&file("card.pem")).expect("a card");
        let identity = Identity::from_der(&file("identity.der"), card.identity.der());
        let key = file("encryption.der");
        let second = std::fs::read(folder(&format!("{place}/second.der"))).ok();
        let second = second.as_deref();
        let keys = card.encryption.iter().map(|certificate| {
            EncryptionKey::from_der(&key, second, certificate.der(), &card.identity).expect("a key")
        });
        Home {
            letter,
            identity: identity.expect("the identity's key"),
            keys: keys.collect(),
            card,
        }
    }
}
