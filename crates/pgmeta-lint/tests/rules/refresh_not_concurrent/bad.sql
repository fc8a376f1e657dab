REFRESH MATERIALIZED VIEW app.totals;
refresh materialized view app.counted;
REFRESH MATERIALIZED VIEW app.totals WITH NO DATA;
