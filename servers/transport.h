#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "servers/answer.h"
#include "servers/counts.h"
#include "servers/exchange.h"
#include "servers/limits.h"
#include "servers/store.h"
#include "wire/extensions.h"
#include "wire/websocket.h"

namespace pushbench::servers {

/// One way for a room's messages to reach a client.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual std::string_view name() const = 0;   // in files, flags and results: "long-polling"
  virtual std::string_view route() const = 0;  // GET /rooms/{room}/<route> comes here

  /// A client asks for what comes after its cursor in exchange.room.
  virtual void on_request(Exchange& exchange) = 0;

  /// Messages were published, encoded once for all. Called at the end of a turn.
  virtual void on_published(Room& room, const Batch& batch) = 0;

  /// Whether its clients wait here for messages, or only look in.
  virtual bool waits() const { return true; }

  /// How many clients wait right now: in one room, and in all.
  virtual std::size_t subscribers(const Room& room) const = 0;
  virtual std::size_t subscribers() const = 0;

  Counts& counts() { return counts_; }  // for who counts; a transport need not know of it

 private:
  Counts counts_;
};

struct TransportOptions {
  std::size_t max_queue = 1024 * 1024;  // bytes unsent to one peer past which it is cut
  net::Duration max_hold = std::chrono::minutes(5);  // the longest `wait` of a long poll
  wire::DraftLimits draft;
  wire::MessageLimits message;                         // of a WebSocket message from a client
  std::optional<wire::DeflateParameters> compression;  // of WebSockets (RFC 7692); none: not spoken
};

/// What the transports of one server share. All outlive the transports.
struct Shared {
  MessageStore& store;
  Answers& answers;
  LimitHits& hits;
  const TransportOptions& options;
  const Deadlines& deadlines;
};

}  // namespace pushbench::servers
