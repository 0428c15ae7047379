//! Holds the tables of `meta` against each other and against the bytes that are there.

use std::collections::BTreeSet;

use super::data::{self, Stream};
use super::facts::{DERIVED, MAX_DERIVATIONS, coding};
use super::meta::{Item, Meta, Origin, Value};
use crate::bytes::Cursor;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::format::isobmff::name;
use crate::input::Walk;

/// The payload of a `grid` item (ISO/IEC 23008-12, clause 6.6.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    rows: u32,
    columns: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Grid {
    fn read(payload: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(payload, 0);
        cursor.skip(1)?;
        let wide = cursor.u8()? & 1 == 1;
        let (rows, columns) = (u32::from(cursor.u8()?), u32::from(cursor.u8()?));
        let mut edge = || if wide { cursor.be32() } else { cursor.be16().map(u32::from) };
        let (width, height) = (edge()?, edge()?);
        let grid = Self { rows: rows.saturating_add(1), columns: columns.saturating_add(1), width, height };
        (width > 0 && height > 0).then_some(grid)
    }
}

/// The grid that an item is, if it is one and its payload can be read.
pub(super) fn grid(cx: &mut Inspection<'_, '_>, meta: &Meta, id: u32) -> Walk<Option<Grid>> {
    if meta.item(id).is_none_or(|item| item.kind != *b"grid") {
        return Ok(None);
    }
    let Some(stream) = Stream::of(meta, id, cx.input.size()) else {
        return Ok(None);
    };
    Ok(Grid::read(&stream.start(cx.input, 12)?))
}

/// Checks every item, as a part of the main picture or as something beside it.
pub(super) fn items(cx: &mut Inspection<'_, '_>, meta: &Meta) -> Walk {
    let tables = Tables { meta, main: main_items(cx, meta)? };
    tables.check_locations(cx)?;
    tables.check_associations(cx)?;
    tables.check_references(cx)?;
    for item in &meta.items {
        cx.input.work(1)?;
        if item.protected {
            unchecked(cx, "protected");
        } else if DERIVED.contains(&item.kind) {
            tables.check_derived(cx, item)?;
        } else if coding(item.kind).is_some() {
            tables.check_coded(cx, item)?;
        } else if tables.main.contains(&item.id) {
            unchecked(cx, &name(item.kind));
        }
    }
    Ok(())
}

pub(super) fn unchecked(cx: &mut Inspection<'_, '_>, what: &str) {
    cx.note(Defect::new(Id::HeifUnchecked).with("what", what));
}

/// The primary item and all that it is made of. What is missing there is noted.
fn main_items(cx: &mut Inspection<'_, '_>, meta: &Meta) -> Walk<BTreeSet<u32>> {
    let mut main = BTreeSet::new();
    let Some(primary) = meta.primary else {
        return Ok(main);
    };
    if meta.item(primary).is_none() {
        if meta.listed {
            cx.note(Defect::at(Id::HeifPrimaryMissing, meta.start).with("item", primary).within("meta/pitm"));
        }
        return Ok(main);
    }
    derive(cx, meta, primary, &mut Vec::new(), &mut main)?;
    Ok(main)
}

/// Follows what `id` is made of; `path` is what led to it.
fn derive(cx: &mut Inspection<'_, '_>, meta: &Meta, id: u32, path: &mut Vec<u32>, main: &mut BTreeSet<u32>) -> Walk {
    cx.input.work(1)?;
    if path.contains(&id) || path.len() >= MAX_DERIVATIONS {
        cx.note(Defect::at(Id::HeifDerivationLoop, meta.start).with("item", id).within("meta/iref"));
        return Ok(());
    }
    if !main.insert(id) || meta.item(id).is_none_or(|item| !DERIVED.contains(&item.kind)) {
        return Ok(());
    }
    path.push(id);
    for input in meta.referred(id, *b"dimg") {
        if meta.item(input).is_some() {
            derive(cx, meta, input, path, main)?;
        } else {
            let defect = Defect::at(Id::HeifInputMissing, meta.start).with("item", id).with("input", input);
            cx.note(defect.within("meta/iref"));
        }
    }
    path.pop();
    Ok(())
}

