//! A backup that can be restored, and a restore that does not repeat the past (CASES O-24).

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::backups::{Scene, back_up, bring_back, config, content, scene, while_closed};
use crate::house::state::files_below;
use crate::house::{Village, order, picture};
use hearthpost::rules::Action;
use hearthpost::sharing::Household;

#[test]
fn what_was_destroyed_is_as_before_and_a_second_pass_is_quiet() {
    let Scene { village, a, mut b } = scene();
    let (before, file) = (a.visible(), a.folder.join("a.backup"));
    let mut a = a;
    let done = back_up(&mut a, &file);
    assert_eq!((done.files, done.damaged.len()), (2, 0));
    let mode = fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!file.with_file_name("a.backup.part").exists());
    let mails = village.server.messages("home-b@b.example", "INBOX").len();
    let (mut a, done) = while_closed(a, |house| {
        fs::remove_dir_all(house.folder.join("data")).expect("gone");
        fs::remove_file(config(house)).expect("gone");
        bring_back(house, &file, false).expect("restored")
    });
    assert_eq!(done.mailbox, a.mailbox);
    assert_eq!((done.missing.parts, done.missing.items), (0, 0));
    assert_eq!(done.config_written, Some(config(&a)));
    assert_eq!(a.visible(), before);
    for path in files_below(&a.folder.join("data")) {
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
    for house in [&mut a, &mut b] {
        let done = village.sync(house);
        assert_eq!((done.submitted, done.notified), (0, 0), "{done:?}");
    }
    let after = village.server.messages("home-b@b.example", "INBOX").len();
    assert_eq!(mails, after, "nothing is sent again");
    assert_eq!(a.visible(), before);
}

#[test]
fn received_pictures_are_back_and_may_be_looked_at_as_before() {
    let Scene {
        village,
        a: _,
        mut b,
    } = scene();
    let file = b.folder.join("b.backup");
    back_up(&mut b, &file);
    let before = b.visible();
    let (mut b, _) = while_closed(b, |house| {
        fs::remove_dir_all(house.folder.join("data")).expect("gone");
        bring_back(house, &file, false).expect("restored")
    });
    assert_eq!(b.visible(), before);
    let share = b.home.received().expect("rows").remove(0);
    b.view(&share.items[0].id, "bob", Action::Store)
        .expect("kept");
    let done = village.sync(&mut b);
    assert_eq!((done.submitted, done.notified), (0, 0), "{done:?}");
}

#[test]
fn backup_in_the_midst_of_writing_is_one_moment() {
    let Scene {
        village: _village,
        mut a,
        b: _,
    } = scene();
    let big = a.folder.join("big.bin");
    fs::write(&big, vec![7; 9_000_000]).expect("a file");
    let file = a.folder.join("a.backup");
    let (config_file, now) = (config(&a), a.now());
    let other = Household::open(&config_file).expect("opens");
    let mut third = Household::open(&config_file).expect("opens");
    let late = a.folder.join("late.jpg");
    picture(&late, 50, 50);
    let before = a.visible();
    let mut made = None;
    let items = a.home.import(&[big], None, now, &mut |progress| {
        if progress.done > 4_000_000 && made.is_none() {
            let mut went = false;
            let done = other.backup(&config_file, &file, now, &mut |_| {
                // And while the blobs are copied, another item comes.
                if !std::mem::replace(&mut went, true) {
                    let late = [late.clone()];
                    third.import(&late, None, now, &mut |_| {}).expect("import");
                }
            });
            made = Some(done.expect("a backup"));
        }
    });
    assert_eq!(items.expect("import").items.len(), 1);
    assert_eq!(made.expect("made").files, 2);
    drop((other, third));
    let (a, _) = while_closed(a, |house| bring_back(house, &file, true).expect("restored"));
    assert_eq!(a.visible(), before);
    assert_eq!(a.home.album.rows().items().expect("rows").len(), 2);
}

#[test]
fn part_that_is_removed_meanwhile_is_asked_for_again() {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    // C has not fetched its copy yet, so that A keeps the sealed parts.
    let mut c = village.house("c", &[]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 900, 600);
    let items = a.import(&[path]);
    let to = ["home-b@b.example", "home-c@c.example"];
    a.share(&order(&[&items[0]], &to, "display=full"))
        .expect("recorded");
    village.settle(&mut [&mut a, &mut b]);
    let file = b.folder.join("b.backup");
    let gone = b.blobs().remove(0);
    fs::remove_file(&gone).expect("gone");
    back_up(&mut b, &file);
    let (mut b, done) = while_closed(b, |house| bring_back(house, &file, true).expect("restored"));
    assert_eq!(done.missing.parts, 1);
    let missing = b.home.album.rows().missing_parts().expect("rows");
    assert_eq!(missing.len(), 1);
    assert!(gone.ends_with(missing[0].digest.to_string()));
    let share = b.home.received().expect("rows").remove(0);
    assert_eq!(share.state, "arriving");
    let told = || village.server.messages("people@p.example", "INBOX").len();
    let before = told();
    for _ in 0..3 {
        for house in [&mut a, &mut b] {
            house.wait(86_400);
        }
        village.settle(&mut [&mut a, &mut b]);
    }
    assert!(gone.exists(), "it came again");
    let share = b.home.received().expect("rows").remove(0);
    assert_eq!(share.state, "complete");
    assert_eq!(told(), before, "nobody is told twice");
}

#[test]
fn part_that_the_disk_changed_is_left_out_and_named() {
    let Scene {
        village: _village,
        a: _,
        mut b,
    } = scene();
    let changed = b.blobs().remove(0);
    fs::write(&changed, b"rot").expect("written");
    let file = b.folder.join("b.backup");
    let done = back_up(&mut b, &file);
    assert_eq!(done.damaged.len(), 1);
    assert!(changed.ends_with(&done.damaged[0]));
    let (_, done) = while_closed(b, |house| bring_back(house, &file, true).expect("restored"));
    assert_eq!(done.missing.parts, 1);
}

