//! From a notice to its words, by templates that the operator may replace.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentArgs;
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, State, UndefinedBehavior, Value, context};

use super::{
    Composed, Details, Gathered, Knock, LastMail, Line, Notice, NoticeError, line_of, one_line,
};
use crate::rules::Together;
use crate::words::{self, Language, retell, say};

const TEXT: &str = "notice.txt";
const HTML: &str = "notice.html";
const GATHERED_TEXT: &str = "gathered.txt";
const GATHERED_HTML: &str = "gathered.html";
const KNOCK_TEXT: &str = "knock.txt";
const KNOCK_HTML: &str = "knock.html";
/// What the HTML of all of them is put into.
const FRAME: &str = "mail.html";
/// The names of all templates.
pub const TEMPLATES: [&str; 7] = [
    TEXT,
    HTML,
    GATHERED_TEXT,
    GATHERED_HTML,
    KNOCK_TEXT,
    KNOCK_HTML,
    FRAME,
];
const BUILT_IN: [(&str, &str); 7] = [
    (TEXT, include_str!("../../templates/notice.txt")),
    (HTML, include_str!("../../templates/notice.html")),
    (GATHERED_TEXT, include_str!("../../templates/gathered.txt")),
    (GATHERED_HTML, include_str!("../../templates/gathered.html")),
    (KNOCK_TEXT, include_str!("../../templates/knock.txt")),
    (KNOCK_HTML, include_str!("../../templates/knock.html")),
    (FRAME, include_str!("../../templates/mail.html")),
];

/// The templates, each read once, when it is first used.
#[derive(Debug)]
pub struct Notices {
    templates: Environment<'static>,
    folder: Option<PathBuf>,
}

impl Notices {
    /// The templates of the program; a file of the same name in `folder` replaces one.
    pub fn new(folder: Option<PathBuf>) -> Self {
        let mut templates = Environment::new();
        // A misspelt name is an error: silently empty, it would go out to everybody.
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_trim_blocks(true);
        templates.set_lstrip_blocks(true);
        templates.set_keep_trailing_newline(true);
        templates.add_function("t", spoken);
        let own = folder.clone();
        templates.set_loader(move |name| load(own.as_deref(), name));
        Notices { templates, folder }
    }

    /// Subject, text and HTML of a notice. Nothing in it breaks a line or a tag, whatever the names are.
    pub fn compose(&self, notice: &Notice<'_>) -> Result<Composed, NoticeError> {
        self.fill(TEXT, HTML, &values(notice)?)
    }

    /// The same for several shares at once.
    pub fn compose_gathered(&self, gathered: &Gathered<'_>) -> Result<Composed, NoticeError> {
        self.fill(GATHERED_TEXT, GATHERED_HTML, &gathered_values(gathered)?)
    }

    /// The same for households that want something.
    pub fn compose_knock(&self, knock: &Knock<'_>) -> Result<Composed, NoticeError> {
        self.fill(KNOCK_TEXT, KNOCK_HTML, &knock_values(knock)?)
    }

    fn fill(
        &self,
        text: &'static str,
        html: &'static str,
        values: &Value,
    ) -> Result<Composed, NoticeError> {
        let (name, text) = (text, self.render(text, values)?);
        let html = self.render(html, values)?;
        let (subject, text) = subject_and_rest(&text).ok_or_else(|| {
            self.fault(
                name,
                "its first line must be \"Subject: …\" and its second empty".to_owned(),
            )
        })?;
        Ok(Composed {
            subject,
            text,
            html,
        })
    }

    fn render(&self, name: &'static str, values: &Value) -> Result<String, NoticeError> {
        self.templates
            .get_template(name)
            .and_then(|template| template.render(values))
            // The debug form would quote values; this one has kind, detail and line.
            .map_err(|error| {
                // Of two templates, the one that is put into the other may be at fault.
                let mut known = TEMPLATES.into_iter();
                let at = known.find(|known| error.name() == Some(known));
                self.fault(at.unwrap_or(name), error.to_string())
            })
    }

