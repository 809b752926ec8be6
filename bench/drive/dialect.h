#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wire/result.h"

namespace pushbench::bench {

/// Once in the text of each message, and nowhere else in what servers send: deliveries are counted
/// by it, without reading the protocol around it.
inline constexpr std::string_view kMarker = "^~";
inline constexpr std::size_t kTextBytes = 64;

/// One step of a conversation before the measurement: what to send, and what the answer must have
/// in it. "" as answer: none comes, or it does not matter when.
struct Step {
  std::string send;
  std::string expect;
  bool whole = false;  // the answer is an HTTP response with its length, and is awaited to its end
};

/// Where one long poller stands.
struct Place {
  std::size_t messages = 0;  // that it has
  std::string session;       // our store's epoch, or Engine.IO's sid
  std::string request;       // Engine.IO's, which is the same each time
};

/// How one kind of server is subscribed to and published to over one transport: bytes, as far as
/// possible made ready beforehand.
class Dialect {
 public:
  explicit Dialect(std::string room) : room_(std::move(room)) {}
  virtual ~Dialect() = default;

  /// What a subscriber says next when `answer` came to its last step ("" at the start); a Step
  /// without `send` ends the conversation.
  virtual Step join(std::size_t step, std::string_view answer, Place& place) const = 0;

  /// What asks the server whether it counts so many subscribers, and what its answer has then; no
  /// `send` where it cannot be asked.
  virtual Step counting(std::size_t /*subscribers*/) const { return {}; }

  /// Whether each answer must be followed by a further request.
  virtual bool asks() const { return false; }
  /// Whether, instead, everybody asks once as soon as a message is there: one request for each
  /// delivery, as where polls find one waiting.
  virtual bool asks_when_published() const { return false; }
  /// After `answer`, or at the start where that is "". Valid until the next one is asked for: all
  /// who stand at the same place send the same, so that it is made once for all of them.
  virtual std::string_view request(Place&, std::string_view /*answer*/) { return {}; }

  /// Whether the first of the subscribers publishes on its connection. If not, somebody else does.
  virtual bool subscriber_publishes() const { return false; }
  virtual Step join_to_publish(std::size_t, std::string_view, Place&) const { return {}; }
  virtual std::string publishing(std::size_t messages, const Place& place) const = 0;
  /// Whether what was published must be answered before more is.
  virtual bool awaits_answer() const { return false; }

 protected:
  const std::string& room() const { return room_; }

 private:
  const std::string room_;
};

/// `name` is DIALECT/TRANSPORT as in "nchan/sse"; `host` goes into the requests.
Result<std::unique_ptr<Dialect>> make_dialect(std::string_view name, const std::string& host,
                                              const std::string& room);
std::vector<std::string_view> dialect_names();

/// The upgrade request for a WebSocket at `target`.
std::string upgrade_request(const std::string& host, const std::string& target);

/// A message's frame as a client sends it.
std::string masked_text_frame(std::string_view payload);

/// Bytes of the HTTP response at the beginning of `bytes`, or 0 if it is not whole yet.
std::size_t whole_answer(std::string_view bytes);

}  // namespace pushbench::bench
