//! What one person of the house sees of what came: only shares that say something to them, and only what they may do now.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::{clean_line, clean_owned, clean_text, shown_name};
use crate::address::StationName;
use crate::album::{Share, ShareItem, ShareState};
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::rendition::{Format, MAX_MOVING};
use crate::rules::{Action, HandedAs, Kind, Tier, Together, Who, describe, handed_as};
use crate::sharing::listing::granter::granter_of;
use crate::sharing::listing::named::is_by_unknown;
use crate::sharing::listing::side_by_side::side_by_side;
use crate::sharing::own::find::{self, Looked};
use crate::sharing::stations::{Voice, ends, rules_for};
use crate::sharing::view::gate::{Asked, Decided};
use crate::sharing::words::{numeric_day, show_time};
use crate::sharing::{Fault, Household, Now};

/// So many items of a share are looked at for a list: enough for the pictures on a card.
const IN_LIST: usize = 12;
/// So many shares are looked at to see what is new.
const LOOKED_AT: usize = 300;

/// A share as one person sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonalShare {
    /// Its short name here.
    pub share: String,
    /// Who gave it: another household, or a person of this one.
    pub from_name: String,
    /// The title.
    pub title: String,
    /// The message.
    pub message: String,
    /// Whether a household passed it on that nobody here knows: title and message came by way of that one.
    pub by_unknown: bool,
    /// When its first letter was taken here.
    #[schema(value_type = String, format = DateTime)]
    pub arrived: Timestamp,
    /// Whether all of it is here.
    pub complete: bool,
    /// Whether this person has not opened it yet.
    pub is_new: bool,
    /// When it is over for this person, as far as that is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// What this person may do, as sentences.
    pub words: Vec<String>,
    /// What of it may be done with at least one item now.
    pub may: May,
    /// Whether it is there for this person: something of it may be done now, or may be looked at, though it cannot be shown.
    #[serde(skip)]
    pub is_there: bool,
    /// How many items it has.
    pub count: u64,
    /// What they are, for people.
    #[serde(skip)]
    pub kind: Together,
    /// The items that this person may do something with; in a list the first few.
    pub items: Vec<PersonalItem>,
}

/// What may be done now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct May {
    /// Looked at: shown, or what is no picture opened in part.
    pub look: bool,
    /// What may be looked at is an excerpt of what is no picture: a file to open.
    pub excerpt: bool,
    /// Printed.
    pub print: bool,
    /// Kept as a file.
    pub keep: bool,
    /// Passed on to others.
    pub pass_on: bool,
}

/// An item as one person sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonalItem {
    /// Its short name here.
    pub id: String,
    /// Its cleaned name.
    pub name: String,
    /// `picture`, `sound`, `video`, `document` or `file`.
    pub kind: &'static str,
    /// The caption.
    pub caption: Option<String>,
    /// Short name of the picture of the same share that it belongs to, where that is among the items; this item stands
    /// behind that picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes_with: Option<String>,
    /// Local time.
    pub taken: Option<String>,
    /// Pixels as seen.
    pub width: Option<u32>,
    /// Pixels as seen.
    pub height: Option<u32>,
    /// Whether it may be opened a number of times, and is not shown in lists.
    pub counted: bool,
    /// How many more times, where that is so.
    #[serde(skip)]
    pub left: Option<u64>,
    /// Whether lists show a small picture of it, such as a poster of a film.
    pub pictured: bool,
    /// Whether its file may be one that moves, of which only a still picture is shown.
    #[serde(skip)]
    pub moves: bool,
    /// Whether that file itself may be shown, for it may be kept whole and is no larger than a browser takes with ease.
    #[serde(skip)]
    pub moved: bool,
    /// What may be done with it now.
    pub may: May,
    /// Whether the rules let it be looked at. What is no picture is not shown for that alone.
    #[serde(skip)]
    pub looked_at: bool,
    /// Whether it is a sound or film that is played whole, for it may be kept so.
    #[serde(skip)]
    pub played: bool,
    /// Whether it is a film that no browser plays.
    #[serde(skip)]
    pub unplayed: bool,
    /// Why it may not be looked at, where it was meant to be.
    pub why_not: Option<String>,
}

impl PersonalItem {
    fn kind(&self) -> Option<Kind> {
        Kind::from_name(self.kind)
    }
}

