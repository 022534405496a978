//! Encryption certificates.

use super::*;

#[test]
fn an_encryption_certificate_with_one_fault_is_refused() {
    let (good, key) = (
        anna().encryption.certificate().der(),
        key_of(&anna().identity),
    );
    let issuer = anna().identity.certificate();
    let usage = Profile("an encryption certificate for another use than key agreement");
    let days = Profile("an encryption certificate for more than 400 days");
    let lasting = |from: &'static [u8], to: &'static [u8]| {
        move |t: &mut Node| {
            *t.at(VALIDITY).nodes() = vec![leaf(0x17, from), leaf(0x17, to)];
        }
    };
    let mut table: Vec<Row> = vec![
        (
            "a_ca",
            Box::new(|t| set_extension(t, CONSTRAINTS, &[0x30, 3, 1, 1, 0xff])),
            Profile("an encryption certificate that is a CA"),
        ),
        (
            "usage_for_signatures_too",
            Box::new(|t| set_extension(t, USAGE, &[3, 2, 3, 0x88])),
            usage,
        ),
        (
            "usage_for_key_encipherment",
            Box::new(|t| set_extension(t, USAGE, &[3, 2, 5, 0x20])),
            usage,
        ),
        (
            "lasts_401_days",
            Box::new(lasting(b"260101000000Z", b"270206000000Z")),
            days,
        ),
        (
            "lasts_a_second_over_400_days",
            Box::new(lasting(b"260101000000Z", b"270205000001Z")),
            days,
        ),
        (
            "ends_before_it_begins",
            Box::new(lasting(b"260102000000Z", b"260101000000Z")),
            days,
        ),
        (
            "lasts_for_nothing",
            Box::new(lasting(b"260101000000Z", b"260101000000Z")),
            days,
        ),
        (
            "second_key_of_ml_kem_512",
            Box::new(|t| {
                let mut key = parse(&second_key(t));
                *key.at(&[0]) = bare("2.16.840.1.101.3.4.4.1");
                set_extension(t, SECOND_KEY, &key.encode())
            }),
            Profile("a second key that is not of ML-KEM-768"),
        ),
        (
            "second_key_of_p_256",
            Box::new(|t| {
                let point = PointConversionForm::UNCOMPRESSED;
                let key = public_key(Nid::X9_62_PRIME256V1, point, oid("1.2.840.10045.3.1.7"));
                set_extension(t, SECOND_KEY, &key.encode())
            }),
            Profile("a second key that is not of ML-KEM-768"),
        ),
        (
            "second_key_cut_short",
            Box::new(|t| {
                let mut key = parse(&second_key(t));
                key.at(&[1]).bytes().pop();
                set_extension(t, SECOND_KEY, &key.encode())
            }),
            Profile("a second key of another length than ML-KEM-768 has"),
        ),
        (
            "second_key_beyond_the_modulus",
            Box::new(|t| {
                let mut key = parse(&second_key(t));
                key.at(&[1]).bytes()[1..4].fill(0xff);
                set_extension(t, SECOND_KEY, &key.encode())
            }),
            Profile("a second key that is not one of ML-KEM-768"),
        ),
        (
            "second_key_that_is_nothing",
            Box::new(|t| set_extension(t, SECOND_KEY, &[5, 0])),
            Profile("not the DER of the expected structure"),
        ),
        (
            "second_key_with_a_byte_behind_it",
            Box::new(|t| {
                let longer = [second_key(t), vec![0]].concat();
                set_extension(t, SECOND_KEY, &longer)
            }),
            Profile("not the DER of the expected structure"),
        ),
        (
            "second_key_critical",
            Box::new(|t| extension(t, SECOND_KEY).nodes().insert(1, leaf(1, &[0xff]))),
            Profile("a certificate with a critical extension that is not known here"),
        ),
        (
            "two_second_keys",
            Box::new(|t| {
                let again = extension(t, SECOND_KEY).clone();
                t.at(EXTENSIONS).nodes().push(again)
            }),
            Profile("a second key twice, or in a critical extension"),
        ),
    ];
    table.extend(common_faults());
    EncryptionCertificate::from_der(good, issuer).expect("the good one is read");
    for (name, fault, refusal) in table {
        refused(
            name,
            EncryptionCertificate::from_der(&bent(good, &key, fault), issuer),
            refusal,
        );
    }
    let whole = bent(good, &key, lasting(b"260101000000Z", b"270205000000Z"));
    EncryptionCertificate::from_der(&whole, issuer).expect("400 days are allowed");
    let forged = bent(good, &key_of(&bob().identity), |_| {});
    refused(
        "issued_by_another_identity",
        EncryptionCertificate::from_der(&forged, issuer),
        Signature,
    );
    let others = bob().identity.certificate();
    refused(
        "another_households_certificate",
        EncryptionCertificate::from_der(good, others),
        Signature,
    );
}
