#include "harness/lab.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "harness/lab_keys.h"
#include "harness/scenario.h"
#include "harness/toml_file.h"
#include "wire/number.h"

namespace pushbench::harness {

namespace fs = std::filesystem;

namespace {

constexpr const char* kLabFile = "lab.toml";
constexpr std::size_t kLongestName = 32;

/// What figures and folders are called by.
bool is_name(std::string_view name) {
  const auto fits = [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-' || c == '_';
  };
  return name.size() <= kLongestName &&
         std::islower(static_cast<unsigned char>(name.front())) != 0 && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), fits);
}

/// Reads the tables of one file, first their keys and then what only fits together.
class Reader {
 public:
  Reader(std::string path, const std::vector<std::string>& transports)
      : path_(std::move(path)), transports_(transports) {}

  Result<Lab> read(const toml::table& file);

 private:
  /// Every key is known and of its form, and none is missing.
  template <class Whole>
  Result<void> read_keys(const toml::table& table, std::span<const LabKey<Whole>> keys,
                         Whole& whole) const;
  Result<void> read_run(const toml::table& table);
  Result<void> read_question(const toml::table& table);
  Result<void> read_check(const toml::table& table);
  Result<void> read_knob(const toml::table& table);
  Result<const QuantityUnit*> unit_of(const toml::table& table, const RawQuestion& question,
                                      const Dimension& dimension) const;
  Result<void> check_name(const toml::table& table, const char* key, const std::string& name);

  tl::unexpected<Error> wrong(const toml::node& node, const std::string& what) const {
    return failure(place_in(path_, node.source()), what);
  }
  tl::unexpected<Error> wrong(const toml::table& table, const char* key,
                              const std::string& what) const {
    return wrong(*table.get(key), fmt::format("{}: {}", key, what));
  }

  const std::string path_;
  const std::vector<std::string>& transports_;
  Lab lab_;
  LabNames names_;
  std::set<std::string> taken_;  // names of runs and questions
};

template <class Whole>
Result<void> Reader::read_keys(const toml::table& table, std::span<const LabKey<Whole>> keys,
                               Whole& whole) const {
  for (const auto& [key, node] : table) {
    const auto found = std::find_if(
        keys.begin(), keys.end(),
        [&name = key](const LabKey<Whole>& known) { return known.name == name.str(); });
    if (found == keys.end()) {
      std::vector<std::string_view> known;
      for (const LabKey<Whole>& each : keys) known.push_back(each.name);
      return failure(place_in(path_, key.source()),
                     fmt::format("{}: there is no such key{} There are: {}", key.str(),
                                 suggestion(key.str(), known), fmt::join(known, ", ")));
    }
    if (!found->set(whole, node)) {
      return wrong(node, fmt::format("{}: takes {}", key.str(), found->takes));
    }
  }
  for (const LabKey<Whole>& key : keys) {
    if (!key.required || table.contains(key.name)) continue;
    return wrong(table, fmt::format("{}: is missing; it takes {}", key.name, key.takes));
  }
  return {};
}

Result<void> Reader::check_name(const toml::table& table, const char* key,
                                const std::string& name) {
  if (!is_name(name)) {
    return wrong(
        table, key,
        fmt::format("\"{}\": write 1 to {} of a-z 0-9 - _, a letter first", name, kLongestName));
  }
  if (name == "prediction")
    return wrong(table, key, "\"prediction\" means something else in checks");
  if (taken_.insert(name).second) return {};
  return wrong(table, key, fmt::format("\"{}\": there is one of this name already", name));
}

Result<void> Reader::read_run(const toml::table& table) {
  LabRun run;
  if (auto read = read_keys(table, run_keys(), run); !read) return read;
  if (auto named = check_name(table, "name", run.name); !named) return named;
  for (const std::string& name : run.transports) {
    if (std::find(transports_.begin(), transports_.end(), name) != transports_.end()) continue;
    return wrong(table, "transports",
                 fmt::format("\"{}\": there is no such transport{} There are: {}", name,
                             suggestion(name, {transports_.begin(), transports_.end()}),
                             fmt::join(transports_, ", ")));
  }
  // In the order of every run.
  std::vector<std::string> ordered;
  for (const std::string& known : transports_) {
    const auto& asked = run.transports;
    const bool is_asked = std::find(asked.begin(), asked.end(), known) != asked.end();
    if (asked.empty() || is_asked) ordered.push_back(known);
  }
  run.transports = std::move(ordered);
  names_.runs.push_back({run.name, run.transports});
  lab_.runs.push_back(std::move(run));
  return {};
}

Result<const QuantityUnit*> Reader::unit_of(const toml::table& table, const RawQuestion& question,
                                            const Dimension& dimension) const {
  const QuantityUnit* const unit =
      question.unit ? find_unit(*question.unit) : usual_unit(dimension);
  if (unit != nullptr && unit->dimension.fits(dimension)) return unit;
  if (!question.unit) {
    return wrong(
        table, "figure",
        fmt::format("is {}, which has no unit that one could answer in", name_of(dimension)));
  }
  return wrong(table, "unit",
               fmt::format("\"{}\" is no unit of the figure, which is {}; write one of {}",
                           *question.unit, name_of(dimension), units_for(dimension)));
}

