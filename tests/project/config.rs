//! The configuration: the example file is the code's table, `init`'s file is read back, every fault names its place.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hearthpost::config::{
    Config, ConfigError, Fallback, KEYS, LogLevel, PasswordSource, Role, Settings, example,
    write_new,
};
use hearthpost::sharing::site::home_page;

const LEAST: &str = r#"mailbox = "home-a@a.example"
name = "Alice's household"
[imap]
url = "imaps://mail.a.example"
username = "home-a"
password_file = "password"
[smtp]
url = "smtp://mail.a.example:587"
"#;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/srv/alice/hearthpost.toml"))
}

fn fault(text: &str) -> String {
    parse(text).expect_err("a fault").to_string()
}

/// `LEAST` with one line added to a section; the sections that `LEAST` lacks are opened.
fn with(section: &str, line: &str) -> String {
    match section {
        "" => format!("{line}\n{LEAST}"),
        _ if LEAST.contains(&format!("[{section}]\n")) => {
            LEAST.replace(&format!("[{section}]\n"), &format!("[{section}]\n{line}\n"))
        }
        _ => format!("{LEAST}[{section}]\n{line}\n"),
    }
}

#[test]
fn example_file_is_what_the_code_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/hearthpost.example.toml");
    let text = std::fs::read_to_string(&file).expect("the example file is there");
    assert!(
        text == example(),
        "config/hearthpost.example.toml differs from the table in src/config/keys.rs; it should read:\n\n{}",
        example()
    );
    assert!(
        parse(&text).is_ok(),
        "the example is itself a configuration"
    );
}

#[test]
fn example_lists_every_key_once_with_default_unit_and_one_line() {
    let text = example();
    for key in KEYS {
        let last = key.name.rsplit('.').next().expect("a name");
        let comment = format!("# {} ({}; ", key.doc, key.unit);
        let after: Vec<&str> = text.split(&comment).skip(1).collect();
        assert!(!after.is_empty(), "{} has no line of comment", key.name);
        let next = after[0].lines().nth(1).expect("a line after the comment");
        let next = next.trim_start_matches("# ");
        assert!(
            next.starts_with(&format!("{last} = ")),
            "{}: {next}",
            key.name
        );
    }
}

#[test]
fn each_default_shown_in_the_example_is_the_one_in_force() {
    let least = parse(LEAST).expect("good");
    for key in KEYS {
        let value = match key.default {
            Fallback::Required(_) | Fallback::Absent(..) | Fallback::AbsentList(..) => continue,
            Fallback::Text(text) => format!("{text:?}"),
            Fallback::Number(number) => number.to_string(),
            Fallback::Flag(flag) => flag.to_string(),
        };
        let (section, name) = key.name.split_once('.').unwrap_or(("", key.name));
        let written = parse(&with(section, &format!("{name} = {value}"))).expect(key.name);
        assert_eq!(written, least, "{}", key.name);
    }
}

#[test]
fn links_lead_to_where_browsers_are_answered() {
    let page = |section: &str, line: &str| home_page(&parse(&with(section, line)).expect("good"));
    assert_eq!(page("log", "level = \"info\""), "http://127.0.0.1:8480/");
    assert_eq!(
        page("web", "listen = \"127.0.0.1:9000\""),
        "http://127.0.0.1:9000/"
    );
    let told = page("notify", "url = \"https://box.example:8480\"");
    assert_eq!(told, "https://box.example:8480/");
    let own = "listen = \"192.168.77.1:8480\"\ncertificate = \"a.pem\"\nkey = \"b.pem\"";
    // An address of this machine, whatever it is, and never the one for all of them.
    let open = page("web", "listen = \"0.0.0.0:8480\"");
    assert!(
        open.starts_with("http://") && open.ends_with(":8480/") && !open.contains("0.0.0.0"),
        "{open}"
    );
    assert_eq!(page("web", own), "https://192.168.77.1:8480/");
    let off = page("web", "listen = \"off\"");
    assert_eq!(off, "http://hearthpost.local/");
}

