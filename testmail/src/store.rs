//! What the server holds: accounts, their folders, the messages in these, and what was asked.
//! Everything is in memory. Nothing here reads a socket.

use crate::{
    address::normalised,
    clock,
    faults::Rules,
    log::{Command, Transaction},
    message::Content,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};
use tokio::sync::watch;

/// A mail account: an address and the password for it.
#[derive(Clone)]
pub struct Account {
    /// The address, without a detail; it is also the name to sign in with.
    pub address: String,
    password: String,
}

impl Account {
    /// `Account::new("home-a@a.example", "secret")`.
    pub fn new(address: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            password: password.into(),
        }
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Account")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// A message as it lies in a folder.
#[derive(Clone, Debug)]
pub struct StoredMessage {
    /// Holds with the UIDVALIDITY of the folder only.
    pub uid: u32,
    /// Flags as IMAP writes them: `\Seen`, `$Forwarded`.
    pub flags: Vec<String>,
    /// When it arrived.
    pub internal_date: SystemTime,
    /// The whole message, trace fields included. Shared by all copies.
    pub bytes: Arc<[u8]>,
}

/// Gmail's folder of all mail, and that of what goes.
pub(crate) const GMAIL_ALL: &str = "[Gmail]/All Mail";
pub(crate) const GMAIL_TRASH: &str = "[Gmail]/Trash";

pub(crate) struct Message {
    pub(crate) uid: u32,
    pub(crate) flags: BTreeSet<String>,
    pub(crate) internal_date: SystemTime,
    pub(crate) content: Arc<Content>,
    /// The revision that changed the flags last, and the connection that did it.
    pub(crate) changed: (u64, u64),
}

impl Message {
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags
            .iter()
            .any(|held| held.eq_ignore_ascii_case(flag))
    }
}

pub(crate) struct Folder {
    pub(crate) uid_validity: u32,
    pub(crate) uid_next: u32,
    /// From this UID on, no session was told of the messages yet.
    pub(crate) recent_from: u32,
    /// Invariant: in rising order of UID.
    pub(crate) messages: Vec<Message>,
}

impl Folder {
    fn new(uid_validity: u32) -> Self {
        Self {
            uid_validity,
            uid_next: 1,
            recent_from: 1,
            messages: Vec::new(),
        }
    }

    pub(crate) fn add(
        &mut self,
        content: Arc<Content>,
        flags: BTreeSet<String>,
        internal_date: SystemTime,
    ) -> u32 {
        let uid = self.uid_next;
        self.uid_next += 1;
        self.messages.push(Message {
            uid,
            flags,
            internal_date,
            content,
            changed: (0, 0),
        });
        uid
    }

    fn position(&self, uid: u32) -> Option<usize> {
        self.messages
            .binary_search_by_key(&uid, |message| message.uid)
            .ok()
    }

    pub(crate) fn message(&self, uid: u32) -> Option<&Message> {
        self.position(uid).map(|at| &self.messages[at])
    }

    pub(crate) fn message_mut(&mut self, uid: u32) -> Option<&mut Message> {
        self.position(uid).map(|at| &mut self.messages[at])
    }

    /// Gives the folder another UIDVALIDITY; its UIDs start again at 1.
    fn renumber(&mut self, uid_validity: u32) {
        self.uid_validity = uid_validity;
        self.recent_from = 1;
        for (message, uid) in self.messages.iter_mut().zip(1..) {
            message.uid = uid;
        }
        self.uid_next = self.messages.last().map_or(1, |last| last.uid + 1);
    }
}

pub(crate) struct Mailbox {
    password: String,
    /// Keeps what is expunged, as Gmail does.
    gmail: bool,
    pub(crate) folders: BTreeMap<String, Folder>,
}

impl Mailbox {
    pub(crate) fn folder(&self, name: &str) -> Option<&Folder> {
        self.folders.get(folder_name(name))
    }

    pub(crate) fn folder_mut(&mut self, name: &str) -> Option<&mut Folder> {
        self.folders.get_mut(folder_name(name))
    }
}

/// RFC 9051 §5.1: INBOX in any case is INBOX.
pub(crate) fn folder_name(name: &str) -> &str {
    if name.eq_ignore_ascii_case("INBOX") {
        "INBOX"
    } else {
        name
    }
}

/// A delivery that waits for its release.
pub(crate) struct Delivery {
    pub(crate) account: String,
    pub(crate) folder: &'static str,
    pub(crate) content: Arc<Content>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) mailboxes: BTreeMap<String, Mailbox>,
    pub(crate) held: Vec<Delivery>,
    pub(crate) transactions: Vec<Transaction>,
    pub(crate) commands: Vec<Command>,
    /// Counts the changes; a session sees by it what is new to it.
    pub(crate) revision: u64,
    pub(crate) submissions: u64,
    /// IMAP connections so far.
    pub(crate) connections: u64,
    pub(crate) rewritten_ids: u64,
    last_uid_validity: u32,
}

impl State {
    pub(crate) fn add_account(&mut self, account: &Account) {
        let folders = ["INBOX", "Junk", "Trash"]
            .map(|name| (name.to_owned(), Folder::new(self.next_uid_validity())));
        self.mailboxes.insert(
            normalised(&account.address),
            Mailbox {
                password: account.password.clone(),
                gmail: false,
                folders: BTreeMap::from(folders),
            },
        );
    }

