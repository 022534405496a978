//! Check 4: keys, the rules of stations and relay entries stay within the chain. One widening each.

use hearthpost::message::{Code, Keys};
use hearthpost::rules::{Rules, Tier};

use crate::households::draft::{Draft, SHARE, item_keys, looking, relay_to, station};
use crate::households::home;
use crate::{named, onward_of, refused, three, unknown_item};

#[test]
fn key_above_the_permit() {
    refused(
        &three(),
        |d| d.keys = item_keys(&SHARE.items[..1], Tier::Original),
        Code::Wider,
        "opens more than the permit gives",
    );
}

#[test]
fn key_of_an_item_outside_the_permit() {
    refused(
        &named(),
        |d| d.keys = item_keys(&SHARE.items[2..3], Tier::Thumb),
        Code::Wider,
        "opens more than the permit gives",
    );
}

#[test]
fn key_of_the_whole_share_where_items_are_given() {
    let mut draft = Draft::whole(1);
    draft.keys = Keys::Share(SHARE.key.clone());
    refused(
        &draft,
        |d| d.steps[0].items = Some(SHARE.items.to_vec()),
        Code::Wider,
        "the key of the whole share",
    );
}

#[test]
fn key_of_the_whole_share_below_original() {
    refused(
        &three(),
        |d| d.keys = Keys::Share(SHARE.key.clone()),
        Code::Wider,
        "the key of the whole share",
    );
}

#[test]
fn station_wider_than_an_ancestor_allows() {
    let wide = |d: &mut Draft| {
        d.stations.push(station(
            "bob",
            Rules {
                store: looking(300).display,
                ..looking(300)
            },
        ))
    };
    refused(
        &three(),
        wide,
        Code::Wider,
        "the rules of a station are wider than step 1 allows",
    );
    let mut draft = three();
    onward_of(&mut draft, 1).rules = looking(1280);
    onward_of(&mut draft, 2).rules = looking(1280);
    refused(
        &draft,
        |d| d.stations[0].rules = looking(2048),
        Code::Wider,
        "wider than step 2 allows",
    );
}

#[test]
fn the_granters_own_onward_does_not_bind_its_stations() {
    // What Bob may do himself is the origin's to say; `onward` binds only copies that travel on from him.
    let mut draft = Draft::whole(1);
    draft.stations = vec![station(
        "bob",
        Rules {
            store: Some(Default::default()),
            ..looking(9000)
        },
    )];
    draft.check().expect("passes");
}

// 4: relay entries.

/// A chain of two that asks its reader to pass the share on to household 4.
fn relayed() -> Draft {
    let mut draft = Draft::whole(2);
    draft.relay = vec![relay_to(4, Tier::Preview, looking(1280))];
    draft
}

#[test]
fn relay_where_nothing_may_be_passed_on() {
    refused(
        &relayed(),
        |d| d.steps[1].onward = None,
        Code::Wider,
        "where nothing may be passed on",
    );
}

#[test]
fn relay_to_a_household_that_the_permit_does_not_name() {
    let fault = |d: &mut Draft| onward_of(d, 1).to = Some(vec![home(5).fingerprint()]);
    refused(
        &relayed(),
        fault,
        Code::Wider,
        "a household that the permit does not name",
    );
}

#[test]
fn relay_of_a_better_tier_than_may_travel_on() {
    refused(
        &relayed(),
        |d| d.relay[0].tier = Tier::Original,
        Code::Wider,
        "at a better tier",
    );
    refused(
        &relayed(),
        |d| onward_of(d, 1).tier = Tier::Thumb,
        Code::Wider,
        "at a better tier",
    );
}

#[test]
fn relay_of_items_that_the_permit_does_not_give() {
    let mut draft = relayed();
    draft.steps[1].items = Some(SHARE.items[..1].to_vec());
    draft.keys = item_keys(&SHARE.items[..1], Tier::Preview);
    draft.relay[0].items = Some(SHARE.items[..1].to_vec());
    refused(
        &draft,
        |d| d.relay[0].items = Some(SHARE.items[..2].to_vec()),
        Code::Wider,
        "of items that the permit does not give",
    );
    refused(
        &draft,
        |d| d.relay[0].items = None,
        Code::Wider,
        "of items that the permit does not give",
    );
    let unknown = |d: &mut Draft| d.relay[0].items = Some(vec![unknown_item()]);
    refused(
        &relayed(),
        unknown,
        Code::Manifest,
        "a relay is asked for of an item",
    );
}

#[test]
fn relay_with_wider_rules() {
    let wide = |d: &mut Draft| d.relay[0].stations[0].rules = looking(2049);
    refused(
        &relayed(),
        wide,
        Code::Wider,
        "the rules of a station are wider",
    );
    // Step 2 alone narrows: what the reader's own permit says for copies from it binds the relay.
    let fault = |d: &mut Draft| onward_of(d, 1).rules = looking(1000);
    refused(&relayed(), fault, Code::Wider, "wider than step 2 allows");
}

#[test]
fn relay_with_certificates_that_are_no_card() {
    let fault = |d: &mut Draft| drop(d.relay[0].certificates.pop());
    refused(&relayed(), fault, Code::Unsupported, "outside the profile");
    let swapped = |d: &mut Draft| {
        d.relay[0].certificates[1] = relay_to(5, Tier::Thumb, looking(1)).certificates[1].clone()
    };
    refused(
        &relayed(),
        swapped,
        Code::Signature,
        "the signature is not good",
    );
}
