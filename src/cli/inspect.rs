//! `inspect`: what a file is, and what it says when a key here opens it. Works without a household too.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::context::Context;
use super::words::spoken;
use super::{Done, Fault};
use crate::album::Keys;
use crate::config::Config;
use crate::sharing::inspect::{Inspection, inspect as look_at};
use crate::sharing::listing::clean_line;

/// Longer than any message that is made here.
const MAX_FILE: u64 = 256 * 1024 * 1024;

pub fn inspect(context: &Context, file: &Path) -> Result<Done, Fault> {
    let bytes =
        read(file).map_err(|error| Fault::usage("file", format!("{}: {error}", file.display())))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Fault::new(
            "file",
            format!(
                "{} is longer than any message of Hearthpost",
                file.display()
            ),
        ));
    }
    let keys = match keys(context) {
        Err(fault) if context.is_named() => return Err(fault),
        keys => keys.ok(),
    };
    context
        .output
        .print(&look_at(&bytes, keys.as_ref(), spoken()), |found| {
            let mut text = String::new();
            write(found, "", &mut text);
            text
        })?;
    Ok(Done::Wholly)
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?
            .take(MAX_FILE + 1)
            .read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn keys(context: &Context) -> Result<Keys, Fault> {
    let config = Config::load(&context.config())?;
    Ok(Keys::read(&config.data)?)
}

fn write(found: &Inspection, indent: &str, text: &mut String) {
    *text += &format!("{indent}{}\n", found.is);
    for fact in &found.facts {
        *text += &format!("{indent}  {}: {}\n", fact.name, clean_line(&fact.value));
    }
    for inside in &found.inside {
        write(inside, &format!("{indent}  "), text);
    }
}
