//! The file tree as a tar archive, with the same bytes for the same files.

use crate::ddl::files::File;
use crate::interrupt::check;

/// Returns the archive. Names beyond tar's classic limits use its long-name extension.
pub fn archive(files: &[File]) -> std::io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for file in files {
        check();
        let mut header = tar::Header::new_gnu();
        header.set_size(file.content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        builder.append_data(&mut header, &file.path, file.content.as_bytes())?;
    }
    builder.into_inner()
}
