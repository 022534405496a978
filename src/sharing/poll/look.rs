//! What one look at the mailbox keeps in hand, and how it goes on after a message that cannot be fetched.

use crate::encoding::encoded_body_len;
use crate::envelope::{PART_OVERHEAD, PART_SIZE};
use crate::mailbox::{MailboxError, Session};
use crate::sharing::correspond::Writer;
use crate::sharing::ingest::judge::Judge;
use crate::sharing::{Fault, Household, Now, Obstacle};

/// How often a message that cannot be read is looked at, and how many of them one look at the mailbox survives.
pub(super) const LOOKS: u32 = 5;
/// A part in base64 is never longer, whatever the line ends.
pub(super) const MAX_PART: u64 = encoded_body_len((PART_SIZE + PART_OVERHEAD) as u64) + 4 * 1024;

/// What one look at the mailbox gave.
#[derive(Debug, Default)]
pub struct Polled {
    /// Letters and parts that were fetched.
    pub fetched: u64,
    /// Letters and parts that were taken in.
    pub ingested: u64,
    /// One line for each that was refused.
    pub refused: Vec<String>,
    /// Notices that were queued.
    pub notified: u64,
    /// What stopped the poll, in words.
    pub trouble: Option<String>,
    /// The same, as far as it says when to try again.
    pub obstacle: Obstacle,
    /// Messages that could not be fetched and were passed by.
    pub(super) recovered: u32,
    /// Mails that came back and were read.
    pub(in crate::sharing) bounces: usize,
    /// The time of this run, with what the mail's dates say of the clock.
    pub now: Option<Now>,
}

/// A problem that ends the poll: of this box, or of the mail server.
pub(super) enum Stop {
    Fault(Fault),
    Mailbox(MailboxError),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

impl From<crate::album::AlbumError> for Stop {
    fn from(error: crate::album::AlbumError) -> Self {
        Stop::Fault(error.into())
    }
}

impl From<MailboxError> for Stop {
    fn from(error: MailboxError) -> Self {
        Stop::Mailbox(error)
    }
}

impl Household {
    /// Signs in, unless it was refused and nothing changed since.
    pub(super) async fn open_session(&mut self) -> Result<Session, Stop> {
        let account = self.imap_account().await?;
        self.refused.check_imap(&account)?;
        let opened = Session::open(&account).await;
        opened.map_err(|error| {
            self.refused.note_imap(&account, &error);
            Stop::Mailbox(error)
        })
    }

    /// Opens a folder whose UIDs the album knows. One that was made anew since it was looked through is refused: nothing
    /// may be fetched or removed by those UIDs (CASES O-06), and a session that is opened anew in the midst of a pass has
    /// seen no other.
    pub(super) async fn open_known(&self, session: &mut Session, folder: &str) -> Result<(), Stop> {
        let selected = session.select(folder).await?;
        let known = self.album.rows().folder_state(folder)?;
        match known.map(|state| state.uid_validity) {
            Some(was) if was != selected.uid_validity => {
                Err(Stop::Mailbox(MailboxError::UidValidityChanged {
                    folder: folder.to_owned(),
                    was,
                    now: selected.uid_validity,
                }))
            }
            _ => Ok(()),
        }
    }

    /// Goes on after one message could not be fetched: the session is opened anew where it is lost. Gives the error back
    /// where nothing more can be done, or it happens too often in one look.
    pub(super) async fn recover(
        &mut self,
        session: &mut Session,
        folder: &str,
        error: MailboxError,
        polled: &mut Polled,
    ) -> Result<(), Stop> {
        polled.recovered += 1;
        if !error.retryable() || polled.recovered > LOOKS {
            return Err(error.into());
        }
        tracing::warn!(%error, "one message could not be fetched; going on");
        if !matches!(error, MailboxError::Refused { .. }) {
            *session = self.open_session().await?;
            self.open_known(session, folder).await?;
        }
        Ok(())
    }

    /// Nothing came of a message. One that another program removed waits for nothing any more; one that lies there all
    /// the same is asked for again at the next pass.
    pub(super) async fn nothing_came(
        &mut self,
        session: &mut Session,
        folder: &str,
        uid: u32,
    ) -> Result<(), Stop> {
        if session.holds(uid).await? {
            tracing::warn!(folder, uid, "the server has nothing to say of a message");
            return Ok(());
        }
        let forgotten = self
            .album
            .commit(|rows| Ok::<_, Fault>(rows.forget_message(folder, uid)?));
        Ok(forgotten?)
    }
}

/// The judge of this household at this time.
pub(in crate::sharing) fn judge_of<'h>(
    keys: &'h crate::album::Keys,
    config: &'h crate::config::Config,
    now: Now,
) -> Judge<'h> {
    Judge {
        keys,
        writer: Writer::new(keys, config, now.now),
        config,
        now,
        let_go_of: Default::default(),
    }
}
