//! FETCH. The answer is made message by message; long values are slices of the stored bytes.

use super::{
    connection::{Connection, Outcome},
    section::{self, Cut},
    selected::Selected,
};
use crate::{
    bodystructure::{self, Form},
    clock,
    faults::Fault,
    header,
    message::Content,
    store::State,
};
use imap_codec::imap_types::{
    fetch::{MacroOrMessageDataItemNames, MessageDataItemName, Section},
    sequence::SequenceSet,
};
use mail_parser::decoders::base64::base64_decode;
use std::{borrow::Cow, io, num::NonZeroU32, sync::Arc};

/// One message as it was when its turn came.
struct Snapshot {
    uid: u32,
    flags: String,
    internal_date: String,
    content: Arc<Content>,
    newly_seen: bool,
}

impl Connection {
    pub(super) async fn fetch(
        &mut self,
        set: &SequenceSet,
        names: &MacroOrMessageDataItemNames<'_>,
        by_uid: bool,
    ) -> io::Result<Outcome> {
        let Some(named) = self.named(set, by_uid) else {
            return Ok(Outcome::Bad("no such message number"));
        };
        let mut items: Cow<'_, [MessageDataItemName<'_>]> = match names {
            MacroOrMessageDataItemNames::Macro(short) => Cow::Owned(short.expand()),
            MacroOrMessageDataItemNames::MessageDataItemNames(items) => Cow::Borrowed(items),
        };
        let binary = |item: &MessageDataItemName<'_>| {
            matches!(
                item,
                MessageDataItemName::Binary { .. } | MessageDataItemName::BinarySize { .. }
            )
        };
        if items.iter().any(binary) {
            if !self.offers("BINARY") {
                return Ok(Outcome::Bad("BINARY is not offered"));
            }
            let refused = self.take(|fault| match fault {
                Fault::UnknownCte(text) => Some(text.clone()),
                _ => None,
            });
            if let Some(text) = refused {
                return Ok(Outcome::No(text));
            }
        }
        // RFC 3501 §6.4.8: an answer to a UID command names the UID.
        if by_uid && !items.contains(&MessageDataItemName::Uid) {
            items.to_mut().insert(0, MessageDataItemName::Uid);
        }
        let reads = items.iter().any(marks_seen);
        for (number, uid) in named {
            if let Some(mut snapshot) = self.snapshot(uid, reads) {
                if items.iter().any(is_body) {
                    let no_body = |fault: &Fault| matches!(fault, Fault::NoBody).then_some(());
                    if self.take(no_body).is_some() {
                        continue;
                    }
                    self.lie_of_identity(&mut snapshot, [&Fault::OtherUid, &Fault::OtherBody]);
                }
                if items.iter().any(is_header_fields) {
                    let lies = [&Fault::HeadersUnderOtherUid, &Fault::OtherHeaders];
                    self.lie_of_identity(&mut snapshot, lies);
                }
                self.send(number, &snapshot, &items).await?;
            }
        }
        Ok(Outcome::ok("done"))
    }

    /// Takes a message as it is now, marked as seen if it is read in a writable folder.
    /// `None` if another session removed it meanwhile.
    fn snapshot(&self, uid: u32, reads: bool) -> Option<Snapshot> {
        let selected = self.selected.as_ref()?;
        let marks = reads && !selected.read_only && {
            let state = self.shared.state();
            !state
                .folder(&selected.account, &selected.folder)?
                .message(uid)?
                .has("\\Seen")
        };
        if marks {
            let reader = self.number;
            self.shared
                .change(|state| mark_seen(state, selected, uid, reader));
        }
        let state = self.shared.state();
        let message = state
            .folder(&selected.account, &selected.folder)?
            .message(uid)?;
        Some(Snapshot {
            uid,
            flags: selected.flags(message),
            internal_date: clock::internal_date(message.internal_date),
            content: Arc::clone(&message.content),
            newly_seen: marks,
        })
    }

    async fn send(
        &mut self,
        number: usize,
        message: &Snapshot,
        items: &[MessageDataItemName<'_>],
    ) -> io::Result<()> {
        let mut lead = format!("* {number} FETCH (");
        let flags_asked = items.contains(&MessageDataItemName::Flags);
        if message.newly_seen && !flags_asked {
            lead.push_str(&message.flags);
            lead.push(' ');
        }
        for item in items {
            self.output.text(&lead).await?;
            " ".clone_into(&mut lead);
            self.send_item(message, item).await?;
        }
        self.output.text(")\r\n").await
    }

    async fn send_item(
        &mut self,
        message: &Snapshot,
        item: &MessageDataItemName<'_>,
    ) -> io::Result<()> {
        let content = &message.content;
        let bytes = &content.bytes;
        let text = match item {
            MessageDataItemName::Uid => format!("UID {}", message.uid),
            MessageDataItemName::Flags => message.flags.clone(),
            MessageDataItemName::InternalDate => {
                format!("INTERNALDATE \"{}\"", message.internal_date)
            }
            MessageDataItemName::Rfc822Size => {
                let lie = self.setting(|fault| match fault {
                    Fault::LieSize(size) => Some(*size),
                    _ => None,
                });
                let size = lie.unwrap_or(bytes.len().try_into().unwrap_or(u64::MAX));
                format!("RFC822.SIZE {size}")
            }
            MessageDataItemName::BodyStructure => {
                format!("BODYSTRUCTURE {}", content.body_structure())
            }
            MessageDataItemName::Body => {
                format!(
                    "BODY {}",
                    bodystructure::describe(bytes, content.structure(), Form::Plain)
                )
            }
            MessageDataItemName::Envelope => {
                format!(
                    "ENVELOPE {}",
                    bodystructure::envelope(bytes, content.structure())
                )
            }
            MessageDataItemName::BodyExt {
                section, partial, ..
            } => {
                let cut = section::cut(content, section.as_ref());
                let label = section::label(section.as_ref());
                return match partial {
                    Some((offset, length)) => {
                        let label = format!("BODY[{label}]<{offset}> ");
                        self.literal(&label, content, cut.partial(*offset, length.get()))
                            .await
                    }
                    None => self.literal(&format!("BODY[{label}] "), content, cut).await,
                };
            }
            MessageDataItemName::Rfc822 => {
                return self
                    .literal("RFC822 ", content, section::cut(content, None))
                    .await;
            }
            MessageDataItemName::Rfc822Header => {
                let cut = section::cut(content, Some(&Section::Header(None)));
                return self.literal("RFC822.HEADER ", content, cut).await;
            }
            MessageDataItemName::Rfc822Text => {
                let cut = section::cut(content, Some(&Section::Text(None)));
                return self.literal("RFC822.TEXT ", content, cut).await;
            }
            MessageDataItemName::Binary {
                section, partial, ..
            } => return self.binary(content, section, *partial).await,
            MessageDataItemName::BinarySize { section } => {
                let size = decoded(content, section).map_or(0, |bytes| bytes.len());
                format!("BINARY.SIZE[{}] {size}", section::dotted(section))
            }
        };
        self.output.text(&text).await
    }

    /// RFC 3516 §4.2. What cannot be decoded is NIL, as Dovecot has it for what is not there.
    async fn binary(
        &mut self,
        content: &Content,
        section: &[NonZeroU32],
        partial: Option<(u32, NonZeroU32)>,
    ) -> io::Result<()> {
        let label = format!("BINARY[{}]", section::dotted(section));
        let Some(mut bytes) = decoded(content, section) else {
            return self.output.text(&format!("{label} NIL")).await;
        };
        if self
            .take(|fault| matches!(fault, Fault::BendBinary).then_some(()))
            .is_some()
            && let Some(last) = bytes.last_mut()
        {
            *last ^= 1;
        }
        let (label, cut) = match partial {
            Some((offset, length)) => (
                format!("{label}<{offset}> ~"),
                Cut::Made(bytes).partial(offset, length.get()),
            ),
            None => (format!("{label} ~"), Cut::Made(bytes)),
        };
        self.literal(&label, content, cut).await
    }

    /// Tells another UID, or the bytes of another message, where a fault says so.
    fn lie_of_identity(&self, snapshot: &mut Snapshot, [uid, content]: [&Fault; 2]) {
        let lies = |lie: &Fault| {
            let same = |fault: &Fault| {
                let same = std::mem::discriminant(fault) == std::mem::discriminant(lie);
                same.then_some(())
            };
            self.take(same).is_some()
        };
        if lies(uid) {
            snapshot.uid += 1;
        }
        if lies(content)
            && let Some(selected) = &self.selected
        {
            let state = self.shared.state();
            let folder = state.folder(&selected.account, &selected.folder);
            let other = folder.and_then(|f| f.messages.iter().find(|m| m.uid != snapshot.uid));
            if let Some(other) = other {
                snapshot.content = Arc::clone(&other.content);
            }
        }
    }

    fn take<T>(&self, pick: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        self.shared.rules.take(self.account.as_deref(), pick)
    }

    fn setting<T>(&self, pick: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        self.shared.rules.setting(self.account.as_deref(), pick)
    }

    async fn literal(&mut self, label: &str, content: &Content, cut: Cut) -> io::Result<()> {
        let bytes = match &cut {
            Cut::Stored(range) => &content.bytes[range.clone()],
            Cut::Made(bytes) => bytes,
        };
        let lie = self.take(|fault| match fault {
            Fault::LieLiteral(by) => Some(*by),
            _ => None,
        });
        let told = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let told = told.saturating_add(lie.unwrap_or_default()).max(0);
        self.output.text(&format!("{label}{{{told}}}\r\n")).await?;
        self.output.bytes(bytes).await
    }
}

