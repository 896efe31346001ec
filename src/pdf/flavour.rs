//! Parts and levels of PDF/A that are written here.

/// ISO 19005 part and conformance level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Flavour {
    /// ISO 19005-2, level B: it looks the same for ever.
    #[value(name = "2b")]
    A2b,
    /// ISO 19005-2, level U: its text can be searched and copied too.
    #[value(name = "2u")]
    A2u,
    /// ISO 19005-3, level B: other files are attached.
    #[value(name = "3b")]
    A3b,
}

impl Flavour {
    /// All of them.
    pub const ALL: [Flavour; 3] = [Flavour::A2b, Flavour::A2u, Flavour::A3b];

    /// Value of pdfaid:part.
    pub fn part(self) -> &'static str {
        match self {
            Flavour::A2b | Flavour::A2u => "2",
            Flavour::A3b => "3",
        }
    }

    /// Value of pdfaid:conformance.
    pub fn conformance(self) -> &'static str {
        match self {
            Flavour::A2u => "U",
            Flavour::A2b | Flavour::A3b => "B",
        }
    }

    /// The one that fits a file with or without a text layer.
    pub fn fitting(text: bool) -> Self {
        if text { Flavour::A2u } else { Flavour::A2b }
    }
}
