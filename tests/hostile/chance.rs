//! Whatever bytes come, the readers answer: arbitrary ones, and good ones with bits turned.

use std::sync::LazyLock;

use hearthpost::encoding::parse_object;
use hearthpost::envelope::{Card, ContentKey, ItemKey, open_part, part_key_id, verify};
use hearthpost::message::body::{CardRequest, Ended, GrantAnswer, GrantRequest};
use hearthpost::message::mime::{read_content, read_pkcs7_entity};
use hearthpost::message::parts::part_of_content_id;
use hearthpost::message::{
    About, CardLetter, Grant, Join, JoinAnswer, Manifest, PartRequest, Permit, Receipt, Revocation,
    SignedManifest, SignedPermit, SignedRevocation, open_letter_mail, read_letter,
    seal_letter_mail, write_letter,
};
use hearthpost::rules::{Rules, Tier};
use proptest::prelude::*;

use crate::content::grant_text;
use crate::households::draft::{Draft, SHARE};
use crate::households::{anna, bob, header, outer, sealed};

fn key() -> ItemKey {
    ContentKey::from_bytes([7; 32]).item(SHARE.items[0], Tier::Preview)
}

/// One good example of everything that is read.
static GOOD: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let (draft, header) = (Draft::whole(2), header(bob(), Some(anna())));
    let certificate = Some(anna().encryption.certificate());
    let mail = seal_letter_mail(
        &outer(bob(), anna()),
        &header,
        &draft.body(),
        &bob().identity,
        certificate,
    );
    let signed = write_letter(&header, &draft.body(), &bob().identity).expect("written");
    let content = verify(&signed).expect("good").content().to_vec();
    vec![
        mail.expect("sealed"),
        signed,
        content,
        sealed(&key(), b"plain words").0,
        anna().card().to_pem().expect("PEM").into_bytes(),
        anna().identity.certificate().der().to_vec(),
        SHARE.manifest.der().to_vec(),
        grant_text().json.into_bytes(),
        serde_json::to_vec(SHARE.manifest.manifest()).expect("JSON"),
        serde_json::to_vec(&draft.chain()[1].permit()).expect("JSON"),
        format!("<{}@hearthpost.invalid>", SHARE.manifest.digest()).into_bytes(),
    ]
});

/// Gives the bytes to every reader there is. None may panic; what they say is tried elsewhere.
fn read_all(bytes: &[u8]) {
    let keys = anna().keys();
    let _ = open_letter_mail(bytes, &keys);
    let _ = read_letter(bytes, true);
    let _ = read_letter(bytes, false);
    let _ = verify(bytes);
    let _ = (
        SignedManifest::verify(bytes),
        SignedPermit::verify(bytes),
        SignedRevocation::verify(bytes),
    );
    let _ = part_key_id(bytes);
    let mut part = bytes.to_vec();
    let opened = open_part(&mut part, &key()).is_ok();
    assert!(
        opened
            || !part.windows(11).any(|window| window == b"plain words")
            || bytes.windows(11).any(|window| window == b"plain words")
    );
    let _ = Card::from_pem(bytes);
    let _ = Card::from_ders(&[bytes, anna().encryption.certificate().der()]);
    let _ = Card::from_ders(&[anna().identity.certificate().der(), bytes]);
    let _ = (read_content(bytes), read_pkcs7_entity(bytes));
    let _ = part_of_content_id(&String::from_utf8_lossy(bytes));
    let _ = (
        parse_object::<Manifest>(bytes),
        parse_object::<Permit>(bytes),
        parse_object::<Revocation>(bytes),
    );
    let _ = (
        parse_object::<Grant>(bytes),
        parse_object::<Receipt>(bytes),
        parse_object::<PartRequest>(bytes),
    );
    let _ = (
        parse_object::<GrantRequest>(bytes),
        parse_object::<GrantAnswer>(bytes),
        parse_object::<Ended>(bytes),
    );
    let _ = (
        parse_object::<CardLetter>(bytes),
        parse_object::<CardRequest>(bytes),
    );
    let _ = (
        parse_object::<Join>(bytes),
        parse_object::<JoinAnswer>(bytes),
    );
    let _ = (parse_object::<About>(bytes), parse_object::<Rules>(bytes));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn arbitrary_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_all(&bytes);
    }

    #[test]
    fn arbitrary_texts_are_read_without_panic(text in "\\PC{0,200}", braces in any::<bool>()) {
        read_all(text.as_bytes());
        if braces {
            read_all(format!("{{{text}}}").as_bytes());
        }
    }

    #[test]
    fn good_things_with_bits_turned_are_read_without_panic(
        which in any::<prop::sample::Index>(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = which.get(&GOOD).clone();
        for (place, bits) in places {
            let at = place.index(bytes.len());
            bytes[at] ^= bits;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        read_all(&bytes);
    }
}
