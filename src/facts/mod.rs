//! What a piece of media is: plain data, read from the file, with no judgement in it.
//!
//! A field is `None` where the file does not say, or where the depth of the check did not reach.

mod image;
mod video;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

pub use image::{Color, ImageFacts};
pub use video::{TrackFacts, TrackKind, VideoFacts};

/// Facts of whatever the file is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Facts {
    /// Nothing is known.
    #[default]
    #[serde(serialize_with = "empty_object")]
    None,
    /// An image.
    Image(Box<ImageFacts>),
    /// A video.
    Video(Box<VideoFacts>),
    /// Facts of a report that was read back from its JSON, as they stand there.
    Stored(StoredFacts),
}

/// Facts as JSON.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct StoredFacts(Box<RawValue>);

impl PartialEq for StoredFacts {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(|json| Self::Stored(StoredFacts(json)))
    }
}

/// Facts that were read back are those of an image or a video too.
#[cfg(feature = "cli")]
impl schemars::JsonSchema for Facts {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Facts".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Facts of whatever the file is; empty where nothing is known.",
            "anyOf": [generator.subschema_for::<ImageFacts>(), generator.subschema_for::<VideoFacts>()],
        })
    }
}

impl Facts {
    /// The facts of the image, to be filled in; whatever else was there is dropped.
    pub(crate) fn image(&mut self) -> &mut ImageFacts {
        match self {
            Self::Image(facts) => facts,
            Self::None | Self::Video(_) | Self::Stored(_) => {
                *self = Self::Image(Box::default());
                self.image()
            }
        }
    }

    /// The facts of the video, to be filled in; whatever else was there is dropped.
    pub(crate) fn video(&mut self) -> &mut VideoFacts {
        match self {
            Self::Video(facts) => facts,
            Self::None | Self::Image(_) | Self::Stored(_) => {
                *self = Self::Video(Box::default());
                self.video()
            }
        }
    }
}

fn empty_object<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    serializer.serialize_map(Some(0))?.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orientation_turns_the_shown_size_whichever_comes_first() {
        let mut facts = ImageFacts::default();
        facts.set_orientation(6);
        facts.set_size(40, 30);
        assert_eq!((facts.display_width, facts.display_height), (Some(30), Some(40)));
        facts.set_orientation(9);
        assert_eq!(facts.orientation, Some(6), "9 is no orientation");
        facts.set_orientation(3);
        assert_eq!((facts.display_width, facts.display_height), (Some(40), Some(30)));
        assert_eq!(serde_json::to_string(&Facts::None).unwrap(), "{}");
    }
}
