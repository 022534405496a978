//! One run of another program, within its bounds.

use std::io::{self, Seek};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit, setpriority_process};

use super::memory::{Input, Memory};
use super::program::{ConvertError, MAX_OUTPUT, MAX_SECONDS, Program};

/// Of addresses, which are more than what is really used.
const MAX_MEMORY: u64 = 4 << 30;
/// From -20, first, to 19, last.
const NICENESS: i32 = 10;
/// With what `ffmpeg` ends that was told to by a signal; of what it cannot read it says another number.
const TOLD_TO_END: i32 = 255;

/// What the program writes to its standard output.
pub(super) fn run(
    program: Program,
    arguments: &[&str],
    input: &Input,
) -> Result<Vec<u8>, ConvertError> {
    let place = program.find().ok_or(ConvertError::Missing(program))?;
    let mut read = input.0.try_clone()?;
    read.rewind()?;
    let out = Memory::new("out")?;
    let child = Command::new(place)
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LC_ALL", "C")
        .current_dir("/")
        .stdin(read)
        .stdout(Stdio::from(out.0.try_clone()?))
        // Its words are of its own insides, and nobody's here.
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ConvertError::Missing(program),
            _ => ConvertError::Io(error),
        })?;
    let mut running = Running(child);
    running.bound();
    let Some(status) = running.wait()? else {
        return Err(ConvertError::TooSlow(program));
    };
    if !status.success() {
        let words = status.to_string();
        return Err(match status.code() {
            None => ConvertError::Ended { program, words },
            Some(TOLD_TO_END) if program == Program::Ffmpeg => {
                ConvertError::Ended { program, words }
            }
            Some(_) => ConvertError::Failed(program),
        });
    }
    out.content(MAX_OUTPUT)
}

/// A program that ends with us.
struct Running(Child);

impl Running {
    /// Sets its bounds. That it has run for a moment without them does no harm; that it is gone already neither.
    fn bound(&self) {
        let Some(pid) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) else {
            return;
        };
        let _ = setpriority_process(Some(pid), NICENESS);
        for (resource, most) in [
            (Resource::As, MAX_MEMORY),
            (Resource::Fsize, MAX_OUTPUT + 1),
            (Resource::Cpu, 2 * MAX_SECONDS),
            (Resource::Core, 0),
        ] {
            let limit = Rlimit {
                current: Some(most),
                maximum: Some(most),
            };
            let _ = prlimit(Some(pid), resource, limit);
        }
    }

    /// `None`: it takes too long.
    fn wait(&mut self) -> io::Result<Option<ExitStatus>> {
        let end = Instant::now() + Duration::from_secs(MAX_SECONDS);
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = self.0.try_wait()? {
                return Ok(Some(status));
            }
            if Instant::now() >= end {
                return Ok(None);
            }
            sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Of one that has ended both do nothing.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
