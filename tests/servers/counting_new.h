#pragma once

#include <cstdint>
#include <vector>

namespace pushbench::test {

/// What this process has asked of its allocator since it began. An executable that links
/// counting_new.cc counts every operator new, and what libuv takes with malloc.
struct Allocations {
  std::uint64_t count = 0;  // blocks ever taken
  std::int64_t bytes = 0;   // in blocks that are still held, as the allocator sizes them
};

Allocations allocations();

/// Blocks ever taken by each thread, in the order in which the threads took their first one; of
/// threads that have ended, too. Up to 256 threads are told apart.
std::vector<std::uint64_t> allocations_by_thread();

}  // namespace pushbench::test
