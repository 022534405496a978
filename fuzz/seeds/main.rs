//! Makes the first corpus of every target out of `tests/vectors` and `tests/fixtures`: `seeds FOLDER`.

mod letters;
mod mail;
mod pictures;
mod sounds;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hearthpost::album::Rows;
use hearthpost::message::read_letter;
use hearthpost::sharing::fuzzing::Verdict;
use hearthpost_fuzz::homes::folder;
use hearthpost_fuzz::house::{House, moment};
use hearthpost_fuzz::script::{self, Signed};
// The coverage that is compiled into everything counts in there.
use libfuzzer_sys as _;

/// Inputs for a target.
type Seeds = Vec<Vec<u8>>;

fn main() {
    let Some(to) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: seeds FOLDER");
        std::process::exit(2);
    };
    let opened = letters::Opened::read(&mails());
    let targets: BTreeMap<&str, Seeds> = BTreeMap::from([
        ("letter", mails()),
        ("letter_json", opened.scripts.clone()),
        (
            "effects",
            [opened.scripts.clone(), letters::stories(&opened)].concat(),
        ),
        (
            "der",
            [
                opened.ders.clone(),
                letters::parts(),
                letters::certificates(),
            ]
            .concat(),
        ),
        ("outer", letters::layers(&opened)),
        ("mime", [opened.entities.clone(), mail::bodies()].concat()),
        ("json", [opened.json.clone(), letters::rules()].concat()),
        ("rules", letters::rule_sets()),
        ("mailbox", mail::answers()),
        ("bounce", mail::bounces()),
        ("pictures", pictures::all()),
        ("excerpts", sounds::all()),
    ]);
    check_taken(&targets["effects"]);
    for (target, seeds) in targets {
        write(&to.join(target), &seeds);
        println!("{target}: {} seeds", seeds.len());
    }
}

fn write(folder: &Path, seeds: &Seeds) {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    for (n, seed) in seeds.iter().enumerate() {
        std::fs::write(folder.join(format!("seed-{n:03}")), seed).expect("it can be written");
    }
}

/// The letters among the fixtures.
fn mails() -> Seeds {
    let mut paths = Vec::new();
    for below in [
        "tests/vectors",
        "tests/fixtures/letters",
        "tests/fixtures/quantum",
    ] {
        find(&folder(below), &mut paths);
    }
    paths.sort();
    let letters = paths.iter().filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".eml") && !name.starts_with("parts-")
    });
    letters
        .map(|path| std::fs::read(path).expect("it is readable"))
        .collect()
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the fixtures are there") {
        let path = entry.expect("it is readable").path();
        match path.is_dir() {
            true => find(&path, found),
            false => found.push(path),
        }
    }
}

/// What a household with the album of the target `effects` acts on, or the scripts have gone stale.
const TAKEN: &[&str] = &[
    "card",
    "card-request",
    "ended",
    "grant",
    "grant-request",
    "part-request",
    "receipt",
    "revocation",
];

fn check_taken(scripts: &Seeds) {
    let mut house = House::build();
    let mut taken = BTreeSet::new();
    for script in scripts {
        let letters = script::letters(script, house.names.clone());
        let mut kinds = letters.iter().map(|signed| {
            let letter = read_letter(&signed.der, signed.enveloped).expect("a letter");
            letter.body.kind()
        });
        let seen = |_: Rows<'_>, verdict: Option<&Verdict>| {
            let kind = verdict.and_then(|_| kinds.next());
            taken.extend(kind.filter(|_| verdict == Some(&Verdict::Taken)));
        };
        let mails = letters.iter().map(Signed::mail);
        house
            .home
            .rehearse(mails, moment(), seen)
            .expect("the album works");
    }
    assert_eq!(taken, BTreeSet::from_iter(TAKEN.iter().copied()));
}
