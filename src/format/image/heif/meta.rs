//! The `meta` box: which items there are, what they are like, how they depend on each other and
//! where their bytes lie (ISO/IEC 14496-12:2022, clause 8.11; ISO/IEC 23008-12:2022, clause 6).

use crate::bytes::Cursor;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::format::isobmff::{BoxHead, Boxes, FourCc, Next, name};
use crate::input::{Input, Walk};

/// `ipma` has 15 bits for the index of a property.
const MAX_PROPERTIES: usize = (1 << 15) - 1;
/// The longest property of which the values are wanted.
const SMALL_PROPERTY: u64 = 256;

/// One row of `iinf`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) id: u32,
    pub(super) kind: FourCc,
    /// Not meant to be shown on its own.
    pub(super) hidden: bool,
    /// Encrypted.
    pub(super) protected: bool,
}

/// What a property says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// `ispe`
    Size(u32, u32),
    /// `pixi`: the number of channels and the bits of the deepest.
    Depth(u8, u8),
    /// `irot`: quarters of a turn against the clock.
    Rotation(u8),
    /// `imir`: 0 swaps top and bottom, 1 left and right.
    Mirror(u8),
    /// `clap`: the size of what is left.
    Crop(u32, u32),
    /// `auxC`: whether the item holds the transparency of another.
    Auxiliary { alpha: bool },
    /// `colr`: the matrix coefficients of ITU-T H.273.
    Matrix(u16),
    /// One that is of no interest here.
    Other,
    /// Its content does not fit its layout.
    Invalid,
}

/// One box in `ipco`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Property {
    pub(super) head: BoxHead,
    pub(super) value: Value,
}

/// One item that another one refers to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    pub(super) kind: FourCc,
    pub(super) from: u32,
    pub(super) to: u32,
    /// Where the box that says so begins.
    pub(super) at: u64,
}

/// What the offset of an extent counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    File,
    Idat,
    /// Another item or another file.
    Elsewhere,
}

/// A stretch of the bytes of an item, as `iloc` has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) item: u32,
    pub(super) origin: Origin,
    pub(super) start: u64,
    /// 0 for all there is from `start` on.
    pub(super) len: u64,
    /// Where the table says so.
    pub(super) at: u64,
}

/// The content of `meta`. Every list is sorted by item, rows of one item in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Meta {
    pub(super) start: u64,
    pub(super) primary: Option<u32>,
    /// Whether there is a list of items.
    pub(super) listed: bool,
    pub(super) items: Vec<Item>,
    pub(super) properties: Vec<Property>,
    /// The entries of `ipma`: an item, and where its properties are listed.
    pub(super) entries: Vec<(u32, u64)>,
    /// Item, index from 1 on, and the place in the table.
    associations: Vec<(u32, u16, u64)>,
    references: Vec<Reference>,
    extents: Vec<Extent>,
    pub(super) idat: Option<BoxHead>,
}

/// The boxes of `meta` that a file with pictures needs.
const REQUIRED: [FourCc; 5] = [*b"hdlr", *b"pitm", *b"iinf", *b"iloc", *b"iprp"];

impl Meta {
    /// Reads the box. What is missing is noted only if the box is whole (`cut` says that it is not).
    pub(super) fn read(cx: &mut Inspection<'_, '_>, head: BoxHead, cut: bool) -> Walk<Self> {
        let mut meta = Self { start: head.start, ..Self::default() };
        let mut seen = Vec::new();
        // The box is a full box in HEIF; its version and flags say nothing.
        let mut boxes = head.children(4);
        while let Some(child) = next_child(cx, &mut boxes, "meta", cut)? {
            if seen.contains(&child.kind) {
                continue;
            }
            match &child.kind {
                b"idat" => meta.idat = Some(child),
                b"iprp" => meta.read_properties(cx, child, cut)?,
                b"iinf" => meta.read_items(cx, child, cut)?,
                b"hdlr" | b"pitm" | b"iloc" | b"iref" => meta.read_table(cx, child)?,
                _ => continue,
            }
            seen.push(child.kind);
        }
        let whole = !cut && !boxes.is_faulty();
        for kind in REQUIRED.into_iter().filter(|kind| whole && !seen.contains(kind)) {
            cx.note(Defect::at(Id::HeifBoxMissing, head.start).with("box", name(kind)).within("meta"));
        }
        meta.listed = seen.contains(b"iinf");
        meta.items.sort_by_key(|item| item.id);
        meta.entries.sort_by_key(|entry| entry.0);
        meta.associations.sort_by_key(|row| row.0);
        meta.references.sort_by_key(|reference| reference.from);
        meta.extents.sort_by_key(|extent| extent.item);
        Ok(meta)
    }

