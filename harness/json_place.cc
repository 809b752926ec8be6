#include "harness/json_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pushbench::harness {

namespace {

using Json = JsonPlace::Json;

constexpr std::string_view kNothing = "nothing";

/// A key as a JSON pointer writes it; what would break the line of an error is in hex.
std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else if (const auto byte = static_cast<unsigned char>(c); byte < ' ' || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string below(const std::string& pointer, std::string_view key) {
  return pointer + '/' + escaped(key);
}

std::string below(const std::string& pointer, std::size_t index) {
  return fmt::format("{}/{}", pointer, index);
}

bool same_numbers(const Json& a, const Json& b) {
  if (!a.is_number_float() && !b.is_number_float()) return a == b;
  const auto x = a.get<double>();
  const auto y = b.get<double>();
  constexpr double kRounding = 1e-9;
  return std::abs(x - y) <= kRounding * std::max(std::abs(x), std::abs(y));
}

bool same_scalars(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return same_numbers(a, b);
  return a.type() == b.type() && a == b;
}

std::optional<JsonDifference> difference(const std::string& pointer, const Json& a, const Json& b);

std::optional<JsonDifference> in_objects(const std::string& pointer, const Json& a, const Json& b) {
  for (const auto& [key, value] : a.items()) {
    const auto other = b.find(key);
    const std::string at = below(pointer, key);
    if (other == b.end()) return JsonDifference{at, shown(value), std::string(kNothing)};
    if (auto found = difference(at, value, *other)) return found;
  }
  for (const auto& [key, value] : b.items()) {
    if (a.contains(key)) continue;
    return JsonDifference{below(pointer, key), std::string(kNothing), shown(value)};
  }
  return std::nullopt;
}

std::optional<JsonDifference> in_arrays(const std::string& pointer, const Json& a, const Json& b) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const std::string at = below(pointer, i);
    if (i >= b.size()) return JsonDifference{at, shown(a[i]), std::string(kNothing)};
    if (i >= a.size()) return JsonDifference{at, std::string(kNothing), shown(b[i])};
    if (auto found = difference(at, a[i], b[i])) return found;
  }
  return std::nullopt;
}

std::optional<JsonDifference> difference(const std::string& pointer, const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) return in_objects(pointer, a, b);
  if (a.is_array() && b.is_array()) return in_arrays(pointer, a, b);
  const bool same = a.is_primitive() && b.is_primitive() && same_scalars(a, b);
  if (same) return std::nullopt;
  return JsonDifference{pointer, shown(a), shown(b)};
}

}  // namespace

JsonPlace::JsonPlace(const Json& json, std::optional<Error>& problem)
    : JsonPlace(&json, "", problem) {}

JsonPlace::JsonPlace(const Json* json, std::string pointer, std::optional<Error>& problem)
    : json_(json), pointer_(std::move(pointer)), problem_(&problem) {}

void JsonPlace::note(const std::string& what) const {
  if (!*problem_) *problem_ = Error{pointer_.empty() ? "the whole" : pointer_, what};
}

/// What is not there at all was noted when it was looked for.
void JsonPlace::wrong(std::string_view advice) const {
  if (json_ != nullptr) note(fmt::format("is {}; {}", shown(*json_), advice));
}

void JsonPlace::expected(std::string_view what) const {
  wrong(fmt::format("{} belongs there", what));
}

JsonPlace JsonPlace::operator[](std::string_view key) const {
  const JsonPlace place(nullptr, below(pointer_, key), *problem_);
  if (json_ == nullptr) return place;
  if (!json_->is_object()) {
    expected("an object");
    return place;
  }
  const auto found = json_->find(std::string(key));
  if (found != json_->end()) return {&*found, place.pointer_, *problem_};
  place.note("is missing; every file of this version has it");
  return place;
}

bool JsonPlace::has(std::string_view key) const {
  return json_ != nullptr && json_->is_object() && json_->contains(std::string(key));
}

bool JsonPlace::is_null() const { return json_ != nullptr && json_->is_null(); }

std::vector<JsonPlace> JsonPlace::items() const {
  std::vector<JsonPlace> all;
  if (json_ == nullptr || !json_->is_array()) {
    expected("a list");
    return all;
  }
  for (std::size_t i = 0; i < json_->size(); ++i) {
    all.push_back(JsonPlace(&(*json_)[i], below(pointer_, i), *problem_));
  }
  return all;
}

std::vector<std::pair<std::string, JsonPlace>> JsonPlace::members() const {
  std::vector<std::pair<std::string, JsonPlace>> all;
  if (json_ == nullptr || !json_->is_object()) {
    expected("an object");
    return all;
  }
  for (const auto& [key, value] : json_->items()) {
    all.emplace_back(key, JsonPlace(&value, below(pointer_, key), *problem_));
  }
  return all;
}

std::uint64_t JsonPlace::count(std::uint64_t most) const {
  if (json_ != nullptr && json_->is_number_unsigned()) {
    const auto value = json_->get<std::uint64_t>();
    if (value <= most) return value;
    expected(fmt::format("at most {}", most));
    return 0;
  }
  expected("a whole number from 0 on");
  return 0;
}

double JsonPlace::number() const {
  if (json_ != nullptr && json_->is_number()) {
    const auto value = json_->get<double>();
    if (value >= 0) return value;
  }
  expected("a number from 0 on");
  return 0;
}

bool JsonPlace::flag() const {
  if (json_ != nullptr && json_->is_boolean()) return json_->get<bool>();
  expected("true or false");
  return false;
}

std::string JsonPlace::text() const {
  if (json_ != nullptr && json_->is_string()) return json_->get<std::string>();
  expected("a text");
  return "";
}

std::string JsonPlace::one_of(std::initializer_list<std::string_view> known) const {
  const std::string value = text();
  if (std::find(known.begin(), known.end(), value) == known.end()) {
    expected(fmt::format("one of {}", fmt::join(known, ", ")));
  }
  return value;
}

std::vector<std::string> JsonPlace::texts() const {
  std::vector<std::string> all;
  for (const JsonPlace& item : items()) all.push_back(item.text());
  return all;
}

std::string shown(const Json& json) {
  if (json.is_object()) return "an object";
  if (json.is_array()) return json.empty() ? "an empty list" : "a list";
  constexpr std::size_t kMost = 60;
  std::string text = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > kMost) text = text.substr(0, kMost) + "…";
  return text;
}

std::optional<JsonDifference> first_difference(const Json& a, const Json& b) {
  return difference("", a, b);
}

}  // namespace pushbench::harness
