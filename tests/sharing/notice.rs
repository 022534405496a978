//! Notices as people get them: Alice's household shared something, and Bob is told.

mod as_mail;
mod own_templates;

use std::path::{Path, PathBuf};

use hearthpost::address::Mailbox;
use hearthpost::encoding::Timestamp;
use hearthpost::notice::{
    Composed, Details, Gathered, Knock, Line, Notice, NoticeError, Notices, message,
};
use hearthpost::rules::{Kind, Together};
use hearthpost::words::Language;
use mail_parser::{Message, MessageParser, MimeHeaders};

const ID: &str = "0f3a9c@b.example";

fn for_bob() -> Notice<'static> {
    Notice {
        language: Language::En,
        person: "Bob",
        household: "Alice's household",
        count: 10,
        kind: Kind::Picture.into(),
        url: "http://hearthpost.local/",
        details: None,
    }
}

fn with_details() -> Notice<'static> {
    Notice {
        details: Some(Details {
            title: "Summer at the lake".to_owned(),
            until: Some("24 December".to_owned()),
            sentence: "Bob can look at these for 30 days after they arrive, at screen size."
                .to_owned(),
        }),
        ..for_bob()
    }
}

fn compose(notice: &Notice<'_>) -> Composed {
    Notices::new(None).compose(notice).expect("a notice")
}

fn mailbox(text: &str) -> Mailbox {
    text.parse().expect("a mailbox")
}

fn mail(composed: &Composed, from_name: &str) -> Vec<u8> {
    let (from, to) = (mailbox("home-b@b.example"), mailbox("bob@b.example"));
    message(
        composed,
        &from,
        from_name,
        &to,
        ID,
        Timestamp::from_unix(1_800_000_000),
    )
    .expect("a mail")
}

fn read(mail: &[u8]) -> Message<'_> {
    MessageParser::default().parse(mail).expect("a message")
}

/// Compares with a file of `tests/golden`; `UPDATE_GOLDEN=1` writes it instead.
fn golden(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, text).expect("the folder is there");
    }
    let expected = std::fs::read_to_string(&file).expect("the golden file is there");
    assert!(text == expected, "{name} differs; it is now:\n{text}");
}

#[test]
fn bob_is_told_household_how_many_and_where_and_nothing_else() {
    let composed = compose(&for_bob());
    assert_eq!(
        composed.subject,
        "Alice's household shared 10 pictures with you"
    );
    golden("notice.txt", &composed.text);
    golden("notice.html", &composed.html);
}

#[test]
fn with_details_title_until_and_what_he_may_do_stand_there_too() {
    let composed = compose(&with_details());
    assert_eq!(
        composed.subject,
        "Alice's household shared 10 pictures with you"
    );
    golden("notice-details.txt", &composed.text);
    golden("notice-details.html", &composed.html);
}

fn lines() -> Vec<Line> {
    let line = |household: &str, count, kind| Line {
        household: household.to_owned(),
        count,
        kind,
        details: None,
    };
    vec![
        line("Alice's household", 10, Kind::Picture.into()),
        line("The <Millers>\nBcc: x", 1, Kind::Picture.into()),
        line("", 2, Kind::Picture.into()),
    ]
}

fn gathered(lines: &[Line]) -> Composed {
    let gathered = Gathered {
        language: Language::En,
        person: "Bob",
        lines,
        url: "http://hearthpost.local/",
    };
    let composed = Notices::new(None).compose_gathered(&gathered);
    composed.expect("a notice")
}

#[test]
fn several_at_once_are_told_with_how_many_from_whom() {
    let composed = gathered(&lines());
    assert_eq!(composed.subject, "13 pictures from 3 households");
    golden("gathered.txt", &composed.text);
    golden("gathered.html", &composed.html);
}

#[test]
fn several_at_once_with_details_tell_each() {
    let mut lines = lines();
    lines.truncate(2);
    lines[1].kind = Kind::Video.into();
    lines[1].household = lines[0].household.clone();
    lines[0].details = with_details().details;
    lines[1].details = Some(Details {
        title: String::new(),
        until: None,
        sentence: "You can look at these and keep the originals.".to_owned(),
    });
    let composed = gathered(&lines);
    assert_eq!(composed.subject, "11 things from Alice's household");
    golden("gathered-details.txt", &composed.text);
    golden("gathered-details.html", &composed.html);
}

#[test]
fn details_without_title_or_end_leave_no_gap() {
    let notice = Notice {
        details: Some(Details {
            title: String::new(),
            until: None,
            sentence: "Bob can look at these and keep the originals.".to_owned(),
        }),
        ..for_bob()
    };
    let composed = compose(&notice);
    let expected = "with you.\n\nBob can look at these and keep the originals.\n\nLook at them:\n";
    assert!(composed.text.contains(expected), "{}", composed.text);
    assert!(!composed.html.contains("Until"));
}

