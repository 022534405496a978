//! Files that come in by pieces: over lines that break, twice at once, broken, too long, and never ended.

use std::io::{self, Read};

use crate::house::state::files_below;
use crate::house::{House, Village, picture};
use hearthpost::address::StationName;
use hearthpost::album::Upload;
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Id, part_len};
use hearthpost::sharing::{Fault, Household};

const PART: usize = 4 * 1024 * 1024;
const DAY: u64 = 24 * 60 * 60;

fn house() -> (Village, House) {
    let village = Village::new("a");
    let house = village.house("a", &["ann", "bob"]);
    (village, house)
}

fn who(name: &str) -> Option<StationName> {
    Some(name.parse().expect("a station"))
}

fn code<T: std::fmt::Debug>(done: Result<T, Fault>) -> &'static str {
    done.expect_err("refused").code
}

fn long(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n % 251 + n / PART) as u8).collect()
}

/// What `who` sends, in one piece.
fn send(house: &mut House, name: &str, person: &str, bytes: &[u8]) -> Id {
    let (viewer, now) = (who(person), house.now());
    let home = &mut house.home;
    let id = home
        .begin_upload(viewer.as_ref(), name, bytes.len() as u64, now)
        .expect("begun");
    let received = home.upload_chunk(viewer.as_ref(), id, 0, bytes, now);
    assert_eq!(received, Ok(bytes.len() as u64));
    id
}

fn content(home: &Household, reference: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut reader = home.own_original(None, reference).expect("opens");
    reader.read_to_end(&mut bytes).expect("read");
    bytes
}

/// A line that breaks after so many bytes.
struct Breaks<'b>(&'b [u8]);

impl Read for Breaks<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.is_empty() {
            true => Err(io::ErrorKind::ConnectionReset.into()),
            false => self.0.read(out),
        }
    }
}

/// While its first byte is read, something else happens.
struct Meanwhile<'m>(Option<Box<dyn FnOnce() + 'm>>, &'m [u8]);
impl Read for Meanwhile<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(meanwhile) = self.0.take() {
            meanwhile();
        }
        self.1.read(out)
    }
}

#[test]
fn file_goes_on_where_it_stopped_and_is_never_there_in_plaintext() {
    let (village, mut house) = house();
    let bytes = long(3 * PART + 1000);
    let (ann, now) = (who("ann"), house.now());
    let id = house
        .home
        .begin_upload(ann.as_ref(), "../film.bin", bytes.len() as u64, now)
        .expect("begun");
    let home = &mut house.home;
    // A rest that is no whole part is dropped, and the answer says where to go on.
    let received = home.upload_chunk(ann.as_ref(), id, 0, &bytes[..PART + 5], now);
    assert_eq!(received, Ok(PART as u64));
    for wrong in [0, 1, PART as u64 - 1, PART as u64 + 5, u64::MAX] {
        let fault = home.upload_chunk(ann.as_ref(), id, wrong, &bytes[..], now);
        let fault = fault.expect_err("refused");
        assert_eq!(fault.code, "offset");
        assert!(fault.message.contains(&PART.to_string()), "{fault}");
    }
    let short = home.upload_chunk(ann.as_ref(), id, PART as u64, &bytes[PART..][..100], now);
    assert_eq!(code(short), "short");
    let broken = Breaks(&bytes[PART..][..PART + 17]);
    let broken = home.upload_chunk(ann.as_ref(), id, PART as u64, broken, now);
    assert_eq!(code(broken), "read");
    assert_eq!(
        code(home.finish_upload(ann.as_ref(), id, None, now)),
        "incomplete"
    );
    // The box is started anew.
    let config = house.folder.join("hearthpost.toml");
    house.home = Household::open(&config).expect("opens");
    village.sync(&mut house);
    let state = house.home.upload_state(ann.as_ref(), id).expect("is there");
    assert_eq!(state.name, "film.bin");
    assert_eq!(
        (state.received, state.size),
        (2 * PART as u64, bytes.len() as u64)
    );
    for path in files_below(&house.folder.join("data")) {
        let stored = std::fs::read(&path).expect("a file");
        let plain = &bytes[PART - 300..][..64];
        assert!(
            !stored.windows(64).any(|window| window == plain),
            "{}",
            path.display()
        );
    }
    let home = &mut house.home;
    let at = 2 * PART;
    let received = home.upload_chunk(ann.as_ref(), id, at as u64, &bytes[at..], now);
    assert_eq!(received, Ok(bytes.len() as u64));
    let finished = home.finish_upload(ann.as_ref(), id, Some("Films"), now);
    let (item, known) = finished.expect("an item");
    assert!(!known);
    assert_eq!(
        (item.name.as_str(), item.added_by.as_ref()),
        ("film.bin", ann.as_ref())
    );
    assert_eq!(item.sha256, hearthpost::envelope::Digest::of(&bytes));
    assert!(content(home, &item.reference) == bytes);
    assert_eq!(
        home.albums_of(None, &item.reference).expect("albums")[0].1,
        "Films"
    );
    assert_eq!(code(home.upload_state(ann.as_ref(), id)), "unknown_upload");
    let again = home.finish_upload(ann.as_ref(), id, None, now);
    let (again, known) = again.expect("the answer may have been lost");
    assert_eq!((again.reference, known), (item.reference, false));
    let bob = who("bob");
    assert_eq!(
        code(home.finish_upload(bob.as_ref(), id, None, now)),
        "unknown_upload"
    );
}

