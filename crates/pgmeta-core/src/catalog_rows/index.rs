//! Rows of indexes. Indexes of constraints only add to their constraint.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder, KnownColumn};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::{Name, ident};
use crate::model::{
    ConstraintIndex, ConstraintKind, Index, IndexColumn, IndexStatistics, NullsOrder, RelationName, Setting,
};

row! {
    pub struct IndexRow = "indexes" of CLASS {
        oid: u32, name: Name, relation: u32, method: u32, unique: bool, valid: bool, keys: Vec<i16>,
        key_count: i16, operator_classes: Vec<u32>, collations: Vec<u32>, ordering: Vec<i16>, nulls_not_distinct: bool,
        predicate: Option<String>, definition: Option<String>, expressions: Option<Vec<Option<String>>>,
        statistics_targets: Option<Vec<i64>>, operator_class_options: Option<Vec<Option<String>>>,
        options: Option<Vec<String>>, tablespace: u32, parent: Option<u32>, clustered: bool,
        replica_identity: bool,
    }
}

/// The bits of `indoption`.
const DESCENDING: i16 = 1;
const NULLS_FIRST: i16 = 2;

impl Ingest for IndexRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if let Some(&at) = builder.constraint_indexes.get(&self.oid) {
            return self.add_to_constraint(at, builder);
        }
        let on_member_of = builder.extension_of(class::CLASS, self.relation).cloned();
        let outside = on_member_of.is_none() && !builder.has_relation(self.relation);
        if outside || (on_member_of.is_some() && builder.member_constraint_indexes.contains(&self.oid)) {
            return Ok(());
        }
        let relation = builder.names.relation(self.relation)?.clone();
        // An invalid index of an interrupted build is not part of the schema. An invalid partitioned index only lacks some partitions'.
        if !self.valid && relation.kind != b'p' {
            let Builder { model, table_at, matview_at, .. } = builder;
            let invalid = match (table_at.get(&self.relation), matview_at.get(&self.relation)) {
                (Some(&at), _) => &mut model.tables[at].invalid_indexes,
                (None, Some(&at)) => &mut model.materialized_views[at].invalid_indexes,
                (None, None) => return Ok(()),
            };
            invalid.insert(invalid.partition_point(|other| *other < self.name), self.name);
            return Ok(());
        }
        let count = usize::try_from(self.key_count).unwrap_or(0);
        let attached_to = self.attached_to(builder)?;
        let mut index = Index {
            schema: relation.schema.clone(),
            name: self.name.clone(),
            table: relation.name.clone(),
            method: builder.names.access_method(self.method).ok_or(RowError::Vanished("access method", self.method))?,
            columns: self.columns(builder, count)?,
            include: self.include(builder)?,
            unique: self.unique,
            nulls_not_distinct: self.nulls_not_distinct,
            statistics_targets: self.targets(),
            predicate: self.predicate,
            options: Setting::parse_all(self.options),
            tablespace: builder.names.tablespace(self.tablespace),
            on_partitioned: relation.kind == b'p',
            attached_to,
            clustered: self.clustered,
            replica_identity: self.replica_identity,
            on_member_of,
            on_materialized_view: relation.kind == b'm',
            ..Index::default()
        };
        builder.describe(&mut index, Address::of(class::CLASS, self.oid), None, None)?;
        builder.model.indexes.push(index);
        Ok(())
    }
}

impl IndexRow {
    /// Adds the attributes of a constraint's index to the constraint.
    fn add_to_constraint(self, at: usize, builder: &mut Builder) -> Result<(), RowError> {
        let statistics_targets = self.targets();
        let attached_to = self.attached_to(builder)?;
        // The definition of an exclusion constraint contains them.
        let include = match builder.model.constraints[at].kind {
            ConstraintKind::Exclusion => Vec::new(),
            _ => self.include(builder)?,
        };
        let tablespace = builder.names.tablespace(self.tablespace);
        if let Some(index) = &mut builder.model.constraints[at].index {
            **index = ConstraintIndex {
                include,
                nulls_not_distinct: self.nulls_not_distinct,
                options: Setting::parse_all(self.options),
                tablespace,
                clustered: self.clustered,
                replica_identity: self.replica_identity,
                attached_to,
                statistics_targets,
                comment: index.comment.take(),
            };
        }
        if let Some(extensions) = builder.extension_dependencies.remove(&(class::CLASS, self.oid)) {
            builder.model.constraints[at].depends_on_extensions = extensions;
        }
        Ok(())
    }

    fn attached_to(&self, builder: &Builder) -> Result<Option<RelationName>, RowError> {
        let Some(parent) = self.parent else { return Ok(None) };
        let parent = builder.names.relation(parent)?;
        Ok(Some(RelationName { schema: parent.schema.clone(), name: parent.name.clone() }))
    }

    fn include(&self, builder: &Builder) -> Result<Vec<Name>, RowError> {
        let count = usize::try_from(self.key_count).unwrap_or(0);
        builder.column_names(self.relation, self.keys.get(count..).unwrap_or_default())
    }

