//! The bell at the door of a household that is served: who changes the album rings it, and `serve` looks at once.
//!
//! A datagram socket named `serve.sock` in the data folder. A ring carries nothing and is answered by nothing; where
//! nobody serves, it is heard by nobody. The data folder is its owner's alone, and so the bell is.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram as Ringer;
use std::path::{Path, PathBuf};

use tokio::net::UnixDatagram;

use super::{Album, AlbumError};

const NAME: &str = "serve.sock";

/// Heard by the one that hung it; taken down on drop.
#[derive(Debug)]
pub struct Bell {
    socket: UnixDatagram,
    path: PathBuf,
}

impl Album {
    /// Hangs the bell, inside of a tokio runtime. One that is left of a run that was killed is replaced.
    ///
    /// Fails with [`AlbumError::Busy`] where another run hears it already.
    pub fn hang_bell(&self) -> Result<Bell, AlbumError> {
        let path = self.folder().join(NAME);
        let hang = || {
            let door = Door::of(self.folder())?;
            if door.ring().is_ok() {
                return Ok(None);
            }
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            UnixDatagram::bind(door.path()).map(Some)
        };
        match hang().map_err(AlbumError::file(&path))? {
            Some(socket) => Ok(Bell { socket, path }),
            None => Err(AlbumError::Busy),
        }
    }
}

/// Tells the `serve` of the household whose album lies in `folder`, if there is one, that something changed.
pub fn ring(folder: &Path) {
    // Nobody serves, mostly. Whoever does looks every few minutes anyway.
    let _ = Door::of(folder).and_then(|door| door.ring());
}

impl Bell {
    /// Waits until somebody rings; many rings are one. May be dropped while it waits.
    pub async fn rung(&self) {
        let mut nothing = [0; 1];
        if let Err(error) = self.socket.recv(&mut nothing).await {
            tracing::warn!(%error, "the bell is broken; changes are seen at the next look");
            std::future::pending::<()>().await;
        }
        while self.socket.try_recv(&mut nothing).is_ok() {}
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        // What stays is replaced by the next run.
        let _ = fs::remove_file(&self.path);
    }
}

/// The folder, held open: a socket's path holds 107 bytes (unix(7)), and a data folder may lie deeper than that.
struct Door(File);

impl Door {
    fn of(folder: &Path) -> io::Result<Self> {
        File::open(folder).map(Door)
    }

    fn path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/self/fd/{}/{NAME}", self.0.as_raw_fd()))
    }

    fn ring(&self) -> io::Result<()> {
        let ringer = Ringer::unbound()?;
        ringer.set_nonblocking(true)?;
        match ringer.send_to(&[0], self.path()) {
            // It has rung so often that it need not ring again.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            rung => rung.map(|_| ()),
        }
    }
}
