//! Any mail as a letter, to a server that has all the keys of the vectors.
#![no_main]

use std::sync::LazyLock;

use hearthpost::envelope::{EncryptionKey, may_be_ours};
use hearthpost::message::{name_of_grant, open_letter_mail};
use hearthpost_fuzz::homes::{HOMES, QUANTUM};
use hearthpost_fuzz::invariants::check_letter;

static KEYS: LazyLock<Vec<EncryptionKey>> = LazyLock::new(|| {
    let homes = HOMES.iter().chain([&*QUANTUM]);
    homes.map(|home| home.keys[0].clone()).collect()
});

libfuzzer_sys::fuzz_target!(|mail: &[u8]| {
    let keys = KEYS.as_slice();
    match open_letter_mail(mail, keys) {
        Ok(letter) => {
            check_letter(&letter);
            if letter.body.kind() == "grant" {
                let name = name_of_grant(mail, keys).expect("a grant that was read has its name");
                assert_eq!((name.id, name.from), (letter.header.id, letter.header.from));
            }
        }
        Err(_) => {
            let _ = name_of_grant(mail, keys);
        }
    }
    may_be_ours(&mail[..mail.len().min(1024)], keys);
});
