#include "tests/servers/counting_new.h"

#include <malloc.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> taken{0};
std::atomic<std::int64_t> held{0};
std::array<std::atomic<std::uint64_t>, 256> taken_by_thread{};  // the last one: by all that follow
std::atomic<std::size_t> threads{0};

std::atomic<std::uint64_t>& taken_by_this_thread() {
  thread_local const std::size_t number = threads.fetch_add(1);
  return taken_by_thread[std::min(number, taken_by_thread.size() - 1)];
}

// malloc_usable_size is what a block really occupies, so rounding up is counted too.
void* counted(void* block) {
  if (block == nullptr) return nullptr;
  taken.fetch_add(1, std::memory_order_relaxed);
  taken_by_this_thread().fetch_add(1, std::memory_order_relaxed);
  held.fetch_add(static_cast<std::int64_t>(malloc_usable_size(block)), std::memory_order_relaxed);
  return block;
}

void uncount(void* block) {
  if (block == nullptr) return;
  held.fetch_sub(static_cast<std::int64_t>(malloc_usable_size(block)), std::memory_order_relaxed);
}

void* take(std::size_t size) { return counted(std::malloc(size == 0 ? 1 : size)); }

void* take_aligned(std::size_t size, std::align_val_t alignment) {
  const auto a = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(a, (size + a - 1) / a * a));
}

void* or_throw(void* block) {
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void give_back(void* block) {
  uncount(block);
  std::free(block);
}

void* take_again(void* block, std::size_t size) {
  uncount(block);
  return counted(std::realloc(block, size));
}

void* take_zeroed(std::size_t count, std::size_t size) { return counted(std::calloc(count, size)); }

struct Installer {
  Installer() {
    if (uv_replace_allocator(take, take_again, take_zeroed, give_back) != 0) std::abort();
  }
};
const Installer installer;  // libuv asks for this before its first call, hence at load time

}  // namespace

void* operator new(std::size_t n) { return or_throw(take(n)); }
void* operator new[](std::size_t n) { return or_throw(take(n)); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return take(n); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return take(n); }
void* operator new(std::size_t n, std::align_val_t a) { return or_throw(take_aligned(n, a)); }
void* operator new[](std::size_t n, std::align_val_t a) { return or_throw(take_aligned(n, a)); }
void operator delete(void* block) noexcept { give_back(block); }
void operator delete[](void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }
void operator delete[](void* block, std::size_t) noexcept { give_back(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { give_back(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { give_back(block); }
void operator delete(void* block, std::align_val_t) noexcept { give_back(block); }
void operator delete[](void* block, std::align_val_t) noexcept { give_back(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { give_back(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { give_back(block); }

namespace pushbench::test {

Allocations allocations() {
  return {taken.load(std::memory_order_relaxed), held.load(std::memory_order_relaxed)};
}

std::vector<std::uint64_t> allocations_by_thread() {
  const std::size_t known = std::min(threads.load(), taken_by_thread.size());
  return {taken_by_thread.begin(), taken_by_thread.begin() + static_cast<std::ptrdiff_t>(known)};
}

}  // namespace pushbench::test
