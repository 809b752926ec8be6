#include "cli/search_progress.h"

#include <fmt/format.h>

namespace pushbench::cli {

void SearchProgress::on_value(const std::string& key, const std::string& value,
                              std::uint64_t attempt) {
  line_.reset();
  line_.emplace(
      out_, repeat_, transports_,
      fmt::format("{}={}{}: ", key, value, attempt > 1 ? fmt::format(", run {}", attempt) : ""));
}

}  // namespace pushbench::cli
