#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace pushbench::bench {

/// One of the things that happen most often while a run goes on, to be done any number of times.
/// All that it needs is made beforehand.
class HotPath {
 public:
  virtual ~HotPath() = default;
  virtual void once() = 0;
};

struct HotPathKind {
  std::string_view name;
  std::size_t items;  // that once() does: an operation, or a delivery to each of so many
  std::unique_ptr<HotPath> (*make)();
};

/// The five that most of the CPU time goes to, here and in the server.
const std::vector<HotPathKind>& hot_paths();

}  // namespace pushbench::bench
