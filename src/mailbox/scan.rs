//! The first look at many messages: a few header fields each, and for some their structure, to find the few that may be
//! ours among a person's other mail.

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};

use super::date::unix_seconds;
use super::error::{MailboxError, Unreadable};
use super::header::{ContentType, Fields, Hint};
use super::session::{Session, Untagged};
use super::structure::Structure;

/// Messages asked about at once: few round trips, and little memory.
const BATCH: usize = 500;
/// PROTOCOL 6: a letter on the wire has at most 8 MiB.
const LETTER: u32 = 8 * 1024 * 1024;
const ITEMS: &str =
    "UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (HEARTHPOST SUBJECT CONTENT-TYPE)]";
const SEALED: &str = "application/pkcs7-mime";
const SMIME_TYPE: &str = "authenveloped-data";
const ID_DOMAIN: &str = "@hearthpost.invalid";

/// The messages still to be looked at, in ascending order of their UIDs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    uids: Vec<u32>,
    next: usize,
}

/// What the first look tells about a message. None of it is trusted; it only tells where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// Its UID.
    pub uid: u32,
    /// Its length in bytes.
    pub size: u32,
    /// When the server took it, in seconds since 1970; the server's clock, not the sender's.
    pub internal_date: Option<i64>,
    /// What our header field says.
    pub hint: Option<Hint>,
    /// The subject as it stands, at most 200 characters.
    pub subject: String,
    /// The type of the whole message.
    pub content_type: ContentType,
    /// What it may be.
    pub kind: Candidate,
}

/// What a message may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Candidate {
    /// A letter.
    Letter,
    /// Sealed parts.
    Parts,
    /// A delivery status notification (RFC 3464), perhaps about a mail of ours. It is other mail, and left where it is.
    Bounce,
    /// Other mail, which is left alone.
    No,
}

impl Scan {
    /// How many messages are still to be looked at.
    pub fn remaining(&self) -> usize {
        self.uids.len() - self.next
    }
}

impl Session {
    /// Begins a first look at the messages of the open folder with `first_uid` or a higher UID.
    pub async fn scan(&mut self, first_uid: u32) -> Result<Scan, MailboxError> {
        let folder = self.needs_folder()?.to_owned();
        // A server shows new mail to an open folder only between commands: without this the search misses it.
        self.run_ok("NOOP", "NOOP", |_| {}).await?;
        let first = first_uid.max(1);
        let mut uids = self.search(&format!("{first}:*")).await?;
        // RFC 3501 §6.4.8: `n:*` always holds the last message, also where its UID is below n.
        uids.retain(|&uid| uid >= first);
        uids.sort_unstable();
        uids.dedup();
        let unseen = uids.last().map_or(first, |last| last.saturating_add(1));
        self.unseen_from.insert(folder, unseen);
        Ok(Scan { uids, next: 0 })
    }

    /// Whether a message lies in the open folder: some servers answer a FETCH of one that does with nothing.
    pub async fn holds(&mut self, uid: u32) -> Result<bool, MailboxError> {
        self.needs_folder()?;
        Ok(self.search(&uid.to_string()).await?.contains(&uid))
    }

    async fn search(&mut self, uids: &str) -> Result<Vec<u32>, MailboxError> {
        let mut all = Vec::new();
        self.run_ok("SEARCH", &format!("UID SEARCH UID {uids}"), |answer| {
            if let Untagged::Response(Response::MailboxData(MailboxDatum::Search(found))) = answer {
                all.extend(found);
            }
        })
        .await?;
        Ok(all)
    }

