//! Whose certificate it is, by its subject: a person's or an organization's. The organization must not sign with a person's
//! token that happens to be plugged in, nor a person with the organization's.
//!
//! ETSI EN 319 412-2 (natural persons) and -3 (legal persons) tell them apart by attributes; public authorities of Viet Nam
//! by the prefix of UID: `CMND:` and `CCCD:` of a person, `MST:` and `MNS:` of an organization. Certificates that say neither,
//! such as those of Vietnamese state agencies (C, L, O, OU, CN, E), are known by their issuer and their token only.

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use super::certificate::Certificate;
use crate::error::{Result, kinds};

/// X.520: surname, serialNumber, organizationName, title, givenName, pseudonym, organizationIdentifier; RFC 4519: userId.
const SURNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.4");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const TITLE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.12");
const GIVEN_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.42");
const PSEUDONYM: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.65");
const ORGANIZATION_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.97");
const USER_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1");
/// Attributes that only persons have.
const PERSONAL: [ObjectIdentifier; 4] = [SURNAME, GIVEN_NAME, PSEUDONYM, TITLE];
/// Beginnings of numbers that only persons have: semantics identifiers (EN 319 412-1 5.1.3) and UIDs.
const PERSONAL_NUMBERS: [&str; 6] = ["PNO", "IDC", "PAS", "CMND:", "CCCD:", "HC:"];
/// Beginnings of UIDs of organizations: tax code, budget code.
const LEGAL_NUMBERS: [&str; 2] = ["MST:", "MNS:"];

/// Whose certificate a role of the profile wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// Anybody's.
    #[default]
    Any,
    /// A person's.
    Person,
    /// An organization's.
    Organization,
}

impl Holder {
    /// Whether the certificate's subject says something else than this.
    ///
    /// # Errors
    /// [`kinds::CERTIFICATE_OF_PERSON`] where an organization is wanted, also when no organization is named;
    /// [`kinds::CERTIFICATE_OF_ORGANIZATION`] where a person is wanted.
    pub fn check(self, certificate: &Certificate) -> Result<()> {
        let seen = Seen::of(certificate);
        let kind = match self {
            Holder::Organization if seen.personal || !(seen.legal || seen.named) => {
                &kinds::CERTIFICATE_OF_PERSON
            }
            // A person who acts for an organization has marks of both.
            Holder::Person if seen.legal && !seen.personal => &kinds::CERTIFICATE_OF_ORGANIZATION,
            _ => return Ok(()),
        };
        Err(kind.with("signer", certificate.name()).with("subject", certificate.subject()))
    }
}

/// The marks of a subject.
#[derive(Default)]
struct Seen {
    personal: bool,
    legal: bool,
    /// organizationName is there.
    named: bool,
}

impl Seen {
    fn of(certificate: &Certificate) -> Self {
        let mut seen = Self::default();
        for attribute in certificate.parsed().tbs_certificate().subject().iter() {
            let text = String::from_utf8_lossy(attribute.value.value()).to_uppercase();
            let begins = |with: &[&str]| with.iter().any(|beginning| text.starts_with(beginning));
            let number = attribute.oid == SERIAL_NUMBER || attribute.oid == USER_ID;
            seen.personal |= PERSONAL.contains(&attribute.oid) || number && begins(&PERSONAL_NUMBERS);
            seen.legal |= attribute.oid == ORGANIZATION_IDENTIFIER || number && begins(&LEGAL_NUMBERS);
            seen.named |= attribute.oid == ORGANIZATION;
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::sign::authority::{Issued, KeyType, Purpose, Recipe};

    fn check(subject: &str, holder: Holder) -> &'static str {
        let from = Timestamp::now();
        let until = from + SignedDuration::from_hours(1);
        let recipe = Recipe { subject, from, until, purpose: Purpose::Signing };
        let issued = Issued::root_with(KeyType::P256, &recipe).unwrap();
        let certificate = Certificate::parse(&issued.certificates[0]).unwrap();
        holder.check(&certificate).map_or_else(|e| e.code(), |()| "fits")
    }

    #[test]
    fn subjects_of_persons_and_organizations_are_told_apart() {
        let (person, organization) = ("certificate_of_person", "certificate_of_organization");
        for (subject, as_person, as_organization) in [
            ("CN=Nguyễn An,GN=An,SN=Nguyễn,O=UBND,C=VN", "fits", person),
            ("CN=Nguyễn An,UID=CCCD:001099000001,O=UBND,C=VN", "fits", person),
            ("CN=Nguyễn An,UID=CMND:012345678,C=VN", "fits", person),
            ("CN=Công ty A,UID=MST:0100000001,O=Công ty A,C=VN", organization, "fits"),
            ("CN=An,UID=CCCD:1+UID=MST:0100000001,O=Công ty A,C=VN", "fits", person),
            ("CN=An,serialNumber=PNOVN-001,C=VN", "fits", person),
            ("CN=Ủy ban nhân dân tỉnh,OU=Văn phòng,O=UBND,C=VN", "fits", "fits"),
            ("CN=Nguyễn An,C=VN", "fits", person),
        ] {
            assert_eq!(check(subject, Holder::Person), as_person, "{subject}");
            assert_eq!(check(subject, Holder::Organization), as_organization, "{subject}");
            assert_eq!(check(subject, Holder::Any), "fits", "{subject}");
        }
    }
}
