//! The macros that build the model: `object!` for one kind, `model!` for the list of all kinds.

/// Declares one kind: its key fields (required) and its attributes (omitted from JSON if they have their default). It adds the
/// attributes of every object: owner, comment, privileges, security labels, dependencies.
macro_rules! object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$key_meta:meta])* $key:ident: $key_type:ty),* $(,)? ;
            $($(#[$field_meta:meta])* $field:ident: $field_type:ty),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$key_meta])* #[serde(deserialize_with = "crate::model::reading::read")] pub $key: $key_type,)*
            $(
                $(#[$field_meta])*
                #[serde(
                    default,
                    skip_serializing_if = "crate::model::is_default",
                    deserialize_with = "crate::model::reading::read"
                )]
                pub $field: $field_type,
            )*
            /// The role that owns the object. Absent: its kind has no owner.
            #[serde(
                default,
                skip_serializing_if = "crate::model::is_default",
                deserialize_with = "crate::model::reading::read"
            )]
            pub owner: Option<crate::ident::Name>,
            /// The comment of COMMENT ON.
            #[serde(
                default,
                skip_serializing_if = "crate::model::is_default",
                deserialize_with = "crate::model::reading::read"
            )]
            pub comment: Option<String>,
            /// The access privileges. Absent: PostgreSQL's default for the kind.
            #[serde(
                default,
                skip_serializing_if = "crate::model::is_default",
                deserialize_with = "crate::model::reading::read"
            )]
            pub privileges: Option<Vec<crate::model::Grant>>,
            /// The security labels, one for each provider.
            #[serde(
                default,
                skip_serializing_if = "crate::model::is_default",
                deserialize_with = "crate::model::reading::read"
            )]
            pub security_labels: Vec<crate::model::SecurityLabel>,
            /// The objects that must exist before it, besides those in its attributes.
            #[serde(
                default,
                skip_serializing_if = "crate::model::is_default",
                deserialize_with = "crate::model::reading::read"
            )]
            pub depends_on: Vec<crate::model::ObjectKey>,
            /// The extensions whose drop also drops the object, though it is not a member (DEPENDS ON EXTENSION).
            #[serde(
                default,
                skip_serializing_if = "crate::model::is_default",
                deserialize_with = "crate::model::reading::read"
            )]
            pub depends_on_extensions: Vec<crate::ident::Name>,
        }

        impl crate::model::reading::Field<'_> for $name {}

        impl crate::model::Object for $name {
            fn key(&self) -> crate::model::ObjectKey { self.object_key() }
            fn shared(&self) -> crate::model::Shared<'_> {
                crate::model::Shared {
                    owner: self.owner.as_ref(),
                    comment: self.comment.as_deref(),
                    privileges: self.privileges.as_deref(),
                    security_labels: &self.security_labels,
                    depends_on: &self.depends_on,
                    depends_on_extensions: &self.depends_on_extensions,
                }
            }
            fn shared_mut(&mut self) -> crate::model::SharedMut<'_> {
                crate::model::SharedMut {
                    owner: &mut self.owner,
                    comment: &mut self.comment,
                    privileges: &mut self.privileges,
                    security_labels: &mut self.security_labels,
                    depends_on: &mut self.depends_on,
                    depends_on_extensions: &mut self.depends_on_extensions,
                }
            }
        }
    };
}

/// Declares a part of an object (a column, a publication's table), which is not an object itself.
macro_rules! part {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$key_meta:meta])* $key:ident: $key_type:ty),* $(,)? ;
            $($(#[$field_meta:meta])* $field:ident: $field_type:ty),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$key_meta])* #[serde(deserialize_with = "crate::model::reading::read")] pub $key: $key_type,)*
            $(
                $(#[$field_meta])*
                #[serde(
                    default,
                    skip_serializing_if = "crate::model::is_default",
                    deserialize_with = "crate::model::reading::read"
                )]
                pub $field: $field_type,
            )*
        }

        impl crate::model::reading::Field<'_> for $name {}
    };
}

/// Declares an attribute with a fixed set of values, each with the catalog's code and its word in JSON and SQL.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(#[$first_meta:meta])* $first:ident $first_code:literal $first_word:literal,
            $($(#[$variant_meta:meta])* $variant:ident $code:literal $word:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $(#[$first_meta])* #[default] #[serde(rename = $first_word)] $first,
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant),*
        }

        impl crate::model::reading::Field<'_> for $name {}

        impl $name {
            /// Decodes the catalog's one-letter code.
            pub fn from_code(code: u8) -> Result<Self, crate::cells::RowError> {
                match code {
                    $first_code => Ok($name::$first),
                    $($code => Ok($name::$variant),)*
                    _ => Err(crate::cells::RowError::UnknownCode { of: stringify!($name), code: char::from(code) }),
                }
            }

            /// Returns the word in JSON and SQL.
            pub fn word(self) -> &'static str {
                match self { $name::$first => $first_word, $($name::$variant => $word),* }
            }
        }
    };
}

