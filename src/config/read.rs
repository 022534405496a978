//! From the values of a file to [`Config`]: ranges, what follows from what, and paths.

use std::path::{Path, PathBuf};

use super::document::Document;
use super::{
    Announce, Auth, CertificateFiles, Config, ConfigError, Directory, Imap, Import, Limits,
    LogLevel, Notify, PasswordSource, Role, Smtp, Store, Web,
};
use crate::address::{Mailbox, StationName, is_key_word};
use crate::words::Language;

/// Less than this is most likely a number of megabytes.
const LEAST_BUDGET: u64 = 100_000;

impl Config {
    /// Reads a configuration; `file` names it in messages, and its folder is where relative paths begin.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let document = Document::parse(text, file)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let imap = imap(&document, folder)?;
        Ok(Config {
            mailbox: document.text("mailbox", "a mail address like name@domain", |text| {
                text.parse::<Mailbox>().ok()
            })?,
            name: document.text("name", "a text of 1 to 200 characters in one line", line)?,
            language: document.optional("language", "one of \"en\", \"de\"", |text| {
                let mut all = Language::ALL.into_iter();
                all.find(|one| one.tag() == text)
            })?,
            role: document.text("role", "one of \"home\", \"relay\"", |text| match text {
                "home" => Some(Role::Home),
                "relay" => Some(Role::Relay),
                _ => None,
            })?,
            data: document.text("data", "a folder", |text| path(folder, text))?,
            smtp: smtp(&document, folder, &imap)?,
            imap,
            notify: Notify {
                details: document.flag("notify.details")?,
                quiet: document.duration("notify.quiet")?,
                url: document.optional(
                    "notify.url",
                    "an address that begins with http:// or https://",
                    web_address,
                )?,
            },
            web: web(&document, folder)?,
            import: Import {
                watch: document.folders("import.watch", folder)?,
                cards: document.folders("import.cards", folder)?,
                led: document.optional("import.led", "a folder", |text| path(folder, text))?,
            },
            announce: announce(&document)?,
            directory: directory(&document, folder)?,
            store: store(&document, folder)?,
            limits: limits(&document)?,
            log_level: document.text(
                "log.level",
                "one of \"error\", \"warn\", \"info\", \"debug\", \"trace\"",
                log_level,
            )?,
            places: document.places(),
        })
    }
}

fn announce(document: &Document) -> Result<Announce, ConfigError> {
    let people = "a list of people of the house: [\"ann\", \"al\"]";
    let words = "a list of key words with a person each: [\"grandma=ann\"]";
    let announce = Announce {
        people: document.list("announce.people", people, |text| {
            text.parse()
                .ok()
                .filter(|name: &StationName| !name.is_everyone())
        })?,
        words: document.list("announce.words", words, |text| {
            let (word, name) = text.split_once('=')?;
            let (word, name) = (word.trim(), name.trim().parse().ok()?);
            is_key_word(word).then(|| (word.to_owned(), name))
        })?,
    };
    let most = |name, len, most: usize| match len > most {
        true => Err(document.refuse(name, &format!("at most {most} of them"))),
        false => Ok(()),
    };
    most("announce.people", announce.people.len(), 256)?;
    most("announce.words", announce.words.len(), 256)?;
    Ok(announce)
}

fn imap(document: &Document, folder: &Path) -> Result<Imap, ConfigError> {
    let keys = [
        "imap.password_file",
        "imap.password_env",
        "imap.password_command",
    ];
    let password = password(document, folder, keys)?.ok_or_else(|| {
        let way_out =
            "write it, or password_env = \"NAME OF A VARIABLE\", or password_command, in the section [imap]"
                .to_owned();
        document.missing("imap.password_file", way_out)
    });
    Ok(Imap {
        url: server(document, "imap.url", ["imaps://", "imap://"])?,
        username: document.text("imap.username", USERNAME, line)?,
        password: password?,
        auth: document.text("imap.auth", AUTH, auth)?,
        ca_file: document.optional("imap.ca_file", "a file", |text| path(folder, text))?,
        timeout: document.duration("imap.timeout")?,
        poll_interval: document.duration("imap.poll_interval")?,
        junk: document.flag("imap.junk")?,
    })
}

fn smtp(document: &Document, folder: &Path, imap: &Imap) -> Result<Smtp, ConfigError> {
    let keys = [
        "smtp.password_file",
        "smtp.password_env",
        "smtp.password_command",
    ];
    let message_budget = document.size("smtp.message_budget")?;
    if message_budget < LEAST_BUDGET {
        return Err(document.refuse("smtp.message_budget", "a size of at least 100 KB"));
    }
    Ok(Smtp {
        url: server(document, "smtp.url", ["smtps://", "smtp://"])?,
        username: document
            .optional("smtp.username", USERNAME, line)?
            .unwrap_or_else(|| imap.username.clone()),
        password: password(document, folder, keys)?.unwrap_or_else(|| imap.password.clone()),
        auth: document
            .optional("smtp.auth", AUTH, auth)?
            .unwrap_or(imap.auth),
        ca_file: document
            .optional("smtp.ca_file", "a file", |text| path(folder, text))?
            .or_else(|| imap.ca_file.clone()),
        timeout: document.duration("smtp.timeout")?,
        message_budget,
        max_recipients: document.count("smtp.max_recipients", 1, 10_000)?,
        max_recipients_per_day: Some(document.count(
            "smtp.max_recipients_per_day",
            0,
            1_000_000,
        )?)
        .filter(|&budget| budget > 0),
    })
}

