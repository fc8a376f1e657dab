//! Exports as files: as rows, as a tar archive, or into a folder on the server.

use pgmeta_core::ddl::{self, File};
use pgmeta_core::fingerprint::fingerprint;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::Args;
use crate::api::print::{items, require_fit};
use crate::api::schemas::list;
use crate::directory::Directory;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;

all_forms! {
    "pgmeta_export_files": files_of_array, files_of_text, files_of_texts, [], [] -> [TableIterator<
        'static, (name!(path, Text), name!(content, Text), name!(fingerprint, Text)),
    >],
    stable, |args| files(&args).map(|files| TableIterator::new(files.into_iter().map(|file| {
        let fingerprint = fingerprint(&file.content);
        (file.path.into(), file.content.into(), fingerprint.into())
    })))
}

all_forms! {
    "pgmeta_export_tar": tar_of_array, tar_of_text, tar_of_texts, [], [] -> [Vec<u8>],
    stable, |args| tar(&args)
}

all_forms! {
    "pgmeta_export_to_directory": directory_of_array, directory_of_text, directory_of_texts, [directory: Option<Text>,], [] -> [TableIterator<
        'static, (name!(path, Text), name!(action, Text)),
    >],
    volatile, |args| to_directory(directory.as_deref(), &args).map(|rows| {
        TableIterator::new(rows.into_iter().map(|(path, action)| (path.into(), action.into())))
    })
}

fn files(args: &Args) -> Result<Vec<File>, Error> {
    Ok(ddl::files(items(&args.read()?.model, &args.options)?))
}

fn tar(args: &Args) -> Result<Vec<u8>, Error> {
    let files = files(args)?;
    let archive =
        ddl::archive(&files).map_err(|source| Error::Io { action: "write", path: "tar archive".into(), source })?;
    require_fit("pgmeta_export_tar", archive.len())?;
    Ok(archive)
}

fn to_directory(directory: Option<&str>, args: &Args) -> Result<Vec<(String, String)>, Error> {
    let target = Directory::of_argument(directory)?;
    target.write(&files(args)?, args.selection(), args.options.prune)
}
