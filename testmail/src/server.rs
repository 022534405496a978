//! The server as its owner holds it.

use crate::{
    address::normalised,
    faults::Faults,
    imap,
    log::{Command, Transaction},
    message::Content,
    smtp,
    store::{Account, Shared, State, StoredMessage, now},
};
use std::{
    collections::BTreeSet,
    fmt, io,
    net::{Ipv4Addr, TcpListener as StdListener},
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant, SystemTime},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// How to start a server.
#[derive(Clone, Debug)]
pub struct Options {
    /// The accounts from the start; more may be added later.
    pub accounts: Vec<Account>,
    /// The largest message taken, in bytes as transferred (so after base64).
    pub message_limit: usize,
    /// Port on 127.0.0.1; `None` takes a free one.
    pub smtp_port: Option<u16>,
    /// Port on 127.0.0.1; `None` takes a free one.
    pub imap_port: Option<u16>,
}

impl Default for Options {
    /// No accounts, 25 MiB, free ports.
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            message_limit: 26_214_400,
            smtp_port: None,
            imap_port: None,
        }
    }
}

/// There is no such account, or no such folder or message in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchFolder;

impl fmt::Display for NoSuchFolder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("no such account, folder or message")
    }
}

impl std::error::Error for NoSuchFolder {}

/// The time is over and not all messages are there.
#[derive(Clone, Debug)]
pub struct Incomplete {
    /// Those that are there.
    pub messages: Vec<StoredMessage>,
    wanted: usize,
}

impl fmt::Display for Incomplete {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} of {} messages arrived in time",
            self.messages.len(),
            self.wanted
        )
    }
}

impl std::error::Error for Incomplete {}

