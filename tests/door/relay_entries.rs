//! What is asked of a relay, at its own door. Each is wrong in one thing or too much, is refused with its code, and nothing
//! else changes.

use crate::house::House;
use crate::house::by_way::{B_TOO, RULES, Scene, on_its_way, shared};
use crate::house::forge::OpenGrant;
use crate::house::passed::{A, B, C, D, stranger};
use hearthpost::envelope::Identity;
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Code, ReceiptState};
use hearthpost::rules::{Tier, parse_rules};

/// The relay refuses what the origin asks, and is as before; the honest letter is taken all the same.
fn refused_by_the_relay(code: Code, bend: impl FnOnce(&mut OpenGrant, &mut Scene)) {
    let mut scene = shared(&B_TOO, RULES);
    scene.pass(&[A]);
    let mails = scene.village.inbox(&scene.houses[B]);
    let (mut grant, _) = on_its_way(&scene, B);
    grant.header.id = hearthpost::envelope::Id::random();
    let limit = scene.houses[B].home.config.limits.relay_per_day;
    bend(&mut grant, &mut scene);
    let mail = grant.mail(&scene.houses[A], &scene.houses[B]);
    let before = scene.houses[B].visible();
    scene.village.deliver(&scene.houses[B], &mail);
    let done = scene.village.sync(&mut scene.houses[B]);
    assert_eq!(done.refused.len(), 1, "{:?}", done.refused);
    assert_eq!(scene.houses[B].visible(), before);
    let told = scene.village.receipts(&scene.houses[A]);
    assert_eq!(told, [(ReceiptState::Refused, Some(code))]);
    assert_eq!(scene.written_to(B), ["home-a@a.example"]);
    scene.houses[B].home.config.limits.relay_per_day = limit;
    scene.allow(true);
    for mail in &mails {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.settle();
    assert!(scene.opens(C, "carol") && scene.opens(D, "dan"));
}

fn ders(house: &House) -> Vec<Bytes> {
    let card = house.home.keys.card();
    card.ders().map(|der| Bytes(der.to_vec())).collect()
}

fn entry(grant: &mut OpenGrant) -> &mut hearthpost::message::RelayEntry {
    let mut entries = grant.grant.relay.iter_mut();
    entries
        .find(|one| one.mailbox.as_str() == "home-c@c.example")
        .expect("asked")
}

#[test]
fn entry_for_a_household_that_the_permit_does_not_name() {
    refused_by_the_relay(Code::Wider, |grant, scene| {
        let other = stranger(&scene.village, "e");
        let entry = entry(grant);
        entry.mailbox = other.mailbox.clone();
        entry.certificates = ders(&other);
    });
}

#[test]
fn entry_with_the_key_of_another_household() {
    refused_by_the_relay(Code::Signature, |grant, scene| {
        let other = ders(&scene.houses[D]).remove(1);
        entry(grant).certificates[1] = other;
    });
}

#[test]
fn entry_that_leads_to_another_mailbox() {
    refused_by_the_relay(Code::Addressee, |grant, _| {
        entry(grant).mailbox = "home-e@e.example".parse().expect("a mailbox");
    });
}

#[test]
fn entry_of_a_better_tier() {
    refused_by_the_relay(Code::Wider, |grant, _| entry(grant).tier = Tier::Original);
}

#[test]
fn entry_of_other_items() {
    refused_by_the_relay(Code::Manifest, |grant, _| {
        entry(grant).items = Some(vec![hearthpost::envelope::Id::random()]);
    });
}

#[test]
fn entry_with_wider_rules() {
    refused_by_the_relay(Code::Wider, |grant, _| {
        entry(grant).stations[0].rules = parse_rules("display=full").expect("rules");
    });
}

#[test]
fn entry_that_leads_back() {
    refused_by_the_relay(Code::Chain, |grant, scene| {
        let (mailbox, certificates) = (scene.houses[A].mailbox.clone(), ders(&scene.houses[A]));
        let entry = entry(grant);
        (entry.mailbox, entry.certificates) = (mailbox, certificates);
        entry.sealed = Some(Bytes(b"a letter".to_vec()));
    });
}

#[test]
fn more_than_is_passed_on_in_a_day() {
    refused_by_the_relay(Code::Quota, |_, scene| {
        scene.houses[B].home.config.limits.relay_per_day = 1_000;
    });
}

#[test]
fn household_for_which_nothing_is_passed_on() {
    refused_by_the_relay(Code::Quota, |_, scene| scene.allow(false));
}

#[test]
fn a_day_has_only_so_much_and_the_next_one_has_it_again() {
    let mut scene = shared(&B_TOO, RULES);
    scene.pass(&[A]);
    let (grant, parts) = on_its_way(&scene, B);
    scene.houses[B].home.config.limits.relay_per_day = 700_000;
    let other = |scene: &mut Scene| {
        // The same again in a newer letter counts again.
        let mut again = OpenGrant {
            header: grant.header.clone(),
            grant: grant.grant.clone(),
            manifest: grant.manifest.clone(),
        };
        again.header.id = hearthpost::envelope::Id::random();
        scene.houses[A].wait(60);
        again.header.issued = scene.houses[A].time();
        let mail = again.mail(&scene.houses[A], &scene.houses[B]);
        scene.village.deliver(&scene.houses[B], &mail);
        scene.village.sync(&mut scene.houses[B]).refused
    };
    let mut refused = Vec::new();
    for _ in 0..20 {
        refused = other(&mut scene);
        if !refused.is_empty() {
            break;
        }
    }
    assert!(refused[0].contains("limits.relay_per_day"), "{refused:?}");
    for house in &mut scene.houses {
        house.wait(86_400);
    }
    assert_eq!(other(&mut scene), Vec::<String>::new());
    for mail in &parts {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.pass(&[B, C]);
    assert!(scene.opens(C, "carol"));
}

#[test]
fn many_tiny_letters_to_anybody_are_bounded_by_their_number() {
    let mut scene = shared(&B_TOO[1..], RULES);
    scene.pass(&[A]);
    let (mut grant, parts) = on_its_way(&scene, B);
    let honest = OpenGrant {
        header: grant.header.clone(),
        grant: grant.grant.clone(),
        manifest: grant.manifest.clone(),
    };
    let now = scene.houses[A].time();
    let mut template = entry(&mut grant).clone();
    template.sealed = Some(Bytes(b"x".to_vec()));
    let mut many = (0..600).map(|n| {
        let mailbox = format!("victim{n}@v.example").parse().expect("a mailbox");
        let identity = Identity::generate("V", &mailbox, now).expect("keys");
        let key = identity.issue_encryption_key(now).expect("a key");
        let ders = [identity.certificate().der(), key.certificate().der()];
        let mut entry = template.clone();
        entry.certificates = ders.map(|der| Bytes(der.to_vec())).to_vec();
        entry.mailbox = mailbox;
        entry
    });
    let asks = |scene: &mut Scene, grant: &OpenGrant, relay| {
        let mut again = OpenGrant {
            header: grant.header.clone(),
            grant: grant.grant.clone(),
            manifest: grant.manifest.clone(),
        };
        again.grant.relay = relay;
        again.header.id = hearthpost::envelope::Id::random();
        scene.houses[A].wait(60);
        again.header.issued = scene.houses[A].time();
        let mail = again.mail(&scene.houses[A], &scene.houses[B]);
        scene.village.deliver(&scene.houses[B], &mail);
        scene.village.sync(&mut scene.houses[B]).refused
    };
    for _ in 0..2 {
        let some = many.by_ref().take(200).collect();
        assert_eq!(asks(&mut scene, &grant, some), Vec::<String>::new());
    }
    let refused = asks(&mut scene, &grant, many.collect());
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains("500 letters"), "{refused:?}");
    // What it asks within measure is done.
    let relay = honest.grant.relay.clone();
    assert_eq!(asks(&mut scene, &honest, relay), Vec::<String>::new());
    for mail in &parts {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.settle();
    assert!(scene.opens(C, "carol") && scene.opens(D, "dan"));
}

#[test]
fn words_of_what_goes_to_nobody_count_as_what_goes() {
    let mut scene = shared(&B_TOO[1..], RULES);
    scene.pass(&[A]);
    let (mut grant, _) = on_its_way(&scene, B);
    let now = scene.houses[A].time();
    let mut template = entry(&mut grant).clone();
    // Nothing but the word to who asked is as long as this.
    template.sealed = Some(Bytes(b"x".to_vec()));
    template.tier = Tier::About;
    let many = (0..20).map(|n| {
        let mailbox = format!("nobody{n}@v.example").parse().expect("a mailbox");
        let identity = Identity::generate("V", &mailbox, now).expect("keys");
        let key = identity.issue_encryption_key(now).expect("a key");
        let ders = [identity.certificate().der(), key.certificate().der()];
        let mut entry = template.clone();
        entry.certificates = ders.map(|der| Bytes(der.to_vec())).to_vec();
        entry.mailbox = mailbox;
        entry
    });
    grant.grant.relay = many.collect();
    scene.houses[B].home.config.limits.relay_per_day = 150_000;
    let mail = grant.mail(&scene.houses[A], &scene.houses[B]);
    scene.village.take_mail(&scene.houses[B]);
    scene.village.deliver(&scene.houses[B], &mail);
    let refused = scene.village.sync(&mut scene.houses[B]).refused;
    assert!(refused[0].contains("limits.relay_per_day"), "{refused:?}");
}
