//! From an accepted message to the folders of its recipients.
//!
//! 1. Ask which alterations the faults demand for this recipient.
//! 2. Make the altered message, or share the one just made.
//! 3. Put it into the folder, or hold it back.

use crate::{
    faults::Fault,
    header,
    message::Content,
    store::{Delivery, Shared, now},
};
use std::sync::Arc;

/// What a recipient's copy is to lose or to get.
#[derive(Clone, Default, PartialEq)]
struct Alterations {
    stripped: Vec<String>,
    content_ids: bool,
    message_id: bool,
}

impl Alterations {
    fn demanded(shared: &Shared, account: &str) -> Self {
        let account = Some(account);
        let one = |wanted: fn(&Fault) -> bool| {
            shared
                .rules
                .take(account, |fault| wanted(fault).then_some(()))
                .is_some()
        };
        Self {
            stripped: shared.rules.take_all(account, |fault| match fault {
                Fault::StripHeader(name) => Some(name.clone()),
                _ => None,
            }),
            content_ids: one(|fault| matches!(fault, Fault::StripContentIds)),
            message_id: one(|fault| matches!(fault, Fault::RewriteMessageId)),
        }
    }

    fn applied(&self, content: &Arc<Content>, shared: &Shared) -> Arc<Content> {
        if *self == Self::default() {
            return Arc::clone(content);
        }
        let mut content = Arc::clone(content);
        if self.content_ids {
            let headers = content.structure().part_headers();
            content = Content::new(&header::without_field(
                &content.bytes,
                &headers,
                "Content-ID",
            ));
        }
        for name in &self.stripped {
            content = Content::new(&without_top_field(&content, name));
        }
        if self.message_id {
            let mut state = shared.state();
            state.rewritten_ids += 1;
            let mut bytes = format!(
                "Message-ID: <{}@rewritten.invalid>\r\n",
                state.rewritten_ids
            )
            .into_bytes();
            drop(state);
            bytes.extend(without_top_field(&content, "Message-ID"));
            content = Content::new(&bytes);
        }
        content
    }
}

fn without_top_field(content: &Content, name: &str) -> Vec<u8> {
    header::without_field(
        &content.bytes,
        std::slice::from_ref(&content.structure().header),
        name,
    )
}

/// Delivers one copy to each of the accounts; the same account may be named several times.
pub(crate) fn deliver(shared: &Shared, accounts: &[String], bytes: &[u8]) {
    let content = Content::new(bytes);
    // Recipients in the same case share their altered message.
    let mut made: Vec<(Alterations, Arc<Content>)> = Vec::new();
    for account in accounts {
        let alterations = Alterations::demanded(shared, account);
        let found = made.iter().find(|(done, _)| *done == alterations);
        let content = match found {
            Some((_, content)) => Arc::clone(content),
            None => {
                let content = alterations.applied(&content, shared);
                made.push((alterations, Arc::clone(&content)));
                content
            }
        };
        deliver_one(shared, account, &content);
    }
}

fn deliver_one(shared: &Shared, account: &str, content: &Arc<Content>) {
    let asked = |wanted: fn(&Fault) -> bool| {
        shared
            .rules
            .take(Some(account), |fault| wanted(fault).then_some(()))
            .is_some()
    };
    let folder = if asked(|fault| matches!(fault, Fault::IntoJunk)) {
        "Junk"
    } else {
        "INBOX"
    };
    let copies = if asked(|fault| matches!(fault, Fault::Duplicate)) {
        2
    } else {
        1
    };
    let held = asked(|fault| matches!(fault, Fault::Hold));
    shared.change(|state| {
        for _ in 0..copies {
            let delivery = Delivery {
                account: account.to_owned(),
                folder,
                content: Arc::clone(content),
            };
            if held {
                state.held.push(delivery);
            } else {
                state.put(delivery, now());
            }
        }
    });
}