#[test]
fn defaults() {
    let config = parse(LEAST).expect("good");
    assert_eq!(config.data, PathBuf::from("/srv/alice/data"));
    assert_eq!(config.imap.timeout, Duration::from_secs(60));
    assert_eq!(config.imap.poll_interval, Duration::from_secs(60));
    assert!(config.imap.junk);
    assert_eq!(config.smtp.message_budget, 18_000_000);
    assert_eq!(config.smtp.max_recipients, 50);
    assert_eq!(config.smtp.username, "home-a");
    assert_eq!(config.smtp.password, config.imap.password);
    assert!(!config.notify.details);
    assert_eq!(config.notify.url, None);
    assert_eq!(config.limits.quota_total, 100_000_000_000);
    assert_eq!(config.limits.quota_per_contact, 20_000_000_000);
    assert_eq!(config.limits.unclaimed, Duration::from_secs(30 * 86_400));
    assert_eq!(config.limits.keep_parts, Duration::from_secs(30 * 86_400));
    assert_eq!(config.limits.patience, Duration::from_secs(6 * 3_600));
    assert_eq!(config.limits.letters_from_strangers, 200);
    assert_eq!(config.log_level, LogLevel::Info);
}

#[test]
fn smtp_takes_login_and_authority_of_imap_unless_it_has_its_own() {
    let config = parse(&with("imap", "ca_file = \"ca.pem\"")).expect("good");
    assert_eq!(
        config.smtp.ca_file,
        Some(PathBuf::from("/srv/alice/ca.pem"))
    );
    let config = parse(&with("smtp", "password_env = \"SMTP_PW\"")).expect("good");
    assert_eq!(
        config.smtp.password,
        PasswordSource::Environment("SMTP_PW".to_owned())
    );
    assert_eq!(
        config.imap.password,
        PasswordSource::File(PathBuf::from("/srv/alice/password"))
    );
}

#[test]
fn store_is_a_bucket_with_a_secret_and_reached_in_the_open_on_this_machine_alone() {
    let store = |more: &str| {
        let all = "kind = \"s3\"\nbucket = \"households\"\naccess_key_id = \"id\"\nsecret_key_env = \"SECRET\"\n";
        parse(&format!("{LEAST}\n[store]\n{all}{more}\n"))
    };
    let made = store("").expect("good").store.expect("a bucket");
    assert_eq!((made.endpoint, made.region.as_str()), (None, "us-east-1"));
    assert_eq!((made.prefix.as_str(), made.timeout.as_secs()), ("", 20));
    let secret = PasswordSource::Environment("SECRET".to_owned());
    assert_eq!(made.secret_key, secret);
    for good in [
        "https://s3.example.org:9000",
        "http://127.0.0.1:9000",
        "http://[::1]:1",
    ] {
        let made = store(&format!("endpoint = \"{good}\"")).expect(good);
        assert_eq!(
            made.store.expect("a bucket").endpoint.as_deref(),
            Some(good)
        );
    }
    for bad in [
        "endpoint = \"http://s3.example.org\"",
        "endpoint = \"https://id:secret@s3.example.org\"",
        "endpoint = \"https://s3.example.org/bucket\"",
        "endpoint = \"s3.example.org\"",
        "prefix = \"/above\"",
        "prefix = \"a/../b\"",
        "secret_key_file = \"also\"",
        "timeout = \"0s\"",
    ] {
        store(bad).expect_err(bad);
    }
    // What is not used may stand there.
    let unused = parse(&format!("{LEAST}\n[store]\nbucket = \"households\"\n"));
    assert_eq!(unused.expect("good").store, None);
    for lacks in ["bucket", "access_key_id", "secret_key_env"] {
        let whole = "kind = \"s3\"\nbucket = \"households\"\naccess_key_id = \"id\"\nsecret_key_env = \"SECRET\"\n";
        let lines: Vec<&str> = whole
            .lines()
            .filter(|line| !line.starts_with(lacks))
            .collect();
        let text = format!("{LEAST}\n[store]\n{}\n", lines.join("\n"));
        parse(&text).expect_err(lacks);
    }
}

#[test]
fn absolute_paths_stay_and_a_bare_file_name_is_relative_to_here() {
    let text = with("", "data = \"/var/lib/hearthpost\"");
    assert_eq!(
        parse(&text).expect("good").data,
        PathBuf::from("/var/lib/hearthpost")
    );
    let here = Config::parse(LEAST, Path::new("hearthpost.toml")).expect("good");
    assert_eq!(here.data, PathBuf::from("data"));
}

