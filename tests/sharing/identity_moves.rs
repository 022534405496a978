//! A household moves: its identity goes to another box or another mailbox in a sealed file, and the others go on with it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::house::{House, Village, order, picture};
use hearthpost::album::{Keys, Trust};
use hearthpost::sharing::identity::{Imported, Passphrase};
use hearthpost::sharing::{Fault, Household};

const WORDS: &str = "four ducks on a pond";

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned())
}

fn export(house: &House) -> PathBuf {
    let file = house.folder.join("identity.txt");
    let done = house
        .home
        .export_identity(&file, &passphrase(WORDS), house.time());
    assert_eq!(done.expect("exported").file, file);
    file
}

fn import(house: &mut House, file: &Path, words: &str) -> Result<Imported, Fault> {
    let reading = house.reading();
    let now = house.home.tick(&reading, &[]).expect("time");
    house.home.import_identity(file, &passphrase(words), now)
}

fn share(from: &mut House, name: &str, to: &str) {
    let path = from.folder.join(name);
    picture(&path, 300 + name.len() as u32, 200);
    let items = from.import(&[path]);
    let order = order(&[&items[0]], &[to], "display=full,store=full");
    from.share(&order).expect("recorded");
}

/// How many received shares are complete.
fn complete(house: &House) -> usize {
    let listed = house.home.received().expect("a list");
    listed.iter().filter(|one| one.state == "complete").count()
}

fn settle_for_a_while(village: &Village, houses: &mut [&mut House]) {
    for _ in 0..3 {
        village.settle(houses);
        houses.iter_mut().for_each(|house| house.wait(60));
    }
}

#[test]
fn household_moves_to_another_mailbox_and_the_others_follow_without_an_alarm() {
    let village = Village::new("abn");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let address = "home-b+bob@b.example".parse().expect("an address");
    a.home.set_keyword("uncle", &[address]).expect("set");
    let now = a.now();
    a.home.let_relay(&b.mailbox, true, now).expect("allowed");
    share(&mut b, "before.jpg", "home-a@a.example");
    village.settle(&mut [&mut b, &mut a]);
    let (was, file) = (a.home.me(), export(&a));

    let mut new = village.house("n", &["nora"]);
    let own = Keys::read(&new.folder.join("data")).expect("keys").storage;
    let done = import(&mut new, &file, WORDS).expect("imported");
    assert_eq!((done.fingerprint, done.contacts), (was, 1));
    assert_eq!(done.from, a.mailbox);
    assert_eq!(new.home.me(), was);
    let keys = Keys::read(&new.folder.join("data")).expect("keys");
    assert_eq!(keys.identity.certificate().mailbox(), &new.mailbox);
    assert_eq!(
        keys.storage.as_bytes(),
        own.as_bytes(),
        "its album is its own"
    );
    assert_eq!(new.home.keywords().expect("words").len(), 1);
    assert!(new.home.relays_for(b.home.me()).expect("rows"));
    new.wait(60);
    b.wait(60);
    settle_for_a_while(&village, &mut [&mut new, &mut b]);

    let known = b.home.contacts().expect("contacts");
    assert_eq!(known.len(), 1, "nobody else");
    assert_eq!(known[0].fingerprint, was);
    assert_eq!(known[0].mailbox, new.mailbox);
    assert_eq!((known[0].trust, known[0].accepted), (Trust::Verified, true));
    let claims = b.home.album.rows().claims(&new.mailbox).expect("rows");
    assert!(claims.is_empty());
    // Both ways, to where it is now.
    share(&mut b, "there.jpg", "home-n@n.example");
    share(&mut new, "back.jpg", "home-b@b.example");
    settle_for_a_while(&village, &mut [&mut new, &mut b]);
    assert_eq!((complete(&new), complete(&b)), (1, 1));
}

/// `b` has the word `auntie` for somebody of `a`, and shared with them just before `a` went to another mailbox.
fn moved() -> (Village, House, House, String) {
    let village = Village::new("abn");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let address = "home-a+ann@a.example".parse().expect("an address");
    b.home.set_keyword("auntie", &[address]).expect("set");
    let path = b.folder.join("before.jpg");
    picture(&path, 320, 200);
    let items = b.import(&[path]);
    let order = order(&[&items[0]], &["auntie"], "display=full");
    let before = b.share(&order).expect("recorded").share;
    village.sync(&mut b);
    let file = export(&a);
    let mut new = village.house("n", &["ann"]);
    import(&mut new, &file, WORDS).expect("imported");
    new.wait(60);
    b.wait(60);
    settle_for_a_while(&village, &mut [&mut new, &mut b]);
    (village, new, b, before)
}

