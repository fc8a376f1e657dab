//! Documents: the same files on the client, on the server and as rows; links that lead somewhere; what a role without rights gets.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, Output, Tree, repository, run, server};
use tempfile::TempDir;

/// A folder that the server may write to.
fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("pgmeta-e2e-doc.").tempdir()?;
    fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777))?;
    Ok(folder)
}

/// Runs document.sql with variables.
fn script(database: &Database<'_>, target: &Path, variables: &[&str]) -> Result<Output> {
    let mut psql = server()?.program("psql");
    psql.args(["-Xq", "-d", database.name(), "-v", &format!("directory={}", target.display())]);
    for variable in variables {
        psql.args(["-v", variable]);
    }
    run(psql.arg("-f").arg(repository().join("sql/psql/document.sql")), "")
}

fn on_server(database: &Database<'_>, target: &Path, more: &str) -> Result<String> {
    let call =
        format!("SELECT action, count(*) FROM pgmeta_document_to_directory('{}'{more}) GROUP BY 1", target.display());
    database.psql(&call)
}

fn rows(database: &Database<'_>, arguments: &str) -> Result<Tree> {
    let call = format!("SELECT json_agg(json_build_array(path, content)) FROM pgmeta_document({arguments})");
    Tree::from_rows(&database.psql(&call)?)
}

/// Returns the values of an attribute in a page.
fn attributes<'t>(content: &'t str, name: &str) -> Vec<&'t str> {
    let start = format!(" {name}=\"");
    content.match_indices(&start).filter_map(|(at, _)| content[at + start.len()..].split('"').next()).collect()
}

/// Asserts that each link of a site leads to a file, and to an element of it.
fn check_links(tree: &Tree) -> Outcome {
    let files: BTreeMap<&str, &str> =
        tree.files.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect();
    let mut count = 0;
    for (path, content) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let folder = path.rsplit_once('/').map(|(folder, _)| folder);
        for link in attributes(content, "href").into_iter().chain(attributes(content, "src")) {
            count += 1;
            let (file, id) = link.split_once('#').map_or((link, None), |(file, id)| (file, Some(id)));
            let file = match (file, file.strip_prefix("../"), folder) {
                ("", _, _) => (*path).to_owned(),
                (_, Some(file), Some(_)) => file.to_owned(),
                (file, None, None) => file.to_owned(),
                _ => anyhow::bail!("{path}: {link}"),
            };
            let target = files.get(&*file).with_context(|| format!("{path}: nothing at {link}"))?;
            ensure!(id.is_none_or(|id| attributes(target, "id").contains(&id)), "{path}: {link}");
        }
        let ids = attributes(content, "id");
        ensure!(ids.iter().collect::<BTreeSet<_>>().len() == ids.len(), "{path}: ids that are not unique");
    }
    ensure!(count > 100, "{count} links");
    Ok(())
}

#[test]
fn a_site_is_the_same_on_the_client_and_on_the_server() -> Outcome {
    let (database, folder) = (Database::with_fixture("documents", "sample_app")?, folder()?);
    for format in ["html", "markdown", "json"] {
        let (client, made) =
            (folder.path().join(format!("client_{format}")), folder.path().join(format!("server_{format}")));
        let output = script(&database, &client, &[&format!("format={format}")])?;
        ensure!(output.ok && output.stdout.contains("created "), "{format}: {}\n{}", output.stdout, output.stderr);
        let actions = on_server(&database, &made, &format!(", NULL::text[], '{format}'"))?;
        ensure!(actions.starts_with("created|") && !actions.contains('\n'), "{format}: {actions}");
        let tree = Tree::read(&client)?;
        ensure!(tree == Tree::read(&made)?, "{format}: the client has other files than the server");
        ensure!(tree == rows(&database, &format!("NULL::text[], '{format}'"))?, "{format}: other files than rows");
        let manifests = [&client, &made].map(|folder| fs::read_to_string(folder.join(".pgmeta-files")));
        let [client_manifest, server_manifest] = manifests;
        ensure!(client_manifest? == server_manifest?, "{format}: the manifests differ");
        if format == "html" {
            check_links(&tree)?;
            let size: usize = tree.files.values().map(String::len).sum();
            ensure!(size < 300_000, "{size} bytes");
        }
        // Nothing has changed.
        let again = script(&database, &client, &[&format!("format={format}")])?;
        ensure!(again.ok && again.stdout.is_empty(), "{format}: {}\n{}", again.stdout, again.stderr);
    }
    Ok(())
}

