//! Large snapshots of every kind that has been slow or hungry, at any size, and what is done with them.

pub mod peak;
mod shapes;

use pgmeta_core::ddl::{self, archive, files};
use pgmeta_core::diff::{Renames, rename};
use pgmeta_core::model::Model;
use pgmeta_core::parallel::Sequential;
use pgmeta_core::plan::{self, plan};

pub use shapes::SHAPES;

/// A pair of snapshots as JSON, and what is to be renamed on the way from one to the other.
#[derive(Debug, Default)]
pub struct Pair {
    pub old: String,
    pub new: String,
    pub renames: Renames,
}

/// One kind of large snapshot: its name, the size that is worth measuring, and how it is made.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub name: &'static str,
    pub size: usize,
    pub make: fn(usize) -> Pair,
}

/// What is done with a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Read,
    Ddl,
    Files,
    Diff,
    Plan,
    Back,
}

impl Work {
    pub const ALL: [Work; 6] = [Work::Read, Work::Ddl, Work::Files, Work::Diff, Work::Plan, Work::Back];

    /// Does it from the text on; returns the size of the result.
    pub fn run(self, pair: &Pair) -> Result<usize, Box<dyn std::error::Error>> {
        let mut old = Model::from_json(&pair.old)?;
        let options = plan::Options { renames: pair.renames.clone(), ..plan::Options::default() };
        Ok(match self {
            Work::Read => old.len(),
            Work::Ddl => {
                let go_on = || Ok::<(), std::convert::Infallible>(());
                ddl::export(&old, &ddl::Options::default(), go_on, &Sequential)?.len()
            }
            Work::Files => {
                let mut items = Vec::new();
                let each = |item| {
                    items.push(item);
                    Ok::<(), std::convert::Infallible>(())
                };
                ddl::items(&old, &ddl::Options::default(), || Ok(()), each)?;
                archive(&files(items))?.len()
            }
            Work::Diff => {
                let new = Model::from_json(&pair.new)?;
                rename(&mut old, &new, &options.renames)?;
                pgmeta_core::diff::diff(&old, &new).len()
            }
            Work::Plan => {
                let new = Model::from_json(&pair.new)?;
                let renames = rename(&mut old, &new, &options.renames)?;
                plan(&old, &new, &renames, &options)?.len()
            }
            Work::Back => {
                let new = Model::from_json(&pair.new)?;
                let renames = rename(&mut old, &new, &options.renames)?;
                let back = pgmeta_core::diff::inverse(&renames);
                let (mut old, new) = (new, Model::from_json(&pair.old)?);
                let renames = rename(&mut old, &new, &back)?;
                plan(&old, &new, &renames, &options)?.len()
            }
        })
    }
}
