//! A server on loopback that says what a test makes it say, for faults no proper server has.
#![allow(dead_code)] // each test file uses its share

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// What to do after a line from the client.
pub enum Act {
    /// Say this and listen on.
    Say(Vec<u8>),
    /// Say this and hang up.
    Bye(Vec<u8>),
    /// Fall silent, with the connection open.
    Hush,
}

pub fn say(text: impl Into<Vec<u8>>) -> Act {
    Act::Say(text.into())
}

/// A running script: its port, and every line it was told.
pub struct Script {
    pub port: u16,
    pub heard: Arc<Mutex<Vec<String>>>,
}

impl Script {
    /// Greets every connection and answers each of its lines by `act`.
    pub async fn start(
        greeting: &'static str,
        act: impl FnMut(&str) -> Act + Send + 'static,
    ) -> Script {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (log, act) = (Arc::clone(&heard), Arc::new(Mutex::new(act)));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, act) = (Arc::clone(&log), Arc::clone(&act));
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    if stream.write_all(greeting.as_bytes()).await.is_err() {
                        return;
                    }
                    let mut line = String::new();
                    while stream.read_line(&mut line).await.is_ok_and(|n| n > 0) {
                        log.lock()
                            .expect("not poisoned")
                            .push(line.trim_end().to_owned());
                        let next = (act.lock().expect("not poisoned"))(line.trim_end());
                        let (text, more) = match next {
                            Act::Say(text) => (text, true),
                            Act::Bye(text) => (text, false),
                            Act::Hush => (vec![], true),
                        };
                        if stream.write_all(&text).await.is_err() || !more {
                            return;
                        }
                        line.clear();
                    }
                });
            }
        });
        Script { port, heard }
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("not poisoned").clone()
    }
}
