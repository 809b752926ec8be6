#include "report/verdict_story.h"

#include <fmt/format.h>

#include <cmath>

#include "report/numbers.h"

namespace pushbench::report {

std::vector<std::string> Story::names(const std::vector<std::size_t>& transports) const {
  std::vector<std::string> names;
  for (const std::size_t i : transports) names.push_back(name(i));
  return names;
}

std::string list(const std::vector<std::string>& parts, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? fmt::format(" {} ", last) : ", ";
    text += parts[i];
  }
  return text;
}

}  // namespace pushbench::report
