//! Text searchs.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct TextSearchParser {
        schema: Name,
        name: Name;
    }
}

object! {
    pub struct TextSearchTemplate {
        schema: Name,
        name: Name;
    }
}

object! {
    pub struct TextSearchDictionary {
        schema: Name,
        name: Name;
    }
}

object! {
    pub struct TextSearchConfiguration {
        schema: Name,
        name: Name;
    }
}

impl TextSearchParser {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchParser, &self.schema, &self.name)
    }
}

impl TextSearchTemplate {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchTemplate, &self.schema, &self.name)
    }
}

impl TextSearchDictionary {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchDictionary, &self.schema, &self.name)
    }
}

impl TextSearchConfiguration {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(
            ObjectKind::TextSearchConfiguration,
            &self.schema,
            &self.name,
        )
    }
}
