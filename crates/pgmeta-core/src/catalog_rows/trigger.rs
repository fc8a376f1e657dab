//! Rows of triggers, and the names of their functions and relations.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::lexer::code;
use crate::model::{
    ConstraintTrigger, Firing, RelationKind, RelationName, Trigger, TriggerEvent, TriggerFunction, TriggerLevel,
    TriggerTiming,
};

row! {
    pub struct TriggerRow = "triggers" of TRIGGER {
        oid: u32, relation: u32, relation_kind: u8, name: Name, flags: i16, firing: u8, constraint_oid: u32,
        from_table: u32, deferrable: bool, initially_deferred: bool, update_of: Option<Vec<Name>>,
        old_table: Option<Name>, new_table: Option<Name>, conditional: bool, definition: Option<String>,
        function_schema: Name, function_name: Name, arguments: Option<Vec<String>>, ancestors: Option<Vec<u32>>,
    }
}

impl Ingest for TriggerRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_left_out(class::CLASS, self.relation) {
            return Ok(());
        }
        let relation = builder.names.relation(self.relation)?.clone();
        let address = Address::of(class::TRIGGER, self.oid);
        let mut trigger = Trigger {
            schema: relation.schema,
            table: relation.name,
            name: self.name.clone(),
            on: relation_kind(self.relation_kind)?,
            firing: Firing::from_code(self.firing)?,
            on_member_of: builder.extension_of(class::CLASS, self.relation).cloned(),
            ..Trigger::default()
        };
        if let Some(ancestors) = &self.ancestors {
            trigger.inherited_from =
                ancestors.iter().map(|&oid| relation_name(builder, oid)).collect::<Result<_, _>>()?;
        } else {
            self.describe(builder, &mut trigger)?;
        }
        builder.describe(&mut trigger, address, None, None)?;
        builder.model.triggers.push(trigger);
        Ok(())
    }
}

impl TriggerRow {
    fn describe(self, builder: &mut Builder, trigger: &mut Trigger) -> Result<(), RowError> {
        // pg_trigger.tgtype, whose bits are in the server's catalog/pg_trigger.h
        let has = |bit: i16| self.flags & (1 << bit) != 0;
        trigger.level = if has(0) { TriggerLevel::Row } else { TriggerLevel::Statement };
        trigger.timing = match (has(1), has(6)) {
            (true, _) => TriggerTiming::Before,
            (false, true) => TriggerTiming::InsteadOf,
            (false, false) => TriggerTiming::After,
        };
        use TriggerEvent::*;
        let events = [(2, Insert), (3, Delete), (4, Update), (5, Truncate)];
        trigger.events = events.into_iter().filter(|&(bit, _)| has(bit)).map(|(_, event)| event).collect();
        trigger.update_of = self.update_of.unwrap_or_default();
        trigger.old_table = self.old_table;
        trigger.new_table = self.new_table;
        if self.conditional {
            let vanished = || RowError::ConcurrentChange(format!("trigger \"{}\"", self.name));
            let definition = self.definition.as_deref().ok_or_else(vanished)?;
            trigger.condition = Some(condition(definition).ok_or(RowError::WrongType("definition"))?.to_owned());
        }
        trigger.function = Some(TriggerFunction { schema: self.function_schema, name: self.function_name });
        trigger.arguments = self.arguments.unwrap_or_default();
        if self.constraint_oid != 0 {
            let from_table = (self.from_table != 0).then(|| relation_name(builder, self.from_table)).transpose()?;
            trigger.constraint = Some(ConstraintTrigger {
                from_table,
                deferrable: self.deferrable,
                initially_deferred: self.initially_deferred,
                comment: builder.take_comment(Address::of(class::CONSTRAINT, self.constraint_oid)),
            });
        }
        Ok(())
    }
}

fn relation_name(builder: &Builder, oid: u32) -> Result<RelationName, RowError> {
    let relation = builder.names.relation(oid)?;
    Ok(RelationName { schema: relation.schema.clone(), name: relation.name.clone() })
}

/// Decodes `pg_class.relkind`; a partitioned table is a table.
pub(super) fn relation_kind(code: u8) -> Result<RelationKind, RowError> {
    RelationKind::from_code(if code == b'p' { b'r' } else { code })
}

/// Extracts the condition from the output of `pg_get_triggerdef`. Only keywords and names precede it, so it follows the first WHEN
/// outside of quotes; its end is found by counting parentheses outside of quotes.
fn condition(definition: &str) -> Option<&str> {
    const WHEN: &str = " WHEN (";
    let mut start = None;
    let mut depth = 0;
    for (at, byte) in code(definition) {
        match byte {
            b' ' if start.is_none() && definition[at..].starts_with(WHEN) => start = Some(at + WHEN.len()),
            b'(' if start.is_some() => depth += 1,
            b')' if start.is_some() => {
                depth -= 1;
                if depth == 0 {
                    return definition.get(start?..at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn condition_is_extracted_from_the_definition() {
        let cases = [
            (
                "CREATE TRIGGER t BEFORE INSERT ON s.t FOR EACH ROW WHEN ((new.a > 0)) EXECUTE FUNCTION s.f()",
                "(new.a > 0)",
            ),
            (
                r#"CREATE TRIGGER " WHEN (x) " BEFORE UPDATE OF "b"" WHEN (" ON s."t ' WHEN (" FOR EACH ROW WHEN (s.odd(new.*)) EXECUTE FUNCTION s.f(' WHEN (')"#,
                "s.odd(new.*)",
            ),
            (
                r#"CREATE TRIGGER t BEFORE INSERT ON s.t FOR EACH ROW WHEN ((new."a)" = ')''" ('::text)) EXECUTE FUNCTION s.f(')')"#,
                r#"(new."a)" = ')''" ('::text)"#,
            ),
            (
                r"CREATE TRIGGER t BEFORE INSERT ON s.t FOR EACH ROW WHEN ((new.a = E'\\''('::text)) EXECUTE FUNCTION s.f()",
                r"(new.a = E'\\''('::text)",
            ),
        ];
        for (definition, expected) in cases {
            assert_eq!(condition(definition), Some(expected));
        }
        assert_eq!(condition("CREATE TRIGGER t BEFORE INSERT ON s.t EXECUTE FUNCTION s.f(' WHEN (x)')"), None);
    }
}
