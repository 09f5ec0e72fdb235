"""What Django may expect of MongoDB through djongo."""

from djongo import features


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_select_index = False
    can_clone_databases = False
    can_rollback_ddl = False
    has_native_json_field = True
    has_native_uuid_field = False
    has_select_for_update = False
    supports_column_check_constraints = False
    supports_expression_defaults = False
    supports_expression_indexes = False
    supports_foreign_keys = False
    supports_ignore_conflicts = True
    supports_json_field_contains = False
    supports_microsecond_precision = False
    supports_nullable_unique_constraints = False  # null is a value there
    supports_partial_indexes = False
    supports_sequence_reset = False
    supports_table_check_constraints = False
    supports_transactions = False
    test_db_allows_multiple_connections = True
    uses_savepoints = True
    """They do nothing; but an error within an inner atomic() must not block the outer one."""
