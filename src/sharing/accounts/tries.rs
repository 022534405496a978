//! How often a password may be tried: per address, and per account; but what strangers try does not keep out a browser in
//! which the person was signed in before.
//!
//! Pure, and in memory alone: a restart forgets it, which nobody outside can bring about.

use std::collections::HashMap;
use std::net::IpAddr;

/// After so many wrong ones of one address it waits.
const OF_ADDRESS: u32 = 30;
/// After so many wrong ones for one account, from a browser or from all unknown ones together.
const OF_ACCOUNT: u32 = 10;
/// How long a count lasts, in seconds.
const LASTS: u64 = 900;
/// So many counts are kept at most; beyond, the oldest goes.
const MOST: usize = 4_096;

/// Who tries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Address(IpAddr),
    /// For an account: from the browser that was known by this digest before, or from any unknown one.
    Account(String, Option<[u8; 32]>),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    wrong: u32,
    /// Second of the last one.
    last: u64,
}

/// The wrong tries of late.
#[derive(Debug, Default)]
pub struct Tries(HashMap<Who, Count>);

impl Tries {
    /// How many seconds to wait before a try counts at all; `None`: none. `account`: as it is called, or empty for what
    /// nobody can be called.
    pub fn wait(
        &self,
        address: IpAddr,
        account: &str,
        known: Option<[u8; 32]>,
        now: u64,
    ) -> Option<u64> {
        let of = |who: Who, most: u32| {
            let count = self.0.get(&who)?;
            let until = count.last + LASTS;
            (count.wrong >= most && now < until).then(|| until - now)
        };
        let by_account = of(Who::Account(account.to_owned(), known), OF_ACCOUNT);
        // A browser that is known is not held to what others of its address do, as behind a proxy.
        let by_address = match known {
            Some(_) => None,
            None => of(Who::Address(network(address)), OF_ADDRESS),
        };
        by_account.max(by_address)
    }

    /// A wrong one.
    pub fn wrong(&mut self, address: IpAddr, account: &str, known: Option<[u8; 32]>, now: u64) {
        let account = Who::Account(account.to_owned(), known);
        for who in [Who::Address(network(address)), account] {
            if self.0.len() >= MOST && !self.0.contains_key(&who) {
                let oldest = self.0.iter().min_by_key(|(_, count)| count.last);
                if let Some(oldest) = oldest.map(|(who, _)| who.clone()) {
                    self.0.remove(&oldest);
                }
            }
            let count = self.0.entry(who).or_insert(Count {
                wrong: 0,
                last: now,
            });
            if now >= count.last + LASTS {
                count.wrong = 0;
            }
            count.wrong += 1;
            count.last = now;
        }
    }

    /// The last one was right after all: that browser begins anew.
    pub fn right(&mut self, address: IpAddr, account: &str, known: Option<[u8; 32]>) {
        self.0.remove(&Who::Account(account.to_owned(), known));
        if let Some(count) = self.0.get_mut(&Who::Address(network(address))) {
            count.wrong = count.wrong.saturating_sub(1);
        }
    }
}

/// One subscriber's addresses are one: of IPv6 the first 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6((u128::from(six) & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u16) -> IpAddr {
        IpAddr::from([0x2001, 0xdb8, 0, last, 0, 0, 0, 1])
    }

    #[test]
    fn strangers_do_not_keep_out_a_browser_that_is_known() {
        let (mut tries, bob) = (Tries::default(), "bob");
        for host in 0..1_000 {
            tries.wrong(address(host), bob, None, 100);
        }
        assert!(tries.wait(address(7_000), bob, None, 101).is_some());
        assert_eq!(tries.wait(address(1), bob, Some([1; 32]), 101), None);
        assert_eq!(tries.wait(address(7_000), "bea", None, 101), None);
        assert_eq!(tries.wait(address(7_000), bob, None, 100 + LASTS), None);
    }

    #[test]
    fn a_known_browser_has_its_own_count_and_an_address_one_for_all_accounts() {
        let (mut tries, bob) = (Tries::default(), "bob");
        for _ in 0..OF_ACCOUNT {
            assert_eq!(tries.wait(address(1), bob, Some([1; 32]), 5), None);
            tries.wrong(address(1), bob, Some([1; 32]), 5);
        }
        assert!(tries.wait(address(1), bob, Some([1; 32]), 6).is_some());
        assert_eq!(tries.wait(address(2), bob, Some([2; 32]), 6), None);
        tries.right(address(1), bob, Some([1; 32]));
        assert_eq!(tries.wait(address(1), bob, Some([1; 32]), 6), None);
        for number in 0..OF_ADDRESS {
            tries.wrong(address(3), &format!("p{number}"), None, 7);
        }
        assert!(tries.wait(address(3), "ann", None, 8).is_some());
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut tries = Tries::default();
        for number in 0..3 * MOST {
            let who = format!("p{number}");
            tries.wrong(address(number as u16), &who, None, number as u64 / 100);
        }
        assert!(tries.0.len() <= MOST);
    }
}
