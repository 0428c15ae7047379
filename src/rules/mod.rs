//! Checks that need only facts: pure functions from what is known of a file and a profile's limits
//! to defects. What needs bytes or positions is noted by the parsers.

mod file;
mod image;
mod video;

use crate::defect::Defects;
use crate::facts::Facts;
use crate::format::{Format, foreign::Foreign};
use crate::lang::Lang;
use crate::profile::{Profile, Via};

/// What the content of a file was recognised as.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    /// A format of the table.
    Known(Format),
    /// A format that is only recognised.
    Foreign(Foreign),
    /// Nothing known; the first bytes are kept for the message.
    Unknown,
}

/// All that rules may look at.
pub(crate) struct Case<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) via: Option<Via>,
    pub(crate) lang: Lang,
    pub(crate) size: u64,
    pub(crate) begins: &'a [u8],
    pub(crate) extension: Option<&'a str>,
    pub(crate) content: Content,
    pub(crate) facts: &'a Facts,
}

impl Case<'_> {
    /// The formats that the operation takes, as its page lists them.
    fn listed(&self) -> String {
        self.profile.accepted.as_ref().map(|accepted| accepted.listed.clone()).unwrap_or_default()
    }
}

/// Holds the facts of one file against the profile.
pub(crate) fn judge(case: &Case<'_>, defects: &mut Defects) {
    file::judge(case, defects);
    match case.facts {
        Facts::Image(facts) => image::judge(case, facts, defects),
        Facts::Video(facts) => video::judge(case, facts, defects),
        Facts::None | Facts::Stored(_) => {}
    }
}
