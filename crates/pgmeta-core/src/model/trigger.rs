//! Triggers on tables and views, without event triggers. Event triggers and rules also have the firing states.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, RelationName, Section, Structure};

choice! {
    /// The kind of relation of a trigger or rule.
    pub enum RelationKind {
        /// A table.
        Table b'r' "table",
        /// A view.
        View b'v' "view",
        /// A materialized view.
        MaterializedView b'm' "materialized view",
        /// A foreign table.
        ForeignTable b'f' "foreign table",
    }
}

choice! {
    /// The values of `session_replication_role` with which a trigger or rule fires.
    pub enum Firing {
        /// In sessions that are not replicating.
        Origin b'O' "origin",
        /// In sessions that are replicating.
        Replica b'R' "replica",
        /// In all sessions.
        Always b'A' "always",
        /// In no session.
        Disabled b'D' "disabled",
    }
}

choice! {
    /// When a trigger fires.
    pub enum TriggerTiming {
        /// Before the event.
        Before b'B' "BEFORE",
        /// After the event.
        After b'A' "AFTER",
        /// Instead of the event.
        InsteadOf b'I' "INSTEAD OF",
    }
}

choice! {
    /// The event of a trigger.
    pub enum TriggerEvent {
        /// INSERT.
        Insert b'i' "INSERT",
        /// DELETE.
        Delete b'd' "DELETE",
        /// UPDATE.
        Update b'u' "UPDATE",
        /// TRUNCATE.
        Truncate b't' "TRUNCATE",
    }
}

choice! {
    /// Whether a trigger fires for each row or once for a statement.
    pub enum TriggerLevel {
        /// Once for each statement.
        Statement b's' "STATEMENT",
        /// Once for each row.
        Row b'r' "ROW",
    }
}

part! {
    /// The name of a trigger function, which has no arguments.
    pub struct TriggerFunction {
        /// The schema of the function.
        schema: Name,
        /// The name of the function.
        name: Name;
    }
}

part! {
    /// The attributes of a constraint trigger beyond those of other triggers.
    pub struct ConstraintTrigger {
        ;
        /// The other table of the constraint (FROM).
        from_table: Option<RelationName>,
        /// Whether it can be deferred to the end of the transaction.
        deferrable: bool,
        /// Whether it is deferred by default (INITIALLY DEFERRED).
        initially_deferred: bool,
        /// The comment on the constraint. The trigger has a comment of its own.
        comment: Option<String>,
    }
}

object! {
    /// A trigger of a table, foreign table or view.
    pub struct Trigger {
        /// The schema of the relation.
        schema: Name,
        /// The name of the relation.
        table: Name,
        /// The name of the trigger.
        name: Name;
        /// The kind of relation. The default is table.
        on: RelationKind,
        /// When it fires.
        timing: TriggerTiming,
        /// The events on which it fires.
        events: Vec<TriggerEvent>,
        /// The columns of UPDATE OF. An empty list means any column.
        update_of: Vec<Name>,
        /// Whether it fires for each row or once for a statement.
        level: TriggerLevel,
        /// The name of the transition table with the old rows.
        old_table: Option<Name>,
        /// The name of the transition table with the new rows.
        new_table: Option<Name>,
        /// The condition of WHEN, as SQL.
        condition: Option<String>,
        /// The function that it calls.
        function: Option<TriggerFunction>,
        /// The arguments of the function, as text.
        arguments: Vec<String>,
        /// The attributes of a constraint trigger. Absent: it is not a constraint trigger.
        constraint: Option<ConstraintTrigger>,
        /// The values of `session_replication_role` with which it fires. The default is origin.
        firing: Firing,
        /// The partitioned tables with its parent triggers, nearest first. It is then listed only for its firing state and comment; the
        /// parent trigger has the other attributes.
        inherited_from: Vec<RelationName>,
        /// The extension of the table, if the table is a member.
        on_member_of: Option<Name>,
    }
}

impl RelationKind {
    /// Returns the key of the relation with the names in a trigger or rule.
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
    /// Returns the address of the function.
    pub fn key(&self) -> ObjectKey {
        ObjectKey::with_args(ObjectKind::Function, &self.schema, &self.name, Vec::new())
    }
}

impl Trigger {
    /// Returns the address of the object.
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

    fn texts(&self) -> Vec<&str> {
        self.condition.as_deref().into_iter().collect()
    }

    fn is_inherited(&self) -> bool {
        !self.inherited_from.is_empty()
    }
}
