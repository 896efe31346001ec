//! A workspace that began on one machine goes on on several: its records move to a server, its bytes into the common bucket.

use std::path::{Path, PathBuf};

use crate::error::{Clause, Error, Result, kinds};
use crate::platform;
use crate::station::STATION_FILE;
use crate::store::Store;

use super::Desk;

/// Where to.
#[derive(Clone, Debug)]
pub struct Request {
    /// `postgres://USER@HOST/DATABASE`.
    pub store: String,
    /// File whose first line is the password of that user, relative to the workspace.
    pub password_file: Option<PathBuf>,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Where the records are now, without the user.
    pub store: String,
    /// Rows that were copied.
    pub rows: usize,
    /// Blobs that were put into the bucket.
    pub blobs: usize,
}

/// Checks that the records could go there; gives the address as it is shown.
///
/// # Errors
/// As [`run`], before anything is written.
pub async fn plan(desk: &Desk, request: &Request) -> Result<String> {
    Ok(place(desk, request)?.shown())
}

/// Moves the records and lets the station file name their new place. The old store stays as it is and refuses to be used.
///
/// # Errors
/// [`kinds::STORE_PLACE`] when this is no move to a server; what [`Store::move_to`] refuses; a disk error.
pub async fn run(desk: &Desk, request: &Request) -> Result<Moved> {
    let place = place(desk, request)?;
    let shown = place.shown();
    let blobs = desk.store.blobs().clone();
    let put = tokio::task::spawn_blocking(move || blobs.share()).await;
    let blobs = put.map_err(|e| kinds::INTERNAL.with("cause", e))??;
    let target = Store::open(place, desk.workspace.blobs()?, desk.store.setting().clone()).await?;
    let root = desk.workspace.root.clone();
    let rows = desk.store.move_to(&target, || rewrite(&root, request)).await?;
    Ok(Moved { store: shown, rows, blobs })
}

fn place(desk: &Desk, request: &Request) -> Result<crate::store::Place> {
    let wrong = |why: &'static str| kinds::STORE_PLACE.with("cause", Clause::new(why));
    if desk.store.is_shared() {
        return Err(wrong("why-move-server"));
    }
    let place = desk.workspace.place_of(&request.store, request.password_file.as_deref())?;
    let authority = request.store.split('/').nth(2).unwrap_or_default();
    match (place.is_server(), authority.split_once('@').is_some_and(|(user, _)| user.contains(':'))) {
        (false, _) => Err(wrong("why-move-scheme")),
        (_, true) => Err(wrong("why-move-password")),
        _ => Ok(place),
    }
}

/// The station file with the new place; everything else in it stays as a person wrote it.
fn rewrite(root: &Path, request: &Request) -> Result<()> {
    let path = root.join(STATION_FILE);
    let text = std::fs::read_to_string(&path).map_err(|e| Error::io(&path, e))?;
    platform::replace(&path, edited(&text, request).as_bytes())
}

fn edited(text: &str, request: &Request) -> String {
    let mut news = vec![format!("store = {:?}", request.store)];
    if let Some(file) = &request.password_file {
        news.push(format!("store_password_file = {:?}", file.display().to_string()));
    }
    let is_section = |line: &str| line.trim_start().starts_with('[');
    let head = text.lines().take_while(|line| !is_section(line));
    let old = |line: &str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        key == "store" || key == "store_password_file"
    };
    let mut lines: Vec<&str> = head.clone().filter(|line| !old(line)).collect();
    lines.extend(text.lines().skip(head.count()));
    // Above the first section stands what belongs to none.
    format!("{}\n{}\n", news.join("\n"), lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_place_changes() {
        let request = Request { store: "postgres://seal@db/office".into(), password_file: Some("pg".into()) };
        let text = "# ours\nprofile = \"drill\"\nstore = \"sqlite:store.sqlite\"\n\n[office]\nname = \"store = x\"\n";
        let wanted = "store = \"postgres://seal@db/office\"\nstore_password_file = \"pg\"\n# ours\n\
                      profile = \"drill\"\n\n[office]\nname = \"store = x\"\n";
        assert_eq!(edited(text, &request), wanted);
    }
}
