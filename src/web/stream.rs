//! A file on its way to a program: read piece by piece, each when the one before is gone, so that a slow reader holds no
//! thread.

use std::io::Read;

use axum::body::Bytes;
use futures::stream::{self, Stream};
use tokio::task::spawn_blocking;

/// So much is read at once.
const PIECE: u64 = 256 * 1024;

/// All of it. Where it cannot be read to its end, the answer breaks off, so that no program takes it for the whole.
pub(super) fn read_through<R: Read + Send + 'static>(
    source: R,
) -> impl Stream<Item = std::io::Result<Bytes>> + Send {
    stream::try_unfold(source, |mut source| async move {
        let read = move || {
            let mut piece = Vec::new();
            (&mut source).take(PIECE).read_to_end(&mut piece)?;
            Ok((piece, source))
        };
        let read = spawn_blocking(read).await;
        let read: std::io::Result<_> =
            read.unwrap_or_else(|panic| Err(std::io::Error::other(panic)));
        let (piece, source) = read.inspect_err(|error| {
            tracing::error!(%error, "a file could not be handed over to its end");
        })?;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), source)))
    })
}
