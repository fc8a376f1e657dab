//! Locks that only the whole plan determines: `ddl` prints statements without locks, and a new relation needs none. Changes the
//! claims of statements only.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::{Name, literal, qualified};
use crate::interrupt::check;
use crate::model::{Model, ObjectKey, ObjectKind, ObjectRef};
use crate::plan::dependents::Objects;
use crate::plan::step::{Hazard, LockLevel, Statement};

/// A relation, by schema and name: tables, views, sequences, indexes and composite types share their names.
type Relation = (Name, Name);

/// Corrects the claims of all statements for a server whose sessions use only the relations of the old model.
pub fn note(statements: &mut [Statement], (old, new): (&Model, &Model), objects: &Objects<'_>) {
    let mut existing = relations(old);
    let mut created: FxHashSet<String> = FxHashSet::default();
    // Tables that are detached from their parents.
    let mut detached: FxHashSet<String> = FxHashSet::default();
    // New tables that got rows.
    let mut filled: FxHashSet<Relation> = FxHashSet::default();
    let needs = Needs::of(old, new, objects);
    for statement in statements.iter_mut().filter(|statement| !statement.is_note()) {
        check();
        let own = needs.relation_of(statement);
        let exists = |relation: &Relation| existing.contains(relation);
        if own.as_ref().is_some_and(|own| !exists(own)) && !needs.is_about_others(statement, &exists) {
            if own.as_ref().is_some_and(|own| filled.contains(own)) {
                unlock(statement);
            } else {
                drop_claims(statement);
            }
        }
        if statement.fills_relation() {
            let below = statement.needs.iter().chain([&statement.key]);
            filled.extend(below.filter_map(relation));
        }
        needs.to_leaves(&mut statement.rewrites, &detached);
        if let Some(level) = needs.level(statement, &exists, &created) {
            lock(statement, level);
        }
        if let Some(name) = statement.sql.strip_prefix("CREATE SEQUENCE ") {
            let name = name.split(' ').next().unwrap_or_default();
            if let Some(own) = named(&statement.key).filter(|(schema, own)| qualified(schema, own) == *name) {
                existing.remove(&own);
            }
            created.insert(name.to_owned());
        }
        if statement.attaches_to.is_some() {
            detached.remove(&statement.key.identity());
        } else if statement.sql.contains(" DETACH PARTITION ") || statement.sql.starts_with("DROP TABLE ") {
            detached.insert(statement.key.identity());
        }
        if creates_relation(&statement.sql)
            && let Some(own) = named(&statement.key)
        {
            existing.remove(&own);
        }
    }
}

fn lock(statement: &mut Statement, level: LockLevel) {
    if statement.lock < Some(level) {
        unlock(statement);
        *statement = statement.clone().lock(level);
    }
}

fn unlock(statement: &mut Statement) {
    statement.lock = None;
    for hazard in
        [Hazard::AcquiresAccessExclusiveLock, Hazard::AcquiresShareLock, Hazard::AcquiresShareRowExclusiveLock]
    {
        statement.hazards.remove(&hazard);
    }
}

/// Removes the effects that a statement would have on a relation with rows.
fn drop_claims(statement: &mut Statement) {
    unlock(statement);
    for hazard in [Hazard::FullTableScan, Hazard::IndexBuild, Hazard::MayFailOnData, Hazard::RewritesTable] {
        statement.hazards.remove(&hazard);
    }
    statement.rewrites.clear();
    statement.slow = false;
}

fn relations(model: &Model) -> FxHashSet<Relation> {
    let mut all: FxHashSet<Relation> = FxHashSet::default();
    let pair = |schema: &Name, name: &Name| {
        check();
        (schema.clone(), name.clone())
    };
    all.extend(model.tables.iter().map(|own| pair(&own.schema, &own.name)));
    all.extend(model.views.iter().map(|own| pair(&own.schema, &own.name)));
    all.extend(model.materialized_views.iter().map(|own| pair(&own.schema, &own.name)));
    all.extend(model.sequences.iter().map(|own| pair(&own.schema, &own.name)));
    all.extend(model.indexes.iter().map(|own| pair(&own.schema, &own.name)));
    let constraints = model.constraints.iter().inspect(|_| check()).filter(|own| own.index.is_some());
    all.extend(constraints.map(|own| pair(&own.schema, &own.name)));
    let composites = model.types.iter().filter(|own| own.attributes.is_some());
    all.extend(composites.map(|own| pair(&own.schema, &own.name)));
    all
}

