//! Any bytes as each of the strict objects: what is read is written in one way.
#![no_main]

use hearthpost::encoding::parse_object;
use hearthpost::message::body::{CardRequest, Ended, GrantAnswer, GrantRequest};
use hearthpost::message::{
    About, CardLetter, Grant, Join, JoinAnswer, Manifest, PartRequest, Permit, Receipt, Revocation,
};
use hearthpost::rules::Rules;
use serde::Serialize;
use serde::de::DeserializeOwned;

libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    read::<Manifest>(json);
    read::<Permit>(json);
    read::<Revocation>(json);
    read::<Grant>(json);
    read::<Receipt>(json);
    read::<PartRequest>(json);
    read::<GrantRequest>(json);
    read::<GrantAnswer>(json);
    read::<CardLetter>(json);
    read::<CardRequest>(json);
    read::<Ended>(json);
    read::<Join>(json);
    read::<JoinAnswer>(json);
    read::<About>(json);
    read::<Rules>(json);
});

fn read<T: Serialize + DeserializeOwned>(json: &[u8]) {
    let Ok(object) = parse_object::<T>(json) else {
        return;
    };
    let written = serde_json::to_vec(&object).expect("what was read can be written");
    let again: T = parse_object(&written).expect("what was written can be read");
    assert_eq!(serde_json::to_vec(&again).expect("JSON"), written);
}
