//! From the message to what it does: a script's letters go before the judge of a household with an album, and after each the
//! album must be sound. All of it is undone before the next script.
#![no_main]

use std::cell::RefCell;

use hearthpost::sharing::fuzzing::Verdict;
use hearthpost_fuzz::homes::me;
use hearthpost_fuzz::house::{House, check_album, moment};
use hearthpost_fuzz::script::letters;

thread_local! {
    static HOUSE: RefCell<House> = RefCell::new(House::build());
}

libfuzzer_sys::fuzz_target!(|script: &[u8]| {
    HOUSE.with_borrow_mut(|house| {
        let letters = letters(script, house.names.clone());
        // Each comes twice: what was taken is taken again, and does nothing more.
        let mails = letters
            .iter()
            .map(|signed| signed.mail())
            .flat_map(|mail| [mail.clone(), mail]);
        let (mut count, mut first, mut before) = (0, false, String::new());
        let seen = |rows: hearthpost::album::Rows<'_>, verdict: Option<&Verdict>| {
            check_album(rows, &me().keys);
            let Some(verdict) = verdict else { return };
            count += 1;
            let taken = *verdict == Verdict::Taken;
            let now = format!("{:?}", rows.shares().expect("rows"));
            if count % 2 == 0 && first {
                assert!(taken, "what was taken is {verdict:?} when it comes again");
                assert_eq!(now, before, "what comes again changes something");
            }
            (first, before) = (taken, now);
        };
        house
            .home
            .rehearse(mails, moment(), seen)
            .expect("the album works");
    });
});
