//! Any bytes as a letter sealed twice, and as what lies in the outer of its two envelopes.
#![no_main]

use hearthpost::envelope::fuzzing::{open_outer, seal_outer};
use hearthpost::envelope::{addressed, open_letter};
use hearthpost_fuzz::homes::QUANTUM;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (key, keys) = (&QUANTUM.keys[0], &QUANTUM.keys);
    if open_letter(bytes, keys).is_ok() {
        let said = addressed(bytes).expect("what opens has an envelope");
        assert!(said.key_id.len() <= 32);
    }
    let sealed = seal_outer(bytes, key.certificate()).expect("it has the key");
    assert_eq!(open_outer(&sealed, key).as_deref(), Ok(bytes));
    let inner = addressed(bytes).is_ok_and(|one| !one.is_quantum_safe);
    match open_letter(&sealed, keys) {
        // The inner letter, to the same key and nothing less.
        Ok(content) => {
            assert!(inner);
            assert_eq!(open_letter(bytes, keys), Ok(content));
        }
        Err(_) => assert!(!inner || open_letter(bytes, keys).is_err()),
    }
});
