//! Takes messages out of a folder: only those named, and never what another program marked for deletion (CASES O-07).

use super::batch::sequence_set;
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
    /// Gmail keeps what is expunged under All Mail, so there and on servers without UIDPLUS messages are moved to the
    /// trash folder. UIDs that are gone already are no error.
    pub async fn remove(&mut self, uids: &[u32]) -> Result<Removal, MailboxError> {
        let open = self.needs_folder()?.to_owned();
        let can = &self.capabilities;
        let (expunge, mover) = (can.uidplus && !can.gmail, can.move_);
        if expunge {
            for batch in uids.chunks(BATCH) {
                let set = sequence_set(batch);
                let mark = format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)");
                self.run_ok("STORE", &mark, |_| {}).await?;
                let expunge = format!("UID EXPUNGE {set}");
                self.run_ok("EXPUNGE", &expunge, |_| {}).await?;
            }
            return Ok(Removal::Expunged);
        }
        let trash = match mover {
            true => self.trash().await?.filter(|trash| *trash != open),
            false => None,
        };
        let Some(trash) = trash.as_deref().and_then(quoted) else {
            tracing::warn!(host = %self.account.endpoint.host, "imap server cannot remove single messages");
            return Ok(Removal::Left);
        };
        for batch in uids.chunks(BATCH) {
            let command = format!("UID MOVE {} {trash}", sequence_set(batch));
            self.run_ok("MOVE", &command, |_| {}).await?;
        }
        Ok(Removal::Moved)
    }
}