#[test]
fn unknown_keys_are_refused_with_file_line_and_nearest_key() {
    let file = "/srv/alice/hearthpost.toml";
    for (section, line, at, key, nearest) in [
        (
            "smtp",
            "mesage_budget = 1",
            8,
            "smtp.mesage_budget",
            "smtp.message_budget",
        ),
        (
            "imap",
            "password = \"secret\"",
            4,
            "imap.password",
            "imap.password_file",
        ),
        ("", "mailbx = 1", 1, "mailbx", "mailbox"),
        ("", "timeout = \"5s\"", 1, "timeout", "imap.timeout"),
        ("notfy", "details = true", 9, "notfy", "notify"),
        (
            "limits",
            "quota = 3",
            10,
            "limits.quota",
            "limits.quota_total",
        ),
    ] {
        assert_eq!(
            fault(&with(section, line)),
            format!("{file}:{at}: unknown key \"{key}\"; did you mean \"{nearest}\"?")
        );
    }
    assert_eq!(
        fault(&with("", "zzz = 1")),
        format!("{file}:1: unknown key \"zzz\"; config/hearthpost.example.toml lists all keys")
    );
}

#[test]
fn wrong_values_name_file_line_key_and_what_is_expected() {
    for (section, line, at, what) in [
        (
            "imap",
            "timeout = 60",
            4,
            "\"imap.timeout\" must be a duration like \"60s\"",
        ),
        (
            "imap",
            "timeout = \"0s\"",
            4,
            "\"imap.timeout\" must be a duration",
        ),
        (
            "imap",
            "junk = \"yes\"",
            4,
            "\"imap.junk\" must be true or false",
        ),
        (
            "smtp",
            "max_recipients = 0",
            8,
            "\"smtp.max_recipients\" must be a whole number from 1",
        ),
        (
            "smtp",
            "max_recipients = -3",
            8,
            "\"smtp.max_recipients\" must be a whole number",
        ),
        (
            "smtp",
            "message_budget = 18",
            8,
            "\"smtp.message_budget\" must be a size of at least 100 KB",
        ),
        (
            "smtp",
            "message_budget = \"18 mb\"",
            8,
            "\"smtp.message_budget\" must be a size in bytes",
        ),
        (
            "directory",
            "url = \"ldaps://x.example\"\nbase = \"o=x\"\nkind = \"ad\"",
            12,
            "\"directory.kind\" must be one of \"openldap\", \"active-directory\"",
        ),
        (
            "notify",
            "url = \"javascript:alert(1)\"",
            10,
            "\"notify.url\" must be an address",
        ),
        (
            "notify",
            "url = \"http://a/ b\"",
            10,
            "\"notify.url\" must be an address",
        ),
        (
            "limits",
            "quota_total = 1.5",
            10,
            "\"limits.quota_total\" must be a size",
        ),
        (
            "log",
            "level = \"loud\"",
            10,
            "\"log.level\" must be one of",
        ),
        ("", "data = \"\"", 1, "\"data\" must be a folder"),
        ("", "smtp = 3", 1, ""),
        (
            "imap",
            "password_env = \"PW\"",
            4,
            "\"imap.password_env\" must be left out, since imap.password_file",
        ),
        (
            "smtp",
            "password_env = \"1 X\"",
            8,
            "\"smtp.password_env\" must be the name of a variable",
        ),
    ] {
        let said = fault(&with(section, line));
        assert!(
            said.starts_with(&format!("/srv/alice/hearthpost.toml:{at}: {what}"))
                || what.is_empty(),
            "{line}: {said}"
        );
    }
    for (old, new, what) in [
        (
            "home-a@a.example",
            "home a@a.example",
            ":1: \"mailbox\" must be a mail address",
        ),
        (
            "Alice's household",
            "Alice\\nBcc: x",
            ":2: \"name\" must be a text",
        ),
        (
            "imaps://",
            "http://",
            ":4: \"imap.url\" must be imaps://host[:port] or imap://",
        ),
        (
            "smtp://",
            "smtp://me:secret@",
            ":8: \"smtp.url\" must be smtps://host",
        ),
    ] {
        let said = fault(&LEAST.replace(old, new));
        assert!(said.contains(what), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
    let said = fault("imap = 3\n");
    assert!(
        said.ends_with(":1: \"imap\" must be a section, [imap]"),
        "{said}"
    );
}

#[test]
fn missing_keys_say_what_to_write() {
    for (gone, what) in [
        (
            "mailbox = ",
            "\"mailbox\" is missing; write mailbox = \"home-a@example.org\" at the top",
        ),
        (
            "username = ",
            "\"imap.username\" is missing; write username = ",
        ),
        (
            "password_file = ",
            "\"imap.password_file\" is missing; write it, or password_env",
        ),
        (
            "url = \"smtp",
            "\"smtp.url\" is missing; write url = \"smtps://smtp.example.org\" in the section [smtp]",
        ),
    ] {
        let lines = LEAST.lines().filter(|line| !line.starts_with(gone));
        let said = fault(&lines.collect::<Vec<_>>().join("\n"));
        assert!(said.contains(what), "{said}");
    }
}

#[test]
fn what_is_not_toml_is_refused_without_quoting_it() {
    let said = fault(&with("imap", "password_file = secret"));
    assert!(
        said.starts_with("/srv/alice/hearthpost.toml:4: not TOML: "),
        "{said}"
    );
    assert!(!said.contains("secret"), "{said}");
    let twice = fault(&with("imap", "url = \"imap://b.example\""));
    assert!(twice.contains(":5: not TOML: duplicate key"), "{twice}");
}

#[test]
fn file_that_init_writes_is_read_back() {
    let mailbox = "home-a@a.example".parse().expect("a mailbox");
    let settings = Settings {
        mailbox: &mailbox,
        name: "Alice \"at\" the \\ lake, Müller",
        role: Role::Relay,
        data: Some("/srv/alice/the data"),
        imap_url: "imaps://localhost:9993",
        smtp_url: "smtp://localhost:5587",
        username: "home-a@a.example",
        password_file: "pw",
        ca_file: Some("ca.pem"),
    };
    let text = write_new(&settings);
    let config = parse(&text).expect("good");
    assert_eq!(config.mailbox, mailbox);
    assert_eq!(config.name, settings.name);
    assert_eq!(config.data, PathBuf::from("/srv/alice/the data"));
    assert_eq!(config.imap.url, settings.imap_url);
    assert_eq!(config.smtp.url, settings.smtp_url);
    assert_eq!(config.smtp.username, settings.username);
    assert_eq!(
        config.imap.password,
        PasswordSource::File(PathBuf::from("/srv/alice/pw"))
    );
    assert_eq!(
        config.smtp.ca_file,
        Some(PathBuf::from("/srv/alice/ca.pem"))
    );
    assert_eq!(config.role, Role::Relay);
    let short = write_new(&Settings {
        role: Role::Home,
        data: None,
        ca_file: None,
        ..settings
    });
    assert!(
        !short.contains("\ndata =") && !short.contains("ca_file"),
        "{short}"
    );
    assert!(parse(&short).is_ok());
}

#[test]
fn load_reads_the_file_and_says_the_way_out_when_there_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hearthpost.toml");
    let said = Config::load(&file).expect_err("no file").to_string();
    assert!(said.contains("`hearthpost init` writes one"), "{said}");
    std::fs::write(&file, LEAST).expect("written");
    assert_eq!(
        Config::load(&file).expect("good").data,
        folder.path().join("data")
    );
}

#[test]
fn certificate_and_key_come_together() {
    let config = parse(&with(
        "web",
        "certificate = \"a.pem\"\nkey = \"/etc/b.pem\"",
    ))
    .expect("good");
    let files = config.web.certificate.expect("both");
    assert_eq!(files.certificate, Path::new("/srv/alice/a.pem"));
    assert_eq!(files.key, Path::new("/etc/b.pem"));
    for (there, lacks) in [
        ("certificate = \"a.pem\"", "web.key"),
        ("key = \"a.pem\"", "web.certificate"),
    ] {
        let fault = fault(&with("web", there));
        assert!(
            fault.contains(lacks) && fault.contains("without the other"),
            "{fault}"
        );
    }
}
