//! A schema as its pages need it: which objects have pages, and what else is known of each. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_core::ident::{Name, qualified};
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{ModelIndex, ObjectKey, ObjectKind, ObjectRef};
use pgmeta_discovery::{
    Document, FunctionEntry, Relationship, Section, TableEntry, TableStatistics, TypeEntry, ViewEntry,
};
use pgmeta_lint::Finding;
use rustc_hash::FxHashMap;

use super::page::Link;
use super::places::{Kind, Places};
use super::{DocumentError, Options, Source, ddl};
use crate::diagram::{Chart, Key, any_matches, found, matchers};

/// A schema with its pages.
pub struct Site<'a> {
    pub options: &'a Options,
    pub index: ModelIndex<'a>,
    pub document: &'a Document,
    pub findings: &'a [Finding],
    pub chart: &'a Chart<'a>,
    pub places: Places,
    /// The tables with pages.
    pub shown: BTreeSet<Key<'a>>,
    pub tables: Vec<(String, &'a TableEntry)>,
    pub views: Vec<(String, &'a ViewEntry)>,
    pub functions: Vec<(String, Vec<&'a FunctionEntry>)>,
    pub types: Vec<(String, &'a TypeEntry)>,
    ddl: FxHashMap<String, String>,
    routines: FxHashMap<String, ObjectRef<'a>>,
    findings_of: FxHashMap<String, Vec<&'a Finding>>,
    out_of: FxHashMap<Key<'a>, Vec<&'a Relationship>>,
    into: FxHashMap<Key<'a>, Vec<&'a Relationship>>,
    partitions: FxHashMap<&'a str, Vec<&'a TableEntry>>,
    sizes: FxHashMap<(&'a str, &'a str), &'a TableStatistics>,
    used_by: FxHashMap<(&'a str, &'a str), Vec<(&'a TableEntry, &'a Name)>>,
    called_by: FxHashMap<&'a str, Vec<(&'a TableEntry, &'a Name)>>,
}

impl<'a> Site<'a> {
    /// Chooses what has pages, and gathers what is known of it.
    pub fn of(source: Source<'a>, options: &'a Options, chart: &'a Chart<'a>) -> Result<Self, DocumentError> {
        let Source { model, document, findings } = source;
        let wanted = matchers(&options.tables)?;
        let is_wanted = |schema: &Name, name: &Name| wanted.is_empty() || any_matches(&wanted, schema, name);
        let shown = chart.near(&options.tables, options.distance)?;
        let all_tables = found(document.tables.as_ref());
        let mut places = Places::default();
        let tables = all_tables.iter().filter(|own| shown.contains(&(&own.schema, &own.name)));
        let tables = tables.map(|own| (places.add(Kind::Table, &own.schema, &own.name), own)).collect();
        let views = found(document.views.as_ref()).iter().filter(|own| is_wanted(&own.schema, &own.name));
        let views = views.map(|own| (places.add(Kind::View, &own.schema, &own.name), own)).collect();
        let mut by_name: BTreeMap<Key<'a>, Vec<&'a FunctionEntry>> = BTreeMap::new();
        for own in found(document.functions.as_ref()).iter().filter(|own| is_wanted(&own.schema, &own.name)) {
            by_name.entry((&own.schema, &own.name)).or_default().push(own);
        }
        let functions = by_name.into_iter();
        let functions =
            functions.map(|((schema, name), own)| (places.add(Kind::Function, schema, name), own)).collect();
        let types = found(document.types.as_ref()).iter().filter(|own| is_wanted(&own.schema, &own.name));
        let types = types.map(|own| (places.add(Kind::Type, &own.schema, &own.name), own)).collect();
        let mut site = Self {
            options,
            index: ModelIndex::of(model),
            document,
            findings,
            chart,
            ddl: ddl::by_page(model, &places),
            places,
            shown,
            tables,
            views,
            functions,
            types,
            routines: FxHashMap::default(),
            findings_of: FxHashMap::default(),
            out_of: FxHashMap::default(),
            into: FxHashMap::default(),
            partitions: FxHashMap::default(),
            sizes: FxHashMap::default(),
            used_by: FxHashMap::default(),
            called_by: FxHashMap::default(),
        };
        site.gather();
        Ok(site)
    }

    fn gather(&mut self) {
        let model = self.index.model();
        let functions = model.functions.iter().map(ObjectRef::Function);
        let routines = functions.chain(model.aggregates.iter().map(ObjectRef::Aggregate));
        self.routines = routines.map(|own| (own.object().key().identity(), own)).collect();
        for finding in self.findings {
            check();
            if let Some(page) = finding.key.as_ref().and_then(|key| self.page_of(key)).map(str::to_owned) {
                self.findings_of.entry(page).or_default().push(finding);
            }
        }
        for own in found(self.document.relationships.as_ref()) {
            check();
            self.out_of.entry(own.table()).or_default().push(own);
            self.into.entry(own.parent()).or_default().push(own);
        }
        if let (Some(Section::Found(statistics)), true) = (&self.document.statistics, self.options.sizes) {
            self.sizes = statistics.tables.iter().map(|own| ((&*own.schema, &*own.name), own)).collect();
        }
        for table in found(self.document.tables.as_ref()) {
            check();
            if let Some(parent) = &table.partition_of {
                self.partitions.entry(parent).or_default().push(table);
                // What a partition has is its parent's.
                continue;
            }
            for column in &table.columns {
                let key = (&*column.column_type.schema, &*column.column_type.name);
                self.used_by.entry(key).or_default().push((table, &column.name));
            }
            for trigger in &table.triggers {
                if let Some(function) = &trigger.function {
                    self.called_by.entry(function).or_default().push((table, &trigger.name));
                }
            }
        }
    }

    /// Returns the page of an object, or of what it belongs to.
    pub fn page_of(&self, key: &ObjectKey) -> Option<&str> {
        self.places.of_key(key).or_else(|| {
            let parent = self.index.parent_of(self.index.get(key)?)?;
            self.places.of_key(&parent.object().key())
        })
    }

    /// Returns a link to what a finding is about.
    pub fn link_of(&self, finding: &Finding) -> Link {
        let page = finding.key.as_ref().and_then(|key| self.page_of(key)).map(str::to_owned);
        Link { text: finding.identity.clone().unwrap_or_default(), page }
    }

    /// Returns the object of the model with a schema and name.
    pub fn object(&self, kind: ObjectKind, schema: &Name, name: &Name) -> Option<ObjectRef<'a>> {
        self.index.get(&ObjectKey::in_schema(kind, schema, name))
    }

    /// Returns a routine by its identity.
    pub fn routine(&self, identity: &str) -> Option<ObjectRef<'a>> {
        self.routines.get(identity).copied()
    }

    /// Returns the relationships in which a table refers to others.
    pub fn relationships_of(&self, table: Key<'a>) -> &[&'a Relationship] {
        self.out_of.get(&table).map_or(&[], Vec::as_slice)
    }

    /// Returns the relationships in which others refer to a table.
    pub fn relationships_to(&self, table: Key<'a>) -> &[&'a Relationship] {
        self.into.get(&table).map_or(&[], Vec::as_slice)
    }

    /// Returns the partitions of a table.
    pub fn partitions_of(&self, table: &TableEntry) -> &[&'a TableEntry] {
        self.partitions.get(&*qualified(&table.schema, &table.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns what is known of a relation's size.
    pub fn sizes_of(&self, schema: &str, name: &str) -> Option<&'a TableStatistics> {
        self.sizes.get(&(schema, name)).copied()
    }

    /// Returns the columns of a type.
    pub fn uses_of(&self, own: &'a TypeEntry) -> &[(&'a TableEntry, &'a Name)] {
        self.used_by.get(&(&*own.schema, &*own.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns the triggers that call a function.
    pub fn callers_of(&self, own: &FunctionEntry) -> &[(&'a TableEntry, &'a Name)] {
        self.called_by.get(&*qualified(&own.schema, &own.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns what lint found about the objects of a page.
    pub fn findings_on(&self, page: &str) -> &[&'a Finding] {
        self.findings_of.get(page).map_or(&[], Vec::as_slice)
    }

    /// Returns the SQL of the objects of a page.
    pub fn ddl_of(&self, page: &str) -> &str {
        self.ddl.get(page).map_or("", String::as_str)
    }
}
