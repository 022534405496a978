//! Letters and parts as a hostile or broken sender makes them: honest ones taken apart, bent and put together again.

use hearthpost::encoding::{Timestamp, base64_body, decode_base64_body};
use hearthpost::envelope::{
    ContentKey, Digest, EncryptionCertificate, Id, Identity, PartBuffer, open_letter, seal_letter,
    sign, verify,
};
use hearthpost::message::grant::Bytes;
use hearthpost::message::manifest::{Item, Manifest, TierParts};
use hearthpost::message::mime::{
    Outer, letter_message, pkcs7_entity, read_content, read_pkcs7_entity, write_content,
};
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{
    Body, Code, Grant, Header, Keys, Letter, ReceiptState, SignedManifest, SignedPermit, Station,
    open_letter_mail, seal_letter_mail,
};
use hearthpost::rules::{Kind, Tier, parse_rules};

use super::{House, Village};

/// A grant letter, open on the table.
pub struct OpenGrant {
    pub header: Header,
    pub grant: Grant,
    pub manifest: SignedManifest,
}

impl House {
    pub fn certificate(&self) -> &EncryptionCertificate {
        let newest = self.home.keys.encryption.last().expect("a key");
        newest.certificate()
    }

    pub fn identity(&self) -> &Identity {
        &self.home.keys.identity
    }

    /// A letter that this house signs, in a mail to another.
    pub fn letter(&self, to: &House, header: &Header, body: &Body) -> Vec<u8> {
        let outer = Outer::new(self.mailbox.clone(), Some(to.mailbox.clone()), self.time());
        seal_letter_mail(
            &outer,
            header,
            body,
            self.identity(),
            Some(to.certificate()),
        )
        .expect("sealed")
    }

    pub fn header(&self, to: &House) -> Header {
        Header {
            id: Id::random(),
            from: self.identity().fingerprint(),
            to: Some(to.identity().fingerprint()),
            issued: self.time(),
        }
    }

    pub fn time(&self) -> Timestamp {
        Timestamp::from_unix(self.wall)
    }

    /// Opens a letter that is meant for this house.
    pub fn read(&self, mail: &[u8]) -> Letter {
        open_letter_mail(mail, &self.home.keys.encryption).expect("a letter to this house")
    }

    pub fn read_grant(&self, mail: &[u8]) -> OpenGrant {
        let letter = self.read(mail);
        let Body::Grant(grant, manifest) = letter.body else {
            panic!("not a grant");
        };
        OpenGrant {
            header: letter.header,
            grant: *grant,
            manifest: *manifest,
        }
    }
}

impl OpenGrant {
    /// A grant of everything in a share that was made by hand.
    pub fn of(made: &Handmade, from: &House, to: &House, rules: &str) -> Self {
        let manifest = SignedManifest::sign(made.manifest.clone(), from.identity());
        let manifest = manifest.expect("signed");
        let (share, origin) = (made.manifest.share, made.manifest.origin);
        let permit = NewPermit {
            share,
            origin,
            manifest: manifest.digest(),
            to: to.identity().fingerprint(),
            parent: None,
            items: None,
            tier: Tier::Original,
            onward: None,
            issued: from.time(),
        };
        let station = Station {
            name: "everyone".parse().expect("a station"),
            rules: parse_rules(rules).expect("rules"),
        };
        OpenGrant {
            header: from.header(to),
            grant: Grant {
                share,
                origin,
                chain: vec![Bytes(signed(permit, from).der().to_vec())],
                keys: Keys::Share(made.content.clone()),
                stations: vec![station],
                relay: Vec::new(),
                title: "made by hand".to_owned(),
                message: String::new(),
            },
            manifest,
        }
    }

    /// Signs the whole anew.
    pub fn mail(self, from: &House, to: &House) -> Vec<u8> {
        let body = Body::Grant(Box::new(self.grant), Box::new(self.manifest));
        from.letter(to, &self.header, &body)
    }

    /// The one permit of the chain, to be bent.
    pub fn permit(&self) -> NewPermit {
        let signed = SignedPermit::verify(&self.grant.chain[0].0).expect("a permit");
        let permit = signed.permit().clone();
        NewPermit {
            share: permit.share,
            origin: permit.origin,
            manifest: permit.manifest,
            to: permit.to,
            parent: permit.parent,
            items: permit.items,
            tier: permit.tier,
            onward: permit.onward,
            issued: permit.issued,
        }
    }

    /// Replaces the permits of the chain.
    pub fn chain(&mut self, permits: Vec<SignedPermit>) {
        let der = |permit: &SignedPermit| Bytes(permit.der().to_vec());
        self.grant.chain = permits.iter().map(der).collect();
    }

