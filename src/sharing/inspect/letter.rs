//! Signed objects in words: letters with all they say, manifests, permits, revocations. No key is ever shown.

use super::{Inspection, identity, plain, why};
use crate::encoding::parse_object;
use crate::envelope::{Card, Fingerprint, Id, SignedObject};
use crate::message::grant::{Bytes, Keys};
use crate::message::{
    Body, CardLetter, CardRequest, Grant, Letter, Permit, Receipt, Revocation, SignedCard,
    SignedManifest, SignedPermit, SignedRevocation, Station, check_chain, read_letter,
};
use crate::rules::{Further, Rules, Tier, Who, describe};
use crate::words::{Language, say, told};

/// Says what a signed object is; its signature is good. `enveloped`: it was found inside an envelope to this household.
pub(super) fn inspect_signed(
    der: &[u8],
    object: &SignedObject,
    enveloped: bool,
    language: Language,
) -> Inspection {
    let refused = |key: &str, refused: &dyn ToString| {
        let why = why(language, &refused.to_string());
        Inspection::new(language, say(language, key, &[("why", why.into())]))
    };
    let found = if parse_object::<Permit>(object.content()).is_ok() {
        match SignedPermit::verify(der) {
            Ok(permit) => inspect_permit(&permit, language),
            Err(error) => refused("inspect-permit-refused", &error),
        }
    } else if parse_object::<Revocation>(object.content()).is_ok() {
        match SignedRevocation::verify(der) {
            Ok(revocation) => inspect_revocation(&revocation, language),
            Err(error) => refused("inspect-revocation-refused", &error),
        }
    } else if let Ok(manifest) = SignedManifest::verify(der) {
        inspect_manifest(&manifest, language)
    } else {
        match read_letter(der, enveloped) {
            Ok(letter) => inspect_letter(&letter, language),
            Err(error) => refused("inspect-signed-refused", &error),
        }
    };
    let signer = object.signer();
    found
        .fact("inspect-digest", object.digest())
        .fact(
            "inspect-signed-by",
            format!("{} ({})", signer.name(), signer.mailbox()),
        )
        .fact("inspect-signer", signer.fingerprint())
}

fn inspect_letter(letter: &Letter, language: Language) -> Inspection {
    let header = &letter.header;
    let to = match header.to {
        Some(to) => to.to_string(),
        None => told!(language, "inspect-to-nobody"),
    };
    let is = say(
        language,
        &format!("inspect-letter-{}", letter.body.kind()),
        &[],
    );
    let found = Inspection::new(language, is)
        .fact("inspect-id", header.id)
        .fact("inspect-from", header.from)
        .fact("inspect-to", to)
        .fact("inspect-issued", plain(header.issued));
    match &letter.body {
        Body::Grant(grant, manifest) => inspect_grant(found, grant, manifest),
        Body::Receipt(receipt) => inspect_receipt(found, receipt),
        Body::PartRequest(request) => {
            let parts: Vec<String> = request.parts.iter().map(ToString::to_string).collect();
            let found = share(found, request.origin, request.share);
            let found = found.fact("inspect-missing-parts", parts.join(" "));
            chain(found, &request.chain)
        }
        Body::GrantRequest(request) => share(found, request.origin, request.share)
            .fact(
                "inspect-asks-for",
                sentence(language, request.station.as_str(), &request.rules),
            )
            .fact("inspect-message", &request.message),
        Body::GrantAnswer(answer) => found
            .fact("inspect-answers", answer.request)
            .state(
                "inspect-answer",
                "inspect-said",
                &format!("{:?}", answer.answer),
            )
            .fact("inspect-message", &answer.message),
        Body::Revocation(signed) => match SignedRevocation::verify(&signed.0) {
            Ok(revocation) => found.with(inspect_revocation(&revocation, language)),
            Err(refused) => found.fact("inspect-refused", why(language, &refused)),
        },
        Body::Card(card) => inspect_card(found, card),
        Body::CardRequest(request) => inspect_card_request(found, request),
        Body::Join(join) => signed_card(found, &join.card, header.from),
        Body::JoinAnswer(answer) => {
            let found = found.fact("inspect-answers", answer.join).state(
                "inspect-answer",
                "inspect-said",
                answer.answer.as_str(),
            );
            match &answer.card {
                Some(card) => signed_card(found, card, header.from),
                None => found,
            }
        }
        Body::Ended(ended) => found.fact("inspect-mailbox", &ended.mailbox),
    }
}