fn web(document: &Document, folder: &Path) -> Result<Web, ConfigError> {
    let expected = "an address and a port such as 127.0.0.1:8480 or [::]:8480, or off";
    Ok(Web {
        listen: document.text("web.listen", expected, |text| match text {
            "off" => Some(None),
            address => address.parse().ok().map(Some),
        })?,
        hosts: document.hosts("web.hosts")?,
        proxy: document.flag("web.proxy")?,
        certificate: certificate(document, folder)?,
    })
}

/// Both files or none.
fn certificate(
    document: &Document,
    folder: &Path,
) -> Result<Option<CertificateFiles>, ConfigError> {
    let file = |name| document.optional(name, "a file", |text| path(folder, text));
    let missing = |name, other| {
        let way_out = format!("{other} is there, and one is of no use without the other");
        document.missing(name, way_out)
    };
    match (file("web.certificate")?, file("web.key")?) {
        (Some(certificate), Some(key)) => Ok(Some(CertificateFiles { certificate, key })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(missing("web.key", "web.certificate")),
        (None, Some(_)) => Err(missing("web.certificate", "web.key")),
    }
}

/// Without a URL there is none.
fn directory(document: &Document, folder: &Path) -> Result<Option<Directory>, ConfigError> {
    let keys = [
        "directory.password_file",
        "directory.password_env",
        "directory.password_command",
    ];
    let expected = "ldaps://host[:port], or ldap://host[:port] for StartTLS";
    let url = document.optional("directory.url", expected, |text| {
        let host = text.strip_prefix("ldaps://");
        let host = host.or_else(|| text.strip_prefix("ldap://"))?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
        (!host.is_empty() && host.bytes().all(plain)).then(|| text.to_owned())
    })?;
    let base = document.optional("directory.base", "the name of an entry", line)?;
    let Some(url) = url else {
        return Ok(None);
    };
    let way_out = "write below which entry households are, such as \"ou=people,dc=example,dc=org\"";
    let kinds = "one of \"openldap\", \"active-directory\"";
    let of_kind = document.text("directory.kind", kinds, |text| match text {
        "openldap" => Some("(|(mail={})(cn={})(description={}))"),
        "active-directory" => Some("(|(mail={})(displayName={})(info={}))"),
        _ => None,
    })?;
    let brackets = "a filter in brackets with {} in it";
    let filter = document.optional("directory.filter", brackets, |text| {
        let whole = text.starts_with('(') && text.ends_with(')') && text.contains("{}");
        whole.then(|| text.to_owned())
    })?;
    Ok(Some(Directory {
        url,
        base: base.ok_or_else(|| document.missing("directory.base", way_out.to_owned()))?,
        filter: filter.unwrap_or_else(|| of_kind.to_owned()),
        user: document.optional("directory.user", "the name of an entry", line)?,
        password: password(document, folder, keys)?,
        ca_file: document.optional("directory.ca_file", "a file", |text| path(folder, text))?,
        trusted: document.flag("directory.trusted")?,
        timeout: document.duration("directory.timeout")?,
    }))
}

/// The bucket, where the kind says that there is one.
fn store(document: &Document, folder: &Path) -> Result<Option<Store>, ConfigError> {
    let keys = [
        "store.secret_key_file",
        "store.secret_key_env",
        "store.secret_key_command",
    ];
    let kinds = "one of \"folder\", \"s3\"";
    let in_bucket = document.text("store.kind", kinds, |text| match text {
        "folder" => Some(false),
        "s3" => Some(true),
        _ => None,
    })?;
    let expected =
        "https://host[:port]; to this very machine also http://host[:port]; nothing behind it";
    let endpoint = document.optional("store.endpoint", expected, endpoint)?;
    let bucket = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        ((3..=63).contains(&text.len()) && text.bytes().all(plain)).then(|| text.to_owned())
    };
    let prefix = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/".contains(&byte);
        let whole = text
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..");
        (whole && text.len() <= 200 && text.bytes().all(plain)).then(|| text.to_owned())
    };
    let word = |text: &str| {
        let plain = (1..=128).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic());
        plain.then(|| text.to_owned())
    };
    let name = "the name of a bucket";
    if !in_bucket {
        return Ok(None);
    }
    let way_out = "write it, or secret_key_env = \"NAME OF A VARIABLE\", or secret_key_command, in the section [store]";
    let secret_key = password(document, folder, keys)?
        .ok_or_else(|| document.missing("store.secret_key_file", way_out.to_owned()))?;
    Ok(Some(Store {
        endpoint,
        bucket: document.text("store.bucket", name, bucket)?,
        prefix: document
            .optional("store.prefix", "words with / between them", prefix)?
            .unwrap_or_default(),
        region: document.text("store.region", "the name of a region", word)?,
        access_key_id: document.text("store.access_key_id", "the id of an access key", word)?,
        secret_key,
        ca_file: document.optional("store.ca_file", "a file", |text| path(folder, text))?,
        timeout: document.duration("store.timeout")?,
    }))
}

