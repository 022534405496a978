//! Somebody looks for a household in the directory, a real slapd, by the button of the share page, and shares with it.

use crate::browser::{Browser, SCHEMES, WIDTHS, checks};
use crate::house::Village;
use crate::open::Open;
use crate::slapd::Slapd;

#[test]
fn a_household_is_found_in_the_directory_chosen_and_shared_with() {
    let (village, slapd) = (Village::new("abc"), Slapd::start());
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    slapd.used_by(&mut open.houses[2], "", true);
    let words = ["grandma".to_owned()];
    let published = open.houses[2].home.publish(&words);
    village.run(published).expect("published");
    slapd.used_by(&mut open.houses[0], "", false);
    let site = open.open(0, ([127, 0, 0, 1], 0).into());
    open.sites[0] = site;
    let item = open.import(0, "poppies.jpg");
    let page = format!("{}/share?picture={item}", open.base(0));

    let (ann, axe) = (open.browser(0, "ann"), checks::axe());
    let mut faults = Vec::new();
    for width in WIDTHS {
        ann.look_at(width, SCHEMES[0]);
        ann.goto(&page);
        look(&ann, "nobody");
        ann.until("that there is none", || {
            ann.says("The directory has nobody like that.")
        });
        look(&ann, "grandma");
        ann.until("the household", || ann.says("House C"));
        ann.run(&axe, vec![]);
        for scheme in SCHEMES {
            ann.look_at(width, scheme);
            faults.extend(ann.barriers());
        }
        ann.look_at(width, SCHEMES[0]);
        faults.extend(ann.sticks_out(width));
        faults.extend(ann.small_targets());
        faults.extend(ann.unseen_focus());
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));

    // It is chosen, and what will happen is said before it does.
    ann.click("[data-part=offers] .tickline");
    ann.until("what will happen", || {
        ann.says("Nobody here knows this household yet")
    });
    ann.click("button[value=share]");
    ann.until("recorded", || ann.at().starts_with("/sent/"));
    assert!(ann.says("Waits for their box to introduce itself"));
    let mut houses: Vec<_> = open.houses.iter_mut().collect();
    village.settle(&mut houses);
    // Their box introduced itself; whether they take it is for them to say.
    ann.until("that it goes", || ann.has(".track .now"));
    assert_eq!(ann.complaints(), Vec::<String>::new());
}

/// Writes whom she looks for, and presses the button.
fn look(browser: &Browser, whom: &str) {
    browser.fill("input[name=who]", whom);
    browser.click("button[value=directory]");
}