/// Returns the relation that an object is, or belongs to.
fn relation(key: &ObjectKey) -> Option<Relation> {
    key.relation().map(|(schema, name)| (schema.clone(), name.clone()))
}

/// Returns the relation with the name of an object.
fn named(key: &ObjectKey) -> Option<Relation> {
    let [schema, .., name] = &*key.names else { return None };
    Some((schema.clone(), name.clone()))
}

fn creates_relation(sql: &str) -> bool {
    const CREATE: &[&str] = &[
        "CREATE TABLE ",
        "CREATE UNLOGGED TABLE ",
        "CREATE FOREIGN TABLE ",
        "CREATE VIEW ",
        "CREATE RECURSIVE VIEW ",
        "CREATE MATERIALIZED VIEW ",
        "CREATE INDEX ",
        "CREATE UNIQUE INDEX ",
        "CREATE TYPE ",
    ];
    CREATE.iter().any(|words| sql.starts_with(words))
}

/// Dependencies in both models.
struct Needs<'a, 'm> {
    /// The version of the server that the plan runs on.
    version: u32,
    objects: &'a Objects<'m>,
    /// The partitions in the new model, by parent.
    partitions: FxHashMap<Relation, Vec<Relation>>,
    /// Partitioned tables and tables with children in the old model: by identity, whether partitioned, and the identities of the children.
    below: FxHashMap<String, (bool, Vec<String>)>,
    /// The composite types of the old model, by their name in SQL.
    composites: FxHashMap<String, Relation>,
}

impl<'a, 'm> Needs<'a, 'm> {
    fn of(old: &Model, new: &Model, objects: &'a Objects<'m>) -> Self {
        let mut partitions: FxHashMap<Relation, Vec<Relation>> = FxHashMap::default();
        for table in &new.tables {
            check();
            if let Some(own) = &table.partition_of {
                let parent = (own.parent.schema.clone(), own.parent.name.clone());
                partitions.entry(parent).or_default().push((table.schema.clone(), table.name.clone()));
            }
        }
        let mut below: FxHashMap<String, (bool, Vec<String>)> = FxHashMap::default();
        for table in &old.tables {
            check();
            for parent in table.parents() {
                let parent = qualified(&parent.schema, &parent.name);
                let partition = table.partition_of.is_some();
                let (_, children) = below.entry(parent).or_insert_with(|| (partition, Vec::new()));
                children.push(table.object_key().identity());
            }
            if table.partition_by.is_some() {
                below.entry(table.object_key().identity()).or_insert_with(|| (true, Vec::new()));
            }
        }
        let composites = old.types.iter().inspect(|_| check()).filter(|own| own.attributes.is_some());
        let composites =
            composites.map(|own| (qualified(&own.schema, &own.name), (own.schema.clone(), own.name.clone())));
        let version = old.server_version_num;
        Self { version, objects, partitions, below, composites: composites.collect() }
    }

    /// Returns the relation that a statement locks: for CREATE INDEX and the table's attributes of an index, the table.
    fn relation_of(&self, statement: &Statement) -> Option<Relation> {
        let of_table = ["CREATE ", "ALTER TABLE ", "ALTER MATERIALIZED VIEW "];
        match self.objects.news.get(&statement.key) {
            Some(ObjectRef::Index(index)) if of_table.iter().any(|words| statement.sql.starts_with(words)) => {
                Some((index.schema.clone(), index.table.clone()))
            }
            _ => relation(&statement.key),
        }
    }

