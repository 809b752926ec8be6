#include "harness/scenario_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/scenario_check.h"
#include "harness/toml_file.h"

namespace pushbench::harness {

namespace fs = std::filesystem;

namespace {

/// What each form looks like in a file.
struct FormText {
  std::string_view form;
  std::string_view takes;
};

constexpr FormText kForms[] = {
    {"duration", "a duration in quotes, with its unit, as in \"250ms\""},
    {"size", "a size in quotes, with its unit, as in \"16KiB\""},
    {"rate", "a rate in quotes, with its unit, as in \"2/s\""},
    {"bandwidth", "a bandwidth in quotes, with its unit, as in \"1Mbit/s\", or \"unlimited\""},
    {"count", "a whole number without quotes, as in 100"},
    {"factor", "a number without quotes, as in 1.5"},
    {"share", "a number without quotes, as in 0.25"},
    {"flag", "true or false, without quotes"},
    {"text", "a text in quotes"},
    {"path", "a path in quotes"},
    {"moments", "a list of durations, as in [\"5s\", \"10s\"]"},
};

std::string what_it_takes(const ScenarioKey& key) {
  if (key.form == "word") return fmt::format("one word in quotes of {}", key.range);
  for (const FormText& form : kForms) {
    if (form.form == key.form) return std::string(form.takes);
  }
  return std::string(key.form);
}

bool is_of_form(const toml::node& node, std::string_view form) {
  if (form == "count") return node.is_integer();
  if (form == "factor" || form == "share") return node.is_number();
  if (form == "flag") return node.is_boolean();
  if (form != "moments" || node.is_string()) return node.is_string();
  const toml::array* const list = node.as_array();
  return list != nullptr && std::all_of(list->begin(), list->end(),
                                        [](const toml::node& item) { return item.is_string(); });
}

/// A value as one would write it behind --set: keys are set from text in one way only.
std::string text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) return fmt::format("{}", integer->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  std::vector<std::string> items;
  for (const toml::node& item : *node.as_array()) items.push_back(text_of(item));
  return fmt::format("{}", fmt::join(items, ","));
}

/// Sets a scenario's keys from a file and from overrides, and remembers where each was set.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {
    scenario_.name = fs::path(path).stem().string();
    scenario_.folder = fs::path(path).parent_path().string();
  }

  /// Walks the tables down to the values, whose keys are their paths with dots.
  Result<void> read(const toml::table& table, const std::string& prefix = "") {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string(key.str());
      const toml::table* const inner = node.as_table();
      const bool goes_on = inner != nullptr && find_key(name) == nullptr && !inner->empty();
      auto set = goes_on ? read(*inner, name + ".") : read_value(name, key.source(), node);
      if (!set) return set;
    }
    return {};
  }

  Result<void> override_with(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      return failure("--set " + text, "write key=value, as in --set users.count=500");
    }
    const std::string name = text.substr(0, equals);
    const auto set = set_key(scenario_, name, text.substr(equals + 1));
    if (!set) return failure("--set " + text, set.error().line());
    origins_[name] = {"--set " + text, 0, true};
    return {};
  }

  /// The scenario, if its keys fit together.
  Result<Scenario> finish() {
    auto misfit = find_meaningless(scenario_, origins_);
    if (!misfit) misfit = find_contradiction(scenario_);
    if (misfit) return complain(*misfit);
    if (scenario_.presence == Presence::at_once) scenario_.join_time = net::Duration::zero();
    scenario_.headers_place = place_of("http.headers");
    scenario_.trace_place = place_of("traffic.trace");
    return std::move(scenario_);
  }

 private:
  std::string place(const toml::source_region& region) const { return place_in(path_, region); }

  std::string place_of(const std::string& key) const {
    const auto origin = origins_.find(key);
    return origin == origins_.end() ? "" : origin->second.where;
  }

  Result<void> read_value(const std::string& name, const toml::source_region& key_region,
                          const toml::node& node) {
    const ScenarioKey* const key = find_key(name);
    if (key == nullptr) return read_stranger(name, key_region, node);
    const std::string where = place(node.source());
    if (!is_of_form(node, key->form)) {
      return failure(
          where, fmt::format("{}: is {}; it takes {}", name, type_of(node), what_it_takes(*key)));
    }
    if (const auto set = set_key(scenario_, name, text_of(node)); !set) {
      return failure(where, set.error().line());
    }
    origins_[name] = {where, node.source().begin.line, false};
    return {};
  }

  /// What is no key: a table's name without its keys, or nothing known.
  Result<void> read_stranger(const std::string& name, const toml::source_region& region,
                             const toml::node& node) {
    const auto& keys = scenario_keys();
    const std::string prefix = name + ".";
    const bool is_group = find_key(prefix + "share") != nullptr;
    const bool is_table = is_group || std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
                            return key.name.starts_with(prefix);
                          });
    const bool lacks_name = !node.is_table() && name.starts_with("group.") &&
                            find_key("group.NAME" + name.substr(name.find('.'))) != nullptr;
    if (!is_table || lacks_name) return failure(place(region), unknown(name, node.is_table()));
    if (!node.is_table()) {
      return failure(place(region), fmt::format("{}: is {}; it takes keys of its own, below [{}]",
                                                name, type_of(node), name));
    }
    if (!is_group) return {};
    return failure(place(region), fmt::format("{}share: is missing", prefix));
  }

  std::string unknown(const std::string& name, bool is_table) {
    if (!is_table) return set_key(scenario_, name, "").error().line();
    std::vector<std::string_view> tables;
    for (const ScenarioKey& key : scenario_keys()) {
      const std::size_t dot = key.name.rfind('.');
      if (dot != std::string::npos) tables.push_back(std::string_view(key.name).substr(0, dot));
    }
    const std::string best = nearest(name, tables);
    return fmt::format("{}: there is no such table{}", name,
                       best.empty() ? "." : fmt::format("; did you mean [{}]?", best));
  }

  /// Tells both places, as far as the two keys were set at all.
  tl::unexpected<Error> complain(const Misfit& misfit) const {
    const std::string what = fmt::format("{}: {}", misfit.key, misfit.what);
    const auto key = origins_.find(misfit.key);
    const auto other = origins_.find(misfit.other);
    if (key == origins_.end()) {
      return failure(other == origins_.end() ? place_near(misfit.key) : other->second.where, what);
    }
    if (misfit.other.empty()) return failure(key->second.where, what);
    return failure(key->second.where,
                   fmt::format("{} ({}: {})", what, misfit.other, told(misfit.other, key->second)));
  }

  /// Of a key that was not set: where one beside it was, else the file.
  std::string place_near(const std::string& name) const {
    const std::string table = name.substr(0, name.rfind('.') + 1);
    const auto near = origins_.lower_bound(table);
    return near == origins_.end() || !near->first.starts_with(table) ? path_ : near->second.where;
  }

  /// The other key's place, for one who knows that of the first.
  std::string told(const std::string& other, const Origin& first) const {
    const auto origin = origins_.find(other);
    if (origin == origins_.end()) return fmt::format("{} by default", find_key(other)->usual);
    const bool is_near = !first.by_override && !origin->second.by_override;
    return is_near ? fmt::format("line {}", origin->second.line) : origin->second.where;
  }

  const std::string path_;
  Scenario scenario_;
  Origins origins_;
};

}  // namespace