    pub fn tier_of_key(&self) -> Option<Tier> {
        let item = self.manifest.manifest().items[0].id;
        self.grant.keys.tier(item)
    }
}

/// A share of one file, made by hand, so that it may lie.
pub struct Handmade {
    pub content: ContentKey,
    pub manifest: Manifest,
    pub parts: Vec<(Digest, Vec<u8>)>,
}

impl Handmade {
    /// Seals each tier as one part; the manifest says of each what `claim` makes of the truth.
    pub fn new(
        from: &House,
        tiers: &[(Tier, &[u8])],
        claim: impl Fn(Tier, TierParts) -> TierParts,
    ) -> Self {
        Self::bent(from, tiers, claim, |_, der| der)
    }

    /// As [`Handmade::new`], with the sealed parts changed before they are named.
    pub fn bent(
        from: &House,
        tiers: &[(Tier, &[u8])],
        claim: impl Fn(Tier, TierParts) -> TierParts,
        bend: impl Fn(Tier, Vec<u8>) -> Vec<u8>,
    ) -> Self {
        Self::sealed(from, ContentKey::random(), tiers, claim, bend)
    }

    /// An honest one under this content key.
    pub fn keyed(from: &House, content: ContentKey, tiers: &[(Tier, &[u8])]) -> Self {
        Self::sealed(from, content, tiers, |_, truth| truth, |_, der| der)
    }

    fn sealed(
        from: &House,
        content: ContentKey,
        tiers: &[(Tier, &[u8])],
        claim: impl Fn(Tier, TierParts) -> TierParts,
        bend: impl Fn(Tier, Vec<u8>) -> Vec<u8>,
    ) -> Self {
        let id = Id::random();
        let mut parts = Vec::new();
        let mut named = std::collections::BTreeMap::new();
        for (tier, plain) in tiers {
            let mut buffer = PartBuffer::default();
            buffer.fill(&mut &**plain).expect("it fits");
            let part = buffer.seal(&content.item(id, *tier)).expect("sealed");
            let der = bend(*tier, part.der.to_vec());
            let digest = Digest::of(&der);
            parts.push((digest, der));
            let truth = tier_of(plain.len(), digest);
            named.insert(*tier, claim(*tier, truth));
        }
        let item = Item {
            id,
            kind: Kind::File,
            tiers: named,
        };
        let me = from.identity().fingerprint();
        let manifest = Manifest::new(Id::random(), me, from.time(), vec![item]);
        Handmade {
            content,
            manifest: manifest.expect("a manifest"),
            parts,
        }
    }

    /// All parts in one mail.
    pub fn mail(&self, from: &House) -> Vec<u8> {
        let id = Id::random();
        let lines = format!(
            "Message-ID: <{id}@{}>\r\nSubject: Hearthpost\r\nHearthpost: parts\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"=_{id}\"",
            from.mailbox.domain()
        );
        let name = |digest| format!("Content-ID: <{digest}@hearthpost.invalid>");
        let mail = PartsMail {
            head: lines,
            boundary: format!("=_{id}"),
            parts: self
                .parts
                .iter()
                .map(|(digest, der)| (name(*digest), der.clone()))
                .collect(),
        };
        mail.write()
    }
}

/// A tier of one part.
pub fn tier_of(size: usize, digest: Digest) -> TierParts {
    let size = hearthpost::encoding::Integer::new(size as u64).expect("a size");
    let parts = vec![digest];
    TierParts { size, parts }
}

pub fn signed(permit: NewPermit, by: &House) -> SignedPermit {
    SignedPermit::sign(permit, by.identity()).expect("signed")
}

/// The same letter with its JSON changed, signed by `from` and sealed to `to` again.
pub fn bend_json(
    mail: &[u8],
    from: &House,
    to: &House,
    bend: impl FnOnce(String) -> String,
) -> Vec<u8> {
    let sealed = read_pkcs7_entity(mail).expect("an entity");
    let entity = open_letter(&sealed, &to.home.keys.encryption).expect("opens");
    let object = verify(&read_pkcs7_entity(&entity).expect("an entity")).expect("signed");
    let content = read_content(object.content()).expect("a letter");
    let json = bend(String::from_utf8(content.json).expect("JSON"));
    let content = write_content(json.as_bytes(), content.manifest.as_deref());
    let again = sign(from.identity(), &content, from.time()).expect("signed");
    let entity = pkcs7_entity("signed-data", &again);
    let sealed = seal_letter(&entity, to.certificate()).expect("sealed");
    wrap(from, to, &sealed)
}

