//! PDF: the first pages in a new file that holds what they show and nothing else.
//!
//! 1 read the file, within bounds. 2 copy each page with its size and content, and of its resources only those that its
//! content names: often one list serves all pages, and would bring the pictures of the others along. 3 follow references
//! from there, never to another page. Titles, authors, outlines, links, notes, forms, attached files and scripts hang
//! elsewhere, so they stay behind; pictures inside are cleaned like any other.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream};

use super::super::clean::{Cleaned, clean};
use super::super::container::Fault;
use super::super::{Broken, Format};
use super::ExcerptError;

/// The largest PDF that is cut, in bytes: all of it is read.
pub const MAX_FILE: usize = 64 << 20;
/// The most that one stream of it may unfold to.
const MAX_STREAM: usize = 32 << 20;
/// From a page up to the root of all pages.
const MAX_ABOVE: usize = 64;
/// Drawings within drawings that share one list of resources.
const MAX_WITHIN: usize = 1_000;

/// What is kept of a page; the first four a page may have from above it (ISO 32000-1, 7.7.3.4).
const OF_A_PAGE: [&[u8]; 6] = [
    b"MediaBox",
    b"CropBox",
    b"Rotate",
    b"UserUnit",
    b"Group",
    b"TrimBox",
];
const INHERITED: [&[u8]; 4] = [b"MediaBox", b"CropBox", b"Rotate", b"Resources"];

/// What leads out of what is shown.
const LEFT_OUT: [&[u8]; 10] = [
    b"Parent",
    b"Metadata",
    b"PieceInfo",
    b"StructParent",
    b"StructParents",
    b"LastModified",
    b"AF",
    b"Measure",
    b"PtData",
    b"OPI",
];

pub(super) fn cut(bytes: &[u8], pages: u32) -> Result<Vec<u8>, ExcerptError> {
    let format = Format::Pdf;
    if bytes.len() > MAX_FILE {
        return Err(ExcerptError::TooLarge {
            format,
            most: MAX_FILE as u64,
        });
    }
    let broken = |what| ExcerptError::from(Broken::from_fault(format, Fault::Malformed(what)));
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM);
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) => document,
        Err(lopdf::Error::InvalidPassword) => return Err(ExcerptError::Encrypted),
        Err(_) if encrypted(bytes) => return Err(ExcerptError::Encrypted),
        Err(_) => return Err(broken("its objects make no sense")),
    };
    if document.trailer.has(b"Encrypt") || document.was_encrypted() {
        return Err(ExcerptError::Encrypted);
    }
    let mut copy = Copy {
        from: &document,
        to: Document::with_version("1.7"),
        ids: BTreeMap::new(),
        open: Vec::new(),
    };
    let root = copy.to.new_object_id();
    let mut kids = Vec::new();
    for page in document.page_iter().take(pages as usize) {
        let page = copy.page(page, root).map_err(broken)?;
        kids.push(Object::Reference(copy.to.add_object(page)));
    }
    if kids.is_empty() {
        return Err(broken("it has no pages"));
    }
    let mut catalog = Dictionary::new();
    catalog.set("Type", Object::Name(b"Catalog".to_vec()));
    catalog.set("Pages", Object::Reference(root));
    // Without them layers that are switched off would be seen.
    if let Ok(layers) = document.catalog().and_then(|all| all.get(b"OCProperties")) {
        let layers = copy.object(layers).map_err(broken)?;
        catalog.set("OCProperties", layers);
    }
    copy.rest().map_err(broken)?;
    let mut tree = Dictionary::new();
    tree.set("Type", Object::Name(b"Pages".to_vec()));
    tree.set("Count", kids.len() as i64);
    tree.set("Kids", kids);
    copy.to.objects.insert(root, Object::Dictionary(tree));
    let catalog = copy.to.add_object(catalog);
    copy.to.trailer.set("Root", Object::Reference(catalog));
    let mut out = Vec::new();
    copy.to
        .save_to(&mut out)
        .map_err(|_| broken("its pages cannot be written again"))?;
    Ok(out)
}

/// Where a password keeps it from being read, words alone tell why.
fn encrypted(bytes: &[u8]) -> bool {
    let word = b"/Encrypt";
    bytes.windows(word.len()).any(|at| at == word)
}

