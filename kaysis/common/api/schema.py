"""What the OpenAPI description says about every operation."""

from typing import Any

from django.utils.translation import gettext as _

from kaysis.common.api.problems import CONTENT_TYPE

_PROBLEM = "#/components/schemas/Problem"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def add_problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """A drf-spectacular post-processing hook: errors are problem details, everywhere."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _problem_schema()
    for path in result.get("paths", {}).values():
        for method in _METHODS:
            if method in path:
                path[method]["responses"].setdefault(
                    "default",
                    {
                        "description": _("Hata: sorunun ayrıntıları (RFC 9457)."),
                        "content": {CONTENT_TYPE: {"schema": {"$ref": _PROBLEM}}},
                    },
                )
    return result


def _problem_schema() -> dict[str, Any]:
    field_error = {
        "type": "object",
        "required": ["field", "message"],
        "properties": {
            "field": {
                "type": "string",
                "description": _("Alanın yolu; boşsa hata isteğin bütünüyle ilgilidir."),
            },
            "message": {"type": "string"},
        },
    }
    return {
        "type": "object",
        "description": _("Sorunun ayrıntıları (RFC 9457)."),
        "required": ["type", "title", "status", "detail", "instance", "errors"],
        "properties": {
            "type": {"type": "string", "description": _("Sorunun türü (URI).")},
            "title": {"type": "string", "description": _("Türün kısa adı.")},
            "status": {"type": "integer", "description": _("HTTP durum kodu.")},
            "detail": {"type": "string", "description": _("Bu olayın açıklaması.")},
            "instance": {"type": "string", "description": _("İsteğin yolu.")},
            "errors": {"type": "array", "items": field_error},
        },
    }
