//! What of a choice cannot be shared as somebody wants it, all of it at once: so that it can be left out or given otherwise.
//! And the rules under which as much as possible can.

use super::Order;
use crate::rendition::ExcerptError;
use crate::rules::{Action, Kind, Limits, Rules, is_excerpt};
use crate::sharing::share::convert::is_cut;
use crate::sharing::share::outgoing::Outgoing;
use crate::sharing::share::plan::{CannotYet, Form, why_not};
use crate::sharing::{Fault, Household};

/// Something of the album that cannot be shared under the rules of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Its short name.
    pub item: String,
    /// The file's name.
    pub name: String,
    /// Why.
    pub why: WhyUnfit,
}

/// Why something cannot be shared under some rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyUnfit {
    /// It can be handed over whole and in no other way.
    Whole,
    /// No name can be written across it.
    Name,
    /// A program is missing that would cut its beginning.
    Program,
    /// It can be shown at screen size, and in full where it may be kept.
    Larger,
    /// It is too large for its beginning to be cut here.
    Large,
}

impl WhyUnfit {
    /// The name by which the words know it.
    pub fn as_str(self) -> &'static str {
        match self {
            WhyUnfit::Whole => "whole",
            WhyUnfit::Name => "name",
            WhyUnfit::Program => "program",
            WhyUnfit::Larger => "larger",
            WhyUnfit::Large => "large",
        }
    }
}

/// The same rules for a choice that is not of pictures alone. What is no picture can be made neither smaller nor be shown
/// without being handed over: where that would be needed, its beginning is given. Of pictures nothing changes.
pub fn with_beginnings(rules: Rules) -> Rules {
    let whole = rules.store == Some(Limits::default());
    let part = |limits: Limits| Limits {
        excerpt: limits.excerpt || !whole || limits.max_edge.is_some(),
        ..limits
    };
    Rules {
        display: rules.display.map(part),
        print: rules.print.map(part),
        store: rules.store.map(part),
        ..rules
    }
}

impl Household {
    /// All items of an order that cannot be shared under its rules. What would go along with a picture is not among them: it
    /// stays at home by itself.
    pub fn unfit(&self, order: &Order) -> Result<Vec<Unfit>, Fault> {
        let common = order.rules.iter().filter(|_| !order.to.is_empty());
        let rules = common.chain(order.stations.iter().map(|(_, rules)| rules));
        let mut unfit = Vec::new();
        for what in &order.what {
            let Some(item) = self.find_item(order.viewer.as_ref(), what)? else {
                continue;
            };
            let mut item = Outgoing::of_item(item);
            item.remade_for(rules.clone().chain(&order.onward));
            let form = item.form(&order.excerpt);
            if let Some(why) = rules.clone().find_map(|rules| why_unfit(rules, &form)) {
                unfit.push(Unfit {
                    item: what.clone(),
                    name: item.name.clone(),
                    why,
                });
            }
        }
        Ok(unfit)
    }
}

fn why_unfit(rules: &Rules, form: &Form<'_>) -> Option<WhyUnfit> {
    match why_not(rules, form) {
        Some(CannotYet::Watermark) => Some(WhyUnfit::Name),
        Some(CannotYet::Larger(_)) => Some(WhyUnfit::Larger),
        Some(CannotYet::Excerpt(ExcerptError::TooLarge { .. })) => Some(WhyUnfit::Large),
        Some(CannotYet::Excerpt(_) | CannotYet::Smaller(..) | CannotYet::Whole) => {
            Some(WhyUnfit::Whole)
        }
        None => (is_given_in_part(rules, form.kind) && !is_cut(form.format))
            .then_some(WhyUnfit::Program),
    }
}

fn is_given_in_part(rules: &Rules, kind: Kind) -> bool {
    let mut limits = Action::ALL.into_iter().filter_map(|one| rules.limits(one));
    limits.any(|limits| is_excerpt(limits, kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::parse_rules;

    #[test]
    fn a_beginning_is_given_where_the_whole_is_not() {
        let rules = |text| parse_rules(text).expect("rules");
        for (chosen, given) in [
            (
                "display=2048,period=P30D",
                "display=2048,period=P30D,excerpt=yes",
            ),
            ("display=full", "display=full,excerpt=yes"),
            (
                "display=full,store=2048",
                "display=full,store=2048,excerpt=yes",
            ),
            (
                "display=full,print=full,store=full",
                "display=full,print=full,store=full",
            ),
            ("", ""),
        ] {
            assert_eq!(with_beginnings(rules(chosen)), rules(given), "{chosen}");
        }
        let kept = with_beginnings(rules("display=2048,store=full"));
        assert_eq!(kept.store, Some(Limits::default()));
        assert!(kept.display.is_some_and(|limits| limits.excerpt));
    }
}
