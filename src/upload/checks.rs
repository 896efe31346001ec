//! What the destinations of a station must be, each by itself and beside the others: names that stand in keys of jobs, in tables and
//! in commands, and folders that are not ours and not one another's.

use std::path::{Component, Path, PathBuf};

use super::{Config, Kind};
use crate::error::Clause;

/// Longest name, characters.
const LONGEST: usize = 64;
/// Folders of a workspace that the program itself keeps.
const OURS: [&str; 11] = [
    "blobs",
    "evidence",
    "keys",
    "leases",
    "looks",
    "out",
    "previews",
    "profiles",
    "revocation",
    "serve",
    crate::station::TRUST_FOLDER,
];

/// What is wrong with a destination.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// A key of the station file, in words.
    Key(Clause),
    /// Its name or its folder; the name of a sentence.
    Place(&'static str),
}

/// The first fault among the destinations of the workspace in `root`, with the name of the destination.
pub fn fault(destinations: &[Config], root: &Path) -> Option<(String, Fault)> {
    let mut seen: Vec<(String, Option<PathBuf>)> = Vec::new();
    for config in destinations {
        let (name, folder) = (config.name.to_lowercase(), folder_of(config, root));
        let place = name_fault(&config.name)
            .or_else(|| seen.iter().any(|(other, _)| *other == name).then_some("twice"))
            .or_else(|| folder_fault(config, folder.as_deref()?, root))
            .or_else(|| {
                (folder.is_some() && seen.iter().any(|(_, f)| *f == folder)).then_some("same_folder")
            });
        if let Some(fault) = place.map(Fault::Place).or_else(|| config.fault().map(Fault::Key)) {
            return Some((config.name.clone(), fault));
        }
        seen.push((name, folder));
    }
    None
}

fn name_fault(name: &str) -> Option<&'static str> {
    let faults = [
        (name.is_empty(), "empty"),
        (name.trim() != name, "space"),
        (name.chars().any(char::is_control), "control"),
        (name.contains('/'), "slash"),
        (name.chars().count() > LONGEST, "long"),
    ];
    faults.iter().find(|(fault, _)| *fault).map(|(_, code)| *code)
}

/// Where a destination of kind `folder` is, as far as it exists without links.
fn folder_of(config: &Config, root: &Path) -> Option<PathBuf> {
    let path = config.path.as_ref().filter(|_| config.kind == Kind::Folder)?;
    Some(resolved(&root.join(path)))
}

/// Copies leave the workspace. Those of a drill may stay in it, in a folder of their own.
fn folder_fault(config: &Config, folder: &Path, root: &Path) -> Option<&'static str> {
    if config.path.as_ref().is_some_and(|path| path.as_os_str().is_empty()) {
        return Some("no_folder");
    }
    let rest = folder.strip_prefix(resolved(root)).ok()?;
    let first = rest.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let ours = first.is_none_or(|first| OURS.contains(&first.as_str()));
    (ours || !config.drill).then_some("inside")
}

/// The path without links, `.` and `..`, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.components().next_back()) {
        (Some(parent), Some(Component::Normal(name))) => resolved(parent).join(name),
        (Some(parent), Some(Component::ParentDir)) => {
            resolved(parent).parent().map(Path::to_owned).unwrap_or_default()
        }
        (Some(parent), _) => resolved(parent),
        (None, _) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str], root: &Path) -> Option<Fault> {
        let all = lines.iter().map(|line| toml::from_str::<Config>(line).unwrap()).collect::<Vec<_>>();
        fault(&all, root).map(|(_, fault)| fault)
    }

    fn folder(name: &str, path: &str) -> String {
        format!("name = {name:?}\nkind = \"folder\"\npath = {path:?}")
    }

    #[test]
    fn names_are_told_apart_and_keys_of_jobs_cannot_meet() {
        let root = Path::new("/srv/office");
        assert_eq!(of(&[&folder("dms", "/srv/a"), &folder("Văn thư 2", "/srv/b")], root), None);
        for (name, code) in [
            ("", "empty"),
            (" dms", "space"),
            ("dms/2", "slash"),
            ("a\nb", "control"),
            ("a\tb", "control"),
            (&"n".repeat(65), "long"),
        ] {
            assert_eq!(of(&[&folder(name, "/srv/a")], root), Some(Fault::Place(code)), "{name:?}");
        }
        let twice = of(&[&folder("dms", "/srv/a"), &folder("DMS", "/srv/b")], root);
        assert_eq!(twice, Some(Fault::Place("twice")));
        let key = of(&["name = \"dms\"\nkind = \"folder\""], root);
        assert_eq!(key, Some(Fault::Key(Clause::new("why-missing").with("key", "path"))));
    }

    #[test]
    fn a_folder_belongs_to_one_destination_and_not_to_the_workspace() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join("ws");
        std::fs::create_dir_all(root.join("out")).unwrap();
        std::fs::create_dir(temporary.path().join("dms")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(temporary.path().join("dms"), temporary.path().join("link")).unwrap();
        let there = temporary.path().join("dms").display().to_string();
        assert_eq!(of(&[&folder("dms", &there), &folder("b", "../other")], &root), None);
        let same = |other: &str| of(&[&folder("dms", &there), &folder("b", other)], &root);
        assert_eq!(same("../ws/../dms/"), Some(Fault::Place("same_folder")));
        #[cfg(unix)]
        assert_eq!(same("../link"), Some(Fault::Place("same_folder")));
        assert_eq!(of(&[&folder("dms", "")], &root), Some(Fault::Place("no_folder")));
        for path in [".", "out", "out/dms", "new", "../ws/x/.."] {
            assert_eq!(of(&[&folder("dms", path)], &root), Some(Fault::Place("inside")), "{path}");
        }
        // The copies of a drill lie in a folder of their own.
        let drill = |path: &str| format!("{}\ndrill = true", folder("delivered", path));
        assert_eq!(of(&[&drill("delivered")], &root), None);
        assert!(of(&[&drill("out")], &root).is_some() && of(&[&drill(".")], &root).is_some());
    }
}
