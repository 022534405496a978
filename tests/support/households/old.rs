//! Anna and Bob as they were before there was ML-KEM: the same identities, encryption keys of P-256 alone.

use std::sync::LazyLock;

use hearthpost::envelope::Identity;

use super::Household;
use super::old_key::old_key;

static ALL: LazyLock<Vec<Household>> =
    LazyLock::new(|| vec![before(super::anna()), before(super::bob())]);

pub fn anna() -> &'static Household {
    &ALL[0]
}

pub fn bob() -> &'static Household {
    &ALL[1]
}

fn before(now: &Household) -> Household {
    let certificate = now.identity.certificate();
    let key = now.identity.key_der().expect("a key");
    let identity = Identity::from_der(&key, certificate.der()).expect("an identity");
    let encryption = old_key(&identity, super::issue_day());
    Household {
        identity,
        encryption,
    }
}
