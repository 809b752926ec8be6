#pragma once

#include <cstdint>
#include <string_view>

namespace pushbench::net {

/// Sees what the streams that it was given to write and read, above TLS. It outlives them.
class Tap {
 public:
  virtual std::uint32_t on_connect() = 0;  // what to call a new stream by
  /// `up`: as it was given to the stream to write; else as it was read, before anybody else has it.
  virtual void on_bytes(std::uint32_t stream, bool up, std::string_view bytes) = 0;

 protected:
  ~Tap() = default;
};

}  // namespace pushbench::net
