//! Which PKCS#11 module may be loaded. To load a module is to run its code, so the station names the allowed ones, and one
//! that somebody else could have exchanged is refused.

use std::path::{Path, PathBuf};

use super::{KeyPolicy, TokenUri};
use crate::error::{Result, kinds};
use crate::platform::{others_can_write, owned_by_root_or_us};

/// The module for `uri`: the one that it names if the station allows it, else the only one that the station names.
///
/// # Errors
/// [`kinds::MODULE_NOT_NAMED`], [`kinds::MODULE_NOT_ALLOWED`], [`kinds::MODULE_MISSING`], [`kinds::MODULE_UNSAFE`].
pub fn choose(uri: &TokenUri, policy: &KeyPolicy) -> Result<PathBuf> {
    let module = match (&uri.module, &policy.modules[..]) {
        (Some(named), allowed) if allowed.contains(named) => named,
        (Some(named), _) => return Err(kinds::MODULE_NOT_ALLOWED.with("module", named.display())),
        (None, [only]) => only,
        (None, _) => return Err(kinds::MODULE_NOT_NAMED.error()),
    };
    check(module)
}

/// Gives the real path behind links; that is what was checked and what is loaded.
///
/// # Errors
/// As [`choose`].
pub fn check(module: &Path) -> Result<PathBuf> {
    if !module.is_absolute() {
        return Err(kinds::MODULE_NOT_ALLOWED.with("module", module.display()));
    }
    let missing = |e: std::io::Error| kinds::MODULE_MISSING.with("module", module.display()).because(e);
    let real = module.canonicalize().map_err(missing)?;
    let folder = real.parent().unwrap_or(Path::new("/"));
    for path in [real.as_path(), folder] {
        let safe = owned_by_root_or_us(path)? && !others_can_write(path)?;
        if !safe {
            return Err(kinds::MODULE_UNSAFE.with("module", path.display()));
        }
    }
    Ok(real)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn code(uri: &TokenUri, modules: &[&Path]) -> &'static str {
        let policy =
            KeyPolicy { modules: modules.iter().map(|m| m.to_path_buf()).collect(), ..KeyPolicy::default() };
        choose(uri, &policy).map_or_else(|e| e.code(), |_| "allowed")
    }

    #[test]
    fn only_a_safe_module_that_the_station_names_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let module = folder.path().join("module.so");
        fs::write(&module, b"x").unwrap();
        let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        mode(&module, 0o644);
        let named = TokenUri { module: Some(module.clone()), ..TokenUri::default() };
        let unnamed = TokenUri::default();

        assert_eq!(code(&named, &[&module]), "allowed");
        assert_eq!(code(&unnamed, &[&module]), "allowed");
        assert_eq!(code(&unnamed, &[]), "module_not_named");
        assert_eq!(code(&unnamed, &[&module, Path::new("/b.so")]), "module_not_named");
        assert_eq!(code(&named, &[Path::new("/b.so")]), "module_not_allowed");
        assert_eq!(code(&unnamed, &[Path::new("relative.so")]), "module_not_allowed");
        assert_eq!(code(&unnamed, &[Path::new("/does/not/exist.so")]), "module_missing");
        mode(&module, 0o666);
        assert_eq!(code(&named, &[&module]), "module_unsafe");
        mode(&module, 0o644);
        mode(folder.path(), 0o777);
        assert_eq!(code(&named, &[&module]), "module_unsafe");
    }
}
