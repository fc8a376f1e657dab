//! Transaction control in procedures. Runs no queries.

use std::marker::PhantomData;

use pgrx::pg_sys;

use crate::error::Error;
use crate::orphan;

/// The permission to commit in a procedure, which depends on its caller.
pub struct Transactions {
    _not_send: PhantomData<*mut ()>,
}

impl Transactions {
    /// `call`: the call by the server. `name`: the procedure's name for the error.
    pub fn of(call: pg_sys::FunctionCallInfo, name: &str) -> Result<Self, Error> {
        // SAFETY: the server passes a valid call. The context of a CALL shows whether it is inside of a transaction block.
        let may_commit = unsafe {
            let context = (*call).context;
            !context.is_null()
                && (*context).type_ == pg_sys::NodeTag::T_CallContext
                && !(*context.cast::<pg_sys::CallContext>()).atomic
        };
        if !may_commit {
            return Err(Error::InTransaction(name.to_owned()));
        }
        // SAFETY: balanced by SPI_finish in drop; on error the transaction's abort closes the connection.
        match unsafe { pg_sys::SPI_connect_ext(pg_sys::SPI_OPT_NONATOMIC as core::ffi::c_int) } {
            status if status == pg_sys::SPI_OK_CONNECT as i32 => Ok(Self { _not_send: PhantomData }),
            status => Err(Error::Spi(status)),
        }
    }

    /// Commits, and begins the next transaction.
    pub fn commit(&self) {
        orphan::end_if_orphan();
        // SAFETY: connections that were opened since are closed; queries need a snapshot, which the commit has popped.
        unsafe {
            pg_sys::SPI_commit();
            pg_sys::EnsurePortalSnapshotExists();
        }
    }
}

impl Drop for Transactions {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: opened by `of`, in the same call.
            unsafe { pg_sys::SPI_finish() };
        }
    }
}
