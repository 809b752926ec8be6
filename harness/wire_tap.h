#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/wire_stretch.h"
#include "net/clock.h"
#include "net/tap.h"

namespace pushbench::harness {

/// Bytes as a user's stream was given them to write, or read them.
struct WirePiece {
  net::Time at;
  std::uint32_t connection = 1;
  bool up = false;
  std::string bytes;
};

/// Keeps what one user's connections carry from their beginning, without which a later piece could
/// not be read, to the end of a stretch. It holds 8 MiB at most.
class WireTap final : public net::Tap {
 public:
  explicit WireTap(const WireStretch& stretch) : stretch_(stretch) {}

  void begin(net::Time start) { start_ = start; }  // of the measured time
  std::uint32_t on_connect() override { return ++connections_; }
  void on_bytes(std::uint32_t stream, bool up, std::string_view bytes) override;

  const WireStretch& stretch() const { return stretch_; }
  /// What there is to see; none: the measured time did not begin.
  std::optional<WireView> view() const;

 private:
  const WireStretch stretch_;
  std::optional<net::Time> start_;
  std::uint32_t connections_ = 0;
  std::vector<WirePiece> pieces_;
  std::size_t held_ = 0;  // bytes of memory
  bool full_ = false;
};

}  // namespace pushbench::harness
