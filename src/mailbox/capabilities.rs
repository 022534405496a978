//! What a server can do, as far as it makes a difference here.

use async_imap::imap_proto::{Capability, Response};

/// What the server can do, as it says after the sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// UID EXPUNGE (RFC 4315): only named messages are removed.
    pub uidplus: bool,
    /// MOVE (RFC 6851).
    pub move_: bool,
    /// IDLE (RFC 2177).
    pub idle: bool,
    /// Folders tell their use (RFC 6154).
    pub special_use: bool,
    /// LIST takes options (RFC 5258).
    pub list_extended: bool,
    /// Gmail, where removing from a folder keeps the mail (CASES O-02).
    pub gmail: bool,
    /// BINARY (RFC 3516).
    pub binary: bool,
    /// LOGIN is not taken, at least not now.
    pub(super) login_disabled: bool,
    /// AUTHENTICATE PLAIN is taken.
    pub(super) auth_plain: bool,
    /// AUTHENTICATE XOAUTH2 is taken.
    pub(super) auth_xoauth2: bool,
    /// AUTHENTICATE takes the first answer in its own line (RFC 4959).
    pub(super) sasl_ir: bool,
    /// STARTTLS is offered.
    pub(super) start_tls: bool,
    /// All of it, for messages.
    pub(super) list: String,
}

impl Capabilities {
    /// Whether what is expunged in a folder is gone. Else it must be moved to a trash folder, if there is one.
    pub fn deletes_in_place(&self) -> bool {
        self.uidplus && !self.gmail
    }

    /// Takes in an answer that holds capabilities; another one changes nothing.
    pub(super) fn learn(&mut self, response: &Response<'_>) {
        let Response::Capabilities(capabilities) = response else {
            return;
        };
        for capability in capabilities {
            match capability {
                Capability::Imap4rev1 => {}
                Capability::Auth(mechanism) => {
                    self.auth_plain |= mechanism.eq_ignore_ascii_case("PLAIN");
                    self.auth_xoauth2 |= mechanism.eq_ignore_ascii_case("XOAUTH2");
                    self.note(&format!("AUTH={mechanism}"));
                }
                Capability::Atom(name) => {
                    self.note(name);
                    self.learn_atom(&name.to_ascii_uppercase());
                }
            }
        }
    }

    fn note(&mut self, name: &str) {
        if self.list.len() < 400 {
            self.list.push_str(name);
            self.list.push(' ');
        }
    }

    fn learn_atom(&mut self, name: &str) {
        match name {
            "UIDPLUS" => self.uidplus = true,
            "MOVE" => self.move_ = true,
            "IDLE" => self.idle = true,
            "SPECIAL-USE" => self.special_use = true,
            "LIST-EXTENDED" => self.list_extended = true,
            "X-GM-EXT-1" => self.gmail = true,
            "BINARY" => self.binary = true,
            "LOGINDISABLED" => self.login_disabled = true,
            "SASL-IR" => self.sasl_ir = true,
            "STARTTLS" => self.start_tls = true,
            _ => {}
        }
    }
}
