//! Any text at all, taken for a snapshot: it is an error or a model that can be printed; never a panic.
//! What is read and written again is the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pgmeta_core::ddl::{self, Options};
use pgmeta_core::model::Model;

fuzz_target!(|text: &str| {
    let Ok(mut model) = Model::from_json(text) else { return };
    let json = model.to_json().unwrap_or_default();
    let again = Model::from_json(&json);
    assert!(again.is_ok_and(|again| again == model), "not the same after a round trip through JSON");
    let everything = Options { drop: true, cluster: true, if_not_exists: true, refresh: true, ..Options::default() };
    for options in [Options::default(), everything] {
        let _ = ddl::export(&model, &options, || Ok::<(), ()>(()), &pgmeta_core::beside::Sequential);
        let mut items = Vec::new();
        let _ = ddl::items(&model, &options, || Ok::<(), ()>(()), |item| { items.push(item); Ok(()) });
        let files = ddl::files(items);
        let _ = ddl::archive(&files);
    }
    model.mask_secrets();
    let _ = ddl::export(&model, &Options::default(), || Ok::<(), ()>(()), &pgmeta_core::beside::Sequential);
});