#[test]
fn one_is_one() {
    for (kinds, count, what) in [
        (&[Kind::Picture][..], 1, "1 picture"),
        (&[Kind::Video], 1, "1 film"),
        (&[Kind::Video, Kind::Video], 2, "2 films"),
        (&[Kind::Sound], 1, "1 recording"),
        (&[Kind::Document], 1, "1 document"),
        (&[Kind::File], 1, "1 file"),
        (
            &[Kind::Picture, Kind::Document, Kind::Picture],
            3,
            "3 things",
        ),
    ] {
        let notice = Notice {
            kind: Together::of(kinds.iter().copied()),
            count,
            ..for_bob()
        };
        let composed = compose(&notice);
        assert_eq!(
            composed.subject,
            format!("Alice's household shared {what} with you")
        );
        let them = if count == 1 {
            "Look at it:"
        } else {
            "Look at them:"
        };
        assert!(composed.text.contains(them));
    }
}

#[test]
fn no_notice_loads_or_holds_a_picture() {
    for notice in [for_bob(), with_details()] {
        let html = compose(&notice).html;
        for element in [
            "<img", "<picture", "<svg", "<link", "<script", "url(", "@import", "cid:",
        ] {
            assert!(!html.contains(element), "{element}");
        }
    }
}

#[test]
fn hostile_household_name_is_escaped_in_html() {
    let notice = Notice {
        household: "<script>alert(1)</script>\"'&",
        person: "<b>Bob",
        details: Some(Details {
            title: "</td><img src=x>".to_owned(),
            until: Some("<i>".to_owned()),
            sentence: "<a href='http://evil.example'>".to_owned(),
        }),
        ..for_bob()
    };
    let html = compose(&notice).html;
    for tag in ["<script", "<b>", "<img", "<i>", "<a href='"] {
        assert!(!html.contains(tag), "{tag}");
    }
    assert!(html.contains("&lt;script&gt;"));
}

#[test]
fn line_breaks_in_names_make_neither_a_header_nor_a_line() {
    let notice = Notice {
        household: "Alice\r\nBcc: eve@e.example\r\n\r\n",
        person: "Bob\nX-Spam: no",
        ..with_details()
    };
    let composed = compose(&notice);
    assert_eq!(
        composed.subject,
        "Alice Bcc: eve@e.example shared 10 pictures with you"
    );
    assert!(
        composed.text.starts_with("Hello Bob X-Spam: no,\n"),
        "{}",
        composed.text
    );
    let bytes = mail(&composed, "House\r\nBcc: eve@e.example");
    let mail = read(&bytes);
    let names: Vec<&str> = mail.headers().iter().map(|header| header.name()).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "Auto-Submitted",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To"
        ],
        "{names:?}"
    );
    // A composed notice need not come from `compose`.
    let by_hand = Composed {
        subject: "a\r\nBcc: eve@e.example".to_owned(),
        ..composed.clone()
    };
    let bytes = self::mail(&by_hand, "House B");
    assert!(read(&bytes).bcc().is_none());
}

#[test]
fn link_is_a_web_address_or_there_is_no_notice() {
    for url in [
        "javascript:alert(1)",
        "",
        "http://a b",
        "http://a\r\n",
        "//a",
    ] {
        let refused = Notices::new(None).compose(&Notice { url, ..for_bob() });
        assert!(matches!(refused, Err(NoticeError::Link(_))), "{url:?}");
    }
}

fn knock(asking: &[String], strangers: usize) -> Composed {
    let knock = Knock {
        language: Language::En,
        person: "Bob",
        last: None,
        own_ended: false,
        ended: &[],
        claimed: &[],
        asking,
        strangers,
        met: &[],
        failed: &[],
        unconfirmed: &[],
        url: "http://hearthpost.local/",
    };
    let composed = Notices::new(None).compose_knock(&knock);
    composed.expect("a notice")
}

#[test]
fn who_wants_something_is_told() {
    let names = ["Alice's household", "The <Millers>\nBcc: x"].map(str::to_owned);
    let both = knock(&names[..1], 2);
    assert_eq!(
        both.subject,
        "Somebody of Alice's household asks for more; 2 households wait to be accepted"
    );
    golden("knock.txt", &both.text);
    golden("knock.html", &both.html);
    let two = knock(&names, 0);
    assert_eq!(two.subject, "2 households ask for more");
    assert!(!two.text.contains("wrote to yours"), "{}", two.text);
    assert!(!two.html.contains("<Millers>"), "{}", two.html);
    let one = knock(&[], 1);
    assert_eq!(one.subject, "A household waits to be accepted");
}

