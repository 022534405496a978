//! How many lines there are at once: in all, and from one address, so that no stranger takes all of them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many lines are held at most, for all households of the process; the system has more file numbers than that for each.
const MOST: usize = 512;
/// So many of them from one address: twenty browsers behind one, each with the six lines that browsers open.
const MOST_OF_ONE: usize = 128;

/// All who hold a line.
pub(super) struct Crowd {
    most: usize,
    most_of_one: usize,
    held: Mutex<BTreeMap<IpAddr, usize>>,
}

impl Crowd {
    /// Nobody yet.
    pub fn new() -> Arc<Self> {
        Crowd::of(MOST, MOST_OF_ONE)
    }

    /// Nobody yet, with other bounds.
    pub fn of(most: usize, most_of_one: usize) -> Arc<Self> {
        Arc::new(Crowd {
            most,
            most_of_one,
            held: Mutex::default(),
        })
    }

    /// A place for a line from that address, until it is dropped; `None`: there is none. `shared`: the address is that of
    /// many, as of the proxy that stands before.
    pub fn place(self: &Arc<Self>, address: IpAddr, shared: bool) -> Option<Place> {
        let from = network(address);
        let mut held = self.held();
        if held.values().sum::<usize>() >= self.most {
            return None;
        }
        let most = if shared { self.most } else { self.most_of_one };
        let count = held.entry(from).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place {
            crowd: Arc::clone(self),
            from,
        })
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        // Numbers are as good after a panic as before.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A line is held.
pub(super) struct Place {
    crowd: Arc<Crowd>,
    from: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.crowd.held();
        if let Some(count) = held.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.from);
            }
        }
    }
}

/// What one customer of a provider has: an address, or of the newer ones 64 bits of it (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_address_takes_no_more_than_its_share_and_gives_it_back() {
        let crowd = Crowd::of(10, 2);
        let one = address("192.0.2.1");
        let first = crowd.place(one, false).expect("a place");
        let _second = crowd.place(one, false).expect("a place");
        assert!(crowd.place(one, false).is_none());
        assert!(crowd.place(address("::ffff:192.0.2.1"), false).is_none());
        assert!(crowd.place(address("192.0.2.2"), false).is_some());
        drop(first);
        assert!(crowd.place(one, false).is_some());
    }

    #[test]
    fn a_network_of_the_newer_addresses_is_one_address() {
        let crowd = Crowd::of(10, 1);
        let _held = crowd.place(address("2001:db8:0:1::1"), false);
        assert!(
            crowd
                .place(address("2001:db8:0:1:ffff::2"), false)
                .is_none()
        );
        assert!(crowd.place(address("2001:db8:0:2::1"), false).is_some());
    }

    #[test]
    fn all_together_take_no_more_than_there_is() {
        let crowd = Crowd::of(2, 2);
        let held = [
            crowd.place(address("192.0.2.1"), false),
            crowd.place(address("192.0.2.2"), false),
        ];
        assert!(crowd.place(address("192.0.2.3"), false).is_none());
        drop(held);
        assert!(crowd.place(address("192.0.2.3"), false).is_some());
    }

    #[test]
    fn who_comes_by_a_proxy_is_not_bound_by_its_address() {
        let crowd = Crowd::of(3, 1);
        let proxy = address("127.0.0.1");
        let held: Vec<_> = (0..4).filter_map(|_| crowd.place(proxy, true)).collect();
        assert_eq!(held.len(), 3);
    }
}
