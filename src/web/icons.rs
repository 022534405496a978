//! The icons of pages, by what they mean here: those of Lucide. The mark of the house is ours, in `icons.html`.

use minijinja::value::Value;
use minijinja::{Error, ErrorKind};

macro_rules! icons {
    ($($name:literal => $icon:ident),* $(,)?) => {
        const ICONS: &[(&str, &str)] = &[$(($name, icondata_lu::$icon.data)),*];
    };
}

icons![
    "album" => LuImages,
    "received" => LuInbox,
    "sent" => LuSend,
    "households" => LuHouse,
    "look" => LuEye,
    "print" => LuPrinter,
    "keep" => LuDownload,
    "pass-on" => LuForward,
    "close" => LuX,
    "previous" => LuChevronLeft,
    "next" => LuChevronRight,
    "allowed" => LuInfo,
    "add" => LuPlus,
    "find" => LuSearch,
    "delete" => LuTrash2,
    "checked" => LuShieldCheck,
    "lock" => LuLock,
    "film" => LuSquarePlay,
    "sound" => LuMusic,
];

/// `drawn(name)`: the lines of an icon, on a square of 24.
pub(super) fn drawn(name: &str) -> Result<Value, Error> {
    let icon = ICONS.iter().find(|(known, _)| *known == name);
    // Of the program, not of people.
    icon.map(|(_, lines)| Value::from_safe_string((*lines).to_owned()))
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no icon {name}")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_icon_is_another_one_and_what_is_none_is_said() {
        let lines: BTreeSet<&str> = ICONS.iter().map(|(_, lines)| *lines).collect();
        assert_eq!(lines.len(), ICONS.len());
        assert!(drawn("keep").is_ok_and(|lines| lines.is_safe()));
        assert!(drawn("nothing").is_err());
    }
}
