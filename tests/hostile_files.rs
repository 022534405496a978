//! Files that mean ill, from a card or an upload: each goes in or is named with its reason, and the good one beside it goes
//! in. Shared, shared in part and looked at, none takes much memory, and none ends the program.

#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/house/mod.rs"]
mod house;
#[path = "rendition/make.rs"]
#[allow(dead_code, reason = "of the pictures only some are used")]
mod make;
#[path = "support/peak.rs"]
mod peak;

use std::path::PathBuf;

use hearthpost::rules::Action;
use hearthpost::sharing::own::Size;
use hostile::{boxes, cut_short, documents, pictures, sounds};
use house::{House, Village, order};
use make::{jpeg, quadrants};

/// What one file may add to the peak of this program, and how long it may compute in a build without optimisation, in
/// hundredths of a second.
const LITTLE: u64 = 150 << 20;
const LONG: u64 = 3_000;

/// How long this process has computed, in hundredths of a second.
fn computed() -> u64 {
    let about = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let (_, fields) = about.rsplit_once(')').expect("its name in brackets");
    let fields = fields.split_whitespace().skip(11).take(2);
    fields
        .map(|ticks| ticks.parse::<u64>().expect("a number"))
        .sum()
}

fn measured<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let since = computed();
    let (given, more) = peak::measured(work);
    assert!(more < LITTLE, "{what} took {} MiB", more >> 20);
    let took = computed() - since;
    assert!(took < LONG, "{what} took {took} hundredths of a second");
    given
}

struct Scene {
    village: Village,
    a: House,
    b: House,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    Scene { village, a, b }
}

/// Imports all with a good one among them, then shares and looks at each, in every way.
fn try_all(files: Vec<(String, Vec<u8>)>) {
    let mut s = scene();
    let card = s.a.folder.join("card");
    std::fs::create_dir_all(&card).expect("a folder");
    let good = jpeg(&quadrants(64, 48), false);
    std::fs::write(card.join("good.jpg"), good).expect("a file");
    for (name, bytes) in &files {
        std::fs::write(card.join(name), bytes).expect("a file");
    }
    let now = s.a.now();
    let paths: [PathBuf; 1] = [card.clone()];
    let imported = measured("import", || {
        s.a.home
            .import(&paths, None, now, &mut |_| {})
            .expect("the rest goes in")
    });
    for skipped in &imported.skipped {
        let name = skipped.path.display();
        assert!(
            (10..250).contains(&skipped.reason.len()),
            "{name}: {}",
            skipped.reason
        );
    }
    // None twice, none lost.
    assert_eq!(
        imported.items.len() + imported.skipped.len(),
        files.len() + 1
    );
    assert!(imported.items.iter().any(|item| item.name == "good.jpg"));
    let mut all: Vec<String> = Vec::new();
    for item in &imported.items {
        for size in [Size::Thumb, Size::Screen] {
            let made = measured(&item.name, || {
                s.a.home.own_picture(None, &item.reference, size)
            });
            if let Err(fault) = made {
                assert!(fault.message.contains(&item.name), "{}", fault.message);
            }
        }
        for rules in [
            "display=640",
            "display=full,store=full",
            "display=full,excerpt=yes",
        ] {
            let mut order = order(&[item], &["home-b+bob@b.example"], rules);
            order.excerpt = "2s,1p,3l".parse().expect("lengths");
            let what = format!("{} with {rules}", item.name);
            match measured(&what, || s.a.share(&order)) {
                Ok(recorded) => all.push(recorded.share),
                Err(fault) => {
                    let message = fault.message;
                    assert!(
                        message.contains(&item.name) && !message.contains('\n'),
                        "{message}"
                    );
                    assert!(message.len() < 400, "{message}");
                }
            }
        }
    }
    assert!(all.len() >= 3, "the good one goes in each way");
    s.village.sync(&mut s.a);
    s.village.sync(&mut s.b);
    for share in all {
        for item in s.b.items(&share) {
            for action in [Action::Display, Action::Print, Action::Store] {
                let what = format!("{:?} of {:?}", action, item.name);
                let given = measured(&what, || s.b.view(&item.reference, "bob", action));
                let said = given.err().map_or(String::new(), |fault| fault.message);
                assert!(said.len() < 300 && !said.contains('\n'), "{what}: {said}");
            }
        }
    }
}

fn named(files: Vec<(&str, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

/// Memory is measured for the whole program: one after the other.
#[test]
fn no_file_ends_the_program_or_takes_the_others_with_it() {
    for files in [
        named(pictures()),
        named(boxes()),
        named(sounds()),
        named(documents()),
        cut_short(),
    ] {
        try_all(files);
    }
}
