//! Signed objects in words: letters with all they say, manifests, permits, revocations. No key is ever shown.

use super::{Inspection, identity, plain};
use crate::encoding::parse_object;
use crate::envelope::{Card, Fingerprint, SignedObject};
use crate::message::grant::{Bytes, Keys};
use crate::message::{
    Body, CardLetter, CardRequest, Grant, Letter, Permit, Receipt, Revocation, SignedCard,
    SignedManifest, SignedPermit, SignedRevocation, Station, check_chain, read_letter,
};
use crate::rules::{Tier, Who, describe};
use crate::words::Language;

/// Says what a signed object is; its signature is good. `enveloped`: it was found inside an envelope to this household.
pub(super) fn inspect_signed(der: &[u8], object: &SignedObject, enveloped: bool) -> Inspection {
    let found = if parse_object::<Permit>(object.content()).is_ok() {
        match SignedPermit::verify(der) {
            Ok(permit) => inspect_permit(&permit),
            Err(refused) => Inspection::new(format!("a permit that is refused: {refused}")),
        }
    } else if parse_object::<Revocation>(object.content()).is_ok() {
        match SignedRevocation::verify(der) {
            Ok(revocation) => inspect_revocation(&revocation),
            Err(refused) => Inspection::new(format!("a revocation that is refused: {refused}")),
        }
    } else if let Ok(manifest) = SignedManifest::verify(der) {
        inspect_manifest(&manifest)
    } else {
        match read_letter(der, enveloped) {
            Ok(letter) => inspect_letter(&letter),
            Err(refused) => Inspection::new(format!("a signed object that is refused: {refused}")),
        }
    };
    let signer = object.signer();
    found
        .fact("digest", object.digest())
        .fact(
            "signed by",
            format!("{} ({})", signer.name(), signer.mailbox()),
        )
        .fact("signer's fingerprint", signer.fingerprint())
}

fn inspect_letter(letter: &Letter) -> Inspection {
    let header = &letter.header;
    let to = header
        .to
        .map_or("nobody in particular".to_owned(), |to| to.to_string());
    let found = Inspection::new(format!("a letter: {}", letter.body.kind()))
        .fact("id", header.id)
        .fact("from", header.from)
        .fact("to", to)
        .fact("issued", plain(header.issued));
    match &letter.body {
        Body::Grant(grant, manifest) => inspect_grant(found, grant, manifest),
        Body::Receipt(receipt) => inspect_receipt(found, receipt),
        Body::PartRequest(request) => {
            let parts: Vec<String> = request.parts.iter().map(ToString::to_string).collect();
            let found = share(found, request.origin, request.share);
            chain(found.fact("missing parts", parts.join(" ")), &request.chain)
        }
        Body::GrantRequest(request) => share(found, request.origin, request.share)
            .fact(
                "asks for",
                describe(
                    Language::En,
                    Who::Named(request.station.as_str()),
                    &request.rules,
                    plain,
                ),
            )
            .fact("message", &request.message),
        Body::GrantAnswer(answer) => found
            .fact("answers", answer.request)
            .fact("answer", format!("{:?}", answer.answer).to_lowercase())
            .fact("message", &answer.message),
        Body::Revocation(signed) => match SignedRevocation::verify(&signed.0) {
            Ok(revocation) => found.with(inspect_revocation(&revocation)),
            Err(refused) => found.fact("refused", refused),
        },
        Body::Card(card) => inspect_card(found, card),
        Body::CardRequest(request) => inspect_card_request(found, request),
        Body::Join(join) => signed_card(found, &join.card, header.from),
        Body::JoinAnswer(answer) => {
            let found = found
                .fact("answers", answer.join)
                .fact("answer", answer.answer);
            match &answer.card {
                Some(card) => signed_card(found, card, header.from),
                None => found,
            }
        }
        Body::Ended(ended) => found.fact("mailbox", &ended.mailbox),
    }
}

fn inspect_grant(found: Inspection, grant: &Grant, manifest: &SignedManifest) -> Inspection {
    let keys = match &grant.keys {
        Keys::Share(_) => "the key of the whole share".to_owned(),
        Keys::Items(items) => {
            let each: Vec<String> = items
                .iter()
                .map(|(id, key)| format!("{id} up to {}", tier(key.tier())))
                .collect();
            format!("of {} items: {}", items.len(), each.join(", "))
        }
    };
    let mut found = share(found, grant.origin, grant.share)
        .fact("title", &grant.title)
        .fact("message", &grant.message)
        .fact("keys", keys);
    found = stations(found, &grant.stations);
    for entry in &grant.relay {
        let relay = Inspection::new("please pass it on")
            .fact("to", &entry.mailbox)
            .fact("up to", tier(entry.tier));
        found = found.with(stations(relay, &entry.stations));
    }
    chain(found, &grant.chain).with(inspect_manifest(manifest))
}