#[test]
fn what_an_interrupted_run_left_behind_what_counts_is_written_over() {
    let (_village, mut house) = house();
    let bytes = long(2 * PART);
    let (ann, now) = (who("ann"), house.now());
    let id = house
        .home
        .begin_upload(ann.as_ref(), "film.bin", bytes.len() as u64, now)
        .expect("begun");
    let taken = house
        .home
        .upload_chunk(ann.as_ref(), id, 0, &bytes[..PART], now);
    assert_eq!(taken, Ok(PART as u64));
    let sealed = files_below(&house.folder.join("data/files")).remove(0);
    let mut file = std::fs::OpenOptions::new();
    let mut file = file.append(true).open(&sealed).expect("opens");
    io::Write::write_all(&mut file, &vec![7; 5_000_000]).expect("written");
    let home = &mut house.home;
    let taken = home.upload_chunk(ann.as_ref(), id, PART as u64, &bytes[PART..], now);
    assert_eq!(taken, Ok(2 * PART as u64));
    let (item, _) = home
        .finish_upload(ann.as_ref(), id, None, now)
        .expect("an item");
    assert!(content(home, &item.reference) == bytes);
}

#[test]
fn picture_is_looked_at_as_by_an_import() {
    let (_village, mut house) = house();
    let bytes = picture(&house.folder.join("lake.jpg"), 640, 400);
    let id = send(&mut house, "lake.jpg", "ann", &bytes);
    let now = house.now();
    let ann = who("ann");
    let (item, _) = house
        .home
        .finish_upload(ann.as_ref(), id, None, now)
        .expect("an item");
    assert_eq!(
        (item.width, item.media_type.as_str()),
        (Some(640), "image/jpeg")
    );
    assert_eq!(house.home.own_pictures_missing(10), Ok(Vec::new()));
    let path = house.folder.join("lake.jpg");
    let imported = house.import(&[path]);
    assert_eq!(imported[0].reference, item.reference);

    let path = house.folder.join("cut.jpg");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("a file");
    let skipped = house.home.import(&[path], None, now, &mut |_| {});
    let words = skipped.expect("import").skipped.remove(0).reason;
    let id = send(&mut house, "cut.jpg", "ann", &bytes[..bytes.len() / 2]);
    let refused = house.home.finish_upload(ann.as_ref(), id, None, now);
    let refused = refused.expect_err("broken");
    assert_eq!((refused.code, refused.message), ("broken", words));
    assert_eq!(
        code(house.home.upload_state(ann.as_ref(), id)),
        "unknown_upload"
    );
    assert_eq!(files_below(&house.folder.join("data/files")).len(), 1);
}

#[test]
fn same_content_is_one_item_but_for_what_another_has_alone() {
    let (_village, mut house) = house();
    let bytes = b"a text that two people have".repeat(10);
    let (ann, bob, now) = (who("ann"), who("bob"), house.now());
    let id = send(&mut house, "a.txt", "ann", &bytes);
    house
        .home
        .set_upload_private(ann.as_ref(), id, true)
        .expect("said");
    let finish = |house: &mut House, who: &Option<StationName>, id| {
        let finished = house.home.finish_upload(who.as_ref(), id, None, now);
        finished.expect("an item")
    };
    let (hers, known) = finish(&mut house, &ann, id);
    assert!(hers.private && !known);
    let id = send(&mut house, "b.txt", "bob", &bytes);
    let (his, known) = finish(&mut house, &bob, id);
    assert!(!his.private && !known);
    let id = send(&mut house, "c.txt", "bob", &bytes);
    let (again, known) = finish(&mut house, &bob, id);
    assert_eq!((&again.reference, known), (&his.reference, true));
    let id = send(&mut house, "d.txt", "ann", &bytes);
    house
        .home
        .set_upload_private(ann.as_ref(), id, true)
        .expect("said");
    assert_eq!(finish(&mut house, &ann, id).0.reference, hers.reference);
    assert_eq!(files_below(&house.folder.join("data/files")).len(), 2);
}