impl PersonalShare {
    /// How long until it is over for this person, in seconds, as far as that is known.
    pub fn left(&self, now: Timestamp) -> Option<u64> {
        let seconds = self.until?.unix().saturating_sub(now.unix());
        Some(u64::try_from(seconds).unwrap_or(0))
    }

    /// Whether all that is looked for stands in what this person sees of it.
    fn holds(&self, looked: &Looked) -> bool {
        if looked.is_empty() {
            return true;
        }
        let mut text = vec![self.from_name.as_str(), &self.title, &self.message];
        let mut times = vec![numeric_day(self.arrived)];
        for item in &self.items {
            text.push(&item.name);
            text.extend(item.caption.as_deref());
            times.extend(item.taken.clone());
        }
        looked.fits(&text.join("\n").to_lowercase(), &times)
    }
}

impl Household {
    /// What came for a person, newest first; without what is over for them.
    pub fn received_by(&self, person: &StationName, now: Now) -> Result<Vec<PersonalShare>, Fault> {
        self.refuse_unknown_person(person)?;
        let _moment = self.album.moment()?;
        let mut shares = Vec::new();
        for share in self.album.rows().shares()? {
            if self.came(&share) {
                let asked = Asked::about(self.album.rows(), share)?;
                let share = self.personal(&asked, person, usize::MAX, now)?;
                shares.extend(share.filter(|share| share.is_there));
            }
        }
        Ok(shares)
    }

    /// Some of what came for a person, newest first, for a list: of each share the first few items. `text`: those alone in
    /// which all of that stands, from whom they are, or when they came or what is in them was taken; only what this person
    /// is shown is looked at, and nothing twice that was sealed anew when they asked for more. `after`: those that follow on that share. With the share after which there are more.
    pub fn received_page(
        &self,
        person: &StationName,
        text: &str,
        after: Option<&str>,
        limit: usize,
        now: Now,
    ) -> Result<(Vec<PersonalShare>, Option<String>), Fault> {
        self.refuse_unknown_person(person)?;
        let _moment = self.album.moment()?;
        let rows = self.album.rows();
        let shares = rows.shares()?;
        let looked = find::read(text);
        let most = match looked.is_empty() {
            true => IN_LIST,
            false => usize::MAX,
        };
        let from = after.and_then(|after| shares.iter().position(|one| one.reference == after));
        let granted = self.granted_more(person)?;
        let mut page: Vec<PersonalShare> = Vec::new();
        for row in shares.iter().skip(from.map_or(0, |at| at + 1)) {
            if !self.came(row) {
                continue;
            }
            let asked = Asked::about(rows, row.clone())?;
            let share = self.personal(&asked, person, most, now)?;
            let share = share.filter(|share| share.is_there);
            if let Some(seen) = &share
                && self.is_given_anew((row, seen), (&shares, &granted), person, now)?
            {
                continue;
            }
            if let Some(mut share) = share.filter(|share| share.holds(&looked)) {
                if page.len() == limit {
                    return Ok((page.clone(), page.last().map(|last| last.share.clone())));
                }
                share.items.truncate(IN_LIST);
                page.push(share);
            }
        }
        Ok((page, None))
    }

    /// How many shares a person has not opened yet, of the newest few hundred.
    pub fn new_for(&self, person: &StationName, now: Now) -> Result<usize, Fault> {
        let _moment = self.album.moment()?;
        let rows = self.album.rows();
        let mut new = 0;
        let came = rows.shares()?.into_iter().filter(|share| self.came(share));
        for share in came.take(LOOKED_AT) {
            if !rows.was_seen(share.id, person)? {
                let asked = Asked::about(rows, share)?;
                let share = self.personal(&asked, person, 1, now)?;
                new += usize::from(share.is_some_and(|share| share.is_there));
            }
        }
        Ok(new)
    }

    /// Whether it came from another household and is not over for the house.
    pub(super) fn came(&self, share: &Share) -> bool {
        let live = matches!(share.state, ShareState::Arriving | ShareState::Complete);
        live && !self.keys.is_ours(share.origin)
    }

