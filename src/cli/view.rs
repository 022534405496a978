//! `view`: exactly what a person of the house would get of an item.

use serde::Serialize;

use super::arguments::{ViewAction, ViewArguments};
use super::context::Context;
use super::words::tell;
use super::{Done, Fault};
use crate::rules::Action;

#[derive(Serialize)]
struct Document {
    item: String,
    action: String,
    media_type: String,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

pub fn view(context: &Context, arguments: &ViewArguments) -> Result<Done, Fault> {
    let action = match arguments.action {
        ViewAction::Display => Action::Display,
        ViewAction::Print => Action::Print,
        ViewAction::Store => Action::Store,
    };
    let (mut home, now) = context.open_now()?;
    let viewed = home.view(
        &arguments.item,
        &arguments.person,
        action,
        &arguments.out,
        now,
    )?;
    let document = Document {
        item: viewed.item,
        action: action.to_string(),
        media_type: viewed.media_type,
        size: viewed.size,
        width: viewed.width,
        height: viewed.height,
    };
    context.output.print(&document, |viewed| {
        let pixels = viewed.width.zip(viewed.height);
        let pixels = pixels.map_or(String::new(), |(width, height)| {
            format!("{width} × {height}, ")
        });
        tell!(
            "view-done",
            file = arguments.out.display().to_string(),
            pixels = pixels,
            type = viewed.media_type.as_str(),
            size = viewed.size
        ) + "\n"
    })?;
    Ok(Done::Wholly)
}
