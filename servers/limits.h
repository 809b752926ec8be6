#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "net/clock.h"

namespace pushbench::servers {

/// What bounds a peer, each by the flag of `serve` that sets it.
enum class Limit : std::size_t {
  max_connections,
  open_files,
  max_rooms,
  max_subscribers,
  max_head,
  max_body,
  max_text,
  max_message,
  max_fragments,
  max_queue,
  header_time,
  body_time,
  idle_time,
  ping_time,
  close_time,
  allow_origin,
  token_file,
};

inline constexpr std::array<std::string_view, 17> kLimitNames{
    "max-connections", "open-files", "max-rooms",   "max-subscribers", "max-head",
    "max-body",        "max-text",   "max-message", "max-fragments",   "max-queue",
    "header-time",     "body-time",  "idle-time",   "ping-time",       "close-time",
    "allow-origin",    "token-file"};

/// How often each limit was hit, for /metrics.
class LimitHits {
 public:
  void count(Limit limit) { ++hits_[static_cast<std::size_t>(limit)]; }
  std::uint64_t of(Limit limit) const { return hits_[static_cast<std::size_t>(limit)]; }

 private:
  std::array<std::uint64_t, kLimitNames.size()> hits_{};
};

/// How long a peer may take. None of them is extended by bytes that trickle in.
struct Deadlines {
  net::Duration header = std::chrono::seconds(10);  // TLS handshake and head, or a later head alone
  net::Duration body = std::chrono::seconds(30);    // from the head's end to the body's
  net::Duration idle = std::chrono::seconds(75);    // between requests, or reading an answer
  net::Duration keep_alive = std::chrono::seconds(25);  // silence before a ping or a comment line
  net::Duration ping = std::chrono::seconds(20);        // for a sign of life after it
  net::Duration close = std::chrono::seconds(2);        // for the peer's half of a goodbye
};

}  // namespace pushbench::servers