Result<Scenario> parse_scenario(const std::string& toml, const std::string& path,
                                const std::vector<std::string>& overrides) {
  const auto table = parse_toml(toml, path);
  if (!table) return tl::unexpected(table.error());
  Reader reader(path);
  if (auto read = reader.read(*table); !read) return tl::unexpected(read.error());
  for (const std::string& text : overrides) {
    if (auto set = reader.override_with(text); !set) return tl::unexpected(set.error());
  }
  return reader.finish();
}

std::vector<std::string> shipped_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() != ".toml") continue;
    names.push_back(entry->path().lexically_relative(folder).replace_extension().generic_string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

namespace {

tl::unexpected<Error> no_scenario(const std::string& name, const std::string& shipped_folder) {
  const std::vector<std::string> names = shipped_names(shipped_folder);
  return failure(
      name, fmt::format("there is no such scenario{} There are: {}, and paths to .toml "
                        "files",
                        suggestion(name, {names.begin(), names.end()}), fmt::join(names, ", ")));
}

}  // namespace

Result<Scenario> load_scenario(const std::string& name, const std::string& shipped_folder,
                               const std::vector<std::string>& overrides) {
  const bool is_path = name.ends_with(".toml") || name.starts_with('.') || name.starts_with('/');
  const std::string shipped = (fs::path(shipped_folder) / (name + ".toml")).string();
  const std::string path = is_path || !fs::exists(shipped) ? name : shipped;
  std::ifstream file(path);
  if (is_path && fs::is_directory(path)) {
    return failure(name, "is a folder; name a .toml file");
  }
  if (!file || fs::is_directory(path)) {
    return is_path ? failure(name, "there is no such file") : no_scenario(name, shipped_folder);
  }
  std::ostringstream text;
  text << file.rdbuf();
  return parse_scenario(text.str(), path, overrides);
}

}  // namespace pushbench::harness