fn stations(found: Inspection, stations: &[Station]) -> Inspection {
    stations.iter().fold(found, |found, station| {
        let rules = serde_json::to_string(&station.rules).expect("rules have only string keys");
        let words = describe(
            Language::En,
            Who::Named(station.name.as_str()),
            &station.rules,
            plain,
        );
        found.fact("rules", format!("{} {rules}: {words}", station.name))
    })
}

fn chain(found: Inspection, chain: &[Bytes]) -> Inspection {
    if chain.is_empty() {
        return found;
    }
    match check_chain(chain) {
        Ok(permits) => permits
            .iter()
            .map(inspect_permit)
            .fold(found, Inspection::with),
        Err(refused) => found.fact("chain", format!("refused: {refused}")),
    }
}

fn inspect_receipt(found: Inspection, receipt: &Receipt) -> Inspection {
    let mut found = share(found, receipt.origin, receipt.share)
        .fact("state", format!("{:?}", receipt.state).to_lowercase());
    if let Some(reason) = receipt.reason {
        found = found.fact("reason", reason.as_str());
    }
    if let Some(letter) = receipt.letter {
        found = found.fact("about the letter", letter);
    }
    chain(found, &receipt.chain)
}

fn inspect_card(found: Inspection, card: &CardLetter) -> Inspection {
    let mut found = found
        .fact("household", &card.name)
        .fact("mailbox", &card.mailbox);
    if !card.stations.is_empty() {
        let names: Vec<&str> = card.stations.iter().map(|name| name.as_str()).collect();
        found = found.fact("people", names.join(", "));
    }
    for word in &card.words {
        found = found.fact("key word", format!("{}: {}", word.word, word.station));
    }
    if let Some(nonce) = card.nonce {
        found = found.fact("answers", nonce);
    }
    certificates(found, &card.certificates)
}

/// The card by which two households meet. Of the code with it nothing is shown.
fn signed_card(found: Inspection, der: &Bytes, by: Fingerprint) -> Inspection {
    match SignedCard::read(der, by) {
        Ok(signed) => inspect_card(found, &signed.card),
        Err(refused) => found.fact("its card", format!("refused: {refused}")),
    }
}

fn inspect_card_request(found: Inspection, request: &CardRequest) -> Inspection {
    let found = found
        .fact("mailbox", &request.mailbox)
        .fact("nonce", request.nonce);
    certificates(found, &request.certificates)
}

fn certificates(found: Inspection, ders: &[Bytes]) -> Inspection {
    let ders: Vec<&[u8]> = ders.iter().map(|der| der.0.as_slice()).collect();
    match Card::from_ders(&ders) {
        Ok(card) => found.with(identity(
            Inspection::new("its certificates"),
            &card.identity,
        )),
        Err(error) => found.fact("its certificates", format!("refused: {error}")),
    }
}

fn inspect_permit(signed: &SignedPermit) -> Inspection {
    let permit = signed.permit();
    let onward = match &permit.onward {
        None => "no".to_owned(),
        Some(onward) => {
            let to = match &onward.to {
                None => "anyone".to_owned(),
                Some(list) => format!("{} households", list.len()),
            };
            let rules = serde_json::to_string(&onward.rules).expect("rules have only string keys");
            format!("to {to}, up to {}, within {rules}", tier(onward.tier))
        }
    };
    let items = permit
        .items
        .as_ref()
        .map_or("all".to_owned(), |items| items.len().to_string());
    share(Inspection::new("a permit"), permit.origin, permit.share)
        .fact("from", permit.from)
        .fact("to", permit.to)
        .fact("items", items)
        .fact("up to", tier(permit.tier))
        .fact("may be passed on", onward)
        .fact("issued", plain(permit.issued))
        .fact("named", signed.digest())
}

fn inspect_manifest(signed: &SignedManifest) -> Inspection {
    let manifest = signed.manifest();
    let found = share(
        Inspection::new("a manifest"),
        manifest.origin,
        manifest.share,
    )
    .fact("made", plain(manifest.created))
    .fact("named", signed.digest());
    manifest.items.iter().fold(found, |found, item| {
        let tiers = item.tiers.iter().rev().map(|(&name, parts)| {
            let (size, count) = (parts.size.get(), parts.parts.len());
            format!("{} of {size} bytes in {count}", tier(name))
        });
        let tiers: Vec<String> = tiers.collect();
        found.fact(
            "item",
            format!("{}, {}: {}", item.id, item.kind.as_str(), tiers.join(", ")),
        )
    })
}

fn inspect_revocation(signed: &SignedRevocation) -> Inspection {
    let revocation = signed.revocation();
    let what = revocation
        .permit
        .map_or("the whole share".to_owned(), |permit| {
            format!("the permit {permit}")
        });
    share(
        Inspection::new("a revocation"),
        revocation.origin,
        revocation.share,
    )
    .fact("takes back", what)
    .fact("from", revocation.from)
    .fact("issued", plain(revocation.issued))
}

fn share(
    found: Inspection,
    origin: crate::envelope::Fingerprint,
    id: crate::envelope::Id,
) -> Inspection {
    found.fact("share", id).fact("origin", origin)
}

fn tier(tier: Tier) -> &'static str {
    tier.as_str()
}