    /// Looks at the next some hundred messages; `None` when all were looked at. Sets no flag and fetches no body.
    ///
    /// Messages that are gone meanwhile are left out. After an error the same batch may be asked for again.
    pub async fn next_batch(
        &mut self,
        scan: &mut Scan,
    ) -> Result<Option<Vec<(u32, Result<Scanned, Unreadable>)>>, MailboxError> {
        let end = scan.uids.len().min(scan.next + BATCH);
        let batch = &scan.uids[scan.next..end];
        if batch.is_empty() {
            return Ok(None);
        }
        let mut found = self.ask("FETCH", batch, ITEMS, scanned).await?;
        let unclear: Vec<u32> = found
            .values()
            .flatten()
            .filter(|message| message.needs_structure())
            .map(|message| message.uid)
            .collect();
        for (uid, structure) in self.structure(&unclear).await? {
            match (found.get_mut(&uid), structure) {
                (Some(Ok(message)), Ok(structure)) => message.judge(&structure),
                (Some(message), Err(why)) => *message = Err(why),
                _ => {}
            }
        }
        scan.next = end;
        Ok(Some(found.into_iter().collect()))
    }
}

/// Makes something of one answer to [`ITEMS`].
pub(super) fn scanned(values: &[AttributeValue<'_>]) -> Option<Result<Scanned, Unreadable>> {
    let uid = super::batch::uid(values)?;
    let (mut size, mut internal_date, mut header) = (0, None, None);
    for value in values {
        match value {
            AttributeValue::Rfc822Size(n) => size = *n,
            AttributeValue::InternalDate(date) => internal_date = unix_seconds(date),
            AttributeValue::BodySection { data, .. } => {
                header = Some(data.as_deref().unwrap_or_default());
            }
            _ => {}
        }
    }
    let Fields {
        hint,
        subject,
        content_type,
    } = Fields::read(header?);
    let kind = match hint {
        Some(Hint::Letter) => Candidate::Letter,
        Some(Hint::Parts) => Candidate::Parts,
        None if is_letter(&content_type, &subject, size) => Candidate::Letter,
        None if is_bounce(&content_type) => Candidate::Bounce,
        None => Candidate::No,
    };
    Some(Ok(Scanned {
        uid,
        size,
        internal_date,
        hint,
        subject,
        content_type,
        kind,
    }))
}

/// PROTOCOL 6, candidates when our header was stripped.
fn is_letter(content_type: &ContentType, subject: &str, size: u32) -> bool {
    content_type.media_type == SEALED
        && size <= LETTER
        && (subject == "Hearthpost" || content_type.smime_type.as_deref() == Some(SMIME_TYPE))
}

/// RFC 6522 §3: the type of the report stands in the header. Receipts for reading are reports too, of another type.
fn is_bounce(content_type: &ContentType) -> bool {
    content_type.media_type == "multipart/report"
        && content_type.report_type.as_deref() == Some("delivery-status")
}

impl Scanned {
    /// Only a multipart/mixed without our header may hold ours out of sight.
    fn needs_structure(&self) -> bool {
        self.hint.is_none() && self.content_type.media_type == "multipart/mixed"
    }

    /// Looks for ours among the body parts, at most one level down (CASES O-14: a gateway wraps and adds a footer).
    fn judge(&mut self, structure: &Structure) {
        let near = |section: &str| section.bytes().filter(|&c| c == b'.').count() <= 1;
        let sealed = structure.parts.iter().filter(|part| {
            part.media_type == SEALED
                && part.smime_type.as_deref() == Some(SMIME_TYPE)
                && near(&part.section)
        });
        let mut ids = sealed.map(|part| part.content_id.as_deref().is_some_and(is_digest_id));
        self.kind = match ids.next() {
            None => Candidate::No,
            Some(first) if first || ids.any(|id| id) => Candidate::Parts,
            Some(_) if self.size <= LETTER => Candidate::Letter,
            // Too long for a letter: parts whose names the provider stripped as well.
            Some(_) => Candidate::Parts,
        };
    }
}

/// `DIGEST@hearthpost.invalid`, the digest in lower-case hex of SHA-256.
fn is_digest_id(id: &str) -> bool {
    let digest = id.strip_suffix(ID_DOMAIN).unwrap_or_default();
    digest.len() == 64
        && digest
            .bytes()
            .all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
}
