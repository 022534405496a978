//! Looking in the directory from the page of a share and by programs: hits are offered, chosen and confirmed; a real slapd.

use crate::house::{House, Village, picture};
use crate::site::{Browser, Page, Site};
use crate::slapd::Slapd;
use axum::http::StatusCode;
use serde_json::json;

const B: &str = "home-b@b.example";

struct Scene {
    village: Village,
    slapd: Slapd,
    a: House,
    b: House,
    item: String,
    site: Site,
    ann: Browser,
}

/// B has published itself as `grandma`; A asks there.
fn scene() -> Scene {
    let (village, slapd) = (Village::new("abc"), Slapd::start());
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bob"]);
    slapd.used_by(&mut b, "", true);
    let words = ["grandma".to_owned()];
    village.run(b.home.publish(&words)).expect("published");
    slapd.used_by(&mut a, "", false);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let item = a.import(&[path]).remove(0).reference;
    let site = Site::of(&a);
    let ann = site.signed_in(&mut a, "ann");
    Scene {
        village,
        slapd,
        a,
        b,
        item,
        site,
        ann,
    }
}

impl Scene {
    fn form(&mut self, fields: &[(&str, &str)]) -> Page {
        let picture = [("picture", self.item.as_str())];
        let form: Vec<_> = picture.iter().chain(fields).copied().collect();
        self.ann.press("/share", &form)
    }
}

#[test]
fn a_hit_is_offered_chosen_and_said_before_it_is_used() {
    let mut s = scene();
    let empty = s.form(&[]).text();
    assert!(empty.contains("value=\"directory\""), "there is a button");
    let page = s.form(&[("who", "grandma"), ("do", "directory")]);
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    let tick = format!("name=\"to\" value=\"{B}\"");
    assert!(page.contains(&tick) && page.contains("House B"), "{page}");
    assert!(page.contains(&s.b.home.me().words()), "to compare");
    assert!(page.contains("name=\"looked\" value=\"grandma\""), "{page}");
    let contacts = s.a.home.contacts().expect("rows");
    assert!(contacts.is_empty() && s.a.home.keywords().expect("rows").is_empty());
    // Chosen, it is said what will happen; and what was offered besides stays.
    let chosen = s.form(&[("looked", "grandma"), ("to", B)]).text();
    assert!(
        chosen.contains("Nobody here knows this household yet"),
        "{chosen}"
    );
    // It stands where it was offered, chosen, with its name and the words to compare.
    let chosen_tick = format!("{tick} checked");
    for part in [&chosen_tick, "House B", &s.b.home.me().words()] {
        assert!(chosen.contains(part), "{part}: {chosen}");
    }
    assert_eq!(chosen.matches(&tick).count(), 1, "{chosen}");
    assert!(chosen.contains("name=\"looked\" value=\"grandma\""));
    assert!(!chosen.contains("The directory has nobody"), "{chosen}");
    assert!(s.a.home.asked().expect("rows").is_empty());
    let told = s
        .form(&[("looked", "grandma"), ("to", B)])
        .hidden("checked");
    let shared = s.form(&[
        ("looked", "grandma"),
        ("to", B),
        ("checked", &told),
        ("do", "share"),
    ]);
    assert_eq!(shared.status, StatusCode::SEE_OTHER, "{}", shared.text());
    let to = shared.header("location").to_owned();
    let said = s.ann.get(&to).text();
    assert!(
        said.contains("Waits for their box to introduce itself"),
        "{said}"
    );
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let sent = s.a.home.sent().expect("rows").remove(0);
    assert_eq!(sent.destinations[0].state, "sent");
}

#[test]
fn of_several_hits_the_chosen_one_alone_gets_it() {
    let mut s = scene();
    let mut c = s.village.house("c", &[]);
    s.slapd.used_by(&mut c, "", true);
    let words = ["grandma".to_owned()];
    s.village.run(c.home.publish(&words)).expect("published");
    let page = s.form(&[("who", "grandma"), ("do", "directory")]).text();
    for house in [&s.b, &c] {
        let tick = format!("name=\"to\" value=\"{}\"", house.mailbox);
        assert_eq!(page.matches(&tick).count(), 1, "{page}");
        assert!(!page.contains(&format!("{tick} checked")), "{page}");
        assert!(page.contains(&house.home.me().words()), "to compare");
    }
    let chosen = [("looked", "grandma"), ("to", "home-c@c.example")];
    let told = s.form(&chosen).hidden("checked");
    let both = [&chosen[..], &[("checked", &told), ("do", "share")]].concat();
    let shared = s.form(&both);
    assert_eq!(shared.status, StatusCode::SEE_OTHER, "{}", shared.text());
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut c]);
    let sent = s.a.home.sent().expect("rows").remove(0);
    let to = sent
        .destinations
        .iter()
        .map(|to| (to.mailbox.as_str(), to.state));
    assert_eq!(to.collect::<Vec<_>>(), [("home-c@c.example", "sent")]);
}

