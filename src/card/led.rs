//! A light of this machine, as Linux has it below `/sys/class/leds` (leds-class): it blinks, and then is out and left to
//! what lit it before.
//!
//! That a light cannot be written to never stops anybody: it is left alone from then on.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// It changes no more often than that.
const PAUSE: Duration = Duration::from_millis(250);

/// A light in our hands; out when it is dropped.
#[derive(Debug)]
pub struct Led {
    folder: PathBuf,
    /// What lit it before, such as `mmc0`; `none` for nothing.
    trigger: Option<String>,
    brightest: String,
    /// Whether it shines, once it was lit.
    on: Option<bool>,
    changed: Instant,
}

impl Led {
    /// Takes it in hand; `None` where there is none.
    pub fn find(folder: &Path) -> Option<Led> {
        read(folder, "brightness")?;
        Some(Led {
            folder: folder.to_owned(),
            trigger: read(folder, "trigger").and_then(|all| chosen(&all)),
            brightest: read(folder, "max_brightness").unwrap_or_else(|| "1".to_owned()),
            on: None,
            changed: Instant::now(),
        })
    }

    /// What lights it by itself.
    pub fn trigger(&self) -> Option<&str> {
        self.trigger.as_deref()
    }

    /// Lights it. Where that is not allowed it is left alone.
    pub fn light(&mut self) {
        if self.trigger.is_some() {
            write(&self.folder, "trigger", "none");
        }
        self.changed = Instant::now();
        self.on = Some(true);
        if !write(&self.folder, "brightness", &self.brightest) {
            self.give_back();
        }
    }

    /// Something happened: it changes, if it has not just now.
    pub fn blink(&mut self) {
        let Some(on) = self.on.filter(|_| self.changed.elapsed() >= PAUSE) else {
            return;
        };
        self.changed = Instant::now();
        self.on = Some(!on);
        let value = if on { "0" } else { self.brightest.as_str() };
        write(&self.folder, "brightness", value);
    }

    fn give_back(&mut self) {
        if self.on.take().is_some() {
            put_out(&self.folder, self.trigger.as_deref());
        }
    }
}

impl Drop for Led {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Puts a light out, and leaves it to what lit it before.
pub fn put_out(folder: &Path, trigger: Option<&str>) {
    write(folder, "brightness", "0");
    // After the brightness: a brightness of 0 takes the trigger away.
    if let Some(trigger) = trigger {
        write(folder, "trigger", trigger);
    }
}

fn write(folder: &Path, name: &str, value: &str) -> bool {
    let mut options = OpenOptions::new();
    let file = options.write(true).truncate(true).open(folder.join(name));
    file.and_then(|mut file| file.write_all(value.as_bytes()))
        .is_ok()
}

fn read(folder: &Path, name: &str) -> Option<String> {
    let text = fs::read_to_string(folder.join(name)).ok()?;
    Some(text.trim().to_owned())
}

/// The one in brackets of `none timer [mmc0]`.
fn chosen(all: &str) -> Option<String> {
    let mut words = all.split_whitespace();
    let word = words.find_map(|word| word.strip_prefix('[')?.strip_suffix(']'));
    word.map(str::to_owned)
}
