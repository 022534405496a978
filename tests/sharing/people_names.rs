//! A name of a person stands in mail addresses, which are not as long as one likes.

use crate::house::Village;
use hearthpost::address::{StationAddress, StationName};

#[test]
fn a_name_that_no_address_of_the_house_can_hold_is_refused_with_how_long_it_may_be() {
    let village = Village::new("a");
    let mut a = village.house("a", &[]);
    let now = a.now();
    // `home-a+` and the name are the part before the @, of which there are 64 characters.
    let name = |length: usize| -> StationName { "n".repeat(length).parse().expect("a name") };
    let mut add = |name| {
        let mail = "ann@p.example".parse().expect("a mailbox");
        a.home.add_person(name, mail, now)
    };
    let refused = add(name(58)).expect_err("too long");
    assert!(refused.usage, "{refused:?}");
    assert!(
        refused.message.contains("at most 57 characters"),
        "{refused:?}"
    );
    add(name(57)).expect("it fits");
    let address = StationAddress {
        mailbox: a.mailbox.clone(),
        station: name(57),
    };
    let parsed = address.to_string().parse::<StationAddress>();
    assert_eq!(parsed, Ok(address));
}
