//! Views and materialized views.

use crate::ident::Name;
use crate::model::{Column, Columns, ExpressionPlace, ObjectKey, ObjectKind, ObjectPart, Part, Setting, Structure};

object! {
    /// A view (CREATE VIEW ).
    pub struct View {
        /// The schema of the view.
        schema: Name,
        /// The name of the view.
        name: Name,
        /// The query, as SQL without a final semicolon.
        definition: String;
        /// The columns, in order.
        columns: Columns,
        /// The options of the view, such as `security_barrier`.
        options: Vec<Setting>,
    }
}

object! {
    /// A materialized view, without its rows.
    pub struct MaterializedView {
        /// The schema of the materialized view.
        schema: Name,
        /// The name of the materialized view.
        name: Name,
        /// The query, as SQL.
        definition: String;
        /// The columns, in order.
        columns: Columns,
        /// The storage parameters.
        options: Vec<Setting>,
        /// The storage parameters of its TOAST table.
        toast_options: Vec<Setting>,
        /// The table access method. Absent: `heap`.
        access_method: Option<Name>,
        /// The tablespace. Absent: the database's.
        tablespace: Option<Name>,
        /// Whether it is populated. Only REFRESH uses this.
        populated: bool,
        /// The names of invalid indexes, which interrupted builds left.
        invalid_indexes: Vec<Name>,
    }
}

impl View {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::View, &self.schema, &self.name)
    }
}

impl MaterializedView {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::MaterializedView, &self.schema, &self.name)
    }
}

impl Structure for View {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }

    fn each_expression(&self, each: &mut dyn FnMut(ExpressionPlace, &[ObjectKey])) {
        for column in self.columns.iter().filter(|column| !column.default_depends_on.is_empty()) {
            each(ExpressionPlace::ViewDefault, &column.default_depends_on);
        }
    }

    fn texts(&self) -> Vec<&str> {
        vec![&self.definition]
    }

    fn columns(&self) -> &[Box<Column>] {
        &self.columns
    }
}

impl Structure for MaterializedView {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }

    fn parts(&self) -> Vec<ObjectPart> {
        if self.populated { vec![ObjectPart::after_data(Part::Refresh, Vec::new())] } else { Vec::new() }
    }

    fn texts(&self) -> Vec<&str> {
        vec![&self.definition]
    }

    fn columns(&self) -> &[Box<Column>] {
        &self.columns
    }
}
