//! Uploads, pictures and the bin, stopped at every named point or without room on the disk, and started again: the same
//! end, and no blob that nothing names. What is stopped is this test itself, run once more as a process of its own.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::command::{House, picture};
use hearthpost::address::StationName;
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::Id;
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::own::{Size, Wanted};
use hearthpost::sharing::{Fault, Household};

/// Where the household of the process that may be stopped lies.
const FOLDER: &str = "HEARTHPOST_TEST_FOLDER";
/// Some hours after the build date, so that no floor lies above it.
const START: i64 = 1_800_000_000;
const DAY: i64 = 24 * 60 * 60;
const PART: usize = 4 * 1024 * 1024;

/// The points of this album, all of which the story passes.
const POINTS: [&str; 8] = [
    "import.stored",
    "import.after_commit",
    "pictures.stored",
    "upload.begun",
    "upload.before_commit",
    "upload.after_commit",
    "upload.dropped",
    "bin.after_commit",
];

fn film() -> Vec<u8> {
    (0..2 * PART + 10).map(|n| (n % 249) as u8).collect()
}

/// One run of everything, which goes on from wherever an earlier one was stopped.
fn play(folder: &Path) -> Result<(), Fault> {
    let mut home = Household::open(&folder.join("hearthpost.toml"))?;
    let (ann, now): (Option<StationName>, _) = (None, Timestamp::from_unix(START));
    let ann = ann.as_ref();
    let has = |home: &Household, name: &str, deleted| {
        let wanted = Wanted {
            text: name.to_owned(),
            deleted,
            ..Wanted::default()
        };
        let found = home.album_items(ann, &wanted)?.items;
        Ok::<_, Fault>(found.first().map(|item| item.reference.clone()))
    };
    let gone = folder.join("gone");
    if !gone.exists() {
        let lake = folder.join("lake.jpg");
        home.import(&[lake], None, now, &mut |_| {})?;
    }
    for (name, size) in [("film.bin", film().len()), ("left.bin", PART + 1)] {
        if has(&home, name, false)?.is_some() {
            continue;
        }
        let begun = home.uploads(ann)?.into_iter().find(|one| one.name == name);
        let id: Id = match begun {
            Some(begun) => begun.id,
            None => home.begin_upload(ann, name, size as u64, now)?,
        };
        let received = home.upload_state(ann, id)?.received;
        if name == "film.bin" {
            home.upload_chunk(ann, id, received, &film()[received as usize..], now)?;
            home.finish_upload(ann, id, Some("Films"), now)?;
        } else {
            home.cancel_upload(ann, id)?;
        }
    }
    // What was made by the import is lost, and made again.
    if let Some(lake) = has(&home, "lake.jpg", false)? {
        for entry in std::fs::read_dir(folder.join("data/pictures")).expect("a folder") {
            std::fs::remove_file(entry.expect("an entry").path()).expect("removed");
        }
        home.own_picture(ann, &lake, Size::Thumb)?;
        home.delete_items(ann, &[lake], now)?;
        std::fs::write(&gone, "").expect("a file");
    }
    let later = Reading {
        wall: Timestamp::from_unix(START + 31 * DAY),
        boot: "boot".to_owned(),
        uptime: 1000,
        synchronised: true,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(home.sync(&later))?;
    Ok(())
}

#[test]
#[ignore = "the process that is stopped, run by the test below"]
fn story() {
    let folder = std::env::var_os(FOLDER).expect("named by the test below");
    play(Path::new(&folder)).expect("it gets through");
}

/// How a run of the story ended.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Well,
    /// As by a power cut.
    Stopped,
    /// With a fault.
    Failed(String),
}

/// Runs the story, disturbed by what a variable says.
fn run(house: &House, disturbed: Option<(&str, &str)>) -> Ended {
    let program = std::env::current_exe().expect("this test");
    let mut run = Command::new(program);
    run.args(["--exact", "own::story", "--ignored"])
        .env(FOLDER, house.folder.path())
        .envs(disturbed)
        .stdin(Stdio::null());
    let output = run.output().expect("it starts");
    match output.status {
        status if status.signal().is_some() => Ended::Stopped,
        status if status.success() => Ended::Well,
        _ => Ended::Failed(String::from_utf8_lossy(&output.stdout).into_owned()),
    }
}

/// What is there in the end, without names that chance chose.
fn end(house: &House) -> String {
    let count = |folder: &str| {
        let entries = std::fs::read_dir(house.path("data").join(folder));
        entries.expect("a folder").count()
    };
    let all = house.run(["album", "list"]).done();
    let bin = house.run(["item", "list", "--deleted"]).done();
    let names = |items: &serde_json::Value| {
        let items = items.as_array().expect("a list");
        let names = items.iter().map(|item| item["name"].to_string());
        names.collect::<Vec<_>>().join(" ")
    };
    let album = rusqlite::Connection::open(house.path("data/album.sqlite"));
    let rows = album.and_then(|album| {
        album.query_row(
            "SELECT (SELECT count(*) FROM upload) + (SELECT count(*) FROM own_picture)",
            [],
            |row| row.get::<_, i64>(0),
        )
    });
    format!(
        "items {}; bin {}; albums {}; files {}, pictures {}, temporary {}; rows {}",
        names(&all["items"]),
        names(&bin["items"]),
        all["albums"][0]["items"],
        count("files"),
        count("pictures"),
        count("temporary"),
        rows.expect("rows"),
    )
}

fn house() -> House {
    let house = House::new("a");
    picture(&house.path("lake.jpg"), 320, 200);
    house
}

/// What it comes to.
const END: &str = "items \"film.bin\"; bin ; albums 1; files 1, pictures 0, temporary 0; rows 0";

#[test]
fn stopped_at_every_point_of_the_own_album_the_end_is_the_same() {
    let calm = house();
    assert_eq!(run(&calm, None), Ended::Well);
    assert_eq!(end(&calm), END);
    for point in POINTS {
        // The first and the second time it is passed, where it is passed twice.
        for pass in 1..=2 {
            let (house, at) = (house(), format!("{point}:{pass}"));
            match run(&house, Some(("HEARTHPOST_CRASH_AT", &at))) {
                Ended::Stopped => assert_eq!(run(&house, None), Ended::Well, "{at}"),
                ended => assert_eq!((pass, ended), (2, Ended::Well), "{point} is never passed"),
            }
            assert_eq!(end(&house), END, "stopped at {at}");
        }
    }
}

#[test]
fn without_room_at_any_write_of_the_own_album_the_end_is_the_same() {
    let mut failed = 0;
    // Where there is no room until the run ends, and where there is some again at once.
    for write in (1..).step_by(3) {
        let from_there = format!("{write}-");
        for at in [&from_there, &write.to_string()] {
            let house = house();
            match run(&house, Some(("HEARTHPOST_DISK_FULL_AT", at))) {
                Ended::Well if at == &from_there => {
                    assert!(failed > 20, "{failed} writes failed");
                    return;
                }
                Ended::Failed(said) => {
                    assert!(said.contains("the disk is full"), "at {at}: {said}");
                    assert_eq!(run(&house, None), Ended::Well, "at {at}");
                    failed += 1;
                }
                ended => assert_eq!(ended, Ended::Well, "at {at}"),
            }
            assert_eq!(end(&house), END, "at {at}");
        }
    }
}
