//! Healthy pictures and their mutants, written to a folder.

use std::path::{Path, PathBuf};

use fastrand::Rng;

use crate::encode::{RECIPES, Recipe, encode, photographs};
use crate::mutate::{Damage, PICTURES};
use crate::oracle;

/// One mutant.
pub struct Sample {
    pub recipe: &'static Recipe,
    pub damage: Damage,
    /// How much of the file is missing at its end, in hundredths, if it is cut off and nothing else.
    pub missing: usize,
    /// Whether nothing but the palette or the screen of a GIF was changed, which leaves a picture of other colours or in a
    /// wider frame, and no fault.
    pub restyled: bool,
    pub parent: PathBuf,
    pub path: PathBuf,
}

/// Healthy pictures by all recipes, with their paths.
pub fn parents(folder: &Path) -> anyhow::Result<Vec<(&'static Recipe, Vec<u8>, PathBuf)>> {
    let mut rng = Rng::with_seed(2026);
    photographs(folder, &oracle::photographs()?, &mut rng, 451, 300)?;
    let mut parents = Vec::new();
    for (number, recipe) in RECIPES.iter().enumerate() {
        let bytes = encode(recipe, folder, u32::try_from(number % 4)?)?;
        let path = folder.join(recipe.file("healthy"));
        std::fs::write(&path, &bytes)?;
        parents.push((recipe, bytes, path));
    }
    Ok(parents)
}

/// Damages the parents, each way as often as it says, or a fifth of that.
pub fn mutants(
    folder: &Path,
    parents: &[(&'static Recipe, Vec<u8>, PathBuf)],
    quick: bool,
) -> anyhow::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for (number, (recipe, bytes, parent)) in parents.iter().enumerate() {
        let mut rng = Rng::with_seed(number as u64);
        for (damage, count) in PICTURES.ways {
            for which in 0..if quick { count.div_ceil(5) } else { *count } {
                let Some(mutant) = damage.apply(&PICTURES, bytes, which, &mut rng) else { continue };
                let path = folder.join(recipe.file(&format!("{damage:?}-{which}")));
                std::fs::write(&path, &mutant)?;
                let cut = if *damage == Damage::Truncated { bytes.len() - mutant.len() } else { 0 };
                let (damage, parent) = (*damage, parent.clone());
                let restyled = recipe.format == "gif" && only_restyled(bytes, &mutant);
                samples.push(Sample { recipe, damage, missing: cut * 100 / bytes.len(), restyled, parent, path });
            }
        }
    }
    Ok(samples)
}

/// Whether two GIFs differ in nothing but the global palette, whose size is in the flags at byte 10, or the size of the
/// screen at byte 6.
fn only_restyled(one: &[u8], other: &[u8]) -> bool {
    let palette = 13..13 + (6 << (one[10] & 7));
    let apart = |bytes: &[u8]| bytes.get(palette.end..).map(|rest| [&bytes[..6], &bytes[10..13], rest].concat());
    one.len() == other.len() && one[10] & 0x80 != 0 && apart(one) == apart(other)
}
