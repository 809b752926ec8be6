#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/result.h"

namespace pushbench::bench {

/// A TCP connection to 127.0.0.1; closes when it goes.
class Socket {
 public:
  static Result<Socket> connected(std::uint16_t port);
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;

  int descriptor() const { return descriptor_; }
  void stop_blocking();
  /// Sends all of it, waiting for room where there is none.
  Result<void> send(std::string_view bytes) const;
  /// What came, up to `bytes` in `buffer`: a count, 0 where nothing is there, or why it ended.
  Result<std::size_t> receive(char* buffer, std::size_t bytes) const;

 private:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace pushbench::bench
