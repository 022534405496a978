//! BODYSTRUCTURE, BODY and ENVELOPE in the form in which Dovecot 2.3 gives them.

use crate::{
    header::{self, Field, Parameterised},
    structure::{Entity, Inside},
};
use mail_parser::{Addr, Address, HeaderValue, parsers::MessageStream};
use std::fmt::Write;

/// What Dovecot gives for a multipart without any body part: one empty text.
const EMPTY_PART: &str = r#"("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0"#;

/// Which of the two forms of a structure.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// BODY: without extension data.
    Plain,
    /// BODYSTRUCTURE.
    Extended,
}

/// The structure of a message.
pub(crate) fn describe(message: &[u8], entity: &Entity, form: Form) -> String {
    let mut text = String::new();
    write_entity(&mut text, message, entity, form);
    text
}

fn write_entity(out: &mut String, message: &[u8], entity: &Entity, form: Form) {
    let extended = form == Form::Extended;
    let fields = header::fields(message, entity.header.clone());
    let none = Parameterised::default();
    let content_type = entity.content_type.as_ref().unwrap_or(&none);
    let (kind, subtype) = entity.media_type();
    out.push('(');
    if kind.eq_ignore_ascii_case("multipart") {
        let parts: &[Entity] = match &entity.inside {
            Inside::Multipart(parts) => parts,
            _ => &[],
        };
        for part in parts {
            write_entity(out, message, part, form);
        }
        if parts.is_empty() {
            out.push_str(EMPTY_PART);
            out.push_str(if extended { " NIL NIL NIL NIL)" } else { ")" });
        }
        _ = write!(out, " {}", string(subtype.as_bytes()));
        if extended {
            _ = write!(out, " {}", parameters(&content_type.parameters));
        }
    } else {
        let mut listed = content_type.parameters.clone();
        let is_text = kind.eq_ignore_ascii_case("text");
        if is_text && content_type.parameter("charset").is_none() {
            listed.push(("charset".to_owned(), "us-ascii".to_owned()));
        }
        _ = write!(
            out,
            "{} {} {} {} {} {} {}",
            string(kind.as_bytes()),
            string(subtype.as_bytes()),
            parameters(&listed),
            optional(&fields, "Content-ID"),
            optional(&fields, "Content-Description"),
            value(&fields, "Content-Transfer-Encoding")
                .map_or("\"7bit\"".to_owned(), |v| string(&v)),
            entity.body.len(),
        );
        if let Inside::Message(inner) = &entity.inside {
            _ = write!(out, " {} ", envelope(message, inner));
            write_entity(out, message, inner, form);
        }
        if is_text || matches!(entity.inside, Inside::Message(_)) {
            _ = write!(out, " {}", entity.lines);
        }
        if extended {
            _ = write!(out, " {}", optional(&fields, "Content-MD5"));
        }
    }
    if extended {
        write_extension(out, &fields);
    }
    out.push(')');
}