    fn fault(&self, name: &'static str, reason: String) -> NoticeError {
        match self.folder.as_ref().map(|folder| folder.join(name)) {
            // Where it cannot be told whether the file is there, the folder is the fault.
            Some(file) if file.try_exists().unwrap_or(true) => {
                NoticeError::OwnTemplate { file, reason }
            }
            _ => NoticeError::BuiltIn { name, reason },
        }
    }
}

/// The operator's file, else our own text.
fn load(folder: Option<&Path>, name: &str) -> Result<Option<String>, Error> {
    let Some((name, built_in)) = BUILT_IN.into_iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    match folder.map(|folder| std::fs::read_to_string(folder.join(name))) {
        Some(Ok(text)) => Ok(Some(text.replace("\r\n", "\n"))),
        Some(Err(error)) if error.kind() != ErrorKind::NotFound => Err(Error::new(
            minijinja::ErrorKind::InvalidOperation,
            error.to_string(),
        )),
        _ => Ok(Some(built_in.to_owned())),
    }
}

fn values(notice: &Notice<'_>) -> Result<Value, NoticeError> {
    check_link(notice.url)?;
    let language = notice.language;
    let details = notice.details.as_ref().map(details_values);
    let things = Things(notice.count, notice.kind);
    Ok(context! {
        language => language.tag(),
        person => one_line(notice.person),
        household => name_of(language, notice.household),
        count => notice.count,
        things => things.say(language, "things"),
        what => things.say(language, "things-word"),
        them => things.say(language, "notice-them"),
        url => notice.url,
        details,
    })
}

fn gathered_values(gathered: &Gathered<'_>) -> Result<Value, NoticeError> {
    check_link(gathered.url)?;
    let language = gathered.language;
    let mut households: Vec<String> = Vec::new();
    for line in gathered.lines {
        let name = name_of(language, &line.household);
        if !households.contains(&name) {
            households.push(name);
        }
    }
    let count = gathered.lines.iter().map(|line| line.count).sum::<usize>();
    let kind = Together::of(gathered.lines.iter().map(|line| line.kind));
    let from = match households.as_slice() {
        [one] => one.clone(),
        several => counted(language, "notice-households", several.len()),
    };
    let line = |line: &Line| {
        let things = Things(line.count, line.kind);
        context! {
            household => name_of(language, &line.household),
            count => line.count,
            things => things.say(language, "things"),
            what => things.say(language, "things-word"),
            details => line.details.as_ref().map(details_values),
        }
    };
    let things = Things(count, kind);
    Ok(context! {
        language => language.tag(),
        person => one_line(gathered.person),
        from,
        count,
        things => things.say(language, "things"),
        what => things.say(language, "things-word"),
        them => things.say(language, "notice-them"),
        lines => gathered.lines.iter().map(line).collect::<Vec<_>>(),
        url => gathered.url,
    })
}

fn knock_values(knock: &Knock<'_>) -> Result<Value, NoticeError> {
    check_link(knock.url)?;
    let language = knock.language;
    let names = |names: &[String]| -> Vec<String> {
        let names = names.iter().map(|name| name_of(language, name));
        names.collect()
    };
    let (ended, claimed) = (names(knock.ended), names(knock.claimed));
    let (asking, met) = (names(knock.asking), names(knock.met));
    let unconfirmed = names(knock.unconfirmed);
    let retold = |said: &String| line_of(400, &retell(language, said));
    let failed: Vec<String> = knock.failed.iter().map(retold).collect();
    // What is an alarm comes first.
    let mut headline = Headline(language, Vec::new());
    match knock.last {
        None => {}
        Some(LastMail::Moved) => headline.add("notice-mail-moved"),
        Some(LastMail::Silenced) => headline.add("notice-mail-silenced"),
    }
    if knock.own_ended {
        headline.add("notice-own-ended");
    }
    headline.add_of("notice-ended", "notice-ended-several", &ended);
    headline.add_of("notice-claimed", "notice-claimed-several", &claimed);
    headline.add_of("notice-asks", "notice-asks-several", &asking);
    headline.add_of("notice-met", "notice-met-several", &met);
    match knock.strangers {
        0 => {}
        1 => headline.add("notice-waits"),
        several => headline.add_count("notice-waits-several", several),
    }
    headline.add_of(
        "notice-unconfirmed",
        "notice-unconfirmed-several",
        &unconfirmed,
    );
    if !failed.is_empty() {
        headline.add("notice-invitation-failed");
    }
    Ok(context! {
        language => language.tag(),
        person => one_line(knock.person),
        headline => headline.1.join("; "),
        mail_moved => knock.last == Some(LastMail::Moved),
        mail_silenced => knock.last == Some(LastMail::Silenced),
        own_ended => knock.own_ended,
        ended,
        claimed,
        asking,
        strangers => knock.strangers,
        met,
        failed,
        unconfirmed,
        url => knock.url,
    })
}

