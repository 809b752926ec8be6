#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/scenario.h"
#include "wire/result.h"

namespace pushbench::harness {

/// A key of the scenario by its full name, and the form its values have.
struct NamedKey {
  std::string name;
  std::string form;  // "count", "duration", …
};

/// "users" and "rooms" are short for their counts. The error names the nearest key, if one is near.
Result<NamedKey> parse_key(std::string_view name);

/// The same, of a key that changes what is measured: limits.* and run.* do not.
Result<NamedKey> parse_varied_key(std::string_view name);

/// Whether the key is a setting of the server that pushbench starts: targets have their own.
bool is_of_own_server(const NamedKey& key);

/// Whether the key says anything to a column: transport.polling.interval does so to polling alone.
/// `dialect` is a target's, to which our own server's keys say nothing; none: it is our own server.
bool concerns(const NamedKey& key, std::string_view transport,
              std::optional<std::string_view> dialect = std::nullopt);

/// Those of the transports to which the key says something. Fails if there are none.
Result<std::vector<std::string>> concerned(const NamedKey& key,
                                           const std::vector<std::string>& transports);

/// A copy of the scenario with another value of the key, checked as a whole.
Result<Scenario> with_value(const Scenario& scenario, const NamedKey& key,
                            const std::string& value);

/// A key whose values are numbers: counts, durations (in seconds), rates (a second), sizes (bytes)
/// and factors.
class VariedKey {
 public:
  /// Fails for keys whose values are words or flags.
  static Result<VariedKey> of(const NamedKey& key);

  const NamedKey& key() const { return key_; }
  const std::string& name() const { return key_.name; }
  bool whole() const;     // only whole numbers
  bool duration() const;  // seconds
  /// What the number counts: "users", "s", "/s", "bytes", or "" for a factor.
  std::string unit() const;

  Result<double> number(std::string_view text) const;
  /// The nearest value of at most three significant digits, as --set takes it: "256", "1.25s".
  /// Counts keep all their digits, and so does what keep() was told of.
  std::string text(double number) const;
  /// From now on this number's text is the one it was given by.
  void keep(double number, const std::string& text) { given_.emplace_back(number, text); }
  /// The number that text() stands for.
  double rounded(double number) const;

 private:
  enum class Kind { count, duration, rate, size, factor };
  VariedKey(NamedKey key, Kind kind) : key_(std::move(key)), kind_(kind) {}

  NamedKey key_;
  Kind kind_;
  std::vector<std::pair<double, std::string>> given_;
};

}  // namespace pushbench::harness
