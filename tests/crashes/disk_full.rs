//! The disk is full at every single write, once; then there is room again, and all comes to the same end: nothing lost,
//! nothing twice, one clear error, and nothing left lying about.

use crate::command::{House, Ran, command, picture, write_private};
use crate::full::{End, Fault, World, files, list, litter, quick_folder, says_that_it_is_full};

#[test]
fn full_at_every_write_of_a_share_the_end_is_the_same() {
    let world = World::new();
    let mut calm = world.story(0, Fault::None);
    let calm_ends = calm.play();
    assert_eq!(
        calm_ends.1.left.values().sum::<usize>(),
        0,
        "{calm_ends:#?}"
    );
    let shares = calm_ends.1.shares.join("\n");
    assert!(shares.contains("b has hill expired: 0 0 0 0"), "{shares}");
    assert!(shares.contains("c has lake revoked: 0 0 0 0"), "{shares}");
    assert!(calm_ends.1.litter.is_empty(), "{calm_ends:#?}");
    assert!(calm_ends.1.notices > 1, "{calm_ends:#?}");
    let mut every = world.story(1, Fault::EveryWrite);
    let ends = every.play();
    same(ends, &calm_ends, usize::MAX, "every write");
    assert!(every.hits > 200, "{} writes", every.hits);
}

#[test]
fn full_once_in_every_command_the_end_is_the_same() {
    let world = World::new();
    let calm = world.story(0, Fault::None).play();
    // Few commands write more often, and what they do then they do again and again.
    let writes = (1..=24).chain([29, 34, 40, 47, 55]);
    for (number, write) in writes.enumerate() {
        // Now and then there is no room until the command ends.
        let at = match number % 3 {
            2 => format!("{write}-"),
            _ => write.to_string(),
        };
        let mut story = world.story(number as u32 + 1, Fault::Once(at.clone()));
        let ends = story.play();
        same(ends, &calm, 2 * calm.0.notices, &at);
        assert!(story.hits > 0, "no command writes {write} times");
    }
}

/// Between the sending and the noting of it a notice may go twice, as when the machine dies there; nothing else may.
fn same(mut ends: (End, End), calm: &(End, End), most: usize, what: &str) {
    for (disturbed, calm) in [(&mut ends.0, &calm.0), (&mut ends.1, &calm.1)] {
        let told = disturbed.notices;
        assert!(
            (calm.notices..=most).contains(&told),
            "full at {what}: {told}"
        );
        disturbed.notices = calm.notices;
        assert_eq!(disturbed, calm, "full at {what}");
    }
}

/// Runs a command with a full disk at each of its writes, each time where nothing was done yet; `again` is what comes
/// after, when there is room.
fn at_every_write(arguments: &[&str], fresh: impl Fn() -> House, again: impl Fn(&House, &str)) {
    for write in 1.. {
        let fault = write.to_string();
        let house = fresh();
        let mut run = command(house.folder.path());
        run.args(["--config", "hearthpost.toml", "--json"])
            .args(arguments)
            .env("HEARTHPOST_DISK_FULL_AT", &fault);
        let ran = Ran::of(run);
        if ran.code == 0 {
            assert!(write > 5, "{arguments:?}: {write} writes");
            return;
        }
        says_that_it_is_full(&ran, &format!("{arguments:?} at {fault}"));
        again(&house, &fault);
        assert_eq!(litter(house.folder.path()), [""; 0], "at {fault}");
    }
}

/// A folder with a password in it, and nothing else.
fn empty() -> House {
    let house = House {
        folder: quick_folder(),
        mailbox: "home-a@a.example".to_owned(),
    };
    write_private(&house.path("password"), "secret\n");
    house
}

const INIT: [&str; 15] = [
    "init",
    "--mailbox",
    "home-a@a.example",
    "--name",
    "House A",
    "--imap",
    "imaps://localhost:1",
    "--smtp",
    "smtps://localhost:1",
    "--username",
    "home-a@a.example",
    "--password-file",
    "password",
    "--data",
    "data",
];

#[test]
fn full_at_every_write_of_init_the_next_one_makes_the_household() {
    at_every_write(&INIT, empty, |house, fault| {
        let made = house.run(INIT);
        assert_eq!(made.code, 0, "at {fault}: {made:?}");
        house.run(["album", "list"]).done();
    });
}

#[test]
fn full_at_every_write_of_an_import_no_sealed_file_is_left_that_nothing_names() {
    let fresh = || {
        let house = House::new("a");
        picture(&house.path("lake.jpg"), 60, 40);
        house
    };
    at_every_write(&["import", "lake.jpg"], fresh, |house, fault| {
        // It sweeps first, and has a provider that is nowhere.
        house.run(["sync"]);
        assert_eq!(files(&house.path("data/files")), [""; 0], "at {fault}");
        house.run(["import", "lake.jpg"]).done();
        assert_eq!(files(&house.path("data/files")).len(), 1, "at {fault}");
        let listed = house.run(["album", "list"]).done();
        assert_eq!(list(&listed["items"]).count(), 1, "at {fault}");
    });
}

#[test]
fn full_at_every_write_of_a_restore_nothing_changed_and_the_next_one_restores() {
    let source = House::new("a");
    // Found beside the settings, wherever those are.
    let settings = source.path("hearthpost.toml");
    let text = std::fs::read_to_string(&settings).expect("settings");
    let here = format!("{}/", source.folder.path().display());
    std::fs::write(&settings, text.replace(&here, "")).expect("settings");
    picture(&source.path("lake.jpg"), 60, 40);
    source.run(["import", "lake.jpg"]).done();
    source.run(["backup", "all.tar"]).done();
    let with_backup = || {
        let house = empty();
        let copied = std::fs::copy(source.path("all.tar"), house.path("all.tar"));
        copied.expect("a copy");
        house
    };
    let items = |house: &House| list(&house.run(["album", "list"]).done()["items"]).count();
    at_every_write(&["restore", "all.tar"], with_backup, |house, fault| {
        if !house.path("hearthpost.toml").exists() {
            let restored = house.run(["restore", "all.tar", "--yes"]);
            assert_eq!(restored.code, 0, "at {fault}: {restored:?}");
        }
        assert_eq!(items(house), 1, "at {fault}");
    });
    let with_household = || {
        let house = with_backup();
        std::fs::copy(
            source.path("hearthpost.toml"),
            house.path("hearthpost.toml"),
        )
        .expect("settings");
        house.run(["restore", "all.tar"]).done();
        picture(&house.path("hill.jpg"), 40, 60);
        house.run(["import", "hill.jpg"]).done();
        house
    };
    let replace = ["restore", "all.tar", "--yes"];
    at_every_write(&replace, with_household, |house, fault| {
        let left = items(house);
        assert!(left == 2 || left == 1, "at {fault}: {left} items");
        if left == 2 {
            let restored = house.run(replace);
            assert_eq!(restored.code, 0, "at {fault}: {restored:?}");
        }
        assert_eq!(items(house), 1, "at {fault}");
    });
}
