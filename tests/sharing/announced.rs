//! People and key words that households tell each other of: offered, and used by nothing before somebody saves them.

use crate::house::{House, Village, order, picture, visitor};
use crate::site::Site;
use hearthpost::config::Announce;

fn announce(house: &mut House, people: &[&str], words: &[(&str, &str)]) {
    let name = |text: &str| text.parse().expect("a station");
    house.home.config.announce = Announce {
        people: people.iter().map(|text| name(text)).collect(),
        words: words
            .iter()
            .map(|(word, text)| ((*word).to_owned(), name(text)))
            .collect(),
    };
}

/// `b` and `c` are known to `a`.
fn scene() -> (Village, House, House, House) {
    let village = Village::new("abc");
    let (mut a, mut b) = (
        village.house("a", &["ann", "al"]),
        village.house("b", &["bob", "bea"]),
    );
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    (village, a, b, c)
}

fn suggested(house: &House) -> Vec<(String, String, bool)> {
    let all = house.home.suggestions().expect("listed").into_iter();
    all.map(|one| (one.word, one.address.to_string(), one.is_taken))
        .collect()
}

fn offered(house: &House) -> Vec<String> {
    let all = house
        .home
        .known_addresses(&visitor("ann"))
        .expect("listed")
        .into_iter();
    let mut all: Vec<String> = all.map(|one| one.address.to_string()).collect();
    all.sort();
    all
}

#[test]
fn nothing_is_announced_unless_the_household_chose_it() {
    let (village, mut a, mut b, mut c) = scene();
    village.settle(&mut [&mut b, &mut a, &mut c]);
    assert_eq!(village.server.transactions().len(), 0);
    assert_eq!(offered(&a), ["home-b@b.example", "home-c@c.example"]);
}

#[test]
fn announced_people_are_offered_and_those_of_a_later_card_replace_them() {
    let (village, mut a, mut b, _) = scene();
    announce(&mut b, &["bob", "bea"], &[]);
    village.settle(&mut [&mut b, &mut a]);
    let people = [
        "home-b+bea@b.example",
        "home-b+bob@b.example",
        "home-b@b.example",
        "home-c@c.example",
    ];
    assert_eq!(offered(&a), people);
    // Said once, and again only where it changed.
    let sent = village.server.transactions().len();
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(village.server.transactions().len(), sent);
    b.wait(60);
    a.wait(60);
    announce(&mut b, &["bob"], &[]);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(offered(&a).len(), 3);
    a.home.block_contact(&b.mailbox, true).expect("blocked");
    assert_eq!(offered(&a), ["home-c@c.example"]);
}

#[test]
fn an_announced_word_means_nothing_before_it_is_saved() {
    let (village, mut a, mut b, _) = scene();
    announce(&mut b, &[], &[("grandma", "bea")]);
    village.settle(&mut [&mut b, &mut a]);
    let grandma = "home-b+bea@b.example".to_owned();
    assert_eq!(
        suggested(&a),
        [("grandma".to_owned(), grandma.clone(), false)]
    );
    let path = a.folder.join("lake.jpg");
    picture(&path, 32, 20);
    let items = a.import(&[path]);
    for word in ["grandma", "Grandma"] {
        let fault = a.share(&order(&[&items[0]], &[word], "display=100"));
        let fault = fault.expect_err("a suggestion alone");
        assert_eq!(fault.code, "suggested_word");
        assert!(fault.message.contains(&grandma), "{}", fault.message);
        let fault = a.home.meant_by(word).expect_err("a suggestion alone");
        assert_eq!(fault.code, "suggested_word");
    }
    let address = grandma.parse().expect("an address");
    a.home.set_keyword("grandma", &[address]).expect("saved");
    assert_eq!(suggested(&a), []);
    a.share(&order(&[&items[0]], &["grandma"], "display=100"))
        .expect("shared");
}

