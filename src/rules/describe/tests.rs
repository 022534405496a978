//! The sentences, and that they say what is enforced.

use super::super::{HandedAs, Kind, handed_as, parse_rules};
use super::*;
use proptest::prelude::*;

fn sentence(rules: &str) -> String {
    let day = |time: Timestamp| time.to_string()[..10].to_owned();
    describe(
        Language::En,
        Who::Named("Bob"),
        &parse_rules(rules).expect("rules"),
        Further::Unsaid,
        day,
    )
}

#[test]
fn each_rule_has_its_words() {
    for (rules, words) in [
        (
            "display=1280,period=P30D",
            "Bob can look at these for 30 days after they arrive, at screen size.",
        ),
        (
            "display=full,store=full",
            "Bob can look at these and keep the originals.",
        ),
        (
            "display=full,print=4000,store=1280,forward=yes,until=2026-12-24T00:00:00Z",
            "Bob can look at these until 2026-12-24, print them, at 4000 pixels, keep a copy, at screen size and pass them on to other households.",
        ),
        (
            "display=full,views=3",
            "Bob can look at these, three times.",
        ),
        (
            "display=full,watermark=yes",
            "Bob can look at these, with their name across the picture.",
        ),
        (
            "display=full,print=2000,store=full,watermark=yes",
            "Bob can look at these, with their name across the picture, print them, at screen size and keep a copy.",
        ),
        (
            "print=full,watermark=yes",
            "Bob can print them, with their name across the picture.",
        ),
        (
            "store=full,period=PT1H",
            "Bob can keep the originals for 1 hour after they arrive.",
        ),
        ("", "Bob gets nothing from this share."),
    ] {
        assert_eq!(sentence(rules), words);
    }
}

#[test]
fn what_is_enforced_is_said_of_every_deed() {
    for (rules, words) in [
        (
            "display=640,print=full,watermark=yes",
            "Bob can look at these, at 640 pixels, with their name across the picture and print them.",
        ),
        (
            "display=1280,print=1280,store=full,views=2",
            "Bob can look at these, twice, at screen size, print them, at screen size, each time counted as a look and keep the originals.",
        ),
        ("store=full,views=1", "Bob can keep the originals."),
        (
            "print=full,store=full,views=1,period=P7D",
            "Bob can print them, once and keep the originals for 7 days after they arrive.",
        ),
        (
            "store=full,watermark=yes",
            "Bob can keep a copy, with their name across the picture.",
        ),
        (
            "store=full,excerpt=yes",
            "Bob can keep the originals of pictures, and of anything else an excerpt.",
        ),
        (
            "store=1280,excerpt=yes",
            "Bob can keep a copy of pictures, at screen size, and of anything else an excerpt.",
        ),
        (
            "display=full,period=P30D,until=2027-01-01T00:00:00Z",
            "Bob can look at these for 30 days after they arrive, at most until 2027-01-01.",
        ),
    ] {
        assert_eq!(sentence(rules), words);
    }
    let day = |time: Timestamp| time.to_string()[..10].to_owned();
    let marked = parse_rules("display=full,watermark=yes").expect("rules");
    let told = |language| describe(language, Who::You, &marked, Further::Unsaid, day);
    assert_eq!(
        told(Language::En),
        "You can look at these, with your name across the picture."
    );
    assert_eq!(
        told(Language::De),
        "Du kannst sie mit deinem Namen quer über dem Bild ansehen."
    );
}