    /// One share as a person sees it. What says nothing to them is not there; what is over says why.
    pub fn opened_by(
        &self,
        reference: &str,
        person: &StationName,
        now: Now,
    ) -> Result<PersonalShare, Fault> {
        let unknown = || Fault::usage("unknown_share", "There is no such share.");
        self.refuse_unknown_person(person)?;
        let _moment = self.album.moment()?;
        let rows = self.album.rows();
        let share = rows.share(reference)?.ok_or_else(unknown)?;
        if self.keys.is_ours(share.origin) {
            return Err(unknown());
        }
        let was_for = rows.was_viewable(share.id, person)?;
        let asked = Asked::about(rows, share)?;
        match self.personal(&asked, person, usize::MAX, now)? {
            Some(share) if share.is_there => Ok(share),
            // Somebody for whom it was may know that it is over; nobody else, that it ever was.
            Some(_) => Err(self.why_over(&asked, person, now)?.unwrap_or_else(unknown)),
            None if was_for => Err(self.why_over(&asked, person, now)?.unwrap_or_else(unknown)),
            None => Err(unknown()),
        }
    }

    /// Notes that a person has opened a share.
    pub fn set_seen(&mut self, reference: &str, person: &StationName) -> Result<(), Fault> {
        let rows = self.album.rows();
        let Some(share) = rows.share(reference)? else {
            return Ok(());
        };
        if rows.was_seen(share.id, person)? {
            return Ok(());
        }
        Ok(self.album.commit(|rows| rows.set_seen(share.id, person))?)
    }

    fn why_over(
        &self,
        asked: &Asked,
        person: &StationName,
        now: Now,
    ) -> Result<Option<Fault>, Fault> {
        let rows = self.album.rows();
        let items = rows.share_items(asked.share.id)?;
        for item in &items {
            let facts = asked.look_at(rows, item, person)?;
            // What was never given of it says nothing of the rest.
            if !asked.speaks_of(&facts, person) {
                continue;
            }
            for action in Action::ALL {
                if asked.may_ever(person, action)
                    && let Err(denied) = asked.decide(&facts, person, action, now)
                {
                    return Ok(Some(denied));
                }
            }
        }
        let Some(first) = items.first() else {
            return Ok(None);
        };
        let facts = asked.look_at(rows, first, person)?;
        Ok(asked.decide(&facts, person, Action::Display, now).err())
    }

    /// `None`: nothing here speaks of this person.
    pub(in crate::sharing) fn personal(
        &self,
        asked: &Asked,
        person: &StationName,
        most: usize,
        now: Now,
    ) -> Result<Option<PersonalShare>, Fault> {
        let rows = self.album.rows();
        let share = &asked.share;
        let since = rows.viewable_since(share.id, person)?;
        let mut rules = Vec::new();
        // Whose name it has for them, and whose words.
        let mut first = None;
        let mut onward = Vec::new();
        for (voice, on) in asked.voices.iter().zip(&asked.onward) {
            let theirs = rules_for(&voice.stations, person).filter(|rules| !rules.is_nothing());
            if let Some(theirs) = theirs {
                first = first.or(Some(voice));
                rules.push(theirs.clone());
                onward.push(on.as_ref());
            }
        }
        let Some(Voice {
            holding, passed_by, ..
        }) = first
        else {
            return Ok(None);
        };
        let from_name = match passed_by {
            Some(by) => by.to_string(),
            None => granter_of(rows, share, holding)?
                .map_or_else(|| asked.household.clone(), |contact| contact.name),
        };
        let mut items = Vec::new();
        let all = rows.share_items(share.id)?;
        let names: BTreeMap<Id, String> = all
            .iter()
            .map(|item| (item.wire, item.reference.clone()))
            .collect();
        for (position, item) in (0..).zip(all) {
            if items.len() == most {
                break;
            }
            let with = item.goes_with.filter(|with| *with != item.wire);
            let with = with.and_then(|with| names.get(&with).cloned());
            let item = self.personal_item(asked, item, position, person, now)?;
            items.extend(item.map(|item| PersonalItem {
                goes_with: with,
                ..item
            }));
        }
        let items = in_order(items);
        let show = |time| show_time(self.language, time);
        let any = |one: fn(&May) -> bool| items.iter().any(|item: &PersonalItem| one(&item.may));
        let may = May {
            look: any(|may| may.look),
            excerpt: any(|may| may.excerpt),
            print: any(|may| may.print),
            keep: any(|may| may.keep),
            pass_on: any(|may| may.pass_on),
        };
        Ok(Some(PersonalShare {
            share: share.reference.clone(),
            from_name: clean_line(&from_name),
            title: clean_line(&holding.title),
            message: clean_text(&holding.message),
            by_unknown: is_by_unknown(rows, share, holding)?,
            arrived: share.arrived,
            complete: share.state == ShareState::Complete,
            is_new: !rows.was_seen(share.id, person)?,
            until: ends(&rules, since),
            words: rules
                .iter()
                .zip(onward)
                .map(|(rules, onward)| {
                    describe(self.language, Who::You, rules, onward.into(), show)
                })
                .collect(),
            is_there: may != May::default() || items.iter().any(|item| item.looked_at),
            may,
            count: match items.len() < most {
                true => items.len() as u64,
                false => rows.count_share_items(share.id)?,
            },
            kind: match items.len() < most {
                true => Together::of(items.iter().filter_map(PersonalItem::kind)),
                false => rows.kinds_of_share(share.id)?,
            },
            items,
        }))
    }