#[test]
fn files_of_others_stay() -> Outcome {
    let (database, folder) = (Database::with_fixture("documents", "sample_app")?, folder()?);
    let target = folder.path().join("site");
    let first = script(&database, &target, &["schemas=app"])?;
    ensure!(first.ok, "{}", first.stderr);
    // Fewer tables, or another format: pages would be lost.
    for variables in [
        vec!["schemas=auth"],
        vec!["schemas=app", "format=markdown"],
        vec!["schemas=app", r#"options={"tables": ["app.orders"]}"#],
    ] {
        let output = script(&database, &target, &variables)?;
        ensure!(!output.ok && output.stderr.contains("would be deleted"), "{variables:?}: {}", output.stderr);
    }
    let message = database
        .error("postgres", &format!("SELECT * FROM pgmeta_document_to_directory('{}', 'auth')", target.display()))?;
    ensure!(message.contains("55000"), "{message}");
    let output = script(&database, &target, &["schemas=auth", "prune=1"])?;
    ensure!(
        output.ok && output.stdout.contains("deleted tables/app.orders.html"),
        "{}\n{}",
        output.stdout,
        output.stderr
    );
    // A file of somebody else has the name of a page.
    fs::create_dir(folder.path().join("own"))?;
    fs::write(folder.path().join("own/index.html"), "mine")?;
    let output = script(&database, &folder.path().join("own"), &[])?;
    ensure!(!output.ok && output.stderr.contains("not written by pgmeta: index.html"), "{}", output.stderr);
    ensure!(fs::read_to_string(folder.path().join("own/index.html"))? == "mine", "the file is changed");
    for wrong in [vec!["formats=html"], vec!["format=pdf"], vec![r#"options={"tabels": []}"#]] {
        let output = script(&database, &folder.path().join("wrong"), &wrong)?;
        ensure!(!output.ok && output.stderr.contains("ERROR:"), "{wrong:?}: {}", output.stderr);
        ensure!(!folder.path().join("wrong/index.html").exists(), "{wrong:?}: files were written");
    }
    Ok(())
}

/// Names and texts of all kinds, as pages on disk.
#[test]
fn strange_names_have_pages() -> Outcome {
    for fixture in ["strange_names", "kinds", "hard_cases"] {
        let (database, folder) = (Database::with_fixture("documents", fixture)?, folder()?);
        let target = folder.path().join("site");
        on_server(&database, &target, ", options => '{\"virtual\": true, \"partitions\": \"show\"}'")?;
        let tree = Tree::read(&target)?;
        let unsafe_paths = tree.unsafe_paths();
        ensure!(unsafe_paths.is_empty(), "{fixture}: {unsafe_paths:?}");
        check_links(&tree).with_context(|| fixture.to_owned())?;
        let client = folder.path().join("client");
        let output = script(&database, &client, &[r#"options={"virtual": true, "partitions": "show"}"#])?;
        ensure!(output.ok, "{fixture}: {}", output.stderr);
        ensure!(Tree::read(&client)? == tree, "{fixture}: the client has other files than the server");
        let paths = "SELECT count(DISTINCT path) FROM pgmeta_document(format => 'markdown')";
        ensure!(database.psql(paths)?.parse::<usize>()? > 10, "{fixture}");
    }
    Ok(())
}

/// The catalogs are everybody's: a role without rights gets the same pages, and may write none.
#[test]
fn a_role_without_rights_sees_what_it_may_see() -> Outcome {
    let database = Database::with_fixture("documents", "sample_app")?;
    database.psql(
        "DO $$ BEGIN IF to_regrole('e2e_documents_nobody') IS NULL THEN CREATE ROLE e2e_documents_nobody LOGIN; END IF; END $$;
         REVOKE ALL ON SCHEMA app, auth, reporting FROM PUBLIC;",
    )?;
    for call in [
        "SELECT path, md5(content) FROM pgmeta_document('app', 'html', '{\"sizes\": false}') WHERE path ~ '^(tables|types)' AND path !~ 'orders'",
        "SELECT path FROM pgmeta_document()",
        "SELECT * FROM pgmeta_comment_coverage()",
    ] {
        let output = database.run_as("e2e_documents_nobody", call)?;
        ensure!(output.ok, "{call}: {}", output.stderr);
        ensure!(output.stdout.trim_end() == database.psql(call)?, "{call}: a role without rights gets something else");
    }
    let message =
        database.error("e2e_documents_nobody", "SELECT * FROM pgmeta_document_to_directory('/tmp/e2e_never')")?;
    ensure!(message.contains("42501"), "{message}");
    Ok(())
}