#[test]
fn a_name_that_households_tell_of_is_refused_with_all_whom_it_could_mean() {
    let (village, mut a, mut b, mut c) = scene();
    announce(&mut b, &["bea"], &[]);
    village.settle(&mut [&mut b, &mut a]);
    let path = a.folder.join("lake.jpg");
    picture(&path, 32, 20);
    let item = a.import(&[path]).remove(0);
    let to_bea = order(&[&item], &["Bea"], "display=100");
    let fault = a.share(&to_bea).expect_err("nobody saved it");
    assert_eq!(
        fault.message,
        "bea means nothing here yet; it could be bea, House B: home-b+bea@b.example"
    );
    let typed = a.home.meant_by("bea").expect_err("nobody saved it");
    assert_eq!(typed.message, fault.message);
    // Another household suggests the word for one of its own.
    announce(&mut c, &[], &[("Bea", "carol")]);
    village.settle(&mut [&mut c, &mut a]);
    let fault = a.share(&to_bea).expect_err("nobody saved it");
    assert_eq!(fault.code, "suggested_word");
    let both = [
        "carol, House C: home-c+carol@c.example",
        "bea, House B: home-b+bea@b.example",
    ];
    for one in both {
        assert!(fault.message.contains(one), "{}", fault.message);
    }
    let shown = |house: &House| {
        let contact = a.home.contact_at(&house.mailbox).expect("known");
        a.home.announced_by(&contact).expect("listed")
    };
    let (people, words) = shown(&b);
    assert_eq!(people[0].to_string(), "home-b+bea@b.example");
    assert!(words.is_empty());
    let (people, words) = shown(&c);
    assert!(people.is_empty());
    assert_eq!(words[0].0, "Bea");
}

#[test]
fn two_households_that_suggest_one_word_are_both_named() {
    let (village, mut a, mut b, mut c) = scene();
    announce(&mut b, &[], &[("grandma", "bea")]);
    announce(&mut c, &[], &[("Grandma", "carol")]);
    village.settle(&mut [&mut b, &mut c, &mut a]);
    let fault = a.home.meant_by("grandma").expect_err("either");
    assert_eq!(fault.code, "suggested_word");
    for one in ["House B: home-b+bea@", "House C: home-c+carol@"] {
        assert!(fault.message.contains(one), "{}", fault.message);
    }
}

#[test]
fn a_household_cannot_take_over_a_word_that_means_somebody_else() {
    let (village, mut a, mut b, mut c) = scene();
    let grandma: hearthpost::address::StationAddress =
        "home-b+bea@b.example".parse().expect("an address");
    a.home
        .set_keyword("grandma", std::slice::from_ref(&grandma))
        .expect("saved");
    for word in ["grandma", "Grandma", "GRANDMA"] {
        c.wait(60);
        a.wait(60);
        announce(&mut c, &["carol"], &[(word, "carol")]);
        village.settle(&mut [&mut c, &mut a]);
        let taken = "home-c+carol@c.example".to_owned();
        assert_eq!(suggested(&a), [(word.to_owned(), taken, true)]);
        assert_eq!(
            a.home.meant_by("grandma").expect("means her"),
            std::slice::from_ref(&grandma)
        );
        let keywords = a.home.keywords().expect("listed");
        assert_eq!(keywords, [("grandma".to_owned(), grandma.clone())]);
    }
    announce(&mut b, &[], &[]);
    village.settle(&mut [&mut b, &mut a]);
}

#[test]
fn words_that_hide_something_or_are_none_are_not_offered() {
    let (village, mut a, mut b, _) = scene();
    let words = [
        ("gran\u{202e}ma", "bob"),
        ("a b", "bob"),
        ("x@y", "bob"),
        ("", "bob"),
        ("good", "bob"),
    ];
    announce(&mut b, &[], &words);
    village.settle(&mut [&mut b, &mut a]);
    let good: Vec<String> = suggested(&a).into_iter().map(|(word, _, _)| word).collect();
    assert_eq!(good, ["good"]);
}

