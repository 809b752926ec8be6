#include "harness/byte_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "net/segments.h"
#include "servers/answer.h"
#include "servers/sse.h"
#include "wire/event_stream.h"
#include "wire/handshake.h"
#include "wire/websocket.h"

namespace pushbench::harness {

namespace {

// Stand-ins for what is drawn or known only when a server runs; all of the usual length.
constexpr std::string_view kHost = "127.0.0.1:40000";
constexpr std::string_view kEpoch = "k3f9";
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::int64_t kUnixMs = 1'764'000'000'000;

std::string room_name(std::uint64_t room) { return fmt::format("room-{}", room + 1); }

std::string cursor(wire::Seq after, bool first) {
  return first ? std::to_string(after) : fmt::format("{}.{}", kEpoch, after);
}

std::size_t digits(std::size_t number) { return std::to_string(number).size(); }

servers::Answers answers() {
  servers::Answers answers;
  answers.set_time(kUnixMs / 1000);
  return answers;
}

std::size_t epoch_line() { return servers::epoch_line(kEpoch).size(); }

/// What a say becomes, as Recorder::draft() makes it, but without its text.
template <class Encode>
std::size_t size_of_said(std::uint64_t user, std::uint64_t say, Encode encode) {
  const std::string from = fmt::format("u{}", user);
  const std::string id = std::to_string(say);
  return encode(wire::Draft{from, "", id});
}

}  // namespace

double bits_per_second(double bytes_an_exchange, double rate, double clients) {
  return bytes_an_exchange * 8 * rate * clients;
}

double packet_headers(double payload, double segment) {
  return static_cast<double>(net::kSegmentHeader) * std::max(1.0, std::ceil(payload / segment));
}

double tls_records(double payload) {
  constexpr double record = 16 * 1024;
  constexpr double around = 22;  // header 5, type 1, tag 16
  return around * std::max(1.0, std::ceil(payload / record));
}

ByteModel::ByteModel(const Scenario& scenario, const clients::RequestHeaders& headers)
    : headers_(headers.for_server(kHost, scenario.tls)),
      close_each_(scenario.clients.close_each),
      hold_s_(net::seconds(scenario.clients.hold)),
      kept_(close_each_ ? servers::kClosed.size() : servers::kKept.size()),
      nothing_new_(answers().nothing_new().head),
      answer_(answers().json(200, "").head - digits(0)) {}

clients::RequestStyle ByteModel::style(std::string_view lines) const {
  return {kHost, lines, close_each_};
}

std::size_t ByteModel::poll(std::uint64_t room, wire::Seq after, bool first) const {
  const std::string target = clients::poll_target(room_name(room), cursor(after, first));
  return clients::get_request(style(headers_.fetch), target).size();
}

std::size_t ByteModel::long_poll(std::uint64_t room, wire::Seq after, bool first) const {
  const std::string target =
      clients::long_poll_target(room_name(room), cursor(after, first), hold_s_);
  return clients::get_request(style(headers_.fetch), target).size();
}

std::size_t ByteModel::empty_answer(bool first) const {
  return nothing_new_ + kept_ + (first ? epoch_line() : 0);
}

std::size_t ByteModel::answer(std::size_t batch, bool first) const {
  return answer_ + digits(batch) + kept_ + batch + (first ? epoch_line() : 0);
}

std::size_t ByteModel::draft(std::uint64_t user, std::uint64_t say, std::size_t text) {
  return text + size_of_said(user, say, [](const wire::Draft& said) {
           return wire::encode_draft(said).size();
         });
}

std::size_t ByteModel::post(std::uint64_t room, std::size_t draft) const {
  const std::string target = clients::messages_target(room_name(room));
  const std::string request = clients::post_request(style(headers_.post), target, "");
  return request.size() - digits(0) + digits(draft) + draft;
}

std::size_t ByteModel::post_answer(wire::Seq seq) const {
  const servers::Answer answer = answers().published({seq, true});
  return answer.whole->size() - servers::kKept.size() + kept_;
}

std::size_t ByteModel::message(std::uint64_t user, std::uint64_t say, std::size_t text,
                               wire::Seq seq) {
  return text + size_of_said(user, say, [seq](const wire::Draft& said) {
           std::string json;
           wire::append_message(json, {seq, said.from, said.text, said.id, kUnixMs});
           return json.size();
         });
}

/// A JSON array: brackets around, commas between.
std::size_t ByteModel::batch(std::size_t messages, std::size_t sum) {
  return 2 + sum + (messages == 0 ? 0 : messages - 1);
}

std::size_t ByteModel::stream_request(std::uint64_t room) const {
  const std::string target = clients::events_target(room_name(room), cursor(0, true));
  return clients::get_request({kHost, headers_.event_stream}, target).size();
}

std::size_t ByteModel::stream_start() {
  const std::size_t line = wire::retry_line(servers::Sse::kRetryMs).size();
  return answers().event_stream().head + epoch_line() + servers::kChunkedLine.size() +
         servers::kKept.size() + wire::chunk_start(line).size() + line + wire::kChunkEnd.size();
}

std::size_t ByteModel::event(std::size_t batch, wire::Seq last) {
  const std::size_t size =
      wire::event_start(cursor(last, false)).size() + batch + wire::kEventEnd.size();
  return wire::chunk_start(size).size() + size + wire::kChunkEnd.size();
}

std::size_t ByteModel::upgrade_request(std::uint64_t room) const {
  const std::string target = clients::socket_target(room_name(room), cursor(0, true));
  return wire::encode_upgrade_request(kHost, target, kKey, {}, {}, headers_.websocket).size();
}

std::size_t ByteModel::upgrade_answer() {
  const std::string request = wire::encode_upgrade_request(kHost, "/", kKey);
  wire::HttpParser parser(wire::HttpParser::Kind::requests, {});
  if (!parser.feed(request)) return 0;  // never: it is the project's own
  return wire::accept_upgrade(parser.message(), {}, servers::epoch_line(kEpoch))->head.size();
}

std::size_t ByteModel::frame(std::size_t payload, bool masked) {
  std::array<char, wire::kMaxFrameHeader> header;
  const std::optional<wire::Mask> mask =
      masked ? std::optional<wire::Mask>(wire::Mask{}) : std::nullopt;
  const wire::FrameHeader text{.opcode = wire::Opcode::text, .length = payload, .mask = mask};
  return wire::encode_frame_header(text, header) + payload;
}

}  // namespace pushbench::harness