/// What there is to tell, one after another; only the first begins a line.
struct Headline(Language, Vec<String>);

impl Headline {
    fn begins(&self) -> &'static str {
        match self.1.is_empty() {
            true => "first",
            false => "later",
        }
    }

    fn add(&mut self, key: &str) {
        let values = [("begins", self.begins().into())];
        self.1.push(say(self.0, key, &values));
    }

    fn add_count(&mut self, key: &str, count: usize) {
        self.1.push(counted(self.0, key, count));
    }

    /// By name where it is one.
    fn add_of(&mut self, one: &str, several: &str, names: &[String]) {
        match names {
            [] => {}
            [name] => {
                let begins = self.begins().into();
                let values = [("household", name.as_str().into()), ("begins", begins)];
                self.1.push(say(self.0, one, &values));
            }
            names => self.add_count(several, names.len()),
        }
    }
}

/// So many of a kind.
struct Things(usize, Together);

impl Things {
    fn say(&self, language: Language, key: &str) -> String {
        let Things(count, kind) = self;
        let values = [("count", (*count).into()), ("kind", kind.as_str().into())];
        say(language, key, &values)
    }
}

fn counted(language: Language, key: &str, count: usize) -> String {
    say(language, key, &[("count", count.into())])
}

fn details_values(details: &Details) -> Value {
    context! {
        title => one_line(&details.title),
        until => details.until.as_deref().map(one_line),
        sentence => line_of(1_000, &details.sentence),
    }
}

fn name_of(language: Language, household: &str) -> String {
    match one_line(household) {
        name if name.is_empty() => say(language, "notice-another-household", &[]),
        name => name,
    }
}

/// `t(key, name=value)`: the words of a key in the language of the mail.
fn spoken(state: &State<'_, '_>, key: &str, values: Kwargs) -> Result<String, Error> {
    let language = state.lookup("language").unwrap_or_default();
    let language = language.as_str().and_then(Language::of_tag);
    let mut args = FluentArgs::new();
    for name in values.args() {
        let value: Value = values.get(name)?;
        let value = match i64::try_from(value.clone()) {
            Ok(number) if value.is_number() => words::Value::from(number),
            _ => words::Value::from(value.to_string()),
        };
        args.set(name.to_owned(), value);
    }
    words::look_up(language.unwrap_or_default(), key, &args).ok_or_else(|| {
        Error::new(
            minijinja::ErrorKind::InvalidOperation,
            format!("no words for {key}"),
        )
    })
}

fn check_link(url: &str) -> Result<(), NoticeError> {
    let is_web = url.starts_with("http://") || url.starts_with("https://");
    if !is_web || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(NoticeError::Link(one_line(url)));
    }
    Ok(())
}

fn subject_and_rest(text: &str) -> Option<(String, String)> {
    let (first, rest) = text.split_once('\n')?;
    let subject = one_line(first.strip_prefix("Subject:")?);
    let rest = rest.strip_prefix('\n')?;
    (!subject.is_empty()).then(|| (subject, rest.to_owned()))
}