#[test]
fn who_is_not_let_in_is_told_of_nobody_and_nothing_of_it_is_offered() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    announce(&mut a, &["ann"], &[("mum", "ann")]);
    let now = b.now();
    b.home.request_card(&a.mailbox, now).expect("asked");
    village.settle(&mut [&mut b, &mut a]);
    // `a` is known to `b` now, as its card says; `b` waits there.
    assert_eq!(offered(&b), ["home-a@a.example"]);
    assert_eq!(suggested(&b), []);
    let now = a.now();
    a.home.accept_contact(&b.mailbox, now).expect("accepted");
    village.settle(&mut [&mut a, &mut b]);
    a.wait(60);
    b.wait(60);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(offered(&b), ["home-a+ann@a.example", "home-a@a.example"]);
}

/// The household begins anew, as after a theft; `a` hears of it, or of the new one alone.
fn rekeyed(village: &Village, b: &mut House, a: &mut House, is_told: bool) {
    let reading = b.reading();
    let now = b.home.tick(&reading, &[]).expect("time");
    b.home.rekey(true, now).expect("replaced");
    village.sync(b);
    let mails = village.take_mail(a);
    assert_eq!(mails.len(), 2, "the end of the one, and the other");
    for mail in &mails[usize::from(!is_told)..] {
        village.deliver(a, mail);
    }
    village.settle(&mut [a, b]);
}

#[test]
fn household_with_a_new_identity_tells_who_accepts_it_of_its_people_again() {
    for is_told in [true, false] {
        let (village, mut a, mut b, _) = scene();
        announce(&mut b, &["bob"], &[("uncle", "bob")]);
        village.settle(&mut [&mut b, &mut a]);
        let bob = "home-b+bob@b.example".to_owned();
        assert!(offered(&a).contains(&bob));
        rekeyed(&village, &mut b, &mut a, is_told);
        // Where the old one is still believed to be there, so are its people.
        assert_eq!(offered(&a).contains(&bob), !is_told);
        for house in [&mut a, &mut b] {
            house.wait(60);
        }
        let (me, now) = (b.home.me(), a.now());
        let verified = a.home.verify_contact(&b.mailbox, &me, now);
        verified.expect("compared");
        assert!(!offered(&a).contains(&bob), "not yet");
        village.settle(&mut [&mut a, &mut b]);
        assert!(offered(&a).contains(&bob), "told: {is_told}");
        assert_eq!(suggested(&a), [("uncle".to_owned(), bob, false)]);
    }
}

#[test]
fn household_with_a_new_identity_tells_who_comes_in_by_its_invitation_too() {
    let (village, mut a, mut b, _) = scene();
    announce(&mut b, &["bob"], &[]);
    village.settle(&mut [&mut b, &mut a]);
    rekeyed(&village, &mut b, &mut a, true);
    for house in [&mut a, &mut b] {
        house.wait(60);
    }
    let now = b.now();
    let link = b.home.invite(None, 7, now).expect("invited").link;
    let now = a.clock();
    a.home.join(&link, None, now).expect("followed");
    village.settle(&mut [&mut a, &mut b]);
    let bob = "home-b+bob@b.example".to_owned();
    assert!(offered(&a).contains(&bob));
}

#[test]
fn the_page_offers_both_and_the_keeper_saves_a_word() {
    let (village, mut a, mut b, _) = scene();
    announce(&mut b, &["bob"], &[("uncle", "bob")]);
    village.settle(&mut [&mut b, &mut a]);
    let path = a.folder.join("lake.jpg");
    picture(&path, 32, 20);
    let item = a.import(&[path]).remove(0);
    let site = Site::of(&a);
    let mut ann = site.signed_in(&mut a, "ann");
    let page = ann
        .get(&format!("/share?picture={}", item.reference))
        .text();
    let bob = "home-b+bob@b.example";
    let option = format!("<option value=\"{bob}\" label=\"uncle, House B\">");
    assert!(page.contains(&option), "{page}");
    // The first who signs in keeps the house; what to save is not the business of the others.
    let mut al = site.signed_in(&mut a, "al");
    assert!(!al.get("/households").text().contains("uncle"));
    let page = ann.get("/households").text();
    assert!(page.contains("uncle") && page.contains(bob), "{page}");
    ann.post(
        "/households/words",
        &[("word", "uncle"), ("addresses", bob)],
    );
    assert_eq!(a.home.meant_by("uncle").expect("saved")[0].to_string(), bob);
}

