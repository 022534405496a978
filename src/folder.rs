//! Tells that the configurations in a folder may have changed, by inotify(7): who waits is not woken before. What changed is
//! for whoever is told to find out; where the system gives no such eyes, as on some network disks, a look now and then does.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use tokio::io::unix::AsyncFd;

use crate::config::is_configuration;

/// Whole files come, go and are written: not that one is being written.
const EVENTS: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::CLOSE_WRITE)
    .union(WatchFlags::MOVE)
    .union(WatchFlags::DELETE)
    .union(WatchFlags::ONLYDIR);

/// Eyes on a folder and on those in it.
#[derive(Debug)]
pub struct Lookout(AsyncFd<OwnedFd>);

impl Lookout {
    /// Looks at nothing yet. Inside of a tokio runtime.
    #[expect(
        deprecated,
        reason = "an OwnedFd stays the same file, which is what its successor has one vouch for"
    )]
    pub fn new() -> io::Result<Self> {
        let eyes = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
        AsyncFd::new(eyes).map(Lookout)
    }

    /// Looks at this folder and at those that are in it now; what is looked at already stays so.
    pub fn look_at(&self, folder: &Path) -> io::Result<()> {
        inotify::add_watch(self.0.get_ref(), folder, EVENTS)?;
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                match inotify::add_watch(self.0.get_ref(), &path, EVENTS) {
                    // It went meanwhile, or is not for our eyes.
                    Ok(_) | Err(rustix::io::Errno::NOENT | rustix::io::Errno::ACCESS) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    /// Waits until something may be other than before; many changes are one. May be dropped while it waits.
    pub async fn changed(&self) -> io::Result<()> {
        loop {
            let mut ready = self.0.readable().await?;
            let seen = seen(self.0.get_ref())?;
            ready.clear_ready();
            if seen {
                return Ok(());
            }
        }
    }
}

/// Takes all that was seen; says whether a configuration or a folder is among it.
fn seen(eyes: &OwnedFd) -> io::Result<bool> {
    let mut room = [MaybeUninit::uninit(); 4096];
    let mut reader = Reader::new(eyes, &mut room);
    let mut seen = false;
    loop {
        match reader.next() {
            Ok(event) => {
                let name = event.file_name().and_then(|name| name.to_str().ok());
                seen |= name.is_some_and(is_configuration)
                    || event
                        .events()
                        .intersects(ReadFlags::ISDIR | ReadFlags::QUEUE_OVERFLOW);
            }
            Err(rustix::io::Errno::WOULDBLOCK) => return Ok(seen),
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    /// Whether something is seen of what was done before.
    async fn sees(lookout: &Lookout) -> bool {
        // What is there already is seen at once.
        let seen = timeout(Duration::ZERO, lookout.changed()).await;
        seen.is_ok_and(|seen| seen.is_ok())
    }

    #[test]
    fn configurations_that_come_change_and_go_are_seen_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let lookout = Lookout::new().expect("eyes");
            lookout.look_at(folder.path()).expect("a folder");
            fs::write(at("password"), "x").expect("a file");
            fs::write(at(".a.toml.swp"), "x").expect("a file");
            assert!(!sees(&lookout).await);
            fs::write(at("a.toml"), "x").expect("a file");
            assert!(sees(&lookout).await && !sees(&lookout).await);
            fs::rename(at("a.toml"), at("a.off")).expect("moved");
            assert!(sees(&lookout).await);
            fs::create_dir(at("b")).expect("a folder");
            assert!(sees(&lookout).await);
            for _ in 0..2 {
                lookout.look_at(folder.path()).expect("a folder");
            }
            fs::write(at("b/hearthpost.toml"), "x").expect("a file");
            assert!(sees(&lookout).await && !sees(&lookout).await);
            fs::remove_file(at("b/hearthpost.toml")).expect("removed");
            assert!(sees(&lookout).await);
        });
    }
}
