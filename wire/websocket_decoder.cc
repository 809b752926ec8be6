#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "wire/utf8.h"
#include "wire/websocket.h"

namespace pushbench::wire {

namespace {

constexpr std::uint8_t kFinal = 0x80;     // first byte
constexpr std::uint8_t kRsv1 = 0x40;      // first byte: compressed
constexpr std::uint8_t kRsv2And3 = 0x30;  // first byte
constexpr std::uint8_t kOpcode = 0x0F;    // first byte
constexpr std::uint8_t kMasked = 0x80;    // second byte
constexpr std::uint8_t kLength = 0x7F;    // second byte

FrameError protocol_error(std::string_view what) { return {CloseCode::protocol_error, what}; }
FrameError not_utf8(std::string_view what) { return {CloseCode::invalid_payload, what}; }
FrameError too_big() { return {CloseCode::too_big, "the message is longer than the limit"}; }

std::uint64_t big_endian(std::span<const char> bytes) {
  std::uint64_t n = 0;
  for (const char b : bytes) n = n << 8 | static_cast<std::uint8_t>(b);
  return n;
}

bool is_known(Opcode opcode) {
  return opcode <= Opcode::binary || (opcode >= Opcode::close && opcode <= Opcode::pong);
}

bool is_control(Opcode opcode) { return opcode >= Opcode::close; }

/// §7.4: what may stand in a close frame.
bool may_be_sent(std::uint64_t code) {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code <= 4999);
}

bool is_utf8(std::string_view text) {
  Utf8Checker checker;
  return checker.feed(text) && checker.complete();
}

/// What is known of the message of which frames come in.
struct IncomingMessage {
  Opcode type = Opcode::text;
  bool compressed = false;
  std::size_t fragments = 0;    // frames so far, the one at hand included
  std::uint64_t announced = 0;  // bytes that their headers announce
  Utf8Checker utf8;
  std::string payload;  // so far; stays empty where the payload comes in one piece
};

}  // namespace

/// Where a decoder is in its frames and messages.
class WebSocketDecoder::Reading {
 public:
  /// `payload_size` is set with each message, before the sink gets it.
  Reading(Role role, const MessageLimits& limits, std::uint64_t& payload_size)
      : role_(role), limits_(limits), payload_size_(payload_size) {}

  void set_compression(const DeflateParameters& parameters);
  std::optional<FrameError> feed(std::span<char> bytes, FrameSink& sink);

  /// Whether the next byte begins a message, and nothing of those before is of use to it.
  bool at_rest() const {
    return state_ == State::first_two_bytes && collected_ == 0 && !message_ && !inflater_;
  }

 private:
  using Problem = std::optional<FrameError>;
  enum class State { first_two_bytes, rest_of_header, payload, ended };

  bool collect_header(std::span<char>& bytes, std::size_t size);
  Problem check_first_two_bytes();
  Problem check_place_of_frame() const;
  Problem begin_payload();
  std::uint64_t longest_payload() const;

  Problem take_payload(std::span<char>& bytes, FrameSink& sink);
  Problem take_control(std::string_view piece, FrameSink& sink);
  Problem take_data(std::string_view piece, FrameSink& sink);
  Problem take_compressed(std::string_view piece, FrameSink& sink);
  Problem end_control(std::string_view payload, FrameSink& sink);
  Problem end_close(std::string_view payload, FrameSink& sink);
  Problem end_message(std::string_view only_piece, FrameSink& sink);

  bool frame_is_whole() const { return taken_ == frame_.length; }
  bool message_is_whole() const { return frame_is_whole() && frame_.final; }
  void end();

  const Role role_;
  const MessageLimits limits_;
  std::uint64_t& payload_size_;
  State state_ = State::first_two_bytes;
  std::array<char, kMaxFrameHeader> header_{};
  std::size_t collected_ = 0;  // bytes of header_ that are there
  FrameHeader frame_;          // the frame at hand
  std::uint64_t taken_ = 0;    // bytes of its payload that came
  std::optional<IncomingMessage> message_;
  std::string control_;  // a control frame that came in pieces, perhaps between a message's frames
  std::optional<Inflater> inflater_;
};

WebSocketDecoder::WebSocketDecoder(Role role, MessageLimits limits)
    : role_(role), limits_(limits) {}
WebSocketDecoder::~WebSocketDecoder() = default;

void WebSocketDecoder::set_compression(const DeflateParameters& parameters) {
  reading_ = std::make_unique<Reading>(role_, limits_, payload_size_);
  reading_->set_compression(parameters);
}

