//! Asks about many messages at once so that one hostile message can never block the others.
//!
//! An answer that cannot be parsed costs only its own message. A message whose answer makes the server say NO or hang up
//! is found by halving, with a new connection where needed; it alone is reported as unreadable.

use std::collections::BTreeMap;

use async_imap::imap_proto::{AttributeValue, Response};

use super::error::{MailboxError, Unreadable};
use super::session::{Ending, Session, Untagged};

/// What is known about each message asked for; those that are gone are not in it.
pub(super) type Findings<T> = BTreeMap<u32, Result<T, Unreadable>>;

/// New connections for one question; halving 500 messages down to a few bad ones takes less.
const REOPENINGS: u32 = 40;

/// Some messages still to be asked about together.
struct Open {
    uids: Vec<u32>,
    /// Whether the last one alone already cost a connection.
    suspect: bool,
}

impl Session {
    /// Asks for `items` of the messages `uids`. `read` makes something of one answer, or nothing if it is about
    /// something else (servers tell changed flags at any time).
    pub(super) async fn ask<T: Send>(
        &mut self,
        step: &'static str,
        uids: &[u32],
        items: &str,
        mut read: impl FnMut(&[AttributeValue<'_>]) -> Option<Result<T, Unreadable>> + Send,
    ) -> Result<Findings<T>, MailboxError> {
        self.needs_folder()?;
        let mut findings = Findings::new();
        let mut reopened = 0;
        let mut refusal = None;
        let mut open = vec![Open {
            uids: uids.to_vec(),
            suspect: false,
        }];
        while let Some(Open { uids, suspect }) = open.pop() {
            if uids.is_empty() {
                continue;
            }
            let command = format!("UID FETCH {} ({items})", sequence_set(&uids));
            let mut unreadable = None;
            // Told about, without what was asked for: a changed flag, or an item the parser took for one unknown to it.
            let mut told = Vec::new();
            let ending = self
                .run(step, &command, |answer| match answer {
                    Untagged::Unreadable(why) => unreadable = Some(why),
                    Untagged::Response(Response::Fetch(_, values)) => {
                        // Of what was not asked about nothing is believed: how far we have looked follows from it.
                        let asked = uid(&values).filter(|uid| uids.contains(uid));
                        match (asked, read(&values)) {
                            (Some(uid), Some(found)) => {
                                findings.insert(uid, found);
                            }
                            (Some(uid), None) => told.push(uid),
                            (None, _) => {}
                        }
                    }
                    Untagged::Response(_) => {}
                })
                .await;
            let missing: Vec<u32> = uids
                .iter()
                .copied()
                .filter(|uid| !findings.contains_key(uid))
                .collect();
            if missing.iter().any(|uid| told.contains(uid)) {
                unreadable = unreadable.or(Some(Unreadable::Unparsable));
            }
            match ending {
                // Asked alone, its answer was the unreadable one.
                Ok(Ending::Ok) => match (unreadable, missing.as_slice()) {
                    (Some(why), [uid]) if uids.len() == 1 => {
                        findings.insert(*uid, Err(why));
                    }
                    (Some(_), _) => open.extend(missing.into_iter().map(alone)),
                    // Gone meanwhile.
                    (None, _) => {}
                },
                Ok(Ending::Refused(said)) => match missing.as_slice() {
                    [uid] => {
                        findings.insert(*uid, Err(Unreadable::ServerFails));
                        refusal = Some(said);
                    }
                    _ => open.extend(halves(&missing)),
                },
                Err(error) if error.connection_lost() => {
                    reopened += 1;
                    if reopened > REOPENINGS {
                        return Err(error);
                    }
                    self.reopen().await?;
                    match missing.as_slice() {
                        [uid] if suspect => {
                            findings.insert(*uid, Err(Unreadable::ServerFails));
                        }
                        // The network may have failed just then: once more before it is blamed.
                        [uid] => open.push(Open {
                            suspect: true,
                            ..alone(*uid)
                        }),
                        _ => open.extend(halves(&missing)),
                    }
                }
                Err(error) => return Err(error),
            }
        }
        // A server that refuses every single message refuses the command, and no message is to blame.
        let all_failed = findings
            .values()
            .all(|found| matches!(found, Err(Unreadable::ServerFails)));
        match refusal {
            Some(said) if all_failed && uids.len() > 1 => Err(self.refused(step, said)),
            _ => Ok(findings),
        }
    }
}

fn alone(uid: u32) -> Open {
    Open {
        uids: vec![uid],
        suspect: false,
    }
}

fn halves(uids: &[u32]) -> [Open; 2] {
    let (a, b) = uids.split_at(uids.len() / 2);
    [a, b].map(|half| Open {
        uids: half.to_vec(),
        suspect: false,
    })
}

pub(super) fn uid(values: &[AttributeValue<'_>]) -> Option<u32> {
    values.iter().find_map(|value| match value {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

/// `[1, 2, 3, 7]` as `1:3,7`; in ascending order, each once.
pub(super) fn sequence_set(uids: &[u32]) -> String {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut set = String::new();
    for run in sorted.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        let comma = if set.is_empty() { "" } else { "," };
        match run {
            [] => {}
            [one] => set.push_str(&format!("{comma}{one}")),
            [first, .., last] => set.push_str(&format!("{comma}{first}:{last}")),
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_written_as_ranges() {
        assert_eq!(sequence_set(&[3, 1, 2, 7, 2]), "1:3,7");
        assert_eq!(
            sequence_set(&[u32::MAX, u32::MAX - 1]),
            "4294967294:4294967295"
        );
        assert_eq!(sequence_set(&[]), "");
    }
}
