//! The signature field, its widget on page 1, and their places in the form and the page (ISO 32000-1 12.7.4.5, 12.5.6.19).

use lopdf::{Dictionary, Object};

use super::Role;
use crate::error::{Result, kinds};
use crate::pdf::append::Revision;
use crate::pdf::raw::{self, RawDict};
use crate::pdf::read::{Base, ObjectId};
use crate::pdf::sections::damaged;

/// Annotation flags Print and Locked (12.5.3); PDF/A-2 6.3.2 wants Print and forbids the hidden kinds.
const WIDGET_FLAGS: u32 = 4 + 128;
/// /SigFlags: SignaturesExist and AppendOnly (12.7.2). Set by the first signature; later ones must find them set, because
/// a change of other form keys reads as tampering.
const SIG_FLAGS: i64 = 3;

/// A field to be added.
pub struct Field {
    /// Its partial name, ASCII, unique in the file.
    pub name: String,
    /// Object number of its signature dictionary.
    pub signature: u32,
    /// Page of the widget.
    pub page: ObjectId,
    /// Object number of its lock, where it has one.
    pub lock: Option<u32>,
    /// Rectangle and appearance stream of a visible signature; none gives the zero rectangle of an invisible one.
    pub visible: Option<([f32; 4], u32)>,
}

/// The next free name `personal-1`, `personal-2`, `organization-1`, ...
pub fn next_name(taken: &[Vec<u8>], role: Role) -> String {
    numbered(taken, role.as_str())
}

/// The next free name `stem-1`, `stem-2`, ...
pub fn numbered(taken: &[Vec<u8>], stem: &str) -> String {
    let name = |number: usize| format!("{stem}-{number}");
    let free = (1..=taken.len() + 1).map(name).find(|name| !taken.iter().any(|t| t == name.as_bytes()));
    free.unwrap_or_else(|| name(taken.len() + 1))
}

/// Refuses files whose own rules or form exclude this signature.
///
/// # Errors
/// [`kinds::BASE_DYNAMIC_FORM`], [`kinds::BASE_CERTIFIED`].
pub fn check_allowed(base: &Base, visible: bool) -> Result<()> {
    check_static(base)?;
    match certified(base)? {
        Some(1) => Err(kinds::BASE_CERTIFIED.error()),
        Some(_) if visible => Err(kinds::BASE_CERTIFIED.error()),
        _ => Ok(()),
    }
}

/// Refuses a field that an earlier signature has locked (ISO 32000-1 Table 233): by name, or by locking all fields, which other
/// programs take to mean those too that come later.
///
/// # Errors
/// [`kinds::BASE_LOCKED`] with the field of that signature.
pub fn check_unlocked(base: &Base, name: &str) -> Result<()> {
    let Some((_, form)) = base.form_dictionary()? else { return Ok(()) };
    let fields = base.entry(form, "Fields").and_then(|f| f.as_array().ok());
    for field in fields.into_iter().flatten() {
        let Some(field) = base.follow(field).and_then(|field| field.as_dict().ok()) else { continue };
        let signature = base.entry(field, "V").and_then(|value| value.as_dict().ok());
        let lock = base.entry(field, "Lock").and_then(|lock| lock.as_dict().ok());
        if let (Some(_), Some(lock)) = (signature, lock)
            && locks(base, lock, name)
        {
            let owner = base.entry(field, "T").and_then(|name| name.as_str().ok()).unwrap_or_default();
            return Err(kinds::BASE_LOCKED.with("field", String::from_utf8_lossy(owner)));
        }
    }
    Ok(())
}

fn locks(base: &Base, lock: &Dictionary, name: &str) -> bool {
    if base.entry(lock, "P").and_then(|p| p.as_i64().ok()) == Some(1) {
        return true;
    }
    let names = base.entry(lock, "Fields").and_then(|fields| fields.as_array().ok());
    let listed = names.into_iter().flatten().any(|item| {
        let item = base.follow(item).and_then(|item| item.as_str().ok()).unwrap_or_default();
        item == name.as_bytes()
    });
    match base.entry(lock, "Action").and_then(|action| action.as_name().ok()) {
        Some(b"Include") => listed,
        Some(b"Exclude") => !listed,
        _ => true,
    }
}

