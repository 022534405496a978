//! Takes messages out of a folder: only those named, and never what another program marked for deletion (CASES O-07).

use super::batch::sequence_set;
use super::copied::Copied;
use super::error::MailboxError;
use super::open::quoted;
use super::session::Session;

/// Messages per command, so that its line stays short.
const BATCH: usize = 500;

/// How messages were removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Removal {
    /// Deleted from the server.
    Expunged,
    /// Moved to the trash folder, where the provider deletes them later.
    Moved,
    /// Not touched: the server can do neither, and a plain EXPUNGE would take other mail along.
    Left,
}

impl Session {
    /// Removes messages of the open folder, in the best way the server has.
    ///
    /// Gmail keeps what is expunged in a folder under All Mail, and deletes only what is expunged in its trash folder
    /// (CASES O-02): there messages are moved to it, and those very ones expunged in it. On servers without UIDPLUS they
    /// are moved to the trash folder and left there, as are those of which Gmail does not tell where they went. UIDs that are gone already are no error.
    pub async fn remove(&mut self, uids: &[u32]) -> Result<Removal, MailboxError> {
        let open = self.needs_folder()?.to_owned();
        if self.capabilities.deletes_in_place() {
            self.expunge(uids).await?;
            return Ok(Removal::Expunged);
        }
        let trash = match self.capabilities.move_ {
            true => self.trash().await?.filter(|trash| *trash != open),
            false => None,
        };
        let Some((trash, name)) = trash.and_then(|trash| Some((quoted(&trash)?, trash))) else {
            if !std::mem::replace(&mut self.said_left, true) {
                tracing::warn!(
                    host = %self.account.endpoint.host,
                    "this server cannot remove single messages, so that read mail stays there; `hearthpost doctor` says what to do"
                );
            }
            return Ok(Removal::Left);
        };
        let mut moved = Vec::new();
        for batch in uids.chunks(BATCH) {
            let command = format!("UID MOVE {} {trash}", sequence_set(batch));
            self.copied.clear();
            self.run_ok("MOVE", &command, |_| {}).await?;
            moved.extend(self.copied.drain(..).filter(|copied| {
                // What was not asked for is not ours to expunge.
                copied.uids.iter().all(|(from, _)| batch.contains(from))
            }));
        }
        if !self.capabilities.uidplus {
            return Ok(Removal::Moved);
        }
        let emptied = self.empty_trash(&name, &moved).await?;
        self.select(&open).await?;
        let told: usize = moved.iter().map(|copied| copied.uids.len()).sum();
        Ok(match emptied && told >= uids.len() {
            true => Removal::Expunged,
            false => Removal::Moved,
        })
    }

    /// Deletes the named messages of the open folder for good (RFC 4315 §2.1).
    async fn expunge(&mut self, uids: &[u32]) -> Result<(), MailboxError> {
        for batch in uids.chunks(BATCH) {
            let set = sequence_set(batch);
            let mark = format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)");
            self.run_ok("STORE", &mark, |_| {}).await?;
            let expunge = format!("UID EXPUNGE {set}");
            self.run_ok("EXPUNGE", &expunge, |_| {}).await?;
        }
        Ok(())
    }

    /// Expunges what was moved to the trash folder. False when the server did not tell where it went, or that folder is
    /// not the one any more: then the provider deletes it in its own time.
    async fn empty_trash(&mut self, trash: &str, moved: &[Copied]) -> Result<bool, MailboxError> {
        if moved.is_empty() {
            tracing::info!(host = %self.account.endpoint.host, "moved to the trash folder; where to was not told");
            return Ok(false);
        }
        let selected = self.select(trash).await?;
        let same = |copied: &Copied| copied.uid_validity == selected.uid_validity;
        if !moved.iter().all(same) {
            return Ok(false);
        }
        let uids = moved.iter().flat_map(|copied| &copied.uids);
        let uids: Vec<u32> = uids.map(|(_, to)| *to).collect();
        self.expunge(&uids).await?;
        Ok(true)
    }
}
