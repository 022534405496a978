//! Configuration files as text: the example with all keys, and the short one that `init` writes.

use super::Role;
use super::keys::{Fallback, KEYS, Key};
use crate::address::Mailbox;

/// What `init` was given; everything else stays at its default.
///
/// Paths are texts, for TOML holds nothing else. Relative ones are read relative to the file, not to where `init` ran.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// The mail account of the home server.
    pub mailbox: &'a Mailbox,
    /// What other households see.
    pub name: &'a str,
    /// What this server is.
    pub role: Role,
    /// The data folder, if not `data` beside the file.
    pub data: Option<&'a str>,
    /// Where mail is fetched.
    pub imap_url: &'a str,
    /// Where mail is handed in.
    pub smtp_url: &'a str,
    /// The login name at both.
    pub username: &'a str,
    /// The file whose first line is the password at both.
    pub password_file: &'a str,
    /// One more certificate authority to trust at both.
    pub ca_file: Option<&'a str>,
}

/// The example file: every key with one line on it, its unit and its default; `config/hearthpost.example.toml` is this.
pub fn example() -> String {
    let mut text = String::from(
        "# The settings of one Hearthpost home server, all of them. A line that begins with \"#\" shows the default,\n\
         # or, where there is none, a sample. An unknown key is refused.\n\
         # Durations are written \"60s\", \"10m\", \"6h\", \"30d\"; sizes 18000000, \"18MB\" or \"16MiB\".\n",
    );
    let mut section = "";
    for key in KEYS {
        let (of, name) = key.split();
        if of != section {
            section = of;
            text += &format!("\n[{section}]\n");
        } else if of.is_empty() {
            text.push('\n');
        }
        let (mark, default, value) = match key.default {
            Fallback::Required(sample) => ("", "required".to_owned(), quoted(sample)),
            Fallback::Absent(meaning, sample) => {
                ("# ", format!("default: {meaning}"), quoted(sample))
            }
            Fallback::AbsentList(meaning, sample) => {
                ("# ", format!("default: {meaning}"), list(sample))
            }
            Fallback::Text(text) => ("# ", format!("default {}", quoted(text)), quoted(text)),
            Fallback::Number(number) => ("# ", format!("default {number}"), number.to_string()),
            Fallback::Flag(flag) => ("# ", format!("default {flag}"), flag.to_string()),
        };
        text += &format!(
            "# {} ({}; {default})\n{mark}{name} = {value}\n",
            key.doc, key.unit
        );
    }
    text
}

/// The file that `init` writes: the given settings, each with its line of comment, and nothing else.
pub fn write_new(settings: &Settings<'_>) -> String {
    let mailbox = settings.mailbox.to_string();
    let given = [
        ("mailbox", Some(mailbox.as_str())),
        ("name", Some(settings.name)),
        ("role", (settings.role == Role::Relay).then_some("relay")),
        ("data", settings.data),
        ("imap.url", Some(settings.imap_url)),
        ("imap.username", Some(settings.username)),
        ("imap.password_file", Some(settings.password_file)),
        ("imap.ca_file", settings.ca_file),
        ("smtp.url", Some(settings.smtp_url)),
    ];
    let mut text = String::from(
        "# The settings of this home server. config/hearthpost.example.toml lists all there are, with their defaults.\n\
         # Login name, password and authority of [imap] hold for [smtp] too.\n",
    );
    let mut section = "";
    for (name, value) in given {
        let Some(value) = value else { continue };
        let key = Key::named(name).expect("the names above stand in the table");
        let (of, last) = key.split();
        if of != section {
            section = of;
            text += &format!("\n[{section}]\n");
        }
        text += &format!("# {}\n{last} = {}\n", key.doc, quoted(value));
    }
    text
}

/// A TOML array of texts.
fn list(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("[{}]", words.join(", "))
}

/// A TOML basic string (TOML 1.0, "String").
fn quoted(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text += &format!("\\u{:04X}", u32::from(c)),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}