/// As [`check_allowed`] for a document time stamp, which every certification allows (ISO 32000-2 Table 257).
///
/// # Errors
/// [`kinds::BASE_DYNAMIC_FORM`].
pub fn check_static(base: &Base) -> Result<()> {
    match base.form_dictionary()?.is_some_and(|(_, form)| form.has(b"XFA")) {
        true => Err(kinds::BASE_DYNAMIC_FORM.error()),
        false => Ok(()),
    }
}

/// /P of a certification (12.8.2.2): 1 forbids everything, 2 and 3 allow further signatures in fields.
fn certified(base: &Base) -> Result<Option<i64>> {
    let catalog = base.dictionary(base.root()?)?;
    let signature =
        base.entry(catalog, "Perms").and_then(|p| p.as_dict().ok()).and_then(|p| base.entry(p, "DocMDP"));
    let Some(signature) = signature.and_then(|s| s.as_dict().ok()) else { return Ok(None) };
    let references = base.entry(signature, "Reference").and_then(|r| r.as_array().ok());
    let first =
        references.and_then(|r| r.first()).and_then(|r| base.follow(r)).and_then(|r| r.as_dict().ok());
    let parameters = first.and_then(|r| base.entry(r, "TransformParams")).and_then(|p| p.as_dict().ok());
    let p = parameters.and_then(|p| base.entry(p, "P")).and_then(|p| p.as_i64().ok());
    Ok(Some(p.unwrap_or(2)))
}

/// Page and rectangle of every signature that shows, in the order of the form.
///
/// # Errors
/// [`kinds::BASE_DAMAGED`] when the form cannot be read.
pub fn shown(base: &Base) -> Result<Vec<(ObjectId, [f32; 4])>> {
    let signed = |field: &Dictionary| base.entry(field, "V").is_some_and(|value| value.as_dict().is_ok());
    places(base, signed)
}

/// Page and rectangle of the last field that shows, signed or not.
///
/// # Errors
/// As [`shown`].
pub(super) fn last_place(base: &Base) -> Result<Option<(ObjectId, [f32; 4])>> {
    Ok(places(base, |_| true)?.pop())
}

fn places(base: &Base, wanted: impl Fn(&Dictionary) -> bool) -> Result<Vec<(ObjectId, [f32; 4])>> {
    let Some((_, form)) = base.form_dictionary()? else { return Ok(Vec::new()) };
    let fields = base.entry(form, "Fields").and_then(|f| f.as_array().ok());
    let field = |field: &Object| {
        let field = base.follow(field)?.as_dict().ok().filter(|field| wanted(field))?;
        let page = field.get(b"P").and_then(Object::as_reference).ok()?;
        let rectangle = base.rectangle(base.entry(field, "Rect")?)?;
        let [left, bottom, right, top] = rectangle;
        (right > left && top > bottom).then_some((page, rectangle))
    };
    Ok(fields.into_iter().flatten().filter_map(field).collect())
}

/// Writes the field and links it into the page and the form.
///
/// # Errors
/// [`kinds::BASE_DAMAGED`] when page or form are not what they should be.
pub fn add(revision: &mut Revision, field: &Field) -> Result<()> {
    let number = revision.allocate()?;
    revision.put(number, &widget(field))?;
    link_page(revision, field.page, number)?;
    link_form(revision, number)
}

/// Field and widget merged into one dictionary (12.5.6.19).
fn widget(field: &Field) -> Vec<u8> {
    let ([left, bottom, right, top], appearance) = match field.visible {
        Some((rectangle, number)) => (rectangle, format!("/AP<</N {number} 0 R>>")),
        None => ([0.0; 4], String::new()),
    };
    let lock = field.lock.map(|number| format!("/Lock {number} 0 R")).unwrap_or_default();
    let Field { name, signature, page, .. } = field;
    format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T({name})/V {signature} 0 R/P {} {} R\
         /Rect[{left} {bottom} {right} {top}]/F {WIDGET_FLAGS}{appearance}{lock}>>",
        page.0, page.1
    )
    .into_bytes()
}

