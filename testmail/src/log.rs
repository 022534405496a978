//! What the server was asked: the provider's view, for tests that assert on it.

/// One mail transaction, from MAIL to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The account that was signed in.
    pub account: String,
    /// The reverse-path.
    pub mail_from: String,
    /// SIZE as given with MAIL.
    pub announced_size: Option<usize>,
    /// Each RCPT with the code it was answered with.
    pub recipients: Vec<(String, u16)>,
    /// Bytes of the message that came, after removal of the stuffed dots.
    pub bytes_received: usize,
    /// The provider took the message over, even if nobody was told so.
    pub accepted: bool,
}

/// One IMAP command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Counts the connections of the server from 1.
    pub connection: u64,
    /// Who was signed in when it came.
    pub account: Option<String>,
    /// The command without its tag. Passwords are `***`, literals only their length: `{12}`.
    pub text: String,
    /// Bytes of its answer sent so far.
    pub bytes_sent: u64,
}
