//! A pass over an album that another program holds: it waits in a thread of its own, and no other household does.

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tracing::{Instrument, Span};

use crate::album::Patience;
use crate::mailbox::Session;
use crate::sharing::clock::Reading;
use crate::sharing::sync::Done;
use crate::sharing::{Fault, HELD, Household};

/// What a pass lends, and gives back.
pub(super) struct Lent {
    pub household: Household,
    /// The session that is kept from pass to pass.
    pub line: Option<Session>,
}

/// Makes one pass, here or, where somebody else writes just now, over there. Who writes may begin amidst a pass, and for
/// long: then it is made once more over there, having waited here a moment alone.
pub(super) async fn pass(mut lent: Lent) -> Result<(Lent, Result<Done, Fault>), Fault> {
    if !lent.household.album.is_held() {
        lent.household.album.wait_for_others(Patience::Short);
        let done = lent
            .household
            .sync_over(&Reading::take(), &mut lent.line)
            .await;
        lent.household.album.wait_for_others(Patience::Long);
        match done {
            Err(fault) if fault.code == HELD => {
                tracing::debug!(trouble = %fault, "the pass is made once more");
            }
            done => return Ok((lent, done)),
        }
    }
    tracing::debug!("another program writes: it is waited for in another thread");
    over_there(lent).await
}

/// Whoever does not wait for its end any more ends it, at the next step for which it waits itself.
async fn over_there(lent: Lent) -> Result<(Lent, Result<Done, Fault>), Fault> {
    let (here, is_gone) = oneshot::channel::<()>();
    let (runtime, span) = (Handle::current(), Span::current());
    let Lent {
        mut household,
        mut line,
    } = lent;
    let work = move || {
        let reading = Reading::take();
        let pass = async {
            tokio::select! {
                done = household.sync_over(&reading, &mut line) => Some(done),
                _ = is_gone => None,
            }
        };
        let done = runtime.block_on(pass.instrument(span));
        done.map(|done| (Lent { household, line }, done))
    };
    let done = spawn_blocking(work).await;
    drop(here);
    // Who is gone does not hear that it was ended.
    done.ok().flatten().ok_or_else(broken)
}

pub(super) fn broken() -> Fault {
    Fault::new(
        "bug",
        "a fault of Hearthpost itself stopped a household; the others went on",
    )
}
