"""The JSON Schema of a manifest, made from the structs themselves: `docs/manifest.schema.json`.

python -m archiver.manifests.schema > docs/manifest.schema.json
"""

import json

import msgspec

from archiver.domain.manifest import SCHEMA, Manifest

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def manifest_schema() -> dict[str, object]:
    """The schema as a JSON object."""
    schema = msgspec.json.schema(Manifest)
    return {"$schema": DIALECT, "$id": f"urn:{SCHEMA.replace('/', ':')}", **schema}


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(manifest_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