    fn targets(&self) -> Vec<IndexStatistics> {
        let targets = self.statistics_targets.iter().flatten().enumerate();
        targets
            .filter(|&(_, &target)| target >= 0)
            .filter_map(|(at, &target)| {
                Some(IndexStatistics { column: i16::try_from(at + 1).ok()?, target: i32::try_from(target).ok()? })
            })
            .collect()
    }

    fn columns(&self, builder: &Builder, count: usize) -> Result<Vec<IndexColumn>, RowError> {
        let mut columns = Vec::with_capacity(count);
        let mut deparsed = match (&self.definition, &self.expressions) {
            (Some(definition), Some(texts)) => Some(Deparsed::of(definition, texts, &self.name)?),
            _ => None,
        };
        for at in 0..count {
            let number = self.keys.get(at).copied().unwrap_or(0);
            let class = self.operator_classes.get(at).copied().unwrap_or(0);
            let collation = self.collations.get(at).copied().unwrap_or(0);
            let ordering = self.ordering.get(at).copied().unwrap_or(0);
            let known = if number > 0 { Some(builder.known_column(self.relation, number)?) } else { None };
            let class_name = builder.operator_class_name(class)?;
            let collation_name = builder.collation_name(collation);
            let (collation, class_name) = match &mut deparsed {
                Some(deparsed) => deparsed.column(at, collation_name, class_name),
                None => {
                    let own = known.is_some_and(|column: &KnownColumn| column.collation == collation);
                    let default =
                        known.is_some_and(|column| builder.is_default_operator_class(class, column.data_type));
                    ((!own).then_some(collation_name).flatten(), (!default).then_some(class_name))
                }
            };
            let options = self.operator_class_options.as_ref().and_then(|all| all.get(at).cloned().flatten());
            let options = options.map(|text| text.split('\n').map(str::to_owned).collect());
            let operator_class_options = Setting::parse_all(options);
            // Options must follow an operator class, so the default one is explicit, too.
            let class_name = class_name.or_else(|| {
                (!operator_class_options.is_empty()).then(|| builder.operator_class_name(class).ok()).flatten()
            });
            let descending = ordering & DESCENDING != 0;
            columns.push(IndexColumn {
                column: known.map(|column| column.name.clone()),
                expression: match (known, &self.expressions) {
                    (None, Some(texts)) => texts.get(at).cloned().flatten(),
                    _ => None,
                },
                collation,
                operator_class: class_name,
                operator_class_options,
                descending,
                nulls: match (descending, ordering & NULLS_FIRST != 0) {
                    (false, true) => NullsOrder::First,
                    (true, false) => NullsOrder::Last,
                    _ => NullsOrder::Default,
                },
            });
        }
        Ok(columns)
    }
}

/// The server's text of an index with expressions, read column by column. The catalog does not contain the type of an expression, so only
/// the server knows whether an operator class or collation is the default.
struct Deparsed<'a> {
    rest: &'a str,
    texts: &'a [Option<String>],
}

impl<'a> Deparsed<'a> {
    fn of(definition: &'a str, texts: &'a [Option<String>], index: &str) -> Result<Self, RowError> {
        // The names before ON are those of the index, table and method. Skip the index's, which may contain any text.
        let named = definition.find(&ident(index)).map_or(0, |at| at + ident(index).len());
        let first = texts.first().and_then(Option::as_deref).unwrap_or_default();
        let start = definition.get(named..).and_then(|rest| rest.find(&format!(" ({first}")).map(|at| named + at + 2));
        let start = start.ok_or_else(|| RowError::ConcurrentChange(format!("index {}", ident(index))))?;
        Ok(Self { rest: &definition[start..], texts })
    }

    /// Returns the collation and operator class that the server printed for the next column.
    fn column(&mut self, at: usize, collation: Option<Name>, class: Name) -> (Option<Name>, Option<Name>) {
        let text = self.texts.get(at).and_then(Option::as_deref).unwrap_or_default();
        self.rest = self.rest.trim_start_matches(", ");
        self.rest = self.rest.strip_prefix(text).unwrap_or(self.rest);
        let collation = collation.filter(|name| {
            // The server omits pg_catalog if it is visible.
            let bare = name.strip_prefix("pg_catalog.").unwrap_or(name);
            [format!(" COLLATE {name}"), format!(" COLLATE {bare}")].iter().any(|clause| {
                let rest = self.rest.strip_prefix(clause.as_str());
                rest.map(|rest| self.rest = rest).is_some()
            })
        });
        let class = Some(class).filter(|name| {
            let rest = self.rest.strip_prefix(&format!(" {name}"));
            rest.map(|rest| self.rest = rest).is_some()
        });
        // Skip options, sort order and other text before the next column.
        if let Some(next) = self.texts.get(at + 1).and_then(Option::as_deref)
            && let Some(position) = self.rest.find(&format!(", {next}"))
        {
            self.rest = &self.rest[position..];
        }
        (collation, class)
    }
}