fn link_page(revision: &mut Revision, page: ObjectId, widget: u32) -> Result<()> {
    let base = revision.base();
    let bytes = base.raw_object(page)?;
    let mut dict = RawDict::parse(&bytes).ok_or_else(|| damaged("/Page"))?;
    if dict.get("Annots").is_none() {
        // An array of its own: the next signature rewrites this array and not the page.
        let annots = revision.allocate()?;
        revision.put(annots, format!("[{widget} 0 R]").as_bytes())?;
        dict.set("Annots", format!("{annots} 0 R").into_bytes());
        revision.replace(page, &dict.to_bytes())?;
    } else if append_item(revision, &mut dict, "Annots", widget)? {
        revision.replace(page, &dict.to_bytes())?;
    }
    Ok(())
}

fn link_form(revision: &mut Revision, field: u32) -> Result<()> {
    let base = revision.base();
    let root = base.root()?;
    let catalog = base.raw_object(root)?;
    let mut catalog = RawDict::parse(&catalog).ok_or_else(|| damaged("/Root"))?;
    match base.form_dictionary()? {
        None => {
            let form = revision.allocate()?;
            revision.put(form, format!("<</Fields[{field} 0 R]/SigFlags {SIG_FLAGS}>>").as_bytes())?;
            catalog.set("AcroForm", format!("{form} 0 R").into_bytes());
            revision.replace(root, &catalog.to_bytes())?;
        }
        Some((Some(id), _)) => {
            let form = base.raw_object(id)?;
            if let Some(form) = extend_form(revision, &form, field)? {
                revision.replace(id, &form)?;
            }
        }
        Some((None, _)) => {
            let form = catalog.get("AcroForm").map(<[u8]>::to_vec).unwrap_or_default();
            if let Some(form) = extend_form(revision, &form, field)? {
                catalog.set("AcroForm", form);
                revision.replace(root, &catalog.to_bytes())?;
            }
        }
    }
    Ok(())
}

/// The form with the field in it; none when only the array that /Fields points to had to change.
fn extend_form(revision: &mut Revision, form: &[u8], field: u32) -> Result<Option<Vec<u8>>> {
    let base = revision.base();
    let flags = match base.form_dictionary()? {
        Some((_, form)) => base.entry(form, "SigFlags").and_then(|f| Object::as_i64(f).ok()).unwrap_or(0),
        None => 0,
    };
    let mut form = RawDict::parse(form).ok_or_else(|| damaged("/AcroForm"))?;
    let mut changed = append_item(revision, &mut form, "Fields", field)?;
    if flags & SIG_FLAGS != SIG_FLAGS {
        form.set("SigFlags", (flags | SIG_FLAGS).to_string().into_bytes());
        changed = true;
    }
    Ok(changed.then(|| form.to_bytes()))
}

/// Appends `item` to the array under `key`: in place, or in the object that the key points to. Gives whether `holder`
/// itself changed.
fn append_item(revision: &mut Revision, holder: &mut RawDict, key: &str, item: u32) -> Result<bool> {
    let old = holder.get(key).unwrap_or(b"[]").to_vec();
    match raw::reference(&old) {
        Some(id) => {
            let array = revision.base().raw_object(id)?;
            revision.replace(id, &longer(&array, item, key)?)?;
            Ok(false)
        }
        None => {
            holder.set(key, longer(&old, item, key)?);
            Ok(true)
        }
    }
}

fn longer(array: &[u8], item: u32, key: &str) -> Result<Vec<u8>> {
    let mut items = raw::array(array).ok_or_else(|| damaged(key))?;
    let item = format!("{item} 0 R");
    items.push(item.as_bytes());
    Ok([b"[".as_slice(), &items.join(&b' '), b"]"].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted_per_role_and_never_taken_twice() {
        let taken = |names: &[&str]| names.iter().map(|n| n.as_bytes().to_vec()).collect::<Vec<_>>();
        assert_eq!(next_name(&[], Role::Personal), "personal-1");
        assert_eq!(next_name(&taken(&["personal-1", "x"]), Role::Personal), "personal-2");
        assert_eq!(next_name(&taken(&["personal-1", "personal-3"]), Role::Personal), "personal-2");
        assert_eq!(next_name(&taken(&["personal-1"]), Role::Organization), "organization-1");
    }
}
