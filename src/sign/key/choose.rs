//! Which of several certificates signs. A clerk must never sign in another name by chance, so the rule decides between the
//! certificates of one holder and never between holders.

use jiff::Timestamp;

use crate::error::{Result, kinds};
use crate::sign::KeyPolicy;
use crate::sign::certificate::Certificate;

/// Most candidates that are named in a refusal.
const MAX_NAMED: usize = 8;

/// A certificate with the key that it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Which key of its container.
    pub key: usize,
    /// The certificate.
    pub certificate: Certificate,
    /// What to add to an address so that only this key fits.
    pub address: Option<String>,
}

/// The certificate that signs: of an accepted issuer, of a holder that the role wants, usable now, for binding signatures (nonRepudiation) before others, of
/// one holder the one that is valid longest.
///
/// # Errors
/// [`kinds::ISSUER_NOT_ACCEPTED`]; those of [`crate::sign::Holder::check`]; why the best one cannot be used when none can; [`kinds::KEY_AMBIGUOUS`] with the
/// candidates when the rule leaves several.
pub(super) fn choose(mut all: Vec<Candidate>, policy: &KeyPolicy, now: Timestamp) -> Result<Candidate> {
    let mut seen: Vec<Vec<u8>> = Vec::new();
    all.retain(|c| {
        let new = !seen.iter().any(|der| der == c.certificate.der());
        seen.push(c.certificate.der().to_vec());
        new
    });
    let accepted =
        |c: &Candidate| policy.issuers.is_empty() || policy.issuers.contains(&c.certificate.issuer());
    if !all.is_empty() && !all.iter().any(accepted) {
        let issuers = policy.issuers.join(", ");
        return Err(kinds::ISSUER_NOT_ACCEPTED.with("issuers", issuers).with("candidates", named(&all)));
    }
    all.retain(accepted);
    let fits = |c: &Candidate| policy.holder.check(&c.certificate);
    if let Some(refusal) = nearest(all.clone()).filter(|_| all.iter().all(|c| fits(c).is_err())) {
        return fits(&refusal).map(|()| refusal);
    }
    all.retain(|c| fits(c).is_ok());
    let usable = |c: &Candidate| c.certificate.check_usable(now, policy.min_rsa_bits);
    if !all.iter().any(|c| usable(c).is_ok()) {
        return nearest(all)
            .map_or_else(|| Err(kinds::CERTIFICATE_MISSING.error()), |c| usable(&c).map(|()| c));
    }
    all.retain(|c| usable(c).is_ok());
    if all.iter().any(|c| c.certificate.binds()) {
        all.retain(|c| c.certificate.binds());
    }
    longest(all)
}

/// Of certificates that cannot be used, the one that a person had in mind: one for signatures before others, then the newest.
fn nearest(all: Vec<Candidate>) -> Option<Candidate> {
    all.into_iter().max_by_key(|c| (c.certificate.signs().ok(), until(c)))
}

fn until(candidate: &Candidate) -> Option<Timestamp> {
    candidate.certificate.validity().ok().map(|(_, until)| until)
}

fn longest(all: Vec<Candidate>) -> Result<Candidate> {
    let latest = all.iter().map(until).max().flatten();
    let one_holder = all.iter().skip(1).zip(&all).all(|(a, b)| a.certificate.names_same(&b.certificate));
    let (mut best, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|c| until(c) == latest);
    match (best.pop(), best.is_empty()) {
        (Some(only), true) if one_holder => Ok(only),
        (last, _) => {
            let all: Vec<_> = best.into_iter().chain(last).chain(others).collect();
            Err(kinds::KEY_AMBIGUOUS.with("candidates", named(&all)))
        }
    }
}