    pub(super) fn item(&self, id: u32) -> Option<&Item> {
        let at = self.items.binary_search_by_key(&id, |item| item.id).ok()?;
        self.items.get(at)
    }

    /// The rows of `ipma` for an item: indexes from 1 on, each with its place in the table.
    pub(super) fn associations(&self, id: u32) -> impl Iterator<Item = (u16, u64)> + '_ {
        rows(&self.associations, id, |row| row.0).iter().map(|&(_, index, at)| (index, at))
    }

    /// The properties of an item, in order. Indexes that lead nowhere are passed over.
    pub(super) fn properties(&self, id: u32) -> impl Iterator<Item = &Property> + '_ {
        self.associations(id).filter_map(|(index, _)| self.properties.get(usize::from(index).checked_sub(1)?))
    }

    /// The first property of that kind.
    pub(super) fn property(&self, id: u32, kind: FourCc) -> Option<&Property> {
        self.properties(id).find(|property| property.head.kind == kind)
    }

    /// All references, sorted by the item that makes them.
    pub(super) fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The items that `id` refers to in the way of `kind`.
    pub(super) fn referred(&self, id: u32, kind: FourCc) -> impl Iterator<Item = u32> + '_ {
        let of_item = rows(&self.references, id, |reference| reference.from);
        of_item.iter().filter(move |reference| reference.kind == kind).map(|reference| reference.to)
    }

    /// All extents, sorted by item.
    pub(super) fn all_extents(&self) -> &[Extent] {
        &self.extents
    }

    pub(super) fn extents(&self, id: u32) -> &[Extent] {
        rows(&self.extents, id, |extent| extent.item)
    }

    fn read_table(&mut self, cx: &mut Inspection<'_, '_>, head: BoxHead) -> Walk {
        let Some(content) = load(cx, head)? else {
            return Ok(());
        };
        let mut cursor = Cursor::new(&content, head.body);
        let read = match &head.kind {
            b"hdlr" => read_handler(&mut cursor),
            b"pitm" => self.read_primary(&mut cursor),
            b"iloc" => self.read_locations(&mut cursor),
            _ => self.read_references(&mut cursor),
        };
        if read.is_none() {
            note_invalid(cx, head.kind, cursor.offset());
        }
        Ok(())
    }

    fn read_primary(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let wide = version(cursor)?;
        self.primary = Some(read_id(cursor, wide > 0)?);
        Some(())
    }

    fn read_items(&mut self, cx: &mut Inspection<'_, '_>, head: BoxHead, cut: bool) -> Walk {
        let start = head.peek(cx.input, 8)?;
        let mut cursor = Cursor::new(&start, head.body);
        let count = version(&mut cursor).and_then(|version| cursor.be_uint(if version == 0 { 2 } else { 4 }));
        let Some(count) = count else {
            note_invalid(cx, head.kind, head.start);
            return Ok(());
        };
        let mut boxes = Boxes::new(cursor.offset(), head.end);
        let mut read = 0_u64;
        while read < count {
            let Some(entry) = next_child(cx, &mut boxes, "meta/iinf", cut)? else {
                if !cut && !boxes.is_faulty() {
                    note_invalid(cx, head.kind, head.start);
                }
                break;
            };
            read = read.saturating_add(1);
            let content = entry.peek(cx.input, 16)?;
            match read_item(&mut Cursor::new(&content, entry.body)) {
                Some(item) if entry.kind == *b"infe" => self.items.push(item),
                _ => note_invalid(cx, *b"infe", entry.start),
            }
        }
        Ok(())
    }

    fn read_properties(&mut self, cx: &mut Inspection<'_, '_>, head: BoxHead, cut: bool) -> Walk {
        let mut boxes = head.children(0);
        let mut container = false;
        while let Some(child) = next_child(cx, &mut boxes, "meta/iprp", cut)? {
            if child.kind == *b"ipco" && !container {
                container = true;
                let mut properties = child.children(0);
                while let Some(property) = next_child(cx, &mut properties, "meta/iprp/ipco", cut)? {
                    if self.properties.len() < MAX_PROPERTIES {
                        let value = read_property(cx, property)?;
                        self.properties.push(Property { head: property, value });
                    }
                }
            } else if child.kind == *b"ipma"
                && let Some(content) = load(cx, child)?
            {
                let mut cursor = Cursor::new(&content, child.body);
                if self.read_associations(&mut cursor).is_none() {
                    note_invalid(cx, child.kind, cursor.offset());
                }
            }
        }
        if !container && !cut {
            cx.note(Defect::at(Id::HeifBoxMissing, head.start).with("box", "ipco").within("meta/iprp"));
        }
        Ok(())
    }

    fn read_associations(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let version = cursor.u8()?;
        let wide = cursor.be_uint(3)? & 1 == 1;
        let entries = cursor.be32()?;
        for _ in 0..entries {
            let start = cursor.offset();
            let id = read_id(cursor, version > 0)?;
            self.entries.push((id, start));
            for _ in 0..cursor.u8()? {
                let at = cursor.offset();
                // The highest bit says that readers must understand the property.
                let index = if wide { cursor.be16()? & 0x7fff } else { u16::from(cursor.u8()? & 0x7f) };
                // 0 stands for no property.
                if index > 0 {
                    self.associations.push((id, index, at));
                }
            }
        }
        Some(())
    }

    fn read_references(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let wide = version(cursor)? > 0;
        while !cursor.is_empty() {
            let at = cursor.offset();
            let size = cursor.be32()?;
            let kind = cursor.array()?;
            let content = cursor.take(usize::try_from(size.checked_sub(8)?).ok()?)?;
            let mut row = Cursor::new(content, at.saturating_add(8));
            let from = read_id(&mut row, wide)?;
            for _ in 0..row.be16()? {
                let to = read_id(&mut row, wide)?;
                self.references.push(Reference { kind, from, to, at });
            }
        }
        Some(())
    }

    fn read_locations(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let version = version(cursor).filter(|version| *version <= 2)?;
        let sizes = cursor.be16()?;
        let size = |shift: u32| Some(usize::from(sizes >> shift & 15)).filter(|size| [0, 4, 8].contains(size));
        let (offset_size, length_size, base_size) = (size(12)?, size(8)?, size(4)?);
        let index_size = if version > 0 { size(0)? } else { 0 };
        let items = cursor.be_uint(if version < 2 { 2 } else { 4 })?;
        for _ in 0..items {
            let item = read_id(cursor, version == 2)?;
            let method = if version > 0 { cursor.be16()? & 15 } else { 0 };
            let other_file = cursor.be16()? != 0;
            let origin = match method {
                0 if !other_file => Origin::File,
                1 => Origin::Idat,
                _ => Origin::Elsewhere,
            };
            let base = cursor.be_uint(base_size)?;
            let count = cursor.be16()?;
            // Extents that take no room in the table are all the same one.
            let in_table = index_size.saturating_add(offset_size).saturating_add(length_size) > 0;
            for _ in 0..if in_table { count } else { count.min(1) } {
                let at = cursor.offset();
                cursor.skip(index_size)?;
                let start = base.saturating_add(cursor.be_uint(offset_size)?);
                let len = cursor.be_uint(length_size)?;
                self.extents.push(Extent { item, origin, start, len, at });
            }
        }
        Some(())
    }
}