struct Tables<'m> {
    meta: &'m Meta,
    main: BTreeSet<u32>,
}

impl Tables<'_> {
    /// Notes a fault of an item. Beside the main picture it is another, lesser one: readers show
    /// the picture without its thumbnail.
    fn fault(&self, cx: &mut Inspection<'_, '_>, item: &Item, defect: Defect) {
        if self.main.contains(&item.id) {
            cx.note(defect);
            return;
        }
        let mut aside = Defect::new(Id::HeifSideItemDamaged);
        aside.offset = defect.offset;
        aside.path = defect.path;
        cx.note(aside.with("item", item.id).with("kind", name(item.kind)).with("fault", defect.id.name()));
    }

    fn check_locations(&self, cx: &mut Inspection<'_, '_>) -> Walk {
        for extent in self.meta.all_extents() {
            cx.input.work(1)?;
            let (start, limit) = match (extent.origin, self.meta.idat) {
                (Origin::File, _) => (extent.start, cx.input.size()),
                (Origin::Idat, Some(idat)) => (extent.start.saturating_add(idat.body), idat.end),
                (Origin::Idat, None) => (extent.start, 0),
                (Origin::Elsewhere, _) => {
                    unchecked(cx, "iloc");
                    continue;
                }
            };
            let end = start.saturating_add(extent.len);
            if end > limit {
                let kind = self.meta.item(extent.item).map(|item| name(item.kind)).unwrap_or_default();
                let defect = Defect::at(Id::HeifItemPastEnd, extent.at).with("item", extent.item);
                let defect = defect.with("kind", kind).with("end", end).with("limit", limit);
                cx.note(defect.within("meta/iloc"));
            }
        }
        Ok(())
    }

    fn check_associations(&self, cx: &mut Inspection<'_, '_>) -> Walk {
        for pair in self.meta.entries.windows(2) {
            cx.input.work(1)?;
            if let [(first, _), (second, at)] = pair
                && first == second
            {
                cx.note(Defect::at(Id::HeifAssociationTwice, *at).with("item", *first).within("meta/iprp/ipma"));
            }
        }
        let count = self.meta.properties.len();
        for item in &self.meta.items {
            for (index, at) in self.meta.associations(item.id) {
                cx.input.work(1)?;
                if usize::from(index) > count {
                    let defect = Defect::at(Id::HeifPropertyDangling, at).with("item", item.id).with("index", index);
                    self.fault(cx, item, defect.with("count", count).within("meta/iprp/ipma"));
                }
            }
        }
        Ok(())
    }

    /// References between items that are there; those of derived pictures are followed elsewhere.
    fn check_references(&self, cx: &mut Inspection<'_, '_>) -> Walk {
        for reference in self.meta.references() {
            cx.input.work(1)?;
            let (from, to) = (reference.from, reference.to);
            let dangling = self.meta.item(from).is_none() || self.meta.item(to).is_none();
            if dangling && !(reference.kind == *b"dimg" && self.main.contains(&from)) {
                let defect = Defect::at(Id::HeifReferenceDangling, reference.at).with("kind", name(reference.kind));
                cx.note(defect.with("from", from).with("to", to).within("meta/iref"));
            }
        }
        Ok(())
    }

    fn size(&self, id: u32) -> Option<(u32, u32)> {
        self.meta.properties(id).find_map(|property| match property.value {
            Value::Size(width, height) => Some((width, height)),
            _ => None,
        })
    }

    fn missing(&self, cx: &mut Inspection<'_, '_>, item: &Item, property: [u8; 4]) {
        let defect = Defect::at(Id::HeifPropertyMissing, self.meta.start).with("item", item.id);
        let defect = defect.with("kind", name(item.kind)).with("property", name(property));
        self.fault(cx, item, defect.within("meta/iprp"));
    }

    /// Every picture that is shown has a size; of the tiles of a grid nobody asks it.
    fn check_size(&self, cx: &mut Inspection<'_, '_>, item: &Item) {
        let is_tile = self.main.contains(&item.id) && self.meta.primary != Some(item.id);
        if !is_tile && self.meta.property(item.id, *b"ispe").is_none() {
            self.missing(cx, item, *b"ispe");
        }
    }

    fn check_derived(&self, cx: &mut Inspection<'_, '_>, item: &Item) -> Walk {
        self.check_size(cx, item);
        let inputs = self.meta.referred(item.id, *b"dimg").count();
        let at = self.meta.start;
        if item.kind != *b"grid" {
            if inputs == 0 {
                let defect = Defect::at(Id::HeifInputMissing, at).with("item", item.id).with("input", "?");
                self.fault(cx, item, defect.within("meta/iref"));
            }
            return Ok(());
        }
        if self.meta.extents(item.id).is_empty() {
            self.empty(cx, item);
            return Ok(());
        }
        let Some(grid) = grid(cx, self.meta, item.id)? else {
            let at = self.meta.extents(item.id).first().map_or(at, |extent| extent.at);
            if Stream::of(self.meta, item.id, cx.input.size()).is_some() {
                self.fault(cx, item, Defect::at(Id::HeifBoxInvalid, at).with("box", "grid"));
            }
            return Ok(());
        };
        let cells = grid.rows.saturating_mul(grid.columns);
        if u64::from(cells) != crate::bytes::len64(inputs) {
            let defect = Defect::at(Id::HeifGridInvalid, at).with("item", item.id).with("rows", grid.rows);
            let defect = defect.with("columns", grid.columns).with("inputs", inputs);
            self.fault(cx, item, defect.within("meta/iref"));
        }
        if let Some((width, height)) = self.size(item.id).filter(|size| *size != (grid.width, grid.height)) {
            let defect = Defect::at(Id::HeifSizeMismatch, at).with("item", item.id);
            let defect = defect.with("width", width).with("height", height);
            let defect = defect.with("coded_width", grid.width).with("coded_height", grid.height);
            self.fault(cx, item, defect.within("meta/iprp/ipco"));
        }
        Ok(())
    }

    fn empty(&self, cx: &mut Inspection<'_, '_>, item: &Item) {
        let defect = Defect::at(Id::HeifItemEmpty, self.meta.start).with("item", item.id);
        self.fault(cx, item, defect.with("kind", name(item.kind)).within("meta/iloc"));
    }

    fn check_coded(&self, cx: &mut Inspection<'_, '_>, item: &Item) -> Walk {
        self.check_size(cx, item);
        if self.meta.extents(item.id).is_empty() {
            self.empty(cx, item);
        }
        let config = coding(item.kind).and_then(|row| row.2);
        let property = config.and_then(|kind| self.meta.property(item.id, kind));
        if let Some(kind) = config.filter(|_| property.is_none()) {
            self.missing(cx, item, kind);
            return Ok(());
        }
        let Some(stream) = Stream::of(self.meta, item.id, cx.input.size()) else {
            return Ok(());
        };
        let Some(property) = property.filter(|_| matches!(&item.kind, b"hvc1" | b"av01")) else {
            if self.main.contains(&item.id) {
                unchecked(cx, &name(item.kind));
            }
            return Ok(());
        };
        let alone = self.meta.referred(item.id, *b"pred").next().is_none();
        let coded = data::Coded { label: item.id.to_string(), config: property.head, alone, size: self.size(item.id) };
        if let Some(defect) = coded.check(cx, &stream)? {
            self.fault(cx, item, defect);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_of_both_widths() {
        let narrow = Grid { rows: 5, columns: 8, width: 4032, height: 3024 };
        assert_eq!(Grid::read(&[0, 0, 4, 7, 0x0f, 0xc0, 0x0b, 0xd0]), Some(narrow));
        assert_eq!(Grid::read(&[0, 1, 4, 7, 0, 0, 0x0f, 0xc0, 0, 0, 0x0b, 0xd0]), Some(narrow));
        assert_eq!(Grid::read(&[0, 1, 4, 7, 0, 0, 0x0f, 0xc0]), None);
        assert_eq!(Grid::read(&[0, 0, 4, 7, 0, 0, 0x0b, 0xd0]), None, "no width");
    }
}
