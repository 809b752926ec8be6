#include "harness/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include "harness/units.h"

namespace pushbench::harness {

namespace {

constexpr std::string_view kGroup = "group.";
constexpr std::size_t kLongestGroupName = 32;
constexpr std::size_t kMostGroups = 64;

/// What a key of a group is called: "group.mobile.delay" is "delay" of "mobile".
struct GroupKey {
  std::string_view group;
  std::string_view key;
};

std::optional<GroupKey> group_key(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (!name.starts_with(kGroup) || dot < kGroup.size()) return std::nullopt;
  return GroupKey{name.substr(kGroup.size(), dot - kGroup.size()), name.substr(dot + 1)};
}

bool is_group_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestGroupName &&
         std::all_of(name.begin(), name.end(), [](unsigned char letter) {
           return (std::isalnum(letter) != 0 && letter < 0x80) || letter == '_' || letter == '-';
         });
}

/// A value of a form that has an order, as a number; none for the other forms.
std::optional<Result<double>> as_number(std::string_view form, std::string_view text) {
  const auto number = [](auto value) { return static_cast<double>(value); };
  if (form == "count") return parse_count(text).map(number);
  if (form == "size") return parse_size(text).map(number);
  if (form == "duration") {
    return parse_duration(text).map([](net::Duration d) { return static_cast<double>(d.count()); });
  }
  if (form == "rate") return parse_rate(text);
  if (form == "bandwidth") return parse_bandwidth(text);
  if (form == "factor") return parse_factor(text);
  if (form == "share") return parse_share(text);
  return std::nullopt;
}

/// What a form without a unit takes, but for its size: "-1", "30".
bool is_number(std::string_view form, std::string_view text) {
  if (form != "count" && form != "share" && form != "factor") return false;
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t dot = form == "count" ? std::string_view::npos : text.find('.');
  const auto digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(),
                                        [](unsigned char c) { return std::isdigit(c) != 0; });
  };
  if (dot == std::string_view::npos) return digits(text);
  return digits(text.substr(0, dot)) && digits(text.substr(dot + 1));
}

/// The value is one of the key's form, and within its range: "LEAST to MOST", perhaps with more
/// words after a comma, which are taken too.
Result<void> check_range(const ScenarioKey& key, std::string_view value) {
  const auto number = as_number(key.form, value);
  if (!number) return {};
  if (!*number && is_number(key.form, value)) {
    return failure(std::string(value), fmt::format("out of range; it takes {}", key.range));
  }
  if (!*number) return tl::unexpected(number->error());
  std::string range(key.range.substr(0, key.range.find(',')));
  std::erase(range, '"');
  if (key.range.size() > range.size() && key.range.ends_with(fmt::format("\"{}\"", value))) {
    return {};
  }
  constexpr std::string_view kTo = " to ";
  const std::size_t middle = range.find(kTo);
  const double least = **as_number(key.form, std::string_view(range).substr(0, middle));
  const double most = **as_number(key.form, std::string_view(range).substr(middle + kTo.size()));
  if (**number >= least && **number <= most) return {};
  return failure(std::string(value), fmt::format("out of range; it takes {}", key.range));
}

UserGroup* find_or_add_group(Scenario& scenario, std::string_view name) {
  auto& groups = scenario.groups;
  const auto place = std::lower_bound(
      groups.begin(), groups.end(), name,
      [](const UserGroup& group, std::string_view other) { return group.name < other; });
  if (place != groups.end() && place->name == name) return &*place;
  if (groups.size() == kMostGroups) return nullptr;
  return &*groups.insert(place, UserGroup{std::string(name), 0, scenario.link});
}

/// Where the link's keys are numbered, this one's bit.
std::uint32_t bit_of(std::string_view name) {
  const auto& keys = link_keys();
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [name](const ScenarioKey& key) { return key.name == name; });
  return 1U << (found - keys.begin());
}

Result<void> set_in_group(Scenario& scenario, const GroupKey& names, const ScenarioKey& key,
                          std::string_view value) {
  UserGroup* const group = find_or_add_group(scenario, names.group);
  if (group == nullptr) {
    return failure("", fmt::format("there can be no more than {} groups", kMostGroups));
  }
  if (key.set_link == nullptr) {
    return parse_share(value).map([group](double share) { group->share = share; });
  }
  group->own |= bit_of(names.key);
  return key.set_link(group->link, value);
}

/// Sets the scenario's link, and that of the groups that do not say otherwise.
Result<void> set_in_link(Scenario& scenario, const ScenarioKey& key, std::string_view value) {
  const std::uint32_t bit = bit_of(std::string_view(key.name).substr(key.name.rfind('.') + 1));
  for (UserGroup& group : scenario.groups) {
    if ((group.own & bit) != 0) continue;
    if (auto set = key.set_link(group.link, value); !set) return set;
  }
  return key.set_link(scenario.link, value);
}

Result<void> set_value(Scenario& scenario, const ScenarioKey& key, std::string_view name,
                       std::string_view value) {
  if (auto checked = check_range(key, value); !checked) return checked;
  if (const auto names = group_key(name)) return set_in_group(scenario, *names, key, value);
  return key.set != nullptr ? key.set(scenario, value) : set_in_link(scenario, key, value);
}

