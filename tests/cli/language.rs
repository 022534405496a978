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

/// What only an English sentence of the grammar has.
const ENGLISH: [&str; 12] = [
    " the ", " of ", " and ", " with ", " is ", "Print", "Usage", "Options", "see a ", "see more",
    "<FILE>", "possible",
];

#[test]
fn the_help_of_every_verb_is_german_to_the_last_word() {
    let house = House::new("a");
    let mut verbs: Vec<Vec<String>> = vec![Vec::new()];
    let mut seen = 0;
    while let Some(verb) = verbs.pop() {
        for help in ["--help", "-h"] {
            let mut arguments: Vec<&str> = verb.iter().map(String::as_str).collect();
            arguments.push(help);
            let (out, _, code) = said(&house, &GERMAN, &arguments);
            assert_eq!(code, 0, "{arguments:?}");
            for english in ENGLISH {
                assert!(!out.contains(english), "{arguments:?}: {english:?}: {out}");
            }
            if help == "-h" {
                continue;
            }
            seen += 1;
            let below = out.split("Befehle:\n").nth(1).unwrap_or_default();
            let below = below.lines().take_while(|line| !line.is_empty());
            verbs.extend(below.filter_map(|line| {
                let name = line.split_whitespace().next()?.to_owned();
                Some(verb.iter().cloned().chain([name]).collect())
            }));
        }
    }
    assert!(seen > 60, "the verbs are found: {seen}");
}

#[test]
fn settings_and_the_check_are_told_in_german() {
    let house = House::new("a");
    let (out, _, _) = said(&house, &GERMAN, &["doctor"]);
    assert!(out.contains("Filme: "), "{out}");
    assert!(out.contains("hier bekannt: 0"), "{out}");
    for line in out.lines() {
        let label = line.split(": ").next().unwrap_or_default();
        for english in [
            "films",
            "folders",
            "household",
            "known",
            "keys",
            "disk",
            "clock",
        ] {
            assert!(!label.ends_with(english), "{line}");
        }
    }
    let file = house.path("hearthpost.toml");
    let settings = std::fs::read_to_string(&file).expect("the settings");
    for (line, told) in [
        (
            "nmae = \"x\"",
            "unbekannter Schlüssel „nmae“; meintest du „name“?",
        ),
        (
            "zzz = 1",
            "unbekannter Schlüssel „zzz“; config/hearthpost.example.toml nennt alle",
        ),
        (
            "role = \"castle\"",
            "„role“ muss sein: eines von \"home\", \"relay\"",
        ),
    ] {
        std::fs::write(&file, format!("{line}\n{settings}")).expect("the settings");
        let (_, err, code) = said(&house, &GERMAN, &["received"]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(told), "{told}: {err}");
    }
}

#[test]
fn a_file_is_looked_at_in_german_and_for_programs_in_english() {
    let house = House::new("a");
    let (pem, _, _) = said(&house, &[], &["contact", "export"]);
    std::fs::write(house.path("own.pem"), pem).expect("a file");
    let (out, _, _) = said(&house, &GERMAN, &["inspect", "own.pem"]);
    assert!(
        out.starts_with("die Zertifikate eines Haushalts\n"),
        "{out}"
    );
    for told in [
        "  Haushalt: ",
        "  Postfach: home-a@",
        "  Vergleichswörter: ",
        "  Größe: ",
    ] {
        assert!(out.contains(told), "{told}: {out}");
    }
    let (out, _, _) = said(&house, &GERMAN, &["--json", "inspect", "own.pem"]);
    assert!(
        out.contains("\"is\":\"the certificates of a household\""),
        "{out}"
    );
    assert!(out.contains("\"name\":\"comparing words\""), "{out}");
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
    let (out, _, _) = say(&["--json", "item", "list"]);
    let document: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let item = document["items"][0]["id"].as_str().expect("an item");
    let (out, _, _) = say(&["album", "add", "Am See", item]);
    assert_eq!(out, "1 Stück in ein neues Album „Am See“ gelegt.\n");
    let (_, err, _) = say(&["share", item, "--to", "oma", "--excerpt", "9x"]);
    assert!(
        err.contains("Ein Ausschnitt ist so viele Sekunden"),
        "{err}"
    );
    let (_, err, _) = say(&["sync", "--wait", "bald"]);
    assert!(
        err.contains("„--wait <SEKUNDEN>“: verlangt ist eine ganze Zahl"),
        "{err}"
    );
}

#[test]
fn what_the_grammar_says_of_a_slip_is_german_to_the_last_word() {
    let house = House::new("a");
    let refused = |arguments: &[&str]| {
        let (_, err, code) = said(&house, &GERMAN, arguments);
        assert_eq!(code, 2, "{err}");
        err
    };
    let err = refused(&[]);
    assert!(err.contains("[Befehle: demo, init"), "{err}");
    assert!(!err.contains("subcommands"), "{err}");
    let err = refused(&["contact", "invite", "--days", "100"]);
    assert!(err.contains("eine ganze Zahl von 1 bis 90\n"), "{err}");
    let days = [
        "user", "token", "ann", "p", "--scope", "read", "--days", "0",
    ];
    let err = refused(&days);
    assert!(err.contains("eine ganze Zahl von 1 bis 36500\n"), "{err}");
}

#[test]
fn a_file_of_an_unknown_kind_is_called_so() {
    let (house, other) = (House::new("a"), House::new("b"));
    house.add(&other);
    std::fs::write(house.path("what.bin"), [7, 1, 9, 200]).expect("a file");
    let rules = format!("{}=display=full,excerpt=yes", other.mailbox);
    let share = ["share", "what.bin", "--for", &rules];
    let (_, err, code) = said(&house, &GERMAN, &share);
    assert_eq!(code, 2, "{err}");
    let told = "Dateien unbekannter Art lassen sich nicht k\u{fc}rzen";
    assert!(err.contains(told) && !err.contains("unknown"), "{err}");
}
