//! Any bytes as the CMS objects and certificates that travel.
#![no_main]

use std::sync::LazyLock;

use hearthpost::envelope::{
    Card, ContentKey, EncryptionCertificate, IdentityCertificate, ItemKey, open_letter, open_part,
    part_content, part_key_id, part_len, verify,
};
use hearthpost::message::{SignedManifest, SignedPermit, SignedRevocation};
use hearthpost::rules::Tier;
use hearthpost_fuzz::homes::{HOMES, QUANTUM, me};

static KEY: LazyLock<ItemKey> = LazyLock::new(|| {
    let id = "yzgpnia5lqdvbdauxxrxqn6ggu".parse().expect("an id");
    ContentKey::from_bytes([7; 32]).item(id, Tier::Preview)
});

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    if let Ok(object) = verify(der) {
        let signer = object.signer().fingerprint();
        assert!(
            HOMES
                .iter()
                .any(|home| home.identity.fingerprint() == signer),
            "forged"
        );
    }
    if let Ok(manifest) = SignedManifest::verify(der) {
        assert!(!manifest.manifest().items.is_empty());
    }
    let _ = (SignedPermit::verify(der), SignedRevocation::verify(der));
    let _ = open_letter(der, &me().keys);
    open(der);
    for home in HOMES.iter().chain([&*QUANTUM]) {
        if let Ok(certificate) = EncryptionCertificate::from_der(der, &home.card.identity) {
            assert_eq!(certificate.der(), der);
        }
        let _ = Card::from_ders(&[home.card.identity.der(), der]);
    }
    if let Ok(identity) = IdentityCertificate::from_der(der) {
        assert_eq!(identity.der(), der);
        let _ = Card::from_ders(&[der, me().card.encryption[0].der()]);
    }
    let _ = Card::from_pem(der);
});

fn open(der: &[u8]) {
    let mut part = der.to_vec();
    match open_part(&mut part, &KEY).map(|content| content.len()) {
        Ok(len) => {
            assert_eq!(part_key_id(der), Ok(KEY.kek_id()));
            assert_eq!(part_len(len), der.len());
            assert_eq!(part_content(der, len).len(), len);
        }
        Err(_) => {
            let _ = part_key_id(der);
        }
    }
}
