"""The JSON Schema of a manifest, made from the structs themselves: `docs/manifest.schema.json`.

python -m archiver.manifests.schema > docs/manifest.schema.json
"""

import inspect
import json
from typing import Any

import msgspec

from archiver.domain.manifest import SCHEMA, Manifest

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def manifest_schema() -> dict[str, object]:
    """The schema as a JSON object."""
    schema = _even(msgspec.json.schema(Manifest))
    return {"$schema": DIALECT, "$id": f"urn:{SCHEMA.replace('/', ':')}", **schema}


def _even(value: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Descriptions without indentation: Python 3.13 takes it out of docstrings, earlier ones do not."""
    if isinstance(value, dict):
        return {key: _even(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_even(one) for one in value]
    return inspect.cleandoc(value) if isinstance(value, str) else value


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(manifest_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
