//! `jsonb` arguments and results: snapshots as text, from which models are read without a tree of JSON values, and small
//! documents as such a tree. Knows nothing of their contents.

use std::ffi::CStr;

use pgmeta_core::model::Model;
use pgrx::callconv::{Arg, ArgAbi, BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::nullable::Nullable;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::pgrx_sql_entity_graph::metadata::{
    ArgumentError, ReturnsError, ReturnsRef, SqlMappingRef, SqlTranslatable, TypeOrigin,
};
use pgrx::{FromDatum, IntoDatum, PgLogLevel, direct_function_call, direct_function_call_as_datum, pg_sys};
use serde_json::Value;

use crate::encoding::{self, Text};
use crate::error::Error;
use crate::memory;

/// The text of a `jsonb`.
#[derive(Clone, Debug, Default)]
pub struct Document(String);

impl Document {
    pub fn of(model: &Model) -> Result<Self, Error> {
        Ok(Self(model.to_json()?))
    }

    pub fn model(&self) -> Result<Model, Error> {
        Ok(Model::from_json(&self.0)?)
    }

    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

/// An argument with a snapshot: json, jsonb, or a text that names one. `sql/overloads.sql` declares the functions for all
/// three types.
#[derive(Clone, Debug)]
pub enum SnapshotArgument {
    Document(Document),
    Text(String),
}

impl SnapshotArgument {
    /// Text that begins like JSON is a document: an untyped literal arrives as text.
    pub fn of_text(text: String) -> Self {
        if text.trim_start().starts_with(['{', '[']) { Self::Document(Document(text)) } else { Self::Text(text) }
    }
}

impl Default for SnapshotArgument {
    fn default() -> Self {
        Self::Document(Document::default())
    }
}

/// A small `jsonb` result: details, or a schema.
#[derive(Debug, Default)]
pub struct JsonB(pub Value);

/// Raises an error.
fn raise<T: Default>(error: Error) -> T {
    ErrorReport::from(error).report(PgLogLevel::ERROR);
    T::default()
}

impl IntoDatum for JsonB {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        Document(self.0.to_string()).into_datum()
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::JSONBOID
    }
}

impl FromDatum for Document {
    unsafe fn from_polymorphic_datum(datum: pg_sys::Datum, is_null: bool, _: pg_sys::Oid) -> Option<Self> {
        if is_null {
            return None;
        }
        let stored: *mut pg_sys::varlena = datum.cast_mut_ptr();
        // SAFETY: the caller guarantees that the datum is a jsonb; the server's string is valid until it is freed here.
        memory::with_cushion(|| unsafe {
            let whole = pg_sys::pg_detoast_datum_packed(stored);
            let text = direct_function_call::<&CStr>(pg_sys::jsonb_out, &[Some(whole.into())])?;
            memory::require(text.count_bytes());
            let document = match encoding::decode(text.to_bytes()) {
                Ok(text) => Self(text.into_owned()),
                Err(unfit) => raise(Error::from(unfit)),
            };
            pg_sys::pfree(text.as_ptr().cast_mut().cast());
            if whole != stored {
                pg_sys::pfree(whole.cast());
            }
            Some(document)
        })
    }
}

impl IntoDatum for Document {
    fn into_datum(self) -> Option<pg_sys::Datum> {
        memory::require_of_server(self.0.len());
        // The text contains no NUL: JSON escapes it.
        let text = match encoding::c_string(&self.0) {
            Ok(text) => text,
            Err(unfit) => return raise(Error::from(unfit)),
        };
        // SAFETY: the string lives until the call returns; the server copies it.
        memory::with_cushion(|| unsafe {
            direct_function_call_as_datum(pg_sys::jsonb_in, &[Some(text.as_ptr().into())])
        })
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::JSONBOID
    }
}

// SAFETY: the argument is declared as jsonb and decoded as such.
unsafe impl<'fcx> ArgAbi<'fcx> for Document {
    unsafe fn unbox_arg_unchecked(arg: Arg<'_, 'fcx>) -> Self {
        // Never called: all functions accept NULL, so the server calls `unbox_nullable_arg`.
        unsafe { arg.unbox_arg_using_from_datum() }.unwrap_or_default()
    }

    unsafe fn unbox_nullable_arg(arg: Arg<'_, 'fcx>) -> Nullable<Self> {
        unsafe { arg.unbox_arg_using_from_datum() }.into()
    }
}

// SAFETY: the argument is decoded as the type that the call has.
unsafe impl<'fcx> ArgAbi<'fcx> for SnapshotArgument {
    unsafe fn unbox_arg_unchecked(arg: Arg<'_, 'fcx>) -> Self {
        // Never called, as for `Document`.
        unsafe { Self::unbox_nullable_arg(arg) }.into_option().unwrap_or_default()
    }

    unsafe fn unbox_nullable_arg(arg: Arg<'_, 'fcx>) -> Nullable<Self> {
        let given = match arg.raw_oid() {
            pg_sys::JSONBOID => unsafe { arg.unbox_arg_using_from_datum() }.map(Self::Document),
            // json is stored as text.
            pg_sys::JSONOID => unsafe { arg.unbox_arg_using_from_datum::<Text>() }
                .map(|text| Self::Document(Document(text.into_string()))),
            pg_sys::TEXTOID => {
                unsafe { arg.unbox_arg_using_from_datum::<Text>() }.map(|text| Self::of_text(text.into_string()))
            }
            other => raise(Error::SnapshotType(other.to_u32())),
        };
        given.into()
    }
}

macro_rules! in_signatures {
    ($($type:ident)*) => {
        $(
            // SAFETY: the result is declared as jsonb, and a jsonb is returned.
            unsafe impl BoxRet for $type {
                unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
                    match self.into_datum() {
                        Some(datum) => unsafe { fcinfo.return_raw_datum(datum) },
                        None => fcinfo.return_null(),
                    }
                }
            }

            // SAFETY: as pgrx does for its own `JsonB`.
            unsafe impl SqlTranslatable for $type {
                const TYPE_IDENT: &'static str = pgrx::pgrx_resolved_type!($type);
                const TYPE_ORIGIN: TypeOrigin = TypeOrigin::External;
                const ARGUMENT_SQL: Result<SqlMappingRef, ArgumentError> = Ok(SqlMappingRef::literal("jsonb"));
                const RETURN_SQL: Result<ReturnsRef, ReturnsError> =
                    Ok(ReturnsRef::One(SqlMappingRef::literal("jsonb")));
            }
        )*
    };
}

in_signatures! { Document JsonB }

// SAFETY: as above; the other forms are declared by hand.
unsafe impl SqlTranslatable for SnapshotArgument {
    const TYPE_IDENT: &'static str = pgrx::pgrx_resolved_type!(SnapshotArgument);
    const TYPE_ORIGIN: TypeOrigin = TypeOrigin::External;
    const ARGUMENT_SQL: Result<SqlMappingRef, ArgumentError> = Ok(SqlMappingRef::literal("jsonb"));
    const RETURN_SQL: Result<ReturnsRef, ReturnsError> = Ok(ReturnsRef::One(SqlMappingRef::literal("jsonb")));
}
