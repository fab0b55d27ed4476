"""How an operation is described in the schema: by its own words, in the group of its noun."""

from drf_spectacular.openapi import AutoSchema

from nvrdevice.accounts.access import LOWEST_LEVEL

ROLE = "x-role"  # the lowest role that may


class Described(AutoSchema):
    def get_description(self) -> str:  # type: ignore[override]
        """Not the docstrings of classes, which speak to who reads the code."""
        return ""

    def get_extensions(self) -> dict[str, str]:
        wanted = getattr(self.view, "access", {})[self.method.upper()]
        return {ROLE: LOWEST_LEVEL[wanted].role}

    def get_tags(self) -> list[str]:
        parts = self.path.strip("/").removeprefix("api/v1/").split("/")
        return [parts[0]]

    def get_operation_id(self) -> str:
        """get_media_profiles, put_users_username."""
        words = self.path.strip("/").replace("{", "").replace("}", "").split("/")
        return "_".join([self.method.lower(), *words])