/// The rows of one item in a list that is sorted by item.
fn rows<T>(list: &[T], id: u32, key: impl Fn(&T) -> u32) -> &[T] {
    let from = list.partition_point(|row| key(row) < id);
    let tail = list.get(from..).unwrap_or_default();
    tail.get(..tail.partition_point(|row| key(row) <= id)).unwrap_or_default()
}

/// The next box inside `path`; `None` at the end of it and behind a fault, which is noted unless
/// the parent is `cut` short and the fault may come from that.
pub(super) fn next_child(
    cx: &mut Inspection<'_, '_>,
    boxes: &mut Boxes,
    path: &'static str,
    cut: bool,
) -> Walk<Option<BoxHead>> {
    let start = match boxes.next(cx.input)? {
        Next::Box(head) => return Ok(Some(head)),
        Next::End => return Ok(None),
        Next::Overrun(head) => head.start,
        Next::Undersized(start) | Next::Fragment(start) => start,
    };
    if !cut {
        cx.note(Defect::at(Id::HeifBoxMalformed, start).within(path));
    }
    Ok(None)
}

fn note_invalid(cx: &mut Inspection<'_, '_>, kind: FourCc, at: u64) {
    cx.note(Defect::at(Id::HeifBoxInvalid, at).with("box", name(kind)));
}

