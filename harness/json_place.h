#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/result.h"

namespace pushbench::harness {

/// One place in a JSON text that somebody else wrote. It gives typed values; the first one that is
/// not there, or of another type, is noted as a problem with its JSON pointer. What is not there
/// gives 0, "", false and no items, so that a reader looks for problems once, when it is done.
class JsonPlace {
 public:
  using Json = nlohmann::ordered_json;

  /// The whole text. Both must outlive this place and those taken from it.
  JsonPlace(const Json& json, std::optional<Error>& problem);

  JsonPlace operator[](std::string_view key) const;  // in an object; a problem if it has none
  bool has(std::string_view key) const;
  bool is_null() const;  // it is there, and null
  std::vector<JsonPlace> items() const;
  std::vector<std::pair<std::string, JsonPlace>> members() const;  // in the order of the text

  /// A whole number from 0 on.
  std::uint64_t count(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const;
  double number() const;  // not negative
  bool flag() const;
  std::string text() const;
  std::string one_of(std::initializer_list<std::string_view> known) const;
  std::vector<std::string> texts() const;

  /// Notes a value that is of the right type and still wrong, with what would be right.
  void wrong(std::string_view advice) const;

 private:
  JsonPlace(const Json* json, std::string pointer, std::optional<Error>& problem);
  void expected(std::string_view what) const;
  void note(const std::string& what) const;

  const Json* json_;  // null: not there
  std::string pointer_;
  std::optional<Error>* problem_;
};

/// A value as an error shows it: "12", "\"a text\" that is cut where it is long", "a list".
std::string shown(const JsonPlace::Json& json);

/// Where two JSON texts first differ.
struct JsonDifference {
  std::string pointer;
  std::string a, b;  // as shown(); "nothing": there is none
};

/// The first difference in the order of `a`, if there is one; last what only `b` has. Numbers with
/// a point are the same up to the rounding of a sum. No deeper than the shallower of the two.
std::optional<JsonDifference> first_difference(const JsonPlace::Json& a, const JsonPlace::Json& b);

}  // namespace pushbench::harness
