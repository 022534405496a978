//! Other programs, which make sounds, films and pictures for tests, or judge ours.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::io::Write;
use std::process::{Command, Stdio};

/// Whether a program is here. Where all must be, which is where the real servers are, its absence is a failure.
pub fn is_here(program: &str) -> bool {
    let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(program).is_file());
    if !found {
        assert!(
            std::env::var_os("HEARTHPOST_PAIR").is_none(),
            "{program} is not installed, and here everything must be tested"
        );
        eprintln!("{program} is not installed: not tested");
    }
    found
}

/// Runs a program on bytes; what it writes.
pub fn piped(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it is installed");
    let mut stdin = child.stdin.take().expect("it is piped");
    let done = std::thread::scope(|scope| {
        scope.spawn(move || {
            // It may have seen enough before the end.
            let _ = stdin.write_all(input);
        });
        child.wait_with_output().expect("it ends")
    });
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {arguments:?}: {said}");
    assert!(said.is_empty(), "{program} {arguments:?}: {said}");
    done.stdout
}

/// How long a sound plays, by decoding all of it, in seconds.
pub fn played(sound: &[u8]) -> f64 {
    // A film may have its index at its end, which is not read from a pipe.
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), sound).expect("it is written");
    let path = file.path().to_str().expect("a path in UTF-8");
    let arguments = [
        "-nostdin", "-v", "error", "-i", path, "-f", "s16le", "-ac", "1", "-ar", "8000", "pipe:1",
    ];
    piped("ffmpeg", &arguments, b"").len() as f64 / 16_000.0
}

/// How long a file says that it is, in seconds; 0 where it does not say.
pub fn claimed(file: &[u8]) -> f64 {
    let path = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(path.path(), file).expect("it is written");
    let done = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-show_entries",
            "format=duration",
            "-of",
            "csv=p=0",
        ])
        .arg(path.path())
        .output()
        .expect("it is installed");
    let words = String::from_utf8_lossy(&done.stdout);
    words.trim().parse().unwrap_or(0.0)
}

/// A film of so many seconds with sound, as a telephone makes them: with its place, a title and words.
pub fn film(extension: &str, seconds: u32) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("film.{extension}"));
    let (picture, sound) = (
        format!("testsrc=size=320x180:rate=10:duration={seconds}"),
        format!("sine=frequency=440:duration={seconds}"),
    );
    let done = Command::new("ffmpeg")
        .args([
            "-v", "error", "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound,
        ])
        .args(["-c:v", "mpeg4", "-g", "10", "-c:a", "aac", "-b:a", "32k"])
        .args([
            "-metadata",
            "location=+48.1-011.5/",
            "-metadata",
            "title=behind the old mill",
        ])
        .args([
            "-metadata:s:v",
            "title=behind the old mill",
            "-metadata:s:a",
            "handler_name=old mill",
        ])
        .arg(&path)
        .output()
        .expect("it is installed");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    std::fs::read(path).expect("it was written")
}

/// A film of two seconds of that name, as browsers play them.
pub fn browser_film(name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let path = path.to_str().expect("a path in UTF-8");
    let (picture, sound) = match name.ends_with(".webm") {
        true => ("libvpx", "libopus"),
        false => ("libx264", "aac"),
    };
    let lavfi = ["testsrc=size=640x360:rate=10", "sine=frequency=440"];
    let mut arguments = vec!["-v", "error"];
    for source in lavfi {
        arguments.extend(["-f", "lavfi", "-t", "2", "-i", source]);
    }
    arguments.extend(["-pix_fmt", "yuv420p", "-c:v", picture, "-c:a", sound, path]);
    piped("ffmpeg", &arguments, b"");
    std::fs::read(path).expect("it was written")
}
