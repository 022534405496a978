//! What is looked at on the mail servers: the sign-in, and what each can do or will not take.

use super::finding::Finding;
use crate::encoding::{Timestamp, encoded_body_len};
use crate::envelope::{PART_SIZE, part_len};
use crate::mailbox::{Capabilities, Folder, Role, Session};
use crate::sharing::Household;
use crate::submission::Connection;

/// What stands around one part in a message.
const PART_FRAME: u64 = 2_000;
/// So many of the newest messages are asked for their dates.
const NEWEST: u32 = 20;

/// What was found on the server for fetching mail.
pub(super) struct Imap {
    pub findings: Vec<Finding>,
    /// When the newest mail was taken in, by that server's clock.
    pub newest: Option<Timestamp>,
}

impl Household {
    pub(super) async fn look_at_imap(&self) -> Imap {
        let what = "fetching mail (IMAP)";
        let alone = |finding| Imap {
            findings: vec![finding],
            newest: None,
        };
        let see = "see the section [imap] of the settings";
        let account = match self.imap_account().await {
            Ok(account) => account,
            Err(fault) => return alone(Finding::of_fault(what, &fault).hint(see)),
        };
        let server = account.endpoint.to_string();
        let mut session = match Session::open(&account).await {
            Ok(session) => session,
            Err(error) => return alone(Finding::bad(what, error.to_string(), see)),
        };
        let folders = match session.folders().await {
            Ok(folders) => folders,
            Err(error) => {
                return alone(Finding::bad(
                    what,
                    error.to_string(),
                    "ask the mail provider",
                ));
            }
        };
        let newest = newest_mail(&mut session).await;
        let can = session.capabilities().clone();
        session.logout().await;
        let signed_in = format!("signed in at {server} as {}", account.username);
        let mut findings = vec![Finding::good(what, signed_in)];
        findings.push(judge_folders(&folders, self.config.imap.junk));
        findings.push(judge_removal(&can, &folders));
        findings.push(judge_idle(&can));
        Imap { findings, newest }
    }

    pub(super) async fn look_at_smtp(&self) -> Vec<Finding> {
        let what = "sending mail (SMTP)";
        let see = "see the section [smtp] of the settings";
        let account = match self.smtp_account().await {
            Ok(account) => account,
            Err(fault) => return vec![Finding::of_fault(what, &fault).hint(see)],
        };
        let connection = match Connection::open(&account).await {
            Ok(connection) => connection,
            Err(error) => return vec![Finding::bad(what, error.to_string(), see)],
        };
        let (size, recipients) = (connection.size_limit(), connection.recipient_limit());
        connection.close().await;
        let signed_in = format!("signed in at {} as {}", account.endpoint, account.username);
        vec![
            Finding::good(what, signed_in),
            judge_size(size, self.config.smtp.message_budget),
            judge_recipients(recipients, self.config.smtp.max_recipients),
        ]
    }
}

/// By the server's clock, of the last few messages. That a server does not say is no fault.
async fn newest_mail(session: &mut Session) -> Option<Timestamp> {
    let inbox = session.select("INBOX").await.ok()?;
    let first = inbox.uid_next.checked_sub(1)?.saturating_sub(NEWEST);
    let mut scan = session.scan(first).await.ok()?;
    let mut newest = None;
    while let Ok(Some(batch)) = session.next_batch(&mut scan).await {
        let dates = batch
            .into_iter()
            .filter_map(|(_, seen)| seen.ok()?.internal_date);
        newest = newest.max(dates.max());
    }
    newest.map(Timestamp::from_unix)
}

fn judge_folders(folders: &[Folder], wanted: bool) -> Finding {
    let what = "folders";
    let junk = folders.iter().find(|folder| folder.role == Role::Junk);
    match (junk, wanted) {
        (Some(junk), true) => Finding::good(what, format!("INBOX and {} are read", junk.name)),
        (Some(junk), false) => Finding::good(what, format!("INBOX is read, {} is not", junk.name))
            .hint("imap.junk = true reads it too: providers like to put sealed mail there"),
        (None, _) => Finding::good(what, "INBOX is read; there is no junk folder").hint(
            "if the provider sorts out junk, look there by its web page when something does not come",
        ),
    }
}

