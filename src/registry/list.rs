//! Lists the definitions that the caller may read, page by page.

use pgmeta_core::cells::take;
use serde::Deserialize;

use crate::error::Error;
use crate::registry::store::{Caller, read};
use crate::spi::Arg;

/// What is listed, and in which order.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Only those in this state.
    pub status: Option<String>,
    /// Only those of this owner.
    pub owner: Option<String>,
    /// The deleted ones in place of the others.
    pub deleted: bool,
    pub sort: Sort,
    pub descending: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self { status: None, owner: None, deleted: false, sort: Sort::Name, descending: false }
    }
}

/// The column that rows are sorted by.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Name,
    CreatedAt,
    UpdatedAt,
    Version,
}

/// A row of the list. Times are microseconds since 2000, as the server keeps them.
#[derive(Debug)]
pub struct Listed {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub status: String,
    pub version: i32,
    pub deployed_version: Option<i32>,
    pub owner: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub total: i64,
}

/// Returns a page of the definitions that contain a text.
pub fn list(search: Option<&str>, page: i64, page_size: i64, filter: &Filter) -> Result<Vec<Listed>, Error> {
    const COLUMNS: &[&str] = &[
        "id",
        "name",
        "description",
        "status",
        "version",
        "deployed_version",
        "owner",
        "created_at",
        "updated_at",
        "total",
    ];
    let sort = match filter.sort {
        Sort::Name => "name",
        Sort::CreatedAt => "created_at",
        Sort::UpdatedAt => "updated_at",
        Sort::Version => "version",
    };
    let direction = if filter.descending { "DESC" } else { "ASC" };
    let micros = |column: &str| {
        format!("(EXTRACT(epoch FROM d.{column} - timestamptz '2000-01-01 00:00:00+00') * 1000000)::bigint AS {column}")
    };
    // The state is asked only for the rows of the page, unless it is a condition.
    let sql = format!(
        "WITH readable AS MATERIALIZED (SELECT r.definition FROM pgmeta_registry.role_rights r WHERE r.role = $1::oid), \
        found AS MATERIALIZED (SELECT d.id, d.{sort} AS sort FROM pgmeta_registry.definitions d \
            WHERE (d.deleted_at IS NOT NULL) = ($6 <> 0) AND ($2 IS NULL OR strpos(d.search_text, $2) > 0) \
                AND ($3 IS NULL OR d.owner = $3) AND d.id IN (SELECT r.definition FROM readable r) \
                AND ($7 IS NULL OR $7 = (SELECT s.status FROM pgmeta_registry.states s WHERE s.definition = d.id))), \
        page AS MATERIALIZED (SELECT f.id, f.sort FROM found f ORDER BY f.sort {direction}, f.id LIMIT $4 OFFSET $5) \
        SELECT d.id::text AS id, d.name, d.description, s.status, d.version, s.deployed_version, d.owner, {}, {}, \
            (SELECT count(*) FROM found) AS total \
        FROM page p JOIN pgmeta_registry.definitions d ON d.id = p.id \
            CROSS JOIN LATERAL (SELECT s.status, s.deployed_version FROM pgmeta_registry.states s WHERE s.definition = d.id) s \
        ORDER BY p.sort {direction}, p.id",
        micros("created_at"),
        micros("updated_at"),
    );
    let search = search.map(str::to_lowercase);
    let args = [
        Caller::current()?.arg(),
        Arg::MaybeText(search.as_deref()),
        Arg::MaybeText(filter.owner.as_deref()),
        Arg::Int(page_size),
        Arg::Int((page - 1).saturating_mul(page_size)),
        Arg::Int(filter.deleted.into()),
        Arg::MaybeText(filter.status.as_deref()),
    ];
    let mut rows = Vec::new();
    read(&sql, &args, COLUMNS, |cells| {
        rows.push(Listed {
            id: take(cells, "id")?,
            name: take(cells, "name")?,
            description: take(cells, "description")?,
            status: take(cells, "status")?,
            version: take(cells, "version")?,
            deployed_version: take(cells, "deployed_version")?,
            owner: take(cells, "owner")?,
            created_at: take(cells, "created_at")?,
            updated_at: take(cells, "updated_at")?,
            total: take(cells, "total")?,
        });
        Ok(())
    })?;
    Ok(rows)
}
