//! Triggers on tables and views. Says nothing of event triggers; the states of firing are theirs and the rules' too.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, RelationName, Section, Structure};

choice! {
    /// What kind of relation a trigger or rule is on.
    pub enum RelationKind {
        Table b'r' "table", View b'v' "view", MaterializedView b'm' "materialized view", ForeignTable b'f' "foreign table",
    }
}

choice! {
    /// In which `session_replication_role` a trigger or rule fires.
    pub enum Firing { Origin b'O' "origin", Replica b'R' "replica", Always b'A' "always", Disabled b'D' "disabled" }
}

choice! {
    pub enum TriggerTiming { Before b'B' "BEFORE", After b'A' "AFTER", InsteadOf b'I' "INSTEAD OF" }
}

choice! {
    pub enum TriggerEvent { Insert b'i' "INSERT", Delete b'd' "DELETE", Update b'u' "UPDATE", Truncate b't' "TRUNCATE" }
}

choice! {
    pub enum TriggerLevel { Statement b's' "STATEMENT", Row b'r' "ROW" }
}

part! {
    /// The name of a function without arguments: a trigger's.
    pub struct TriggerFunction { schema: Name, name: Name; }
}

part! {
    /// What a constraint trigger says on top.
    pub struct ConstraintTrigger {
        ;
        /// The other table of the constraint.
        from_table: Option<RelationName>,
        deferrable: bool,
        initially_deferred: bool,
        /// On the constraint; that on the trigger is the trigger's.
        comment: Option<String>,
    }
}

object! {
    pub struct Trigger {
        schema: Name,
        table: Name,
        name: Name;
        on: RelationKind,
        timing: TriggerTiming,
        events: Vec<TriggerEvent>,
        /// Of UPDATE; none means any.
        update_of: Vec<Name>,
        level: TriggerLevel,
        /// The transition tables.
        old_table: Option<Name>,
        new_table: Option<Name>,
        /// The condition of WHEN, as SQL.
        condition: Option<String>,
        function: Option<TriggerFunction>,
        arguments: Vec<String>,
        constraint: Option<ConstraintTrigger>,
        firing: Firing,
        /// The partitioned tables above, nearest first, where the trigger is there because a parent has it. Then it
        /// is listed only for what it has of its own, its firing and comment; the rest is the parent's trigger's.
        inherited_from: Vec<RelationName>,
        /// The extension whose member the table is.
        on_member_of: Option<Name>,
    }
}

impl RelationKind {
    /// Returns the key of the relation, which a trigger or rule has in the words of its own attributes.
    pub fn key(self, schema: &Name, relation: &Name) -> ObjectKey {
        let kind = match self {
            RelationKind::Table => ObjectKind::Table,
            RelationKind::View => ObjectKind::View,
            RelationKind::MaterializedView => ObjectKind::MaterializedView,
            RelationKind::ForeignTable => ObjectKind::ForeignTable,
        };
        ObjectKey::in_schema(kind, schema, relation)
    }
}

impl TriggerFunction {
    pub fn key(&self) -> ObjectKey {
        ObjectKey::with_args(ObjectKind::Function, &self.schema, &self.name, Vec::new())
    }
}

impl Trigger {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::on_relation(ObjectKind::Trigger, &self.schema, &self.table, &self.name)
    }
}

impl Structure for Trigger {
    fn parent(&self) -> Option<ObjectKey> {
        Some(self.on.key(&self.schema, &self.table))
    }

    fn requires(&self) -> Vec<ObjectKey> {
        let mut keys: Vec<ObjectKey> = self.parent().into_iter().collect();
        let other = self.constraint.as_ref().and_then(|constraint| constraint.from_table.as_ref());
        keys.extend(other.map(|other| ObjectKey::in_schema(ObjectKind::Table, &other.schema, &other.name)));
        keys.extend(self.function.as_ref().map(|function| function.key()));
        let above = self.inherited_from.iter();
        keys.extend(
            above.map(|above| ObjectKey::on_relation(ObjectKind::Trigger, &above.schema, &above.name, &self.name)),
        );
        keys
    }

    fn section(&self) -> Section {
        Section::PostData
    }
}
