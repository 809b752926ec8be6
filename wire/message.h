#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wire/result.h"

namespace pushbench::wire {

using Seq = std::uint64_t;  // 1, 2, 3, … without gaps; 0 is "nothing yet"

/// What a publisher hands in. `id` is empty where the publisher gave none.
struct Draft {
  std::string_view from;
  std::string_view text;
  std::string_view id;
};

/// Bounds in bytes of UTF-8.
struct DraftLimits {
  std::size_t from = 64;
  std::size_t text = 4096;
  std::size_t id = 64;
};

/// One entry of a room, as a batch carries it. `at` is the server's clock in ms since 1970.
struct Message {
  Seq seq = 0;
  std::string_view from;
  std::string_view text;
  std::string_view id;
  std::int64_t at = 0;
};

/// Says that messages which a subscriber asked for are not to be had.
struct Gap {
  std::string_view reason;  // "expired" or "restarted"
  Seq after = 0;
  Seq oldest = 0;
  Seq last = 0;
  std::string_view epoch;
};

/// Where a subscriber stands: the last seq it has and, if it knows it, the store's epoch.
struct Cursor {
  std::string epoch;
  Seq seq = 0;
};

/// Reads "17" or "k3f9.17".
Result<Cursor> parse_cursor(std::string_view text);

void append_quoted(std::string& out, std::string_view utf8);  // as a JSON string
void append_message(std::string& out, const Message& message);
void append_gap(std::string& out, const Gap& gap);
std::string encode_draft(const Draft& draft);

/// An RFC 9457 problem object: what was wrong, and where.
std::string encode_problem(int status, std::string_view title, std::string_view detail);

/// Why a draft was refused.
struct DraftError : Error {
  bool too_long = false;  // its text is over the limit
};

/// Reads drafts; keeps its buffers from one to the next.
class DraftReader {
 public:
  explicit DraftReader(DraftLimits limits);
  ~DraftReader();
  DraftReader(const DraftReader&) = delete;
  DraftReader& operator=(const DraftReader&) = delete;

  /// The draft's views stay valid until the next read.
  tl::expected<Draft, DraftError> read(std::string_view json);

 private:
  struct Json;
  DraftLimits limits_;
  std::unique_ptr<Json> json_;
};

/// What a client finds in a batch, in order.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  virtual void on_message(const Message& message) = 0;
  virtual void on_gap(const Gap& gap) = 0;
  virtual void on_problem(std::string_view detail) = 0;
};

/// Reads what a server sends: batches, and on a WebSocket also problem objects. Those with other
/// dialects send drafts.
class BatchReader {
 public:
  BatchReader();
  ~BatchReader();
  BatchReader(const BatchReader&) = delete;
  BatchReader& operator=(const BatchReader&) = delete;

  Result<void> read(std::string_view json, BatchSink& sink);

  /// One draft, as servers of other dialects pass it on, of whatever length. Its views stay valid
  /// until the next read.
  Result<Draft> read_draft(std::string_view json);

  /// The draft of an event `["name",{draft}]`, likewise; none where the event has another name.
  Result<std::optional<Draft>> read_event(std::string_view json, std::string_view name);

 private:
  struct Json;
  std::unique_ptr<Json> json_;
};

}  // namespace pushbench::wire
