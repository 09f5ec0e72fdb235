"""Values on their way in."""

from django_mongodb_backend import operations


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module = "chatproject.mongo.official.compiler"

    def prep_for_like_query(self, x: object) -> str:
        """`x` as a regular expression that matches it alone; MongoDB takes no NUL in one."""
        return str(super().prep_for_like_query(str(x))).replace("\0", r"\x00")

    prep_for_iexact_query = prep_for_like_query
