//! Clients that speak line by line, and the people of these tests.
#![allow(dead_code, reason = "each test file uses a part")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};
use testmail::{Account, Options, Server};

pub const ALICE: &str = "home-a@a.example";
pub const BOB: &str = "home-b@b.example";
pub const CAROL: &str = "home-c@c.example";
pub const SOON: Duration = Duration::from_secs(10);
/// `NUL home-a@a.example NUL secret`
pub const ALICE_PLAIN: &str = "AGhvbWUtYUBhLmV4YW1wbGUAc2VjcmV0";

pub fn server() -> Server {
    let accounts = [ALICE, BOB, CAROL]
        .map(|address| Account::new(address, "secret"))
        .to_vec();
    Server::start(Options {
        accounts,
        ..Options::default()
    })
    .expect("free ports")
}

pub struct Wire {
    reader: BufReader<TcpStream>,
}

impl Wire {
    pub fn connect(port: u16) -> Self {
        let socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("a listening server");
        socket
            .set_read_timeout(Some(SOON))
            .expect("a time above zero");
        Self {
            reader: BufReader::new(socket),
        }
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // The server may have hung up by now: that shows when the answer is read.
        _ = self.reader.get_mut().write_all(bytes.as_ref());
    }

    /// A line without its end; empty when the server hung up.
    pub fn line(&mut self) -> String {
        let mut line = Vec::new();
        _ = self.reader.read_until(b'\n', &mut line);
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }

    pub fn exactly(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes).expect("so many bytes");
        bytes
    }

    pub fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        _ = self.reader.read_to_end(&mut bytes);
        bytes
    }
}

/// An SMTP client.
pub struct Smtp(pub Wire);

impl Smtp {
    /// Connected, greeted and signed in as Alice.
    pub fn alice(server: &Server) -> Self {
        let mut smtp = Self::greeted(server);
        assert_eq!(
            smtp.ask(&format!("AUTH PLAIN {ALICE_PLAIN}")),
            "235 2.7.0 signed in"
        );
        smtp
    }

    pub fn greeted(server: &Server) -> Self {
        let mut smtp = Self(Wire::connect(server.smtp_port()));
        assert!(smtp.0.line().starts_with("220 "));
        assert!(
            smtp.ask("EHLO client.example")
                .ends_with("AUTH PLAIN LOGIN XOAUTH2")
        );
        smtp
    }

    /// Sends a line and gives the last line of the answer.
    pub fn ask(&mut self, line: &str) -> String {
        self.0.send(format!("{line}\r\n"));
        self.answer()
    }

    pub fn answer(&mut self) -> String {
        loop {
            let line = self.0.line();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        }
    }

    /// A whole transaction up to the final dot; `message` must be stuffed already.
    pub fn submit(&mut self, to: &[&str], message: &str) -> String {
        assert_eq!(self.ask(&format!("MAIL FROM:<{ALICE}>")), "250 2.1.0 ok");
        for address in to {
            self.ask(&format!("RCPT TO:<{address}>"));
        }
        assert!(self.ask("DATA").starts_with("354 "));
        self.ask(&format!("{message}\r\n."))
    }
}

/// An IMAP client.
pub struct Imap {
    pub wire: Wire,
    number: u32,
}

impl Imap {
    /// Signed in, with INBOX selected.
    pub fn inbox(server: &Server, account: &str) -> Self {
        let mut imap = Self::greeted(server);
        imap.ok(&format!("LOGIN {account} secret"));
        imap.ok("SELECT INBOX");
        imap
    }

    pub fn greeted(server: &Server) -> Self {
        let mut wire = Wire::connect(server.imap_port());
        assert!(wire.line().starts_with("* OK [CAPABILITY IMAP4rev1 "));
        Self { wire, number: 0 }
    }

    /// Sends a command and gives all lines of its answer, literals put in with `\r\n`, the tag as `.`.
    pub fn ask(&mut self, command: &str) -> Vec<String> {
        self.number += 1;
        self.wire.send(format!("t{} {command}\r\n", self.number));
        self.answer()
    }

    pub fn answer(&mut self) -> Vec<String> {
        let tag = format!("t{} ", self.number);
        let mut lines = Vec::new();
        loop {
            let mut line = self.wire.line();
            assert!(!line.is_empty(), "the server hung up after {lines:?}");
            while let Some(length) = literal_length(&line) {
                let literal = self.wire.exactly(length);
                line = format!(
                    "{line}\r\n{}{}",
                    String::from_utf8_lossy(&literal),
                    self.wire.line()
                );
            }
            if let Some(rest) = line.strip_prefix(&tag) {
                lines.push(format!(". {rest}"));
                return lines;
            }
            lines.push(line);
        }
    }

    /// As `ask`, without the last line, which must say OK.
    pub fn ok(&mut self, command: &str) -> Vec<String> {
        let mut lines = self.ask(command);
        let last = lines.pop().expect("a tagged line");
        assert!(last.starts_with(". OK"), "{command}: {last}");
        lines
    }

    /// The one untagged line of an answer that says OK.
    pub fn one(&mut self, command: &str) -> String {
        let lines = self.ok(command);
        assert_eq!(lines.len(), 1, "{command}: {lines:?}");
        lines.into_iter().next().unwrap_or_default()
    }
}

fn literal_length(line: &str) -> Option<usize> {
    line.strip_suffix('}')?.rsplit_once('{')?.1.parse().ok()
}

/// A multipart of two sealed parts and a text.
pub const SEALED: &str = "Message-ID: <1@a.example>\r\nSubject: Hearthpost\r\nHearthpost: parts\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_a\"\r\n\r\n--=_a\r\n\
    Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\
    Content-ID: <one@hearthpost.invalid>\r\n\r\nAAAA\r\n\r\n--=_a\r\n\
    Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\
    Content-ID: <two@hearthpost.invalid>\r\n\r\nBBBBCCCC\r\n\r\n--=_a--\r\n";