#[test]
fn key_words_and_the_former_address_lead_to_a_household_where_it_is_now() {
    let (village, mut new, mut b, _) = moved();
    let words = b.home.keywords().expect("words");
    let words: Vec<String> = words.iter().map(|(_, to)| to.to_string()).collect();
    assert_eq!(words, ["home-n+ann@n.example"]);
    for (n, to) in ["auntie", "home-a@a.example", "home-a+ann@a.example"]
        .into_iter()
        .enumerate()
    {
        share(&mut b, &format!("{n}.jpg"), to);
        let sent = b.home.sent().expect("listed").remove(0);
        let at: Vec<&str> = sent
            .destinations
            .iter()
            .map(|one| one.mailbox.as_str())
            .collect();
        assert_eq!(at, ["home-n@n.example"], "{to}");
    }
    assert!(b.home.asked().expect("rows").is_empty(), "nobody is asked");
    // Nor does it matter who says that it is there now.
    let mut stranger = village.house_at("stranger", "home-a@a.example", &[]);
    let now = stranger.now();
    stranger.home.request_card(&b.mailbox, now).expect("asked");
    village.sync(&mut stranger);
    village.sync(&mut b);
    share(&mut b, "stranger.jpg", "home-a@a.example");
    let sent = b.home.sent().expect("listed").remove(0);
    assert_eq!(sent.destinations[0].mailbox, new.mailbox);
    settle_for_a_while(&village, &mut [&mut new, &mut b]);
    assert_eq!(complete(&new), 4);
}

#[test]
fn what_went_to_the_former_address_is_sent_again_passed_on_and_taken_back_by_either() {
    for said in ["home-n@n.example", "home-a@a.example"] {
        let (village, mut new, mut b, before) = moved();
        let at = |b: &House| b.destinations(&before)[0].mailbox.to_string();
        assert_eq!(at(&b), "home-n@n.example");
        assert_eq!(complete(&new), 0);
        let reading = b.reading();
        let now = b.home.tick(&reading, &[]).expect("time");
        let to = said.parse().expect("a mailbox");
        let resent = b.home.resend(&before, Some(&to), now).expect("it goes");
        assert_eq!(resent.households, [new.mailbox.clone()], "{said}");
        settle_for_a_while(&village, &mut [&mut new, &mut b]);
        assert_eq!(complete(&new), 1);
        let passed = b.forward(&before, "bob", &[said], "display=full");
        let passed = passed.expect("given once more").destinations;
        assert_eq!((passed.len(), &passed[0].mailbox), (1, &new.mailbox));
        let back = b.revoke(&before, Some(said)).expect("taken back");
        assert_eq!(back.households, ["home-n@n.example"], "{said}");
    }
}

#[test]
fn who_is_known_at_the_former_address_is_meant_by_it() {
    let (village, _new, mut b, before) = moved();
    let mut other = village.house_at("other", "home-a@a.example", &["ann"]);
    village.introduce(&mut b, &mut other);
    share(&mut b, "lake.jpg", "home-a+ann@a.example");
    let sent = b.home.sent().expect("listed").remove(0);
    assert_eq!(sent.destinations[0].mailbox, other.mailbox);
    let back = b.revoke(&before, Some("home-a@a.example"));
    assert_eq!(back.expect_err("it has none of it").code, "no_copy");
}

#[test]
fn nothing_goes_out_under_the_identity_that_an_import_replaced() {
    let village = Village::new("abn");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let (me, file) = (a.home.me(), export(&a));
    let mut new = village.house("n", &["nora"]);
    let was = new.home.me();
    // One letter waits already when it is taken over, and one is written by who did not learn of it yet.
    let nobody = "home-a@a.example".parse().expect("a mailbox");
    let now = new.now();
    new.home.request_card(&nobody, now).expect("asked");
    let config = new.folder.join("hearthpost.toml");
    let mut other = Household::open(&config).expect("opens");
    let reading = new.reading();
    let now = other.tick(&reading, &[]).expect("time");
    let done = other.import_identity(&file, &passphrase(WORDS), now);
    assert_eq!(done.expect("imported").fingerprint, me);
    assert_eq!(new.home.me(), was, "not learnt yet");
    let now = new.now();
    let asked = new.home.request_card(&nobody, now);
    assert_eq!(asked.expect_err("of before").code, "replaced");
    new.home = Household::open(&config).expect("opens");
    new.wait(60);
    b.wait(60);
    settle_for_a_while(&village, &mut [&mut new, &mut b]);
    assert!(village.take_mail(&a).is_empty(), "nobody was asked");
    let known = b.home.contacts().expect("contacts");
    assert_eq!((known.len(), known[0].fingerprint), (1, me));
    assert_eq!(known[0].mailbox, new.mailbox);
}

