#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/servers/test_client.h"
#include "wire/http.h"

namespace pushbench::test {

/// The client end of a response in lines: keeps its head and its lines, however they are cut.
class TestLines final : public TestClient, private wire::BodySink {
 public:
  TestLines(net::Loop& loop, const net::Address& server, std::string_view target)
      : TestClient(loop, server),
        parser_(wire::HttpParser::Kind::responses, {1 << 20, 1 << 26}, this) {
    send(get(target));
  }

  bool answered() const { return status == 200 || complete || !problem.empty() || ended(); }

  int status = 0;
  std::string content_type;
  std::string cache_control;
  bool chunked = false;
  bool complete = false;             // the response has ended as it should
  std::vector<std::string> batches;  // the lines that are not empty, without their line ends
  std::string body;                  // as it came
  std::string raw;                   // the first 64 KiB of all that came, head and chunks included
  std::string refusal;               // the body of an answer that is not 200
  std::string problem;               // what was wrong with the server's HTTP

 private:
  void on_received() override {
    const std::string bytes = std::exchange(received_, {});
    if (raw.size() < 64 * 1024) raw += bytes;
    if (complete || !problem.empty()) return;
    const auto fed = parser_.feed(bytes);
    if (!fed) {
      problem = fed.error().what;
    } else if (fed->complete) {
      complete = true;
      refusal = parser_.message().body();
    }
  }
  bool on_head(const wire::HttpMessage& head) override {
    status = head.status();
    content_type = head.header("content-type");
    cache_control = head.header("cache-control");
    chunked = head.header("transfer-encoding") == "chunked";
    return status == 200;
  }
  void on_body(std::string_view piece) override {
    body += piece;
    for (;;) {
      const std::size_t end = piece.find('\n');
      line_ += piece.substr(0, end);
      if (end == std::string_view::npos) return;
      if (!line_.empty()) batches.push_back(std::exchange(line_, {}));
      piece.remove_prefix(end + 1);
    }
  }

  wire::HttpParser parser_;
  std::string line_;  // as far as it has come
};

}  // namespace pushbench::test
