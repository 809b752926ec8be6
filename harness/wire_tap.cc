#include "harness/wire_tap.h"

#include <fmt/format.h>

#include "harness/wire_view.h"

namespace pushbench::harness {

namespace {
constexpr std::size_t kMostHeld = 8 << 20;
}

void WireTap::on_bytes(std::uint32_t stream, bool up, std::string_view bytes) {
  const net::Time now = net::now();
  if (start_ && now >= *start_ + stretch_.from + stretch_.length) return;
  held_ += sizeof(WirePiece) + bytes.size();
  full_ = full_ || held_ > kMostHeld;
  if (!full_) pieces_.push_back({now, stream, up, std::string(bytes)});
}

std::optional<WireView> WireTap::view() const {
  if (!start_) return std::nullopt;
  WireView view = view_of(pieces_, *start_ + stretch_.from, stretch_.length);
  view.user = fmt::format("u{}", stretch_.user);
  view.from_s = net::seconds(stretch_.from);
  view.more = view.more || full_;
  return view;
}

}  // namespace pushbench::harness