fn sentence(language: Language, who: &str, rules: &Rules) -> String {
    describe(language, Who::Named(who), rules, Further::Unsaid, plain)
}

impl Inspection {
    /// A fact whose value is one of a few words, said by the key that ends with it.
    fn state(self, name: &str, begin: &str, state: &str) -> Self {
        let key = format!("{begin}-{}", state.to_lowercase());
        let words = say(self.language, &key, &[]);
        self.fact(name, words)
    }
}

fn inspect_grant(found: Inspection, grant: &Grant, manifest: &SignedManifest) -> Inspection {
    let language = found.language;
    let keys = match &grant.keys {
        Keys::Share(_) => told!(language, "inspect-key-of-share"),
        Keys::Items(items) => {
            let each = items.iter().map(|(id, key)| {
                let tier = tier(language, key.tier());
                told!(
                    language,
                    "inspect-key-up-to",
                    id = id.to_string(),
                    tier = tier
                )
            });
            let each: Vec<String> = each.collect();
            let (count, each) = (items.len(), each.join(", "));
            told!(language, "inspect-keys-of", count = count, each = each)
        }
    };
    let mut found = share(found, grant.origin, grant.share)
        .fact("inspect-title", &grant.title)
        .fact("inspect-message", &grant.message)
        .fact("inspect-keys", keys);
    found = stations(found, &grant.stations);
    for entry in &grant.relay {
        let relay = Inspection::new(language, told!(language, "inspect-relay"))
            .fact("inspect-to", &entry.mailbox)
            .fact("inspect-up-to", tier(language, entry.tier));
        found = found.with(stations(relay, &entry.stations));
    }
    chain(found, &grant.chain).with(inspect_manifest(manifest, language))
}

fn stations(found: Inspection, stations: &[Station]) -> Inspection {
    stations.iter().fold(found, |found, station| {
        let rules = serde_json::to_string(&station.rules).expect("rules have only string keys");
        let words = sentence(found.language, station.name.as_str(), &station.rules);
        found.fact(
            "inspect-rules",
            format!("{} {rules}: {words}", station.name),
        )
    })
}

fn chain(found: Inspection, chain: &[Bytes]) -> Inspection {
    if chain.is_empty() {
        return found;
    }
    let language = found.language;
    match check_chain(chain) {
        Ok(permits) => permits
            .iter()
            .map(|permit| inspect_permit(permit, language))
            .fold(found, Inspection::with),
        Err(error) => found.fact("inspect-chain", refused(language, &error)),
    }
}

fn refused(language: Language, error: &impl ToString) -> String {
    told!(language, "inspect-is-refused", why = why(language, error))
}

fn inspect_receipt(found: Inspection, receipt: &Receipt) -> Inspection {
    let mut found = share(found, receipt.origin, receipt.share).state(
        "inspect-state",
        "inspect-receipt",
        &format!("{:?}", receipt.state),
    );
    if let Some(reason) = receipt.reason {
        found = found.fact("inspect-reason", reason.as_str());
    }
    if let Some(letter) = receipt.letter {
        found = found.fact("inspect-about-letter", letter);
    }
    chain(found, &receipt.chain)
}

fn inspect_card(found: Inspection, card: &CardLetter) -> Inspection {
    let mut found = found
        .fact("inspect-household", &card.name)
        .fact("inspect-mailbox", &card.mailbox);
    if !card.stations.is_empty() {
        let names: Vec<&str> = card.stations.iter().map(|name| name.as_str()).collect();
        found = found.fact("inspect-people", names.join(", "));
    }
    for word in &card.words {
        found = found.fact(
            "inspect-key-word",
            format!("{}: {}", word.word, word.station),
        );
    }
    if let Some(nonce) = card.nonce {
        found = found.fact("inspect-answers", nonce);
    }
    certificates(found, &card.certificates)
}