#[test]
fn nobody_and_a_directory_that_is_down_are_said_on_the_page() {
    let mut s = scene();
    let nobody = s.form(&[("who", "granny"), ("do", "directory")]).text();
    assert!(
        nobody.contains("The directory has nobody like that."),
        "{nobody}"
    );
    let nothing = s.form(&[("do", "directory")]).text();
    assert!(nothing.contains("say what to look for"), "{nothing}");
    s.form(&[("who", "grandma"), ("do", "directory")]);
    s.slapd.stop();
    let down = s.form(&[("who", "granny"), ("do", "directory")]).text();
    assert!(down.contains("no connection to the directory"), "{down}");
    s.a.wait(7_200);
    s.site.set_clock(&s.a);
    let old = s.form(&[("who", "grandma"), ("do", "directory")]).text();
    assert!(old.contains("House B"), "{old}");
    assert!(
        old.contains("The directory does not answer; it said so"),
        "{old}"
    );
    // Sharing does without.
    let told = s.form(&[("to", B)]).hidden("checked");
    let shared = s.form(&[("to", B), ("checked", &told), ("do", "share")]);
    assert_eq!(shared.status, StatusCode::SEE_OTHER, "{}", shared.text());
}

#[test]
fn without_a_directory_there_is_no_button() {
    let mut s = scene();
    let mut c = s.village.house("c", &["cleo"]);
    let path = c.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let item = c.import(&[path]).remove(0).reference;
    let site = Site::of(&c);
    let mut cleo = site.signed_in(&mut c, "cleo");
    let page = cleo.get(&format!("/share?picture={item}")).text();
    assert!(!page.contains("value=\"directory\""), "{page}");
    s.ann.forget();
}

#[test]
fn a_word_that_a_household_announces_is_offered_to_be_chosen() {
    let mut s = scene();
    s.village.introduce(&mut s.a, &mut s.b);
    let who = s.b.home.me();
    let word = ("granny".to_owned(), "bob".parse().expect("a station"));
    let announced =
        s.a.home
            .album
            .commit(|rows| rows.set_announced(who, &[word]));
    announced.expect("noted");
    let page = s.form(&[("who", "granny")]).text();
    let tick = "name=\"to\" value=\"home-b+bob@b.example\"";
    assert!(
        page.contains(tick) && page.contains("granny, House B"),
        "{page}"
    );
    assert!(s.a.home.keywords().expect("rows").is_empty());
}

#[test]
fn a_program_finds_households_and_takes_none() {
    let mut s = scene();
    let mut reads = s.site.program(&mut s.a, "ann", "read");
    let path = "/api/v1/directory?query=grandma";
    assert_eq!(reads.get(path).problem(403), "scope");
    let mut ann = s.site.program(&mut s.a, "ann", "read share");
    let found = ann.get(path).done(200);
    let household = &found["households"][0];
    assert_eq!(household["mailbox"], B);
    assert_eq!(household["comparing_words"], s.b.home.me().words());
    assert_eq!(
        (&household["known"], &household["differs"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(found.get("as_of"), None);
    assert_eq!(
        ann.get("/api/v1/directory?query=granny").done(200),
        json!({"households": []})
    );
    assert_eq!(ann.get("/api/v1/directory?query=").problem(400), "nothing");
    assert!(s.a.home.contacts().expect("rows").is_empty());
    s.slapd.stop();
    assert_eq!(
        ann.get(path).done(200),
        found,
        "within the hour it is the same"
    );
    assert_eq!(
        ann.get("/api/v1/directory?query=nan").problem(409),
        "directory"
    );
    // A word that only the directory knows is not used by itself.
    let order = json!({"items": [s.item], "to": ["grandma"]});
    let refused = ann.send("POST", "/api/v1/shares", &order);
    assert_eq!(refused.problem(400), "unknown_word");
}