/// The content of a table; a note instead if it is too long to be looked at.
fn load(cx: &mut Inspection<'_, '_>, head: BoxHead) -> Walk<Option<Vec<u8>>> {
    let content = head.load(cx.input)?;
    if content.is_none() && head.end <= cx.input.size() {
        cx.note(Defect::at(Id::HeifUnchecked, head.start).with("what", name(head.kind)));
    }
    Ok(content)
}

/// The version of a full box; its flags are passed over.
fn version(cursor: &mut Cursor<'_>) -> Option<u8> {
    let version = cursor.u8()?;
    cursor.skip(3)?;
    Some(version)
}

fn read_id(cursor: &mut Cursor<'_>, wide: bool) -> Option<u32> {
    if wide { cursor.be32() } else { cursor.be16().map(u32::from) }
}

fn read_handler(cursor: &mut Cursor<'_>) -> Option<()> {
    version(cursor)?;
    cursor.be32()?;
    (cursor.array()? == *b"pict").then_some(())
}

/// One `infe`. Versions 0 and 1 know no types; no picture is described by them.
fn read_item(cursor: &mut Cursor<'_>) -> Option<Item> {
    let version = cursor.u8()?;
    let hidden = cursor.be_uint(3)? & 1 == 1;
    let id = read_id(cursor, version > 2)?;
    let protected = cursor.be16()? != 0;
    let kind = if version >= 2 { cursor.array()? } else { *b"mime" };
    Some(Item { id, kind, hidden, protected })
}

fn read_property(cx: &mut Inspection<'_, '_>, head: BoxHead) -> Walk<Value> {
    if !matches!(&head.kind, b"ispe" | b"pixi" | b"irot" | b"imir" | b"clap" | b"auxC" | b"colr") {
        return Ok(Value::Other);
    }
    let content = head.peek(cx.input, SMALL_PROPERTY)?;
    let value = property_value(head.kind, &mut Cursor::new(&content, head.body));
    if value.is_none() {
        note_invalid(cx, head.kind, head.start);
    }
    Ok(value.unwrap_or(Value::Invalid))
}

fn property_value(kind: FourCc, cursor: &mut Cursor<'_>) -> Option<Value> {
    Some(match &kind {
        b"ispe" => {
            version(cursor)?;
            let (width, height) = (cursor.be32()?, cursor.be32()?);
            if width == 0 || height == 0 {
                return None;
            }
            Value::Size(width, height)
        }
        b"pixi" => {
            version(cursor)?;
            let channels = cursor.u8()?;
            let depths = cursor.take(usize::from(channels))?;
            Value::Depth(channels, depths.iter().copied().max().unwrap_or_default())
        }
        b"irot" => Value::Rotation(cursor.u8()? & 3),
        b"imir" => Value::Mirror(cursor.u8()? & 1),
        b"clap" => {
            let mut edge = || {
                let (over, under) = (cursor.be32()?, cursor.be32()?);
                // To the nearest whole pixel, as readers round it.
                let rounded = u64::from(over).saturating_add(u64::from(under >> 1)).checked_div(under.into())?;
                u32::try_from(rounded).ok().filter(|edge| *edge > 0)
            };
            Value::Crop(edge()?, edge()?)
        }
        b"auxC" => {
            version(cursor)?;
            let urn = cursor.rest().split(|byte| *byte == 0).next()?;
            let alpha = [&b"urn:mpeg:hevc:2015:auxid:1"[..], b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"];
            Value::Auxiliary { alpha: alpha.contains(&urn) }
        }
        b"colr" if cursor.rest().starts_with(b"nclx") => {
            cursor.skip(8)?;
            Value::Matrix(cursor.be16()?)
        }
        _ => Value::Other,
    })
}

/// The whole content of a configuration (`hvcC`, `av1C`), if it is of reasonable length.
pub(super) fn configuration(input: &mut Input<'_>, head: BoxHead) -> Walk<Option<Vec<u8>>> {
    if head.end.saturating_sub(head.body) > 1 << 16 {
        return Ok(None);
    }
    head.load(input)
}