/// A running server. Stops, and closes every connection, when dropped.
pub struct Server {
    shared: Arc<Shared>,
    smtp_port: u16,
    imap_port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Binds both ports on 127.0.0.1 and serves them on a thread of its own.
    ///
    /// # Errors
    /// A port that was asked for is taken, or the system gives no socket or thread.
    pub fn start(options: Options) -> io::Result<Self> {
        let (smtp, smtp_port) = bind(options.smtp_port)?;
        let (imap, imap_port) = bind(options.imap_port)?;
        let shared = Arc::new(Shared::new(&options.accounts, options.message_limit));
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("testmail".to_owned())
            .spawn(move || {
                // A dropped sender stops as well; all tasks end with the runtime.
                runtime.block_on(async {
                    tokio::select! {
                        _ = stopped => {}
                        _ = accept(smtp, Arc::clone(&served), smtp::serve) => {}
                        _ = accept(imap, served, imap::serve) => {}
                    }
                });
            })?;
        Ok(Self {
            shared,
            smtp_port,
            imap_port,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The port for SMTP, on 127.0.0.1.
    pub fn smtp_port(&self) -> u16 {
        self.smtp_port
    }

    /// The port for IMAP, on 127.0.0.1.
    pub fn imap_port(&self) -> u16 {
        self.imap_port
    }

    /// Sets faults.
    pub fn faults(&self) -> Faults {
        Faults::new(Arc::clone(&self.shared.rules))
    }

    /// Adds an account with INBOX, Junk and Trash; one of the same address is replaced.
    pub fn add_account(&self, account: &Account) {
        self.shared.change(|state| state.add_account(account));
    }

    /// The messages of a folder, oldest first; none if there is no such folder.
    pub fn messages(&self, account: &str, folder: &str) -> Vec<StoredMessage> {
        self.shared.state().stored(&normalised(account), folder)
    }

    /// Puts a message into a folder as it is, without trace fields and without faults.
    ///
    /// # Errors
    /// There is no such account or folder.
    pub fn deliver(
        &self,
        account: &str,
        folder: &str,
        message: &[u8],
    ) -> Result<u32, NoSuchFolder> {
        self.deliver_at(account, folder, message, now())
    }

    /// As [`Server::deliver`], with this INTERNALDATE.
    ///
    /// # Errors
    /// There is no such account or folder.
    pub fn deliver_at(
        &self,
        account: &str,
        folder: &str,
        message: &[u8],
        internal_date: SystemTime,
    ) -> Result<u32, NoSuchFolder> {
        let content = Content::new(message);
        self.shared.change(|state| {
            let folder = state
                .folder_mut(&normalised(account), folder)
                .ok_or(NoSuchFolder)?;
            Ok(folder.add(content, BTreeSet::new(), internal_date))
        })
    }

    /// Empties a folder.
    ///
    /// # Errors
    /// There is no such account or folder.
    pub fn remove_messages(&self, account: &str, folder: &str) -> Result<(), NoSuchFolder> {
        self.shared.change(|state| {
            let folder = state
                .folder_mut(&normalised(account), folder)
                .ok_or(NoSuchFolder)?;
            folder.messages.clear();
            Ok(())
        })
    }

    /// Inverts the lowest bit of one byte of a stored message; copies elsewhere stay as they are.
    ///
    /// # Errors
    /// There is no such account, folder or message, or the message is shorter.
    pub fn flip_byte(
        &self,
        account: &str,
        folder: &str,
        uid: u32,
        position: usize,
    ) -> Result<(), NoSuchFolder> {
        self.shared.change(|state| {
            let folder = state
                .folder_mut(&normalised(account), folder)
                .ok_or(NoSuchFolder)?;
            let message = folder.message_mut(uid).ok_or(NoSuchFolder)?;
            let mut bytes = message.content.bytes.to_vec();
            *bytes.get_mut(position).ok_or(NoSuchFolder)? ^= 1;
            message.content = Content::new(&bytes);
            Ok(())
        })
    }

    /// Gives a folder another UIDVALIDITY, which is returned; its UIDs start again at 1.
    /// Sessions that have it selected are told BYE.
    ///
    /// # Errors
    /// There is no such account or folder.
    pub fn change_uidvalidity(&self, account: &str, folder: &str) -> Result<u32, NoSuchFolder> {
        let account = normalised(account);
        self.shared
            .change(|state| state.renumber(&account, folder))
            .ok_or(NoSuchFolder)
    }

    /// Takes a folder away with all that lies in it, or hides it, as a person does by the provider's
    /// web page.
    ///
    /// # Errors
    /// There is no such account or folder.
    pub fn remove_folder(&self, account: &str, folder: &str) -> Result<(), NoSuchFolder> {
        let account = normalised(account);
        let removed = self
            .shared
            .change(|state| state.remove_folder(&account, folder));
        removed.then_some(()).ok_or(NoSuchFolder)
    }

    /// Makes an account behave like Gmail: X-GM-EXT-1, `[Gmail]/Trash` and `[Gmail]/All Mail`, where
    /// what is expunged in another folder than the trash stays.
    ///
    /// # Errors
    /// There is no such account.
    pub fn make_gmail(&self, account: &str) -> Result<(), NoSuchFolder> {
        let account = normalised(account);
        let made = self.shared.change(|state| state.make_gmail(&account));
        made.then_some(()).ok_or(NoSuchFolder)
    }

    /// How many deliveries [`Faults::hold`] holds back now.
    pub fn held(&self) -> usize {
        self.shared.state().held.len()
    }

    /// Delivers what is held back, in the order in which it came.
    pub fn release(&self) {
        self.shared.change(release_all);
    }

    /// Delivers what is held back, last first.
    pub fn release_reversed(&self) {
        self.shared.change(|state| {
            state.held.reverse();
            release_all(state);
        });
    }

    /// Every mail transaction that has ended.
    pub fn transactions(&self) -> Vec<Transaction> {
        self.shared.state().transactions.clone()
    }

    /// Every IMAP command so far.
    pub fn imap_log(&self) -> Vec<Command> {
        self.shared.state().commands.clone()
    }

    /// Waits, without polling, until a folder holds at least so many messages.
    /// Blocks the thread; async code uses [`Server::messages_arrived`].
    ///
    /// # Errors
    /// They did not come in time.
    pub fn wait_for_messages(
        &self,
        account: &str,
        folder: &str,
        wanted: usize,
        timeout: Duration,
    ) -> Result<Vec<StoredMessage>, Incomplete> {
        let account = normalised(account);
        let deadline = Instant::now() + timeout;
        let mut state = self.shared.state();
        while count(&state, &account, folder) < wanted {
            match self.shared.sleep_until_change(state, deadline) {
                Some(woken) => state = woken,
                None => {
                    let messages = self.shared.state().stored(&account, folder);
                    return Err(Incomplete { messages, wanted });
                }
            }
        }
        Ok(state.stored(&account, folder))
    }

    /// As [`Server::wait_for_messages`], without blocking the thread.
    ///
    /// # Errors
    /// They did not come in time.
    pub async fn messages_arrived(
        &self,
        account: &str,
        folder: &str,
        wanted: usize,
        timeout: Duration,
    ) -> Result<Vec<StoredMessage>, Incomplete> {
        let account = normalised(account);
        let mut changes = self.shared.subscribe();
        let enough = |_: &u64| count(&self.shared.state(), &account, folder) >= wanted;
        let arrived = tokio::time::timeout(timeout, changes.wait_for(enough))
            .await
            .is_ok();
        let messages = self.shared.state().stored(&account, folder);
        if arrived {
            Ok(messages)
        } else {
            Err(Incomplete { messages, wanted })
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Its panic was printed already.
            _ = thread.join();
        }
    }
}

fn count(state: &State, account: &str, folder: &str) -> usize {
    state
        .folder(account, folder)
        .map_or(0, |folder| folder.messages.len())
}

fn release_all(state: &mut State) {
    for delivery in std::mem::take(&mut state.held) {
        state.put(delivery, now());
    }
}

fn bind(port: Option<u16>) -> io::Result<(StdListener, u16)> {
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0)))?;
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

async fn accept<F>(
    listener: StdListener,
    shared: Arc<Shared>,
    serve: fn(TcpStream, Arc<Shared>) -> F,
) -> io::Result<()>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::from_std(listener)?;
    loop {
        // One connection that fails at once must not end the server.
        if let Ok((socket, _)) = listener.accept().await {
            _ = socket.set_nodelay(true);
            tokio::spawn(serve(socket, Arc::clone(&shared)));
        }
    }
}