    /// Replaces partitioned tables by the partitions that hold their rows, and adds the children of other tables.
    fn to_leaves(&self, rewrites: &mut Vec<String>, detached: &FxHashSet<String>) {
        let mut leaves = Vec::new();
        let mut waiting = std::mem::take(rewrites);
        let mut known: FxHashSet<String> = FxHashSet::default();
        while let Some(table) = waiting.pop() {
            if !known.insert(table.clone()) {
                continue;
            }
            let (partitioned, children) = match self.below.get(&table) {
                Some((partitioned, children)) => (*partitioned, &**children),
                None => (false, &[][..]),
            };
            waiting.extend(children.iter().filter(|child| !detached.contains(*child)).cloned());
            if !partitioned {
                leaves.push(table);
            }
        }
        leaves.sort();
        *rewrites = leaves;
    }

    /// Returns whether a statement of a new relation also works on existing ones.
    fn is_about_others(&self, statement: &Statement, exists: &dyn Fn(&Relation) -> bool) -> bool {
        let partition_exists = |own: Relation| self.partitions.get(&own).into_iter().flatten().any(exists);
        statement.attaches_to.as_ref().and_then(relation).is_some_and(|parent| exists(&parent))
            || ["SELECT ", "INSERT INTO ", "ALTER SEQUENCE ", "DROP ", "REFRESH "]
                .iter()
                .any(|words| statement.sql.starts_with(words))
            || relation(&statement.key).is_some_and(partition_exists)
    }

    /// Returns the lock of a statement, as far as its text and its object determine it.
    fn level(
        &self,
        statement: &Statement,
        exists: &dyn Fn(&Relation) -> bool,
        created: &FxHashSet<String>,
    ) -> Option<LockLevel> {
        use LockLevel::*;
        let (sql, key) = (&*statement.sql, &statement.key);
        let begins = |words: &[&str]| words.iter().any(|words| sql.starts_with(words));
        let own = self.relation_of(statement).is_some_and(|own| exists(&own));
        let itself = named(key).is_some_and(|own| exists(&own));
        if let Some(rest) = sql.strip_prefix("COMMENT ON ").or_else(|| labelled(sql)) {
            let begins = |words: &[&str]| words.iter().any(|words| rest.starts_with(words));
            let relation = begins(&["TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED", "SEQUENCE", "COLUMN", "INDEX"]);
            let parts = begins(&["CONSTRAINT", "TRIGGER", "RULE", "POLICY"]);
            return match (relation, parts) {
                (true, _) if own || itself => Some(ShareUpdateExclusive),
                (_, true) if own => Some(AccessShare),
                _ => None,
            };
        }
        if begins(&["GRANT ", "REVOKE "]) {
            return (own && self.version >= 180_000).then_some(AccessShare);
        }
        if begins(&["CREATE STATISTICS", "DROP STATISTICS"]) {
            let existing = self.objects.states(key).any(|object| {
                let ObjectRef::StatisticsObject(own) = object else { return false };
                relation(&own.relation).is_some_and(|on| exists(&on))
            });
            return existing.then_some(ShareUpdateExclusive);
        }
        if begins(&["SELECT pg_catalog.setval("]) {
            let source = sql.rsplit_once(" FROM ").map(|(_, source)| source);
            let source = source.filter(|source| !created.contains(*source))?;
            return Some(if sql.contains(&literal(source)) { RowExclusive } else { AccessShare });
        }
        if let Some(name) = sql.strip_prefix("DROP SEQUENCE ") {
            return (!created.contains(name)).then_some(AccessExclusive);
        }
        if begins(&["ALTER SEQUENCE "]) {
            return self.of_sequence(statement, itself, exists);
        }
        if begins(&["CREATE VIEW", "CREATE OR REPLACE VIEW", "CREATE MATERIALIZED VIEW", "REFRESH ", "CREATE RULE"])
            || (begins(&[
                "CREATE FUNCTION",
                "CREATE OR REPLACE FUNCTION",
                "CREATE PROCEDURE",
                "CREATE OR REPLACE PROC",
            ]) && self.has_body(key))
        {
            return self.reads(key, exists).then_some(AccessShare);
        }
        if begins(&["CREATE PUBLICATION "]) {
            let Some(ObjectRef::Publication(own)) = self.objects.news.get(key) else { return None };
            let mut tables = own.tables.iter().map(|table| (table.schema.clone(), table.name.clone()));
            return tables.any(|table| exists(&table)).then_some(ShareUpdateExclusive);
        }
        if begins(&["CREATE TABLE ", "CREATE UNLOGGED TABLE ", "CREATE FOREIGN TABLE "]) {
            let Some(ObjectRef::Table(table)) = self.objects.news.get(key) else { return None };
            if table.inherits.iter().any(|parent| exists(&(parent.schema.clone(), parent.name.clone()))) {
                return Some(ShareUpdateExclusive);
            }
            let of_type = table.of_type.as_ref().and_then(|of| self.composites.get(&**of));
            return of_type.is_some_and(exists).then_some(AccessShare);
        }
        if sql.contains(" FOREIGN KEY ") && key.kind == ObjectKind::TableConstraint {
            let Some(ObjectRef::Constraint(own)) = self.objects.news.get(key) else { return None };
            let refers = own.foreign_key.as_ref()?;
            return exists(&(refers.table.schema.clone(), refers.table.name.clone())).then_some(ShareRowExclusive);
        }
        let alters = begins(&["ALTER "]) && !begins(&["ALTER INDEX ", "ALTER PUBLICATION ", "ALTER POLICY "]);
        let composite = key.kind == ObjectKind::Type && self.is_composite(key);
        if (alters || begins(&["DROP TYPE "])) && composite {
            return Some(AccessExclusive);
        }
        if begins(&["ALTER INDEX "]) && sql.contains(" ATTACH PARTITION ") {
            return Some(if itself { AccessExclusive } else { AccessShare });
        }
        if begins(&["ALTER VIEW "]) && own {
            return Some(AccessExclusive);
        }
        if begins(&["ALTER INDEX "]) && sql.contains(" DEPENDS ON EXTENSION ") && itself {
            return Some(AccessExclusive);
        }
        if begins(&["ALTER TRIGGER "]) && own {
            return Some(AccessShare);
        }
        if alters && own && statement.lock.is_none() {
            let mild = [" SET STATISTICS ", " SET (", " RESET (", " CLUSTER ON ", " SET WITHOUT CLUSTER"];
            let is_mild = mild.iter().any(|words| sql.contains(words));
            return Some(if is_mild { ShareUpdateExclusive } else { AccessExclusive });
        }
        None
    }