/// The same letter with the DER of its SignedData changed, sealed to `to` again.
pub fn bend_signed(
    mail: &[u8],
    from: &House,
    to: &House,
    bend: impl FnOnce(Vec<u8>) -> Vec<u8>,
) -> Vec<u8> {
    let sealed = read_pkcs7_entity(mail).expect("an entity");
    let entity = open_letter(&sealed, &to.home.keys.encryption).expect("opens");
    let signed = bend(read_pkcs7_entity(&entity).expect("an entity"));
    let sealed = seal_letter(&pkcs7_entity("signed-data", &signed), to.certificate());
    wrap(from, to, &sealed.expect("sealed"))
}

/// The same mail with the DER of its envelope changed.
pub fn bend_der(
    mail: &[u8],
    from: &House,
    to: &House,
    bend: impl FnOnce(Vec<u8>) -> Vec<u8>,
) -> Vec<u8> {
    wrap(from, to, &bend(read_pkcs7_entity(mail).expect("an entity")))
}

/// A letter mail around any bytes.
pub fn wrap(from: &House, to: &House, der: &[u8]) -> Vec<u8> {
    let outer = Outer::new(from.mailbox.clone(), Some(to.mailbox.clone()), from.time());
    letter_message(&outer, "authEnveloped-data", der)
}

/// One element of DER.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        len @ 0..0x80 => out.push(len as u8),
        len => {
            let bytes = len.to_be_bytes();
            let used = &bytes[bytes.iter().position(|&b| b != 0).expect("not zero")..];
            out.push(0x80 | used.len() as u8);
            out.extend_from_slice(used);
        }
    }
    out.extend_from_slice(content);
    out
}

/// The body parts of a parts mail: Content-ID line and sealed bytes.
pub struct PartsMail {
    head: String,
    boundary: String,
    pub parts: Vec<(String, Vec<u8>)>,
}

impl PartsMail {
    pub fn read(mail: &[u8]) -> Self {
        let text = std::str::from_utf8(mail).expect("all of it is ASCII");
        let (head, body) = text.split_once("\r\n\r\n").expect("a header");
        let boundary = head.split("boundary=\"").nth(1).expect("a boundary");
        let boundary = boundary.split('"').next().expect("its end").to_owned();
        let parts = body
            .split(&format!("--{boundary}"))
            .filter_map(|part| {
                let (head, body) = part.split_once("\r\n\r\n")?;
                let id = head.lines().find(|line| line.starts_with("Content-ID"))?;
                let der = decode_base64_body(body.as_bytes()).expect("base64");
                Some((id.to_owned(), der))
            })
            .collect();
        PartsMail {
            head: head.to_owned(),
            boundary,
            parts,
        }
    }

    pub fn write(&self) -> Vec<u8> {
        let mut mail = format!("{}\r\n\r\n", self.head).into_bytes();
        for (id, der) in &self.parts {
            let head = format!(
                "--{}\r\nContent-Type: application/pkcs7-mime; smime-type=authEnveloped-data; name=smime.p7m\r\n\
                 Content-Transfer-Encoding: base64\r\n{id}\r\n\r\n",
                self.boundary
            );
            mail.extend_from_slice(head.as_bytes());
            base64_body(der, &mut mail);
            mail.extend_from_slice(b"\r\n");
        }
        mail.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        mail
    }
}

impl Village {
    /// What lies in a house's INBOX.
    pub fn inbox(&self, house: &House) -> Vec<Vec<u8>> {
        let messages = self.server.messages(house.mailbox.as_str(), "INBOX");
        messages.iter().map(|m| m.bytes.to_vec()).collect()
    }

    /// Takes all mail out of a house's INBOX.
    pub fn take_mail(&self, house: &House) -> Vec<Vec<u8>> {
        let mail = self.inbox(house);
        let emptied = self.server.remove_messages(house.mailbox.as_str(), "INBOX");
        emptied.expect("a folder");
        mail
    }

    pub fn deliver(&self, house: &House, mail: &[u8]) -> u32 {
        let uid = self.server.deliver(house.mailbox.as_str(), "INBOX", mail);
        uid.expect("a folder")
    }

    /// The receipts that wait in a house's INBOX.
    pub fn receipts(&self, house: &House) -> Vec<(ReceiptState, Option<Code>)> {
        self.inbox(house)
            .iter()
            .filter_map(|mail| match house.read(mail).body {
                Body::Receipt(receipt) => Some((receipt.state, receipt.reason)),
                _ => None,
            })
            .collect()
    }
}