#[test]
fn upload_of_one_person_does_not_exist_for_another() {
    let (_village, mut house) = house();
    let id = send(&mut house, "a.txt", "ann", b"a text");
    let (bob, now) = (who("bob"), house.now());
    for id in [id, Id::random()] {
        let (home, bob) = (&mut house.home, bob.as_ref());
        let faults = [
            home.upload_state(bob, id).map(drop),
            home.upload_chunk(bob, id, 6, &b""[..], now).map(drop),
            home.set_upload_private(bob, id, true),
            home.finish_upload(bob, id, None, now).map(drop),
            home.cancel_upload(bob, id),
        ];
        for fault in faults {
            assert_eq!(code(fault), "unknown_upload");
        }
    }
    assert_eq!(house.home.uploads(bob.as_ref()), Ok(Vec::new()));
    let stranger = who("carol");
    let begun = house.home.begin_upload(stranger.as_ref(), "a", 1, now);
    assert_eq!(code(begun), "unknown_person");
}

#[test]
fn size_is_what_was_said_and_within_the_limit() {
    let (_village, mut house) = house();
    let (ann, now) = (who("ann"), house.now());
    house.home.config.limits.upload = 1000;
    let home = &mut house.home;
    assert_eq!(
        code(home.begin_upload(ann.as_ref(), "a", 1001, now)),
        "too_large"
    );
    assert_eq!(code(home.begin_upload(ann.as_ref(), "a", 0, now)), "empty");
    let id = home
        .begin_upload(ann.as_ref(), "a.txt", 10, now)
        .expect("begun");
    let more = home.upload_chunk(ann.as_ref(), id, 0, &b"ten bytes and more"[..], now);
    assert_eq!(code(more), "size");
    assert_eq!(code(home.upload_state(ann.as_ref(), id)), "unknown_upload");
    let none = [""; 0];
    assert_eq!(
        files_below(&house.folder.join("data/files")).len(),
        none.len()
    );
}

#[test]
fn two_at_once_come_in_side_by_side_and_two_pieces_of_one_do_not() {
    let (_village, mut house) = house();
    let (one, other) = (long(2 * PART + 1), long(2 * PART + 2));
    let (ann, now) = (who("ann"), house.now());
    let begin = |home: &mut Household, name, bytes: &[u8]| {
        let begun = home.begin_upload(ann.as_ref(), name, bytes.len() as u64, now);
        begun.expect("begun")
    };
    let first = begin(&mut house.home, "one.bin", &one);
    let second = begin(&mut house.home, "other.bin", &other);
    for part in 0..3 {
        for (id, bytes) in [(first, &one), (second, &other)] {
            let end = bytes.len().min((part + 1) * PART);
            let piece = &bytes[part * PART..end];
            let at = (part * PART) as u64;
            let taken = house.home.upload_chunk(ann.as_ref(), id, at, piece, now);
            assert_eq!(taken, Ok(end as u64));
        }
    }
    for (id, bytes) in [(second, &other), (first, &one)] {
        let finished = house.home.finish_upload(ann.as_ref(), id, None, now);
        let (item, _) = finished.expect("an item");
        assert!(content(&house.home, &item.reference) == *bytes);
    }

    let id = begin(&mut house.home, "twice.bin", &one);
    let mut another = Household::open(&house.folder.join("hearthpost.toml")).expect("opens");
    let meanwhile = Box::new(|| {
        let taken = another.upload_chunk(ann.as_ref(), id, 0, &one[..], now);
        assert_eq!(code(taken), "in_hand");
        assert_eq!(
            code(another.finish_upload(ann.as_ref(), id, None, now)),
            "incomplete"
        );
    });
    let piece = Meanwhile(Some(meanwhile), &one);
    let taken = house.home.upload_chunk(ann.as_ref(), id, 0, piece, now);
    assert_eq!(taken, Ok(one.len() as u64));
}

