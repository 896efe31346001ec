//! Who can sign at which step of the routes, from here: lists of signers against the certificates of this station's keys.

use std::collections::BTreeSet;

use crate::pipeline::sign::{key_uri, same_name};
use crate::profile::{RouteRules, SignatureRule};
use crate::sign::Role;
use crate::station::Workspace;

use super::keys::Holders;
use super::{Line, Notes};

/// Steps without a key, steps at which nobody of this station may sign, and lists for steps that no route has. What is in order
/// is one line a route.
pub(super) fn routes(workspace: &Workspace, holders: &Holders, notes: Notes) -> Vec<Line> {
    let mut lines = strangers(workspace, notes);
    for route in &workspace.profile.route {
        let found: Vec<Line> =
            route.step.iter().filter_map(|rule| step(workspace, (route, rule), holders, notes)).collect();
        match found.is_empty() {
            true => lines.push(notes.good("route", "route_good", &[("route", title(route, notes))])),
            false => lines.extend(found),
        }
    }
    lines
}

fn title(route: &RouteRules, notes: Notes) -> String {
    route.title.in_lang(notes.lang).to_owned()
}

/// A list of signers that no step has: everybody may sign where somebody was meant to be kept out.
fn strangers(workspace: &Workspace, notes: Notes) -> Vec<Line> {
    let routes = workspace.profile.route.iter().flat_map(|route| &route.step);
    let known: BTreeSet<&str> =
        routes.chain(&workspace.profile.signature).map(|rule| rule.step.as_str()).collect();
    let known = known.into_iter().filter(|step| !step.is_empty()).collect::<Vec<_>>();
    let unknown = workspace.station.signers.keys().filter(|step| !known.contains(&step.as_str()));
    let line = |step: &String| {
        let facts = [("step", step.clone()), ("known", known.join(", "))];
        notes.line("route", super::Health::Bad, "route_step_unknown", &facts).failing()
    };
    unknown.map(line).collect()
}

/// What is in the way of a step; none when nothing is.
fn step(
    workspace: &Workspace,
    (route, rule): (&RouteRules, &SignatureRule),
    holders: &Holders,
    notes: Notes,
) -> Option<Line> {
    let name = rule.title.as_ref().map_or(rule.step.as_str(), |title| title.in_lang(notes.lang));
    let facts =
        |more: (&'static str, String)| [("route", title(route, notes)), ("step", name.to_owned()), more];
    if key_uri(Some(workspace), rule.role, None).is_err() {
        return Some(notes.warning(
            "route",
            "route_key_missing",
            &facts(("role", rule.role.as_str().to_owned())),
        ));
    }
    let mut names = workspace.signers_of(rule).peekable();
    let restricted = rule.role == Role::Personal && names.peek().is_some();
    if !restricted || names.clone().any(|name| holders.names.iter().any(|holder| same_name(name, holder))) {
        return None;
    }
    let names = facts(("names", names.cloned().collect::<Vec<_>>().join(", ")));
    Some(match holders.unread {
        true => notes.good("route", "route_signers_unread", &names),
        false => notes.warning("route", "route_signers_elsewhere", &names),
    })
}
