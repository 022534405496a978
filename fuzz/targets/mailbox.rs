//! Any bytes as what an IMAP server says: answers, BODYSTRUCTURE, header fields.
#![no_main]

use std::cell::RefCell;
use std::sync::{Mutex, PoisonError};

use hearthpost::mailbox::fuzzing::{answers, header};
use tokio::runtime::{Builder, Runtime};

thread_local! {
    static RUNTIME: RefCell<Runtime> = RefCell::new(
        Builder::new_current_thread().enable_time().build().expect("a runtime"),
    );
}

/// The words of the last panic.
static LAST: Mutex<String> = Mutex::new(String::new());

// The parser of `imap-proto` panics in places, which `mailbox` expects and catches: only what it does not catch ends a run.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(note)),
    |said: &[u8]| {
        if std::panic::catch_unwind(|| read(said)).is_err() {
            eprintln!("{}", LAST.lock().unwrap_or_else(PoisonError::into_inner));
            std::process::abort();
        }
    }
);

fn note(panic: &std::panic::PanicHookInfo<'_>) {
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
}

fn read(said: &[u8]) {
    header(said);
    let [piece, asked, rest @ ..] = said else {
        return;
    };
    RUNTIME.with_borrow(|runtime| {
        let asked = u64::from(*asked) * 16;
        let whole = runtime.block_on(answers(rest, rest.len(), asked));
        let pieces = runtime.block_on(answers(rest, usize::from(*piece), asked));
        assert_eq!(
            whole, pieces,
            "other answers when they come in other pieces"
        );
    });
}