    /// `None`: nothing here speaks of this item to the person.
    fn personal_item(
        &self,
        asked: &Asked,
        item: ShareItem,
        position: i64,
        person: &StationName,
        now: Now,
    ) -> Result<Option<PersonalItem>, Fault> {
        let rows = self.album.rows();
        let facts = asked.look_at(rows, &item, person)?;
        if !asked.speaks_of(&facts, person) {
            return Ok(None);
        }
        let decide = |action| asked.decide(&facts, person, action, now);
        let look = decide(Action::Display);
        // Of what is no picture, an excerpt is all that can be opened without its being kept.
        let excerpt = look
            .as_ref()
            .is_ok_and(|decided| decided.rendition.limits.excerpt);
        let may = May {
            look: look.is_ok() && (item.kind == Kind::Picture || excerpt),
            excerpt,
            print: decide(Action::Print).is_ok() && item.kind == Kind::Picture,
            keep: decide(Action::Store).is_ok(),
            pass_on: decide(Action::Forward).is_ok(),
        };
        let left = look.as_ref().ok().and_then(|decided| decided.left);
        let moves = item.media_type.as_deref() == Some(Format::Gif.media_type());
        // Its file goes by the decision to keep it, and shows no more than may be looked at.
        let moved = look.as_ref().is_ok_and(|look| {
            let keep = decide(Action::Store);
            let keep = keep.is_ok_and(|keep| is_whole(Action::Store, &keep, item.kind));
            keep && look.left.is_none() && is_whole(Action::Display, look, item.kind)
        }) && facts.size_of(Tier::Original) <= MAX_MOVING;
        let plays = matches!(item.kind, Kind::Sound | Kind::Video);
        let played = plays.then(|| asked.decide_play(&facts, person, now));
        let format = item.media_type.as_deref().map(Format::of_media_type);
        let unplayed = format.is_some_and(|format| format.is_unplayed_film());
        let is_played = matches!(played, Some(Ok(()))) && !unplayed;
        // Its file may be on its way while its small picture is here.
        let to_come = played
            .and_then(Result::err)
            .filter(|fault| fault.code == "arriving" && !may.look);
        Ok(Some(PersonalItem {
            name: shown_name(self.language, item.name, item.kind, position),
            id: item.reference,
            kind: item.kind.as_str(),
            caption: item
                .caption
                .as_deref()
                .map(clean_text)
                .filter(|words| !words.is_empty()),
            goes_with: None,
            taken: item.taken.map(clean_owned),
            width: item.width,
            height: item.height,
            moves,
            moved: moves && moved,
            counted: left.is_some(),
            left,
            pictured: look.as_ref().is_ok_and(|decided| {
                let poster = decided.held.contains(&Tier::Thumb);
                decided.left.is_none() && (item.kind == Kind::Picture || poster)
            }),
            looked_at: look.is_ok(),
            played: is_played,
            unplayed,
            may,
            why_not: look.err().or(to_come).map(|fault| fault.message),
        }))
    }
}

/// Whether all of it is allowed, without a mark.
fn is_whole(action: Action, decided: &Decided, kind: Kind) -> bool {
    let limits = decided.rendition.limits;
    match action {
        Action::Store => handed_as(action, limits, kind) == HandedAs::Whole,
        _ => limits.max_edge.is_none() && !limits.watermark && !limits.excerpt,
    }
}

/// What belongs to a picture stands behind it; to one that this person does not see nothing belongs.
fn in_order(mut items: Vec<PersonalItem>) -> Vec<PersonalItem> {
    let here: BTreeSet<String> = items.iter().map(|item| item.id.clone()).collect();
    for item in &mut items {
        item.goes_with = item.goes_with.take().filter(|with| here.contains(with));
    }
    side_by_side(items, |item| item.id.clone(), |item| item.goes_with.clone())
}