/// From one document to another.
struct Copy<'a> {
    from: &'a Document,
    to: Document,
    ids: BTreeMap<ObjectId, ObjectId>,
    /// Named, and not copied yet.
    open: Vec<(ObjectId, ObjectId)>,
}

impl Copy<'_> {
    fn page(&mut self, id: ObjectId, root: ObjectId) -> Result<Object, &'static str> {
        let bad = "one of its pages makes no sense";
        let from = self.from;
        let page = from.get_dictionary(id).map_err(|_| bad)?;
        let mut new = Dictionary::new();
        new.set("Type", Object::Name(b"Page".to_vec()));
        new.set("Parent", Object::Reference(root));
        for key in OF_A_PAGE {
            if let Some(value) = of_page(from, page, key) {
                let value = self.object(value)?;
                new.set(key, value);
            }
        }
        let content = self
            .from
            .get_page_content_with_limit(id, MAX_STREAM)
            .map_err(|_| bad)?;
        if let Some(resources) = of_page(from, page, b"Resources") {
            let (_, resources) = from.dereference(resources).map_err(|_| bad)?;
            let resources = resources.as_dict().map_err(|_| bad)?;
            let names = self.names(resources, &content)?;
            let resources = self.resources(resources, &names)?;
            new.set("Resources", resources);
        }
        // One stream, because a list of them may break a word in two.
        let mut stream = Stream::new(Dictionary::new(), content);
        stream.compress().map_err(|_| bad)?;
        let content = self.to.add_object(stream);
        new.set("Contents", Object::Reference(content));
        Ok(Object::Dictionary(new))
    }

    /// The names in a content, and in the drawings that it shows where these have no resources of their own.
    fn names(
        &self,
        resources: &Dictionary,
        content: &[u8],
    ) -> Result<BTreeSet<Vec<u8>>, &'static str> {
        let mut names = names_in(content);
        let drawings = resources.get_deref(b"XObject", self.from);
        let Ok(drawings) = drawings.and_then(Object::as_dict) else {
            return Ok(names);
        };
        let mut open: Vec<Vec<u8>> = names.iter().cloned().collect();
        let mut within = 0;
        while let Some(name) = open.pop() {
            let drawing = drawings.get_deref(&name, self.from);
            let Ok(drawing) = drawing.and_then(Object::as_stream) else {
                continue;
            };
            let kind = drawing.dict.get(b"Subtype").and_then(Object::as_name);
            if !matches!(kind, Ok(b"Form")) || drawing.dict.has(b"Resources") {
                continue;
            }
            within += 1;
            if within > MAX_WITHIN {
                return Err("it has too many drawings within drawings");
            }
            for name in names_in(&plain(drawing)?) {
                if names.insert(name.clone()) {
                    open.push(name);
                }
            }
        }
        Ok(names)
    }

    /// Resources, of each list only what is named.
    fn resources(
        &mut self,
        resources: &Dictionary,
        names: &BTreeSet<Vec<u8>>,
    ) -> Result<Object, &'static str> {
        let mut new = Dictionary::new();
        for (kind, list) in resources.iter() {
            let list = match self.from.dereference(list) {
                Ok((_, Object::Dictionary(list))) => list,
                Ok((_, Object::Array(_))) if kind == b"ProcSet" => {
                    new.set(kind.clone(), self.object(list)?);
                    continue;
                }
                _ => continue,
            };
            let mut kept = Dictionary::new();
            for (name, value) in list.iter().filter(|(name, _)| names.contains(*name)) {
                kept.set(name.clone(), self.object(value)?);
            }
            new.set(kind.clone(), kept);
        }
        Ok(Object::Dictionary(new))
    }

    /// A copy that refers to copies. How deep objects lie in one another, `lopdf` has bounded.
    fn object(&mut self, object: &Object) -> Result<Object, &'static str> {
        Ok(match object {
            Object::Reference(id) => self.reference(*id),
            Object::Array(list) => Object::Array(
                list.iter()
                    .map(|one| self.object(one))
                    .collect::<Result<_, _>>()?,
            ),
            Object::Dictionary(dictionary) => Object::Dictionary(self.dictionary(dictionary)?),
            Object::Stream(stream) => Object::Stream(self.stream(stream)?),
            plain => plain.clone(),
        })
    }

    fn dictionary(&mut self, dictionary: &Dictionary) -> Result<Dictionary, &'static str> {
        let mut new = Dictionary::new();
        for (key, value) in dictionary.iter() {
            if !LEFT_OUT.contains(&key.as_slice()) {
                new.set(key.clone(), self.object(value)?);
            }
        }
        Ok(new)
    }

    fn stream(&mut self, stream: &Stream) -> Result<Stream, &'static str> {
        let mut dict = stream.dict.clone();
        // Its length may stand elsewhere; it is told by what is there.
        dict.remove(b"Length");
        let resources = dict.remove(b"Resources");
        let mut dict = self.dictionary(&dict)?;
        if let Some(resources) = resources {
            let from = self.from;
            let (_, resources) = from
                .dereference(&resources)
                .map_err(|_| "the resources of a drawing are missing")?;
            if let Ok(resources) = resources.as_dict() {
                let names = self.names(resources, &plain(stream)?)?;
                dict.set("Resources", self.resources(resources, &names)?);
            }
        }
        let mut content = stream.content.clone();
        if stream
            .filters()
            .is_ok_and(|filters| filters == [b"DCTDecode"])
        {
            match clean(&content) {
                Ok(Cleaned::Unchanged) => {}
                Ok(Cleaned::Changed(cleaned)) => content = cleaned,
                Err(_) if says_more(&content) => {
                    return Err("a picture in it is damaged, so that its place cannot be removed");
                }
                Err(_) => {}
            }
        }
        Ok(Stream::new(dict, content).with_compression(false))
    }

    fn reference(&mut self, id: ObjectId) -> Object {
        if let Some(known) = self.ids.get(&id) {
            return Object::Reference(*known);
        }
        let leads_out = match self.from.get_object(id) {
            Ok(Object::Dictionary(target)) => {
                let kind = target.get(b"Type").and_then(Object::as_name);
                matches!(
                    kind,
                    Ok(b"Page"
                        | b"Pages"
                        | b"Catalog"
                        | b"Annot"
                        | b"StructElem"
                        | b"StructTreeRoot"
                        | b"Filespec")
                )
            }
            Ok(_) => false,
            Err(_) => true,
        };
        if leads_out {
            return Object::Null;
        }
        let new = self.to.new_object_id();
        self.ids.insert(id, new);
        self.open.push((id, new));
        Object::Reference(new)
    }

    /// Copies what was named, and what that names.
    fn rest(&mut self) -> Result<(), &'static str> {
        while let Some((id, new)) = self.open.pop() {
            let from = self.from;
            let object = from
                .get_object(id)
                .map_err(|_| "an object of it is missing")?;
            let object = self.object(object)?;
            self.to.objects.insert(new, object);
        }
        Ok(())
    }
}

