//! Other programs of this machine that make what we do not: `ffmpeg` cuts films and takes a picture out of them,
//! `heif-convert` turns the pictures of telephones into JPEG. Both may be missing; nothing else needs them.
//!
//! Bytes go in and out through files in memory, never through the disk. A program runs with little priority, without
//! our environment, for a bounded time, with bounded memory and output, and reads nothing but what it is given. What it
//! writes is bytes from outside, and is looked at as such.
//!
//! Not here: which file is given to which program, and what is done where it is missing. `sharing` decides that.

mod memory;
mod packets;
mod program;
mod run;

use std::os::fd::AsRawFd;

pub use memory::Input;
use memory::{Folder, Memory};
pub use program::{ConvertError, MAX_INPUT, MAX_OUTPUT, MAX_SECONDS, Program};
use run::run;

/// The long edge of a poster, in pixels.
const POSTER_EDGE: u32 = 2048;
/// Where a program writes.
const OUT: &str = "file:/dev/stdout";
/// A film often begins black; the poster is of this second, where it is so long.
const POSTER_SECOND: &str = "1";

/// What a film or sound is packed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// MP4.
    Mp4,
    /// QuickTime.
    Mov,
    /// MP4 with sound alone.
    M4a,
    /// Matroska.
    Matroska,
    /// Audio Video Interleave.
    Avi,
    /// A transport stream.
    MpegTs,
    /// Ogg.
    Ogg,
}

impl Container {
    /// The reader is named, so that content cannot choose another one that follows links to other files.
    fn reader(self) -> &'static str {
        match self {
            Container::Mp4 | Container::Mov | Container::M4a => "mov",
            Container::Matroska => "matroska",
            Container::Avi => "avi",
            Container::MpegTs => "mpegts",
            Container::Ogg => "ogg",
        }
    }

    fn writer(self) -> &'static str {
        match self {
            Container::Mp4 => "mp4",
            Container::Mov => "mov",
            Container::M4a => "ipod",
            Container::Matroska => "matroska",
            Container::Avi => "avi",
            Container::MpegTs => "mpegts",
            Container::Ogg => "ogg",
        }
    }
}

/// The first seconds of a film or sound, packed as it was: nothing is encoded again, and titles, places and all other
/// tracks go. Never longer than that, save that its first picture is there however long it stands.
pub fn cut(input: &Input, container: Container, seconds: u32) -> Result<Vec<u8>, ConvertError> {
    let (asked, most) = (seconds.to_string(), MAX_OUTPUT.to_string());
    let taken = |length: &str, written: &[&'static str]| {
        let mut arguments = reading(container, None);
        arguments.extend(["-map", "0:v:0?", "-map", "0:a:0?", "-dn", "-sn"]);
        arguments.extend(["-t", length, "-fs", &most]);
        arguments.extend(written);
        run(Program::Ffmpeg, &arguments, input)
    };
    // What is packed lies in the order of decoding, and so is its length counted there: a picture that is shown behind the
    // end may lie before it.
    let listed = taken(&asked, &["-c", "copy", "-f", "framecrc", "-y", OUT])?;
    let length = packets::length(&String::from_utf8_lossy(&listed), seconds);
    taken(&length.unwrap_or(asked), &copied(container))
}

/// All of a film or sound, packed as it was, without titles, places and what is neither picture nor sound. A film with
/// a fault in it is refused, never cut short.
pub fn strip(input: &Input, container: Container) -> Result<Vec<u8>, ConvertError> {
    let mut arguments = reading(container, None);
    arguments.extend(["-map", "0:V?", "-map", "0:a?", "-dn", "-sn", "-xerror"]);
    arguments.extend(copied(container));
    run(Program::Ffmpeg, &arguments, input)
}

/// All of a film in a transport stream, packed as MP4, which browsers play.
pub fn as_mp4(input: &Input) -> Result<Vec<u8>, ConvertError> {
    let mut arguments = reading(Container::MpegTs, None);
    arguments.extend(["-map", "0:v:0", "-map", "0:a:0?", "-dn", "-sn"]);
    arguments.extend(copied(Container::Mp4));
    run(Program::Ffmpeg, &arguments, input)
}

/// Nothing is encoded again, and nothing said.
fn copied(container: Container) -> Vec<&'static str> {
    let mut arguments = vec![
        "-c",
        "copy",
        "-map_metadata",
        "-1",
        "-map_metadata:s:v",
        "-1",
    ];
    arguments.extend(["-map_metadata:s:a", "-1", "-map_chapters", "-1"]);
    arguments.extend(["-fflags", "+bitexact", "-flags:v", "+bitexact"]);
    arguments.extend(["-flags:a", "+bitexact"]);
    if Container::Mov.reader() == container.reader() {
        arguments.extend(["-movflags", "+faststart"]);
    }
    arguments.extend(["-f", container.writer(), "-y", OUT]);
    arguments
}

/// A picture of a film, as JPEG, its long edge at most 2048 pixels. It may carry comments.
pub fn poster(input: &Input, container: Container) -> Result<Vec<u8>, ConvertError> {
    let scale = format!(
        "scale='min({POSTER_EDGE},iw)':'min({POSTER_EDGE},ih)':force_original_aspect_ratio=decrease"
    );
    let taken = |second| {
        let mut arguments = reading(container, second);
        arguments.extend(["-map", "0:v:0", "-frames:v", "1", "-vf", &scale]);
        arguments.extend(["-map_metadata", "-1", "-c:v", "mjpeg", "-q:v", "2"]);
        arguments.extend(["-f", "image2pipe", "-y", OUT]);
        run(Program::Ffmpeg, &arguments, input)
    };
    match taken(Some(POSTER_SECOND)) {
        // Shorter than that: its first picture.
        Ok(empty) if empty.is_empty() => taken(None),
        Err(ConvertError::Failed(_)) => taken(None),
        taken => taken,
    }
}

/// A HEIC picture as JPEG, turned as it is seen. It carries what the picture carried, its place too.
pub fn heif_to_jpeg(input: &Input) -> Result<Vec<u8>, ConvertError> {
    // It looks at the end of the name for what it is to write, and may write further pictures beside the first.
    let out = Memory::inherited("out")?;
    let folder = Folder::in_memory()?;
    let target = format!("/proc/self/fd/{}", out.0.as_raw_fd());
    for name in ["out.jpg", "out-1.jpg"] {
        std::os::unix::fs::symlink(&target, folder.path().join(name))?;
    }
    let path = folder.path().join("out.jpg");
    let path = path.to_str().expect("the folder has a name of our own");
    run(
        Program::HeifConvert,
        &["-q", "92", "/dev/stdin", path],
        input,
    )?;
    out.content(MAX_OUTPUT)
}

fn reading(container: Container, second: Option<&'static str>) -> Vec<&'static str> {
    let mut arguments = vec!["-nostdin", "-hide_banner", "-loglevel", "error"];
    arguments.extend(["-protocol_whitelist", "file,pipe"]);
    arguments.extend(["-f", container.reader()]);
    arguments.extend(second.iter().flat_map(|second| ["-ss", second]));
    arguments.extend(["-i", "file:/dev/stdin"]);
    arguments
}
