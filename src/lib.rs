//! The extension's modules and magic; nothing else.

pgrx::pg_module_magic!(name, version);
