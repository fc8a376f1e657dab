//! Runs queries, read-only by default, and passes their rows on as cells of `pgmeta_core::cells`. `write` runs the
//! statements of plans. No other module uses SPI. Knows no catalog.

use std::any::Any;
use std::borrow::Cow;
use std::ffi::{CStr, c_int};
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;

use pgmeta_core::cells::{AclItem, Cell, Cells, FromCell, RowError, take};
use pgrx::pg_sys::panic::CaughtError;
use pgrx::varlena::varatt_is_4b_u;
use pgrx::{IntoDatum, PgMemoryContexts, PgSqlErrorCode, PgTryBuilder, pg_guard, pg_sys};

use crate::compat::{acl_item, attribute};
use crate::encoding::{self, Text};
use crate::error::Error;
use crate::jsonb::Document;
use crate::memory;
use crate::orphan::EndWithPostmaster;

mod input;
mod native;
mod procedure;
mod write;

pub use input::{Input, Wire};
pub use native::Shape;
pub use procedure::Transactions;
pub use write::{SnapshotGuard, count_within, execute, execute_one_within, execute_within, run_and_roll_back};

/// A query's parameter.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    Oids(&'a [u32]),
    Texts(&'a [String]),
    Blobs(&'a [&'a [u8]]),
    Text(&'a str),
    MaybeText(Option<&'a str>),
    Int(i64),
    MaybeInt(Option<i64>),
    Json(&'a Document),
}

/// An SPI connection; its memory is freed when it is dropped.
pub struct Connection {
    /// Ends the process if the postmaster dies during a query.
    _end: EndWithPostmaster,
    _not_send: PhantomData<*mut ()>,
}

impl Connection {
    pub fn open() -> Result<Self, Error> {
        // SAFETY: balanced by SPI_finish in drop; on error the transaction's abort closes the connection.
        match unsafe { pg_sys::SPI_connect() } {
            status if status == pg_sys::SPI_OK_CONNECT as i32 => {
                Ok(Self { _end: EndWithPostmaster::start(), _not_send: PhantomData })
            }
            status => Err(Error::Spi(status)),
        }
    }

    /// Runs a query in the caller's snapshot and calls `visit` for each row. The query must return the columns `columns`.
    pub fn read(
        &self,
        sql: &str,
        args: &[Arg<'_>],
        columns: &[&'static str],
        mut visit: impl FnMut(&mut Tuple<'_>) -> Result<(), RowError>,
    ) -> Result<(), Error> {
        self.fetch(sql, args, Some(columns), Access::READ, None, &mut visit)
    }

    /// Likewise, with marks for invalid bytes, which the caller must check before it uses the text.
    pub fn read_marked(
        &self,
        sql: &str,
        args: &[Arg<'_>],
        columns: &[&'static str],
        mut visit: impl FnMut(&mut Tuple<'_>) -> Result<(), RowError>,
    ) -> Result<(), Error> {
        self.fetch(sql, args, Some(columns), Access { marked: true, ..Access::READ }, None, &mut visit)
    }

    /// Runs a query with at most one row; returns its only column.
    pub fn value<T: FromCell>(&self, sql: &str, args: &[Arg<'_>], column: &'static str) -> Result<Option<T>, Error> {
        let mut value = None;
        self.read(sql, args, &[column], |cells| {
            value = Some(take(cells, column)?);
            Ok(())
        })?;
        Ok(value)
    }

    /// Runs a query with exactly one row; returns its only column.
    pub fn one<T: FromCell>(&self, sql: &str, args: &[Arg<'_>], column: &'static str) -> Result<T, Error> {
        self.value(sql, args, column)?.ok_or_else(|| Error::NoRow(column.to_owned()))
    }

    /// Runs a statement that writes to pgmeta's own tables, in a new snapshot that includes earlier writes. The transaction
    /// must allow writing.
    pub fn write(
        &self,
        sql: &str,
        args: &[Arg<'_>],
        columns: &[&'static str],
        mut visit: impl FnMut(&mut Tuple<'_>) -> Result<(), RowError>,
    ) -> Result<(), Error> {
        self.fetch(sql, args, Some(columns), Access::WRITE, None, &mut visit)
    }

    /// Runs a statement that writes; returns the number of changed rows.
    pub fn changed(&self, sql: &str, args: &[Arg<'_>]) -> Result<i64, Error> {
        let mut count = 0;
        self.write(&counted(sql), args, &["count"], |cells| {
            count = take(cells, "count")?;
            Ok(())
        })?;
        Ok(count)
    }

    /// Runs a query in the caller's snapshot and calls `visit` for each row, with any columns. Names are resolved as the
    /// caller. Execution runs as the role to which `act` switches, while its result exists.
    pub fn scan_as<G: 'static>(
        &self,
        sql: &str,
        mut act: impl FnMut() -> G,
        mut visit: impl FnMut(&mut Tuple<'_>) -> Result<(), RowError>,
    ) -> Result<(), Error> {
        let mut act = || -> Box<dyn Any> { Box::new(act()) };
        self.fetch(sql, &[], Some(&[]), Access::READ, Some(&mut act), &mut visit)
    }

    /// Runs a statement that writes and returns nothing, with roles as in `scan_as`.
    pub fn change_as<G: 'static>(&self, sql: &str, args: &[Arg<'_>], mut act: impl FnMut() -> G) -> Result<(), Error> {
        let mut act = || -> Box<dyn Any> { Box::new(act()) };
        self.fetch(&counted(sql), args, Some(&["count"]), Access::WRITE, Some(&mut act), &mut |_| Ok(()))
    }

    /// Runs a query only to get its error.
    pub fn run(&self, sql: &str, args: &[Arg<'_>]) -> Result<(), Error> {
        self.fetch(sql, args, None, Access::READ, None, &mut |_| Ok(()))
    }

    fn fetch(
        &self,
        sql: &str,
        args: &[Arg<'_>],
        columns: Option<&[&'static str]>,
        access: Access,
        act: Option<&mut dyn FnMut() -> Box<dyn Any>>,
        visit: &mut Visit<'_>,
    ) -> Result<(), Error> {
        let sql = encoding::c_string(sql)?;
        let Access { read_only, marked } = access;
        let mut receiver = Receiver::new(columns, marked, visit);
        let options = pg_sys::SPIExecuteOptions {
            params: parameters(args),
            read_only,
            must_return_tuples: true,
            dest: (&raw mut receiver).cast(),
            ..Default::default()
        };
        let run = || {
            let Some(act) = act else {
                // SAFETY: everything that the options point to outlives the call.
                return unsafe { pg_sys::SPI_execute_extended(sql.as_ptr(), &raw const options) };
            };
            let mut types: Vec<pg_sys::Oid> = args.iter().map(Arg::data_type).collect();
            let count = c_int::try_from(types.len()).unwrap_or(0);
            // SAFETY: as above; a wrong statement raises an error, and the plan is freed with the connection.
            unsafe {
                let plan = pg_sys::SPI_prepare(sql.as_ptr(), count, types.as_mut_ptr());
                let _acting = act();
                pg_sys::SPI_execute_plan_extended(plan, &raw const options)
            }
        };
        let status = encoding::exact(|| memory::with_cushion(run));
        receiver.result?;
        let expected: &[u32] = match read_only {
            true => &[pg_sys::SPI_OK_SELECT],
            false => &[pg_sys::SPI_OK_SELECT, pg_sys::SPI_OK_INSERT_RETURNING],
        };
        if expected.iter().any(|&code| status == code as i32) { Ok(()) } else { Err(Error::Spi(status)) }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // During unwinding, the abort of the (sub)transaction closes the connection.
        if !std::thread::panicking() {
            // SAFETY: opened by `open`, in the same function call.
            unsafe { pg_sys::SPI_finish() };
        }
    }
}

/// Wraps a statement that writes into one that returns the number of changed rows.
fn counted(sql: &str) -> String {
    format!("WITH changed AS ({sql} RETURNING 1) SELECT pg_catalog.count(*) AS count FROM changed")
}

/// The access mode of a query: read-only or writing, and the treatment of invalid bytes.
#[derive(Clone, Copy, Debug)]
struct Access {
    read_only: bool,
    marked: bool,
}

impl Access {
    const READ: Self = Self { read_only: true, marked: false };
    const WRITE: Self = Self { read_only: false, marked: false };
}

type Visit<'a> = dyn FnMut(&mut Tuple<'_>) -> Result<(), RowError> + 'a;

/// Receives a query's rows from the executor and passes them to the visitor, without a copy.
#[repr(C)]
struct Receiver<'a> {
    /// Must be the first field: the server uses a pointer to it.
    head: pg_sys::DestReceiver,
    columns: Option<&'a [&'static str]>,
    marked: bool,
    visit: &'a mut Visit<'a>,
    types: Vec<pg_sys::Oid>,
    /// Memory for decoding a row.
    scratch: PgMemoryContexts,
    result: Result<(), Error>,
}

impl<'a> Receiver<'a> {
    fn new(columns: Option<&'a [&'static str]>, marked: bool, visit: &'a mut Visit<'_>) -> Self {
        let head = pg_sys::DestReceiver {
            receiveSlot: Some(receive_row),
            rStartup: Some(start_rows),
            rShutdown: Some(end_rows),
            rDestroy: Some(end_rows),
            // Any value except DestNone, with which the server does not return the rows of a SELECT.
            mydest: pg_sys::CommandDest::DestTuplestore,
        };
        let scratch = PgMemoryContexts::new("pgmeta row");
        Self { head, columns, marked, visit, types: Vec::new(), scratch, result: Ok(()) }
    }

    /// Stores the columns' types, and checks the names of the columns.
    ///
    /// # Safety
    /// The descriptor must be valid.
    unsafe fn start(&mut self, descriptor: pg_sys::TupleDesc) -> Result<(), Error> {
        // SAFETY: promised by the caller.
        unsafe {
            let width = usize::try_from((*descriptor).natts).unwrap_or(0);
            let attributes = || (0..width).map(|at| &*attribute(descriptor, at));
            self.types = attributes().map(|attribute| attribute.atttypid).collect();
            let named = attributes().map(|attribute| CStr::from_ptr(attribute.attname.data.as_ptr()).to_bytes());
            match self.columns {
                Some(columns) if !columns.is_empty() && !named.eq(columns.iter().map(|name| name.as_bytes())) => {
                    Err(Error::QueryShape(columns.join(", ")))
                }
                _ => Ok(()),
            }
        }
    }

    /// Passes a row to the visitor.
    ///
    /// # Safety
    /// The slot must contain a row with the descriptor that `start` got.
    unsafe fn receive(&mut self, slot: *mut pg_sys::TupleTableSlot) -> Result<(), Error> {
        let width = self.types.len();
        // SAFETY: the slot's arrays have `width` elements, which are valid after deforming.
        let (values, nulls) = unsafe {
            if usize::try_from((*slot).tts_nvalid).unwrap_or(0) < width {
                pg_sys::slot_getsomeattrs_int(slot, i32::try_from(width).unwrap_or(0));
            }
            (
                std::slice::from_raw_parts((*slot).tts_values, width),
                std::slice::from_raw_parts((*slot).tts_isnull, width),
            )
        };
        let Self { visit, types, marked, scratch, .. } = self;
        // SAFETY: memory that was allocated for the row is not used afterwards.
        unsafe {
            let result = scratch.switch_to(|_| visit(&mut Tuple { values, nulls, types, marked: *marked, at: 0 }));
            // Resetting is skipped if nothing was allocated: the check is cheaper than the call.
            if !(*scratch.value()).isReset {
                scratch.reset();
            }
            Ok(result?)
        }
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn start_rows(
    receiver: *mut pg_sys::DestReceiver,
    _operation: c_int,
    descriptor: pg_sys::TupleDesc,
) {
    // SAFETY: the server passes the head of the receiver that it was given.
    unsafe {
        let receiver = &mut *receiver.cast::<Receiver<'_>>();
        receiver.result = receiver.start(descriptor);
    }
}

/// Returns false to end the query after an error.
#[pg_guard]
unsafe extern "C-unwind" fn receive_row(
    slot: *mut pg_sys::TupleTableSlot,
    receiver: *mut pg_sys::DestReceiver,
) -> bool {
    // SAFETY: as above.
    unsafe {
        let receiver = &mut *receiver.cast::<Receiver<'_>>();
        if receiver.result.is_ok() && receiver.columns.is_some() {
            receiver.result = receiver.receive(slot);
        }
        receiver.result.is_ok()
    }
}

#[pg_guard]
unsafe extern "C-unwind" fn end_rows(_receiver: *mut pg_sys::DestReceiver) {}

/// Returns the parameters for the executor. They are constants, so that the planner uses their values.
fn parameters(args: &[Arg<'_>]) -> pg_sys::ParamListInfo {
    // SAFETY: the list has room for `args.len()` parameters.
    unsafe {
        let list = pg_sys::makeParamList(i32::try_from(args.len()).unwrap_or(0));
        let parameters = (*list).params.as_mut_ptr();
        for (at, arg) in args.iter().enumerate() {
            let (ptype, value) = (arg.data_type(), arg.datum());
            let isnull = value.is_none();
            let value = value.unwrap_or(pg_sys::Datum::null());
            let pflags = pg_sys::PARAM_FLAG_CONST as u16;
            *parameters.add(at) = pg_sys::ParamExternData { value, isnull, pflags, ptype };
        }
        list
    }
}

/// A row that is decoded from left to right. A copy starts at the position of the original.
#[derive(Clone, Copy)]
pub struct Tuple<'a> {
    values: &'a [pg_sys::Datum],
    nulls: &'a [bool],
    types: &'a [pg_sys::Oid],
    marked: bool,
    at: usize,
}

impl Cells for Tuple<'_> {
    fn next_cell(&mut self) -> Result<Cell<'_>, RowError> {
        let at = self.at;
        self.at += 1;
        if self.nulls[at] {
            return Ok(Cell::Null);
        }
        // SAFETY: value and type come from the same tuple descriptor.
        unsafe { cell(self.values[at], self.types[at], self.marked) }?.ok_or(RowError::WrongType("type of the column"))
    }
}

/// Decodes a datum of one of the types that catalog queries return.
///
/// # Safety
/// `datum` must be a non-null value of the type.
unsafe fn cell<'a>(datum: pg_sys::Datum, of: pg_sys::Oid, marked: bool) -> Result<Option<Cell<'a>>, RowError> {
    // SAFETY: the arms follow the documented representations of the types.
    unsafe {
        Ok(Some(match of {
            pg_sys::NAMEOID => Cell::Text(text(name(datum), marked)?),
            pg_sys::TEXTOID | pg_sys::VARCHAROID => Cell::Text(text(native::bytes(datum), marked)?),
            pg_sys::TEXTARRAYOID => Cell::Texts(
                elements(datum, pg_sys::TEXTOID)
                    .map(|e| e.map(|d| text(native::bytes(d), marked).map(str::to_owned)).transpose())
                    .collect::<Result<_, _>>()?,
            ),
            pg_sys::NAMEARRAYOID => Cell::Texts(
                elements(datum, pg_sys::NAMEOID)
                    .map(|e| e.map(|d| text(name(d), marked).map(str::to_owned)).transpose())
                    .collect::<Result<_, _>>()?,
            ),
            _ => return Ok(other_cell(datum, of)),
        }))
    }
}

/// Decodes a datum of a type other than text.
///
/// # Safety
/// As above.
unsafe fn other_cell<'a>(datum: pg_sys::Datum, of: pg_sys::Oid) -> Option<Cell<'a>> {
    // SAFETY: as above.
    unsafe {
        Some(match of {
            pg_sys::BOOLOID => Cell::Bool(datum.value() != 0),
            pg_sys::INT2OID => Cell::Int((datum.value() as i16).into()),
            pg_sys::INT4OID => Cell::Int((datum.value() as i32).into()),
            pg_sys::INT8OID => Cell::Int(datum.value() as i64),
            pg_sys::OIDOID | pg_sys::REGPROCOID | pg_sys::REGCLASSOID | pg_sys::REGTYPEOID => {
                Cell::Oid(datum.value() as u32)
            }
            // Converted by way of the shortest text, so that 0.1 stays 0.1.
            pg_sys::FLOAT4OID => Cell::Float(f32::from_bits(datum.value() as u32).to_string().parse().ok()?),
            pg_sys::FLOAT8OID => Cell::Float(f64::from_bits(datum.value() as u64)),
            pg_sys::CHAROID => Cell::Code(datum.value() as u8),
            pg_sys::PG_NODE_TREEOID => Cell::Tree(kept(encoding::tree(native::bytes(datum))?)),
            pg_sys::INT2ARRAYOID | pg_sys::INT2VECTOROID if let Some(ints) = plain_elements::<i16>(datum) => {
                Cell::Ints(ints.iter().map(|&int| int.into()).collect())
            }
            pg_sys::OIDARRAYOID | pg_sys::OIDVECTOROID if let Some(oids) = plain_elements::<u32>(datum) => {
                Cell::Oids(oids.to_vec())
            }
            pg_sys::INT2ARRAYOID | pg_sys::INT2VECTOROID => Cell::Ints(
                elements(datum, pg_sys::INT2OID)
                    .map(|e| e.map(|d| (d.value() as i16).into()))
                    .collect::<Option<_>>()?,
            ),
            pg_sys::INT4ARRAYOID => Cell::Ints(
                elements(datum, pg_sys::INT4OID)
                    .map(|e| e.map(|d| (d.value() as i32).into()))
                    .collect::<Option<_>>()?,
            ),
            pg_sys::INT8ARRAYOID => Cell::Ints(
                elements(datum, pg_sys::INT8OID).map(|e| e.map(|d| d.value() as i64)).collect::<Option<_>>()?,
            ),
            pg_sys::OIDARRAYOID | pg_sys::OIDVECTOROID => {
                Cell::Oids(elements(datum, pg_sys::OIDOID).map(|e| e.map(|d| d.value() as u32)).collect::<Option<_>>()?)
            }
            pg_sys::BOOLARRAYOID => {
                Cell::Bools(elements(datum, pg_sys::BOOLOID).map(|e| e.map(|d| d.value() != 0)).collect::<Option<_>>()?)
            }
            pg_sys::CHARARRAYOID => Cell::Codes(
                elements(datum, pg_sys::CHAROID).map(|e| e.map(|d| d.value() as u8)).collect::<Option<_>>()?,
            ),
            pg_sys::ACLITEMARRAYOID => Cell::Acl(
                elements(datum, pg_sys::ACLITEMOID)
                    .map(|e| e.map(|d| acl_item(d)))
                    .collect::<Option<Vec<AclItem>>>()?,
            ),
            _ => return None,
        })
    }
}

/// # Safety
/// `datum` must be a name.
unsafe fn name<'a>(datum: pg_sys::Datum) -> &'a [u8] {
    // SAFETY: a name ends with NUL.
    unsafe { CStr::from_ptr(datum.cast_mut_ptr()) }.to_bytes()
}

/// Converts a text. The result points into the original or into the current memory context.
fn text(bytes: &[u8], marked: bool) -> Result<&str, RowError> {
    let text = match marked {
        true => encoding::decode_marked(bytes),
        false => encoding::decode(bytes).map_err(|unfit| RowError::Encoding(unfit.to_string()))?,
    };
    Ok(kept(text))
}

/// Copies converted text into the current memory context.
fn kept(text: Cow<'_, str>) -> &str {
    match text {
        Cow::Borrowed(text) => text,
        // SAFETY: the copy has the same length and content; the context lives at least as long as the row.
        Cow::Owned(text) => unsafe {
            let copy = pg_sys::palloc(text.len().max(1)).cast::<u8>();
            copy.copy_from_nonoverlapping(text.as_ptr(), text.len());
            std::str::from_utf8_unchecked(std::slice::from_raw_parts(copy, text.len()))
        },
    }
}

/// Returns the elements of an array with one dimension and no nulls, like most arrays in the catalogs.
///
/// # Safety
/// `datum` must be an array of the element type, which the server passes by value and does not pad.
unsafe fn plain_elements<'a, T>(datum: pg_sys::Datum) -> Option<&'a [T]> {
    // SAFETY: without nulls (`dataoffset` is 0), the elements follow the length and the lower bound of the only dimension.
    unsafe {
        let mut array: *mut pg_sys::varlena = datum.cast_mut_ptr();
        if !varatt_is_4b_u(array) {
            array = pg_sys::pg_detoast_datum(array);
        }
        let array: *mut pg_sys::ArrayType = array.cast();
        if (*array).ndim != 1 || (*array).dataoffset != 0 {
            return None;
        }
        let bounds: *const i32 = array.add(1).cast();
        let count = usize::try_from(*bounds).ok()?;
        Some(std::slice::from_raw_parts(bounds.add(2).cast(), count))
    }
}

/// # Safety
/// `datum` must be an array of the element type.
unsafe fn elements(datum: pg_sys::Datum, of: pg_sys::Oid) -> impl Iterator<Item = Option<pg_sys::Datum>> {
    let (mut length, mut by_value, mut align) = (0i16, false, 0 as core::ffi::c_char);
    let (mut values, mut nulls, mut count) = (std::ptr::null_mut(), std::ptr::null_mut(), 0);
    // SAFETY: the server fills the variables; the arrays have `count` elements.
    unsafe {
        pg_sys::get_typlenbyvalalign(of, &mut length, &mut by_value, &mut align);
        let array = pg_sys::pg_detoast_datum(datum.cast_mut_ptr()).cast();
        pg_sys::deconstruct_array(array, of, length.into(), by_value, align, &mut values, &mut nulls, &mut count);
        (0..usize::try_from(count).unwrap_or(0)).map(move |at| (!*nulls.add(at)).then(|| *values.add(at)))
    }
}

impl Arg<'_> {
    /// Returns the parameter's datum in the current memory context; `None` is NULL.
    fn datum(&self) -> Option<pg_sys::Datum> {
        match self {
            Arg::Oids(oids) => oids.iter().map(|&oid| pg_sys::Oid::from(oid)).collect::<Vec<_>>().into_datum(),
            Arg::Texts(texts) => texts.iter().map(|text| Text::from(text.as_str())).collect::<Vec<_>>().into_datum(),
            Arg::Blobs(blobs) => blobs.to_vec().into_datum(),
            Arg::Text(text) => Text::datum_of(text),
            Arg::MaybeText(text) => text.and_then(Text::datum_of),
            Arg::Int(int) => int.into_datum(),
            Arg::MaybeInt(int) => int.into_datum(),
            Arg::Json(document) => (*document).clone().into_datum(),
        }
    }

    fn data_type(&self) -> pg_sys::Oid {
        match self {
            Arg::Oids(_) => pg_sys::OIDARRAYOID,
            Arg::Texts(_) => pg_sys::TEXTARRAYOID,
            Arg::Blobs(_) => pg_sys::BYTEAARRAYOID,
            Arg::Text(_) | Arg::MaybeText(_) => pg_sys::TEXTOID,
            Arg::Int(_) | Arg::MaybeInt(_) => pg_sys::INT8OID,
            Arg::Json(_) => pg_sys::JSONBOID,
        }
    }
}

/// Runs in a subtransaction. An error of the server is rolled back and returned. Cancellation, shutdown and panics are not
/// caught.
pub fn attempt<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    subtransaction(run, true, |code| !is_for_the_session(code))
}

/// Likewise, but catches every error of the server: for a caller that records the error and raises it again.
pub fn attempt_to_the_end<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    subtransaction(run, true, |_| true)
}

/// Runs in a subtransaction, which is committed only after success and if `keep` is true. `caught` selects the server's
/// errors that are returned. Other errors and panics are raised after the subtransaction is rolled back: otherwise code
/// that catches them would end this subtransaction instead of its own, and a later commit would be lost.
fn subtransaction<T>(
    run: impl FnOnce() -> Result<T, Error>,
    keep: bool,
    caught: impl Fn(PgSqlErrorCode) -> bool,
) -> Result<T, Error> {
    // SAFETY: the sequence is that of exception blocks in PL/pgSQL. The rollback restores user, settings, snapshots and SPI
    // connections. Memory context and resource owner are restored on every path.
    let result = unsafe {
        let context = pg_sys::CurrentMemoryContext;
        let owner = pg_sys::CurrentResourceOwner;
        pg_sys::BeginInternalSubTransaction(std::ptr::null());
        pg_sys::MemoryContextSwitchTo(context);
        let result = PgTryBuilder::new(AssertUnwindSafe(|| run().map_err(Failure::Value)))
            .catch_others(|caught| Err(Failure::Thrown(caught)))
            .execute();
        if keep && result.is_ok() {
            pg_sys::ReleaseCurrentSubTransaction();
        } else {
            pg_sys::RollbackAndReleaseCurrentSubTransaction();
        }
        pg_sys::MemoryContextSwitchTo(context);
        pg_sys::CurrentResourceOwner = owner;
        result
    };
    match result {
        Ok(value) => Ok(value),
        Err(Failure::Value(error)) => Err(error),
        Err(Failure::Thrown(CaughtError::PostgresError(report) | CaughtError::ErrorReport(report)))
            if caught(report.sql_error_code()) =>
        {
            Err(Error::Server {
                code: report.sql_error_code(),
                message: encoding::from_message(report.message()),
                detail: report.detail().map(encoding::from_message),
                hint: report.hint().map(encoding::from_message),
            })
        }
        Err(Failure::Thrown(other)) => other.rethrow(),
    }
}

/// The error of a subtransaction.
enum Failure {
    Value(Error),
    Thrown(CaughtError),
}

/// Returns whether an error concerns the session and not the code that ran.
pub fn is_for_the_session(code: PgSqlErrorCode) -> bool {
    use PgSqlErrorCode::*;
    matches!(
        code,
        ERRCODE_QUERY_CANCELED
            | ERRCODE_ADMIN_SHUTDOWN
            | ERRCODE_CRASH_SHUTDOWN
            | ERRCODE_DATABASE_DROPPED
            | ERRCODE_OUT_OF_MEMORY
            | ERRCODE_T_R_SERIALIZATION_FAILURE
    )
}