/// The decoded bytes of a body part in base64; of another one the bytes as they are.
fn decoded(content: &Content, section: &[NonZeroU32]) -> Option<Vec<u8>> {
    let numbers: Vec<u32> = section.iter().map(|number| number.get()).collect();
    let entity = content.structure().part(&numbers)?;
    let encoding = header::value(
        &content.bytes,
        entity.header.clone(),
        "Content-Transfer-Encoding",
    );
    let body = &content.bytes[entity.body.clone()];
    match encoding {
        Some(encoding) if encoding.trim_ascii().eq_ignore_ascii_case(b"base64") => {
            let text: Vec<u8> = body
                .iter()
                .copied()
                .filter(|byte| !byte.is_ascii_whitespace())
                .collect();
            base64_decode(&text)
        }
        _ => Some(body.to_vec()),
    }
}

/// Whether an item holds bytes of a body.
fn is_body(item: &MessageDataItemName<'_>) -> bool {
    let held = matches!(
        item,
        MessageDataItemName::BodyExt { .. } | MessageDataItemName::Binary { .. }
    );
    held && !is_header_fields(item)
}

/// Whether an item holds some header fields.
fn is_header_fields(item: &MessageDataItemName<'_>) -> bool {
    matches!(
        item,
        MessageDataItemName::BodyExt {
            section: Some(Section::HeaderFields(..)),
            ..
        }
    )
}

fn marks_seen(item: &MessageDataItemName<'_>) -> bool {
    matches!(
        item,
        MessageDataItemName::BodyExt { peek: false, .. }
            | MessageDataItemName::Rfc822
            | MessageDataItemName::Rfc822Text
    )
}

fn mark_seen(state: &mut State, selected: &Selected, uid: u32, reader: u64) {
    let revision = state.revision;
    let folder = state.folder_mut(&selected.account, &selected.folder);
    if let Some(message) = folder.and_then(|folder| folder.message_mut(uid)) {
        message.flags.insert("\\Seen".to_owned());
        message.changed = (revision, reader);
    }
}
