#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/servers/test_client.h"
#include "wire/event_stream.h"
#include "wire/http.h"

namespace pushbench::test {

/// An event stream's client end: keeps its head, its events and their ids.
class TestEvents final : public TestClient, private wire::BodySink, private wire::EventSink {
 public:
  TestEvents(net::Loop& loop, const net::Address& server, std::string_view target,
             std::string_view more_headers = {})
      : TestClient(loop, server),
        parser_(wire::HttpParser::Kind::responses, {1 << 20, 1 << 26}, this) {
    send(get(target, more_headers));
  }

  bool open() const { return status == 200; }

  int status = 0;
  std::string content_type;
  std::string epoch_header;
  bool chunked = false;
  bool complete = false;             // the response has ended as it should
  std::vector<std::string> batches;  // the events' data
  std::vector<std::string> ids;
  std::vector<std::uint64_t> retries;
  std::string body;     // as it came
  std::string problem;  // what was wrong with the server's side of the protocol

 private:
  void on_received() override {
    const std::string bytes = std::exchange(received_, {});
    if (complete) return;
    const auto fed = parser_.feed(bytes);
    if (!fed) {
      problem = fed.error().what;
    } else if (fed->complete) {
      complete = true;
      if (status == 0) status = parser_.message().status();
    }
  }
  bool on_head(const wire::HttpMessage& head) override {
    status = head.status();
    content_type = head.header("content-type");
    epoch_header = head.header("room-epoch");
    chunked = head.header("transfer-encoding") == "chunked";
    return status == 200;
  }
  void on_body(std::string_view piece) override {
    body += piece;
    if (const auto fed = events_.feed(piece, *this); !fed) problem = fed.error().line();
  }
  void on_event(std::string_view type, std::string_view data, std::string_view id) override {
    if (type != "message") problem = "an event of type " + std::string(type);
    batches.emplace_back(data);
    ids.emplace_back(id);
  }
  void on_retry(std::uint64_t ms) override { retries.push_back(ms); }

  wire::HttpParser parser_;
  wire::EventStreamParser events_{std::size_t{1} << 26};
};

}  // namespace pushbench::test
