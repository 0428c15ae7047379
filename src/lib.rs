//! Predicts, before anything is uploaded, which error Huawei Cloud Content Moderation would answer
//! with for an image, a video or the request that carries it: the code, why, at which byte, how sure, and what to do.
//!
//! *Parsers observe, profiles judge, nothing throws.* A [`source`] is read through a metered input;
//! the [`format`](mod@format) is decided from content; its parser yields [`facts`] and [`defect`]s;
//! a [`profile`], one operation of the service at one date, turns them into the findings of a
//! [`report`]. What the codes mean is in the [`catalogue`]. A check cannot fail: what cannot be read,
//! or not within the [`Budget`], is reported as [`Verdict::Unchecked`].
//!
//! # One file
//!
//! ```
//! use ais_preflight::{Checker, Verdict};
//!
//! let checker = Checker::new();
//! let report = checker.check_bytes(b"\x89PNG\r\n\x1a\n and then the transfer broke off");
//! assert_eq!(report.verdict, Verdict::Reject);
//! let cause = report.cause().unwrap();
//! assert_eq!(cause.code.as_deref(), Some("AIS.0403"));
//! println!("{}: {}", cause.message, cause.remedy);
//! println!("{}", report.to_json());
//! ```
//!
//! # Another operation, another language, another way to send
//!
//! ```
//! use ais_preflight::profile::{ProfileSet, Via};
//! use ais_preflight::{Checker, Depth, Lang};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let strict = ProfileSet::from_toml(
//!     "name = 'avatars'\nextends = 'huawei/image-v3'\n[edge]\nmin = 200\nmax = 2000",
//!     "avatars.toml",
//! )?;
//! let checker = Checker::new().profile(strict).via(Via::Base64).lang(Lang::Zh).depth(Depth::Structure);
//! let report = checker.check_bytes(b"");
//! assert_eq!(report.findings[0].message, "文件为空");
//! # Ok(())
//! # }
//! ```
//!
//! # A request, before it is sent
//!
//! ```
//! use ais_preflight::request::Request;
//! use ais_preflight::{Checker, Verdict};
//!
//! let body = br#"{"data": {"url": "https://example.com/a.mp4", "frame_interval": 90}, "biz_type": "mine"}"#;
//! let report = Checker::new().check_request(&Request::new(body));
//! assert_eq!(report.operation.as_deref(), Some("video-job-v3"));
//! let cause = report.cause().unwrap();
//! assert_eq!(cause.code.as_deref(), Some("AIS.0401"));
//! assert_eq!(cause.pointer.as_deref(), Some("/data/frame_interval"));
//! ```
//!
//! # Many files
//!
//! ```no_run
//! use std::ops::ControlFlow;
//! use ais_preflight::{Checker, Verdict, batch::Batch};
//!
//! let paths = std::env::args_os().skip(1);
//! Batch::new(Checker::new()).run(
//!     paths.collect::<Vec<_>>(),
//!     |checker, path| checker.check_path(path.as_ref()),
//!     |report| {
//!         if report.verdict != Verdict::Pass {
//!             println!("{}", report.to_json());
//!         }
//!         ControlFlow::Continue(())
//!     },
//! );
//! ```

pub mod batch;
pub mod catalogue;
pub mod checker;
#[cfg(feature = "cli")]
pub mod cli;
pub mod decoder;
pub mod defect;
pub mod facts;
pub mod format;
pub mod lang;
pub mod profile;
pub mod report;
pub mod request;
pub mod source;

mod bytes;
mod codec;
#[cfg(feature = "cli")]
mod fix;
mod input;
#[cfg(feature = "cli")]
mod remedy;
#[cfg(feature = "cli")]
mod render;
mod rules;

pub use checker::{Checker, Depth};
pub use decoder::Decoder;
pub use input::Budget;
pub use lang::Lang;
pub use report::{Report, Verdict};

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