/// The card by which two households meet. Of the code with it nothing is shown.
fn signed_card(found: Inspection, der: &Bytes, by: Fingerprint) -> Inspection {
    match SignedCard::read(der, by) {
        Ok(signed) => inspect_card(found, &signed.card),
        Err(error) => {
            let no = refused(found.language, &error);
            found.fact("inspect-its-card", no)
        }
    }
}

fn inspect_card_request(found: Inspection, request: &CardRequest) -> Inspection {
    let found = found
        .fact("inspect-mailbox", &request.mailbox)
        .fact("inspect-nonce", request.nonce);
    certificates(found, &request.certificates)
}

fn certificates(found: Inspection, ders: &[Bytes]) -> Inspection {
    let language = found.language;
    let ders: Vec<&[u8]> = ders.iter().map(|der| der.0.as_slice()).collect();
    match Card::from_ders(&ders) {
        Ok(card) => {
            let is = told!(language, "inspect-its-certificates");
            found.with(identity(Inspection::new(language, is), &card.identity))
        }
        Err(error) => found.fact("inspect-its-certificates", refused(language, &error)),
    }
}

fn inspect_permit(signed: &SignedPermit, language: Language) -> Inspection {
    let permit = signed.permit();
    let onward = match &permit.onward {
        None => told!(language, "inspect-onward-no"),
        Some(onward) => {
            let to = match &onward.to {
                None => told!(language, "inspect-onward-anyone"),
                Some(list) => told!(language, "inspect-onward-households", count = list.len()),
            };
            let rules = serde_json::to_string(&onward.rules).expect("rules have only string keys");
            let tier = tier(language, onward.tier);
            told!(
                language,
                "inspect-onward",
                to = to,
                tier = tier,
                rules = rules
            )
        }
    };
    let items = match &permit.items {
        None => told!(language, "inspect-items-all"),
        Some(items) => items.len().to_string(),
    };
    let found = Inspection::new(language, told!(language, "inspect-permit"));
    share(found, permit.origin, permit.share)
        .fact("inspect-from", permit.from)
        .fact("inspect-to", permit.to)
        .fact("inspect-items", items)
        .fact("inspect-up-to", tier(language, permit.tier))
        .fact("inspect-may-be-passed-on", onward)
        .fact("inspect-issued", plain(permit.issued))
        .fact("inspect-named", signed.digest())
}

fn inspect_manifest(signed: &SignedManifest, language: Language) -> Inspection {
    let manifest = signed.manifest();
    let found = Inspection::new(language, told!(language, "inspect-manifest"));
    let found = share(found, manifest.origin, manifest.share)
        .fact("inspect-made", plain(manifest.created))
        .fact("inspect-named", signed.digest());
    manifest.items.iter().fold(found, |found, item| {
        let tiers = item.tiers.iter().rev().map(|(&name, parts)| {
            let (size, count) = (parts.size.get(), parts.parts.len());
            told!(
                language,
                "inspect-item-tier",
                tier = tier(language, name),
                size = size,
                count = count
            )
        });
        let tiers: Vec<String> = tiers.collect();
        let kind = say(
            language,
            &format!("inspect-kind-{}", item.kind.as_str()),
            &[],
        );
        found.fact(
            "inspect-item",
            format!("{}, {kind}: {}", item.id, tiers.join(", ")),
        )
    })
}

fn inspect_revocation(signed: &SignedRevocation, language: Language) -> Inspection {
    let revocation = signed.revocation();
    let what = match revocation.permit {
        None => told!(language, "inspect-takes-back-all"),
        Some(permit) => told!(
            language,
            "inspect-takes-back-permit",
            permit = permit.to_string()
        ),
    };
    let found = Inspection::new(language, told!(language, "inspect-revocation"));
    share(found, revocation.origin, revocation.share)
        .fact("inspect-takes-back", what)
        .fact("inspect-from", revocation.from)
        .fact("inspect-issued", plain(revocation.issued))
}

fn share(found: Inspection, origin: Fingerprint, id: Id) -> Inspection {
    found
        .fact("inspect-share", id)
        .fact("inspect-origin", origin)
}

fn tier(language: Language, tier: Tier) -> String {
    say(language, &format!("tier-{}", tier.as_str()), &[])
}
