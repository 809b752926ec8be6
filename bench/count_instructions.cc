// Does one hot path so many times, and nothing else: count_instructions NAME TIMES. Run by
// bench/instructions.mjs under callgrind. Without arguments: as JSON, which paths there are and
// what compiled them.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bench/hot_paths.h"

namespace pushbench::bench {
namespace {

std::string compiler() {
#ifdef __clang__
  return fmt::format("clang++ {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

std::string description() {
  std::string paths;
  for (const HotPathKind& kind : hot_paths()) {
    if (!paths.empty()) paths += ", ";
    paths += fmt::format(R"("{}": {})", kind.name, kind.items);
  }
  return fmt::format("{{\"compiler\": \"{}\", \"items\": {{{}}}}}\n", compiler(), paths);
}

int run(std::string_view name, long times) {
  for (const HotPathKind& kind : hot_paths()) {
    if (kind.name != name) continue;
    const std::unique_ptr<HotPath> path = kind.make();
    for (long i = 0; i < times; ++i) path->once();
    return 0;
  }
  fmt::print(stderr, "there is no hot path {}\n", name);
  return 2;
}

}  // namespace
}  // namespace pushbench::bench

int main(int argc, char** argv) {
  if (argc == 3) return pushbench::bench::run(argv[1], std::atol(argv[2]));
  if (argc == 1) return std::fputs(pushbench::bench::description().c_str(), stdout) < 0 ? 1 : 0;
  std::fputs("count_instructions NAME TIMES; without arguments it says what there is\n", stderr);
  return 2;
}
