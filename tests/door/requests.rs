//! Requests by the thousand, and answers to what others asked: work, rows and mail stay few, and whoever asks honestly is
//! heard all the same.

use crate::house::passed::{A, B, C, D, Passed, passed_on, shared};
use hearthpost::album::RequestState;
use hearthpost::envelope::{Digest, Id};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, GrantAnswer, GrantRequest, PartRequest, YesNo};
use hearthpost::rules::{Action, parse_rules};

/// The most requests of one household that wait for an answer.
const MAX_OPEN: usize = 20;

fn for_parts(s: &Passed, chain: &[Bytes], parts: Vec<Digest>) -> Body {
    let share = s.houses[A].share_named(&s.share);
    Body::PartRequest(PartRequest {
        share: share.wire,
        origin: share.origin,
        parts,
        chain: chain.to_vec(),
    })
}

fn all_parts(s: &Passed) -> Vec<Digest> {
    let share = s.houses[A].share_named(&s.share);
    let parts = s.houses[A].home.album.rows().parts(share.id).expect("rows");
    parts.iter().map(|part| part.digest).collect()
}

fn for_more(s: &Passed, station: &str) -> Body {
    let share = s.houses[A].share_named(&s.share);
    Body::GrantRequest(GrantRequest {
        share: share.wire,
        origin: share.origin,
        station: station.parse().expect("a station"),
        rules: parse_rules("display=full,print=full,store=full").expect("rules"),
        message: "please".to_owned(),
    })
}

fn open_requests(s: &Passed, at: usize) -> Vec<String> {
    let listed = s.houses[at].home.requests().expect("listed");
    let open = listed.into_iter().filter(|request| request.state == "open");
    open.map(|request| request.station.to_string()).collect()
}

#[test]
fn a_flood_of_part_requests_brings_each_part_three_times_a_week() {
    let mut s = passed_on();
    let (chain, parts) = (s.chain(C), all_parts(&s));
    let rounds = |s: &mut Passed| -> Vec<usize> {
        let mut sizes = Vec::new();
        for _ in 0..5 {
            for _ in 0..60 {
                let body = for_parts(s, &chain, parts.clone());
                s.write(C, B, &body);
            }
            let before = s.mailed(C).1;
            let done = s.village.sync(&mut s.houses[B]);
            assert_eq!(done.refused, Vec::<String>::new());
            assert_eq!(s.houses[B].queued(), 0);
            sizes.push(s.mailed(C).1 - before);
            s.houses[B].wait(3_600);
        }
        sizes
    };
    let sent = rounds(&mut s);
    assert!(sent[0] > 0 && sent[0] < 100_000, "{sent:?}");
    // Sixty at once are one; the fourth time nothing goes out.
    assert!(
        sent[..3].iter().all(|&size| size.abs_diff(sent[0]) < 1_000),
        "{sent:?}"
    );
    assert_eq!(sent[3..], [0, 0]);
    s.houses[B].wait(8 * 86_400);
    let again = rounds(&mut s);
    assert!(again[2] > 0 && again[3..] == [0, 0], "{again:?}");
}

#[test]
fn a_part_request_for_thousands_of_parts_that_are_nowhere_sends_nothing() {
    let mut s = passed_on();
    let chain = s.chain(C);
    let before = (s.mailed(C), s.houses[B].visible());
    for round in 0..3u32 {
        let digest = |n: u32| Digest::of(&[round.to_be_bytes(), n.to_be_bytes()].concat());
        for many in [8_000, 40_000] {
            let body = for_parts(&s, &chain, (0..many).map(digest).collect());
            s.write(C, B, &body);
        }
    }
    let done = s.village.sync(&mut s.houses[B]);
    let too_many = |words: &String| words.contains("a list of more than 8000 entries");
    assert!(done.refused.iter().all(too_many), "{:?}", done.refused);
    assert_eq!((done.refused.len(), done.submitted), (3, 0));
    assert_eq!((s.mailed(C), s.houses[B].visible()), before);
}

#[test]
fn a_part_request_with_a_chain_that_ends_elsewhere_sends_nothing() {
    let mut s = passed_on();
    let before = s.mailed(D);
    for (at, owner) in [(A, B), (A, C), (B, C)] {
        let body = for_parts(&s, &s.chain(owner), all_parts(&s));
        let refused = s.tells(D, at, &body);
        let words = "the chain does not lead to whom it is signed by";
        assert_eq!(refused, [words]);
    }
    assert_eq!(s.mailed(D), before);
}

