SELECT $1::interval > '0' AND $1::interval <= '1000 years' AS fits
