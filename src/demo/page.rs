//! The page to look at: what each person is handed, and what the provider saw. One file with its style, and pictures
//! beside it; no script, nothing from elsewhere.

use std::fmt::Write as _;
use std::path::Path;

use super::onward::Onward;
use super::portion::{Handed, Outcome, Portion, WAYS};
use super::provider::Sighting;
use super::words::{bytes_words, capital, of_words, verb};
use crate::sharing::Fault;

const STYLE: &str = include_str!("page.css");

/// What stands on it.
pub(super) struct Page<'p> {
    /// What was shared.
    pub title: &'p str,
    /// Who sent it.
    pub from: &'p str,
    /// Who got it.
    pub to: &'p str,
    /// What each person gets.
    pub portions: &'p [Portion],
    /// What the provider had before it.
    pub messages: &'p [Sighting],
    /// What was looked for there.
    pub verdict: &'p str,
    /// The mails to the people: subject and text.
    pub notices: &'p [(String, String)],
    /// How the short share ended.
    pub ended: Option<&'p str>,
    /// How a picture went further, and came to its end there.
    pub onward: Option<&'p Onward>,
    /// What else is told: headings, each with its lines.
    pub chapters: &'p [(String, Vec<String>)],
}

/// Writes the page.
pub(super) fn write(path: &Path, page: &Page<'_>) -> Result<(), Fault> {
    std::fs::write(path, page.html())
        .map_err(|error| Fault::new("disk", format!("{}: {error}", path.display())))
}

impl Page<'_> {
    fn html(&self) -> String {
        let mut out = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · Hearthpost</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<p class=\"brand\">Hearthpost</p>\n<h1>{title}</h1>\n\
             <p class=\"soft\">From {from} to {to}, by mail. Made a moment ago on this machine, with a mail server that \
             is a test tool.</p>\n</header>\n<main>\n",
            title = escaped(self.title),
            from = escaped(self.from),
            to = escaped(self.to),
        );
        for portion in self.portions {
            out += &section(portion);
        }
        out += &self.provider();
        if let Some((subject, text)) = self.notices.first() {
            _ = write!(
                out,
                "<section>\n<h2>The mail that told Bob</h2>\n<pre>{}\n\n{}</pre>\n</section>\n",
                escaped(subject),
                escaped(text.trim_end())
            );
        }
        if let Some(ended) = self.ended {
            _ = write!(
                out,
                "<section>\n<h2>A share that ended</h2>\n<p>{}</p>\n</section>\n",
                escaped(ended)
            );
        }
        if let Some(onward) = self.onward {
            out += "<section>\n<h2>Passed on, and taken back</h2>\n";
            for line in &onward.there {
                _ = writeln!(out, "<p>{}</p>", escaped(line));
            }
            out += "</section>\n";
            out += &section(&onward.portion);
            out += "<section>\n<h2>Then Ann takes it back</h2>\n";
            for line in &onward.back {
                _ = writeln!(out, "<p>{}</p>", escaped(line));
            }
            out += "</section>\n";
        }
        for (title, lines) in self.chapters {
            _ = writeln!(out, "<section>\n<h2>{}</h2>", escaped(title));
            for line in lines {
                _ = writeln!(out, "<p>{}</p>", escaped(line.trim()));
            }
            out += "</section>\n";
        }
        out += "</main>\n</body>\n</html>\n";
        out
    }

    fn provider(&self) -> String {
        let mut out =
            "<section>\n<h2>What the mail provider sees</h2>\n<div class=\"wide\"><table>\n\
                       <tr><th>From<th>To<th>Subject<th>What<th>Size</tr>\n"
                .to_owned();
        for message in self.messages {
            _ = writeln!(
                out,
                "<tr><td>{}<td>{}<td>{}<td>{}<td>{}</tr>",
                escaped(&message.from),
                escaped(&message.to),
                escaped(&message.subject),
                escaped(&message.hint),
                bytes_words(message.size)
            );
        }
        out += "</table></div>\n";
        if let Some(first) = self.messages.first() {
            _ = writeln!(out, "<pre>{}</pre>", escaped(&first.beginning.join("\n")));
        }
        _ = write!(
            out,
            "<p>It learns who writes to whom, when and how much. {}</p>\n</section>\n",
            escaped(self.verdict)
        );
        out
    }
}

fn section(portion: &Portion) -> String {
    let name = capital(portion.person);
    let mut out = format!("<section>\n<h2>{}</h2>\n", escaped(&name));
    for sentence in &portion.sentences {
        _ = writeln!(out, "<p class=\"may\">{}</p>", escaped(sentence));
    }
    out += "<ul class=\"rows\">\n";
    for handed in portion
        .items
        .iter()
        .filter(|handed| shown(handed).is_some())
    {
        out += &picture(handed);
    }
    out += "</ul>\n";
    for handed in portion
        .items
        .iter()
        .filter(|handed| shown(handed).is_none())
    {
        _ = writeln!(out, "<p>{}{}</p>", escaped(&handed.name), kept(handed));
    }
    let denials = portion.denials();
    if !denials.is_empty() {
        out += "<ul class=\"no\">\n";
        for (action, words) in denials {
            _ = writeln!(
                out,
                "<li><b>{}</b> {}</li>",
                capital(verb(action)),
                escaped(words)
            );
        }
        out += "</ul>\n";
    }
    out + "</section>\n"
}

/// The picture that a person is shown.
fn shown(handed: &Handed) -> Option<(&Path, (u32, u32), u64)> {
    match &handed.ways[0] {
        Outcome::File {
            path,
            pixels: Some(pixels),
            size,
            ..
        } => Some((path, *pixels, *size)),
        _ => None,
    }
}

fn picture(handed: &Handed) -> String {
    let Some((path, (width, height), size)) = shown(handed) else {
        return String::new();
    };
    format!(
        "<li style=\"--w:{:.3}\"><a href=\"{path}\"><img src=\"{path}\" width=\"{width}\" height=\"{height}\" \
         alt=\"{name}\" loading=\"lazy\"></a><p><b>{name}</b> of {of}<br>look {width}×{height}, {size}{more}</p></li>\n",
        f64::from(width) / f64::from(height.max(1)),
        path = path.display(),
        name = escaped(&handed.name),
        of = of_words(handed),
        size = bytes_words(size as usize),
        more = kept(handed),
    )
}

/// Links to what may be printed and kept.
fn kept(handed: &Handed) -> String {
    let mut out = String::new();
    for (action, outcome) in WAYS.into_iter().zip(&handed.ways).skip(1) {
        if let Outcome::File {
            path,
            media_type,
            size,
            same,
            ..
        } = outcome
        {
            let same = if *same { ", bit for bit" } else { "" };
            _ = write!(
                out,
                "<br><a href=\"{}\">{}</a>, {}, {}{same}",
                path.display(),
                verb(action),
                escaped(media_type),
                bytes_words(*size as usize)
            );
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            _ => out.push(c),
        }
    }
    out
}