fn alarm(language: Language, own: bool, ended: &[&str], claimed: &[&str]) -> Composed {
    let names =
        |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    let (ended, claimed) = (names(ended), names(claimed));
    let knock = Knock {
        language,
        person: "Bob",
        last: None,
        own_ended: own,
        ended: &ended,
        claimed: &claimed,
        asking: &["Ida's".to_owned()],
        strangers: 1,
        met: &[],
        failed: &[],
        unconfirmed: &[],
        url: "http://hearthpost.local/",
    };
    let composed = Notices::new(None).compose_knock(&knock);
    composed.expect("a notice")
}

#[test]
fn what_there_is_to_know_of_identities_is_told_first() {
    let millers = &["The <Millers>\nBcc: x"];
    let both = alarm(Language::En, false, millers, millers);
    assert_eq!(
        both.subject,
        "The identity of The <Millers> Bcc: x has ended; another household claims the mailbox of The <Millers> Bcc: x; \
         somebody of Ida's asks for more; a household waits to be accepted"
    );
    assert!(
        both.text.contains("Ring up the people you know"),
        "{}",
        both.text
    );
    assert!(!both.html.contains("<Millers>"), "{}", both.html);
    let own = alarm(Language::En, true, &[], &["A", "B"]);
    let begins = "The identity of your own household has ended; The mailboxes of 2 households";
    assert!(own.subject.starts_with(begins), "{}", own.subject);
    assert!(own.text.contains("Give it a new one"), "{}", own.text);
    let german = alarm(Language::De, false, &["Müllers"], &[]);
    let begins = "Die Identität von Müllers ist beendet; jemand von Ida's bittet";
    assert!(german.subject.starts_with(begins), "{}", german.subject);
}

#[test]
fn what_came_of_invitations_is_told() {
    let names = ["Alice's household".to_owned()];
    let said = ["Mallory <b>\nBcc: x came with an invitation that was over".to_owned()];
    let told = |met, failed, strangers| {
        let knock = Knock {
            person: "Bob",
            language: Language::En,
            last: None,
            own_ended: false,
            ended: &[],
            claimed: &[],
            asking: &[],
            strangers,
            met,
            failed,
            unconfirmed: &[],
            url: "http://hearthpost.local/",
        };
        Notices::new(None).compose_knock(&knock).expect("a notice")
    };
    let met = told(&names, &[], 1);
    assert_eq!(
        met.subject,
        "Alice's household and your household have met; a household waits to be accepted"
    );
    assert!(
        met.text
            .contains("Alice's household and your household have met by an invitation")
    );
    let failed = told(&[], &said, 0);
    assert_eq!(failed.subject, "An invitation led to nothing");
    assert!(
        failed.text.contains("Mallory <b> Bcc: x came with"),
        "{}",
        failed.text
    );
    assert!(
        failed.html.contains("Mallory &lt;b&gt; Bcc"),
        "{}",
        failed.html
    );
}

#[test]
fn a_mail_is_in_the_language_of_the_person_with_its_subject() {
    let notices = Notices::new(None);
    let notice = Notice {
        language: Language::De,
        count: 1,
        ..for_bob()
    };
    let composed = notices.compose(&notice).expect("a notice");
    assert_eq!(composed.subject, "Alice's household teilt 1 Bild mit dir");
    assert!(composed.text.starts_with("Hallo Bob,\n\n"));
    assert!(composed.text.contains("\nHier ansehen:\n"));
    assert!(composed.html.contains("<html lang=\"de\">"));
    let line = Line {
        household: "Die Müllers".to_owned(),
        count: 2,
        kind: Kind::Sound.into(),
        details: None,
    };
    let gathered = Gathered {
        language: Language::De,
        person: "",
        lines: &[
            line.clone(),
            Line {
                household: "Ida".to_owned(),
                ..line
            },
        ],
        url: "http://hearthpost.local/",
    };
    let composed = notices.compose_gathered(&gathered).expect("a notice");
    assert_eq!(composed.subject, "4 Tonaufnahmen von 2 Haushalten");
    assert!(composed.text.contains("Die Müllers: 2 Tonaufnahmen\n"));
    let knock = Knock {
        language: Language::De,
        person: "Bob",
        last: None,
        own_ended: false,
        ended: &[],
        claimed: &[],
        asking: &["Ida".to_owned()],
        strangers: 1,
        met: &[],
        failed: &[],
        unconfirmed: &[],
        url: "http://hearthpost.local/",
    };
    let composed = notices.compose_knock(&knock).expect("a notice");
    let subject =
        "Jemand von Ida bittet um mehr; ein Haushalt wartet darauf, aufgenommen zu werden";
    assert_eq!(composed.subject, subject);
    let english = ["Hello", "shared", "Look", "mail comes"];
    assert!(!english.iter().any(|word| composed.text.contains(word)));
}