/// The candidates for people: name, issuer, serial number, end of validity, and how to name each alone.
pub(super) fn named(all: &[Candidate]) -> String {
    let one = |c: &Candidate| {
        let certificate = &c.certificate;
        let until = until(c).map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
        let address = c.address.as_ref().map(|a| format!(", {a}")).unwrap_or_default();
        format!(
            "{} ({}, {}, → {until}{address})",
            certificate.name(),
            certificate.issuer(),
            certificate.serial()
        )
    };
    let mut words: Vec<String> = all.iter().take(MAX_NAMED).map(one).collect();
    if all.len() > MAX_NAMED {
        words.push(String::from("…"));
    }
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::sign::authority::{Issued, KeyType, Purpose, Recipe};

    struct Bench {
        issuers: [Issued; 2],
        now: Timestamp,
    }

    impl Bench {
        fn new() -> Self {
            let now = Timestamp::now();
            let make = |subject| {
                let (from, until) =
                    (now - SignedDuration::from_hours(999), now + SignedDuration::from_hours(999));
                let recipe = Recipe { subject, from, until, purpose: Purpose::Authority };
                Issued::root_with(KeyType::P256, &recipe).unwrap()
            };
            Self { issuers: [make("CN=Office CA"), make("CN=Shop CA")], now }
        }

        /// A certificate of issuer `by` for these days.
        fn make(&self, by: usize, subject: &str, days: (i64, i64), purpose: Purpose) -> Candidate {
            let day = |days: i64| self.now + SignedDuration::from_hours(24 * days);
            let recipe = Recipe { subject, from: day(days.0), until: day(days.1), purpose };
            let issued = self.issuers[by].issue_with(KeyType::P256, &recipe).unwrap();
            let certificate = Certificate::parse(&issued.certificates[0]).unwrap();
            Candidate { key: 0, certificate, address: Some(String::from("id=%01")) }
        }

        /// Index of the chosen one, or the code of the refusal.
        fn choose(&self, all: &[&Candidate], policy: &KeyPolicy) -> std::result::Result<usize, &'static str> {
            let numbered =
                all.iter().enumerate().map(|(key, c)| Candidate { key, ..(*c).clone() }).collect::<Vec<_>>();
            choose(numbered, policy, self.now).map(|c| c.key).map_err(|e| e.code())
        }
    }

    #[test]
    fn of_one_holder_the_usable_binding_longest_one_signs() {
        let bench = Bench::new();
        let any = KeyPolicy::default();
        let an = |days, purpose| bench.make(0, "CN=An,O=UBND", days, purpose);
        let (short, long) = (an((-1, 5), Purpose::Signing), an((-1, 9), Purpose::Signing));
        let (over, early) = (an((-9, -1), Purpose::Signing), an((1, 30), Purpose::Signing));
        let (login, cipher) = (an((-1, 20), Purpose::Login), an((-1, 20), Purpose::Encryption));
        assert_eq!(bench.choose(&[&short, &long, &over, &early, &login, &cipher], &any), Ok(1));
        assert_eq!(bench.choose(&[&login, &short], &any), Ok(1));
        assert_eq!(bench.choose(&[&over, &login], &any), Ok(1), "better than nothing");
        assert_eq!(bench.choose(&[&long, &long], &any), Ok(0), "one certificate stored twice");
        assert_eq!(bench.choose(&[&over, &cipher], &any), Err("certificate_expired"));
        assert_eq!(bench.choose(&[&early, &over], &any), Err("certificate_not_yet_valid"));
        assert_eq!(bench.choose(&[&cipher], &any), Err("key_usage_wrong"));
        assert_eq!(bench.choose(&[], &any), Err("certificate_missing"));
    }

    #[test]
    fn no_rule_decides_between_two_holders() {
        let bench = Bench::new();
        let an = bench.make(0, "CN=An,O=UBND", (-1, 5), Purpose::Signing);
        let binh = bench.make(1, "CN=Bình,O=UBND", (-1, 9), Purpose::Signing);
        let twin = bench.make(1, "CN=An,O=UBND", (-1, 5), Purpose::Signing);
        let any = KeyPolicy::default();
        assert_eq!(bench.choose(&[&an, &binh], &any), Err("key_ambiguous"));
        assert_eq!(bench.choose(&[&an, &twin], &any), Err("key_ambiguous"), "equal ends");
        let office = KeyPolicy { issuers: vec![String::from("Office CA")], ..KeyPolicy::default() };
        assert_eq!(bench.choose(&[&binh, &an], &office), Ok(1));
        assert_eq!(bench.choose(&[&binh], &office), Err("issuer_not_accepted"));
        let error = choose(vec![an.clone(), binh], &any, bench.now)
            .unwrap_err()
            .with("token", "T")
            .with("object", "*");
        for lang in [crate::locales::Lang::Vi, crate::locales::Lang::En] {
            let words = error.message(lang);
            let wanted = ["An (Office CA, ", &an.certificate.serial(), "Bình (Shop CA, ", "id=%01", "→ 20"];
            assert!(wanted.iter().all(|part| words.contains(part)), "{words}");
        }
    }
}
