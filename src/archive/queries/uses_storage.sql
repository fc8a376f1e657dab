SELECT EXISTS (SELECT FROM pgmeta.archive_policies WHERE storage = $1)
    OR EXISTS (SELECT FROM pgmeta.archive_records WHERE storage = $1) AS found