/// Declares the model: a list for every kind, in the order of the JSON document.
macro_rules! model {
    ($($(#[$meta:meta])* $list:ident: $type:ident),* $(,)?) => {
        /// A schema, whole or in part: sorted lists, one for every kind.
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Model {
            /// The version of this document's format. A reader refuses a later one.
            pub format_version: u32,
            /// The setting `server_version_num` of the server that the model was read from.
            pub server_version_num: u32,
            $(
                $(#[$meta])*
                #[serde(
                    default,
                    skip_serializing_if = "Vec::is_empty",
                    deserialize_with = "crate::model::reading::read"
                )]
                pub $list: Vec<$type>,
            )*
        }

        impl Model {
            /// The names of its lists, in the order of the document.
            pub const LISTS: &'static [&'static str] = &[$(stringify!($list)),*];
        }

        /// One object of any kind.
        #[derive(Clone, Copy, Debug)]
        #[expect(missing_docs, reason = "a variant has the name of its kind")]
        pub enum ObjectRef<'m> { $($type(&'m $type)),* }

        impl<'m> ObjectRef<'m> {
            /// Returns the attributes of all kinds.
            pub fn object(self) -> &'m dyn Object {
                match self { $(ObjectRef::$type(object) => object),* }
            }

            /// Returns the name of its list in the document.
            pub fn list(self) -> &'static str {
                match self { $(ObjectRef::$type(_) => stringify!($list)),* }
            }

            fn structure(self) -> &'m dyn Structure {
                match self { $(ObjectRef::$type(object) => object),* }
            }

            /// Returns the relation that it belongs to, if any.
            pub fn parent(self) -> Option<ObjectKey> {
                self.structure().parent()
            }

            /// Returns the objects in its attributes that must exist before it, without `depends_on`.
            pub fn requires(self) -> Vec<ObjectKey> {
                self.structure().requires()
            }

            /// Returns whether it is created before or after the data is loaded.
            pub fn section(self) -> Section {
                self.structure().section()
            }

            /// Returns the parts that it always has besides [`Part::Main`].
            pub fn parts(self) -> Vec<ObjectPart> {
                self.structure().parts()
            }

            /// Returns its columns, if it is a relation with columns.
            pub fn columns(self) -> &'m [Box<Column>] {
                self.structure().columns()
            }

            /// Returns the parent's index that its index is attached to.
            pub fn attached_to(self) -> Option<&'m RelationName> {
                self.structure().attached_to()
            }

            /// Returns whether the relation's parent has the same one, and hands it down.
            pub fn is_inherited(self) -> bool {
                self.structure().is_inherited()
            }

            /// Returns the SQL texts in which it may name columns of the relations that it uses.
            pub fn texts(self) -> Vec<&'m str> {
                self.structure().texts()
            }

            /// Calls `each` with the expressions whose dependencies are not in `depends_on`, and these dependencies.
            pub fn each_expression(self, each: &mut dyn FnMut(ExpressionPlace, &[ObjectKey])) {
                self.structure().each_expression(each);
            }

            /// Returns whether all attributes of both objects are equal.
            pub fn same(self, other: ObjectRef<'_>) -> bool {
                match (self, other) {
                    $((ObjectRef::$type(one), ObjectRef::$type(other)) => one == other,)*
                    _ => false,
                }
            }

            /// Returns the object as in the JSON document.
            pub fn to_value(self) -> serde_json::Value {
                match self { $(ObjectRef::$type(object) => serde_json::to_value(object).unwrap_or_default()),* }
            }
        }

        impl Model {
            /// Iterates over the objects of all kinds, list by list.
            pub fn objects(&self) -> impl Iterator<Item = ObjectRef<'_>> {
                std::iter::empty()$(.chain(self.$list.iter().map(ObjectRef::$type)))*
            }

            /// Returns the number of objects.
            pub fn len(&self) -> usize {
                0 $(+ self.$list.len())*
            }

            /// Returns whether there is no object.
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// Sorts every list by key, so that equal schemas are equal documents.
            pub fn sort(&mut self) {
                $(crate::model::sorting::sort(&mut self.$list);)*
            }

            /// Sorts every list, and returns the first duplicate object with its list.
            pub(crate) fn sort_and_find_duplicate(&mut self) -> Option<(&'static str, ObjectKey)> {
                let mut found = None;
                $(
                    let twice = crate::model::sorting::sort(&mut self.$list);
                    found = found.or_else(|| Some((stringify!($list), twice?)));
                )*
                found
            }

            /// Appends a copy of an object to the list of its kind.
            pub fn push(&mut self, object: ObjectRef<'_>) {
                match object { $(ObjectRef::$type(object) => self.$list.push(object.clone())),* }
            }

            /// Keeps the objects whose key `keep` accepts.
            pub fn retain(&mut self, mut keep: impl FnMut(&dyn Object) -> bool) {
                $(self.$list.retain(|object| keep(object));)*
            }

            /// The same, with the whole object.
            pub fn retain_objects(&mut self, mut keep: impl FnMut(ObjectRef<'_>) -> bool) {
                $(self.$list.retain(|object| keep(ObjectRef::$type(object)));)*
            }

            /// Sorts every list after `visit` has seen each object with its key, half of the objects in parallel with the others.
            pub(crate) fn sort_visited(
                &mut self,
                visit: &(dyn Fn(&ObjectKey, &mut dyn Object) + Sync),
                beside: &impl $crate::parallel::Executor,
            ) {
                let mut lists: Vec<(usize, Box<dyn FnOnce() + Send + '_>)> = vec![$({
                    let list = &mut self.$list;
                    (list.len(), Box::new(move || $crate::model::sorting::sort_visited(list, visit)))
                }),*];
                lists.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
                let (mut here, mut there) = ((0, Vec::new()), (0, Vec::new()));
                for (length, sort) in lists.into_iter().filter(|(length, _)| *length > 0) {
                    let shorter = if here.0 <= there.0 { &mut here } else { &mut there };
                    shorter.0 += length;
                    shorter.1.push(sort);
                }
                let run = |lists: Vec<Box<dyn FnOnce() + Send + '_>>| lists.into_iter().for_each(|sort| sort());
                beside.join_if_large(here.0 + there.0, || run(there.1), || run(here.1));
            }
        }
    };
}