#[test]
fn household_that_is_there_is_not_replaced_unasked_and_kept_when_it_is() {
    let Scene {
        village: _village,
        mut a,
        b: _,
    } = scene();
    let file = a.folder.join("a.backup");
    back_up(&mut a, &file);
    let late = a.folder.join("late.jpg");
    picture(&late, 50, 50);
    a.import(&[late]);
    let (a, done) = while_closed(a, |house| {
        let refused = bring_back(house, &file, false).expect_err("it is there");
        assert_eq!(refused.code, "exists");
        bring_back(house, &file, true).expect("restored")
    });
    assert_eq!(a.home.album.rows().items().expect("rows").len(), 2);
    let kept = done.kept.expect("kept");
    let old = hearthpost::album::Album::open(&kept).expect("opens");
    assert_eq!(old.rows().items().expect("rows").len(), 3);
    assert!(!a.folder.join("data/hearthpost.toml").exists());
}

#[test]
fn nothing_is_restored_while_the_household_is_open_anywhere() {
    let Scene {
        village: _village,
        mut a,
        b: _,
    } = scene();
    let file = a.folder.join("a.backup");
    back_up(&mut a, &file);
    let refused = bring_back(&a, &file, true).expect_err("it is open");
    assert_eq!(refused.code, "busy");
    assert!(refused.message.contains("in use"), "{refused}");
}

#[test]
fn album_cannot_be_opened_while_its_folder_is_taken() {
    let Scene {
        village: _village,
        a,
        b: _,
    } = scene();
    let (_, refused) = while_closed(a, |house| {
        let taken = hearthpost::album::Album::seize(&house.folder.join("data")).expect("free");
        let refused = Household::open(&config(house)).err().expect("taken");
        drop(taken);
        refused
    });
    assert_eq!(refused.code, "busy");
}

#[test]
fn backup_of_another_household_is_refused() {
    let Scene {
        village: _village,
        a,
        mut b,
    } = scene();
    let file = b.folder.join("b.backup");
    back_up(&mut b, &file);
    let before = content(&a.folder);
    let (a, refused) = while_closed(a, |house| {
        bring_back(house, &file, true).expect_err("of another house")
    });
    assert!(refused.message.contains("home-b@b.example"), "{refused}");
    assert_eq!(content(&a.folder).len(), before.len());
}

#[test]
fn waiting_notice_is_not_sent_again_and_waiting_letters_are() {
    let Scene {
        village,
        mut a,
        mut b,
    } = scene();
    let told = || village.server.messages("people@p.example", "INBOX").len();
    let item = a.home.album.rows().items().expect("rows").remove(0);
    a.share(&order(&[&item], &["home-b@b.example"], "display=full"))
        .expect("recorded");
    village.sync(&mut a);
    // B takes it in and cannot send: notice and receipt wait.
    let refused = testmail::Reply::new(421, "4.3.0 try later");
    let faults = village.server.faults();
    faults.smtp_mail(refused, testmail::Times::Always);
    village.try_sync(&mut b).expect("sync");
    let before = told();
    let file = b.folder.join("b.backup");
    back_up(&mut b, &file);
    faults.clear();
    b.wait(3 * 86_400);
    a.wait(3 * 86_400);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(told(), before + 1);
    let (mut b, _) = while_closed(b, |house| bring_back(house, &file, true).expect("restored"));
    b.wait(86_400);
    a.wait(86_400);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(told(), before + 1, "nobody is told twice");
    assert_eq!(b.queued(), 0);
}

#[test]
fn what_was_answered_meanwhile_is_not_sent_again() {
    let Scene {
        village,
        mut a,
        mut b,
    } = scene();
    let item = a.home.album.rows().items().expect("rows").remove(0);
    let order = order(&[&item], &["home-b@b.example"], "display=full");
    let share = a.share(&order).expect("recorded").share;
    let file = a.folder.join("a.backup");
    back_up(&mut a, &file);
    village.sync(&mut a);
    village.sync(&mut b);
    let (mut a, _) = while_closed(a, |house| bring_back(house, &file, true).expect("restored"));
    assert_ne!(a.queued(), 0);
    let sent = |village: &Village| {
        let all = village.server.transactions().into_iter();
        all.filter(|t| t.account == "home-a@a.example").count()
    };
    let before = sent(&village);
    // Where the mailbox cannot be read, nothing goes out either.
    let faults = village.server.faults();
    faults.imap_refuse("LOGIN", "[UNAVAILABLE] later", testmail::Times::Next(1));
    village.try_sync(&mut a).expect("sync");
    assert_eq!(sent(&village), before);
    assert_ne!(a.queued(), 0);
    village.sync(&mut a);
    assert_eq!((sent(&village), a.queued()), (before, 0));
    let state = a.destinations(&share).remove(0).state;
    assert_eq!(state, hearthpost::album::DestinationState::Delivered);
}

#[test]
fn slow_clock_revives_nothing_after_a_restore() {
    let Scene {
        village,
        a: _,
        mut b,
    } = scene();
    let file = b.folder.join("b.backup");
    back_up(&mut b, &file);
    b.wait(40 * 86_400);
    village.sync(&mut b);
    let sure = b.now();
    let (mut b, _) = while_closed(b, |house| bring_back(house, &file, true).expect("restored"));
    b.wall -= 39 * 86_400;
    b.synchronised = false;
    let reading = b.reading();
    let now = b.home.tick(&reading, &[]).expect("time");
    assert_eq!((now.now, now.confirmed), (sure, false));
}
