//! Other pictures are chosen on the way through the share page: what else was in its form stays.

use crate::house::{House, Village, picture};
use crate::site::{Browser, Page, Site};
use axum::http::StatusCode;

const B: &str = "home-b@b.example";

/// Ann, whose house knows Bob's, and three pictures.
struct Scene {
    _village: Village,
    a: House,
    site: Site,
    ann: Browser,
    items: Vec<String>,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let mut a = village.house("a", &["ann", "abe"]);
    let mut b = village.house("b", &["bob"]);
    village.introduce(&mut a, &mut b);
    let mut items = Vec::new();
    for number in 0..3 {
        let path = a.folder.join(format!("{number}.jpg"));
        picture(&path, 200 + number, 150);
        items.push(a.import(&[path]).remove(0).reference);
    }
    let site = Site::of(&a);
    let ann = site.signed_in(&mut a, "ann");
    Scene {
        _village: village,
        a,
        site,
        ann,
        items,
    }
}

impl Scene {
    /// Goes to choose other pictures than the first two; gives the album's address.
    fn change(&mut self) -> String {
        let for_b = |name: &str| format!("{name} {B}");
        let names = ["look", "print", "size", "long", "times"].map(for_b);
        let mut form = vec![
            ("picture", self.items[0].as_str()),
            ("picture", self.items[1].as_str()),
            ("to", B),
            ("may", "each"),
            ("for", B),
            ("title", "The <lake>"),
            ("message", "Look!"),
            ("place", "on"),
            ("onward", "keep"),
            ("do", "change"),
        ];
        let values = ["on", "on", "small", "7", "4"];
        form.extend(names.iter().map(String::as_str).zip(values));
        let page = self.ann.post("/share", &form);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        let album = page.header("location").to_owned();
        assert!(!album.contains("lake") && !album.contains(B), "{album}");
        album
    }
}

/// Which of the pictures stand chosen in the album.
fn chosen(page: &Page, items: &[String]) -> Vec<bool> {
    let text = page.text();
    let is = |id: &String| text.contains(&format!("value=\"{id}\" checked"));
    items.iter().map(is).collect()
}

#[test]
fn who_changes_the_pictures_keeps_the_people_the_rules_and_the_words() {
    let mut s = scene();
    let album = s.change();
    let page = s.ann.get(&album);
    assert_eq!(chosen(&page, &s.items), [true, true, false]);
    let change = page.hidden("change");
    let back = format!(
        "/share?change={change}&picture={}&picture={}",
        s.items[0], s.items[2]
    );
    let page = s.ann.get(&back);
    let text = page.text();
    for kept in [
        format!("name=\"to\" value=\"{B}\" checked"),
        "value=\"each\" id=\"each\" checked".to_owned(),
        format!("name=\"print {B}\" checked"),
        "<option value=\"small\" selected>".to_owned(),
        "<option value=\"7\" selected>".to_owned(),
        format!("name=\"times {B}\" value=\"4\""),
        "value=\"The &lt;lake&gt;\"".to_owned(),
        ">Look!</textarea>".to_owned(),
        "name=\"place\" checked".to_owned(),
        "<option value=\"keep\" selected>".to_owned(),
    ] {
        assert!(text.contains(&kept), "{kept}: {text}");
    }
    assert!(
        !text.contains(&format!("name=\"keep {B}\" checked")),
        "{text}"
    );
    assert!(text.contains(&s.items[2]) && !text.contains(&s.items[1]));
    // And it can be shared as it says.
    let told = page.hidden("checked");
    assert!(
        !told.is_empty() && !text.contains("role=\"alert\""),
        "{text}"
    );
}

#[test]
fn what_the_album_does_not_show_stays_chosen_and_a_button_clears_all() {
    let mut s = scene();
    let album = s.change();
    // Of what is looked for, one is there.
    let page = s.ann.get(&format!("{album}&q=1.jpg"));
    assert_eq!(page.hidden("rest"), s.items[0]);
    assert_eq!(chosen(&page, &s.items), [false, true, false]);
    let change = page.hidden("change");
    let back = format!(
        "/share?change={change}&rest={}&picture={}",
        s.items[0], s.items[2]
    );
    let text = s.ann.get(&back).text();
    assert!(text.contains(&s.items[0]) && text.contains(&s.items[2]));
    assert!(!text.contains(&s.items[1]));
    let page = s.ann.get(&format!("{album}&clear=yes"));
    assert_eq!(chosen(&page, &s.items), [false; 3]);
    assert_eq!(page.hidden("change"), change);
}

#[test]
fn what_somebody_was_about_to_share_is_nobody_elses() {
    let mut s = scene();
    let album = s.change();
    let mut abe = s.site.signed_in(&mut s.a, "abe");
    let page = abe.get(&album);
    assert_eq!(chosen(&page, &s.items), [false; 3]);
    let change = album.strip_prefix("/?change=").expect("a name");
    let text = abe.get(&format!("/share?change={change}&picture={}", s.items[0]));
    let text = text.text();
    assert!(!text.contains("lake") && !text.contains("Look!"), "{text}");
    // Whoever asks for what is kept no more begins anew.
    for _ in 0..4 {
        s.change();
    }
    assert_eq!(chosen(&s.ann.get(&album), &s.items), [false; 3]);
}

#[test]
fn a_later_person_of_the_same_name_is_not_shown_it() {
    let mut s = scene();
    let album = s.change();
    assert_eq!(chosen(&s.ann.get(&album), &s.items), [true, true, false]);
    let ann = "ann".parse().expect("a station");
    let now = s.a.now();
    s.a.home.remove_person(&ann, now).expect("removed");
    let mail = "people@p.example".parse().expect("a mailbox");
    s.a.home.add_person(ann, mail, now).expect("added");
    let mut another = s.site.signed_in(&mut s.a, "ann");
    let page = another.get(&album);
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(chosen(&page, &s.items), [false; 3]);
}