#[test]
fn what_travels_on_is_told_with_who_may_pass_it_on() {
    let day = |time: Timestamp| time.to_string()[..10].to_owned();
    let told = |language, rules, onward: &str| {
        let (rules, onward) = (parse_rules(rules), parse_rules(onward));
        let (rules, onward) = (rules.expect("rules"), onward.expect("rules"));
        let further = Further::Within(&onward);
        describe_exactly(language, Who::Named("Bob"), &rules, further, day)
    };
    let all = "display=full,store=full,forward=yes";
    for (rules, onward, words) in [
        (
            all,
            "display=640,views=1,until=2026-12-24T00:00:00Z",
            "Bob can look at these and keep the originals, without an end, and pass them on to other households, who may only look, once, at 640 pixels, until 2026-12-24.",
        ),
        (
            all,
            "display=full,store=full",
            "Bob can look at these and keep the originals, without an end, and pass them on to other households, who may do the same but not pass them on.",
        ),
        (
            all,
            "display=full,store=full,forward=yes",
            "Bob can look at these and keep the originals, without an end, and pass them on to other households, who may do the same.",
        ),
        (
            all,
            "display=1280,store=1280",
            "Bob can look at these and keep the originals, without an end, and pass them on to other households, who may look at these, at screen size (1280) and keep a copy, at screen size (1280).",
        ),
        (
            "display=full,period=P7D,forward=yes",
            "display=full,until=2026-12-24T00:00:00Z",
            "Bob can look at these for 7 days after they arrive and pass them on to other households, who may do the same but not pass them on, until 2026-12-24.",
        ),
        // Nothing travels on that is in one of them alone.
        (
            "store=full,forward=yes",
            "display=full",
            "Bob can keep the originals, without an end.",
        ),
    ] {
        assert_eq!(told(Language::En, rules, onward), words);
    }
    assert_eq!(
        told(
            Language::De,
            "display=full,forward=yes,until=2026-12-31T00:00:00Z",
            "display=1280,until=2026-12-24T00:00:00Z"
        ),
        "Bob kann sie bis zum 2026-12-31 ansehen und sie an andere Haushalte weitergeben, die sie bis zum 2026-12-24 in Bildschirmgröße (1280) nur ansehen dürfen."
    );
}

proptest! {
    #[test]
    fn words_and_what_is_handed_over_agree(
        edge in prop::sample::select(&[None, Some(1280u64)]),
        watermark in any::<bool>(),
        excerpt in any::<bool>(),
        kind in prop::sample::select(&[Kind::Picture, Kind::Sound, Kind::Video, Kind::Document, Kind::File]),
    ) {
        // Nothing can be written across what is cut: no sender may ask for it.
        prop_assume!(kind == Kind::Picture || !(watermark && excerpt));
        let limits = Limits { max_edge: edge, watermark, excerpt };
        let handed = handed_as(Action::Store, limits, kind);
        let store = Rules { store: Some(limits), ..Rules::default() };
        let say = |rules: &Rules| {
            describe(Language::En, Who::Named("Bob"), rules, Further::Unsaid, |_| String::new())
        };
        let words = say(&store);
        // What is said of pictures, and what of the rest.
        let (of_pictures, of_the_rest) = match words.split_once(", and of anything else ") {
            Some((pictures, rest)) => (pictures, rest),
            None => (words.as_str(), words.as_str()),
        };
        let said = if kind == Kind::Picture { of_pictures } else { of_the_rest };
        let whole = handed == HandedAs::Whole;
        prop_assert_eq!(whole, said.contains("the originals"), "{}", words);
        prop_assert_eq!(handed == HandedAs::Excerpt, said.contains("an excerpt"), "{}", words);
        if kind == Kind::Picture {
            prop_assert_eq!(handed == HandedAs::Made, said.contains("a copy"), "{}", words);
            prop_assert_eq!(watermark, said.contains("name across"), "{}", words);
        }
        for action in [Action::Display, Action::Print] {
            let rules = Rules {
                display: (action == Action::Display).then_some(limits),
                print: (action == Action::Print).then_some(limits),
                ..Rules::default()
            };
            let words = say(&rules);
            prop_assert_eq!(watermark, words.contains("name across"), "{}", words);
            prop_assert_eq!(edge.is_some(), words.contains("screen size"), "{}", words);
            prop_assert_eq!(excerpt, words.contains("excerpt"), "{}", words);
            let is_excerpt = handed_as(action, limits, kind) == HandedAs::Excerpt;
            prop_assert!(!is_excerpt || words.contains("excerpt"), "{}", words);
        }
    }
}

