//! Cameras that do not mount (PTP): listed and read through `gphoto2`, whose output comes through a pipe.
//!
//! It is started for each list and each file, without our environment, and is stopped where it is silent for too long.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::list::is_left_out;
use super::{CardError, Found, Kind, MAX_FILES, Place, Source};

/// What it is called.
const PROGRAM: &str = "gphoto2";
/// A camera that says nothing for so long has stopped.
const SILENCE: Duration = Duration::from_secs(60);
/// Looking for cameras is quick.
const LOOK: Duration = Duration::from_secs(10);
/// The longest list that is read, in bytes.
const MAX_LIST: u64 = 64 << 20;
/// How much is read at once, in bytes.
const PIECE: usize = 256 << 10;

/// Where `gphoto2` is installed, if it is.
pub fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // What lies in the folder where somebody happens to be is not installed.
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    let mut places = folders.map(|folder| folder.join(PROGRAM));
    places.find(|place| place.is_file())
}

/// The cameras that are plugged in; none where `gphoto2` is missing or finds none.
pub fn cameras() -> Vec<Place> {
    let cameras = detected().into_iter();
    cameras
        .map(|(model, port)| Place {
            id: format!("camera {model}"),
            label: model.clone(),
            kind: Kind::Camera { model, port },
        })
        .collect()
}

pub(super) fn is_there(port: &str) -> bool {
    detected().iter().any(|(_, other)| other == port)
}

/// Models and ports. Below a line of dashes there is one a line, the port last.
fn detected() -> Vec<(String, String)> {
    let Ok(text) = said(&["--auto-detect"], LOOK) else {
        return Vec::new();
    };
    let lines = text.lines().skip_while(|line| !line.starts_with("---"));
    let lines = lines.skip(1).map(str::trim);
    // A mass storage is mounted, and not asked for here.
    let cameras = lines.filter_map(|line| line.rsplit_once(char::is_whitespace));
    let cameras = cameras.filter(|(_, port)| port.starts_with("usb:"));
    cameras
        .map(|(model, port)| (model.trim().to_owned(), port.to_owned()))
        .collect()
}

pub(super) fn files(model: &str, port: &str) -> Result<Vec<Found>, CardError> {
    let arguments = [
        "--camera",
        model,
        "--port",
        port,
        "--parsable",
        "--list-files",
    ];
    let text = said(&arguments, SILENCE).map_err(CardError::Camera)?;
    let mut files: Vec<Found> = text.lines().filter_map(found).collect();
    if files.len() > MAX_FILES {
        return Err(CardError::TooMany);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// `FILENAME='/store/DCIM/100/A.JPG' PERMS=rd FILESIZE= 2445 FILETYPE=image/jpeg FILEMTIME=1795981187`
fn found(line: &str) -> Option<Found> {
    let (path, rest) = line.strip_prefix("FILENAME='")?.rsplit_once("' ")?;
    let number = |name: &str| {
        let (_, after) = rest.split_once(name)?;
        after.split_whitespace().next()
    };
    let path = PathBuf::from(path);
    let name = path.file_name()?;
    // A name without a dot would be taken for a number of the list.
    let named = name.as_encoded_bytes().contains(&b'.') && path.parent().is_some();
    (named && !is_left_out(Path::new(name))).then_some(())?;
    Some(Found {
        size: number("FILESIZE=")?.parse().ok()?,
        changed: number("FILEMTIME=")
            .and_then(|text| text.parse().ok())
            .unwrap_or(0),
        path,
    })
}

pub(super) fn open(model: &str, port: &str, file: &Found) -> Result<Source, CardError> {
    let name = |part: Option<&std::ffi::OsStr>| {
        let part = part.unwrap_or_default();
        part.to_string_lossy().into_owned()
    };
    let folder = name(file.path.parent().map(Path::as_os_str));
    let name = name(file.path.file_name());
    let mut arguments = vec!["--quiet", "--camera", model, "--port", port];
    arguments.extend(["--folder", &folder, "--get-file", &name, "--stdout"]);
    let piped = Piped::start(&arguments, SILENCE).map_err(CardError::Camera)?;
    Ok(Source::new(Box::new(piped), file.size))
}

/// What it writes, if it ends well.
fn said(arguments: &[&str], silence: Duration) -> io::Result<String> {
    let mut text = Vec::new();
    let mut piped = Piped::start(arguments, silence)?.take(MAX_LIST);
    piped.read_to_end(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Its output while it runs. It ends with us.
struct Piped {
    child: Child,
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
    silence: Duration,
}

impl Piped {
    fn start(arguments: &[&str], silence: Duration) -> io::Result<Piped> {
        let place = find().ok_or_else(|| io::Error::other("it is not installed"))?;
        let mut child = Command::new(place)
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LC_ALL", "C")
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = child.stdout.take();
        let output = output.expect("its output was asked for");
        let (give, pieces) = sync_channel(2);
        std::thread::spawn(move || {
            let mut output: ChildStdout = output;
            loop {
                let mut piece = vec![0; PIECE];
                let read = output.read(&mut piece).map(|read| {
                    piece.truncate(read);
                    piece
                });
                let over = !matches!(&read, Ok(piece) if !piece.is_empty());
                // Nobody listens any more, or nothing comes any more.
                if give.send(read).is_err() || over {
                    return;
                }
            }
        });
        Ok(Piped {
            child,
            pieces,
            piece: io::Cursor::default(),
            silence,
        })
    }

    /// It closed its output: it must also say that all went well.
    fn end(&mut self) -> io::Result<usize> {
        let status = self.child.wait()?;
        match status.success() {
            true => Ok(0),
            false => Err(io::Error::other(format!("it gave up ({status})"))),
        }
    }
}

impl Read for Piped {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.piece.read(out)?;
        if read > 0 || out.is_empty() {
            return Ok(read);
        }
        match self.pieces.recv_timeout(self.silence) {
            Ok(piece) => {
                let piece = piece?;
                if piece.is_empty() {
                    return self.end();
                }
                self.piece = io::Cursor::new(piece);
                self.piece.read(out)
            }
            Err(RecvTimeoutError::Disconnected) => self.end(),
            Err(RecvTimeoutError::Timeout) => {
                let words = "the camera has been silent for too long";
                Err(io::Error::new(io::ErrorKind::TimedOut, words))
            }
        }
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        // Of one that has ended both do nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_list_is_read_whatever_the_name() {
        let line = "FILENAME='/store_1/DCIM/100/It's 2.JPG' PERMS=rd FILESIZE= 2445 FILETYPE=image/jpeg FILEMTIME=1795981187";
        let file = found(line).expect("a file");
        assert_eq!(file.path, Path::new("/store_1/DCIM/100/It's 2.JPG"));
        assert_eq!((file.size, file.changed), (2445, 1_795_981_187));
        for none in [
            "",
            "There is no file in folder '/'.",
            "FILENAME='/DCIM/A.JPG' PERMS=rd",
            "FILENAME='/DCIM/12' FILESIZE=3",
            "FILENAME='/DCIM/MVI_1.THM' FILESIZE=3",
        ] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
