//! Records the effects of statements on relations that existed before: locks taken, and tables rewritten.

use std::collections::BTreeSet;

use pgmeta_core::cells::take;
use pgmeta_core::ident::qualified;
use rustc_hash::FxHashMap;

use crate::encoding::shown;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::Connection;

/// A lock: the relation's identity, and the mode as in `pg_locks`.
pub type Lock = (String, String);

/// Finds the effects of each statement.
pub struct EffectRecorder {
    relations: FxHashMap<u32, Relation>,
    held: BTreeSet<Lock>,
}

struct Relation {
    identity: String,
    is_table: bool,
    filenode: u32,
}

/// The effects of one statement.
#[derive(Debug, Default)]
pub struct StatementEffects {
    pub locks: Vec<Lock>,
    /// Identities of rewritten tables and materialized views.
    pub rewritten: Vec<String>,
}

impl EffectRecorder {
    /// Records the present relations. Later ones cannot block anybody and are not recorded.
    pub fn start() -> Result<Self, Error> {
        let mut relations = FxHashMap::default();
        let _pinned = GucGuard::new();
        let sql = include_str!("queries/stored_relations.sql");
        let columns = ["oid", "schema", "name", "kind", "filenode"];
        Connection::open()?.read_marked(sql, &[], &columns, |cells| {
            let oid: u32 = take(cells, "oid")?;
            let (schema, name): (String, String) = (take(cells, "schema")?, take(cells, "name")?);
            let kind: u8 = take(cells, "kind")?;
            let relation = Relation {
                identity: shown(&qualified(&schema, &name)),
                is_table: matches!(kind, b'r' | b'm'),
                filenode: take(cells, "filenode")?,
            };
            relations.insert(oid, relation);
            Ok(())
        })?;
        let mut recorder = Self { relations, held: BTreeSet::new() };
        recorder.record()?;
        Ok(recorder)
    }

    /// Returns the effects since the last call.
    pub fn record(&mut self) -> Result<StatementEffects, Error> {
        let mut effects = StatementEffects::default();
        let mut held = BTreeSet::new();
        let mut rewritten = BTreeSet::new();
        let Self { relations, held: before } = self;
        let _pinned = GucGuard::new();
        let sql = include_str!("queries/held_locks.sql");
        Connection::open()?.read(sql, &[], &["oid", "mode", "filenode"], |cells| {
            let (oid, mode): (u32, String) = (take(cells, "oid")?, take(cells, "mode")?);
            let filenode: Option<u32> = take(cells, "filenode")?;
            let Some(relation) = relations.get_mut(&oid) else { return Ok(()) };
            // A table that is rewritten is locked, so only locked tables are checked.
            if let Some(filenode) = filenode
                && filenode != relation.filenode
            {
                relation.filenode = filenode;
                if relation.is_table {
                    rewritten.insert(relation.identity.clone());
                }
            }
            held.insert((relation.identity.clone(), mode));
            Ok(())
        })?;
        effects.locks = held.difference(before).cloned().collect();
        effects.rewritten = rewritten.into_iter().collect();
        *before = held;
        Ok(effects)
    }
}
