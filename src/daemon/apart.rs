//! A household whose sealed bytes lie in a store has a thread of its own: it waits for that store, and nobody else does.

use std::future::Future;

use tokio::runtime::Builder;
use tokio::sync::{oneshot, watch};
use tracing::{Instrument, Span};

use crate::sharing::{Fault, Household};

/// As [`super::serve`], there or here.
pub(super) async fn serve(
    household: Household,
    stop: impl Future<Output = ()>,
) -> Result<(), Fault> {
    if household.config.store.is_none() {
        return super::serve(household, stop).await;
    }
    let (tell, mut told) = watch::channel(false);
    let (done, mut is_done) = oneshot::channel();
    let span = Span::current();
    let system = |error: std::io::Error| Fault::new("system", error.to_string());
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(system)?;
    let work = move || {
        let stopped = async move {
            // An error means that nobody is left to tell.
            let _ = told.wait_for(|stop| *stop).await;
        };
        let served = runtime.block_on(super::serve(household, stopped).instrument(span));
        // Nor to be told.
        let _ = done.send(served);
    };
    std::thread::Builder::new()
        .name("household".to_owned())
        .spawn(work)
        .map_err(system)?;
    let ended = tokio::select! {
        ended = &mut is_done => ended,
        () = stop => {
            tell.send_replace(true);
            is_done.await
        }
    };
    ended.unwrap_or_else(|_| Err(super::broken()))
}
