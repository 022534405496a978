//! What stands between the box and its mail account, and the sign-ins that are not tried again: a provider may lock an
//! account that is tried again and again (CASES O-04).

use crate::endpoint::Account;
use crate::mailbox::MailboxError;
use crate::sharing::Fault;
use crate::submission::SubmissionError;

/// What kept a pass from the mail account, as far as it says when to try again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// Nothing.
    #[default]
    None,
    /// A refused sign-in: nothing is tried there before the password is another one.
    SignIn,
    /// The network or the server; soon again.
    Passing,
    /// Too many connections to the account, which is no wrong password (CASES O-03): later.
    Crowded,
}

impl Obstacle {
    pub(in crate::sharing) fn of(error: &MailboxError) -> Self {
        match error {
            MailboxError::SignIn(_) => Obstacle::SignIn,
            MailboxError::TooManyConnections { .. } => Obstacle::Crowded,
            _ => Obstacle::Passing,
        }
    }
}

/// The refused sign-ins of this run of the program; another run tries again.
#[derive(Debug, Default)]
pub(in crate::sharing) struct Refused {
    imap: Option<(Account, String)>,
    smtp: Option<(Account, String)>,
}

impl Refused {
    /// Whether a sign-in is not tried any more.
    pub(in crate::sharing) fn any(&self) -> bool {
        self.imap.is_some() || self.smtp.is_some()
    }

    /// Refuses an account for IMAP that was refused as it is now; forgets the refusal of another one.
    pub(in crate::sharing) fn check_imap(&mut self, account: &Account) -> Result<(), Fault> {
        check(&mut self.imap, account)
    }

    /// The same for SMTP.
    pub(super) fn check_smtp(&mut self, account: &Account) -> Result<(), Fault> {
        check(&mut self.smtp, account)
    }

    /// Notes the refused sign-in, if it is one.
    pub(in crate::sharing) fn note_imap(&mut self, account: &Account, error: &MailboxError) {
        if let MailboxError::SignIn(refused) = error {
            self.imap = Some((account.clone(), refused.to_string()));
        }
    }

    /// The same for SMTP.
    pub(in crate::sharing) fn note_smtp(&mut self, account: &Account, error: &SubmissionError) {
        if let SubmissionError::SignIn(refused) = error {
            self.smtp = Some((account.clone(), refused.to_string()));
        }
    }
}

fn check(refused: &mut Option<(Account, String)>, account: &Account) -> Result<(), Fault> {
    match refused {
        Some((old, words)) if old.signs_in_like(account) => {
            Err(Fault::new("sign_in", words.clone())
                .hint("it is tried again when the password is another one, or after a restart"))
        }
        _ => {
            *refused = None;
            Ok(())
        }
    }
}
