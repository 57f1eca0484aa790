"""The JSON Schema of a rule pack, for editors that complete and check TOML while it is written."""

from typing import Any

from programme.profile import Profile

# Filled in when a pack is read; nobody writes them.
_FILLED_IN = {"origin", "resolved"}


def json_schema() -> dict[str, Any]:
    """The schema of a pack: one that stands by itself must say all, one that extends another may leave anything out."""
    whole = _written(Profile.model_json_schema(mode="validation"))
    drop = {"type": "array", "items": {"type": "string"}, "description": "ids of rules of the pack extended"}
    whole["properties"]["drop"] = drop
    del whole["properties"]["name"]
    whole["required"].remove("name")
    part = {key: value for key, value in _lax(whole).items() if key != "$defs"}
    parts = {f"Part{key}": _lax(value) for key, value in whole["$defs"].items()}
    alone = {key: value for key, value in whole.items() if key not in {"$defs", "title", "description"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A programme profile of Hearth",
        "if": {"required": ["extends"]},
        "then": part,
        "else": alone,
        "$defs": {**whole["$defs"], **parts},
    }


def _written(schema: Any) -> Any:
    """The schema without what is filled in when a pack is read."""
    if isinstance(schema, list):
        return [_written(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _written(value) for key, value in schema.items()}
    if isinstance(kept.get("properties"), dict):
        kept["properties"] = {key: value for key, value in kept["properties"].items() if key not in _FILLED_IN}
        kept["required"] = [key for key in kept.get("required", []) if key not in _FILLED_IN]
    return kept


def _lax(schema: Any) -> Any:
    """The schema with nothing required, its references turned to the lax definitions; conditions stay whole."""
    if isinstance(schema, list):
        return [_lax(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("$ref", "").startswith("#/$defs/") and not schema["$ref"].endswith("/Condition"):
        return {"$ref": schema["$ref"].replace("#/$defs/", "#/$defs/Part")}
    if "discriminator" in schema:
        # A changed result may leave out its kind, which tells the forms apart.
        return {"anyOf": _lax(schema["oneOf"])}
    return {key: _lax(value) for key, value in schema.items() if key != "required"}
