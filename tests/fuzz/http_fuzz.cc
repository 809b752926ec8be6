// HttpParser, whole and in pieces. Options: A responses, B small limits, D a sink for bodies, H the
// peer ends the stream.

#include <fmt/format.h>

#include "tests/fuzz/fuzz.h"
#include "wire/http.h"
#include "wire/message.h"
#include "wire/target.h"

namespace pushbench::wire {
namespace {

/// Takes every other body.
class Sink final : public BodySink {
 public:
  std::string log;

  bool on_head(const HttpMessage& message) override {
    takes_ = !takes_;
    log += fmt::format("head {} {}\n", message.status(), message.target());
    return takes_;
  }
  void on_body(std::string_view piece) override { log += piece; }

 private:
  bool takes_ = false;
};

void expect_sound(const HttpMessage& message, bool is_request) {
  fuzz::expect(!message.chunked() || !message.body_length(), "a length beside chunks");
  fuzz::expect(message.count("content-length") <= 1, "two lengths");
  fuzz::expect(!message.has_header("content-length") || message.body_length().has_value(),
               "a length that was not read");
  fuzz::expect(!message.has_header("transfer-encoding") || message.chunked(),
               "a transfer coding that was not read");
  if (!is_request) return;
  fuzz::expect(message.count("host") <= 1, "two hosts");
  fuzz::expect(message.has_header("host") || message.http_1_0(), "no host");
  const Target target = split_target(message.target());
  fuzz::expect(
      message.method() == "CONNECT" || message.target() == "*" || target.path.starts_with('/'),
      "a path that is none", message.target());
  if (const auto after = query_value(target.query, "after")) {
    const auto cursor = parse_cursor(*after);
    fuzz::expect(cursor || !cursor.error().what.empty(), "an error that says nothing");
  }
}

std::string summary(const HttpMessage& message) {
  std::string line = fmt::format("{} {} {} keep={} 1.0={} upgrade={} chunked={}", message.method(),
                                 message.target(), message.status(), message.keep_alive(),
                                 message.http_1_0(), message.upgrade(), message.chunked());
  if (message.body_length()) line += fmt::format(" length={}", *message.body_length());
  for (const char* name : {"host", "expect", "x", "connection", "transfer-encoding"}) {
    line += fmt::format(" {}({})={}", name, message.count(name), message.header_list(name));
  }
  return fmt::format("{} [{}]\n", line, message.body());
}

class Reading {
 public:
  explicit Reading(const fuzz::Input& input)
      : input_(input),
        kind_(input.option(0) ? HttpParser::Kind::responses : HttpParser::Kind::requests),
        parser_(kind_, input.option(1) ? HttpLimits{120, 20, 5} : HttpLimits{},
                input.option(2) ? &sink_ : nullptr) {}

  void feed(std::string_view bytes) {
    while (!bytes.empty() && !refused_) {
      const auto fed = parser_.feed(bytes);
      if (!fed) return refuse(fed.error());
      fuzz::expect(fed->consumed <= bytes.size(), "more consumed than was fed");
      fuzz::expect(fed->complete || fed->consumed == bytes.size(), "bytes left, yet no message");
      bytes.remove_prefix(fed->consumed);
      if (fed->complete) take_message();
    }
  }

  std::string finish() {
    if (!refused_) {
      log_ += fmt::format("in message {}, head {}, expects {}\n", parser_.in_message(),
                          parser_.head_complete(), parser_.expects_continue());
    }
    if (!refused_ && input_.option(3)) {
      const auto finished = parser_.finish();
      if (!finished) {
        refuse(finished.error());
      } else if (*finished) {
        take_message();
      }
    }
    return log_ + sink_.log;
  }

 private:
  void take_message() {
    fuzz::expect(parser_.head_complete() && !parser_.in_message(), "complete, and is not");
    expect_sound(parser_.message(), kind_ == HttpParser::Kind::requests);
    log_ += summary(parser_.message());
    sink_.log += '\n';
    parser_.next();
  }

  void refuse(const HttpError& error) {
    fuzz::expect(error.status >= 400 && error.status <= 501 && !error.what.empty(), "no reason");
    log_ += fmt::format("error {}\n", error.status);
    refused_ = true;
  }

  const fuzz::Input& input_;
  HttpParser::Kind kind_;
  Sink sink_;
  HttpParser parser_;
  std::string log_;
  bool refused_ = false;
};

}  // namespace
}  // namespace pushbench::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pushbench;
  const fuzz::Input input(data, size);
  fuzz::expect_same_however_cut(input, [&input](const std::vector<std::string_view>& pieces) {
    wire::Reading reading(input);
    for (const std::string_view piece : pieces) reading.feed(fuzz::Block(piece).view());
    return reading.finish();
  });
  return 0;
}
