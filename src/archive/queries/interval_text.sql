SELECT $1::interval::text AS text