/// As [`Session::remove`] goes about it.
fn judge_removal(can: &Capabilities, folders: &[Folder]) -> Finding {
    let what = "removing read mail";
    if can.deletes_in_place() {
        return Finding::good(what, "the server deletes single mails (UIDPLUS)");
    }
    let trash = folders.iter().find(|folder| folder.role == Role::Trash);
    match trash {
        _ if !can.move_ => Finding::bad(
            what,
            match can.gmail {
                true => "Gmail offers no MOVE, so that read mail stays there",
                false => "the server has neither UIDPLUS nor MOVE, so that read mail stays there",
            },
            "empty that mailbox yourself from time to time, or use another mail provider",
        ),
        Some(trash) if can.uidplus => {
            Finding::good(what, format!("moved to {} and deleted there", trash.name))
        }
        Some(trash) => Finding::good(what, format!("moved to {} (MOVE)", trash.name))
            .hint("the provider deletes it there in its own time; where it does not, empty that folder yourself"),
        None if can.gmail => Finding::bad(
            what,
            "Gmail does not show its trash folder, so that read mail stays there",
            "on Gmail's web page, Settings, Labels: tick \"Show in IMAP\" beside Trash (Bin)",
        ),
        None => Finding::bad(
            what,
            "the server has MOVE, but neither UIDPLUS nor a trash folder, so that read mail stays there",
            "make a folder named Trash in that mailbox, with a mail program or on the provider's web page",
        ),
    }
}

fn judge_idle(can: &Capabilities) -> Finding {
    let what = "new mail";
    if can.idle {
        return Finding::good(what, "the server tells of it (IDLE)");
    }
    Finding::good(what, "the server does not tell of it (no IDLE)")
        .hint("it is looked for every imap.poll_interval; a shorter one makes it quicker")
}

fn judge_size(limit: Option<u64>, budget: u64) -> Finding {
    let what = "largest mail";
    let largest_part = encoded_body_len(part_len(PART_SIZE) as u64) + PART_FRAME;
    match limit {
        Some(limit) if limit < largest_part => Finding::bad(
            what,
            format!("{limit} bytes, and a large picture needs {largest_part}"),
            "ask the mail provider for a higher limit, or use another one",
        ),
        Some(limit) if limit < budget => Finding::good(
            what,
            format!("{limit} bytes, less than smtp.message_budget"),
        )
        .hint(format!("smtp.message_budget = {limit} saves a try")),
        Some(limit) => Finding::good(what, format!("{limit} bytes")),
        None => Finding::good(what, "the server names no limit"),
    }
}

fn judge_recipients(limit: Option<u64>, set: u32) -> Finding {
    let what = "households of one mail";
    match limit {
        Some(limit) if limit < u64::from(set) => Finding::good(
            what,
            format!("the server takes {limit}, less than smtp.max_recipients"),
        )
        .hint(format!("smtp.max_recipients = {limit} saves a try")),
        Some(limit) => Finding::good(what, format!("the server takes {limit}")),
        None => Finding::good(
            what,
            format!("{set} by the settings; the server names no limit"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_below_one_part_is_a_fault_and_one_below_the_budget_is_not() {
        let judge = |limit| judge_size(limit, 18_000_000);
        assert!(!judge(Some(5_000_000)).good);
        assert!(judge(Some(10_000_000)).good && judge(Some(10_000_000)).hint.is_some());
        assert!(judge(Some(26_214_400)).good && judge(Some(26_214_400)).hint.is_none());
        assert!(judge(None).good);
    }

    #[test]
    fn what_a_server_lacks_is_said_with_the_way_out() {
        let mut all = Capabilities::default();
        (all.uidplus, all.move_, all.idle) = (true, true, true);
        assert!(judge_removal(&all, &[]).good);
        assert!(judge_idle(&all).hint.is_none());
        let none = Capabilities::default();
        assert!(!judge_removal(&none, &[]).good);
        assert!(judge_idle(&none).good && judge_idle(&none).hint.is_some());
        assert!(judge_recipients(Some(20), 50).hint.is_some());
        assert!(judge_recipients(Some(100), 50).hint.is_none());
    }
}
