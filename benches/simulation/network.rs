//! Households as numbers: who is in touch with whom, and a year of sharing. No key, no mail.

/// Contacts that a household brings with it when it joins; those who have many get more.
const BROUGHT: usize = 5;
/// Shares that a household makes in a year.
pub const SHARES: usize = 26;
/// Households that a share goes to at most.
pub const TO: usize = 10;

/// Chance that comes out the same at each run (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    /// Below `bound`, which is not zero.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// What a household has after that year.
#[derive(Clone, Copy, Default)]
pub struct Year {
    pub contacts: usize,
    pub made: usize,
    /// Letters of its own shares, one a household.
    pub given: usize,
    pub received: usize,
}

/// Households that joined one after another, each through some that were there (preferential attachment, by which few have
/// very many contacts: the degrees follow a power law).
pub fn grown(households: usize, chance: &mut Chance) -> Vec<Vec<usize>> {
    let mut contacts: Vec<Vec<usize>> = vec![Vec::new(); households];
    // Each end of each tie: to draw one is to draw a household by how many contacts it has.
    let mut ends: Vec<usize> = Vec::new();
    for new in 1..households {
        let mut chosen = Vec::new();
        while chosen.len() < BROUGHT.min(new) {
            let one = match ends.is_empty() {
                true => 0,
                false => ends[chance.below(ends.len())],
            };
            let one = if chosen.contains(&one) {
                chance.below(new)
            } else {
                one
            };
            if !chosen.contains(&one) {
                chosen.push(one);
            }
        }
        for other in chosen {
            contacts[new].push(other);
            contacts[other].push(new);
            ends.extend([new, other]);
        }
    }
    contacts
}

/// A year: each household makes its shares, each to ten of its contacts, or to all where it has fewer.
pub fn year(contacts: &[Vec<usize>], chance: &mut Chance) -> Vec<Year> {
    let mut years: Vec<Year> = contacts
        .iter()
        .map(|known| Year {
            contacts: known.len(),
            ..Year::default()
        })
        .collect();
    let mut known = Vec::new();
    for (household, all) in contacts.iter().enumerate() {
        known.clone_from(all);
        for _ in 0..SHARES {
            let to = TO.min(known.len());
            for n in 0..to {
                let other = n + chance.below(known.len() - n);
                known.swap(n, other);
                years[known[n]].received += 1;
            }
            years[household].made += 1;
            years[household].given += to;
        }
    }
    years
}
