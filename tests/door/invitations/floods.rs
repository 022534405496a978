//! Many joins and questions at once, of strangers and of one who is in.

use super::*;

#[test]
fn a_flood_of_strangers_keeps_nobody_out_who_is_invited() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, None);
    let now = a.now();
    for n in 0..300 {
        let at: hearthpost::address::Mailbox =
            format!("stranger{n}@s.example").parse().expect("a mailbox");
        let stranger = Identity::generate("Mallory", &at, now).expect("keys");
        let key = stranger.issue_encryption_key(now).expect("a key");
        let ders = [stranger.certificate().der(), key.certificate().der()];
        let certificates: Vec<Bytes> = ders.map(|der| Bytes(der.to_vec())).to_vec();
        let card = CardLetter {
            certificates: certificates.clone(),
            ..own_card(&a, at.as_str())
        };
        let (card, _) = SignedCard::write(card, &stranger, now).expect("signed");
        let join = Body::Join(Join {
            card,
            mac: InvitationSecret::random()
                .join(a.home.me(), hearthpost::envelope::Digest::of(b"")),
        });
        let asks = Body::CardRequest(hearthpost::message::CardRequest {
            mailbox: at.clone(),
            certificates,
            nonce: Id::random(),
        });
        let (body, to) = if n % 2 == 0 {
            (join, true)
        } else {
            (asks, false)
        };
        let header = Header {
            id: Id::random(),
            from: stranger.fingerprint(),
            to: to.then(|| a.home.me()),
            issued: now,
        };
        let outer = Outer::new(at, None, now);
        let certificate = to.then(|| a.certificate());
        let mail = seal_letter_mail(&outer, &header, &body, &stranger, certificate);
        village.deliver(&a, &mail.expect("sealed"));
    }
    join(&mut b, &link);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!((trust(&a, &b), trust(&b, &a)), (CHECKED, CHECKED));
    let sent = village.server.transactions();
    let strangers = |to: &str| to.ends_with("@s.example");
    let answered = sent
        .iter()
        .filter(|one| one.recipients.iter().any(|(to, _)| strangers(to)));
    assert_eq!(answered.count(), 20, "cards a day, and no answer to a join");
    assert!(subjects(&village).len() <= 3, "{:?}", subjects(&village));
}

#[test]
fn who_is_in_and_asks_for_a_welcome_all_day_is_answered_so_often() {
    let mut s = scene();
    s.assert_open();
    let before = s.mails_to("home-b@b.example");
    for _ in 0..80 {
        let header = s.b.header(&s.a);
        let mail = s.b.letter(&s.a, &header, &Body::Join(s.join.clone()));
        s.village.deliver(&s.a, &mail);
    }
    assert_eq!(s.village.sync(&mut s.a).refused, Vec::<String>::new());
    assert_eq!(s.mails_to("home-b@b.example") - before, 50);
    assert_eq!(trust(&s.a, &s.b), CHECKED);
}