#[test]
fn what_nobody_goes_on_with_is_gone_after_three_days() {
    let (village, mut house) = house();
    let bytes = long(2 * PART);
    let (ann, now) = (who("ann"), house.now());
    let mut begin = |name| {
        let size = bytes.len() as u64;
        let begun = house.home.begin_upload(ann.as_ref(), name, size, now);
        begun.expect("begun")
    };
    let (left, cancelled, used) = (begin("left.bin"), begin("cancelled.bin"), begin("used.bin"));
    let send = |home: &mut Household, id, wall| {
        let now = Timestamp::from_unix(wall);
        home.upload_chunk(ann.as_ref(), id, 0, &bytes[..PART], now)
            .expect("taken");
    };
    send(&mut house.home, left, house.wall);
    send(&mut house.home, cancelled, house.wall);
    house
        .home
        .cancel_upload(ann.as_ref(), cancelled)
        .expect("cancelled");
    assert_eq!(files_below(&house.folder.join("data/files")).len(), 2);
    house.wait(2 * DAY);
    send(&mut house.home, used, house.wall);
    house.wait(DAY + 60);
    village.sync(&mut house);
    assert_eq!(
        code(house.home.upload_state(ann.as_ref(), left)),
        "unknown_upload"
    );
    assert!(house.home.upload_state(ann.as_ref(), used).is_ok());
    assert_eq!(files_below(&house.folder.join("data/files")).len(), 1);
}

#[test]
fn what_is_given_up_while_a_piece_comes_is_gone_with_that_piece() {
    let (_village, mut house) = house();
    let bytes = long(PART);
    let (ann, now) = (who("ann"), house.now());
    let id = house
        .home
        .begin_upload(ann.as_ref(), "film.bin", PART as u64, now)
        .expect("begun");
    let mut another = Household::open(&house.folder.join("hearthpost.toml")).expect("opens");
    let meanwhile = Box::new(|| {
        another.cancel_upload(ann.as_ref(), id).expect("cancelled");
    });
    let piece = Meanwhile(Some(meanwhile), &bytes);
    let taken = house.home.upload_chunk(ann.as_ref(), id, 0, piece, now);
    assert_eq!(code(taken), "unknown_upload");
    assert_eq!(files_below(&house.folder.join("data/files")).len(), 0);
}

#[test]
fn a_piece_far_behind_lies_where_it_belongs() {
    use std::os::unix::fs::{FileExt, MetadataExt};
    let (_village, mut house) = house();
    let (ann, now) = (who("ann"), house.now());
    // As if 4 GiB had come before: a hole in the file, which takes no room.
    let begins = 1025 * PART as u64;
    assert!(begins > u64::from(u32::MAX));
    let upload = Upload {
        id: Id::random(),
        person: ann.clone(),
        name: "film.bin".to_owned(),
        private: false,
        size: begins + PART as u64 + 1000,
        received: begins,
        file: Id::random(),
        touched: now,
    };
    let album = &mut house.home.album;
    let made = album.blobs().new_growing_file(upload.file);
    made.expect("a file");
    let noted = album.commit(|rows| rows.add_upload(&upload));
    noted.expect("rows");
    let (id, home) = (upload.id, &mut house.home);
    let bytes = long(PART + 1000);
    for wrong in [begins % (1 << 32), begins + 1] {
        let fault = home.upload_chunk(ann.as_ref(), id, wrong, &bytes[..], now);
        assert_eq!(code(fault), "offset");
    }
    let received = home.upload_chunk(ann.as_ref(), id, begins, &bytes[..PART], now);
    assert_eq!(received, Ok(begins + PART as u64));
    let received = home.upload_chunk(ann.as_ref(), id, begins + PART as u64, &bytes[PART..], now);
    assert_eq!(received, Ok(upload.size));
    let path = files_below(&house.folder.join("data/files")).remove(0);
    let file = std::fs::File::open(path).expect("a file");
    let about = file.metadata().expect("a file");
    let at = 1025 * part_len(PART) as u64;
    assert_eq!(about.len(), at + (part_len(PART) + part_len(1000)) as u64);
    assert!(about.blocks() * 512 < 64 << 20, "{}", about.blocks());
    let mut sealed = [0; 32];
    file.read_exact_at(&mut sealed, at).expect("read");
    assert_ne!(sealed, [0; 32]);
}