std::optional<FrameError> WebSocketDecoder::feed(std::span<char> bytes, FrameSink& sink) {
  if (reading_ == nullptr) {
    // Whole messages, which most reads bring, leave nothing to be held.
    Reading reading(role_, limits_, payload_size_);
    const std::optional<FrameError> problem = reading.feed(bytes, sink);
    if (!reading.at_rest()) reading_ = std::make_unique<Reading>(std::move(reading));
    return problem;
  }
  const std::optional<FrameError> problem = reading_->feed(bytes, sink);
  if (reading_->at_rest()) reading_.reset();
  return problem;
}

void WebSocketDecoder::Reading::set_compression(const DeflateParameters& parameters) {
  if (role_ == Role::server) {
    inflater_.emplace(parameters.client_max_window_bits, !parameters.client_no_context_takeover);
  } else {
    inflater_.emplace(parameters.server_max_window_bits, !parameters.server_no_context_takeover);
  }
}

std::optional<FrameError> WebSocketDecoder::Reading::feed(std::span<char> bytes, FrameSink& sink) {
  Problem problem;
  while (!problem && state_ != State::ended) {
    if (state_ == State::first_two_bytes) {
      if (!collect_header(bytes, 2)) break;
      problem = check_first_two_bytes();
    } else if (state_ == State::rest_of_header) {
      if (!collect_header(bytes, frame_header_size(header_[1]))) break;
      problem = begin_payload();
    } else {
      if (bytes.empty() && !frame_is_whole()) break;  // an empty payload needs no further byte
      problem = take_payload(bytes, sink);
    }
  }
  if (problem) end();
  return problem;
}

bool WebSocketDecoder::Reading::collect_header(std::span<char>& bytes, std::size_t size) {
  const std::size_t n = std::min(bytes.size(), size - collected_);
  std::copy_n(bytes.begin(), n, header_.begin() + static_cast<std::ptrdiff_t>(collected_));
  collected_ += n;
  bytes = bytes.subspan(n);
  return collected_ == size;
}

/// All that §5.2 and §5.5 let one see before the length is known.
WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::check_first_two_bytes() {
  const auto first = static_cast<std::uint8_t>(header_[0]);
  const auto second = static_cast<std::uint8_t>(header_[1]);
  frame_ = {};
  frame_.opcode = static_cast<Opcode>(first & kOpcode);
  frame_.final = (first & kFinal) != 0;
  frame_.compressed = (first & kRsv1) != 0;
  frame_.length = second & kLength;
  state_ = State::rest_of_header;

  if ((first & kRsv2And3) != 0) return protocol_error("a reserved bit is set");
  if (frame_.compressed && !inflater_) return protocol_error("compression was not agreed on");
  if (!is_known(frame_.opcode)) return protocol_error("the opcode is reserved");
  if (((second & kMasked) != 0) != (role_ == Role::server)) {
    return protocol_error(role_ == Role::server ? "a client's frame must be masked"
                                                : "a server's frame must not be masked");
  }
  return check_place_of_frame();
}

/// Whether a frame of this kind may come now (§5.4).
WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::check_place_of_frame() const {
  if (is_control(frame_.opcode)) {
    if (frame_.compressed) return protocol_error("a control frame is not compressed");
    if (frame_.final && frame_.length <= kMaxControlPayload) return std::nullopt;
    return protocol_error("a control frame is fragmented or over 125 bytes");
  }
  if (frame_.opcode != Opcode::continuation) {
    if (message_) return protocol_error("the message before is not finished");
    return std::nullopt;
  }
  if (!message_) return protocol_error("there is no message to continue");
  if (frame_.compressed)
    return protocol_error("only a message's first frame says it is compressed");
  return std::nullopt;
}

/// With the whole header there: takes length and mask, and the frame into its message.
WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::begin_payload() {
  const std::span<const char> header(header_.data(), std::exchange(collected_, 0));
  // What stands behind a second byte that announces no mask.
  if (const std::size_t size = frame_header_size(static_cast<char>(frame_.length)) - 2; size != 0) {
    frame_.length = big_endian(header.subspan(2, size));
    if (frame_.length <= (size == 2 ? 125u : 0xFFFFu)) {
      return protocol_error("the length is not in its shortest form");
    }
    if (frame_.length >> 63 != 0) return protocol_error("the length's highest bit is set");
  }
  if (role_ == Role::server) {
    std::memcpy(frame_.mask.emplace().data(), header.last(sizeof(Mask)).data(), sizeof(Mask));
  }
  taken_ = 0;
  state_ = State::payload;
  if (is_control(frame_.opcode)) return std::nullopt;

  if (!message_) message_.emplace().type = frame_.opcode;
  message_->compressed |= frame_.compressed;
  if (++message_->fragments > limits_.fragments) {
    return FrameError{CloseCode::policy_violation, "the message has more fragments than allowed"};
  }
  if (frame_.length > longest_payload() - message_->announced) return too_big();
  message_->announced += frame_.length;
  return std::nullopt;
}

