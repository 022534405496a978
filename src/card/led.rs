//! A light of this machine, as Linux has it below `/sys/class/leds` (leds-class): it blinks, and then is as it was.
//!
//! That a light cannot be written to never stops anybody: it is left alone from then on.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// It changes no more often than that.
const PAUSE: Duration = Duration::from_millis(250);

/// A light in our hands; as before when it is dropped.
#[derive(Debug)]
pub struct Led {
    folder: PathBuf,
    brightness: String,
    /// What lit it before, such as `mmc0`; `none` for nothing.
    trigger: Option<String>,
    brightest: String,
    on: bool,
    changed: Instant,
}

impl Led {
    /// Lights it; `None` where that is not allowed or there is none.
    pub fn light(folder: &Path) -> Option<Led> {
        let brightness = read(folder, "brightness")?;
        let mut led = Led {
            folder: folder.to_owned(),
            brightness,
            trigger: read(folder, "trigger").and_then(|all| chosen(&all)),
            brightest: read(folder, "max_brightness").unwrap_or_else(|| "1".to_owned()),
            on: true,
            changed: Instant::now(),
        };
        if led.trigger.is_some() {
            led.write("trigger", "none");
        }
        match led.write("brightness", &led.brightest) {
            true => Some(led),
            false => {
                led.on = false;
                None
            }
        }
    }

    /// Something happened: it changes, if it has not just now.
    pub fn blink(&mut self) {
        if self.changed.elapsed() < PAUSE {
            return;
        }
        self.changed = Instant::now();
        self.on = !self.on;
        let value = if self.on {
            self.brightest.as_str()
        } else {
            "0"
        };
        self.write("brightness", value);
    }

    fn write(&self, name: &str, value: &str) -> bool {
        let mut options = OpenOptions::new();
        let file = options
            .write(true)
            .truncate(true)
            .open(self.folder.join(name));
        file.and_then(|mut file| file.write_all(value.as_bytes()))
            .is_ok()
    }
}

impl Drop for Led {
    fn drop(&mut self) {
        self.write("brightness", &self.brightness);
        // After the brightness: a brightness of 0 takes the trigger away.
        if let Some(trigger) = &self.trigger {
            self.write("trigger", trigger);
        }
    }
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
