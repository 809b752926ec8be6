#include "harness/wire_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "wire/deflate.h"
#include "wire/http.h"
#include "wire/websocket.h"

namespace pushbench::harness {

namespace {

constexpr wire::HttpLimits kHttpLimits{1 << 20, 64 << 20};
constexpr std::size_t kMostInflated = 64 << 20;

/// Where one direction of a connection puts its events.
class Output {
 public:
  Output(std::vector<WireEvent>& events, std::uint32_t connection, bool up)
      : events_(events), connection_(connection), up_(up) {}

  void set_time(std::int64_t at_us) { at_us_ = at_us; }
  void put(const char* kind, std::string head, std::string body, std::size_t head_bytes,
           std::size_t body_bytes) {
    last_ = events_.size();
    events_.push_back(
        {at_us_, up_, connection_, kind, std::move(head), std::move(body), head_bytes, body_bytes});
  }
  WireEvent& last() { return events_[last_]; }

 private:
  std::vector<WireEvent>& events_;
  const std::uint32_t connection_;
  const bool up_;
  std::int64_t at_us_ = 0;
  std::size_t last_ = 0;
};

/// An event stream in blocks, each up to its empty line: with every byte around the data, which
/// wire::EventStreamParser does not tell. Lines end as this server ends them, with LF.
class EventBlocks {
 public:
  explicit EventBlocks(Output& out) : out_(out) {}

  /// Bytes of chunks around the stream: what ends a chunk belongs to the block that it ends with.
  void take_framing(std::string_view bytes) {
    const std::string_view end = bytes.substr(0, chunk_end_);
    chunk_end_ -= end.size();
    if (!end.empty()) {
      out_.last().head += end;
      out_.last().head_bytes += end.size();
    }
    head_ += bytes.substr(end.size());
  }

  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      chunk_end_ = 0;
      const std::size_t size = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
      line_ += bytes.substr(0, size);
      bytes.remove_prefix(size);
      if (line_.back() == '\n') take_line(std::exchange(line_, {}));
    }
  }

  /// The stream has ended: what is left is the last chunk.
  void finish() {
    if (!head_.empty()) put();
  }

 private:
  void take_line(std::string_view line) {
    constexpr std::string_view kData = "data:";
    if (line == "\n") {
      head_ += line;
      put();
      chunk_end_ = wire::kChunkEnd.size();
    } else if (line.starts_with(kData)) {
      const std::size_t begin = kData.size() + (line[kData.size()] == ' ' ? 1 : 0);
      const std::string_view data = line.substr(begin, line.size() - begin - 1);
      head_.append(line.substr(0, begin)) += '\n';
      if (body_bytes_ > 0) body_ += '\n';
      body_ += data;
      body_bytes_ += data.size();
    } else {
      head_ += line;
    }
  }

  void put() {
    const std::size_t head_bytes = head_.size();
    out_.put("event", std::exchange(head_, {}), std::exchange(body_, {}), head_bytes,
             std::exchange(body_bytes_, 0));
  }

  Output& out_;
  std::string line_;
  std::string head_;
  std::string body_;
  std::size_t body_bytes_ = 0;
  std::size_t chunk_end_ = 0;  // bytes that may follow the block that has just ended
};

bool is_event_stream(const wire::HttpMessage& answer) {
  const std::string_view type = answer.header("Content-Type");
  return wire::equals_ignoring_case(type.substr(0, type.find(';')), "text/event-stream");
}

/// HTTP in one direction: messages, or an event stream that a response turns into.
class HttpWay final : private wire::BodySink {
 public:
  HttpWay(Output& out, bool up)
      : out_(out),
        kind_(up ? "request" : "response"),
        blocks_(out),
        parser_(up ? wire::HttpParser::Kind::requests : wire::HttpParser::Kind::responses,
                kHttpLimits, up ? nullptr : static_cast<wire::BodySink*>(this)) {}

  /// Takes bytes up to the end of a message, or all. False: they are not HTTP.
  bool take(std::string_view& bytes) {
    piece_ = bytes;
    split_ = 0;
    upgraded_ = false;
    const auto fed = parser_.feed(bytes);
    if (!fed) return false;
    bytes.remove_prefix(fed->consumed);
    piece_ = piece_.substr(0, fed->consumed);
    if (streams_) {
      blocks_.take_framing(piece_.substr(split_));
    } else {
      message_ += piece_;
    }
    if (fed->complete) end_message();
    return true;
  }

  bool upgraded() const { return upgraded_; }  // the message that has just ended was a 101

 private:
  void end_message() {
    const wire::HttpMessage& message = parser_.message();
    if (streams_) {
      blocks_.finish();
    } else {
      const std::size_t body = message.body().size();
      out_.put(kind_, message_.substr(0, parser_.head_size()), std::string(message.body()),
               message_.size() - body, body);
    }
    upgraded_ = message.status() == 101;
    streams_ = false;
    message_.clear();
    parser_.next();
  }