#[test]
fn a_flood_of_requests_for_more_keeps_no_place_from_other_households() {
    let mut s = shared("display=200");
    let items = s.houses[A].items(&s.share);
    assert_eq!(items.len(), 1);
    let share = s.share.clone();
    let mut order = hearthpost::sharing::forward::ForwardOrder {
        share,
        to: vec!["home-c+carol@c.example".to_owned()],
        yes: true,
        ..Default::default()
    };
    order.rules = Some(hearthpost::sharing::forward::narrow::Narrowing {
        rules: parse_rules("display=200").expect("rules"),
        says_what: true,
        ..hearthpost::sharing::forward::narrow::Narrowing::default()
    });
    s.houses[A].forward_order(order).expect("granted");
    s.settle();
    let mails = s.mailed(B);
    for n in 0..150 {
        let body = for_more(&s, &format!("station-{n}"));
        s.write(B, A, &body);
    }
    let done = s.village.sync(&mut s.houses[A]);
    assert_eq!(
        done.refused,
        vec!["too many requests wait for an answer"; 150 - MAX_OPEN]
    );
    assert_eq!(s.mailed(B), mails, "nothing is answered by itself");
    assert_eq!(open_requests(&s, A).len(), MAX_OPEN);
    let body = for_more(&s, "carol");
    assert_eq!(s.tells(C, A, &body), Vec::<String>::new());
    assert!(open_requests(&s, A).contains(&"carol".to_owned()));
}

#[test]
fn the_same_person_asking_many_times_is_one_request() {
    let mut s = shared("display=200");
    s.settle();
    for _ in 0..3 * MAX_OPEN {
        let body = for_more(&s, "bea");
        s.write(B, A, &body);
    }
    let done = s.village.sync(&mut s.houses[A]);
    assert_eq!(done.refused, Vec::<String>::new());
    assert_eq!((done.notified, done.submitted), (1, 1), "Ann is told once");
    assert_eq!(open_requests(&s, A), ["bea"]);
}

/// `b` asked `a` for more; the letter that asks.
fn asked(s: &mut Passed) -> Id {
    let reading = s.houses[B].reading();
    let now = s.houses[B].home.tick(&reading, &[]);
    let rules = parse_rules("display=200,print=200").expect("rules");
    let bea = "bea".parse().expect("a station");
    let share = s.share.clone();
    s.houses[B]
        .home
        .ask(&share, &bea, Some(rules.into()), "", now.expect("time"))
        .expect("asked");
    s.settle();
    let rows = s.houses[B].home.album.rows();
    rows.requests().expect("rows").remove(0).letter
}

fn state(s: &Passed) -> (RequestState, String) {
    let rows = s.houses[B].home.album.rows();
    let request = rows.requests().expect("rows").remove(0);
    (request.state, request.answer)
}

fn answer(request: Id, answer: YesNo, message: &str) -> Body {
    Body::GrantAnswer(GrantAnswer {
        request,
        answer,
        message: message.to_owned(),
    })
}

#[test]
fn an_answer_by_another_than_was_asked_and_to_what_was_not_asked() {
    let mut s = shared("display=200");
    s.settle();
    let request = asked(&mut s);
    let before = (s.houses[B].visible(), s.houses[B].given());
    let not_asked = "an answer to what was not asked";
    for (from, to, letter) in [(D, B, request), (A, B, Id::random()), (B, A, request)] {
        let body = answer(letter, YesNo::Yes, "certainly");
        assert_eq!(s.tells(from, to, &body), [not_asked], "{from} to {to}");
    }
    assert_eq!((s.houses[B].visible(), s.houses[B].given()), before);
    assert_eq!(state(&s), (RequestState::Open, String::new()));
    s.tells(A, B, &answer(request, YesNo::No, "not this one"));
    assert_eq!(state(&s), (RequestState::No, "not this one".to_owned()));
}

#[test]
fn an_answer_counts_once_and_a_yes_without_a_grant_gives_nothing() {
    let mut s = shared("display=200");
    s.settle();
    let request = asked(&mut s);
    s.tells(A, B, &answer(request, YesNo::Yes, "certainly"));
    s.tells(A, B, &answer(request, YesNo::No, "never"));
    assert_eq!(state(&s), (RequestState::Yes, "certainly".to_owned()));
    let item = s.houses[B].items(&s.share).remove(0).reference;
    let denied = s.houses[B].view(&item, "bea", Action::Print);
    assert_eq!(denied.expect_err("no right").code, "denied");
    assert!(s.houses[B].view(&item, "bea", Action::Display).is_ok());
}