    fn of_sequence(
        &self,
        statement: &Statement,
        itself: bool,
        exists: &dyn Fn(&Relation) -> bool,
    ) -> Option<LockLevel> {
        let sql = &*statement.sql;
        let exclusive = [" RENAME TO ", " SET LOGGED", " SET UNLOGGED", " OWNER TO ", " DEPENDS ON "];
        if itself {
            let whole = exclusive.iter().any(|words| sql.contains(words));
            return Some(if whole { LockLevel::AccessExclusive } else { LockLevel::ShareRowExclusive });
        }
        let Some(ObjectRef::Sequence(sequence)) = self.objects.news.get(&statement.key) else { return None };
        let owner = sequence.owned_by.as_ref().filter(|_| sql.contains(" OWNED BY "))?;
        exists(&(owner.schema.clone(), owner.table.clone())).then_some(LockLevel::AccessShare)
    }

    fn is_composite(&self, key: &ObjectKey) -> bool {
        matches!(self.objects.dependents.objects.get(key), Some(ObjectRef::Type(own)) if own.attributes.is_some())
    }

    /// Returns whether the server stores a parsed function body, which depends on relations.
    fn has_body(&self, key: &ObjectKey) -> bool {
        matches!(self.objects.news.get(key), Some(ObjectRef::Function(own)) if own.sql_body.is_some())
    }

    /// Returns whether an object of the new model depends on an existing relation.
    fn reads(&self, key: &ObjectKey, exists: &dyn Fn(&Relation) -> bool) -> bool {
        self.objects.news.get(key).is_some_and(|object| {
            let needs = &object.object().shared().depends_on;
            needs.iter().any(|need| relation(need).is_some_and(|need| exists(&need)))
        })
    }
}

fn labelled(sql: &str) -> Option<&str> {
    sql.strip_prefix("SECURITY LABEL FOR ").and_then(|rest| rest.split_once(" ON ")).map(|(_, rest)| rest)
}