fn write_extension(out: &mut String, fields: &[Field<'_>]) {
    let disposition = value(fields, "Content-Disposition").map_or("NIL".to_owned(), |written| {
        let parsed = Parameterised::parse(&written);
        format!(
            "({} {})",
            string(parsed.value.as_bytes()),
            parameters(&parsed.parameters)
        )
    });
    let language = value(fields, "Content-Language").map_or("NIL".to_owned(), |written| {
        let tags: Vec<_> = written
            .split(|byte| *byte == b',')
            .map(|tag| string(tag.trim_ascii()))
            .collect();
        format!("({})", tags.join(" "))
    });
    _ = write!(
        out,
        " {disposition} {language} {}",
        optional(fields, "Content-Location")
    );
}

/// The value of the FETCH item ENVELOPE.
pub(crate) fn envelope(message: &[u8], entity: &Entity) -> String {
    let fields = header::fields(message, entity.header.clone());
    // RFC 3501 §7.4.2: where Sender or Reply-To is missing, From stands for it.
    let from = addresses(&fields, "From");
    let or_from = |name| addresses(&fields, name).or_else(|| from.clone());
    let lists = [from.clone(), or_from("Sender"), or_from("Reply-To")]
        .into_iter()
        .chain(["To", "Cc", "Bcc"].map(|name| addresses(&fields, name)))
        .map(|list| list.unwrap_or("NIL".to_owned()))
        .collect::<Vec<_>>()
        .join(" ");
    format!(
        "({} {} {lists} {} {})",
        optional(&fields, "Date"),
        optional(&fields, "Subject"),
        optional(&fields, "In-Reply-To"),
        optional(&fields, "Message-ID"),
    )
}

fn addresses(fields: &[Field<'_>], name: &str) -> Option<String> {
    let mut line = value(fields, name)?;
    line.push(b'\n');
    let HeaderValue::Address(parsed) = MessageStream::new(&line).parse_address() else {
        return None;
    };
    let listed = match parsed {
        Address::List(list) => list.iter().map(address).collect::<String>(),
        Address::Group(groups) => groups
            .iter()
            .map(|group| {
                let members: String = group.addresses.iter().map(address).collect();
                group.name.as_ref().map_or(members.clone(), |name| {
                    format!(
                        "(NIL NIL {} NIL){members}(NIL NIL NIL NIL)",
                        string(name.as_bytes())
                    )
                })
            })
            .collect(),
    };
    (!listed.is_empty()).then(|| format!("({listed})"))
}

fn address(address: &Addr<'_>) -> String {
    let name = address
        .name
        .as_ref()
        .map_or("NIL".to_owned(), |name| string(name.as_bytes()));
    let written = address.address.as_deref().unwrap_or_default();
    let (local, domain) = written.rsplit_once('@').unwrap_or((written, ""));
    format!(
        "({name} NIL {} {})",
        string(local.as_bytes()),
        string(domain.as_bytes())
    )
}

fn value(fields: &[Field<'_>], name: &str) -> Option<Vec<u8>> {
    fields.iter().find(|field| field.is(name)).map(Field::value)
}

fn optional(fields: &[Field<'_>], name: &str) -> String {
    value(fields, name).map_or("NIL".to_owned(), |value| string(&value))
}

fn parameters(listed: &[(String, String)]) -> String {
    if listed.is_empty() {
        return "NIL".to_owned();
    }
    let written: Vec<_> = listed
        .iter()
        .map(|(name, value)| format!("{} {}", string(name.as_bytes()), string(value.as_bytes())))
        .collect();
    format!("({})", written.join(" "))
}

/// An IMAP string: quoted where the grammar allows it, otherwise a literal.
pub(crate) fn string(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    if text
        .bytes()
        .all(|byte| (b' '..=b'~').contains(&byte) || byte == b'\t')
    {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        format!("{{{}}}\r\n{text}", text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Message and expected structure as Dovecot 2.3.19 gave it.
    fn assert_described(message: &str, expected: &str) {
        let message = message.replace('\n', "\r\n");
        let entity = Entity::of_message(message.as_bytes());
        assert_eq!(
            describe(message.as_bytes(), &entity, Form::Extended),
            expected
        );
    }

    #[test]
    fn plain_message_without_type_is_us_ascii_text() {
        assert_described(
            "Subject: hi\n\nbody\nline\n",
            r#"("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 12 2 NIL NIL NIL NIL)"#,
        );
        assert_described(
            "Content-Type: text/plain; format=flowed\n\nx\n",
            r#"("text" "plain" ("format" "flowed" "charset" "us-ascii") NIL NIL "7bit" 3 1 NIL NIL NIL NIL)"#,
        );
    }

    #[test]
    fn sealed_parts_show_their_content_ids() {
        assert_described(
            "Content-Type: multipart/mixed; boundary=\"=_a\"\n\n--=_a\n\
             Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data; name=smime.p7m\n\
             Content-Transfer-Encoding: base64\nContent-ID: <1@x>\n\nAAAA\n\n--=_a--\n",
            "((\"application\" \"pkcs7-mime\" (\"smime-type\" \"authEnveloped-data\" \"name\" \
             \"smime.p7m\") \"<1@x>\" NIL \"base64\" 6 NIL NIL NIL NIL) \"mixed\" \
             (\"boundary\" \"=_a\") NIL NIL NIL)",
        );
    }

    #[test]
    fn nested_multipart_and_message_read_as_dovecot_reads_them() {
        assert_described(
            "Content-Type: Multipart/Mixed; boundary=\"a b\"\nSubject: =?utf-8?q?=C3=A4?=\n\npre\n\
             --a b\nContent-Type: TEXT/html; Charset=\"utf-8\"; format=flowed\n\
             Content-Transfer-Encoding: Quoted-Printable\nContent-Description: de sc\n\
             Content-Language: de, en\nContent-Location: http://x/\nContent-MD5: abc\n\n<p>\nx\n\
             --a b\nContent-Type: text/plain; charset=utf-8; name=\"q\\\"uo.txt\"\n\
             Content-Disposition: attachment; filename=\"x y.txt\"\n\nhello\n\n--a b\n\
             Content-Type: message/rfc822\nContent-ID: <m@x>\n\nSubject: inner\n\
             From: i@i.example\nContent-Type: multipart/alternative; boundary=in\n\n--in\n\none\n\
             --in\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n--in--\n\n\
             --a b--\nepi\n",
            r#"(("TEXT" "html" ("Charset" "utf-8" "format" "flowed") NIL "de sc" "Quoted-Printable" 6 1 "abc" NIL ("de" "en") "http://x/")("text" "plain" ("charset" "utf-8" "name" "q\"uo.txt") NIL NIL "7bit" 7 1 NIL ("attachment" ("filename" "x y.txt")) NIL NIL)("message" "rfc822" NIL "<m@x>" NIL "7bit" 182 (NIL "inner" ((NIL NIL "i" "i.example")) ((NIL NIL "i" "i.example")) ((NIL NIL "i" "i.example")) NIL NIL NIL NIL NIL) (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 0 NIL NIL NIL NIL)("image" "png" NIL NIL NIL "base64" 4 NIL NIL NIL NIL) "alternative" ("boundary" "in") NIL NIL NIL) 13 NIL NIL NIL NIL) "Mixed" ("boundary" "a b") NIL NIL NIL)"#,
        );
    }

    #[test]
    fn multipart_without_parts_shows_an_empty_text() {
        assert_described(
            "Content-Type: multipart/mixed\n\nnothing\n",
            r#"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL) "mixed" NIL NIL NIL NIL)"#,
        );
    }
}