#[test]
fn household_on_a_new_box_at_the_same_mailbox_goes_on() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let file = export(&a);
    let certificate = a.identity().certificate().der().to_vec();
    let mailbox = a.mailbox.to_string();
    let mut new = {
        let house = village.house_at("again", &mailbox, &["nora"]);
        drop(a);
        house
    };
    import(&mut new, &file, WORDS).expect("imported");
    assert_eq!(new.identity().certificate().der(), certificate);
    share(&mut b, "lake.jpg", &mailbox);
    village.settle(&mut [&mut b, &mut new]);
    assert_eq!(complete(&new), 1);
}

/// One clear error each, and nothing is other than before.
#[test]
fn what_does_not_open_or_fit_changes_nothing() {
    let village = Village::new("abn");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let file = export(&a);
    let whole = fs::read_to_string(&file).expect("a file");
    let mut new = village.house("n", &[]);
    let before = fs::read(new.folder.join("data/keys.toml")).expect("keys");
    let mut altered = whole.clone().into_bytes();
    let at = altered.len() / 2;
    altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
    let cut = whole.as_bytes()[..whole.len() / 2].to_vec();
    let tries: [(&str, Vec<u8>, &str, &str); 6] = [
        (WORDS, cut, "identity_file", "is cut off or damaged"),
        (WORDS, altered, "identity_file", "is cut off or damaged"),
        (
            "four ducks on a lake",
            whole.clone().into_bytes(),
            "passphrase",
            "the passphrase is another one",
        ),
        (
            "",
            whole.clone().into_bytes(),
            "passphrase",
            "the passphrase is another one",
        ),
        (
            WORDS,
            Vec::new(),
            "identity_file",
            "is no exported identity",
        ),
        (
            WORDS,
            b"-----BEGIN CERTIFICATE-----".to_vec(),
            "identity_file",
            "is no exported identity",
        ),
    ];
    for (words, bytes, code, said) in tries {
        let path = new.folder.join("tried.txt");
        fs::write(&path, bytes).expect("a file");
        let fault = import(&mut new, &path, words).expect_err(said);
        assert_eq!(fault.code, code, "{fault}");
        assert!(fault.message.contains(said), "{fault}");
        let now = fs::read(new.folder.join("data/keys.toml")).expect("keys");
        assert!(now == before, "{said}");
        assert!(new.home.contacts().expect("contacts").is_empty());
    }
    // One that is in use keeps who it is.
    let fault = import(&mut b, &file, WORDS).expect_err("it knows somebody");
    assert_eq!(fault.code, "in_use");
    let config = new.folder.join("hearthpost.toml");
    new.home = Household::open(&config).expect("opens as before");
    import(&mut new, &file, WORDS).expect("imported");
    // Done again it is the same.
    import(&mut new, &file, WORDS).expect("imported again");
    assert_eq!(new.home.contacts().expect("contacts").len(), 1);
}

#[test]
fn exported_file_holds_nothing_that_can_be_read_and_replaces_none() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let file = export(&a);
    let text = fs::read_to_string(&file).expect("a file");
    for word in ["PRIVATE", "b.example", "House", "storage"] {
        assert!(!text.contains(word), "{word}");
    }
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = a.home.export_identity(&file, &passphrase(WORDS), a.time());
    assert_eq!(again.expect_err("it is there").code, "exists");
    let other = a.folder.join("other.txt");
    let short = a
        .home
        .export_identity(&other, &passphrase("short"), a.time());
    assert!(short.expect_err("too short").usage);
    assert!(!other.exists());
}

#[test]
fn key_file_of_another_household_is_refused_in_words() {
    let village = Village::new("ab");
    let (a, b) = (village.house("a", &[]), village.house("b", &[]));
    let at = |house: &House| house.folder.join("data/keys.toml");
    let own = fs::read(at(&a)).expect("keys");
    fs::copy(at(&b), at(&a)).expect("copied");
    let config = a.folder.join("hearthpost.toml");
    let Err(fault) = Household::open(&config) else {
        panic!("it opens with the keys of another");
    };
    assert_eq!(fault.code, "keys");
    assert!(fault.message.contains("of another household"), "{fault}");
    fs::write(at(&a), own).expect("written");
    assert!(Household::open(&config).is_ok());
}
