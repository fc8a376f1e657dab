SELECT {{partition_here}} AS partition, r.policy, r.state, r.held FROM pgmeta.archive_records r WHERE r.id = $1