  bool on_head(const wire::HttpMessage& message) override {
    streams_ = is_event_stream(message);
    if (!streams_) return false;
    split_ = parser_.head_size() - message_.size();
    message_ += piece_.substr(0, split_);
    out_.put(kind_, message_, {}, message_.size(), 0);
    return true;
  }

  /// `body` lies in the piece that the parser was given; what lies before it is framing.
  void on_body(std::string_view body) override {
    const auto at = static_cast<std::size_t>(body.data() - piece_.data());
    blocks_.take_framing(piece_.substr(split_, at - split_));
    blocks_.take(body);
    split_ = at + body.size();
  }

  Output& out_;
  const char* const kind_;
  EventBlocks blocks_;
  wire::HttpParser parser_;
  std::string message_;     // as far as it has come; of an event stream the head
  std::string_view piece_;  // that the parser is given
  std::size_t split_ = 0;   // how far blocks_ have it
  bool streams_ = false;
  bool upgraded_ = false;
};

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += fmt::format("{}{:02x}", text.empty() ? "" : " ", static_cast<std::uint8_t>(byte));
  }
  return text;
}

/// Frames in one direction, each as it is: unlike wire::WebSocketDecoder, which gives messages.
class FrameWay {
 public:
  explicit FrameWay(Output& out) : out_(out) {}

  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!frame_) {
        collect(header_, header_size(), bytes);
        if (header_.size() < 2 || header_.size() < header_size()) continue;
        frame_ = wire::decode_frame_header(header_);
      }
      collect(payload_, frame_->length, bytes);
      if (payload_.size() == frame_->length) end_frame();
    }
  }

 private:
  std::size_t header_size() const {
    return header_.size() < 2 ? 2 : wire::frame_header_size(header_[1]);
  }
  static void collect(std::string& into, std::uint64_t size, std::string_view& bytes) {
    const std::size_t taken = std::min<std::uint64_t>(size - into.size(), bytes.size());
    into += bytes.substr(0, taken);
    bytes.remove_prefix(taken);
  }

  void end_frame() {
    const std::size_t size = payload_.size();
    if (frame_->mask) wire::apply_mask(payload_, *frame_->mask, 0);
    const bool control = frame_->opcode >= wire::Opcode::close;
    if (!control && frame_->opcode != wire::Opcode::continuation) compressed_ = frame_->compressed;
    if (!control && compressed_) payload_ = inflated();
    out_.put("frame", hex(header_), std::move(payload_), header_.size(), size);
    frame_.reset();
    header_.clear();
    payload_.clear();
  }

  /// With the largest window and a context, which read what any other parameters wrote.
  std::string inflated() {
    using Outcome = wire::Inflater::Outcome;
    std::string text;
    auto outcome = Outcome::corrupt;
    if (inflater_) outcome = inflater_->inflate(payload_, kMostInflated, text);
    if (outcome == Outcome::ok && frame_->final) {
      outcome = inflater_->end_message(kMostInflated, text);
    }
    if (outcome == Outcome::ok) return text;
    inflater_.reset();
    return "(compressed)";
  }

  Output& out_;
  std::string header_;
  std::string payload_;
  std::optional<wire::FrameHeader> frame_;  // the header is whole
  bool compressed_ = false;                 // the message at hand
  std::optional<wire::Inflater> inflater_{std::in_place, 15, true};
};

/// One connection, both ways.
class Connection {
 public:
  Connection(std::vector<WireEvent>& events, std::uint32_t number)
      : up_(events, number, true), down_(events, number, false) {}

  void take(std::int64_t at_us, bool up, std::string_view bytes) {
    Way& way = up ? up_ : down_;
    way.out.set_time(at_us);
    while (!bytes.empty() && !upgraded_ && !unreadable_) {
      unreadable_ = !way.http.take(bytes);
      upgraded_ = way.http.upgraded();
    }
    if (upgraded_) way.frames.take(bytes);
  }

  bool unreadable() const { return unreadable_; }

 private:
  struct Way {
    Way(std::vector<WireEvent>& events, std::uint32_t number, bool up)
        : out(events, number, up), http(out, up), frames(out) {}
    Output out;
    HttpWay http;
    FrameWay frames;
  };

  Way up_;
  Way down_;
  bool upgraded_ = false;
  bool unreadable_ = false;
};

}  // namespace

Decoded decode(std::span<const WirePiece> pieces, net::Time start) {
  Decoded decoded;
  std::map<std::uint32_t, Connection> connections;
  for (const WirePiece& piece : pieces) {
    Connection& connection =
        connections.try_emplace(piece.connection, decoded.events, piece.connection).first->second;
    connection.take(net::microseconds(piece.at - start), piece.up, piece.bytes);
  }
  decoded.unreadable = std::any_of(connections.begin(), connections.end(),
                                   [](const auto& entry) { return entry.second.unreadable(); });
  return decoded;
}

}  // namespace pushbench::harness
