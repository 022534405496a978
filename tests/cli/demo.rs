//! The demonstration tells the truth: what it prints and shows is what the boxes hold and hand over.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use hearthpost::config::Config;
use hearthpost::demo::{Played, perform};
use hearthpost::sharing::Household;
use hearthpost::sharing::site::home_page;
use hearthpost::words::Language;
use tempfile::TempDir;

struct Told {
    played: Played,
    text: String,
    page: String,
    folder: TempDir,
}

fn tell(pictures: Option<&Path>) -> Told {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = Vec::new();
    let played = perform(folder.path(), pictures, Language::En, &mut text).expect("it plays");
    Told {
        page: std::fs::read_to_string(&played.page).expect("the page is written"),
        text: String::from_utf8(text).expect("UTF-8"),
        played,
        folder,
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Whether one of the pieces stands in `bytes`: one pass, by their first four bytes.
fn holds_any(bytes: &[u8], pieces: &[Vec<u8>]) -> bool {
    let starts: BTreeMap<&[u8], &Vec<u8>> =
        pieces.iter().map(|piece| (&piece[..4], piece)).collect();
    assert_eq!(starts.len(), pieces.len(), "no two begin alike");
    bytes.windows(4).enumerate().any(|(at, start)| {
        starts
            .get(start)
            .is_some_and(|piece| bytes[at..].starts_with(piece))
    })
}

#[test]
fn each_person_gets_what_the_sentences_say_and_nothing_lies_open() {
    let told = tell(None);
    let place = told.folder.path();
    for line in [
        "Bob can look at these for 7 days after they arrive, at screen size (1280).",
        "Bea can look at these, print them and keep the originals, without an end.",
        "bay-at-dawn.jpg (4000×3000, ",
        "look 1280×960, ",
        "look 4000×3000, ",
        "bit for bit",
        "You may not keep this. Ask The Andersons for more?",
        "none is there.",
        "refused 0",
        "at Ann's it now says: delivered.",
        "The Andersons shared 8 pictures with you",
        "holds 0 parts of it; it remembers only that it was there (expired)",
        "it may be passed on to you, but no further",
        "3 sealed parts came to The Clarks byte for byte",
        "has a copy, by way of The Brooks family",
        "Cleo looks again: The Brooks family does not share this any more.",
        "What is left: The Brooks family 0 parts, The Clarks 0 parts. At Ann's it now says: deleted.",
        "for whom that may be so: bea of home@brooks.example",
        "both say of each other: checked and checked",
        "Cleo was told by mail: The Brooks family and your household have met",
        "went out of Bea's house, all to home@andersons.example.",
        "passed on 4 mails.",
        "Cleo sees 540×720.",
        "The Andersons delivered, The Clarks delivered (by way of home@andersons.example)",
    ]
    .into_iter()
    .chain(directory_lines())
    {
        assert!(
            told.text.contains(line),
            "{line:?} is not in\n{}",
            told.text
        );
    }
    assert!(
        !told.text.contains("should not"),
        "the provider reads something"
    );

    // Bob has a small one and no original; Bea's is Ann's file.
    let page = place.join("page");
    let bob = image::image_dimensions(page.join("bob/1-display.jpg")).expect("a picture");
    assert_eq!(bob, (1280, 960));
    assert!(!page.join("bob/1-store.jpg").exists() && !page.join("bob/1-print.jpg").exists());
    let card = place.join("card");
    let kept = std::fs::read(page.join("bea/1-store.jpg")).expect("kept");
    assert!(kept == std::fs::read(card.join("bay-at-dawn.jpg")).expect("taken"));

    // Cleo has a small one while it lasts.
    let cleo = image::image_dimensions(page.join("cleo/1-display.jpg")).expect("a picture");
    assert_eq!(cleo, (640, 480));
    assert!(!page.join("cleo/1-store.jpg").exists());

    // The page shows both, the denials, and what the provider had.
    for piece in [
        "<h2>Bob</h2>",
        "<h2>Bea</h2>",
        "src=\"bob/1-display.jpg\" width=\"1280\" height=\"960\"",
        "You may not print this.",
        "undisclosed-recipients:;",
        "A share that ended",
        "Passed on, and taken back",
        "<h2>An invitation</h2>",
        "<h2>By way of another household</h2>",
        "<h2>A directory</h2>",
        "src=\"cleo/1-display.jpg\" width=\"640\" height=\"480\"",
    ] {
        assert!(told.page.contains(piece), "{piece:?} is not on the page");
    }
    for link in told
        .page
        .split("=\"")
        .skip(1)
        .filter_map(|piece| piece.split('"').next())
    {
        if link.ends_with(".jpg") && link.contains('/') {
            assert!(page.join(link).exists(), "{link} is shown and not there");
        }
    }
    assert!(!told.page.contains("http://") || told.page.contains("http://127.0.0.1:"));

    // At rest in the boxes no picture lies open: nothing of its pixels is found there, nor the mark of a JPEG.
    let mut pieces = vec![b"JFIF\0".to_vec()];
    for picture in files(&card).into_iter().chain(files(&page)) {
        if picture
            .extension()
            .is_some_and(|extension| extension == "jpg")
        {
            let jpeg = std::fs::read(&picture).expect("readable");
            pieces.push(jpeg[jpeg.len() / 2..jpeg.len() / 2 + 48].to_vec());
        }
    }
    pieces.sort();
    pieces.dedup();
    assert!(pieces.len() > 20);
    for config in [&told.played.sender, &told.played.receiver] {
        let data = config.parent().expect("a folder").join("data");
        for file in files(&data) {
            let bytes = std::fs::read(&file).expect("readable");
            assert!(
                !holds_any(&bytes, &pieces),
                "a picture lies open in {}",
                file.display()
            );
        }
    }
}

/// What is said of the directory, where there is one here and where there is none.
fn directory_lines() -> Vec<&'static str> {
    let path = std::env::var_os("PATH").expect("PATH");
    let mut folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    match folders.any(|at| at.join("slapd").is_file()) {
        true => vec![
            "writes its entry: mail=home@clarks.example,o=demo",
            "whom her box does not know (unknown). It is offered The Clarks (home@clarks.example)",
            "She takes them; now they are checked.",
        ],
        false => vec!["Left out: slapd, the directory server of OpenLDAP, is not installed here."],
    }
}

/// What the settings say, and the mails, is where it answers.
#[test]
fn each_box_is_where_its_mails_say_that_it_is() {
    let mut run = Command::new(env!("CARGO_BIN_EXE_hearthpost"))
        .args(["demo"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let out = BufReader::new(run.stdout.take().expect("its output"));
    let (mut doors, mut configs) = (Vec::new(), Vec::new());
    let mut lines = out.lines();
    for line in lines.by_ref() {
        let line = line.expect("UTF-8");
        if let Some(door) = line.strip_prefix("  http://127.0.0.1:") {
            let (port, _) = door.split_once('/').expect("an address");
            doors.push(format!("http://127.0.0.1:{port}/"));
        }
        if let Some((_, rest)) = line.split_once("--config ") {
            let (config, _) = rest.split_once(' ').expect("a command");
            configs.push(PathBuf::from(config.trim_matches('\'')));
        }
        // Commands to try are what it says last.
        if doors.len() == 3 && configs.len() >= 7 {
            break;
        }
    }
    for door in &doors {
        let at = door.trim_start_matches("http://").trim_end_matches('/');
        let mut there = TcpStream::connect(at).expect("it listens");
        write!(there, "GET /sign-in HTTP/1.0\r\nHost: {at}\r\n\r\n").expect("asked");
        let mut answer = String::new();
        there.read_to_string(&mut answer).expect("an answer");
        assert!(answer.contains(" 200 OK"), "{answer}");
    }
    for config in configs {
        let config = Config::load(&config).expect("settings");
        let told = home_page(&config);
        assert!(doors.contains(&told), "{told} is none of {doors:?}");
        let listen = config.web.listen.expect("it listens").to_string();
        assert!(told.contains(&listen), "{told} is not {listen}");
    }
    let pid = run.id().to_string();
    let ended = Command::new("kill").arg(pid).status().expect("asked");
    assert!(ended.success());
    run.wait().expect("it ends");
    drop(lines);
}

#[test]
fn the_commands_that_are_printed_work() {
    let told = tell(None);
    assert!(told.played.commands.len() >= 7);
    for (command, shows) in &told.played.commands {
        let binary = Path::new(env!("CARGO_BIN_EXE_hearthpost"));
        let path = format!(
            "{}:{}",
            binary.parent().expect("a folder").display(),
            std::env::var("PATH").expect("PATH")
        );
        let run = Command::new("sh")
            .args(["-c", command])
            .env("PATH", path)
            .output()
            .expect("sh runs");
        let said = format!(
            "{command}\n{}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
        let expected = if shows == "what Bob may not do" {
            Some(1)
        } else {
            Some(0)
        };
        assert_eq!(run.status.code(), expected, "{said}");
    }
    let place = told.folder.path();
    assert_eq!(
        image::image_dimensions(place.join("bob.jpg")).expect("handed over"),
        (1280, 960)
    );
    assert!(!place.join("no.jpg").exists(), "a denial leaves no file");
    let kept = std::fs::read(place.join("bea.jpg")).expect("kept");
    assert!(kept == std::fs::read(place.join("card/bay-at-dawn.jpg")).expect("taken"));
    // What the boxes at work do, whom nobody keeps at it here.
    for config in [&told.played.sender, &told.played.receiver] {
        let pass = Command::new(env!("CARGO_BIN_EXE_hearthpost"))
            .arg("--config")
            .arg(config)
            .arg("sync")
            .output();
        assert!(pass.expect("it runs").status.success());
    }
    let home = Household::open(&told.played.receiver).expect("opens");
    let shares = home.album.rows().shares().expect("rows");
    assert!(
        shares.iter().any(|share| share.title == "Rain"),
        "the share that was tried has arrived"
    );
}

#[test]
fn a_folder_of_ones_own_goes_as_far_as_it_can_and_the_rest_is_named() {
    let own = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, bytes: &[u8]| std::fs::write(own.path().join(name), bytes).expect("written");
    image::RgbImage::from_fn(1800, 1200, |x, y| {
        image::Rgb([(x % 256) as u8, (y % 256) as u8, 90])
    })
    .save(own.path().join("it's <wide>.png"))
    .expect("written");
    write("letter.txt", b"Dear all, the recipe is below.\n");
    write(
        "broken.jpg",
        &[0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0],
    );
    write("empty.jpg", b"");
    write(".hidden.jpg", b"not for anyone");
    std::fs::create_dir(own.path().join("deeper")).expect("a folder");
    write("deeper/again.txt", b"Second page.\n");
    let told = tell(Some(own.path()));
    for line in [
        "3 files,",
        "broken.jpg: ",
        "empty.jpg: the file is empty",
        "it's <wide>.png (1800×1200, ",
        "look 1280×853, ",
        "letter.txt (31 bytes): keep 31 bytes, bit for bit",
        "again.txt (13 bytes): keep 13 bytes, bit for bit",
        "Files that are no pictures cannot be made smaller",
        "at Ann's it now says: delivered, delivered.",
    ] {
        assert!(
            told.text.contains(line),
            "{line:?} is not in\n{}",
            told.text
        );
    }
    assert!(!told.text.contains("hidden"));
    assert!(told.page.contains("it's &lt;wide&gt;.png") && !told.page.contains("<wide>"));
}

#[test]
fn once_ends_by_itself_removes_the_households_and_leaves_the_page_in_ones_own_language() {
    let temporary = tempfile::tempdir().expect("a folder");
    let run = Command::new(env!("CARGO_BIN_EXE_hearthpost"))
        .args(["demo", "--once"])
        .env("TMPDIR", temporary.path())
        .env("LC_ALL", "de_DE.UTF-8")
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let page = text
        .split("Zum Ansehen: ")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .expect("a page is named");
    assert!(Path::new(page).exists(), "{page}");
    // In the language of whoever runs it, to the last word.
    for line in [
        "Ann teilt sie mit Bob und Bea",
        "in Bildschirmgröße",
        "Bei Ann steht jetzt: gelöscht.",
        "Familie Anderson teilt 8 Bilder mit dir",
        "bea von home@brooks.example; jemand von ",
    ] {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
    // What lies at the provider, and what is to be typed, is shown as it is.
    let shown = |line: &&str| {
        ["   | ", "     From: ", "  hearthpost "]
            .iter()
            .any(|begin| line.starts_with(begin))
    };
    for line in text.lines().filter(|line| !shown(line)) {
        for english in [" the ", " of ", " and ", " with ", " by ", " is ", "The "] {
            assert!(!line.contains(english), "{english:?}: {line}");
        }
    }
    assert_eq!(
        text.matches("demo-").count(),
        text.matches("hearthpost-demo-").count(),
        "every key has words"
    );
    let html = std::fs::read_to_string(page).expect("the page is written");
    for piece in ["<html lang=\"de\">", "<h2>Ein Verzeichnis</h2>"] {
        assert!(html.contains(piece), "{piece:?} is not on the page");
    }
    let left = files(temporary.path());
    assert!(
        left.iter()
            .all(|file| file.starts_with(Path::new(page).parent().expect("a folder"))),
        "{left:?}"
    );
}
