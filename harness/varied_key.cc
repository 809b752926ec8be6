#include "harness/varied_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "clients/registry.h"
#include "harness/units.h"

namespace pushbench::harness {

namespace {

double three_digits(double number) {
  if (number <= 0) return 0;
  const double unit = std::pow(10, std::floor(std::log10(number)) - 2);
  return std::round(number / unit) * unit;
}

}  // namespace

bool is_of_own_server(const NamedKey& key) { return key.name.starts_with("server."); }

Result<NamedKey> parse_key(std::string_view name) {
  const std::string_view full = name == "users"   ? "users.count"
                                : name == "rooms" ? "rooms.count"
                                                  : name;
  if (const ScenarioKey* const key = find_key(full)) {
    return NamedKey{std::string(full), std::string(key->form)};
  }
  std::string suggested = suggested_key(name);
  if (suggested == ".") {  // nothing like it
    const std::string alias = nearest(name, {"users", "rooms"});
    if (!alias.empty()) suggested = fmt::format("; did you mean {}?", alias);
  }
  return failure(std::string(name), "there is no such key" + suggested);
}

Result<NamedKey> parse_varied_key(std::string_view name) {
  auto key = parse_key(name);
  if (!key) return key;
  if (key->name.starts_with("limits.")) {
    return failure(key->name, "judges a run and changes nothing in it; set it with --set");
  }
  if (key->name.starts_with("run.")) {
    return failure(key->name,
                   "says how runs are done, not what they do; set it with --set or --repeat");
  }
  return key;
}

bool concerns(const NamedKey& key, std::string_view transport,
              std::optional<std::string_view> dialect) {
  if (dialect && is_of_own_server(key)) return false;
  // Others hold a request for as long as they are set to.
  const bool asks = !dialect || *dialect == clients::kOwnDialect;
  if (key.name == "transport.long-polling.hold" && !asks) return false;
  if (!key.name.starts_with("transport.")) return true;
  return key.name.starts_with(fmt::format("transport.{}.", transport));
}

Result<std::vector<std::string>> concerned(const NamedKey& key,
                                           const std::vector<std::string>& transports) {
  std::vector<std::string> found;
  for (const std::string& name : transports) {
    if (concerns(key, name)) found.push_back(name);
  }
  if (found.empty()) {
    return failure(key.name, fmt::format("says nothing to {}; name its transport",
                                         fmt::join(transports, ", ")));
  }
  return found;
}

Result<Scenario> with_value(const Scenario& scenario, const NamedKey& key,
                            const std::string& value) {
  Scenario changed = scenario;
  if (auto set = set_key(changed, key.name, value); !set) return tl::unexpected(set.error());
  if (auto fits = check(changed); !fits) {
    return failure(fmt::format("{}={}", key.name, value), fits.error().line());
  }
  return changed;
}

Result<VariedKey> VariedKey::of(const NamedKey& key) {
  if (key.form == "count") return VariedKey(key, Kind::count);
  if (key.form == "duration") return VariedKey(key, Kind::duration);
  if (key.form == "rate") return VariedKey(key, Kind::rate);
  if (key.form == "size") return VariedKey(key, Kind::size);
  if (key.form == "factor") return VariedKey(key, Kind::factor);
  return failure(key.name,
                 fmt::format("is a {}; vary a count, duration, rate, size or factor, such as "
                             "users.count or traffic.rate",
                             key.form));
}

bool VariedKey::whole() const { return kind_ == Kind::count || kind_ == Kind::size; }

bool VariedKey::duration() const { return kind_ == Kind::duration; }

std::string VariedKey::unit() const {
  switch (kind_) {
    case Kind::count:
      return key_.name.ends_with(".count") ? key_.name.substr(0, key_.name.rfind('.')) : "";
    case Kind::duration:
      return "s";
    case Kind::rate:
      return "/s";
    case Kind::size:
      return "bytes";
    case Kind::factor:
      return "";
  }
  return "";
}

Result<double> VariedKey::number(std::string_view text) const {
  switch (kind_) {
    case Kind::count:
      return parse_count(text).map([](auto n) { return static_cast<double>(n); });
    case Kind::duration:
      return parse_duration(text).map(net::seconds);
    case Kind::rate:
      return parse_rate(text);
    case Kind::size:
      return parse_size(text).map([](auto n) { return static_cast<double>(n); });
    case Kind::factor:
      return parse_factor(text);
  }
  return failure(std::string(text), "is not a number");
}

std::string VariedKey::text(double number) const {
  for (const auto& [given, text] : given_) {
    if (given == number) return text;
  }
  switch (kind_) {
    case Kind::count:
      return fmt::format("{:.0f}", number);
    case Kind::duration:
      return format_duration(net::Duration(std::llround(three_digits(number) * 1e9)));
    case Kind::rate:
      return fmt::format("{:.6g}/s", three_digits(number));
    case Kind::size:
      return format_size(static_cast<std::uint64_t>(std::llround(number)));
    case Kind::factor:
      return fmt::format("{:.6g}", three_digits(number));
  }
  return "";
}

double VariedKey::rounded(double number) const {
  const bool given = std::any_of(given_.begin(), given_.end(),
                                 [number](const auto& kept) { return kept.first == number; });
  if (given) return number;
  return whole() ? std::round(number) : three_digits(number);
}

}  // namespace pushbench::harness
