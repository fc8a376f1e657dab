UPDATE pgmeta.archive_policies SET storage = $2 WHERE storage = $1
