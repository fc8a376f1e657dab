//! Whether an index serves a foreign key: the search for the rows that refer to a row which is updated or deleted.

use pgmeta_core::ident::read_ident;
use pgmeta_core::interrupt::check;
use pgmeta_core::lexer;
use pgmeta_core::model::{Constraint, ConstraintKind, ModelIndex, Table};

use crate::analysis::bounds::tuple;
use crate::analysis::{IndexObject, IndexView, index_views, is_not_null_of};

/// Returns whether an index finds rows by the values of columns: they are its first key columns, in any order. A partial index does
/// only where its condition follows from the search, which is for values, not for nulls.
fn covers(index: &IndexView<'_>, columns: &[&str]) -> bool {
    let searchable = match index.method {
        "btree" => true,
        "hash" => columns.len() == 1,
        _ => false,
    };
    let Some(leading) = index.keys.get(..columns.len()).filter(|_| searchable && !columns.is_empty()) else {
        return false;
    };
    // The classes for LIKE compare by the same equality. Of other classes it is not known.
    let by_equality = |class: Option<&str>| class.is_none_or(|class| class.ends_with("_pattern_ops"));
    let has = |column: &&str| {
        leading
            .iter()
            .any(|key| key.column == Some(*column) && key.collation.is_none() && by_equality(key.operator_class))
    };
    columns.iter().all(has) && index.predicate.is_none_or(|condition| is_not_null_of(condition, columns))
}

/// Returns whether an index of a table serves a search by columns. In a partitioned table one of each partition has to.
pub(crate) fn is_covered<'m>(index: &'m ModelIndex<'m>, table: &'m Table, columns: &[&str]) -> bool {
    is_covered_but(index, table, columns, &|_| false)
}

/// The same, without the index of a name, and without its parts where it is that of a partitioned table.
pub(crate) fn is_covered_without<'m>(
    index: &'m ModelIndex<'m>,
    table: &'m Table,
    columns: &[&str],
    name: &str,
) -> bool {
    let is_part = |view: &IndexView<'_>| match view.object {
        IndexObject::Index(own) => own.attached_to.as_ref().is_some_and(|parent| &*parent.name == name),
        IndexObject::Constraint(_) => false,
    };
    is_covered_but(index, table, columns, &|view| &**view.name == name || is_part(view))
}

fn is_covered_but<'m>(
    index: &'m ModelIndex<'m>,
    table: &'m Table,
    columns: &[&str],
    is_left_out: &dyn Fn(&IndexView<'_>) -> bool,
) -> bool {
    let mut waiting = vec![table];
    while let Some(table) = waiting.pop() {
        check();
        let partitions = index.children(table).iter().filter(|child| child.partition_of.is_some());
        let partitions: Vec<&Table> = partitions.copied().collect();
        if table.partition_by.is_some() && !partitions.is_empty() {
            waiting.extend(partitions);
            continue;
        }
        let searched = table.foreign.is_some()
            || index.constraints_of(&table.schema, &table.name).iter().any(|own| excludes_equal(own, columns))
            || index_views(index, &table.schema, &table.name)
                .iter()
                .any(|own| covers(own, columns) && !is_left_out(own));
        if !searched {
            return false;
        }
    }
    true
}

/// Returns whether the index of an exclusion constraint finds rows by the values of columns. Its definition is text.
fn excludes_equal(constraint: &Constraint, columns: &[&str]) -> bool {
    let definition = constraint.expression.as_deref().filter(|_| constraint.kind == ConstraintKind::Exclusion);
    let keys = definition.and_then(equal_columns).unwrap_or_default();
    let leading = keys.get(..columns.len()).filter(|_| !columns.is_empty());
    leading.is_some_and(|leading| columns.iter().all(|column| leading.iter().any(|own| own == column)))
}

/// Returns the first columns of an exclusion constraint without a condition, as long as it compares them by equality.
fn equal_columns(definition: &str) -> Option<Vec<String>> {
    let rest = definition.strip_prefix("EXCLUDE USING ")?;
    let (_, keys) = rest.split_once(' ')?;
    let (keys, rest) = tuple(keys)?;
    let has_condition = lexer::code(rest).any(|(at, _)| rest[at..].starts_with(" WHERE ("));
    let equal = |key: &String| read_ident(key.strip_suffix(" WITH =")?);
    (!has_condition).then(|| keys.iter().map_while(equal).collect())
}

#[cfg(test)]
mod tests {
    use pgmeta_core::model::{Index, IndexColumn};

    use super::*;

    fn index(columns: &[&str]) -> Index {
        let column = |&name: &&str| IndexColumn { column: Some(name.into()), ..IndexColumn::default() };
        Index { method: "btree".into(), columns: columns.iter().map(column).collect(), ..Index::default() }
    }

    #[test]
    fn an_exclusion_constraint_serves_a_search_by_the_columns_that_it_compares_by_equality() {
        let of = |definition: &str| equal_columns(definition).unwrap_or_default();
        assert_eq!(of("EXCLUDE USING btree (a WITH =)"), ["a"]);
        assert_eq!(of("EXCLUDE USING gist (a WITH =, \"B, c\" WITH =, during WITH &&)"), ["a", "B, c"]);
        for none in [
            "EXCLUDE USING gist (during WITH &&, a WITH =)",
            "EXCLUDE USING btree (lower(a) WITH =)",
            "EXCLUDE USING btree (a WITH =) WHERE ((b > 0))",
            "CHECK ((a > 0))",
        ] {
            assert_eq!(of(none), Vec::<String>::new(), "{none}");
        }
    }

    #[test]
    fn leading_columns_in_any_order_serve_a_search() {
        let serves = |index: &Index, columns: &[&str]| covers(&IndexView::of_index(index), columns);
        assert!(serves(&index(&["b", "a"]), &["a", "b"]));
        assert!(serves(&index(&["b", "a", "c"]), &["a", "b"]));
        assert!(!serves(&index(&["a"]), &["a", "b"]) && !serves(&index(&["x", "a"]), &["a"]));
        let with = |change: fn(&mut Index)| {
            let mut changed = index(&["a"]);
            change(&mut changed);
            serves(&changed, &["a"])
        };
        assert!(with(|index| index.method = "hash".into()));
        assert!(!with(|index| index.method = "brin".into()));
        assert!(with(|index| index.predicate = Some("(a IS NOT NULL)".into())));
        assert!(!with(|index| index.predicate = Some("(b IS NOT NULL)".into())));
        assert!(with(|index| index.columns[0].operator_class = Some("text_pattern_ops".into())));
        assert!(!with(|index| index.columns[0].collation = Some("pg_catalog.\"C\"".into())));
        assert!(!with(|index| index.columns[0].column = None));
    }
}