/// What goes there is sealed, but who asks for what need not be read on the way.
fn endpoint(text: &str) -> Option<String> {
    let (scheme, place) = text.split_once("://")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    let host = match place.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => place.split_once(':').map_or(place, |(host, _)| host),
    };
    let here = matches!(host, "localhost" | "127.0.0.1" | "::1");
    let safe = scheme == "https" || (scheme == "http" && here);
    (safe && !host.is_empty() && place.bytes().all(plain)).then(|| text.to_owned())
}

fn limits(document: &Document) -> Result<Limits, ConfigError> {
    Ok(Limits {
        quota_total: document.size("limits.quota_total")?,
        quota_per_contact: document.size("limits.quota_per_contact")?,
        relay_per_day: document.size("limits.relay_per_day")?,
        upload: document.size("limits.upload")?,
        unclaimed: document.duration("limits.unclaimed")?,
        keep_parts: document.duration("limits.keep_parts")?,
        patience: document.duration("limits.patience")?,
        letters_from_strangers: document.count("limits.letters_from_strangers", 0, 1_000_000)?,
    })
}

const AUTH: &str = "one of \"password\", \"xoauth2\"";
const USERNAME: &str = "a text of 1 to 200 characters in one line";

/// Not empty, not long, and nothing in it that breaks a line.
fn line(text: &str) -> Option<String> {
    let fits = (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    (fits && !text.trim().is_empty()).then(|| text.to_owned())
}

fn path(folder: &Path, text: &str) -> Option<PathBuf> {
    (!text.is_empty() && !text.contains('\0')).then(|| folder.join(text))
}

fn web_address(text: &str) -> Option<String> {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"))?;
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    (!rest.is_empty() && !rest.starts_with('/') && plain).then(|| text.to_owned())
}

fn auth(text: &str) -> Option<Auth> {
    match text {
        "password" => Some(Auth::Password),
        "xoauth2" => Some(Auth::Xoauth2),
        _ => None,
    }
}

fn log_level(text: &str) -> Option<LogLevel> {
    use LogLevel::{Debug, Error, Info, Trace, Warn};
    [Error, Warn, Info, Debug, Trace]
        .into_iter()
        .find(|level| level.as_str() == text)
}

/// One of the two schemes, and no password inside: URLs are logged.
fn server(
    document: &Document,
    key: &'static str,
    [tls, starttls]: [&str; 2],
) -> Result<String, ConfigError> {
    let expected = format!(
        "{tls}host[:port] or {starttls}host[:port]; user name and password have keys of their own"
    );
    let plain_text = starttls.replace("://", "+plain://");
    document.text(key, &expected, |text| {
        let host = text
            .strip_prefix(tls)
            .or_else(|| text.strip_prefix(starttls))
            // Plain text, which `endpoint` allows to this machine alone.
            .or_else(|| text.strip_prefix(&plain_text))?;
        let plain = host
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'@');
        (!host.is_empty() && plain).then(|| text.to_owned())
    })
}

/// A file, a variable or a program, never two of them.
fn password(
    document: &Document,
    folder: &Path,
    [file, variable, command]: [&'static str; 3],
) -> Result<Option<PasswordSource>, ConfigError> {
    let given = [file, variable, command].map(|key| (key, document.has(key)));
    let mut given = given.iter().filter(|(_, there)| *there);
    if let (Some((first, _)), Some((second, _))) = (given.next(), given.next()) {
        return Err(document.refuse(second, &format!("left out, since {first} is there too")));
    }
    let from_file = document.optional(file, "a file", |text| path(folder, text))?;
    // POSIX.1-2017, 8.1: letters, digits and underscore, the first no digit.
    let from_variable = document.optional(variable, "the name of a variable", |text| {
        let word = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let starts = !text.starts_with(|c: char| c.is_ascii_digit());
        (word && starts && !text.is_empty()).then(|| text.to_owned())
    })?;
    Ok(from_file
        .map(PasswordSource::File)
        .or(from_variable.map(PasswordSource::Environment))
        .or(document.command(command)?.map(PasswordSource::Command)))
}
