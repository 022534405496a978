//! A file on its way out: read piece by piece, each when the one before is gone, so that a slow reader holds no thread.

use std::io::{Read, Seek, SeekFrom};

use axum::body::Bytes;
use futures::stream::{self, Stream};

use super::house::House;
use crate::sharing::Fault;
use crate::sharing::own::OwnReader;
use crate::sharing::view::Original;

/// So much of an own file is read at once.
const PIECE: u64 = 256 * 1024;

/// What is read piece after piece.
pub(super) trait Pieces: Send + 'static {
    /// The next few megabytes at most; empty at the end.
    fn next(&mut self) -> Result<Vec<u8>, Fault>;
}

/// The same of which any part can be read.
pub(super) trait Whole: Pieces {
    /// Bytes in all.
    fn size(&self) -> Result<u64, Fault>;
    /// The next piece begins there.
    fn go_to(&mut self, at: u64) -> Result<(), Fault>;
}

/// It is at its end.
pub(super) struct Nothing;

impl Pieces for Nothing {
    fn next(&mut self) -> Result<Vec<u8>, Fault> {
        Ok(Vec::new())
    }
}

impl Whole for Original {
    fn size(&self) -> Result<u64, Fault> {
        Original::size(self)
    }

    fn go_to(&mut self, at: u64) -> Result<(), Fault> {
        Original::go_to(self, at)
    }
}

impl Whole for OwnReader {
    fn size(&self) -> Result<u64, Fault> {
        Ok(self.size)
    }

    fn go_to(&mut self, at: u64) -> Result<(), Fault> {
        let gone = self.seek(SeekFrom::Start(at));
        gone.map(drop).map_err(|error| Fault::of_reading(&error))
    }
}

impl Pieces for Original {
    fn next(&mut self) -> Result<Vec<u8>, Fault> {
        let part = self.next_part()?;
        Ok(part.map(<[u8]>::to_vec).unwrap_or_default())
    }
}

impl Pieces for OwnReader {
    fn next(&mut self) -> Result<Vec<u8>, Fault> {
        let mut piece = Vec::new();
        let read = self.take(PIECE).read_to_end(&mut piece);
        read.map_err(|error| Fault::of_reading(&error))?;
        Ok(piece)
    }
}

impl<P: Pieces + ?Sized> Pieces for Box<P> {
    fn next(&mut self) -> Result<Vec<u8>, Fault> {
        (**self).next()
    }
}

/// All of it, after what was read of it already. Where it cannot be read to its end, the answer breaks off, so that nobody
/// takes it for the whole.
pub(super) fn read_through<P: Pieces>(
    house: House,
    first: Vec<u8>,
    rest: P,
) -> impl Stream<Item = Result<Bytes, Fault>> + Send {
    let begun = (house, Some(first).filter(|first| !first.is_empty()), rest);
    stream::try_unfold(begun, |(house, ready, mut rest)| async move {
        if let Some(piece) = ready {
            return Ok(Some((Bytes::from(piece), (house, None, rest))));
        }
        let read = house.piece(move || Ok((rest.next()?, rest))).await;
        let (piece, rest) = read.inspect_err(|fault| {
            tracing::error!(code = fault.code, trouble = %fault, "a file broke off");
        })?;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), (house, None, rest))))
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use futures::StreamExt;

    use super::*;
    use crate::sharing::clock::Reading;

    /// So many pieces, then its end or a fault.
    struct Few(u8, bool);

    impl Pieces for Few {
        fn next(&mut self) -> Result<Vec<u8>, Fault> {
            match (self.0, self.1) {
                (0, true) => Ok(Vec::new()),
                (0, false) => Err(Fault::new("disk", "it is gone")),
                (left, _) => {
                    self.0 -= 1;
                    Ok(vec![left])
                }
            }
        }
    }

    /// Of a household that is not opened for it.
    fn house() -> House {
        let nowhere = Path::new("/nowhere");
        House::new(nowhere, nowhere, Box::new(Reading::take))
    }

    fn read(first: &[u8], rest: Few) -> Vec<Result<Vec<u8>, &'static str>> {
        let runtime = crate::web::answer::runtime();
        let all = read_through(house(), first.to_vec(), rest).map(|piece| {
            piece
                .map(|bytes| bytes.to_vec())
                .map_err(|fault| fault.code)
        });
        runtime.expect("a runtime").block_on(all.collect())
    }

    #[test]
    fn all_pieces_come_in_order() {
        let pieces = read(&[9], Few(2, true));
        assert_eq!(pieces, [Ok(vec![9]), Ok(vec![2]), Ok(vec![1])]);
        assert_eq!(read(&[], Few(1, true)), [Ok(vec![1])]);
    }

    #[test]
    fn what_breaks_off_ends_with_a_fault() {
        assert_eq!(read(&[], Few(1, false)), [Ok(vec![1]), Err("disk")]);
    }

    #[test]
    fn who_waits_for_the_next_piece_holds_no_thread() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .max_blocking_threads(1)
            .build();
        runtime.expect("a runtime").block_on(async {
            let mut slow = Box::pin(read_through(house(), vec![9], Few(2, true)));
            assert!(slow.next().await.is_some());
            assert!(slow.next().await.is_some());
            // It is not done, and the one thread there is reads for others.
            let other: Vec<_> = read_through(house(), Vec::new(), Few(2, true))
                .collect()
                .await;
            assert_eq!(other.len(), 2);
            assert!(slow.next().await.is_some());
        });
    }
}
