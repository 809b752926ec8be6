#pragma once

#include <string>

#include "harness/scenario.h"

namespace pushbench::harness {

/// What the key means, and for what, where another key can leave it without a meaning.
std::string meaning_of(const ScenarioKey& key);

/// The table of all keys in scenarios/README.md.
std::string keys_as_markdown();

/// docs/scenario.schema.json: a JSON Schema by which editors complete and check scenario files.
std::string keys_as_json_schema();

}  // namespace pushbench::harness
