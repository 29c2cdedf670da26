"""What the database itself enforces: seals, tenants, the audit trail, partitions."""
