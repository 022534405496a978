//! Any bytes as what an IMAP server says: answers, BODYSTRUCTURE, header fields.
#![no_main]

use std::cell::RefCell;

use hearthpost::mailbox::fuzzing::{answers, header};
use tokio::runtime::{Builder, Runtime};

thread_local! {
    static RUNTIME: RefCell<Runtime> = RefCell::new(
        Builder::new_current_thread().enable_time().build().expect("a runtime"),
    );
}

libfuzzer_sys::fuzz_target!(
    // The parser of `imap-proto` panics in places, which `mailbox` expects and catches. What it does not catch ends the run.
    init: std::panic::set_hook(Box::new(|_| {})),
    |said: &[u8]| {
        header(said);
        let [piece, asked, rest @ ..] = said else { return };
        RUNTIME.with_borrow(|runtime| {
            let asked = u64::from(*asked) * 16;
            let whole = runtime.block_on(answers(rest, rest.len(), asked));
            let pieces = runtime.block_on(answers(rest, usize::from(*piece), asked));
            assert_eq!(whole, pieces, "other answers when they come in other pieces");
        });
    }
);
