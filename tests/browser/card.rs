//! The page of the cards lies open while one is put in, filled and pulled out.

use std::fs;

use crate::browser::scene::sample;
use crate::house::Village;
use crate::open::Open;
use hearthpost::sharing::Household;
use hearthpost::sharing::own::import::Adding;

#[test]
fn a_page_that_lies_open_follows_what_is_put_in_and_taken_out() {
    let village = Village::new("abc");
    let open = Open::of(|x, who| {
        let mut house = village.house(x, &[who]);
        let config = house.folder.join("hearthpost.toml");
        let settings = fs::read_to_string(&config).expect("settings");
        let settings = settings + "\n[import]\ncards = [\"reader\"]\n";
        fs::write(&config, settings).expect("settings");
        house.home = Household::open(&config).expect("opens");
        house
    });
    let folder = &open.houses[0].folder;
    let (card, away) = (folder.join("reader/EOS"), folder.join("in-the-hand"));
    fs::create_dir_all(away.join("DCIM")).expect("a folder");
    fs::create_dir_all(folder.join("reader")).expect("a folder");
    let take =
        |name: &str| fs::copy(sample(name), away.join("DCIM").join(name)).expect("a picture");
    take("lake-dusk.jpg");

    let ann = open.browser(0, "ann");
    ann.goto(&format!("{}/card", open.base(0)));
    assert!(!ann.has("main form"), "no card is in");
    fs::rename(&away, &card).expect("put in");
    ann.until("the card", || ann.has("main form"));

    // What somebody is filling in stays while more is found.
    ann.fill("input[name=album-name]", "Spain");
    fs::copy(sample("poppies.jpg"), card.join("DCIM/poppies.jpg")).expect("a picture");
    let lamp = "return document.querySelector('.lamp').innerText;";
    let says = |words: &str| {
        ann.run(lamp, vec![])
            .as_str()
            .is_some_and(|lamp| lamp.contains(words))
    };
    ann.until("two new ones", || says("2 new"));
    let name = "return document.querySelector('input[name=album-name]').value;";
    assert_eq!(ann.run(name, vec![]), "Spain");

    ann.fill("input[name=album-name]", "");
    fs::rename(&card, &away).expect("pulled out");
    ann.until("no card", || !ann.has("main form"));
}

#[test]
fn the_lamp_of_any_page_that_lies_open_goes_on_when_a_card_is_read() {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| {
        let mut house = village.house(x, &[who]);
        let config = house.folder.join("hearthpost.toml");
        let settings = fs::read_to_string(&config).expect("settings");
        let settings = settings + "\n[import]\ncards = [\"reader\"]\n";
        fs::write(&config, settings).expect("settings");
        house.home = Household::open(&config).expect("opens");
        house
    });
    let card = open.houses[0].folder.join("reader/EOS/DCIM");
    fs::create_dir_all(&card).expect("a folder");
    fs::copy(sample("lake-dusk.jpg"), card.join("lake-dusk.jpg")).expect("a picture");
    let own = open.import(0, "balloon.jpg");
    let ann = open.browser(0, "ann");
    for page in ["/settings".to_owned(), format!("/album/{own}")] {
        ann.goto(&format!("{}{page}", open.base(0)));
        assert!(!ann.has(".lamp.on"), "{page}: nothing is read");
        let reading = open.houses[0].home.begin_card(None, &Adding::default());
        let reading = reading.expect("in hand");
        let seen = "return document.querySelector('.lamp.on')?.checkVisibility() === true;";
        ann.until("the lamp is on", || ann.run(seen, vec![]) == true);
        drop(reading);
        ann.until("it is off", || !ann.has(".lamp.on"));
    }
}