#[test]
fn who_left_the_house_or_was_never_of_it_is_told_of_to_nobody() {
    let (village, mut a, mut b, _) = scene();
    announce(
        &mut b,
        &["bob", "bea", "ghost"],
        &[("gran", "bea"), ("boo", "ghost")],
    );
    village.settle(&mut [&mut b, &mut a]);
    let [bea, bob] = ["bea", "bob"].map(|name| format!("home-b+{name}@b.example"));
    let both = [bea, bob.clone()];
    assert_eq!(offered(&a)[..2], both);
    assert_eq!(suggested(&a).len(), 1);
    for house in [&mut a, &mut b] {
        house.wait(60);
    }
    let now = b.now();
    let bea = "bea".parse().expect("a station");
    b.home.remove_person(&bea, now).expect("removed");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(offered(&a)[0], bob);
    assert_eq!(suggested(&a), []);
}

#[test]
fn a_later_person_of_the_name_is_told_of_only_once_somebody_chose_it() {
    for is_chosen in [false, true] {
        let (village, mut a, mut b, _) = scene();
        // By the settings file alone, or by choice here.
        announce(&mut b, &["bob", "bea"], &[("uncle", "bob")]);
        let bob = "bob".parse().expect("a station");
        if is_chosen {
            let words = ["uncle".to_owned()];
            let chosen = b.home.announce_person(&bob, Some(&words));
            chosen.expect("chosen");
        }
        let now = b.now();
        b.home.remove_person(&bob, now).expect("removed");
        let mail = "people@p.example".parse().expect("a mailbox");
        b.home.add_person(bob.clone(), mail, now).expect("added");
        let people: Vec<String> = b
            .home
            .announced()
            .expect("read")
            .people
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(people, ["bea"], "chosen: {is_chosen}");
        village.settle(&mut [&mut b, &mut a]);
        let address = "home-b+bob@b.example".to_owned();
        assert!(!offered(&a).contains(&address), "chosen: {is_chosen}");
        assert_eq!(suggested(&a), []);
        for house in [&mut a, &mut b] {
            house.wait(60);
        }
        b.home.announce_person(&bob, Some(&[])).expect("chosen");
        village.settle(&mut [&mut b, &mut a]);
        assert!(offered(&a).contains(&address));
    }
}

#[test]
fn the_keeper_chooses_on_the_page_whom_others_are_told_of() {
    let (village, mut a, mut b, _) = scene();
    announce(&mut b, &["bea"], &[]);
    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    let mut bea = site.signed_in(&mut b, "bea");
    let form = [
        ("person", "bob"),
        ("words-bob", "uncle, gramps"),
        ("words-bea", "granny"),
    ];
    let refused = bea.post("/settings/announce", &form).status;
    assert_eq!(refused, 403);
    assert_eq!(bob.post("/settings/announce", &form).status, 303);
    let page = bob.get("/settings").text();
    assert!(page.contains("value=\"uncle, gramps\""), "{page}");
    village.settle(&mut [&mut b, &mut a]);
    let uncle = "home-b+bob@b.example".to_owned();
    let words = ["gramps", "uncle"].map(|word| (word.to_owned(), uncle.clone(), false));
    assert_eq!(suggested(&a), words);
    assert_eq!(offered(&a)[..2], [uncle, "home-b@b.example".to_owned()]);
    for (field, text) in [("person", "ghost"), ("words-bob", "a@b")] {
        let form = [("person", "bob"), (field, text)];
        let page = bob.post("/settings/announce", &form);
        assert_eq!(page.status, 400, "{field}");
        assert!(page.text().contains("role=\"alert\""));
    }
    assert_eq!(b.home.announced().expect("read").words.len(), 2);
}
