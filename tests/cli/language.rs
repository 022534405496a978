//! The command line in German: by the settings of the household, by the terminal; and what never changes.

use crate::command;
use crate::command::{House, command};

/// What is said with this language in the terminal.
fn said(house: &House, locale: &[(&str, &str)], arguments: &[&str]) -> (String, String, i32) {
    let output = command(house.folder.path())
        .envs(locale.iter().copied())
        .args(["--config", "hearthpost.toml"])
        .args(arguments)
        .output()
        .expect("the command starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let code = output.status.code().expect("it ends by itself");
    (text(output.stdout), text(output.stderr), code)
}

const GERMAN: [(&str, &str); 1] = [("LANG", "de_DE.UTF-8")];

#[test]
fn the_terminal_says_the_language_and_the_settings_say_it_first() {
    let house = House::new("a");
    let received = |locale: &[(&str, &str)]| said(&house, locale, &["received"]).0;
    assert_eq!(received(&[]), "Nothing has come yet.\n");
    assert_eq!(received(&GERMAN), "Noch ist nichts gekommen.\n");
    // POSIX, 8.2: the first that is set.
    let mixed = [("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")];
    assert_eq!(received(&mixed), "Nothing has come yet.\n");
    let mixed = [("LC_ALL", ""), ("LC_MESSAGES", "de"), ("LANG", "en_US")];
    assert_eq!(received(&mixed), "Noch ist nichts gekommen.\n");
    let file = house.path("hearthpost.toml");
    let settings = std::fs::read_to_string(&file).expect("the settings");
    let set = |language: &str| {
        let text = format!("language = \"{language}\"\n{settings}");
        std::fs::write(&file, text).expect("the settings");
    };
    set("de");
    assert_eq!(received(&[]), "Noch ist nichts gekommen.\n");
    set("en");
    assert_eq!(received(&GERMAN), "Nothing has come yet.\n");
}

#[test]
fn faults_hints_and_help_are_german_and_documents_are_not() {
    let house = House::new("a");
    let (out, err, code) = said(&house, &GERMAN, &["show", "nichts"]);
    assert_eq!((out.as_str(), code), ("", 2));
    assert_eq!(
        err,
        "Fehler: „nichts“ gibt es nicht\nRat: `hearthpost received` und `hearthpost sent` zeigen, was es gibt\n"
    );
    let (out, err, code) = said(&house, &GERMAN, &["--json", "show", "nichts"]);
    assert_eq!(code, 2);
    assert!(
        out.contains("\"message\":\"there is no share \\\"nichts\\\"\""),
        "{out}"
    );
    assert!(err.starts_with("error: there is no share"), "{err}");

    let (out, _, code) = said(&house, &GERMAN, &["--help"]);
    assert_eq!(code, 0);
    for words in [
        "Teilt Fotos mit anderen Haushalten",
        "Aufruf: hearthpost [SCHALTER] <BEFEHL>",
        "Befehle:",
        "Nimmt Geteiltes zurück, von allen oder von einem Haushalt",
        "Zeigt diese Hilfe",
    ] {
        assert!(out.contains(words), "{words}: {out}");
    }
    let (out, _, _) = said(&house, &GERMAN, &["share", "--help"]);
    for english in [
        "Usage",
        "Options",
        "Print help",
        "possible values",
        "What they may",
        " the ",
    ] {
        assert!(!out.contains(english), "{english}: {out}");
    }
    let (_, err, code) = said(&house, &GERMAN, &["shaer"]);
    assert_eq!(code, 2);
    assert!(
        err.starts_with("Fehler: unbekannter Befehl „shaer“\n"),
        "{err}"
    );
}

#[test]
fn what_was_done_is_said_in_german() {
    let house = House::new("a");
    let say = |arguments: &[&str]| said(&house, &GERMAN, arguments);
    let (out, _, _) = say(&["user", "add", "ida", "--mail", "ida@a.example"]);
    assert_eq!(
        out,
        "ida gehört zu diesem Haus. Andere teilen mit home-a+ida@a.example.\n"
    );
    command::picture(&house.path("see.jpg"), 64, 48);
    let (out, err, code) = say(&["import", "see.jpg", "nirgends.jpg"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.ends_with("1 Stück im Album.\n"), "{out}");
    assert!(err.starts_with("nicht genommen: nirgends.jpg: "), "{err}");
    let (out, _, _) = say(&["keyword", "set", "oma", "home-b+ida@b.example"]);
    assert_eq!(out, "oma heißt jetzt home-b+ida@b.example.\n");
}
