//! The macro that declares the parts of a definition.

/// Declares a part of a definition: its required keys, and those that have a default and are then left out.
macro_rules! definition {
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
            $($(#[$key_meta])* pub $key: $key_type,)*
            $(
                $(#[$field_meta])*
                #[serde(default, skip_serializing_if = "crate::macros::is_default")]
                pub $field: $field_type,
            )*
        }
    };
}

/// Returns whether a value is the default of its type.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
