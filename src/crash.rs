//! Named points before and after every durable or visible step. In debug builds the environment variable
//! `HEARTHPOST_CRASH_AT` stops the process at one of them, as a power cut would; in release builds they are nothing.
//!
//! `HEARTHPOST_CRASH_AT=NAME` stops at the first pass of the point, `NAME:3` at the third.
//!
//! At the same points tests let something else happen just then, as another program of the house might do it.

/// Every point, in the order in which a share meets them.
pub const POINTS: &[&str] = &[
    "import.stored",
    "import.after_commit",
    "pictures.stored",
    "upload.begun",
    "upload.before_commit",
    "upload.after_commit",
    "upload.dropped",
    "bin.after_commit",
    "share.sealed",
    "share.before_commit",
    "share.after_commit",
    "submit.before",
    "submit.accepted",
    "submit.noted",
    "look.noted",
    "letter.before_commit",
    "letter.after_commit",
    "letter.blobs_gone",
    "settle.done",
    "parts.kept",
    "parts.before_commit",
    "parts.after_commit",
    "remove.before",
    "remove.after",
    "remove.noted",
    "view.ready",
    "view.counted",
    "welcome.before_commit",
    "local.before_commit",
    "local.after_commit",
    "give.before_commit",
    "give.after_commit",
    "ask.before_commit",
    "ask.after_commit",
    "answer.before_commit",
    "answer.after_commit",
    "search.before_commit",
    "search.after_commit",
    "relay.before_commit",
    "relay.after_commit",
    "waiting.before_commit",
    "waiting.after_commit",
    "gathered.before_commit",
    "gathered.after_commit",
    "release.before_commit",
    "release.after_commit",
    "release.blobs_gone",
    "expire.begin",
    "expire.before_commit",
    "expire.after_commit",
    "partial.begin",
    "partial.before_commit",
    "partial.after_commit",
    "revoke.before_commit",
    "revoke.after_commit",
    "revoke.blobs_gone",
    "resend.before_commit",
    "resend.after_commit",
    "again.before_commit",
    "again.after_commit",
    "invite.before_commit",
    "invite.after_commit",
    "join.before_commit",
    "join.after_commit",
    "join_again.before_commit",
    "join_again.after_commit",
    "renew.before_keys",
    "renew.after_keys",
    "renew.told",
    "renew.anew",
    "renew.before_end",
    "renew.after_end",
    "rekey.before_keys",
    "rekey.after_keys",
    "rekey.after_commit",
    "takeover.before_keys",
    "takeover.after_keys",
    "backup.checked",
    "restore.unpacked",
    "restore.before_exchange",
    "restore.after_exchange",
    "store.piece",
    "store.pieces",
    "store.brought",
];

/// Stops the process here, if it is asked to.
#[inline]
pub fn point(name: &'static str) {
    #[cfg(debug_assertions)]
    asked(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

/// What happens when a point is passed.
#[cfg(debug_assertions)]
type Meanwhile = Box<dyn FnOnce()>;

#[cfg(debug_assertions)]
thread_local! {
    static MEANWHILE: std::cell::RefCell<Vec<(&'static str, Meanwhile)>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Lets something happen when this thread passes a point for the next time, once. Of several, the first one first.
#[cfg(debug_assertions)]
pub fn meanwhile(name: &'static str, what: impl FnOnce() + 'static) {
    MEANWHILE.with_borrow_mut(|all| all.push((name, Box::new(what))));
}

#[cfg(debug_assertions)]
fn asked(name: &'static str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    let meanwhile = MEANWHILE.with_borrow_mut(|all| {
        let found = all.iter().position(|(at, _)| *at == name);
        found.map(|at| all.remove(at).1)
    });
    // It may pass the same point itself.
    if let Some(what) = meanwhile {
        what();
    }
    static ASKED: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static PASSED: AtomicU32 = AtomicU32::new(0);
    debug_assert!(POINTS.contains(&name), "{name} is not among the points");
    let asked = ASKED.get_or_init(|| {
        let text = std::env::var("HEARTHPOST_CRASH_AT").ok()?;
        let (point, pass) = text.split_once(':').unwrap_or((&text, "1"));
        Some((point.to_owned(), pass.parse().unwrap_or(1)))
    });
    let Some((point, pass)) = asked else {
        return;
    };
    if point == name && PASSED.fetch_add(1, Ordering::Relaxed) + 1 == *pass {
        // No destructor runs, and no buffer is written: as if the power had gone.
        std::process::abort();
    }
}
