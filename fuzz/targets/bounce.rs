//! Any bytes as a delivery status notification, and any words as those of a mail server.
#![no_main]

use hearthpost::message::bounce::Bounce;
use hearthpost::message::reply::{enhanced, meaning};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut halves = bytes.splitn(2, |&c| c == 0);
    let (status, returned) = (
        halves.next().unwrap_or_default(),
        halves.next().unwrap_or_default(),
    );
    let bounce = Bounce::read(status, returned);
    assert!(bounce.recipients.len() <= 200);
    for recipient in &bounce.recipients {
        assert!(recipient.said.chars().count() <= 300);
        assert!(!recipient.said.chars().any(char::is_control));
        assert!((1..=2).contains(&recipient.addresses.len()));
    }
    let plain = |id: &String| !id.is_empty() && id.bytes().all(|c| c.is_ascii_graphic());
    assert!(bounce.message_ids.iter().all(plain));
    let words = String::from_utf8_lossy(status);
    enhanced(&words);
    meaning(421, &words);
    meaning(550, &words);
});
