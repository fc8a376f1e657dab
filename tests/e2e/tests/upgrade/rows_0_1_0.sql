-- Typical contents of the tables of 0.1.0: a saved snapshot, a policy, archives in some states, with files and events.
CREATE SCHEMA app;
CREATE TABLE app.visits (at date NOT NULL, page text) PARTITION BY RANGE (at);
CREATE TABLE app.visits_2024 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO pgmeta.snapshot_names VALUES ('release', 1);
INSERT INTO pgmeta.saved_snapshots (name, version, fingerprint, server_version_num, snapshot)
    VALUES ('release', 1, 'f', 150000, '{"format_version": 1, "server_version_num": 150000}');
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///srv/cold');
INSERT INTO pgmeta.archive_policies (name, parent, storage, retention) VALUES ('visits', 'app.visits', 'cold', '6 months');
INSERT INTO pgmeta.archive_records (policy, partition_oid, origin, partition, parent, bound, state, retire, storage, stem, location, rows, bytes, started_at)
    SELECT 'visits', 'app.visits_2024'::regclass, 'of another/5', 'app.visits_2024', 'app.visits', 'bound', state, 'drop', 'cold', 'stem/' || state, 'place', 7, 70, '2026-01-01'
    FROM unnest('{stored,retired,restored,failed,cancelled}'::text[]) state;
INSERT INTO pgmeta.archive_stored_files VALUES (1, 1, 'stem/1.parquet', 7, 70, 'sha');
INSERT INTO pgmeta.archive_state_changes (archive, state, detail) VALUES (1, 'stored', 'x');
