-- The predefined roles' memberships in each other come with the server. The grantor may be gone until 15.
SELECT {{membership_oid}} AS oid, role.rolname AS role, member.rolname AS member, grantor.rolname AS grantor,
       m.admin_option AS admin, {{inherit_option}} AS inherit, {{set_option}} AS set, {{granted_through}} AS granted_through
FROM pg_catalog.pg_auth_members m
JOIN pg_catalog.pg_roles role ON role.oid = m.roleid
JOIN pg_catalog.pg_roles member ON member.oid = m.member
LEFT JOIN pg_catalog.pg_roles grantor ON grantor.oid = m.grantor
WHERE NOT (role.rolname ~ '^pg_' AND member.rolname ~ '^pg_')
