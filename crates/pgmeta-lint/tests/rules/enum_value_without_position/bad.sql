ALTER TYPE app.state ADD VALUE 'open';
ALTER TYPE app.state ADD VALUE IF NOT EXISTS 'it''s';
