UPDATE pgmeta.archive_policies SET paused = $2 <> '' WHERE name = $1