#[test]
fn who_gives_is_told_the_pixels_and_that_there_is_no_end() {
    let exactly = |rules| {
        let day = |time: Timestamp| time.to_string()[..10].to_owned();
        describe_exactly(
            Language::En,
            Who::Named("Bob"),
            &parse_rules(rules).expect("rules"),
            Further::Unsaid,
            day,
        )
    };
    for (rules, words) in [
        (
            "display=1280,period=P30D",
            "Bob can look at these for 30 days after they arrive, at screen size (1280).",
        ),
        (
            "display=320,store=full",
            "Bob can look at these, at 320 pixels and keep the originals, without an end.",
        ),
        (
            "print=1280,views=2",
            "Bob can print them, at screen size (1280), twice, without an end.",
        ),
        (
            "display=full,until=2026-12-24T00:00:00Z",
            "Bob can look at these until 2026-12-24.",
        ),
        ("", "Bob gets nothing from this share."),
    ] {
        assert_eq!(exactly(rules), words);
    }
}

#[test]
fn what_is_over_is_told_as_past() {
    let ended = |rules| {
        let end = Timestamp::from_unix(0);
        let day = |_| "3 May".to_owned();
        describe_ended(
            Language::En,
            Who::Named("Bob"),
            &parse_rules(rules).expect("rules"),
            end,
            day,
        )
    };
    for (rules, words) in [
        (
            "display=1280,store=full,period=P30D,views=2",
            "Bob could look at these until 3 May, at screen size and keep the originals.",
        ),
        ("print=full", "Bob could print them until 3 May."),
        ("", "Bob got nothing from this share."),
    ] {
        assert_eq!(ended(rules), words);
    }
}

#[test]
fn a_denial_names_the_rule_and_the_way_out() {
    let words = denial_words(
        Language::En,
        Action::Display,
        Denial::Ended(Timestamp::from_unix(0)),
        "the Millers",
        |_| "3 May".to_owned(),
    );
    assert_eq!(
        words,
        "You could look at this until 3 May. Ask the Millers for longer?"
    );
    let of = |action| {
        let ended = Denial::Ended(Timestamp::from_unix(0));
        denial_words(Language::En, action, ended, "the Millers", |_| {
            "3 May".to_owned()
        })
    };
    assert!(of(Action::Print).starts_with("You could print this until 3 May."));
    assert!(of(Action::Store).starts_with("You could keep this until 3 May."));
}

#[test]
fn german_has_its_verbs_at_the_end() {
    let day = |time: Timestamp| time.to_string()[..10].to_owned();
    let german = |who, rules| {
        describe_exactly(
            Language::De,
            who,
            &parse_rules(rules).expect("rules"),
            Further::Unsaid,
            day,
        )
    };
    for (who, rules, words) in [
        (
            Who::Named("Bob"),
            "display=1280,period=P30D",
            "Bob kann sie bis 30 Tage nach der Ankunft in Bildschirmgröße (1280) ansehen.",
        ),
        (
            Who::You,
            "display=full,print=4000,store=1280,forward=yes,views=3,until=2026-12-24T00:00:00Z",
            "Du kannst sie bis zum 2026-12-24 dreimal ansehen, sie mit 4000 Pixeln (jedes Mal zählt als Ansehen) drucken, eine Kopie in Bildschirmgröße (1280) behalten und sie an andere Haushalte weitergeben.",
        ),
        (
            Who::SomeoneThere,
            "display=full,store=full,watermark=yes",
            "Dort kann höchstens jemand sie mit Namen quer über dem Bild ansehen und eine Kopie behalten, ohne Ende.",
        ),
        (
            Who::Others,
            "store=full,period=PT1H",
            "Andere können die Originale behalten, und zwar bis 1 Stunde nach der Ankunft.",
        ),
        (
            Who::You,
            "display=full,watermark=yes",
            "Du kannst sie mit deinem Namen quer über dem Bild ansehen, ohne Ende.",
        ),
        (Who::You, "", "Du bekommst nichts davon."),
        (Who::SomeoneThere, "", "Dort bekommt niemand etwas davon."),
    ] {
        assert_eq!(german(who, rules), words);
    }
    let ended = describe_ended(
        Language::De,
        Who::EveryoneThere,
        &parse_rules("display=1280").expect("rules"),
        Timestamp::from_unix(0),
        day,
    );
    assert_eq!(
        ended,
        "Alle dort konnten sie bis zum 1970-01-01 in Bildschirmgröße ansehen."
    );
}
