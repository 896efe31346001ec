//! `kit`: cover sheets, registers and declaration form, printed before an outage.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::json;

use super::super::args::{Global, Kit as Args};
use super::super::console::Console;
use super::super::open;
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front};
use crate::kit::{self, Block, KitId, Order};
use crate::outage::{Outage, OutageState};
use crate::pipeline::Desk;
use crate::platform;
use crate::station::Workspace;
use crate::store::Kit;

pub(in super::super) async fn run(args: Args, global: &Global, console: &Console) -> Result<Exit> {
    let blocks = args.blocks.iter().map(|text| text.parse()).collect::<Result<Vec<_>>>()?;
    Block::each_once(&blocks)?;
    let desk = desk(global, console).await?;
    if let Some(desk) = &desk {
        refuse_taken(desk, &blocks, console).await?;
    }
    let order = Order {
        kit: KitId::random()?,
        count: args.count,
        blocks,
        office: desk.as_ref().map(|d| d.workspace.station.office.name.clone()),
        lang: console.lang(),
    };
    let bytes = kit::print(&order)?;
    let path = args.output.display().to_string();
    if global.dry_run {
        console.tell(&Event::new("plan", json!({"action": "kit", "files": [path], "sheets": order.count})));
        return Ok(Exit::Done);
    }
    platform::write_new(&args.output, &bytes)?;
    if let Some(desk) = &desk {
        let printed_at = Timestamp::now();
        let kit =
            Kit { id: order.kit.clone(), sheets: order.count, blocks: order.blocks.clone(), printed_at };
        desk.store.keep_kit(&kit).await?;
    }
    console.say_id("cli-kit", &[("path", &path), ("kit", order.kit.as_str())]);
    let blocks: Vec<String> = order.blocks.iter().map(ToString::to_string).collect();
    let summary = json!({"command": "kit", "kit": order.kit, "sheets": order.count, "blocks": blocks,
        "file": path, "bytes": bytes.len(), "recorded": desk.is_some()});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

/// Numbers begin again with each year, and so does what may be printed: what another kit of this year hands out is refused while
/// that kit can be used; anything else is only said.
async fn refuse_taken(desk: &Desk, blocks: &[Block], console: &Console) -> Result<()> {
    let offset = desk.workspace.profile.utc_offset_minutes;
    let offset = Offset::from_seconds(offset.saturating_mul(60)).unwrap_or(Offset::UTC);
    let day = |at: Timestamp| offset.to_datetime(at).date();
    let outages = desk.store.outages().await?;
    for kit in desk.store.kits().await? {
        let shared = blocks.iter().find_map(|block| kit.blocks.iter().find_map(|other| block.shared(other)));
        let Some(shared) = shared else { continue };
        let name = kit.id.to_string();
        let closed = |outage: &Outage| outage.state == OutageState::Closed;
        let used = outages.iter().any(|outage| outage.kits.contains(&name) && closed(outage));
        let (printed, numbers) = (day(kit.printed_at), shared.to_string());
        let at = printed.strftime("%d/%m/%Y").to_string();
        if printed.year() == day(Timestamp::now()).year() && !used {
            return Err(kinds::NUMBERS_TAKEN.with("kit", name).with("at", at).with("numbers", numbers));
        }
        console.say_id("kit-numbers-again", &[("kit", &name), ("at", &at), ("numbers", &numbers)]);
    }
    Ok(())
}

/// A kit is printed in any folder; where there is a workspace, it is kept there too, so that gaps can be told later.
async fn desk(global: &Global, console: &Console) -> Result<Option<Desk>> {
    match Workspace::find(global.workspace.as_deref()) {
        Ok(workspace) => open(workspace, console).await.map(Some),
        Err(error) if error.code() == kinds::WORKSPACE_MISSING.code && global.workspace.is_none() => Ok(None),
        Err(error) => Err(error),
    }
}
