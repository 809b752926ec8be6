#pragma once

#include <string>

namespace pushbench::harness {

/// The table of all keys in scenarios/README.md.
std::string keys_as_markdown();

/// docs/scenario.schema.json: a JSON Schema by which editors complete and check scenario files.
std::string keys_as_json_schema();

}  // namespace pushbench::harness
