//! Views and materialized views.

use crate::ident::Name;
use crate::model::{Columns, ObjectKey, ObjectKind, ObjectPart, Part, Setting, Structure};

object! {
    pub struct View {
        schema: Name,
        name: Name,
        /// The query, as SQL without a final semicolon.
        definition: String;
        columns: Columns,
        options: Vec<Setting>,
    }
}

object! {
    pub struct MaterializedView {
        schema: Name,
        name: Name,
        definition: String;
        columns: Columns,
        options: Vec<Setting>,
        toast_options: Vec<Setting>,
        access_method: Option<Name>,
        tablespace: Option<Name>,
        /// It held rows; a schema without data never does, so only a refresh makes use of this.
        populated: bool,
    }
}

impl View {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::View, &self.schema, &self.name)
    }
}

impl MaterializedView {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::MaterializedView, &self.schema, &self.name)
    }
}

impl Structure for View {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}

impl Structure for MaterializedView {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }

    fn parts(&self) -> Vec<ObjectPart> {
        if self.populated { vec![ObjectPart::after_data(Part::Refresh, Vec::new())] } else { Vec::new() }
    }
}
