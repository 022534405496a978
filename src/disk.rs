//! A disk that is full: how it is known by its errors, and writes that fail so in debug builds, where the environment
//! variable `HEARTHPOST_DISK_FULL_AT` asks for it. In release builds nothing fails that would not.
//!
//! `HEARTHPOST_DISK_FULL_AT=N` lets the N-th write of the process fail, `N-` that one and all that follow. With `quota:`
//! before the number they fail as where the user's part of the disk is used up.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Whether an error says that no more fits: the disk is full, or the user's part of it.
pub fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    )
}

/// How many bytes whoever runs this may still write where `path` lies.
pub fn free(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// To be called before every write that must last: fails, if it is asked to, as on a full disk.
#[inline]
pub fn room() -> io::Result<()> {
    #[cfg(debug_assertions)]
    asked()?;
    Ok(())
}

/// Asks for [`room`] before each write.
pub struct Roomy<W>(pub W);

impl<W: Write> Write for Roomy<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        room()?;
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(debug_assertions)]
fn asked() -> io::Result<()> {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use rustix::io::Errno;
    static ASKED: OnceLock<Option<(u32, bool, Errno)>> = OnceLock::new();
    static WRITES: AtomicU32 = AtomicU32::new(0);
    let asked = ASKED.get_or_init(|| {
        let text = std::env::var("HEARTHPOST_DISK_FULL_AT").ok()?;
        let (text, error) = match text.strip_prefix("quota:") {
            Some(text) => (text, Errno::DQUOT),
            None => (text.as_str(), Errno::NOSPC),
        };
        let (count, stays) = match text.strip_suffix('-') {
            Some(count) => (count, true),
            None => (text, false),
        };
        Some((count.parse().ok()?, stays, error))
    });
    let Some((at, stays, error)) = asked else {
        return Ok(());
    };
    let write = WRITES.fetch_add(1, Ordering::Relaxed) + 1;
    if write == *at || (*stays && write > *at) {
        return Err((*error).into());
    }
    Ok(())
}
