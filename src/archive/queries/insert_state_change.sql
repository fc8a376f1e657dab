INSERT INTO pgmeta.archive_state_changes (archive, state, detail) VALUES ($1, $2, $3)
