//! Types for `text` and `text[]` in SQL functions, with conversion of the encoding. pgrx would read and write a Rust string
//! without conversion.

use std::ffi::c_char;
use std::ops::Deref;

use pgrx::callconv::{Arg, ArgAbi, BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::nullable::Nullable;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::pgrx_sql_entity_graph::metadata::{
    ArgumentError, ReturnsError, ReturnsRef, SqlMappingRef, SqlTranslatable, TypeOrigin,
};
use pgrx::varlena::varlena_to_byte_slice;
use pgrx::{FromDatum, IntoDatum, PgLogLevel, pg_sys};

use super::{EncodingError, decode, encode};
use crate::memory;

/// A `text`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(String);

/// A `text[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<Option<String>>);

impl Text {
    pub fn into_string(self) -> String {
        self.0
    }

    /// Returns a text as a datum in the database's encoding.
    pub fn datum_of(text: &str) -> Option<pg_sys::Datum> {
        // A text has the same format as a bytea.
        encode(text).unwrap_or_else(raise).into_datum()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<Vec<String>> for Texts {
    fn from(texts: Vec<String>) -> Self {
        Self(texts.into_iter().map(Some).collect())
    }
}

/// Raises the error of a text that cannot be converted.
fn raise<T: Default>(unfit: EncodingError) -> T {
    ErrorReport::from(unfit).report(PgLogLevel::ERROR);
    T::default()
}

impl FromDatum for Text {
    unsafe fn from_polymorphic_datum(datum: pg_sys::Datum, is_null: bool, _: pg_sys::Oid) -> Option<Self> {
        if is_null {
            return None;
        }
        // SAFETY: the caller guarantees that the datum is a text.
        let bytes = unsafe { varlena_to_byte_slice(pg_sys::pg_detoast_datum_packed(datum.cast_mut_ptr())) };
        memory::require(bytes.len());
        Some(Self(decode(bytes).map_or_else(raise, std::borrow::Cow::into_owned)))
    }
}

impl IntoDatum for Text {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        Self::datum_of(&self.0)
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::TEXTOID
    }
}

impl FromDatum for Texts {
    unsafe fn from_polymorphic_datum(datum: pg_sys::Datum, is_null: bool, _: pg_sys::Oid) -> Option<Self> {
        if is_null {
            return None;
        }
        let (mut values, mut nulls, mut count) = (std::ptr::null_mut(), std::ptr::null_mut(), 0);
        // SAFETY: the caller guarantees that the datum is a text[]; the arrays have `count` elements.
        unsafe {
            let array = pg_sys::pg_detoast_datum(datum.cast_mut_ptr()).cast();
            let align = b'i' as c_char;
            pg_sys::deconstruct_array(array, pg_sys::TEXTOID, -1, false, align, &mut values, &mut nulls, &mut count);
            let count = usize::try_from(count).unwrap_or(0);
            let texts = (0..count).map(|at| Text::from_datum(*values.add(at), *nulls.add(at)).map(Text::into_string));
            Some(Self(texts.collect()))
        }
    }
}

impl IntoDatum for Texts {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        self.0.into_iter().map(|text| text.map(Text)).collect::<Vec<_>>().into_datum()
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::TEXTARRAYOID
    }
}

macro_rules! in_signatures {
    ($($type:ident $sql:literal;)*) => {
        $(
            // SAFETY: the argument is declared with the type that is decoded.
            unsafe impl<'fcx> ArgAbi<'fcx> for $type {
                unsafe fn unbox_arg_unchecked(arg: Arg<'_, 'fcx>) -> Self {
                    // Never called: all functions accept NULL, so the server calls `unbox_nullable_arg`.
                    unsafe { arg.unbox_arg_using_from_datum() }.unwrap_or_default()
                }

                unsafe fn unbox_nullable_arg(arg: Arg<'_, 'fcx>) -> Nullable<Self> {
                    unsafe { arg.unbox_arg_using_from_datum() }.into()
                }
            }

            // SAFETY: the result is declared as the type that is returned.
            unsafe impl BoxRet for $type {
                unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
                    match self.into_datum() {
                        Some(datum) => unsafe { fcinfo.return_raw_datum(datum) },
                        None => fcinfo.return_null(),
                    }
                }
            }

            // SAFETY: as pgrx does for strings.
            unsafe impl SqlTranslatable for $type {
                const TYPE_IDENT: &'static str = pgrx::pgrx_resolved_type!($type);
                const TYPE_ORIGIN: TypeOrigin = TypeOrigin::External;
                const ARGUMENT_SQL: Result<SqlMappingRef, ArgumentError> = Ok(SqlMappingRef::literal($sql));
                const RETURN_SQL: Result<ReturnsRef, ReturnsError> = Ok(ReturnsRef::One(SqlMappingRef::literal($sql)));
            }
        )*
    };
}

in_signatures! {
    Text "text";
    Texts "text[]";
}