    /// `false` if there is no such account.
    pub(crate) fn make_gmail(&mut self, account: &str) -> bool {
        let all = Folder::new(self.next_uid_validity());
        let Some(mailbox) = self.mailboxes.get_mut(account) else {
            return false;
        };
        mailbox.gmail = true;
        if let Some(trash) = mailbox.folders.remove("Trash") {
            mailbox.folders.insert(GMAIL_TRASH.to_owned(), trash);
        }
        mailbox.folders.insert(GMAIL_ALL.to_owned(), all);
        true
    }

    pub(crate) fn is_gmail(&self, account: &str) -> bool {
        let mailbox = self.mailboxes.get(account);
        mailbox.is_some_and(|mailbox| mailbox.gmail)
    }

    /// What is expunged anywhere but in the trash folder only loses its label.
    pub(crate) fn keep_as_gmail(&mut self, account: &str, folder: &str, gone: Vec<Message>) {
        let keeps = self.is_gmail(account) && folder != GMAIL_TRASH;
        if let Some(all) = self.folder_mut(account, GMAIL_ALL).filter(|_| keeps) {
            for message in gone {
                all.add(message.content, BTreeSet::new(), message.internal_date);
            }
        }
    }

    fn next_uid_validity(&mut self) -> u32 {
        self.last_uid_validity += 1;
        self.last_uid_validity
    }

    /// The account that takes mail for this address: its own, or that without the detail.
    pub(crate) fn account_for(&self, address: &str) -> Option<String> {
        let whole = normalised(address);
        if let Some(account) = self.named(&whole) {
            return Some(account);
        }
        let (local, domain) = whole.rsplit_once('@')?;
        let (user, _detail) = local.split_once('+')?;
        self.named(&format!("{user}@{domain}"))
    }

    /// The account of that name; as most providers have it, whatever its capitals are.
    fn named(&self, address: &str) -> Option<String> {
        if self.mailboxes.contains_key(address) {
            return Some(address.to_owned());
        }
        let mut names = self.mailboxes.keys();
        names
            .find(|name| name.eq_ignore_ascii_case(address))
            .cloned()
    }

    pub(crate) fn password_is(&self, account: &str, password: &[u8]) -> bool {
        self.mailboxes
            .get(account)
            .is_some_and(|mailbox| mailbox.password.as_bytes() == password)
    }

    pub(crate) fn folder(&self, account: &str, name: &str) -> Option<&Folder> {
        self.mailboxes.get(account)?.folder(name)
    }

    pub(crate) fn folder_mut(&mut self, account: &str, name: &str) -> Option<&mut Folder> {
        self.mailboxes.get_mut(account)?.folder_mut(name)
    }

    /// `false` if there is one already, or no such account.
    pub(crate) fn create_folder(&mut self, account: &str, name: &str) -> bool {
        if self.folder(account, name).is_some() {
            return false;
        }
        let folder = Folder::new(self.next_uid_validity());
        let Some(mailbox) = self.mailboxes.get_mut(account) else {
            return false;
        };
        mailbox.folders.insert(folder_name(name).to_owned(), folder);
        true
    }

    pub(crate) fn remove_folder(&mut self, account: &str, name: &str) -> bool {
        let mailbox = self.mailboxes.get_mut(account);
        mailbox.is_some_and(|mailbox| mailbox.folders.remove(folder_name(name)).is_some())
    }

    pub(crate) fn renumber(&mut self, account: &str, name: &str) -> Option<u32> {
        let fresh = self.next_uid_validity();
        self.folder_mut(account, name)?.renumber(fresh);
        Some(fresh)
    }

    pub(crate) fn stored(&self, account: &str, folder: &str) -> Vec<StoredMessage> {
        let messages = self
            .folder(account, folder)
            .map_or(&[][..], |folder| &folder.messages);
        let stored = |message: &Message| StoredMessage {
            uid: message.uid,
            flags: message.flags.iter().cloned().collect(),
            internal_date: message.internal_date,
            bytes: Arc::clone(&message.content.bytes),
        };
        messages.iter().map(stored).collect()
    }

    pub(crate) fn put(&mut self, delivery: Delivery, date: SystemTime) {
        if let Some(folder) = self.folder_mut(&delivery.account, delivery.folder) {
            folder.add(delivery.content, BTreeSet::new(), date);
        }
    }
}

/// The state as connections and the owner of the server share it.
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) rules: Arc<Rules>,
    /// Both are woken by every change: one for tasks, one for threads.
    revision: watch::Sender<u64>,
    woken: Condvar,
    pub(crate) message_limit: usize,
}

impl Shared {
    pub(crate) fn new(accounts: &[Account], message_limit: usize) -> Self {
        let mut state = State::default();
        for account in accounts {
            state.add_account(account);
        }
        Self {
            state: Mutex::new(state),
            rules: Arc::default(),
            revision: watch::Sender::new(0),
            woken: Condvar::new(),
            message_limit,
        }
    }

    /// For reading, and for the logs, which wake nobody.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes messages or folders, and wakes all who wait for that.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        state.revision += 1;
        let result = change(&mut state);
        self.revision.send_replace(state.revision);
        drop(state);
        self.woken.notify_all();
        result
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Sleeps until the next change, at most until `deadline`; `None` once that is past.
    pub(crate) fn sleep_until_change<'a>(
        &self,
        state: MutexGuard<'a, State>,
        deadline: std::time::Instant,
    ) -> Option<MutexGuard<'a, State>> {
        let left = deadline.checked_duration_since(std::time::Instant::now())?;
        let woken = self.woken.wait_timeout(state, left);
        Some(woken.unwrap_or_else(PoisonError::into_inner).0)
    }
}

/// The time written into trace fields and taken for INTERNALDATE, in whole seconds.
pub(crate) fn now() -> SystemTime {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    clock::from_unix(i64::try_from(since.as_secs()).unwrap_or_default())
}
