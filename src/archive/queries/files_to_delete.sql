SELECT r.storage::text AS storage, r.location, r.stem FROM pgmeta.archive_records r
    WHERE r.id = $1 AND r.state = {{state.deleting}}
