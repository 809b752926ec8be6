#include "tests/servers/test_client.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "wire/handshake.h"

namespace pushbench::test {

namespace {

constexpr wire::HttpLimits kAnything{1 << 20, 1 << 26};
constexpr std::size_t kLargestMessage = 1 << 26;

const std::string& websocket_key() {
  static const std::array<std::uint8_t, 16> nonce{1, 2, 3, 4, 5, 6, 7, 8};
  static const std::string key = wire::encode_websocket_key(nonce);
  return key;
}

}  // namespace

std::string get(std::string_view target, std::string_view more_headers) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", target, more_headers);
}

std::string post(std::string_view target, std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      target, body.size(), body);
}

TestClient::TestClient(net::Loop& loop, const net::Address& server) {
  auto stream = net::Stream::connect(loop, server, *this, traffic_);
  if (!stream) throw std::runtime_error(stream.error().line());
  stream_ = std::move(*stream);
}

void TestClient::on_bytes(std::span<char> bytes) {
  received_.append(bytes.data(), bytes.size());
  on_received();
}

std::optional<wire::HttpMessage> TestClient::response() {
  wire::HttpParser parser(wire::HttpParser::Kind::responses, kAnything);
  const auto fed = parser.feed(received_);
  if (!fed) throw std::runtime_error("not an HTTP response: " + received_);
  if (!fed->complete) return std::nullopt;
  received_.erase(0, fed->consumed);
  return parser.message();
}

TestSocket::TestSocket(net::Loop& loop, const net::Address& server, std::string_view target,
                       std::string_view first_frames)
    : TestClient(loop, server), decoder_(wire::WebSocketDecoder::Role::client, {kLargestMessage}) {
  send(wire::encode_upgrade_request("test", target, websocket_key()).append(first_frames));
}

void TestSocket::on_received() {
  if (!open_) {
    const auto answer = response();
    if (!answer) return;
    const auto agreed = wire::check_upgrade(*answer, websocket_key());
    if (!agreed) problem = agreed.error();
    open_ = agreed.has_value();
  }
  if (!open_) return;
  std::string bytes = std::exchange(received_, {});
  if (const auto error = decoder_.feed(bytes, *this)) problem = error->what;
}

void TestSocket::on_message(wire::Opcode type, std::string_view payload) {
  (type == wire::Opcode::text ? texts : binaries).emplace_back(payload);
}

void TestSocket::on_ping(std::string_view payload) {
  ++pings;
  if (answers_pings) send(frame(wire::Opcode::pong, payload));
}

void Inbox::add(std::string_view json) {
  wire::BatchReader reader;
  if (const auto read = reader.read(json, *this); !read) unreadable = read.error().line();
}

void Inbox::on_message(const wire::Message& message) {
  seqs.push_back(message.seq);
  texts.emplace_back(message.text);
}

std::vector<wire::Seq> seqs_up_to(wire::Seq last, wire::Seq first) {
  std::vector<wire::Seq> seqs;
  for (wire::Seq seq = first; seq <= last; ++seq) seqs.push_back(seq);
  return seqs;
}

}  // namespace pushbench::test
