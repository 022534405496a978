//! One headless pass: submit, poll, ingest, tell, expire, and submit what came of it.

pub(super) mod due;
pub(super) mod tick;

use std::time::Duration;

use super::clock::{Memory, Reading};
use super::submit::Unsent;
use super::{Fault, Household, Obstacle};
use crate::mailbox::Session;

/// So long a pass brings things into the store, before it looks at the mail again.
const BRINGING: Duration = Duration::from_secs(30);

/// What a pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Messages that the provider took.
    pub submitted: u64,
    /// Letters and parts that were fetched.
    pub fetched: u64,
    /// Letters and parts that were taken in.
    pub ingested: u64,
    /// One line for each that was refused.
    pub refused: Vec<String>,
    /// What the provider refused for good.
    pub unsent: Vec<Unsent>,
    /// People who are told.
    pub notified: u64,
    /// Shares that ended.
    pub expired: u64,
    /// What could not be done, in words; the rest was.
    pub trouble: Vec<String>,
    /// What stood between the box and its account.
    pub obstacle: Obstacle,
    /// In so many seconds the outbox or the end of a share asks for the next pass.
    pub due_in: Option<u64>,
}

impl Household {
    /// Makes one pass. A provider that cannot be reached stops only what needs it. Fails with `busy` while another run
    /// has the mailbox in hand.
    pub async fn sync(&mut self, reading: &Reading) -> Result<Done, Fault> {
        let mut line = None;
        let done = self.sync_over(reading, &mut line).await;
        if let Some(session) = line {
            session.logout().await;
        }
        done
    }

    /// As [`Household::sync`], over the session that `line` holds; it, or a new one, is left there for the next pass.
    pub async fn sync_over(
        &mut self,
        reading: &Reading,
        line: &mut Option<Session>,
    ) -> Result<Done, Fault> {
        let lock = self.album.try_lock_aside().await?;
        self.album.sweep()?;
        let more = self.album.bring_into_bucket(BRINGING);
        let mut done = self.pass(reading, line).await;
        match (more, &mut done) {
            (Err(error), _) => {
                tracing::warn!(%error, "what lies in the data folder is not in the store yet");
            }
            (Ok(true), Ok(done)) => done.due_in = done.due_in.min(Some(1)).or(Some(1)),
            _ => {}
        }
        if let Err(fault) = &done
            && fault.is_of_disk()
        {
            // What is over makes room, and little else does.
            let now = Memory::load(self.album.rows())?.look(reading, &[]);
            let now = now.now(reading);
            let emptied = self.expire(now).and_then(|_| self.empty_bin(now));
            if let Err(error) = emptied.and_then(|_| self.drop_old_uploads(now)) {
                tracing::debug!(%error, "what is over is not all gone");
            }
        }
        drop(lock);
        done
    }

    async fn pass(&mut self, reading: &Reading, line: &mut Option<Session>) -> Result<Done, Fault> {
        let mut done = Done::default();
        self.refresh_keys()?;
        let before = self.tick(reading, &[])?;
        self.finish_rekey(before.now)?;
        let first = self.submit(before).await?;
        let polled = self.poll(reading, line).await?;
        let now = polled.now.unwrap_or(before);
        self.tell_who_knows_us_of_before(now.now)?;
        self.release_waiting(now)?;
        self.release_awaited(now)?;
        self.tell_again(now)?;
        self.tell_late(now)?;
        self.wait_no_longer(now)?;
        self.announce(now.now)?;
        self.ask_inviters_again(now)?;
        self.forget_invitations(now.floor)?;
        self.forget_requests(now.floor)?;
        self.search_missing(now)?;
        self.pass_on_for_others(now)?;
        done.expired = self.expire(now)?;
        self.empty_bin(now)?;
        self.drop_old_uploads(now)?;
        if let Err(error) = self.renew_keys(now) {
            tracing::warn!(trouble = %error, "the keys for letters are not renewed");
        }
        if let Err(error) = self.publish_again(now.now).await {
            tracing::warn!(trouble = %error, "the entry in the directory is not renewed");
        }
        if let Err(error) = self.look_at_claims_again(now.now).await {
            tracing::warn!(trouble = %error, "the directory is not looked at again");
        }
        if let Err(error) = self.renew_certificate(now) {
            tracing::warn!(trouble = %error, "the certificate of the web interface is not renewed");
        }
        // What the poll brought about goes out at once; what failed above waits for its time.
        let second = self.submit(now).await?;
        done.submitted = first.messages + second.messages;
        done.unsent = [first.refused, second.refused].concat();
        done.fetched = polled.fetched;
        done.ingested = polled.ingested;
        done.refused = polled.refused;
        done.notified = polled.notified;
        done.obstacle = polled.obstacle;
        let stuck = first.trouble.is_some() || second.trouble.is_some();
        if stuck && !self.refused.any() && self.has_due(now.now)? {
            // What failed waits for its time; what stood behind it does not.
            done.obstacle = done.obstacle.max(Obstacle::Passing);
        }
        done.due_in = self.due_in(now)?;
        done.trouble.extend(first.trouble.or(second.trouble));
        done.trouble.extend(polled.trouble);
        Ok(done)
    }
}
