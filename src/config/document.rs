//! A TOML text against the table of keys: every key known, every value of the right kind, every fault with its line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::{DeTable, DeValue};

use super::keys::{self, Fallback, Key};
use super::nearest::nearest;
use super::value;
use super::{ConfigError, Places};

/// The values of one file by the full names of their keys.
pub(super) struct Document {
    file: PathBuf,
    found: BTreeMap<&'static str, Found>,
}

struct Found {
    line: usize,
    value: Value,
}

/// What the keys take; anything else is [`Value::Other`] and fits no key.
enum Value {
    Text(String),
    Number(u64),
    Flag(bool),
    /// An array of texts and nothing else.
    List(Vec<String>),
    Other,
}

impl Document {
    /// Reads `text`; `file` is only for the messages.
    pub(super) fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let root = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
            file: file.to_owned(),
            line: line_at(text, error.span().map_or(0, |span| span.start)),
            // Not the whole error: it quotes the line, and a password may stand there.
            reason: error.message().to_owned(),
        })?;
        let mut document = Document {
            file: file.to_owned(),
            found: BTreeMap::new(),
        };
        for (key, value) in root.get_ref() {
            let name = key.get_ref().as_ref();
            let line = line_at(text, key.span().start);
            let is_section = keys::KEYS.iter().any(|known| known.split().0 == name);
            match value.get_ref() {
                DeValue::Table(section) if is_section => {
                    for (key, value) in section {
                        let name = format!("{name}.{}", key.get_ref());
                        let line = line_at(text, key.span().start);
                        document.take(&name, line, value.get_ref())?;
                    }
                }
                _ if is_section => {
                    return Err(document.wrong(name, line, &format!("a section, [{name}]")));
                }
                value => document.take(name, line, value)?,
            }
        }
        Ok(document)
    }

    fn take(&mut self, name: &str, line: usize, value: &DeValue<'_>) -> Result<(), ConfigError> {
        let Some(key) = Key::named(name) else {
            return Err(ConfigError::UnknownKey {
                file: self.file.clone(),
                line,
                key: name.chars().filter(|c| !c.is_control()).take(80).collect(),
                nearest: nearest(name),
            });
        };
        let value = match value {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Integer(integer) => {
                match u64::from_str_radix(integer.as_str(), integer.radix()) {
                    // TOML's own range is that of i64.
                    Ok(number) if i64::try_from(number).is_ok() => Value::Number(number),
                    _ => Value::Other,
                }
            }
            DeValue::Array(items) => {
                let texts = items.iter().map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(text.clone().into_owned()),
                    _ => None,
                });
                texts
                    .collect::<Option<_>>()
                    .map_or(Value::Other, Value::List)
            }
            _ => Value::Other,
        };
        self.found.insert(key.name, Found { line, value });
        Ok(())
    }

    /// Whether the key stands in the file.
    pub(super) fn has(&self, name: &str) -> bool {
        self.found.contains_key(name)
    }

    /// Where each key stands.
    pub(super) fn places(&self) -> Places {
        let lines = self.found.iter().map(|(name, found)| (*name, found.line));
        Places {
            file: self.file.clone(),
            lines: lines.collect(),
        }
    }

    /// A fault of the value of `name`, at its line (line 1 where the value is a default).
    pub(super) fn refuse(&self, name: &str, expected: &str) -> ConfigError {
        let line = self.found.get(name).map_or(1, |found| found.line);
        self.wrong(name, line, expected)
    }

    fn wrong(&self, name: &str, line: usize, expected: &str) -> ConfigError {
        ConfigError::Wrong {
            file: self.file.clone(),
            line,
            key: name.to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// A key that must be there and is not.
    pub(super) fn missing(&self, name: &'static str, way_out: String) -> ConfigError {
        ConfigError::Missing {
            file: self.file.clone(),
            key: name,
            way_out,
        }
    }

    /// The text of `name` or of its default, turned into what it stands for; `expected` is said where that fails.
    pub(super) fn text<T>(
        &self,
        name: &'static str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfigError> {
        self.value(name, expected, |value| match value {
            Value::Text(text) => read(text),
            _ => None,
        })
    }

    /// The text of a key that may be absent.
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        if self.has(name) {
            self.text(name, expected, read).map(Some)
        } else {
            Ok(None)
        }
    }

    /// A program and its arguments, of a key that may be absent.
    pub(super) fn command(&self, name: &'static str) -> Result<Option<Vec<String>>, ConfigError> {
        if !self.has(name) {
            return Ok(None);
        }
        let expected = "a list of texts, the first of them a program: [\"program\", \"argument\"]";
        self.value(name, expected, |value| match value {
            Value::List(words) => {
                let program = words
                    .first()
                    .is_some_and(|program| !program.trim().is_empty());
                let whole = words.iter().all(|word| !word.contains('\0'));
                (program && whole).then(|| words.clone())
            }
            _ => None,
        })
        .map(Some)
    }

    /// Host names and addresses, of a key that may be absent.
    pub(super) fn hosts(&self, name: &'static str) -> Result<Vec<String>, ConfigError> {
        if !self.has(name) {
            return Ok(Vec::new());
        }
        let expected =
            "a list of names and addresses without port: [\"box.home\", \"192.168.1.20\"]";
        let host = |host: &String| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
            !host.is_empty() && host.len() <= 253 && host.bytes().all(plain)
        };
        self.value(name, expected, |value| match value {
            Value::List(hosts) => hosts
                .iter()
                .all(host)
                .then(|| hosts.iter().map(|host| host.to_ascii_lowercase()).collect()),
            _ => None,
        })
    }

    /// Folders, of a key that may be absent; relative ones lie in `beside`.
    pub(super) fn folders(
        &self,
        name: &'static str,
        beside: &Path,
    ) -> Result<Vec<PathBuf>, ConfigError> {
        if !self.has(name) {
            return Ok(Vec::new());
        }
        let expected = "a list of folders: [\"/srv/scans\", \"/srv/camera\"]";
        self.value(name, expected, |value| match value {
            Value::List(folders) => {
                let whole = |folder: &String| !folder.is_empty() && !folder.contains('\0');
                let all = || folders.iter().map(|folder| beside.join(folder)).collect();
                folders.iter().all(whole).then(all)
            }
            _ => None,
        })
    }

    /// A list of texts that `read` accepts, each once; none where the key is absent.
    pub(super) fn list<T: Ord>(
        &self,
        name: &'static str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, ConfigError> {
        if !self.has(name) {
            return Ok(Vec::new());
        }
        self.value(name, expected, |value| match value {
            Value::List(texts) => {
                let mut all: Vec<T> = texts.iter().map(|text| read(text)).collect::<Option<_>>()?;
                all.sort_unstable();
                all.dedup();
                Some(all)
            }
            _ => None,
        })
    }

    /// A switch.
    pub(super) fn flag(&self, name: &'static str) -> Result<bool, ConfigError> {
        self.value(name, "true or false", |value| match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        })
    }

    /// A count from `least` to `most`.
    pub(super) fn count(
        &self,
        name: &'static str,
        least: u32,
        most: u32,
    ) -> Result<u32, ConfigError> {
        let expected = format!("a whole number from {least} to {most}");
        self.value(name, &expected, |value| match value {
            Value::Number(number) => u32::try_from(*number)
                .ok()
                .filter(|n| (least..=most).contains(n)),
            _ => None,
        })
    }

    /// A size in bytes.
    pub(super) fn size(&self, name: &'static str) -> Result<u64, ConfigError> {
        self.value(name, value::SIZE, |value| match value {
            Value::Number(number) => Some(*number),
            Value::Text(text) => value::size(text),
            _ => None,
        })
    }

    /// A duration, never zero.
    pub(super) fn duration(&self, name: &'static str) -> Result<Duration, ConfigError> {
        self.text(name, value::DURATION, value::duration)
    }

    fn value<T>(
        &self,
        name: &'static str,
        expected: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<T, ConfigError> {
        let read_it = |value: &Value| read(value).ok_or_else(|| self.refuse(name, expected));
        if let Some(found) = self.found.get(name) {
            return read_it(&found.value);
        }
        let key = Key::named(name).expect("the reader asks only for keys of the table");
        match key.default {
            Fallback::Text(text) => read_it(&Value::Text(text.to_owned())),
            Fallback::Number(number) => read_it(&Value::Number(number)),
            Fallback::Flag(flag) => read_it(&Value::Flag(flag)),
            Fallback::AbsentList(..) => Err(self.refuse(name, expected)),
            Fallback::Required(sample) | Fallback::Absent(_, sample) => {
                let (section, last) = key.split();
                let place = match section {
                    "" => "at the top".to_owned(),
                    section => format!("in the section [{section}]"),
                };
                Err(self.missing(name, format!("write {last} = \"{sample}\" {place}")))
            }
        }
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}
