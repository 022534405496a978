//! How items and albums are written as JSON, by the command line and by the interface for programs.

use serde::Serialize;
use utoipa::ToSchema;

use super::{AlbumItem, Collection};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::sharing::{Fault, Household};

/// An item of the album.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Item)]
pub struct ItemDocument {
    /// What it is called here.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// By its bytes.
    pub media_type: String,
    /// `picture`, `sound`, `video`, `document` or `file`.
    pub kind: &'static str,
    /// Of its content.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// When, in local time of the camera.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<String>,
    /// Pixels as seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels as seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// What people say of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    pub caption: String,
    /// Since when it is here.
    #[schema(value_type = String, format = DateTime)]
    pub added: Timestamp,
    /// Who brought it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub added_by: Option<StationName>,
    /// Whether it is for that person alone.
    pub private: bool,
    /// Since when it lies in the bin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted: Option<Timestamp>,
}

/// An item with the albums that it is in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ShownItem)]
pub struct ShownItemDocument {
    /// The item.
    #[serde(flatten)]
    pub item: ItemDocument,
    /// The names of its albums.
    pub albums: Vec<String>,
}

/// An album.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Album)]
pub struct AlbumDocument {
    /// What it is called here.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many items are in it.
    pub items: u64,
    /// An item that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
}

impl From<&AlbumItem> for ItemDocument {
    fn from(own: &AlbumItem) -> Self {
        ItemDocument {
            id: own.reference.clone(),
            name: own.name.clone(),
            media_type: own.media_type.clone(),
            kind: own.kind.as_str(),
            sha256: own.sha256.to_string(),
            size: own.size,
            taken: own.taken.clone(),
            width: own.width,
            height: own.height,
            caption: own.caption.clone(),
            added: own.added,
            added_by: own.added_by.clone(),
            private: own.private,
            deleted: own.deleted,
        }
    }
}

impl From<Collection> for AlbumDocument {
    fn from(album: Collection) -> Self {
        AlbumDocument {
            id: album.reference,
            name: album.name,
            items: album.items,
            cover: album.cover,
        }
    }
}

impl Household {
    /// An item with the albums that it is in.
    pub fn shown_item(
        &self,
        viewer: Option<&StationName>,
        reference: &str,
    ) -> Result<ShownItemDocument, Fault> {
        let albums = self.albums_of(viewer, reference)?.into_iter();
        Ok(ShownItemDocument {
            item: ItemDocument::from(&self.album_item(viewer, reference)?),
            albums: albums.map(|(_, name)| name).collect(),
        })
    }
}
