//! The thread that speaks to stores: one for the process, begun when a bucket is first asked. Whoever asks waits for the
//! answer, and for nobody else's.

use std::future::Future;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

use tokio::runtime::{Builder, Handle};

use super::trouble::Trouble;

/// What is begun stays begun: it is at rest while nobody asks.
static BEGUN: Mutex<Option<Handle>> = Mutex::new(None);

/// Does it over there, and waits. To be called on a thread that may wait, and of no household but the one that asks.
pub(super) fn wait_for<T: Send + 'static>(
    work: impl Future<Output = Result<T, Trouble>> + Send + 'static,
) -> Result<T, Trouble> {
    let (tell, told) = sync_channel(1);
    handle()?.spawn(async move {
        // Whoever asked may be gone by now.
        let _ = tell.send(work.await);
    });
    told.recv()
        .unwrap_or_else(|_| Err(Trouble::Refused("a fault of Hearthpost itself".to_owned())))
}

fn handle() -> Result<Handle, Trouble> {
    // What a thread that panicked left is a handle, or none.
    let mut begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = begun.as_ref() {
        return Ok(handle.clone());
    }
    let system = |error: std::io::Error| Trouble::Unreachable(error.to_string());
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_keep_alive(std::time::Duration::from_secs(1))
        .build()
        .map_err(system)?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("store".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .map_err(system)?;
    *begun = Some(handle.clone());
    Ok(handle)
}
