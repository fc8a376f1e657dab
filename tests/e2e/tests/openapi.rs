//! The OpenAPI document of the REST interface.

use std::process::Command;

use pgmeta_e2e::{Database, Outcome, run, stores};

/// A public validator accepts the description.
#[test]
fn the_openapi_document_is_valid() -> Outcome {
    let database = Database::with_pgmeta("registry_openapi")?;
    let document = database.psql("SELECT pgmeta_api_openapi()")?;
    let python = stores::tool("openapi/bin/python")?;
    let check = "import json, sys; from openapi_spec_validator import OpenAPIV31SpecValidator; OpenAPIV31SpecValidator(json.load(sys.stdin)).validate()";
    run(Command::new(python).args(["-c", check]), &document)?.checked("openapi-spec-validator").map(drop)
}
