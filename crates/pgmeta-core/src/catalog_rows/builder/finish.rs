//! Finishes the model when it has all rows: dependencies, the order of columns, sorted lists. Reads no row.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::catalog_rows::builder::{Builder, Reading};
use crate::interrupt::check;
use crate::model::sorting::put_in_order;
use crate::model::{Columns, ExtensionMember, Object, ObjectKey};
use crate::parallel::Executor;

type DependsOn<'a> = FxHashMap<&'a ObjectKey, Vec<&'a ObjectKey>>;

impl Builder {
    /// Resolves the dependencies and sorts the lists.
    pub fn finish(mut self, executor: &impl Executor) -> Reading {
        let keys = std::mem::take(&mut self.keys);
        let mut edges = std::mem::take(&mut self.edges);
        let recursive = std::mem::take(&mut self.recursive);
        let (depends_on, ()) = executor.join_if_large(
            keys.len(),
            || depends_on(&keys, &mut edges, &recursive),
            || {
                self.depend_by_defaults(&keys);
                self.inherit();
                self.order_columns();
            },
        );
        for domain in &mut self.model.domains {
            for position in 0..domain.checks.len() {
                if let Some(keys) = depends_on.get(&domain.check_key(position)) {
                    domain.checks[position].depends_on = unique(keys);
                }
            }
        }
        self.model.extension_members.retain(ExtensionMember::is_changed);
        let note = |key: &ObjectKey, object: &mut dyn Object| {
            if let Some(keys) = depends_on.get(key) {
                *object.shared_mut().depends_on = unique(keys);
            }
        };
        self.model.sort_visited(&note, executor);
        drop(depends_on);
        let Self { model, members, comments, labels, described, known_columns, names, owner_of, .. } = self;
        let count = keys.len();
        let look_back = || {
            let mut unclaimed: FxHashMap<(u32, u32), i64> = FxHashMap::default();
            let labels = labels.iter().map(|(address, labels)| (address, labels.len()));
            for (address, count) in comments.keys().map(|address| (address, 1)).chain(labels) {
                *unclaimed.entry((address.class, address.oid)).or_default() += i64::try_from(count).unwrap_or(i64::MAX);
            }
            let mut keys = keys;
            let addresses = described.iter().map(|&(at, address)| (std::mem::take(&mut keys[at]), address)).collect();
            (unclaimed, addresses)
        };
        // To free the rest of the rows takes as long.
        let ((), (unclaimed, addresses)) =
            executor.join_if_large(count, || drop((known_columns, names, owner_of)), look_back);
        Reading { model, addresses, members, unclaimed }
    }

    /// Adds the dependencies of columns through their defaults.
    fn depend_by_defaults(&mut self, keys: &[ObjectKey]) {
        let mut of_defaults: FxHashMap<(u32, i16), Vec<&ObjectKey>> = FxHashMap::default();
        for &(table, column, to) in &self.default_edges {
            of_defaults.entry((table, column)).or_default().push(&keys[to]);
        }
        for ((oid, number), keys) in of_defaults {
            let own = match (self.table_at.get(&oid), self.view_at.get(&oid)) {
                (Some(&at), _) => self.model.tables[at].key(),
                (None, Some(&at)) => self.model.views[at].key(),
                (None, None) => continue,
            };
            let position = self.known_columns[&oid].iter().position(|column| column.number == number);
            let columns = self.columns_mut(oid);
            if let (Some(position), Some(columns)) = (position, columns)
                && let Some(column) = columns.get_mut(position)
            {
                let others: Vec<&ObjectKey> = keys.into_iter().filter(|key| **key != own).collect();
                column.default_depends_on = unique(&others).into();
            }
        }
    }

    /// Marks what columns inherit from their parents: not-null constraints before 18, and dropped defaults.
    fn inherit(&mut self) {
        for (oid, parents) in &self.parents {
            let Some(&at) = self.table_at.get(oid) else {
                continue;
            };
            let table = &mut self.model.tables[at];
            for column in table.columns.iter_mut().filter(|column| column.has_parent) {
                let of_parents = parents.iter().filter_map(|parent| self.known_columns.get(parent)).flatten();
                let of_parents: Vec<_> = of_parents.filter(|known| known.name == column.name).collect();
                if let Some(not_null) = &mut column.not_null {
                    let by_parent =
                        |valid: bool| of_parents.iter().any(|known| known.not_null && (known.not_null_valid || !valid));
                    // A valid one cannot come from parents with only invalid ones.
                    not_null.inherited = by_parent(!not_null.not_valid)
                        && (not_null.inherited || self.model.server_version_num < 180_000);
                }
                // Since 16 a child may have an expression of its own.
                column.generated_by_parent = column.generated.is_some()
                    && self.model.server_version_num < 160_000
                    && of_parents.iter().any(|known| known.generated);
                if table.partition_of.is_none()
                    && column.default.is_none()
                    && of_parents.iter().any(|known| known.has_default && !known.generated)
                {
                    column.default = Some("NULL".into());
                }
            }
        }
    }

    /// Sorts columns by their numbers: the catalog returns them in any order.
    fn order_columns(&mut self) {
        let known = &self.known_columns;
        let order = |oid: &u32, columns: &mut Columns| {
            let Some(known) = known.get(oid) else { return };
            if known.is_sorted_by_key(|column| column.number) {
                return;
            }
            let numbers = known.iter().take(columns.len()).enumerate();
            put_in_order(columns, numbers.map(|(at, column)| (column.number, at)).collect());
        };
        self.table_at.iter().for_each(|(oid, &at)| order(oid, &mut self.model.tables[at].columns));
        self.view_at.iter().for_each(|(oid, &at)| order(oid, &mut self.model.views[at].columns));
        self.matview_at.iter().for_each(|(oid, &at)| order(oid, &mut self.model.materialized_views[at].columns));
    }
}

/// Returns the objects that each object depends on. It includes the object itself only if it declares that.
fn depends_on<'a>(
    keys: &'a [ObjectKey],
    edges: &mut Vec<(usize, usize)>,
    recursive: &FxHashSet<usize>,
) -> DependsOn<'a> {
    let mut depends_on = DependsOn::default();
    edges.sort_unstable();
    edges.dedup();
    for &(from, to) in edges.iter() {
        check();
        if keys[from] != keys[to] || from == to && recursive.contains(&from) {
            depends_on.entry(&keys[from]).or_default().push(&keys[to]);
        }
    }
    depends_on
}

/// Returns the keys sorted, without duplicates.
fn unique(keys: &[&ObjectKey]) -> Vec<ObjectKey> {
    if let [only] = keys {
        return vec![(*only).clone()];
    }
    let unique: FxHashSet<&ObjectKey> = keys.iter().copied().collect();
    let mut keys: Vec<ObjectKey> = unique.into_iter().cloned().collect();
    keys.sort();
    keys
}
