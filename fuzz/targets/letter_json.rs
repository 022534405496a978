//! Letters by households whose signatures are good, whatever they say: a script (`hearthpost_fuzz::script`) is signed and read.
#![no_main]

use std::sync::LazyLock;

use hearthpost::message::{open_letter_mail, read_letter};
use hearthpost_fuzz::homes::me;
use hearthpost_fuzz::invariants::{check_again, check_letter};
use hearthpost_fuzz::script::{Names, letters, names};

static NAMES: LazyLock<Names> = LazyLock::new(names);

libfuzzer_sys::fuzz_target!(|script: &[u8]| {
    for signed in letters(script, NAMES.clone()) {
        let Ok(letter) = read_letter(&signed.der, signed.enveloped) else {
            continue;
        };
        check_letter(&letter);
        check_again(&letter, signed.from);
        // By mail it says the same.
        let mailed = open_letter_mail(&signed.mail(), &me().keys).expect("it was read above");
        assert_eq!(
            (mailed.header, mailed.enveloped),
            (letter.header, letter.enveloped)
        );
    }
});
