#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/result.h"

namespace pushbench::wire {

// The event stream of the WHATWG's HTML standard, section "Server-sent events".

/// What an event begins with; its data, which must be one line, and kEventEnd follow. A batch is
/// one line, since JSON escapes the control characters in its texts.
std::string event_start(std::string_view id);
inline constexpr std::string_view kEventEnd = "\n\n";
inline constexpr std::string_view kKeepAlive = ":\n\n";  // a comment: keeps the stream from idling
std::string retry_line(std::uint64_t ms);                // how long to wait before reconnecting

/// What a client finds in an event stream, in order. It must not touch the parser from within.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// `type` is "message" where the server gave none. The views are valid during the call.
  virtual void on_event(std::string_view type, std::string_view data,
                        std::string_view last_event_id) = 0;
  virtual void on_retry(std::uint64_t ms) = 0;
};

/// Reads an event stream, however it is cut. The text is UTF-8 and is passed on as it comes: who
/// reads the data finds what is not.
class EventStreamParser {
 public:
  /// `max_event` bounds in bytes what is kept of an event: its data and the line at hand.
  explicit EventStreamParser(std::size_t max_event) : max_event_(max_event) {}

  /// Fails on an event over the limit; only reset() is of use then.
  Result<void> feed(std::string_view bytes, EventSink& sink);

  /// What a client resumes with: the id as of the last blank line, so that an event which did not
  /// come whole comes again.
  std::string_view last_event_id() const { return last_id_; }

  /// Begins with a new connection: drops an unfinished event, keeps the last id.
  void reset();

 private:
  Result<void> check_size(std::size_t line) const;
  void take_line(std::string_view line, EventSink& sink);
  void take_field(std::string_view name, std::string_view value, EventSink& sink);
  void dispatch(EventSink& sink);

  std::size_t max_event_;
  std::string line_;  // as far as it has come
  std::string type_;
  std::string data_;  // every line of it with its line end
  std::string id_;    // becomes last_id_ with the next blank line
  std::string last_id_;
  bool first_line_ = true;
  bool after_cr_ = false;  // a LF now belongs to the line end that the CR was
};

}  // namespace pushbench::wire