/// What all frames of a message may have together. A compressed message is measured by what it
/// inflates to; but what is twice as long as it may become is refused before it is looked at.
std::uint64_t WebSocketDecoder::Reading::longest_payload() const {
  constexpr std::uint64_t kSlack = 1024;  // for short messages in many small blocks
  const std::uint64_t limit = limits_.message;
  if (!message_->compressed) return limit;
  const std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  return limit > (largest - kSlack) / 2 ? largest : 2 * limit + kSlack;
}

WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::take_payload(std::span<char>& bytes,
                                                                           FrameSink& sink) {
  const std::span<char> piece =
      bytes.first(std::min<std::uint64_t>(bytes.size(), frame_.length - taken_));
  bytes = bytes.subspan(piece.size());
  if (frame_.mask) apply_mask(piece, *frame_.mask, taken_);
  taken_ += piece.size();
  if (frame_is_whole()) state_ = State::first_two_bytes;
  const std::string_view text(piece.data(), piece.size());
  if (is_control(frame_.opcode)) return take_control(text, sink);
  return message_->compressed ? take_compressed(text, sink) : take_data(text, sink);
}

WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::take_control(std::string_view piece,
                                                                           FrameSink& sink) {
  if (frame_is_whole() && control_.empty()) return end_control(piece, sink);
  control_.append(piece);
  if (!frame_is_whole()) return std::nullopt;
  const std::string payload = std::exchange(control_, {});
  return end_control(payload, sink);
}

WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::take_data(std::string_view piece,
                                                                        FrameSink& sink) {
  if (message_->type == Opcode::text && !message_->utf8.feed(piece)) {
    return not_utf8("a text message is not UTF-8");  // §8.1
  }
  if (message_is_whole() && message_->payload.empty()) return end_message(piece, sink);  // no copy
  message_->payload.append(piece);
  return message_is_whole() ? end_message({}, sink) : std::nullopt;
}

WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::take_compressed(
    std::string_view piece, FrameSink& sink) {
  std::string& inflated = message_->payload;
  const std::size_t before = inflated.size();
  auto outcome = inflater_->inflate(piece, limits_.message, inflated);
  if (outcome == Inflater::Outcome::ok && message_is_whole()) {
    outcome = inflater_->end_message(limits_.message, inflated);
  }
  // A bad character in front of what else is wrong counts, as it would if the bytes came one by
  // one.
  if (message_->type == Opcode::text &&
      !message_->utf8.feed(std::string_view(inflated).substr(before))) {
    return not_utf8("a text message is not UTF-8");
  }
  if (outcome == Inflater::Outcome::too_big) return too_big();
  if (outcome == Inflater::Outcome::corrupt) {
    return FrameError{CloseCode::invalid_payload, "a compressed message cannot be inflated"};
  }
  return message_is_whole() ? end_message({}, sink) : std::nullopt;
}

/// `only_piece` is the payload of a message that was never in pieces.
WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::end_message(
    std::string_view only_piece, FrameSink& sink) {
  const IncomingMessage message = std::move(*message_);
  message_.reset();  // an idle connection keeps no buffer
  payload_size_ = message.announced;
  if (message.type == Opcode::text && !message.utf8.complete()) {
    return not_utf8("a text message ends within a character");
  }
  sink.on_message(message.type, message.payload.empty() ? only_piece : message.payload);
  return std::nullopt;
}

WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::end_control(std::string_view payload,
                                                                          FrameSink& sink) {
  if (frame_.opcode == Opcode::close) return end_close(payload, sink);
  if (frame_.opcode == Opcode::ping) {
    sink.on_ping(payload);
  } else {
    sink.on_pong(payload);
  }
  return std::nullopt;
}

WebSocketDecoder::Reading::Problem WebSocketDecoder::Reading::end_close(std::string_view payload,
                                                                        FrameSink& sink) {
  end();
  if (payload.empty()) {
    sink.on_close(CloseCode::no_status, {});
    return std::nullopt;
  }
  if (payload.size() < 2) return protocol_error("a close frame with half a code");
  const std::uint64_t code = big_endian(std::span(payload).first(2));
  if (!may_be_sent(code)) return protocol_error("the close frame's code is not allowed");
  const std::string_view reason = payload.substr(2);
  if (!is_utf8(reason)) return not_utf8("the close frame's reason is not UTF-8");
  sink.on_close(static_cast<CloseCode>(code), reason);
  return std::nullopt;
}

/// Nothing counts any more, and nothing is held for it.
void WebSocketDecoder::Reading::end() {
  state_ = State::ended;
  message_.reset();
  control_ = {};
  inflater_.reset();
}

}  // namespace pushbench::wire
