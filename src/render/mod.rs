//! What people and programs read, one file for each form.

pub(crate) mod explain;
pub(crate) mod text;
