SELECT $1::interval BETWEEN '0' AND '100 years'::interval AS fits