/// A value of the page, or of those above it.
fn of_page<'d>(from: &'d Document, page: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    let mut at = page;
    for _ in 0..MAX_ABOVE {
        if let Ok(value) = at.get(key) {
            return Some(value);
        }
        if !INHERITED.contains(&key) {
            return None;
        }
        at = at.get_deref(b"Parent", from).ok()?.as_dict().ok()?;
    }
    None
}

fn plain(stream: &Stream) -> Result<Vec<u8>, &'static str> {
    stream
        .get_plain_content_with_limit(MAX_STREAM)
        .map_err(|_| "a drawing in it does not unfold")
}

fn says_more(jpeg: &[u8]) -> bool {
    [&b"Exif\0"[..], b"ns.adobe.com", b"Photoshop"]
        .iter()
        .any(|words| jpeg.windows(words.len()).any(|at| at == *words))
}

/// Everything that stands behind a slash, as names are written (ISO 32000-1, 7.3.5).
fn names_in(content: &[u8]) -> BTreeSet<Vec<u8>> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\0()<>[]{}/%".contains(byte);
    content
        .split(|byte| *byte == b'/')
        .skip(1)
        .map(|piece| {
            let end = piece.iter().position(ends).unwrap_or(piece.len());
            unescaped(&piece[..end])
        })
        .collect()
}

fn unescaped(name: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::with_capacity(name.len()), 0);
    while at < name.len() {
        let coded = (name[at] == b'#')
            .then(|| name.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(coded.unwrap_or(name[at]));
        at += if coded.is_some() { 3 } else { 1 };
    }
    out
}