Result<void> Reader::read_question(const toml::table& table) {
  RawQuestion raw;
  if (auto read = read_keys(table, question_keys(), raw); !read) return read;
  if (auto named = check_name(table, "id", raw.id); !named) return named;
  LabNames runs_only;
  runs_only.runs = names_.runs;
  auto figure = parse_lab_expression(raw.figure, runs_only);
  if (!figure) return wrong(table, "figure", figure.error().line());
  const auto unit = unit_of(table, raw, figure->dimension);
  if (!unit) return tl::unexpected(unit.error());
  names_.predictions.push_back({raw.id, figure->dimension});
  lab_.questions.push_back({std::move(raw.id), std::move(raw.ask), *unit, std::move(*figure)});
  return {};
}

Result<void> Reader::read_check(const toml::table& table) {
  RawCheck raw;
  if (auto read = read_keys(table, check_keys(), raw); !read) return read;
  auto says = parse_lab_condition(raw.says, names_);
  if (!says) return wrong(table, "says", says.error().line());
  lab_.checks.push_back({std::move(*says), std::move(raw.hint)});
  return {};
}

Result<void> Reader::read_knob(const toml::table& table) {
  LabKnob knob;
  if (auto read = read_keys(table, knob_keys(), knob); !read) return read;
  if (lab_.run(knob.run) == nullptr) {
    std::vector<std::string_view> known;
    for (const LabRun& run : lab_.runs) known.push_back(run.name);
    return wrong(table, "run",
                 fmt::format("\"{}\": there is no such run{} There are: {}", knob.run,
                             suggestion(knob.run, known), fmt::join(known, ", ")));
  }
  const std::string key = knob.set.substr(0, knob.set.find('='));
  if (key == knob.set || find_key(key) == nullptr) {
    return wrong(table, "set",
                 key == knob.set
                     ? "write KEY=VALUE, as in \"users.count=50\""
                     : fmt::format("{}: there is no such key{}", key, suggested_key(key)));
  }
  lab_.knob = std::move(knob);
  return {};
}

Result<Lab> Reader::read(const toml::table& file) {
  RawLab raw;
  if (auto read = read_keys(file, lab_keys(), raw); !read) return tl::unexpected(read.error());
  lab_.folder = fs::path(path_).parent_path().string();
  lab_.minutes = raw.minutes;
  lab_.runs_take = raw.runs_take;
  lab_.title = std::move(raw.title);
  lab_.lesson = std::move(raw.lesson);
  for (const toml::table* table : raw.runs) {
    if (auto read = read_run(*table); !read) return tl::unexpected(read.error());
  }
  for (const toml::table* table : raw.questions) {
    if (auto read = read_question(*table); !read) return tl::unexpected(read.error());
  }
  for (const toml::table* table : raw.checks) {
    if (auto read = read_check(*table); !read) return tl::unexpected(read.error());
  }
  if (raw.knob != nullptr) {
    if (auto read = read_knob(*raw.knob); !read) return tl::unexpected(read.error());
  }
  return std::move(lab_);
}

}  // namespace

const LabQuestion* Lab::question(std::string_view id) const {
  const auto found = std::find_if(questions.begin(), questions.end(),
                                  [id](const LabQuestion& known) { return known.id == id; });
  return found == questions.end() ? nullptr : &*found;
}

const LabRun* Lab::run(std::string_view name) const {
  const auto found = std::find_if(runs.begin(), runs.end(),
                                  [name](const LabRun& known) { return known.name == name; });
  return found == runs.end() ? nullptr : &*found;
}

std::vector<std::uint64_t> lab_numbers(const std::string& folder) {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::uint64_t number = 0;
    std::error_code ignored;
    if (wire::read_number(entry->path().filename().string(), number) &&
        fs::exists(entry->path() / kLabFile, ignored)) {
      numbers.push_back(number);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<Lab> load_lab(const std::string& folder, std::uint64_t number,
                     const std::vector<std::string>& transports) {
  const std::vector<std::uint64_t> known = lab_numbers(folder);
  if (std::find(known.begin(), known.end(), number) == known.end()) {
    return failure(
        fmt::format("lab {}", number),
        fmt::format("there is no such lab in {}. There are: {}", folder, fmt::join(known, ", ")));
  }
  const std::string path = (fs::path(folder) / std::to_string(number) / kLabFile).string();
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return failure(path, "cannot be read");
  auto lab = parse_lab(text.str(), path, transports);
  if (lab) lab->number = number;
  return lab;
}

Result<Lab> parse_lab(const std::string& toml, const std::string& path,
                      const std::vector<std::string>& transports) {
  const auto table = parse_toml(toml, path);
  if (!table) return tl::unexpected(table.error());
  return Reader(path, transports).read(*table);
}

}  // namespace pushbench::harness