/// Two letters that changed places are one edit.
std::size_t edit_distance(std::string_view word, std::string_view other) {
  std::vector<std::size_t> above(other.size() + 1);
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= word.size(); ++i) {
    std::vector<std::size_t> next(other.size() + 1, i);
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t replaced = row[j - 1] + (word[i - 1] == other[j - 1] ? 0 : 1);
      next[j] = std::min({replaced, row[j] + 1, next[j - 1] + 1});
      const bool swapped =
          i > 1 && j > 1 && word[i - 1] == other[j - 2] && word[i - 2] == other[j - 1];
      if (swapped) next[j] = std::min(next[j], above[j - 2] + 1);
    }
    above = std::exchange(row, std::move(next));
  }
  return row.back();
}

/// Of a flag, the letters behind its dashes: those are right anyway.
std::size_t letters(std::string_view word) {
  return word.size() - std::min(word.find_first_not_of('-'), word.size());
}

/// Whether one may have been meant for the other: at least half of the longer one is right.
bool is_near(std::string_view word, std::string_view other) {
  const std::size_t distance = edit_distance(word, other);
  return distance <= (word.size() + 1) / 2 &&
         2 * distance <= std::max(letters(word), letters(other));
}

std::string_view last_word(std::string_view key) { return key.substr(key.rfind('.') + 1); }

/// Every key's name, with the group of `name` in the place of NAME.
std::vector<std::string> known_keys(std::string_view name) {
  const auto names = group_key(name);
  std::vector<std::string> known;
  for (const ScenarioKey& key : scenario_keys()) {
    known.push_back(key.name);
    if (names && key.name.starts_with(kGroup)) {
      known.back() = fmt::format("{}{}.{}", kGroup, names->group, last_word(key.name));
    }
  }
  return known;
}

/// "; there are users.count, users.join, …" for a table, whose name is no key; else empty.
std::string keys_below(std::string_view table, const std::vector<std::string>& known) {
  constexpr std::size_t kMost = 5;
  std::string text;
  std::size_t count = 0;
  for (const std::string& key : known) {
    if (!key.starts_with(fmt::format("{}.", table)) || ++count > kMost) continue;
    text += (text.empty() ? "; there are " : ", ") + key;
  }
  return count > kMost ? text + ", …" : text;
}

}  // namespace

bool is_one_of(std::string_view word, std::string_view words) {
  while (true) {
    const std::size_t comma = words.find(", ");
    if (words.substr(0, comma) == word) return true;
    if (comma == std::string_view::npos) return false;
    words.remove_prefix(comma + 2);
  }
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& known) {
  const auto distance = [word](std::string_view other) { return edit_distance(word, other); };
  const auto best = std::min_element(known.begin(), known.end(),
                                     [&](auto a, auto b) { return distance(a) < distance(b); });
  if (best == known.end() || !is_near(word, *best)) return "";
  return std::string(*best);
}

std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string best = nearest(word, known);
  return best.empty() ? "." : fmt::format("; did you mean {}?", best);
}

std::string suggested_key(std::string_view name) {
  const std::string_view word = last_word(name);
  const std::vector<std::string> known = known_keys(name);
  if (std::string below = keys_below(name, known); !below.empty()) return below;
  std::vector<std::string_view> like;  // their last word is nearly the same
  std::vector<std::string_view> near;  // … or not too far
  for (const std::string& key : known) {
    const std::size_t distance = edit_distance(word, last_word(key));
    if (distance <= std::max<std::size_t>(1, word.size() / 4)) like.push_back(key);
    if (distance <= (word.size() + 1) / 2) near.push_back(key);
  }
  if (like.empty()) return suggestion(name, near);
  const auto best = *std::min_element(like.begin(), like.end(), [name](auto a, auto b) {
    return edit_distance(name, a) < edit_distance(name, b);
  });
  const bool is_above = best.find('.') == std::string_view::npos && name != word;
  return is_above ? fmt::format("; {} stands above all tables", best)
                  : fmt::format("; did you mean {}?", best);
}

const ScenarioKey* find_key(std::string_view name) {
  std::string generic(name);
  if (const auto names = group_key(name)) {
    if (!is_group_name(names->group)) return nullptr;
    generic = fmt::format("{}NAME.{}", kGroup, names->key);
  }
  const auto& keys = scenario_keys();
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const ScenarioKey& key) { return key.name == generic; });
  return found == keys.end() ? nullptr : &*found;
}

Result<void> set_key(Scenario& scenario, std::string_view key, std::string_view value) {
  if (const auto names = group_key(key); names && !is_group_name(names->group)) {
    return failure(std::string(key),
                   fmt::format("a group's name is 1 to {} of A-Z a-z 0-9 _ -", kLongestGroupName));
  }
  const ScenarioKey* const known = find_key(key);
  if (known == nullptr && key.starts_with(kGroup) && !group_key(key) &&
      find_key(fmt::format("{}NAME.{}", kGroup, last_word(key))) != nullptr) {
    return failure(std::string(key), fmt::format("name the group, as in [group.mobile] or "
                                                 "group.mobile.{}",
                                                 last_word(key)));
  }
  if (known == nullptr) {
    return failure(std::string(key), "there is no such key" + suggested_key(key));
  }
  auto set = set_value(scenario, *known, key, value);
  if (set) return {};
  return failure(
      std::string(key),
      fmt::format("\"{}\": {}", value.substr(0, value.find_first_of("\r\n")), set.error().what));
}

}  // namespace pushbench::harness
