#include "report/build_words.h"

#include <fmt/format.h>

namespace pushbench::report {

std::string build_words(const harness::BuildInfo& build) {
  if (build.version.empty()) return "of a version that it does not say";
  return fmt::format("{} ({})", build.version, build.commit);
}

std::string maker_words(const harness::Context& context) {
  if (!context.server) return "pushbench " + build_words(context.build);
  return fmt::format("server {}, harness {}", build_words(*context.server),
                     build_words(context.build));
}

}  // namespace pushbench::report
