#include "harness/served_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/units.h"

namespace pushbench::harness {

namespace {

constexpr std::string_view kForm = R"({"delay":"150ms"})";

}  // namespace

Result<void> ServedLink::set(std::string_view key, std::string_view value) {
  if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
    return failure(std::string(key), fmt::format("a link has {}{}", fmt::join(kKeys, ", "),
                                                 suggestion(key, {kKeys.begin(), kKeys.end()})));
  }
  auto set = set_key(scenario_, fmt::format("link.{}", key), value);
  return set ? set : failure(std::string(key), set.error().what);
}

Result<void> ServedLink::set(std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    return failure(std::string(assignment), "write a key with its value, as in delay=50ms");
  }
  return set(assignment.substr(0, equals), assignment.substr(equals + 1));
}

std::string ServedLink::json() const {
  const net::LinkProfile& link = profile();
  return fmt::format(R"({{"delay":"{}","jitter":"{}","up":"{}","down":"{}"}})",
                     format_duration(link.delay), format_duration(link.jitter),
                     format_bandwidth(link.up), format_bandwidth(link.down));
}

Result<void> ServedLink::change(std::string_view json) {
  const auto asked = nlohmann::json::parse(json, nullptr, false);
  if (!asked.is_object()) {
    return failure("body", fmt::format("is not a JSON object; send {}", kForm));
  }
  ServedLink changed = *this;
  for (const auto& [key, value] : asked.items()) {
    if (!value.is_string()) {
      return failure(key, fmt::format("must be a string with its unit, as in {}", kForm));
    }
    if (auto set = changed.set(key, value.get<std::string>()); !set) return set;
  }
  *this = changed;
  return {};
}

}  // namespace pushbench::harness
